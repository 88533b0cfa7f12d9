use super::core::SoundCore;
use super::{SoundEvent, SpokenPacket};
use crate::DeviceSide;
use crate::block::{BLOCK, BLOCK_SAMPLES, MADE_AHEAD, StereoBlock};
use crate::device::{Microphone, News, Speaker};
use atrium_protocol::Micros;
use std::time::Duration;

/// Blocks that are made at once for a device that takes a lot at a time; more are made with the next look.
const BLOCKS_AT_ONCE: usize = 32;
/// Blocks of a file or cable that are left out after a standstill.
const SKIPPED_MOST: usize = 1_000;
/// Late blocks of the microphone that are taken with one of the speaker.
const CAUGHT_UP: usize = 3;

/// The engine at its devices. The speaker is its clock: whenever it has room for a block the microphone gives one, and a
/// little later the speaker gets one. What arrives in between is heard a block sooner.
pub(crate) struct Desk {
    pub(crate) core: SoundCore,
    microphone: Microphone,
    speaker: Speaker,
    /// Devices that are new, until their first sample.
    new_microphone: Option<Named>,
    new_speaker: Option<Named>,
    due: Option<Due>,
    events: Vec<SoundEvent>,
}

/// Blocks that the speaker has room for, and when they are made.
#[derive(Clone, Copy)]
struct Due {
    blocks: usize,
    at: Micros,
}

struct Named {
    name: String,
    is_recovery: bool,
}

impl Desk {
    /// Without devices, it runs with the clock on the wall.
    pub(crate) fn new(core: SoundCore) -> Self {
        Self {
            core,
            microphone: Microphone::Null,
            speaker: Speaker::null(),
            new_microphone: None,
            new_speaker: None,
            due: None,
            events: Vec::new(),
        }
    }

    pub(crate) fn change_microphone(&mut self, news: News<Microphone>) {
        self.microphone = match news {
            News::Ready { end, name, had_fault } => {
                self.new_microphone = Some(Named { name, is_recovery: had_fault });
                end
            }
            News::Lost(fault) => {
                self.events.push(SoundEvent::DeviceProblem { side: DeviceSide::Microphone, fault });
                Microphone::Null
            }
        };
    }

    pub(crate) fn change_speaker(&mut self, news: News<Speaker>) {
        self.speaker = match news {
            News::Ready { end, name, had_fault } => {
                self.new_speaker = Some(Named { name, is_recovery: had_fault });
                end
            }
            News::Lost(fault) => {
                self.events.push(SoundEvent::DeviceProblem { side: DeviceSide::Speaker, fault });
                Speaker::null()
            }
        };
    }

    /// Does what is due; `send` gets the packets at once.
    pub(crate) fn tick(&mut self, now: Micros, send: &mut impl FnMut(SpokenPacket)) {
        if self.due.is_none() {
            self.due = self.begin_blocks(now, send);
        }
        if let Some(due) = self.due.take_if(|due| now >= due.at) {
            (0..due.blocks).for_each(|_| self.make_block(now));
        }
        let microphone_fault = self.microphone.take_fault().map(|fault| (DeviceSide::Microphone, fault));
        let speaker_fault = self.speaker.take_fault().map(|fault| (DeviceSide::Speaker, fault));
        let faults = microphone_fault.into_iter().chain(speaker_fault);
        self.events.extend(faults.map(|(side, fault)| SoundEvent::DeviceProblem { side, fault }));
    }

    /// How long until there is something to do.
    pub(crate) fn wait(&self, now: Micros) -> Duration {
        self.due.map_or_else(|| self.speaker.wait(now), |due| due.at.since(now))
    }

    /// What happened since the last call.
    pub(crate) fn drain_events(&mut self) -> impl Iterator<Item = SoundEvent> {
        let core = std::iter::from_fn(|| self.core.next_event());
        self.events.drain(..).chain(core)
    }

    /// Looks what the speaker has room for, and takes as much from the microphone.
    fn begin_blocks(&mut self, now: Micros, send: &mut impl FnMut(SpokenPacket)) -> Option<Due> {
        let demand = self.speaker.demand(now);
        self.announce(DeviceSide::Speaker, now);
        if !matches!(self.microphone, Microphone::Ring(_)) {
            let mut unheard = [0.0; BLOCK_SAMPLES];
            (0..demand.skipped.min(SKIPPED_MOST)).for_each(|_| _ = self.microphone.read(now, &mut unheard));
        }
        let blocks = demand.blocks.min(BLOCKS_AT_ONCE);
        for _ in 0..blocks {
            self.capture(now);
            while let Some(packet) = self.core.next_packet() {
                send(packet);
            }
        }
        let is_late = blocks > 1 || demand.skipped > 0;
        let hold_back = if is_late { Duration::ZERO } else { BLOCK - MADE_AHEAD };
        (blocks > 0).then_some(Due { blocks, at: now + hold_back })
    }

    fn make_block(&mut self, now: Micros) {
        let mut output: StereoBlock = [[0.0; 2]; BLOCK_SAMPLES];
        self.core.render(now, self.speaker.latency(now), &mut output);
        self.speaker.write(&output);
    }

    fn capture(&mut self, now: Micros) {
        let mut block = [0.0; BLOCK_SAMPLES];
        for _ in 0..CAUGHT_UP {
            let began = now - self.microphone.age();
            if !self.microphone.read(now, &mut block) {
                return;
            }
            self.announce(DeviceSide::Microphone, began);
            self.core.capture(now, began, &mut block);
            if !self.microphone.is_behind() {
                return;
            }
        }
    }

    fn announce(&mut self, side: DeviceSide, since: Micros) {
        let new = match side {
            DeviceSide::Microphone => self.new_microphone.take(),
            DeviceSide::Speaker => self.new_speaker.take(),
        };
        self.events.extend(new.map(|Named { name, is_recovery }| SoundEvent::DeviceReady {
            side,
            name,
            since,
            is_recovery,
        }));
    }
}
