use crate::config::Voice;
use crate::wav::read_speech;
use anyhow::{Result, ensure};
use atrium_voice::SAMPLE_RATE_HZ;
use std::f32::consts::TAU;
use std::sync::Arc;

/// Amplitude of a tone: as loud as a person who speaks up.
const TONE_AMPLITUDE: f32 = 0.3;

/// What bots say, read once for all of them.
#[derive(Clone, Debug)]
pub(crate) enum SoundLibrary {
    Silence,
    Tone { hz: f32 },
    Speech(Arc<[f32]>),
}

impl SoundLibrary {
    pub(crate) fn open(voice: &Voice) -> Result<Self> {
        Ok(match voice {
            Voice::Silent => Self::Silence,
            Voice::Tone { hz } => {
                ensure!((20.0..=20_000.0).contains(hz), "a tone has 20 to 20000 Hz");
                Self::Tone { hz: *hz }
            }
            Voice::File(path) => Self::Speech(read_speech(path)?.into()),
        })
    }

    /// The sound of one bot of several; `None` for a silent one.
    pub(crate) fn source(&self, index: usize, count: usize) -> Option<SoundSource> {
        match self {
            Self::Silence => None,
            Self::Tone { hz } => Some(SoundSource::Tone { hz: *hz, turns: 0.0 }),
            Self::Speech(speech) => {
                Some(SoundSource::Speech { speech: Arc::clone(speech), at: speech.len() * index / count.max(1) })
            }
        }
    }
}

/// An endless sound at 48 kHz.
#[derive(Clone, Debug)]
pub(crate) enum SoundSource {
    Tone { hz: f32, turns: f32 },
    Speech { speech: Arc<[f32]>, at: usize },
}

impl SoundSource {
    pub(crate) fn is_speech(&self) -> bool {
        matches!(self, Self::Speech { .. })
    }

    pub(crate) fn fill(&mut self, samples: &mut [f32]) {
        for sample in samples {
            *sample = self.next();
        }
    }

    fn next(&mut self) -> f32 {
        match self {
            Self::Tone { hz, turns } => {
                *turns = (*turns + *hz / SAMPLE_RATE_HZ as f32).fract();
                TONE_AMPLITUDE * (*turns * TAU).sin()
            }
            Self::Speech { speech, at } => {
                let sample = speech.get(*at).copied().unwrap_or_default();
                *at = if *at + 1 < speech.len() { *at + 1 } else { 0 };
                sample
            }
        }
    }
}
