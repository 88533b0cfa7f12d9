/// Power of the loudest voice that is let through as it is: −14 dB of full scale. Speech is at −20 and below.
const LOUDEST_POWER: f32 = 0.04;
/// How fast quieter sound is believed: a second.
const FALL: f32 = 0.01;

/// Keeps one voice from being louder than voices are: whatever somebody sends, it is no noise that hurts.
#[derive(Clone, Debug)]
pub(crate) struct LoudnessGuard {
    power: f32,
    gain: f32,
}

impl Default for LoudnessGuard {
    fn default() -> Self {
        Self { power: 0.0, gain: 1.0 }
    }
}

impl LoudnessGuard {
    /// Turns down what is too loud, at once, and lets go slowly.
    pub(crate) fn run(&mut self, samples: &mut [f32]) {
        let count = samples.len().max(1) as f32;
        let power = samples.iter().map(|x| x * x).sum::<f32>() / count;
        self.power = if power > self.power { power } else { self.power + FALL * (power - self.power) };
        let target = (LOUDEST_POWER / self.power.max(LOUDEST_POWER)).sqrt();
        if target >= 1.0 && self.gain >= 1.0 {
            return;
        }
        // Down within a quarter of the block, up over all of it.
        let ramp = if target < self.gain { count / 4.0 } else { count };
        let from = std::mem::replace(&mut self.gain, target);
        for (n, sample) in samples.iter_mut().enumerate() {
            *sample *= from + (target - from) * (n as f32 / ramp).min(1.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_louder_than_a_voice_is_turned_down() {
        let mut guard = LoudnessGuard::default();
        let mut voice: Vec<f32> = (0..480).map(|n| 0.2 * (n as f32 * 0.1).sin()).collect();
        let before = voice.clone();
        guard.run(&mut voice);
        assert_eq!(voice, before);
        let noise: Vec<f32> = (0..480).map(|n| if n % 3 == 0 { 1.0 } else { -1.0 }).collect();
        for _ in 0..3 {
            let mut noise = noise.clone();
            guard.run(&mut noise);
            assert!(noise[200..].iter().all(|x| x.abs() < 0.21));
        }
        (0..1_000).for_each(|_| guard.run(&mut before.clone()));
        let mut voice = before.clone();
        guard.run(&mut voice);
        assert!(voice.iter().zip(&before).all(|(a, b)| (a - b).abs() < 0.01), "it lets go");
    }
}
