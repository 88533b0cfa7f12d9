use sonora::Config;
use sonora::config::{
    AdaptiveDigital, CaptureLevelAdjustment, EchoCanceller, GainController2, HighPassFilter, MaxProcessingRate,
    NoiseSuppressionLevel, Pipeline,
};

/// How much steady noise is taken out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoiseSuppression {
    /// None.
    Off,
    /// About 12 dB: an office.
    Moderate,
    /// About 18 dB: fans and streets.
    #[default]
    Strong,
}

/// What is done to the sound of a microphone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UplinkSettings {
    /// Takes out what is below 100 Hz: hum, steps, wind.
    pub high_pass: bool,
    /// Takes out what comes from the own speaker. Who wears headphones needs none and sounds better without.
    pub echo_cancellation: bool,
    /// Takes out steady noise.
    pub noise_suppression: NoiseSuppression,
    /// Brings quiet and loud voices to about the same level.
    pub gain_control: bool,
}

impl Default for UplinkSettings {
    /// Speech before a loudspeaker: everything on.
    fn default() -> Self {
        Self {
            high_pass: true,
            echo_cancellation: true,
            noise_suppression: NoiseSuppression::default(),
            gain_control: true,
        }
    }
}

impl UplinkSettings {
    /// Speech with headphones on: nothing comes back from the speaker.
    pub fn headphones() -> Self {
        Self { echo_cancellation: false, ..Self::default() }
    }

    /// The same, for music: low and steady tones are no noise, and loud and quiet are meant.
    #[must_use]
    pub fn for_music(self) -> Self {
        Self { high_pass: false, noise_suppression: NoiseSuppression::Off, gain_control: false, ..self }
    }

    pub(crate) fn changes_sound(&self) -> bool {
        *self != Self::headphones().for_music()
    }

    pub(crate) fn to_sonora(self) -> Config {
        let level = match self.noise_suppression {
            NoiseSuppression::Off => None,
            NoiseSuppression::Moderate => Some(NoiseSuppressionLevel::Moderate),
            NoiseSuppression::Strong => Some(NoiseSuppressionLevel::High),
        };
        Config {
            pipeline: Pipeline {
                maximum_internal_processing_rate: MaxProcessingRate::Rate48kHz,
                ..Pipeline::default()
            },
            high_pass_filter: self.high_pass.then(HighPassFilter::default),
            echo_canceller: self
                .echo_cancellation
                .then(|| EchoCanceller { enforce_high_pass_filtering: self.high_pass, ..EchoCanceller::default() }),
            noise_suppression: level
                .map(|level| sonora::config::NoiseSuppression { level, ..sonora::config::NoiseSuppression::default() }),
            capture_level_adjustment: self.gain_control.then(|| CaptureLevelAdjustment {
                pre_gain_factor: ROOM_FOR_GAIN,
                ..CaptureLevelAdjustment::default()
            }),
            gain_controller2: self
                .gain_control
                .then(|| GainController2 { adaptive_digital: Some(GENTLE_GAIN), ..GainController2::default() }),
            ..Config::default()
        }
    }
}

/// The gain control only ever makes louder; so everybody is made quieter first, by 6 dB.
const ROOM_FOR_GAIN: f32 = 0.5;
const GENTLE_GAIN: AdaptiveDigital = AdaptiveDigital {
    headroom_db: 5.0,
    max_gain_db: 36.0,
    initial_gain_db: 14.0,
    max_gain_change_db_per_second: 6.0,
    max_output_noise_level_dbfs: -50.0,
};
