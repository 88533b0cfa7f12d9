use crate::sound::SoundSource;
use anyhow::Result;
use atrium_session::VoiceFrame;
use atrium_voice::{EncoderSettings, FRAME_SAMPLES, OpusEncoder, level_dbov};
use bytes::Bytes;
use std::time::{Duration, Instant};

/// Sound in one packet.
pub(crate) const FRAME: Duration = Duration::from_millis(20);
/// Louder than this counts as speaking, for gestures.
const SPEAKS_BELOW_DBOV: u8 = 50;
/// Gestures go on over the gaps between words.
const GESTURE_FRAMES: u32 = 50;

/// Turns a sound into packets, frame by frame.
#[derive(Debug)]
pub(crate) struct Speaker {
    source: SoundSource,
    encoder: OpusEncoder,
    samples: Vec<f32>,
    timestamp: u32,
    was_silent: bool,
    frames_since_loud: u32,
}

impl Speaker {
    pub(crate) fn new(source: SoundSource) -> Result<Self> {
        // The codec takes a steady tone for noise and would stop sending it.
        let settings = EncoderSettings { dtx: source.is_speech(), ..EncoderSettings::default() };
        Ok(Self {
            source,
            encoder: OpusEncoder::new(settings)?,
            samples: vec![0.0; FRAME_SAMPLES],
            timestamp: 0,
            was_silent: true,
            frames_since_loud: u32::MAX,
        })
    }

    /// The next 20 ms, recorded up to `now`; `None` where there is nothing to send.
    pub(crate) fn next_frame(&mut self, now: Instant) -> Result<Option<VoiceFrame>> {
        self.source.fill(&mut self.samples);
        let level_dbov = level_dbov(&self.samples);
        let timestamp = self.timestamp;
        self.timestamp = timestamp.wrapping_add(FRAME_SAMPLES as u32);
        let is_loud = level_dbov < SPEAKS_BELOW_DBOV;
        self.frames_since_loud = if is_loud { 0 } else { self.frames_since_loud.saturating_add(1) };
        let payload = self.encoder.encode(&self.samples)?.map(Bytes::copy_from_slice);
        let marker = std::mem::replace(&mut self.was_silent, payload.is_none());
        let captured = now.checked_sub(FRAME).unwrap_or(now);
        Ok(payload.map(|payload| VoiceFrame { timestamp, level_dbov, marker, captured, payload }))
    }

    /// Whether one speaks, or did a moment ago.
    pub(crate) fn is_speaking(&self) -> bool {
        self.frames_since_loud < GESTURE_FRAMES
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn frames(source: SoundSource, count: usize) -> Vec<Option<VoiceFrame>> {
        let mut speaker = Speaker::new(source).unwrap();
        let now = Instant::now();
        (0..count).map(|_| speaker.next_frame(now).unwrap()).collect()
    }

    #[test]
    fn a_tone_never_pauses() {
        let frames = frames(SoundSource::Tone { hz: 440.0, turns: 0.0 }, 100);
        let timestamps: Vec<u32> = frames.iter().flatten().map(|frame| frame.timestamp).collect();
        assert_eq!(timestamps, (0..100).map(|n| n * 960).collect::<Vec<_>>());
        assert!(frames.iter().flatten().all(|frame| (12..=15).contains(&frame.level_dbov)));
        assert!(frames.iter().flatten().skip(1).all(|frame| !frame.marker));
    }

    #[test]
    fn silence_is_not_sent_and_ends_with_a_marker() {
        let mut speech: Vec<f32> =
            (0..48_000).map(|n| (n as f32 * 0.03).sin() * (n as f32 * 0.0007).sin() * 0.4).collect();
        speech.extend([0.0; 96_000]);
        let frames = frames(SoundSource::Speech { speech: Arc::from(speech), at: 0 }, 200);
        let sent = frames.iter().flatten().count();
        assert!((50..150).contains(&sent), "{sent} of 200 frames");
        let after_pause = frames[150].as_ref().expect("speech begins again");
        assert!(after_pause.marker);
        assert_eq!(after_pause.timestamp, 150 * 960, "time goes on while nothing is sent");
    }
}
