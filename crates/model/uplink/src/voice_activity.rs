use std::collections::VecDeque;

/// Level of a silent block.
const SILENT_DB: f32 = -127.0;
/// So much louder than the noise is a voice.
const ABOVE_NOISE_DB: f32 = 9.0;
/// Quieter than this nobody speaks.
const LEAST_VOICE_DB: f32 = -56.0;
/// The noise is the quietest of so many spans of so many blocks: 3 s, in which every speaker breathes.
const SPANS: usize = 12;
const SPAN_BLOCKS: usize = 25;
/// How much of a new block's power goes into the power that the noise is read from.
const SMOOTHING: f32 = 0.2;
/// A minimum of noise is below its mean; found with white noise and the smoothing above.
const MINIMUM_BIAS_DB: f32 = 1.5;
/// Loud blocks that begin a voice; a click has fewer.
const ONSET_BLOCKS: u32 = 3;
/// A voice goes on for so many blocks after the last loud one, over the gaps between words.
const HANGOVER_BLOCKS: u32 = 25;

/// Tells when somebody speaks: the level is well over a noise floor, which is the quietest of the last seconds
/// (after R. Martin, "Noise power spectral density estimation based on optimal smoothing and minimum statistics",
/// 2001).
#[derive(Clone, Debug)]
pub struct VoiceActivity {
    level_db: f32,
    smoothed_power: f32,
    /// The quietest smoothed power of each span, the running one last.
    span_minima: VecDeque<f32>,
    blocks_in_span: usize,
    loud_blocks: u32,
    hangover_blocks: u32,
}

impl Default for VoiceActivity {
    fn default() -> Self {
        Self {
            level_db: SILENT_DB,
            smoothed_power: 0.0,
            span_minima: VecDeque::with_capacity(SPANS + 1),
            blocks_in_span: 0,
            loud_blocks: 0,
            hangover_blocks: 0,
        }
    }
}

impl VoiceActivity {
    /// Takes the next 10 ms, finite samples in −1…1, and says whether somebody speaks.
    pub fn process(&mut self, samples: &[f32]) -> bool {
        let power = samples.iter().map(|x| x * x).sum::<f32>() / samples.len().max(1) as f32;
        self.level_db = decibels(power);
        self.follow_noise(power);
        let is_loud = self.level_db > (self.noise_db() + ABOVE_NOISE_DB).max(LEAST_VOICE_DB);
        self.loud_blocks = if is_loud { self.loud_blocks.saturating_add(1) } else { 0 };
        if self.loud_blocks >= ONSET_BLOCKS || (is_loud && self.hangover_blocks > 0) {
            self.hangover_blocks = HANGOVER_BLOCKS;
        } else {
            self.hangover_blocks = self.hangover_blocks.saturating_sub(1);
        }
        self.hangover_blocks > 0
    }

    /// Level of the last block, −dBov (RFC 6464): 0 is full scale, 127 is silence.
    pub fn level_dbov(&self) -> u8 {
        (-self.level_db).round().clamp(0.0, 127.0) as u8
    }

    /// Level of the noise, in dB of full scale.
    pub fn noise_db(&self) -> f32 {
        decibels(self.span_minima.iter().copied().fold(f32::INFINITY, f32::min)) + MINIMUM_BIAS_DB
    }

    fn follow_noise(&mut self, power: f32) {
        if self.span_minima.is_empty() {
            self.smoothed_power = power;
            self.span_minima.push_back(power);
        }
        self.smoothed_power += SMOOTHING * (power - self.smoothed_power);
        if self.blocks_in_span == SPAN_BLOCKS {
            self.blocks_in_span = 0;
            self.span_minima.push_back(self.smoothed_power);
            if self.span_minima.len() > SPANS {
                self.span_minima.pop_front();
            }
        }
        self.blocks_in_span += 1;
        if let Some(minimum) = self.span_minima.back_mut() {
            *minimum = minimum.min(self.smoothed_power);
        }
    }
}

fn decibels(power: f32) -> f32 {
    (10.0 * power.log10()).clamp(SILENT_DB, 0.0)
}
