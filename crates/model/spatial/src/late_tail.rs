use crate::early_reflections::Ears;
use crate::one_pole::OnePole;
use crate::{BLOCK_SAMPLES, RoomSound, SAMPLE_RATE_HZ, SPEED_OF_SOUND};

const LINES: usize = 16;
const LONGEST_SAMPLES: usize = 4_096;
const SHORTEST_SAMPLES: usize = 131;
/// Shortest and longest line, as parts of the room's mean free path.
const SPREAD: (f32, f32) = (0.6, 1.9);
/// How much faster the highest frequencies decay: cloth and air take them.
const TREBLE_DECAY: f32 = 0.3;
/// Decay after which nothing is left to hear.
const SILENT_DB: f32 = 120.0;

/// The late part of a room's answer, one for all voices: a feedback delay network (Jot and Chaigne, 1991).
///
/// Lines are about as long as sound travels between two walls; a Hadamard matrix mixes them without loss, so that decay
/// is only what each line's low-pass takes. Its level is that of a diffuse field by Sabine's law, at the distance where
/// speech has its full level, times the share that the walls send back.
#[derive(Clone, Debug)]
pub(crate) struct LateTail {
    lines: Vec<[f32; LONGEST_SAMPLES]>,
    lengths: [usize; LINES],
    at: [usize; LINES],
    gains: [f32; LINES],
    poles: [f32; LINES],
    low_passes: [OnePole; LINES],
    output_gain: f32,
    ringing_samples: usize,
    ringing_left: usize,
}

impl LateTail {
    pub(crate) fn new(room: &RoomSound) -> Self {
        let mut tail = Self {
            lines: vec![[0.0; LONGEST_SAMPLES]; LINES],
            lengths: [SHORTEST_SAMPLES; LINES],
            at: [0; LINES],
            gains: [0.0; LINES],
            poles: [0.0; LINES],
            low_passes: [OnePole::default(); LINES],
            output_gain: 0.0,
            ringing_samples: 0,
            ringing_left: 0,
        };
        tail.set_room(room);
        tail
    }

    /// Another room: what still rings is dropped.
    pub(crate) fn set_room(&mut self, room: &RoomSound) {
        self.clear();
        let rate_hz = SAMPLE_RATE_HZ as f32;
        let size = room.max - room.min;
        let volume_m3 = size.element_product();
        let surface_m2 = 2.0 * (size.x * size.y + size.y * size.z + size.z * size.x);
        self.lengths = lengths(4.0 * volume_m3 / surface_m2 / SPEED_OF_SOUND * rate_hz);
        let reverb_secs = room.reverb_secs.max(0.01);
        for line in 0..LINES {
            let secs = self.lengths[line] as f32 / rate_hz;
            let low = 10f32.powf(-3.0 * secs / reverb_secs);
            let high = 10f32.powf(-3.0 * secs / (reverb_secs * TREBLE_DECAY));
            self.gains[line] = low;
            self.poles[line] = (low - high) / (low + high);
        }
        // Power of the output for noise of power 1: on each round a line's share of the energy is lost.
        let kept = self.gains.iter().map(|gain| gain * gain).sum::<f32>() / LINES as f32;
        let power = kept / (1.0 - kept) / LINES as f32;
        // Where a voice is as loud as the diffuse field (Kuttruff, Room Acoustics): 0.057 √(V / T).
        let critical_m = 0.057 * (volume_m3 / reverb_secs).sqrt();
        let level = room.reflection * (room.speech_distance_m / critical_m).min(1.0);
        self.output_gain = if room.reverb_secs < 0.05 { 0.0 } else { level / power.sqrt() };
        self.ringing_samples = (reverb_secs * SILENT_DB / 60.0 * rate_hz) as usize + LONGEST_SAMPLES;
    }

    fn clear(&mut self) {
        self.lines.iter_mut().for_each(|line| line.fill(0.0));
        self.low_passes = [OnePole::default(); LINES];
        self.ringing_left = 0;
    }

    /// Adds the tail of the block `input` to both ears, or the same to both if `alike`.
    pub(crate) fn add(&mut self, input: &[f32; BLOCK_SAMPLES], alike: bool, output: &mut Ears) {
        if input.iter().any(|sample| *sample != 0.0) && self.output_gain > 0.0 {
            self.ringing_left = self.ringing_samples;
        }
        if self.ringing_left == 0 {
            return;
        }
        let [left, right] = output;
        for ((sample, left), right) in input.iter().zip(left).zip(right) {
            let wet = self.next(*sample);
            // Two rows of a Hadamard matrix: as good as independent of each other.
            let mut ears = [0.0; 2];
            for (line, wet) in wet.iter().enumerate() {
                ears[0] += if line & 1 == 0 { *wet } else { -wet };
                ears[1] += if line & 2 == 0 { *wet } else { -wet };
            }
            let scale = self.output_gain / (LINES as f32).sqrt();
            let ears = if alike { [ears[0]; 2] } else { ears };
            *left += ears[0] * scale;
            *right += ears[1] * scale;
        }
        self.ringing_left = self.ringing_left.saturating_sub(BLOCK_SAMPLES);
        if self.ringing_left == 0 {
            self.clear();
        }
    }

    /// One sample through the lines; returns what they put out.
    fn next(&mut self, sample: f32) -> [f32; LINES] {
        let wet: [f32; LINES] = std::array::from_fn(|line| {
            let old = self.lines[line][self.at[line]];
            self.low_passes[line].next(old * self.gains[line], self.poles[line])
        });
        let mixed = hadamard(wet);
        let share = sample / (LINES as f32).sqrt();
        for (line, mixed) in mixed.iter().enumerate() {
            self.lines[line][self.at[line]] = mixed + if line & 4 == 0 { share } else { -share };
            self.at[line] += 1;
            if self.at[line] >= self.lengths[line] {
                self.at[line] = 0;
            }
        }
        wet
    }
}

/// Prime lengths around the mean free path, evenly spread on a logarithmic scale; primes share no echoes.
fn lengths(mean_samples: f32) -> [usize; LINES] {
    let mut before = SHORTEST_SAMPLES;
    std::array::from_fn(|line| {
        let share = line as f32 / (LINES - 1) as f32;
        let wanted = (mean_samples * SPREAD.0 * (SPREAD.1 / SPREAD.0).powf(share)) as usize;
        // Leaves room for the primes of the lines that follow.
        let most = LONGEST_SAMPLES - 40 * (LINES - line);
        before = (wanted.clamp(before + 1, most.max(before + 1))..).find(|n| is_prime(*n)).unwrap_or(before);
        before
    })
}

fn is_prime(n: usize) -> bool {
    (2..).take_while(|d| d * d <= n).all(|d| !n.is_multiple_of(d))
}

/// The fast Walsh–Hadamard transform, which keeps energy.
fn hadamard(mut values: [f32; LINES]) -> [f32; LINES] {
    let mut half = 1;
    while half < LINES {
        for start in (0..LINES).step_by(2 * half) {
            for n in start..start + half {
                let (a, b) = (values[n], values[n + half]);
                (values[n], values[n + half]) = (a + b, a - b);
            }
        }
        half *= 2;
    }
    values.map(|value| value / (LINES as f32).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::one_pole::pole_for_cutoff;
    use glam::Vec3;

    #[test]
    fn lengths_fit_in_closets_and_in_cathedrals() {
        for mean in [1.0, 200.0, 450.0, 1_500.0, 2e4, 1e9] {
            let lengths = lengths(mean);
            assert!(lengths.is_sorted_by(|a, b| a < b), "{lengths:?}");
            assert!(lengths.iter().all(|n| is_prime(*n) && *n < LONGEST_SAMPLES), "{lengths:?}");
        }
    }

    #[test]
    fn mixing_keeps_energy() {
        let values: [f32; LINES] = std::array::from_fn(|n| (n as f32).sin());
        let energy = |values: [f32; LINES]| values.iter().map(|x| x * x).sum::<f32>();
        assert!((energy(hadamard(values)) / energy(values) - 1.0).abs() < 1e-5);
    }

    /// The response to one sample, both ears.
    fn response(room: &RoomSound) -> [Vec<f32>; 2] {
        let mut tail = LateTail::new(room);
        let mut ears = [Vec::new(), Vec::new()];
        for block in 0..(room.reverb_secs * 1.5 * 100.0) as usize {
            let mut input = [0.0; BLOCK_SAMPLES];
            input[0] = if block == 0 { 1.0 } else { 0.0 };
            let mut output = [[0.0; BLOCK_SAMPLES]; 2];
            tail.add(&input, false, &mut output);
            ears.iter_mut().zip(&output).for_each(|(all, block)| all.extend(block));
        }
        ears
    }

    #[test]
    fn its_level_is_that_of_a_diffuse_field() {
        for (half_size, reverb_secs) in [(Vec3::new(4.0, 1.5, 3.0), 0.45), (Vec3::new(10.0, 3.5, 12.0), 0.8)] {
            let room = RoomSound {
                min: -half_size,
                max: half_size,
                reverb_secs,
                reflection: 0.3,
                speech_distance_m: 1.0,
                air_absorption: true,
            };
            let expected = 0.3 / (0.057 * (8.0 * half_size.element_product() / reverb_secs).sqrt()).max(1.0);
            // Treble decays faster, so look at what is below it.
            let bass = |ear: &[f32]| {
                let mut filter = OnePole::default();
                ear.iter().map(|sample| filter.next(*sample, pole_for_cutoff(500.0)).powi(2)).sum::<f32>().sqrt()
            };
            let mut click = vec![0.0; 4_800];
            click[0] = expected;
            for ear in response(&room) {
                let db = 20.0 * (bass(&ear) / bass(&click)).log10();
                assert!(db.abs() < 1.5, "{db} dB");
            }
        }
    }

    #[test]
    fn both_ears_hear_another_tail() {
        let [left, right] = response(&RoomSound::default());
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        let correlation = dot(&left, &right) / (dot(&left, &left) * dot(&right, &right)).sqrt();
        assert!(correlation.abs() < 0.2, "{correlation}");
    }
}
