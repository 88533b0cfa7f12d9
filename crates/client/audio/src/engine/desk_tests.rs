//! The engine at devices without a clock of their own, on virtual time.

use super::core::SoundCore;
use super::desk::Desk;
use super::{SoundCommand, SoundEvent, SpokenPacket, VoiceMode};
use crate::block::{BLOCK_SAMPLES, SAMPLE_RATE_HZ};
use crate::device::{Cable, DeviceFault, FileMicrophone, FileSpeaker, Microphone, News, Sink, Speaker};
use crate::{DeviceSide, UplinkSettings};
use atrium_protocol::{Micros, ParticipantId};
use atrium_spatial::Hrtf;
use atrium_voice::{EncoderSettings, OpusEncoder, VoicePacket};
use bytes::Bytes;
use std::f32::consts::TAU;
use std::path::Path;
use std::time::Duration;

const START: Micros = Micros(5_000_000);

fn desk() -> Desk {
    let mut core = SoundCore::new(Hrtf::mit_kemar()).unwrap();
    core.command(START, SoundCommand::Clean(UplinkSettings::headphones().for_music())).unwrap();
    Desk::new(core)
}

fn ready<End>(end: End) -> News<End> {
    News::Ready { end, name: "test".into(), had_fault: false }
}

/// Ten seconds of a signal, as a file.
fn write_file(path: &Path, signal: impl Fn(u32) -> f32) {
    let format = hound::WavSpec {
        channels: 1,
        sample_rate: SAMPLE_RATE_HZ,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, format).unwrap();
    for n in 0..10 * SAMPLE_RATE_HZ {
        writer.write_sample((signal(n) * 32_767.0) as i16).unwrap();
    }
    writer.finalize().unwrap();
}

fn tone(n: u32) -> f32 {
    0.3 * (n as f32 * 0.07).sin()
}

/// A chirp of 50 ms each second. A hum and half a second of silence after each burst, as speech has pauses.
fn bursts(n: u32) -> f32 {
    let in_second = n % SAMPLE_RATE_HZ;
    let is_humming = in_second < SAMPLE_RATE_HZ / 2;
    let hum = if is_humming { 0.05 * (TAU * 150.0 * n as f32 / SAMPLE_RATE_HZ as f32).sin() } else { 0.0 };
    if in_second < 2_400 { hum + 0.4 * chirp(in_second as f32) } else { hum }
}

/// 500…3,000 Hz in 50 ms.
fn chirp(n: f32) -> f32 {
    (TAU * (500.0 + 2_500.0 * n / 4_800.0) * n / SAMPLE_RATE_HZ as f32).sin()
}

/// By how many samples `heard` is later than the bursts, where they fit best, for the burst in each second.
fn delays_ms(heard: &[f32], seconds: std::ops::Range<usize>) -> Vec<f32> {
    let burst: Vec<f32> = (0..2_400).map(|n| chirp(n as f32)).collect();
    let fit = |at: usize| burst.iter().zip(&heard[at..]).map(|(a, b)| a * b).sum::<f32>();
    let best = |second: usize| {
        let from = second * SAMPLE_RATE_HZ as usize;
        (from..from + 9_600).max_by(|a, b| fit(*a).total_cmp(&fit(*b))).unwrap() - from
    };
    seconds.map(|second| best(second) as f32 / 48.0).collect()
}

/// Mouth to ear in ms, p50 and the most: one engine's file microphone to the other one's file speaker, without a network
/// between. The listener's periods begin `phase_ms` after the speaker's.
fn mouth_to_ear_ms(mode: VoiceMode, phase_ms: u64) -> (f32, f32) {
    let folder = tempfile::tempdir().unwrap();
    let (spoken, heard) = (folder.path().join("spoken.wav"), folder.path().join("heard.wav"));
    write_file(&spoken, bursts);
    let (mut anna, mut ben) = (desk(), desk());
    anna.core.command(START, SoundCommand::Speak(mode)).unwrap();
    let (mut spoken_since, mut heard_since) = (None, None);
    let mut sequence = 0;
    for millisecond in 0..9_500 {
        let now = START + Duration::from_millis(millisecond);
        if millisecond == 0 {
            anna.change_speaker(ready(Speaker::null()));
            anna.change_microphone(ready(Microphone::File(Box::new(FileMicrophone::open(&spoken, false).unwrap()))));
        }
        if millisecond == phase_ms {
            let file = FileSpeaker::create(&heard).unwrap();
            ben.change_speaker(ready(Speaker::paced(Sink::File(Box::new(file)))));
        }
        let mut packets = Vec::new();
        anna.tick(now, &mut |packet| packets.push(packet));
        for packet in packets {
            ben.core.hear(0, now, arriving(packet, sequence));
            sequence += 1;
        }
        if millisecond >= phase_ms {
            ben.tick(now, &mut |_| {});
        }
        for event in anna.drain_events().chain(ben.drain_events()) {
            match event {
                SoundEvent::DeviceReady { side: DeviceSide::Microphone, since, .. } => spoken_since = Some(since),
                SoundEvent::DeviceReady { side: DeviceSide::Speaker, since, name, .. } if name == "test" => {
                    heard_since = Some(since);
                }
                _ => {}
            }
        }
    }
    drop(ben);
    let mut reader = hound::WavReader::open(&heard).unwrap();
    let samples: Vec<f32> = reader.samples::<i16>().step_by(2).map(|x| f32::from(x.unwrap()) / 32_768.0).collect();
    let offset_ms = (heard_since.unwrap().0 as f32 - spoken_since.unwrap().0 as f32) / 1e3;
    let mut delays: Vec<f32> = delays_ms(&samples, 3..9).into_iter().map(|delay| delay + offset_ms).collect();
    delays.sort_by(f32::total_cmp);
    (delays[delays.len() / 2], delays[delays.len() - 1])
}

fn arriving(packet: SpokenPacket, sequence: u16) -> VoicePacket {
    VoicePacket {
        sequence,
        timestamp: packet.timestamp,
        marker: false,
        speaker: Some(ParticipantId(3)),
        captured: None,
        payload: packet.payload,
    }
}

#[test]
fn mouth_to_ear_is_short() {
    for phase_ms in [0, 3, 7] {
        let (p50, most) = mouth_to_ear_ms(VoiceMode::Speech, phase_ms);
        println!("speech, {phase_ms} ms out of step: p50 {p50:.1} ms, most {most:.1} ms");
        assert!((35.0..=60.0).contains(&p50) && most <= 70.0, "{phase_ms}: {p50} {most}");
        let (p50, most) = mouth_to_ear_ms(VoiceMode::LowDelay, phase_ms);
        println!("low delay, {phase_ms} ms out of step: p50 {p50:.1} ms, most {most:.1} ms");
        assert!((20.0..=45.0).contains(&p50) && most <= 50.0, "{phase_ms}: {p50} {most}");
    }
}

/// Ticks for so long; gives packets with sound, and what was told.
fn run(desk: &mut Desk, now: &mut Micros, millis: u64) -> (usize, Vec<SoundEvent>) {
    let (mut packets, mut events) = (0, Vec::new());
    for _ in 0..millis {
        *now = *now + Duration::from_millis(1);
        desk.tick(*now, &mut |packet| packets += usize::from(packet.payload.len() > 2));
        events.extend(
            desk.drain_events()
                .filter(|event| matches!(event, SoundEvent::DeviceReady { .. } | SoundEvent::DeviceProblem { .. })),
        );
    }
    (packets, events)
}

fn tone_cable() -> Cable {
    let cable = Cable::new();
    play_tone(&cable);
    cable
}

fn play_tone(cable: &Cable) {
    cable.play(&std::array::from_fn(|n| [tone(n as u32); 2]));
}

#[test]
fn what_arrives_with_the_room_for_a_block_is_in_that_block() {
    let mut desk = desk();
    let mut spoken = tone_packets();
    for millisecond in 0..8_000 {
        let now = START + Duration::from_millis(millisecond);
        // With the room for a block, and so a little too late for it if it were made at once.
        if millisecond % 20 == 0 {
            let packet = arriving(spoken.next().unwrap(), (millisecond / 20) as u16);
            // When a pause ends, sound begins with as little delay as is needed by then.
            if !(5_000..6_000).contains(&millisecond) {
                desk.core.hear(0, now, packet);
            }
        }
        desk.tick(now, &mut |_| {});
    }
    let delays: Vec<_> = desk
        .drain_events()
        .filter_map(|event| if let SoundEvent::Playout { delay, .. } = event { Some(delay) } else { None })
        .collect();
    let last = delays.last().unwrap().as_secs_f32() * 1e3;
    assert!((9.0..=13.0).contains(&last), "{last} ms from the packet to the ear");
}

/// What somebody says who sings a tone.
fn tone_packets() -> impl Iterator<Item = SpokenPacket> {
    let mut encoder = OpusEncoder::new(EncoderSettings { dtx: false, ..EncoderSettings::speech() }).unwrap();
    (0_u32..).map(move |n| {
        let frame: Vec<f32> = (0..960).map(|index| tone(n * 960 + index)).collect();
        let payload = Bytes::copy_from_slice(encoder.encode(&frame).unwrap().unwrap());
        SpokenPacket { timestamp: n * 960, marker: n == 0, level_dbov: 20, age: Duration::from_millis(20), payload }
    })
}

#[test]
fn a_microphone_may_be_taken_away_and_given_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spoken.wav");
    write_file(&path, tone);
    let microphone = || Microphone::File(Box::new(FileMicrophone::open(&path, true).unwrap()));
    let (mut desk, mut now) = (desk(), START);
    desk.change_microphone(ready(microphone()));
    let (packets, events) = run(&mut desk, &mut now, 1_001);
    assert_eq!(packets, 50);
    assert!(matches!(&events[..], [SoundEvent::DeviceReady { side: DeviceSide::Microphone, is_recovery: false, .. }]));

    desk.change_microphone(News::Lost(DeviceFault::Gone));
    let (packets, events) = run(&mut desk, &mut now, 1_000);
    assert_eq!(packets, 0);
    let [SoundEvent::DeviceProblem { side: DeviceSide::Microphone, fault }] = &events[..] else { panic!("{events:?}") };
    assert!(fault.to_string().contains("plug it in again"), "{fault}");

    desk.change_microphone(News::Ready { end: microphone(), name: "again".into(), had_fault: true });
    let (packets, events) = run(&mut desk, &mut now, 1_000);
    assert!((49..=51).contains(&packets), "{packets}");
    assert!(matches!(&events[..], [SoundEvent::DeviceReady { is_recovery: true, .. }]), "{events:?}");
}

#[test]
fn without_a_speaker_one_is_still_heard() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spoken.wav");
    write_file(&path, tone);
    let (mut desk, mut now) = (desk(), START);
    desk.change_microphone(ready(Microphone::File(Box::new(FileMicrophone::open(&path, true).unwrap()))));
    desk.change_speaker(News::Lost(DeviceFault::NotFound));
    let (packets, events) = run(&mut desk, &mut now, 2_000);
    assert!((98..=100).contains(&packets), "{packets}");
    assert!(matches!(
        &events[..],
        [SoundEvent::DeviceProblem { side: DeviceSide::Speaker, .. }, SoundEvent::DeviceReady { .. }]
    ));
}

#[test]
fn a_standstill_of_the_machine_is_survived() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spoken.wav");
    write_file(&path, tone);
    let (mut desk, mut now) = (desk(), START);
    desk.change_microphone(ready(Microphone::File(Box::new(FileMicrophone::open(&path, true).unwrap()))));
    run(&mut desk, &mut now, 1_000);
    now = now + Duration::from_secs(3_600);
    let (packets, _) = run(&mut desk, &mut now, 1_000);
    assert!((49..=52).contains(&packets), "{packets}");
}

#[test]
fn files_of_any_kind_are_microphones() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spoken.wav");
    for (rate_hz, channels, bits, format) in [
        (44_100, 2, 16, hound::SampleFormat::Int),
        (16_000, 1, 24, hound::SampleFormat::Int),
        (96_000, 6, 32, hound::SampleFormat::Float),
        (48_000, 1, 8, hound::SampleFormat::Int),
    ] {
        let spec = hound::WavSpec { channels, sample_rate: rate_hz, bits_per_sample: bits, sample_format: format };
        let mut writer = hound::WavWriter::create(&path, spec).unwrap();
        for n in 0..rate_hz * u32::from(channels) {
            let value = 0.5 * (TAU * 400.0 * (n / u32::from(channels)) as f32 / rate_hz as f32).sin();
            match format {
                hound::SampleFormat::Float => writer.write_sample(value).unwrap(),
                hound::SampleFormat::Int => {
                    writer.write_sample((value * 2.0_f32.powi(i32::from(bits) - 1)) as i32).unwrap()
                }
            }
        }
        writer.finalize().unwrap();
        let mut once = FileMicrophone::open(&path, false).unwrap();
        let mut again = FileMicrophone::open(&path, true).unwrap();
        let (mut heard_once, mut heard_again) = (Vec::new(), Vec::new());
        for _ in 0..150 {
            let mut block = [0.0; BLOCK_SAMPLES];
            once.next_block(&mut block);
            heard_once.extend(block);
            again.next_block(&mut block);
            heard_again.extend(block);
        }
        let most = |samples: &[f32]| samples.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        assert!((most(&heard_once[4_800..43_000]) - 0.5).abs() < 0.02, "{rate_hz} Hz");
        assert!(most(&heard_once[50_000..]) < 1e-6, "{rate_hz} Hz: silence behind the end");
        assert!((most(&heard_again[50_000..]) - 0.5).abs() < 0.05, "{rate_hz} Hz: again");
        let crossings = heard_once[4_800..43_200].windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count();
        assert!(crossings.abs_diff(320) <= 1, "{rate_hz} Hz: {crossings} of 400 Hz in 0.8 s");
    }
}

#[test]
fn files_that_cannot_be_heard_give_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("text.wav");
    std::fs::write(&path, "this is no sound").unwrap();
    for path in [path, folder.path().join("missing.wav")] {
        let fault = FileMicrophone::open(&path, false).unwrap_err();
        assert!(fault.to_string().contains(&path.display().to_string()), "{fault}");
    }
}

#[test]
fn a_cable_brings_one_engines_speaker_to_anothers_microphone() {
    let cable = tone_cable();
    let (mut desk, mut now) = (desk(), START);
    desk.change_microphone(ready(Microphone::Cable(cable.clone())));
    let mut packets = 0;
    for _ in 0..100 {
        play_tone(&cable);
        packets += run(&mut desk, &mut now, 10).0;
    }
    assert!((48..=50).contains(&packets), "{packets}");
    let other = Cable::new();
    assert!(cable != other && cable == cable.clone());
}
