use super::DeviceFault;
use super::converter::Converter;
use crate::block::{MonoBlock, harmless};
use hound::{SampleFormat, WavReader};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// A WAV file that is heard as a microphone: any rate, any format, the mean of its channels.
pub(crate) struct FileMicrophone {
    path: PathBuf,
    reader: WavReader<BufReader<File>>,
    repeat: bool,
    /// `None` for a file of 48 kHz.
    converter: Option<Converter<1>>,
    read: Vec<f32>,
}

impl std::fmt::Debug for FileMicrophone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileMicrophone").field("path", &self.path).finish_non_exhaustive()
    }
}

impl FileMicrophone {
    pub(crate) fn open(path: &Path, repeat: bool) -> Result<Self, DeviceFault> {
        let fault = |reason: String| DeviceFault::File { path: path.display().to_string(), reason };
        let reader = WavReader::open(path).map_err(|error| fault(format!("{error}: give a WAV file that exists")))?;
        let format = reader.spec();
        if format.channels == 0 || reader.duration() == 0 {
            return Err(fault("there is no sound in this file: give another one".to_owned()));
        }
        let converter = match format.sample_rate {
            crate::SAMPLE_RATE_HZ => None,
            rate_hz => Some(
                Converter::into_blocks(f64::from(rate_hz))
                    .ok_or_else(|| fault(format!("{rate_hz} Hz is not possible: give a file of 48,000 Hz")))?,
            ),
        };
        Ok(Self { path: path.to_owned(), reader, repeat, converter, read: Vec::new() })
    }

    /// The next 10 ms; silence behind the end, and where the file is spoilt.
    pub(crate) fn next_block(&mut self, block: &mut MonoBlock) {
        let Some(converter) = &mut self.converter else {
            fill(&mut self.reader, self.repeat, block);
            return;
        };
        self.read.resize(converter.frames_needed(), 0.0);
        fill(&mut self.reader, self.repeat, &mut self.read);
        let given = converter.convert(&self.read, block);
        block[given..].fill(0.0);
    }
}

fn fill(reader: &mut WavReader<BufReader<File>>, repeat: bool, mono: &mut [f32]) {
    let mut filled = read_frames(reader, mono);
    while filled < mono.len() && repeat && reader.seek(0).is_ok() {
        match read_frames(reader, &mut mono[filled..]) {
            0 => break,
            more => filled += more,
        }
    }
    mono[filled..].fill(0.0);
}

/// Frames that were there; fewer than asked for at the end.
fn read_frames(reader: &mut WavReader<BufReader<File>>, mono: &mut [f32]) -> usize {
    let format = reader.spec();
    match format.sample_format {
        SampleFormat::Float => mix(reader.samples::<f32>().map_while(Result::ok), format.channels, mono),
        SampleFormat::Int => {
            let full_scale = 2.0_f32.powi(i32::from(format.bits_per_sample.clamp(1, 32)) - 1);
            let samples = reader.samples::<i32>().map_while(Result::ok);
            mix(samples.map(|sample| sample as f32 / full_scale), format.channels, mono)
        }
    }
}

fn mix(mut samples: impl Iterator<Item = f32>, channels: u16, mono: &mut [f32]) -> usize {
    let share = 1.0 / f32::from(channels.max(1));
    for (index, out) in mono.iter_mut().enumerate() {
        *out = 0.0;
        for _ in 0..channels.max(1) {
            let Some(sample) = samples.next() else { return index };
            *out += share * harmless(sample);
        }
    }
    mono.len()
}
