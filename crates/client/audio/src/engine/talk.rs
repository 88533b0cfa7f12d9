use super::gate::Gate;
use super::pace::Every;
use super::spurt::Spurt;
use super::{SoundEvent, SpokenPacket, TalkMode, VoiceMode};
use crate::block::{BLOCK_SAMPLES, MonoBlock, StereoBlock};
use atrium_protocol::Micros;
use atrium_uplink::{BlockReport, Uplink, UplinkSettings};
use atrium_voice::{SILENT_DBOV, VoiceError};
use std::time::Duration;

/// Blocks for the speaker that may wait until the microphone gives one; then there is no microphone.
const REFERENCE_BLOCKS: usize = 4;
/// An echo that lasts this long is told of, and one that has not been heard for that long is over.
const ECHO_LASTS: Duration = Duration::from_secs(2);
const ECHO_OVER: Duration = Duration::from_secs(10);

/// The way from the microphone to the network: cleaned, gated, encoded.
#[derive(Debug)]
pub(crate) struct Talk {
    uplink: Uplink,
    clean: UplinkSettings,
    mode: VoiceMode,
    gate: Gate,
    is_testing: bool,
    /// What the packets of the running spurt are for.
    spurt_is_test: bool,
    spurt: Spurt,
    was_open: bool,
    expected_loss_percent: Option<u8>,
    /// What went to the speaker since the last block of the microphone.
    reference: Vec<[f32; 2]>,
    meter: Meter,
    echo: EchoWatch,
}

/// What became of a block.
#[derive(Debug, Default)]
pub(crate) struct Talked {
    /// To be sent, or to be heard by oneself while testing.
    pub(crate) packet: Option<SpokenPacket>,
    pub(crate) is_test: bool,
    pub(crate) meter: Option<SoundEvent>,
    pub(crate) echo: Option<SoundEvent>,
}

impl Talk {
    /// # Errors
    /// [`VoiceError::Codec`] when memory is short.
    pub(crate) fn new() -> Result<Self, VoiceError> {
        let clean = UplinkSettings::default();
        Ok(Self {
            uplink: Uplink::new(clean),
            clean,
            mode: VoiceMode::default(),
            gate: Gate::default(),
            is_testing: false,
            spurt_is_test: false,
            spurt: Spurt::new(VoiceMode::default(), 0)?,
            was_open: false,
            expected_loss_percent: None,
            reference: Vec::with_capacity(REFERENCE_BLOCKS * BLOCK_SAMPLES),
            meter: Meter::default(),
            echo: EchoWatch::default(),
        })
    }

    pub(crate) fn mute(&mut self, is_muted: bool) {
        self.gate.mute(is_muted);
    }

    pub(crate) fn set_talk_mode(&mut self, mode: TalkMode) {
        self.gate.set_mode(mode);
    }

    pub(crate) fn hold(&mut self, now: Micros, is_held: bool) {
        self.gate.hold(now, is_held);
    }

    pub(crate) fn speak(&mut self, mode: VoiceMode) -> Result<(), VoiceError> {
        self.spurt = Spurt::new(mode, self.spurt.timestamp())?;
        self.expected_loss_percent.into_iter().for_each(|percent| self.spurt.expect_loss(percent));
        self.mode = mode;
        self.renew_uplink();
        Ok(())
    }

    pub(crate) fn clean(&mut self, settings: UplinkSettings) {
        self.clean = settings;
        self.renew_uplink();
    }

    pub(crate) fn expect_loss(&mut self, percent: u8) {
        self.expected_loss_percent = Some(percent);
        self.spurt.expect_loss(percent);
    }

    /// While testing, the gate is open, and nothing is for others.
    pub(crate) fn test(&mut self, is_testing: bool) {
        self.is_testing = is_testing;
    }

    /// This block goes to the speaker now.
    pub(crate) fn hear_speaker(&mut self, block: &StereoBlock) {
        if self.reference.len() >= REFERENCE_BLOCKS * BLOCK_SAMPLES {
            self.reference.drain(..BLOCK_SAMPLES);
        }
        self.reference.extend_from_slice(block);
    }

    /// Takes the microphone's next block, which began at `began`.
    pub(crate) fn block(&mut self, now: Micros, began: Micros, block: &mut MonoBlock) -> Talked {
        let report = self.uplink.process(block, &self.reference);
        self.reference.clear();
        // What was said to one audience ends before the other one hears.
        let is_test = std::mem::replace(&mut self.spurt_is_test, self.is_testing);
        let is_open = is_test == self.is_testing && (self.is_testing || self.gate.is_open(now));
        let packet = if is_open {
            if !self.was_open {
                fade_in(block);
            }
            // What comes out of the uplink now went in a little earlier.
            self.spurt.add(now, began - self.uplink.delay(), block, report.level_dbov)
        } else {
            self.spurt.skip()
        };
        self.was_open = is_open;
        let is_sent = !self.is_testing && is_open && self.spurt.is_open();
        Talked {
            packet,
            is_test,
            meter: self.meter.observe(now, &report, is_sent),
            echo: self.echo.observe(now, report.echo.is_risk()),
        }
    }

    fn renew_uplink(&mut self) {
        let settings = if self.mode == VoiceMode::Music { self.clean.for_music() } else { self.clean };
        if settings != self.uplink.settings() {
            self.uplink = Uplink::new(settings);
        }
    }
}

fn fade_in(block: &mut MonoBlock) {
    let length = block.len() as f32;
    block.iter_mut().enumerate().for_each(|(n, sample)| *sample *= n as f32 / length);
}

/// What the input meter shows.
#[derive(Debug)]
struct Meter {
    every: Every,
    level_dbov: u8,
    is_voice: bool,
    is_clipped: bool,
}

impl Default for Meter {
    fn default() -> Self {
        let every = Every::new(Duration::from_millis(50));
        Self { every, level_dbov: SILENT_DBOV, is_voice: false, is_clipped: false }
    }
}

impl Meter {
    fn observe(&mut self, now: Micros, report: &BlockReport, is_sent: bool) -> Option<SoundEvent> {
        self.level_dbov = self.level_dbov.min(report.level_dbov);
        self.is_voice |= report.is_voice;
        self.is_clipped |= report.is_clipped;
        if !self.every.is_due(now) {
            return None;
        }
        let shown = SoundEvent::Input {
            level_dbov: self.level_dbov,
            is_voice: self.is_voice,
            is_clipped: self.is_clipped,
            is_sent,
        };
        *self = Self { every: self.every, ..Self::default() };
        Some(shown)
    }
}

/// Tells of echo that lasts.
#[derive(Debug, Default)]
struct EchoWatch {
    since: Option<Micros>,
    last: Option<Micros>,
    is_told: bool,
}

impl EchoWatch {
    fn observe(&mut self, now: Micros, is_risk: bool) -> Option<SoundEvent> {
        if is_risk {
            self.last = Some(now);
            let since = *self.since.get_or_insert(now);
            if !self.is_told && now.since(since) >= ECHO_LASTS {
                self.is_told = true;
                return Some(SoundEvent::EchoRisk(true));
            }
            return None;
        }
        self.since = None;
        let is_over = self.last.is_none_or(|last| now.since(last) >= ECHO_OVER);
        (is_over && std::mem::take(&mut self.is_told)).then_some(SoundEvent::EchoRisk(false))
    }
}
