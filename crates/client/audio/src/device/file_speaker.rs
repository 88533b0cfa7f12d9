use super::DeviceFault;
use crate::block::{SAMPLE_RATE_HZ, StereoBlock, harmless};
use hound::{SampleFormat, WavSpec, WavWriter};
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// Blocks after which the header says what is in the file: 1 s.
const HEADER_BLOCKS: u32 = 100;
/// Sound that fits into a WAV file, whose header counts 4 GiB: a little over 6 h.
const BLOCKS_MAX: u64 = 6 * 3_600 * 100;

/// A WAV file, stereo, 48 kHz, 16 bit, that gets what a speaker would play. Once a second its header is brought up
/// to date, so that it can be read whatever happens to the program.
pub(crate) struct FileSpeaker {
    path: PathBuf,
    /// `None` after an error, or when the file is full.
    writer: Option<WavWriter<BufWriter<File>>>,
    blocks: u64,
    blocks_since_header: u32,
    fault: Option<DeviceFault>,
}

impl std::fmt::Debug for FileSpeaker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileSpeaker").field("path", &self.path).finish_non_exhaustive()
    }
}

impl FileSpeaker {
    pub(crate) fn create(path: &Path) -> Result<Self, DeviceFault> {
        let format =
            WavSpec { channels: 2, sample_rate: SAMPLE_RATE_HZ, bits_per_sample: 16, sample_format: SampleFormat::Int };
        let writer = WavWriter::create(path, format).and_then(|mut writer| writer.flush().map(|()| writer));
        let writer = writer.map_err(|error| fault(path, &error))?;
        Ok(Self { path: path.to_owned(), writer: Some(writer), blocks: 0, blocks_since_header: 0, fault: None })
    }

    pub(crate) fn write(&mut self, block: &StereoBlock) {
        let Some(writer) = &mut self.writer else { return };
        self.blocks += 1;
        self.blocks_since_header += 1;
        let is_header_due = self.blocks_since_header >= HEADER_BLOCKS;
        if is_header_due {
            self.blocks_since_header = 0;
        }
        let mut samples = block.as_flattened().iter().map(|sample| (harmless(*sample) * 32_767.0).round() as i16);
        let written = samples.try_for_each(|sample| writer.write_sample(sample));
        let written = if is_header_due { written.and_then(|()| writer.flush()) } else { written };
        if let Err(error) = written {
            self.fault = Some(fault(&self.path, &error));
            self.writer = None;
        } else if self.blocks >= BLOCKS_MAX {
            // Dropping it writes the header.
            self.writer = None;
        }
    }

    /// What went wrong since the last call.
    pub(crate) fn take_fault(&mut self) -> Option<DeviceFault> {
        self.fault.take()
    }
}

fn fault(path: &Path, error: &hound::Error) -> DeviceFault {
    let reason = format!("{error}: give a place that can be written to");
    DeviceFault::File { path: path.display().to_string(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_valid_at_any_moment() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("heard.wav");
        let mut speaker = FileSpeaker::create(&path).unwrap();
        assert_eq!(hound::WavReader::open(&path).unwrap().duration(), 0);
        for _ in 0..250 {
            speaker.write(&[[0.5, -2.0]; 480]);
        }
        // As a killed program leaves it: the copy is made before the end.
        let copy = folder.path().join("copy.wav");
        std::fs::copy(&path, &copy).unwrap();
        let mut reader = hound::WavReader::open(&copy).unwrap();
        assert_eq!((reader.spec().channels, reader.spec().sample_rate), (2, 48_000));
        assert_eq!(reader.duration(), 2 * 48_000);
        let samples: Vec<i16> = reader.samples().map(Result::unwrap).take(2).collect();
        assert_eq!(samples, [16_384, -32_767]);
        drop(speaker);
        assert_eq!(hound::WavReader::open(&path).unwrap().duration(), 250 * 480);
    }

    #[test]
    fn a_place_that_cannot_be_written_to_gives_a_sentence() {
        let fault = FileSpeaker::create(Path::new("/nowhere/at/all.wav")).unwrap_err();
        assert!(fault.to_string().contains("/nowhere/at/all.wav"), "{fault}");
    }
}
