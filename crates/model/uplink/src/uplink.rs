use crate::{BLOCK_SAMPLES, NoiseSuppression, SAMPLE_RATE_HZ, UplinkSettings, VoiceActivity};
use sonora::{AudioProcessing, StreamConfig};
use std::time::Duration;

/// From this amplitude on the microphone is overdriven.
const CLIPPED: f32 = 0.999;
/// Delays of the parts that work on windows, as measured (`tests/main/delay.rs`).
const CANCELLER_DELAY: Duration = Duration::from_millis(8);
const SUPPRESSOR_DELAY: Duration = Duration::from_millis(6);
/// So many blocks may come without reference before the speaker is taken to be silent.
const BLOCKS_WITHOUT_REFERENCE: u32 = 3;
/// Likelihood from which others probably hear themselves. Speech that has nothing to do with the speaker's stays under
/// 0.3; an echo that nobody cancels is over 0.4 within 10 s.
const ECHO_RISK: f32 = 0.4;

/// What is known of one processed block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BlockReport {
    /// Level of the processed block, −dBov (RFC 6464): 0 is full scale, 127 is silence.
    pub level_dbov: u8,
    /// Somebody speaks.
    pub is_voice: bool,
    /// The microphone is overdriven; only its own gain or distance can help.
    pub is_clipped: bool,
    /// How the own speaker is heard in the microphone.
    pub echo: EchoReport,
}

/// How the own speaker is heard in the microphone.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct EchoReport {
    /// How sure it is, 0…1, that what was sent of late still has what the speaker played in it.
    pub likelihood: f32,
    /// How much quieter the echo is than the speaker's signal, in dB. Near or below 0 the speaker is turned up too
    /// far for a canceller. `None` without echo cancellation.
    pub return_loss_db: Option<f32>,
    /// From handing a block to the speaker to hearing it in the microphone. `None` without echo cancellation.
    pub delay: Option<Duration>,
}

impl EchoReport {
    /// Others probably hear themselves: time to suggest headphones, or echo cancellation.
    pub fn is_risk(&self) -> bool {
        self.likelihood >= ECHO_RISK
    }
}

/// Cleans the sound of one microphone.
#[derive(Debug)]
pub struct Uplink {
    settings: UplinkSettings,
    processing: AudioProcessing,
    voice_activity: VoiceActivity,
    blocks_without_reference: u32,
    input: [f32; BLOCK_SAMPLES],
    reference: [[f32; BLOCK_SAMPLES]; 2],
    unused: [[f32; BLOCK_SAMPLES]; 2],
}

impl Uplink {
    /// An uplink that has heard nothing yet. Other settings need another uplink; its canceller finds the echo again
    /// within a second or two.
    pub fn new(settings: UplinkSettings) -> Self {
        let processing = AudioProcessing::builder()
            .config(settings.to_sonora())
            .capture_config(StreamConfig::new(SAMPLE_RATE_HZ, 1))
            .render_config(StreamConfig::new(SAMPLE_RATE_HZ, 2))
            .echo_detector(true)
            .build();
        let mut uplink = Self {
            settings,
            processing,
            voice_activity: VoiceActivity::default(),
            blocks_without_reference: 0,
            input: [0.0; BLOCK_SAMPLES],
            reference: [[0.0; BLOCK_SAMPLES]; 2],
            unused: [[0.0; BLOCK_SAMPLES]; 2],
        };
        // The first block sets the processing up once more, which takes longer than a block.
        uplink.clean(&mut [0.0; BLOCK_SAMPLES]);
        uplink
    }

    /// What is done.
    pub fn settings(&self) -> UplinkSettings {
        self.settings
    }

    /// How much later than it was put in sound comes out: what is cleaned in frequency bands waits for its window. Who
    /// says when a block was captured takes this off.
    pub fn delay(&self) -> Duration {
        let canceller = if self.settings.echo_cancellation { CANCELLER_DELAY } else { Duration::ZERO };
        let suppressor =
            if self.settings.noise_suppression == NoiseSuppression::Off { Duration::ZERO } else { SUPPRESSOR_DELAY };
        canceller + suppressor
    }

    /// Cleans one block in place. Samples that are not finite count as silent; what comes out is within −1…1.
    ///
    /// `reference` is what was handed to the speaker since the last call, left and right, after the limiter: as a
    /// rule one block, none or two where the clocks of the devices differ; what is no whole block is left out. The
    /// time that the devices take is found out (up to 500 ms).
    pub fn process(&mut self, microphone: &mut [f32; BLOCK_SAMPLES], reference: &[[f32; 2]]) -> BlockReport {
        self.hear_all(reference);
        make_harmless(microphone);
        let is_clipped = microphone.iter().any(|sample| sample.abs() >= CLIPPED);
        if self.settings.changes_sound() {
            self.clean(microphone);
            make_harmless(microphone);
        } else {
            // Still heard by the echo detector, which tells who wears no headphones after all.
            let mut copy = *microphone;
            self.clean(&mut copy);
        }
        let is_voice = self.voice_activity.process(microphone);
        BlockReport { level_dbov: self.voice_activity.level_dbov(), is_voice, is_clipped, echo: self.echo() }
    }

    fn hear_all(&mut self, reference: &[[f32; 2]]) {
        self.blocks_without_reference = self.blocks_without_reference.saturating_add(1);
        for block in reference.chunks_exact(BLOCK_SAMPLES) {
            self.blocks_without_reference = 0;
            self.hear_speaker(block);
        }
        // Left without blocks the canceller looks for the echo of old ones.
        if self.blocks_without_reference > BLOCKS_WITHOUT_REFERENCE {
            self.hear_speaker(&[[0.0; 2]; BLOCK_SAMPLES]);
        }
    }

    fn hear_speaker(&mut self, block: &[[f32; 2]]) {
        let [left, right] = &mut self.reference;
        for ((frame, left), right) in block.iter().zip(&mut *left).zip(&mut *right) {
            [*left, *right] = frame.map(harmless);
        }
        let [unused_left, unused_right] = &mut self.unused;
        // It refuses other formats only, and the format never changes.
        let _ = self.processing.process_render_f32(&[left, right], &mut [unused_left, unused_right]);
    }

    fn clean(&mut self, microphone: &mut [f32; BLOCK_SAMPLES]) {
        self.input.copy_from_slice(microphone);
        let _ = self.processing.process_capture_f32(&[&self.input], &mut [microphone]);
    }

    fn echo(&self) -> EchoReport {
        let statistics = self.processing.statistics();
        let likelihood = statistics.residual_echo_likelihood_recent_max.unwrap_or(0.0) as f32;
        EchoReport {
            likelihood: if likelihood.is_finite() { likelihood.clamp(0.0, 1.0) } else { 0.0 },
            return_loss_db: statistics.echo_return_loss.map(|db| db as f32).filter(|db| db.is_finite()),
            delay: statistics.delay_ms.map(|ms| Duration::from_millis(ms.max(0).unsigned_abs().into())),
        }
    }
}

fn make_harmless(samples: &mut [f32]) {
    samples.iter_mut().for_each(|sample| *sample = harmless(*sample));
}

fn harmless(sample: f32) -> f32 {
    if sample.is_finite() { sample.clamp(-1.0, 1.0) } else { 0.0 }
}
