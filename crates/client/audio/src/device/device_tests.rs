//! Devices of all kinds on virtual time: what a driver does is done by the test, with the callbacks that drivers get.

use super::{CaptureCallback, DeviceFault, PlaybackCallback, RingMicrophone, RingSpeaker, StreamHealth};
use crate::block::{BLOCK_SAMPLES, StereoBlock};
use assert_no_alloc::{AllocDisabler, assert_no_alloc};
use atrium_protocol::Micros;
use cpal::{FromSample, I24, Sample};
use std::f64::consts::TAU;
use std::sync::Arc;

#[global_allocator]
static ALLOCATOR: AllocDisabler = AllocDisabler;

/// A microphone whose driver hands over a tone.
struct ToneDriver {
    callback: CaptureCallback,
    channels: usize,
    live_channel: Option<usize>,
    period_frames: usize,
    /// What the clock on the wall says of its rate.
    true_hz: f64,
    tone_hz: f64,
    frames: u64,
}

impl ToneDriver {
    /// Calls back for all that happened until `now`.
    fn run<T: Sample + FromSample<f32>>(&mut self, now: Micros)
    where
        f32: FromSample<T>,
    {
        let due = (now.0 as f64 / 1e6 * self.true_hz) as u64 / self.period_frames as u64 * self.period_frames as u64;
        while self.frames < due {
            let mut samples = vec![T::EQUILIBRIUM; self.period_frames * self.channels];
            for frame in samples.chunks_exact_mut(self.channels) {
                let value = 0.5 * (TAU * self.tone_hz * self.frames as f64 / self.true_hz).sin() as f32;
                for (channel, sample) in frame.iter_mut().enumerate() {
                    if self.live_channel.is_none_or(|live| live == channel) {
                        *sample = T::from_sample(value);
                    }
                }
                self.frames += 1;
            }
            assert_no_alloc(|| self.callback.write(&samples));
        }
    }
}

/// What was heard of a tone.
struct Heard {
    samples: Vec<f32>,
    blocks: usize,
    most_waiting_ms: f64,
    waiting_ms: f64,
    fault: Option<DeviceFault>,
    glitched: u64,
}

#[derive(Clone, Copy)]
struct Device {
    claimed_hz: u32,
    true_hz: f64,
    channels: u16,
    live_channel: Option<usize>,
    period_frames: usize,
}

impl Device {
    fn new(rate_hz: u32, channels: u16) -> Self {
        let period_frames = (rate_hz / 100) as usize;
        Self { claimed_hz: rate_hz, true_hz: f64::from(rate_hz), channels, live_channel: None, period_frames }
    }
}

/// Listens to a tone for so long, a block each 10 ms.
fn hear<T: Sample + FromSample<f32>>(device: Device, tone_hz: f64, secs: u64) -> Heard
where
    f32: FromSample<T>,
{
    let health = Arc::<StreamHealth>::default();
    let (callback, mut microphone) = RingMicrophone::new(device.claimed_hz, device.channels, &health).unwrap();
    let Device { true_hz, channels, live_channel, period_frames, .. } = device;
    let channels = usize::from(channels);
    let mut driver = ToneDriver { callback, channels, live_channel, period_frames, true_hz, tone_hz, frames: 0 };
    let mut heard =
        Heard { samples: Vec::new(), blocks: 0, most_waiting_ms: 0.0, waiting_ms: 0.0, fault: None, glitched: 0 };
    let mut block = [0.0; BLOCK_SAMPLES];
    for tick in 0..secs * 100 {
        // Out of step with the device by 3.7 ms.
        let now = Micros(tick * 10_000 + 3_700);
        driver.run::<T>(now);
        let mut wants_more = true;
        while wants_more && microphone.read(now, &mut block) {
            heard.blocks += 1;
            heard.samples.extend_from_slice(&block);
            wants_more = microphone.is_behind();
        }
        heard.waiting_ms = microphone.age().as_secs_f64() * 1e3;
        if tick > 500 {
            heard.most_waiting_ms = heard.most_waiting_ms.max(heard.waiting_ms);
        }
        heard.fault = heard.fault.or_else(|| microphone.take_fault());
    }
    heard.glitched = health.glitched_frames();
    heard
}

/// Level in dB of what is left of `samples` without the tone, against the tone; over windows of 20 ms, the median.
fn residue_db(samples: &[f32], tone_hz: f64) -> f64 {
    let mut ratios: Vec<f64> = samples.chunks_exact(960).map(|window| window_residue_db(window, tone_hz)).collect();
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

fn window_residue_db(window: &[f32], tone_hz: f64) -> f64 {
    let angle = |n: usize| TAU * tone_hz * n as f64 / 48_000.0;
    let project = |wave: &dyn Fn(f64) -> f64| {
        window.iter().enumerate().map(|(n, x)| f64::from(*x) * wave(angle(n))).sum::<f64>() * 2.0 / window.len() as f64
    };
    let (cosine, sine) = (project(&f64::cos), project(&f64::sin));
    let tone = (cosine * cosine + sine * sine) / 2.0;
    let left = window
        .iter()
        .enumerate()
        .map(|(n, x)| (f64::from(*x) - cosine * angle(n).cos() - sine * angle(n).sin()).powi(2));
    10.0 * (left.sum::<f64>() / window.len() as f64 / tone.max(1e-12)).log10()
}

fn tone_level(samples: &[f32]) -> f32 {
    samples.iter().fold(0.0, |most, sample| most.max(sample.abs()))
}

#[test]
fn devices_of_any_rate_and_with_any_channels_are_heard() {
    for (rate_hz, channels) in [(48_000, 1), (48_000, 2), (44_100, 2), (16_000, 1), (96_000, 2), (44_100, 6)] {
        let heard = hear::<f32>(Device::new(rate_hz, channels), 1_000.0, 20);
        assert!((1_995..=2_001).contains(&heard.blocks), "{rate_hz} Hz: {} blocks", heard.blocks);
        let steady = &heard.samples[48_000 * 16..];
        assert!((tone_level(steady) - 0.5).abs() < 0.01, "{rate_hz} Hz: {}", tone_level(steady));
        let residue = residue_db(steady, 1_000.0);
        assert!(residue < -50.0, "{rate_hz} Hz, {channels} channels: {residue:.1} dB");
        assert_eq!((heard.fault, heard.glitched), (None, 0));
    }
}

#[test]
fn sample_formats_are_converted() {
    let level = |heard: Heard| tone_level(&heard.samples[48_000..]);
    assert!((level(hear::<i16>(Device::new(48_000, 2), 1_000.0, 3)) - 0.5).abs() < 0.01);
    assert!((level(hear::<u8>(Device::new(48_000, 2), 1_000.0, 3)) - 0.5).abs() < 0.02);
    assert!((level(hear::<I24>(Device::new(44_100, 1), 1_000.0, 3)) - 0.5).abs() < 0.01);
}

#[test]
fn of_many_channels_the_one_with_the_microphone_is_heard() {
    let heard = hear::<f32>(Device { live_channel: Some(4), ..Device::new(48_000, 6) }, 1_000.0, 4);
    assert!((tone_level(&heard.samples[96_000..]) - 0.5).abs() < 0.01);
}

#[test]
fn what_is_no_number_is_silent() {
    let health = Arc::<StreamHealth>::default();
    let (mut callback, mut microphone) = RingMicrophone::new(48_000, 1, &health).unwrap();
    callback.write(&[f32::NAN, f32::INFINITY, -1e30, 1e30].repeat(300));
    let mut block = [f32::NAN; BLOCK_SAMPLES];
    assert!(microphone.read(Micros(1), &mut block));
    assert!(block.iter().all(|sample| sample.abs() <= 1.3), "the filter may ring a little");
}

#[test]
fn clocks_that_differ_neither_starve_nor_pile_up() {
    for drift_ppm in [-200.0, 200.0] {
        let device = Device { true_hz: 48_000.0 * (1.0 + drift_ppm / 1e6), ..Device::new(48_000, 1) };
        let heard = hear::<f32>(device, 1_000.0, 120);
        // A callback that slides behind the engine's tick is heard with the next one, every 50 s.
        assert!(heard.blocks.abs_diff(12_000) <= 5, "{drift_ppm} ppm: {} blocks", heard.blocks);
        // 24 ms of drift in all; what waits after a block is what a device's period needs, and the margin.
        assert!(heard.waiting_ms < 6.0, "{drift_ppm} ppm: {:.1} ms wait", heard.waiting_ms);
        assert!(heard.most_waiting_ms < 12.0, "{drift_ppm} ppm: {:.1} ms waited", heard.most_waiting_ms);
        let residue = residue_db(&heard.samples[48_000 * 60..], 1_000.0 * (1.0 + drift_ppm / 1e6));
        assert!(residue < -30.0, "{drift_ppm} ppm: {residue:.1} dB");
        assert_eq!((heard.fault, heard.glitched), (None, 0));
    }
}

#[test]
fn a_microphone_that_lies_about_its_rate_is_found_out() {
    let device = Device { true_hz: 44_100.0, ..Device::new(48_000, 1) };
    let heard = hear::<f32>(device, 1_000.0, 30);
    let Some(DeviceFault::WrongRate { claimed_hz: 48_000, measured_hz }) = heard.fault else {
        panic!("{:?}", heard.fault)
    };
    assert!(measured_hz.abs_diff(44_100) < 200, "{measured_hz}");
    let last = &heard.samples[heard.samples.len() - 48_000..];
    // Half a percent of pitch at most.
    let best = (995..=1_005).map(|hz| residue_db(last, f64::from(hz))).fold(0.0, f64::min);
    assert!(best < -20.0, "{best:.1} dB");
    assert!(heard.waiting_ms < 20.0, "{:.1} ms wait", heard.waiting_ms);
}

#[test]
fn a_microphone_without_a_clock_is_given_up() {
    let health = Arc::<StreamHealth>::default();
    let (mut callback, mut microphone) = RingMicrophone::new(48_000, 1, &health).unwrap();
    let mut block = [0.0; BLOCK_SAMPLES];
    for tick in 0..1_000 {
        callback.write(&[0.1_f32; 4_800]);
        microphone.read(Micros(tick * 10_000), &mut block);
    }
    assert!(health.absurd_hz().is_some_and(|hz| hz > 400_000));
    assert_eq!(microphone.take_fault(), None, "whoever closes the device tells");
}

#[test]
fn after_a_standstill_old_sound_is_left_out() {
    let health = Arc::<StreamHealth>::default();
    let (mut callback, mut microphone) = RingMicrophone::new(48_000, 1, &health).unwrap();
    let mut block = [0.0; BLOCK_SAMPLES];
    (0..100).for_each(|_| callback.write(&[0.1_f32; 480]));
    assert!(health.glitched_frames() > 0, "the ring is bounded");
    assert!(microphone.read(Micros(1_000_000), &mut block));
    assert!(microphone.age().as_millis() <= 20, "{:?}", microphone.age());
}

/// A speaker's driver, which takes what it needs and keeps it.
struct PlaybackDriver {
    callback: PlaybackCallback,
    channels: usize,
    period_frames: usize,
    true_hz: f64,
    frames: u64,
    played: Vec<f32>,
}

impl PlaybackDriver {
    fn run(&mut self, now: Micros) {
        let due = (now.0 as f64 / 1e6 * self.true_hz) as u64 / self.period_frames as u64 * self.period_frames as u64;
        while self.frames < due {
            let mut samples = vec![9.0_f32; self.period_frames * self.channels];
            assert_no_alloc(|| self.callback.fill(&mut samples));
            self.played.extend_from_slice(&samples);
            self.frames += self.period_frames as u64;
        }
    }
}

struct Played {
    samples: Vec<f32>,
    blocks: u64,
    glitched: u64,
    fault: Option<DeviceFault>,
    most_latency_ms: f64,
}

/// Plays a tone of 1 kHz for so long; the engine looks each millisecond.
fn play(device: Device, secs: u64) -> Played {
    let health = Arc::<StreamHealth>::default();
    let (callback, mut speaker) = RingSpeaker::new(device.claimed_hz, device.channels, &health).unwrap();
    let Device { true_hz, channels, period_frames, .. } = device;
    let channels = usize::from(channels);
    let mut driver = PlaybackDriver { callback, channels, period_frames, true_hz, frames: 0, played: Vec::new() };
    let (mut blocks, mut fault, mut most_latency_ms, mut glitched_at_start) = (0, None, 0.0_f64, 0);
    for millisecond in 0..secs * 1_000 {
        let now = Micros(millisecond * 1_000);
        for _ in 0..speaker.blocks_wanted(now) {
            let phase = |n: usize| TAU * 1_000.0 * (blocks * BLOCK_SAMPLES as u64 + n as u64) as f64 / 48_000.0;
            let block: StereoBlock = std::array::from_fn(|n| [0.5 * phase(n).sin() as f32, 0.0]);
            speaker.write(&block);
            blocks += 1;
        }
        // What a device takes at once is known from its first callbacks on.
        if millisecond < 1_000 {
            glitched_at_start = health.glitched_frames();
        } else {
            most_latency_ms = most_latency_ms.max(speaker.latency().as_secs_f64() * 1e3);
        }
        fault = fault.or_else(|| speaker.take_fault());
        driver.run(now);
    }
    Played {
        samples: driver.played,
        blocks,
        glitched: health.glitched_frames() - glitched_at_start,
        fault,
        most_latency_ms,
    }
}

#[test]
fn speakers_of_any_rate_and_with_any_channels_play() {
    for (rate_hz, channels, period_frames) in
        [(48_000, 2, 480), (44_100, 2, 441), (16_000, 1, 160), (96_000, 6, 960), (48_000, 2, 1_024), (44_100, 2, 256)]
    {
        let played = play(Device { period_frames, ..Device::new(rate_hz, channels) }, 5);
        assert_eq!((played.glitched, &played.fault), (0, &None), "{rate_hz} Hz, {period_frames} frames");
        assert!(played.blocks.abs_diff(500) <= 5, "{rate_hz} Hz: {} blocks", played.blocks);
        let period_ms = (period_frames as f64 * 1e3 / f64::from(rate_hz)).max(10.0);
        assert!(played.most_latency_ms <= 11.0 + period_ms, "{rate_hz} Hz: {:.1} ms", played.most_latency_ms);
        let channels = usize::from(channels);
        let first: Vec<f32> = played.samples.chunks_exact(channels).map(|frame| frame[0]).collect();
        let expected = if channels == 1 { 0.25 } else { 0.5 };
        let level = tone_level(&first[rate_hz as usize..]);
        assert!((level - expected).abs() < 0.01, "{rate_hz} Hz: {level}");
        assert!(played.samples.chunks_exact(channels).all(|frame| frame.iter().skip(1).all(|x| x.abs() < 1e-6)));
        assert!(clicks(&first[rate_hz as usize..]) < 1.3 * f64::from(expected) * TAU * 1_000.0 / f64::from(rate_hz));
    }
}

/// Largest step between two samples.
fn clicks(samples: &[f32]) -> f64 {
    samples.windows(2).map(|pair| f64::from((pair[1] - pair[0]).abs())).fold(0.0, f64::max)
}

#[test]
fn a_speakers_clock_is_followed() {
    for drift_ppm in [-200.0, 200.0] {
        let played = play(Device { true_hz: 48_000.0 * (1.0 + drift_ppm / 1e6), ..Device::new(48_000, 2) }, 120);
        assert_eq!((played.glitched, played.fault), (0, None));
        let expected = 12_000.0 * (1.0 + drift_ppm / 1e6);
        assert!((played.blocks as f64 - expected).abs() < 3.0, "{drift_ppm} ppm: {}", played.blocks);
        assert!(played.most_latency_ms < 21.0);
    }
}

#[test]
fn a_speaker_that_lies_about_its_rate_is_found_out() {
    let played = play(Device { true_hz: 44_100.0, ..Device::new(48_000, 2) }, 30);
    assert!(matches!(played.fault, Some(DeviceFault::WrongRate { .. })), "{:?}", played.fault);
    // From then on the engine runs at its own speed again.
    assert!(played.blocks.abs_diff(3_000) < 100, "{} blocks", played.blocks);
}

#[test]
fn a_gap_is_silent_and_does_not_click() {
    let health = Arc::<StreamHealth>::default();
    let (mut callback, mut speaker) = RingSpeaker::new(48_000, 2, &health).unwrap();
    let mut played = Vec::new();
    for period in 0..6 {
        if period != 3 {
            speaker.write(&[[0.5; 2]; BLOCK_SAMPLES]);
        }
        let mut samples = vec![0.0_f32; 2 * BLOCK_SAMPLES];
        assert_no_alloc(|| callback.fill(&mut samples));
        played.extend(samples.iter().step_by(2).copied());
    }
    assert_eq!(health.glitched_frames(), 480);
    assert!(clicks(&played) < 0.03, "{}", clicks(&played));
    assert!(played[4 * 480 - 1].abs() < 1e-6 && played[6 * 480 - 1] == 0.5);
}
