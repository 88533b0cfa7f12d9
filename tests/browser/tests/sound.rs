use anyhow::Result;
use std::path::Path;

const RATE: u32 = 48_000;

/// Writes seconds of a sine.
pub(crate) fn write_tone(path: &Path, hz: f32, seconds: u32) -> Result<()> {
    let spec =
        hound::WavSpec { channels: 1, sample_rate: RATE, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let mut writer = hound::WavWriter::create(path, spec)?;
    for index in 0..RATE * seconds {
        let phase = index as f32 * hz * std::f32::consts::TAU / RATE as f32;
        writer.write_sample((phase.sin() * 12_000.0) as i16)?;
    }
    writer.finalize()?;
    Ok(())
}

/// Share of a recording's energy at a frequency (±1 bin of a second-long window), over the loudest second.
pub(crate) fn tone_share(path: &Path, hz: f32) -> Result<f32> {
    let mut reader = hound::WavReader::open(path)?;
    let channels = usize::from(reader.spec().channels);
    let samples: Vec<f32> =
        reader.samples::<i16>().map(|s| s.map(|s| f32::from(s) / 32_768.0)).collect::<Result<_, _>>()?;
    let mono: Vec<f32> =
        samples.chunks_exact(channels).map(|frame| frame.iter().sum::<f32>() / channels as f32).collect();
    let energy = |window: &[f32]| window.iter().map(|s| s * s).sum::<f32>();
    let loudest = mono
        .chunks_exact(RATE as usize)
        .max_by(|a, b| energy(a).total_cmp(&energy(b)))
        .ok_or_else(|| anyhow::anyhow!("the recording has less than a second"))?;
    let total = energy(loudest);
    if total < 1e-3 {
        return Ok(0.0);
    }
    Ok(goertzel(loudest, hz) / total)
}

/// Energy of one frequency in a window (Goertzel 1958), in the unit of the sum of squares.
fn goertzel(window: &[f32], hz: f32) -> f32 {
    let turn = f64::from(hz) * std::f64::consts::TAU / f64::from(RATE);
    let coefficient = 2.0 * turn.cos();
    let (mut before, mut last) = (0.0_f64, 0.0_f64);
    for sample in window {
        (before, last) = (last, f64::from(*sample) + coefficient * last - before);
    }
    let power = last * last + before * before - coefficient * last * before;
    (power * 2.0 / window.len() as f64) as f32
}

#[test]
fn a_tone_is_found_and_another_is_not() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("tone.wav");
    write_tone(&path, 523.0, 2)?;
    assert!(tone_share(&path, 523.0)? > 0.95);
    assert!(tone_share(&path, 660.0)? < 0.01);
    Ok(())
}
