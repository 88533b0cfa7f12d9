use crate::air::air_loss_db_per_m;
use crate::directivity::{directivity, shelf_pole};
use crate::distance::{distance_gain, near_field_bass};
use crate::glide::Glide;
use crate::one_pole::{OnePole, TREBLE_HZ, pole_for_cutoff, pole_for_loss};
use crate::{BLOCK_SAMPLES, Reach, RoomSound, Voice};
use glam::Vec3;

/// What a wall in between takes from everything, and besides from 8 kHz.
const WALL_LOSS_DB: f32 = 12.0;
const WALL_TREBLE_LOSS_DB: f32 = 24.0;
/// Treble that surfaces of a room take from a reflection.
const SURFACE_TREBLE_LOSS_DB: f32 = 4.0;
/// Below, a near voice is louder.
const BASS_HZ: f32 = 250.0;
/// Numbers that glide; the last one is there to make them eight, which is quick.
const PARAMETERS: usize = 8;
/// Loudest that a gain may say.
const MOST_GAIN: f32 = 4.0;

/// Level and colour of a voice before it has a direction.
#[derive(Clone, Debug)]
pub(crate) struct Tone {
    targets: [f32; PARAMETERS],
    glide: Glide<PARAMETERS>,
    walls: OnePole,
    air: OnePole,
    shelf: OnePole,
    bass: OnePole,
    surfaces: OnePole,
    shelf_pole: f32,
    bass_pole: f32,
    surface_pole: f32,
    air_loss_db_per_m: f32,
}

impl Tone {
    pub(crate) fn new() -> Self {
        Self {
            targets: [0.0; PARAMETERS],
            glide: Glide::new(),
            walls: OnePole::default(),
            air: OnePole::default(),
            shelf: OnePole::default(),
            bass: OnePole::default(),
            surfaces: OnePole::default(),
            shelf_pole: shelf_pole(),
            bass_pole: pole_for_cutoff(BASS_HZ),
            surface_pole: pole_for_loss(SURFACE_TREBLE_LOSS_DB, TREBLE_HZ),
            air_loss_db_per_m: air_loss_db_per_m(TREBLE_HZ),
        }
    }

    /// Sets what level and colour should become.
    pub(crate) fn aim(
        &mut self,
        voice: &Voice<'_>,
        facing: Vec3,
        distance_m: f32,
        to_listener: Vec3,
        room: &RoomSound,
    ) {
        let gain = if voice.gain.is_finite() { voice.gain.clamp(0.0, MOST_GAIN) } else { 0.0 };
        self.targets = match voice.reach {
            Reach::Everyone => [gain, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0],
            Reach::Near => {
                let occlusion = if voice.occlusion.is_finite() { voice.occlusion.clamp(0.0, 1.0) } else { 0.0 };
                let facing = directivity(facing, to_listener);
                let air_db = if room.air_absorption { self.air_loss_db_per_m * distance_m } else { 0.0 };
                [
                    gain * 10f32.powf(-WALL_LOSS_DB * occlusion / 20.0),
                    pole_for_loss(WALL_TREBLE_LOSS_DB * occlusion, TREBLE_HZ),
                    distance_gain(distance_m, room.speech_distance_m) * facing.gain,
                    pole_for_loss(air_db, TREBLE_HZ),
                    facing.high_gain,
                    near_field_bass(distance_m),
                    1.0,
                    0.0,
                ]
            }
        };
    }

    /// Forgets the past.
    pub(crate) fn clear(&mut self) {
        [self.walls, self.air, self.shelf, self.bass, self.surfaces] = [OnePole::default(); 5];
    }

    /// Takes level and colour at once.
    pub(crate) fn jump(&mut self) {
        self.glide.jump(&self.targets);
    }

    /// The voice as it goes straight to the ears, and as it goes to the room.
    pub(crate) fn run(&mut self, samples: &[f32; BLOCK_SAMPLES]) -> ([f32; BLOCK_SAMPLES], [f32; BLOCK_SAMPLES]) {
        let (mut direct, mut reflected) = ([0.0; BLOCK_SAMPLES], [0.0; BLOCK_SAMPLES]);
        for (n, sample) in samples.iter().enumerate() {
            let [gain, wall_pole, distance_gain, air_pole, high_gain, bass_gain, room_gain, _] =
                *self.glide.next(&self.targets);
            let sent = self.walls.next(sample * gain, wall_pole);
            reflected[n] = self.surfaces.next(sent * room_gain, self.surface_pole);
            let aired = self.air.next(sent * distance_gain, air_pole);
            let low = self.shelf.next(aired, self.shelf_pole);
            let faced = low + high_gain * (aired - low);
            direct[n] = faced + bass_gain * self.bass.next(faced, self.bass_pole);
        }
        self.glide.settle(&self.targets);
        for filter in [&mut self.walls, &mut self.air, &mut self.shelf, &mut self.bass, &mut self.surfaces] {
            filter.settle();
        }
        (direct, reflected)
    }
}
