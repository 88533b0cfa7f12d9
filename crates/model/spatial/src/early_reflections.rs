use crate::head_model::coarse_ears;
use crate::scene::Listener;
use crate::{BLOCK_SAMPLES, OutputMode, RoomSound, SAMPLE_RATE_HZ, SPEED_OF_SOUND};
use glam::Vec3;

/// Later reflections belong to the tail.
const MOST_DELAY_SAMPLES: usize = 2_880;
const SURFACES: usize = 6;

/// Both ears for a block.
pub(crate) type Ears = [[f32; BLOCK_SAMPLES]; 2];

/// The room, for what the output is, where the voice is, who hears it.
type Scene<'a> = (&'a RoomSound, OutputMode, Vec3, Listener);

/// What the six surfaces of the room's box send back of one voice: mirrored voices (image sources of first order).
///
/// Delays are whole samples and cross-faded when they change. They count from when the direct sound arrives.
#[derive(Clone, Debug)]
pub(crate) struct EarlyReflections {
    history: Box<[f32; MOST_DELAY_SAMPLES + BLOCK_SAMPLES]>,
    echoes: [[Echo; SURFACES]; 2],
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Echo {
    delay: usize,
    gain: f32,
}

impl EarlyReflections {
    pub(crate) fn new() -> Self {
        Self { history: Box::new([0.0; MOST_DELAY_SAMPLES + BLOCK_SAMPLES]), echoes: Default::default() }
    }

    pub(crate) fn clear(&mut self) {
        self.history.fill(0.0);
    }

    /// Takes the places that hold now, without a fade.
    pub(crate) fn jump(&mut self, scene: Scene<'_>) {
        self.echoes = echoes(scene);
    }

    /// Adds the reflections of the block `samples`.
    pub(crate) fn add(&mut self, samples: &[f32; BLOCK_SAMPLES], scene: Scene<'_>, output: &mut Ears) {
        self.history.copy_within(BLOCK_SAMPLES.., 0);
        self.history[MOST_DELAY_SAMPLES..].copy_from_slice(samples);
        let target = echoes(scene);
        for ((output, echoes), target) in output.iter_mut().zip(&self.echoes).zip(&target) {
            for (from, to) in echoes.iter().zip(target) {
                if from.delay == to.delay {
                    self.add_echo(from.delay, (from.gain, to.gain), output);
                } else {
                    self.add_echo(from.delay, (from.gain, 0.0), output);
                    self.add_echo(to.delay, (0.0, to.gain), output);
                }
            }
        }
        self.echoes = target;
    }

    /// Adds the history as it was `delay` samples ago, with a gain that goes evenly from one to the other.
    fn add_echo(&self, delay: usize, (gain_from, gain_to): (f32, f32), output: &mut [f32; BLOCK_SAMPLES]) {
        if gain_from == 0.0 && gain_to == 0.0 {
            return;
        }
        let step = (gain_to - gain_from) / BLOCK_SAMPLES as f32;
        let samples = &self.history[MOST_DELAY_SAMPLES - delay..][..BLOCK_SAMPLES];
        for (n, (output, sample)) in output.iter_mut().zip(samples).enumerate() {
            *output += sample * (gain_from + step * n as f32);
        }
    }
}

/// Echoes of both ears. The gain follows the same law of distance as the direct sound.
fn echoes((room, mode, voice, listener): Scene<'_>) -> [[Echo; SURFACES]; 2] {
    let mut echoes = [[Echo::default(); SURFACES]; 2];
    if room.reflection == 0.0 {
        return echoes;
    }
    // Whoever is outside of the box hears it as from its edge.
    let (voice, ears_at) = (voice.clamp(room.min, room.max), listener.position.clamp(room.min, room.max));
    let direct_m = voice.distance(ears_at);
    let planes = (0..3).flat_map(|axis| [(axis, room.min[axis]), (axis, room.max[axis])]);
    for (surface, (axis, plane)) in planes.enumerate() {
        let mut image = voice;
        image[axis] = 2.0 * plane - voice[axis];
        let way = image - ears_at;
        let way_m = way.length();
        let later_samples = (way_m - direct_m).max(0.0) / SPEED_OF_SOUND * SAMPLE_RATE_HZ as f32;
        let gain = room.reflection * room.speech_distance_m / way_m.max(room.speech_distance_m);
        let direction = listener.into_head(way.normalize_or(Vec3::NEG_Y));
        for (ear, coarse) in coarse_ears(direction, mode).iter().enumerate() {
            let delay = (later_samples + coarse.delay_samples).round() as usize;
            if delay <= MOST_DELAY_SAMPLES {
                echoes[ear][surface] = Echo { delay, gain: gain * coarse.gain };
            }
        }
    }
    echoes
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: RoomSound = RoomSound {
        min: Vec3::new(-4.0, 0.0, -3.0),
        max: Vec3::new(4.0, 3.0, 3.0),
        reverb_secs: 0.5,
        reflection: 0.5,
        speech_distance_m: 1.0,
        air_absorption: true,
    };

    #[test]
    fn walls_send_back_where_and_when_they_should() {
        let listener = Listener { position: Vec3::new(0.0, 1.5, 0.0), ..Listener::default() };
        let [left, right] = echoes((&ROOM, OutputMode::Headphones, Vec3::new(-2.0, 1.5, 0.0), listener));
        // By the left wall: image at x = −6, so 4 m more than the direct way of 2 m.
        let expected = (4.0 / SPEED_OF_SOUND * 48_000.0) as usize;
        assert!(left[0].delay.abs_diff(expected) <= 1, "{}", left[0].delay);
        assert!((left[0].gain - 0.5 / 6.0 * 1.5f32.sqrt()).abs() < 1e-4);
        assert!(right[0].delay > left[0].delay && right[0].gain < left[0].gain);
        // By the right wall: image at x = 10, on the right.
        assert!(right[1].gain > left[1].gain);
    }

    #[test]
    fn walls_that_swallow_all_send_nothing_back() {
        let dead = RoomSound { reflection: 0.0, ..ROOM };
        let none = echoes((&dead, OutputMode::Headphones, Vec3::ONE, Listener::default()));
        assert_eq!(none, <[[Echo; SURFACES]; 2]>::default());
    }
}
