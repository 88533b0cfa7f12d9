use super::wall_clock::Periods;
use super::{Cable, DeviceFault, FileSpeaker, RingSpeaker};
use crate::block::{BLOCK_SAMPLES, StereoBlock};
use atrium_protocol::Micros;
use std::time::Duration;

/// What a speaker asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Demand {
    /// Blocks that it has room for.
    pub(crate) blocks: usize,
    /// Blocks that it did without since the last time: the program stood still.
    pub(crate) skipped: usize,
}

/// A speaker as the engine has it, and the engine's clock.
#[derive(Debug)]
pub(crate) enum Speaker {
    /// A device.
    Ring(Box<RingSpeaker>),
    /// Whatever runs with the clock on the wall.
    Paced(Box<PacedSpeaker>),
}

impl Speaker {
    /// A speaker that nobody hears.
    pub(crate) fn null() -> Self {
        Self::paced(Sink::Null)
    }

    pub(crate) fn paced(sink: Sink) -> Self {
        Self::Paced(Box::new(PacedSpeaker::new(sink)))
    }

    pub(crate) fn demand(&mut self, now: Micros) -> Demand {
        match self {
            Self::Ring(ring) => Demand { blocks: ring.blocks_wanted(now), skipped: 0 },
            Self::Paced(paced) => paced.demand(now),
        }
    }

    pub(crate) fn write(&mut self, block: &StereoBlock) {
        match self {
            Self::Ring(ring) => ring.write(block),
            Self::Paced(paced) => paced.write(block),
        }
    }

    /// How long until it may want something.
    pub(crate) fn wait(&self, now: Micros) -> Duration {
        match self {
            Self::Ring(ring) => ring.wait(),
            Self::Paced(paced) => paced.periods.wait(now),
        }
    }

    /// How long a block that is written now waits until the device plays it.
    pub(crate) fn latency(&self, now: Micros) -> Duration {
        match self {
            Self::Ring(ring) => ring.latency(),
            Self::Paced(paced) => paced.periods.wait(now),
        }
    }

    pub(crate) fn take_fault(&mut self) -> Option<DeviceFault> {
        match self {
            Self::Ring(ring) => ring.take_fault(),
            Self::Paced(paced) => match &mut paced.sink {
                Sink::File(file) => file.take_fault(),
                _ => None,
            },
        }
    }
}

/// Where a paced speaker plays.
#[derive(Debug)]
pub(crate) enum Sink {
    /// Nowhere.
    Null,
    /// Into a file.
    File(Box<FileSpeaker>),
    /// Into a microphone of this program.
    Cable(Cable),
}

/// Plays a block every 10 ms, and has room for one more: a buffer of two periods. A block is in the sink when it was
/// played, with silence where the engine was late: what was played at a time stands at that time.
#[derive(Debug)]
pub(crate) struct PacedSpeaker {
    periods: Periods,
    sink: Sink,
    playing: StereoBlock,
    next: StereoBlock,
}

impl PacedSpeaker {
    fn new(sink: Sink) -> Self {
        let silence = [[0.0; 2]; BLOCK_SAMPLES];
        Self { periods: Periods::default(), sink, playing: silence, next: silence }
    }

    fn demand(&mut self, now: Micros) -> Demand {
        let elapsed = self.periods.elapsed(now);
        for _ in 0..elapsed {
            match &mut self.sink {
                Sink::Null => {}
                Sink::File(file) => file.write(&self.playing),
                Sink::Cable(cable) => cable.play(&self.playing),
            }
            self.playing = std::mem::replace(&mut self.next, [[0.0; 2]; BLOCK_SAMPLES]);
        }
        Demand { blocks: usize::from(elapsed > 0), skipped: (elapsed.max(1) - 1) as usize }
    }

    fn write(&mut self, block: &StereoBlock) {
        self.next = *block;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paced(speaker: &mut Speaker, times_ms: &[u64]) -> (Vec<usize>, usize) {
        let mut skipped = 0;
        let blocks = times_ms.iter().map(|ms| {
            let demand = speaker.demand(Micros::from_millis(*ms));
            skipped += demand.skipped;
            (0..demand.blocks).for_each(|_| speaker.write(&[[*ms as f32 / 1_000.0; 2]; BLOCK_SAMPLES]));
            demand.blocks
        });
        (blocks.collect(), skipped)
    }

    #[test]
    fn a_block_is_played_one_period_after_it_was_asked_for() {
        let cable = Cable::new();
        let mut speaker = Speaker::paced(Sink::Cable(cable.clone()));
        let (blocks, skipped) = paced(&mut speaker, &[0, 3, 10, 14, 20, 31, 40]);
        assert_eq!((blocks, skipped), (vec![0, 0, 1, 0, 1, 1, 1], 0));
        let mut heard = [0.0; BLOCK_SAMPLES];
        for expected in [0.0, 0.0, 0.010, 0.020] {
            cable.hear(&mut heard);
            assert_eq!(heard[0], expected);
        }
        cable.hear(&mut heard);
        assert_eq!(heard[0], 0.0, "what was asked for last is not played yet");
    }

    #[test]
    fn a_block_is_played_once() {
        let cable = Cable::new();
        let mut speaker = Speaker::paced(Sink::Cable(cable.clone()));
        speaker.demand(Micros::from_millis(0));
        speaker.demand(Micros::from_millis(10));
        speaker.write(&[[0.5; 2]; BLOCK_SAMPLES]);
        // The engine is late for all that follows.
        (2..6).for_each(|period| _ = speaker.demand(Micros::from_millis(10 * period)));
        let mut heard = [0.0; BLOCK_SAMPLES];
        let firsts: Vec<f32> = (0..4)
            .map(|_| {
                cable.hear(&mut heard);
                heard[0]
            })
            .collect();
        assert_eq!(firsts, [0.0, 0.5, 0.0, 0.0], "of five periods the cable holds four");
    }

    #[test]
    fn a_standstill_is_silence_of_the_same_length() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("heard.wav");
        let mut speaker = Speaker::paced(Sink::File(Box::new(FileSpeaker::create(&path).unwrap())));
        let (_, skipped) = paced(&mut speaker, &[0, 10, 20, 350, 360, 370]);
        assert_eq!(skipped, 32);
        drop(speaker);
        assert_eq!(hound::WavReader::open(&path).unwrap().duration(), 37 * 480);
    }
}
