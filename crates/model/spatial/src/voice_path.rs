use crate::direct_path::{Bearing, DirectPath};
use crate::direction::turned_towards;
use crate::distance::near_field_ear_gains;
use crate::early_reflections::{EarlyReflections, Ears};
use crate::scene::{Listener, is_place};
use crate::tone::Tone;
use crate::{BLOCK_SAMPLES, Hrtf, OutputMode, Reach, RoomSound, Voice};
use glam::Vec3;

/// How far a direction turns within a block: 900° a second, which is faster than heads. A voice that jumps to another
/// place sweeps there.
const MOST_TURN_RADIANS: f32 = 0.157;
/// Nearer than this a voice has no direction.
const LEAST_DISTANCE_M: f32 = 0.01;
/// Loudest that a sample may say.
const MOST_SAMPLE: f32 = 4.0;
/// Blocks after which a silent voice has left every memory here.
const IDLE_BLOCKS: usize = 10;

/// What all voices of a block share.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    pub(crate) hrtf: &'a Hrtf,
    pub(crate) mode: OutputMode,
    pub(crate) room: &'a RoomSound,
    pub(crate) listener: Listener,
}

/// What a voice turns into: both ears, and what goes into the room's tail.
pub(crate) struct Buses {
    pub(crate) ears: Ears,
    pub(crate) tail: [f32; BLOCK_SAMPLES],
}

/// The way of one voice to the ears, with what it remembers from block to block.
#[derive(Clone, Debug)]
pub(crate) struct VoicePath {
    speaker: Option<u32>,
    place: Option<Vec3>,
    facing: Vec3,
    reach: Reach,
    /// In head space, on its way to where the voice is.
    direction: Vec3,
    tone: Tone,
    direct: DirectPath,
    reflections: EarlyReflections,
    silent_blocks: usize,
}

impl VoicePath {
    pub(crate) fn new() -> Self {
        Self {
            speaker: None,
            place: None,
            facing: Vec3::ZERO,
            reach: Reach::Near,
            direction: Vec3::NEG_Z,
            tone: Tone::new(),
            direct: DirectPath::new(),
            reflections: EarlyReflections::new(),
            silent_blocks: IDLE_BLOCKS,
        }
    }

    /// Adds a block of the voice; without one, what is left of it.
    pub(crate) fn add(&mut self, voice: Option<&Voice<'_>>, around: Surroundings<'_>, buses: &mut Buses) {
        if let Some(voice) = voice {
            self.place = if is_place(voice.position) { Some(voice.position) } else { self.place };
            self.facing = if voice.facing.is_finite() { voice.facing } else { self.facing };
            self.reach = voice.reach;
        }
        let samples = clean(voice.map_or(&[], |voice| voice.samples));
        let was_idle = self.silent_blocks >= IDLE_BLOCKS;
        let is_silent = samples.iter().all(|sample| *sample == 0.0);
        self.silent_blocks = if is_silent { (self.silent_blocks + 1).min(IDLE_BLOCKS) } else { 0 };
        match self.place {
            Some(place) if self.silent_blocks < IDLE_BLOCKS => {
                let speaker = voice.map_or(self.speaker, |voice| Some(voice.speaker));
                let is_new = was_idle || speaker != self.speaker;
                self.speaker = speaker;
                self.add_heard(&samples, voice, place, is_new, around, buses);
            }
            _ if was_idle => {}
            _ => {
                self.direct.clear();
                self.reflections.clear();
                self.tone.clear();
            }
        }
    }

    fn add_heard(
        &mut self,
        samples: &[f32; BLOCK_SAMPLES],
        voice: Option<&Voice<'_>>,
        place: Vec3,
        is_new: bool,
        around: Surroundings<'_>,
        buses: &mut Buses,
    ) {
        let way = place - around.listener.position;
        let distance_m = way.length();
        self.turn(way, is_new, around.listener);
        if let Some(voice) = voice {
            let to_listener = (-way).normalize_or(self.facing);
            self.tone.aim(voice, self.facing, distance_m, to_listener, around.room);
        }
        let scene = (around.room, around.mode, place, around.listener);
        if is_new {
            self.tone.jump();
            self.reflections.jump(scene);
        }
        let (direct, reflected) = self.tone.run(samples);
        let ear_gains = match self.reach {
            Reach::Near => near_field_ear_gains(self.direction, distance_m),
            Reach::Everyone => [1.0; 2],
        };
        let bearing = Bearing { direction: self.direction, ear_gains, mode: around.mode };
        self.direct.add(&direct, bearing, around.hrtf, &mut buses.ears);
        self.reflections.add(&reflected, scene, &mut buses.ears);
        buses.tail.iter_mut().zip(&reflected).for_each(|(sum, sample)| *sum += sample);
    }

    /// Turns the direction towards `way` in room space, or takes it at once.
    fn turn(&mut self, way: Vec3, at_once: bool, listener: Listener) {
        if way.length() < LEAST_DISTANCE_M {
            return;
        }
        let target = listener.into_head(way).normalize_or(self.direction);
        self.direction = if at_once { target } else { turned_towards(self.direction, target, MOST_TURN_RADIANS) };
    }
}

/// A block of samples that are all finite and not absurdly loud.
fn clean(samples: &[f32]) -> [f32; BLOCK_SAMPLES] {
    let mut block = [0.0; BLOCK_SAMPLES];
    for (clean, sample) in block.iter_mut().zip(samples) {
        *clean = if sample.is_finite() { sample.clamp(-MOST_SAMPLE, MOST_SAMPLE) } else { 0.0 };
    }
    block
}
