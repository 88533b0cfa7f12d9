use anyhow::{Context, Result, ensure};
use atrium_voice::SAMPLE_RATE_HZ;
use hound::{SampleFormat, WavReader};
use rubato::audioadapter::Adapter;
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler};
use std::path::Path;

/// Longest speech that is read, at 48 kHz.
const LONGEST_SECS: usize = 600;

/// Reads a WAV file of any rate and number of channels as 48 kHz mono, samples in −1…1.
pub(crate) fn read_speech(path: &Path) -> Result<Vec<f32>> {
    let reader = WavReader::open(path).with_context(|| format!("cannot read the speech {}", path.display()))?;
    let spec = reader.spec();
    ensure!(spec.channels > 0 && spec.sample_rate > 0, "{} is not a usable WAV file", path.display());
    let most = LONGEST_SECS * spec.sample_rate as usize * usize::from(spec.channels);
    let samples = read_samples(reader, most).with_context(|| format!("{} is damaged", path.display()))?;
    let channels = usize::from(spec.channels);
    let mono: Vec<f32> =
        samples.chunks_exact(channels).map(|frame| frame.iter().sum::<f32>() / channels as f32).collect();
    ensure!(!mono.is_empty(), "there is no sound in {}", path.display());
    resample(mono, spec.sample_rate)
}

fn read_samples(mut reader: WavReader<std::io::BufReader<std::fs::File>>, most: usize) -> hound::Result<Vec<f32>> {
    let spec = reader.spec();
    match spec.sample_format {
        SampleFormat::Float => reader.samples::<f32>().take(most).collect(),
        SampleFormat::Int => {
            let full_scale = (1_i64 << (spec.bits_per_sample.clamp(1, 32) - 1)) as f32;
            reader.samples::<i32>().take(most).map(|sample| sample.map(|sample| sample as f32 / full_scale)).collect()
        }
    }
}

fn resample(mono: Vec<f32>, rate_hz: u32) -> Result<Vec<f32>> {
    if rate_hz == SAMPLE_RATE_HZ {
        return Ok(mono);
    }
    let mut resampler = Fft::<f32>::new(rate_hz as usize, SAMPLE_RATE_HZ as usize, 1_024, 1, FixedSync::Input)
        .with_context(|| format!("speech of {rate_hz} Hz cannot be resampled to 48 kHz"))?;
    let input = InterleavedSlice::new(&mono, 1, mono.len()).context("the speech is too short")?;
    let output = resampler.process_all(&input, mono.len(), None).context("the speech cannot be resampled")?;
    Ok((0..output.frames()).filter_map(|frame| output.read_sample(0, frame)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use hound::{WavSpec, WavWriter};

    fn tone_file(rate_hz: u32, channels: u16, hz: f32) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        let spec = WavSpec { channels, sample_rate: rate_hz, bits_per_sample: 16, sample_format: SampleFormat::Int };
        let mut writer = WavWriter::create(file.path(), spec).unwrap();
        for n in 0..rate_hz {
            let sample = (n as f32 / rate_hz as f32 * hz * std::f32::consts::TAU).sin() * 16_384.0;
            (0..channels).for_each(|_| writer.write_sample(sample as i16).unwrap());
        }
        writer.finalize().unwrap();
        file
    }

    #[test]
    fn any_rate_becomes_48_khz_mono() {
        for (rate_hz, channels) in [(8_000, 1), (16_000, 1), (22_050, 2), (44_100, 2), (48_000, 2)] {
            let speech = read_speech(tone_file(rate_hz, channels, 440.0).path()).unwrap();
            assert!(speech.len().abs_diff(48_000) < 100, "{rate_hz} Hz gave {} samples", speech.len());
            let inner = &speech[4_000..44_000];
            let crossings = inner.windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count();
            assert!(crossings.abs_diff(440 * 40 / 48) <= 2, "{rate_hz} Hz gave {crossings} waves");
            let peak = inner.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
            assert!((peak - 0.5).abs() < 0.02, "{rate_hz} Hz gave a peak of {peak}");
        }
    }

    #[test]
    fn what_is_no_speech_is_said() {
        let error = |path: &Path| format!("{:#}", read_speech(path).unwrap_err());
        assert!(error(Path::new("/nowhere.wav")).starts_with("cannot read the speech /nowhere.wav"));
        let empty = tempfile::NamedTempFile::new().unwrap();
        assert!(error(empty.path()).starts_with("cannot read"));
    }
}
