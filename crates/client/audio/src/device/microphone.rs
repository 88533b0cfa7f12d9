use super::{Cable, DeviceFault, FileMicrophone, RingMicrophone};
use crate::block::{BLOCK, MonoBlock};
use atrium_protocol::Micros;
use std::time::Duration;

/// A microphone as the engine has it.
#[derive(Debug)]
pub(crate) enum Microphone {
    /// None, or one that hears nothing.
    Null,
    /// A device.
    Ring(Box<RingMicrophone>),
    /// A file.
    File(Box<FileMicrophone>),
    /// What a speaker of this program plays.
    Cable(Cable),
}

impl Microphone {
    /// Gives the 10 ms that ended at `now`, if there are any yet. Whatever is no device runs with the engine's
    /// clock: it gives a block each time.
    pub(crate) fn read(&mut self, now: Micros, block: &mut MonoBlock) -> bool {
        match self {
            Self::Null => return false,
            Self::Ring(ring) => return ring.read(now, block),
            Self::File(file) => file.next_block(block),
            Self::Cable(cable) => cable.hear(block),
        }
        true
    }

    /// Whether one more block should be read at once.
    pub(crate) fn is_behind(&self) -> bool {
        matches!(self, Self::Ring(ring) if ring.is_behind())
    }

    /// How long ago the sound that is read next began.
    pub(crate) fn age(&self) -> Duration {
        match self {
            Self::Ring(ring) => ring.age(),
            _ => BLOCK,
        }
    }

    pub(crate) fn take_fault(&mut self) -> Option<DeviceFault> {
        match self {
            Self::Ring(ring) => ring.take_fault(),
            _ => None,
        }
    }
}
