use crate::block::{BLOCK_SAMPLES, SAMPLE_RATE_HZ};
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Async, FixedAsync, Resampler, SincInterpolationParameters, SincInterpolationType, WindowFunction};

/// Most that a rate may be corrected. Clocks differ by 300 ppm at worst; this is 5,000, which nobody hears.
pub(crate) const CORRECTION_MAX: f64 = 0.005;

/// Converts between a device's rate and 48 kHz, a block at a time, `CHANNELS` interleaved.
#[derive(Debug)]
pub(crate) struct Converter<const CHANNELS: usize> {
    resampler: Async<f32>,
}

impl Converter<1> {
    /// From a device or file into blocks of 10 ms.
    pub(crate) fn into_blocks(device_hz: f64) -> Option<Self> {
        Self::new(f64::from(SAMPLE_RATE_HZ) / device_hz, FixedAsync::Output)
    }
}

impl Converter<2> {
    /// From blocks of 10 ms to a device.
    pub(crate) fn from_blocks(device_hz: f64) -> Option<Self> {
        Self::new(device_hz / f64::from(SAMPLE_RATE_HZ), FixedAsync::Input)
    }
}

impl<const CHANNELS: usize> Converter<CHANNELS> {
    /// `None` for rates that no device has.
    fn new(ratio: f64, fixed: FixedAsync) -> Option<Self> {
        if !(0.02..=50.0).contains(&ratio) {
            return None;
        }
        // 64 points delay by 0.7 ms at 48 kHz and leave aliases 80 dB below.
        let sinc = SincInterpolationParameters::new(64, WindowFunction::BlackmanHarris2)
            .oversampling_factor(256)
            .interpolation(SincInterpolationType::Linear);
        let resampler = Async::new_sinc(ratio, 1.0 + CORRECTION_MAX, &sinc, BLOCK_SAMPLES, CHANNELS, fixed).ok()?;
        Some(Self { resampler })
    }

    /// Frames that [`Self::convert`] takes next.
    pub(crate) fn frames_needed(&self) -> usize {
        self.resampler.input_frames_next()
    }

    /// Frames that [`Self::convert`] gives next.
    pub(crate) fn frames_given(&self) -> usize {
        self.resampler.output_frames_next()
    }

    /// Uses up the input faster by this share (slower when it is negative), gliding.
    pub(crate) fn hurry(&mut self, share: f64) {
        let share = share.clamp(-CORRECTION_MAX, CORRECTION_MAX) * 0.99;
        if let Some(adjustable) = self.resampler.as_adjustable() {
            // Within the bounds nothing is refused.
            let _ = adjustable.set_resample_ratio_relative(1.0 - share, true);
        }
    }

    /// Converts [`Self::frames_needed`] frames into `output`, and says how many it gives. With too short buffers
    /// it gives none.
    pub(crate) fn convert(&mut self, input: &[f32], output: &mut [f32]) -> usize {
        let (frames_in, frames_out) = (input.len() / CHANNELS, output.len() / CHANNELS);
        let Ok(input) = InterleavedSlice::new(input, CHANNELS, frames_in) else { return 0 };
        let Ok(mut output) = InterleavedSlice::new_mut(output, CHANNELS, frames_out) else { return 0 };
        self.resampler.process_into_buffer(&input, &mut output, None).map_or(0, |(_, given)| given)
    }
}
