//! Whatever arrives, the listener gets harmless sound, and memory stays bounded.

use crate::support::{Noise, START_US, Timed, carry, hear, hear_with, send, share_of_power_at, tone};
use atrium_protocol::{Micros, ParticipantId};
use atrium_voice::{
    EncoderSettings, JITTER_PACKETS, JitterBuffer, JitterSettings, OpusDecoder, Playout, VoicePacket, VoiceReceiver,
};
use proptest::prelude::*;

#[test]
fn garbage_between_packets_is_counted_and_not_heard() {
    let packets = send(&tone(440.0, 4.0), EncoderSettings::default(), 0, 0);
    let clean = carry(packets.clone(), |_| vec![30_000]);
    let mut dirty = clean.clone();
    let mut noise = Noise(11);
    for (arrival_us, packet) in &clean {
        // 40 bytes that are three frames of 60 ms: more than a packet may have.
        let mut payload: Vec<u8> = (0..40).map(|_| (noise.share() * 256.0) as u8).collect();
        payload[..2].copy_from_slice(&[0x5b, 0x03]);
        let sequence = packet.sequence.wrapping_add(1);
        dirty.push((*arrival_us + 1, VoicePacket { sequence, payload: payload.into(), ..packet.clone() }));
    }
    dirty.sort_by_key(|(arrival_us, _)| *arrival_us);
    let (clean, dirty) = (hear(&clean, 4.5), hear(&dirty, 4.5));
    assert_eq!(dirty.stats.invalid, 200);
    assert_eq!(clean.samples, dirty.samples);
}

/// Packets whose frames are well-formed and full of nonsense, in place of those for which `is_garbage` says so.
fn with_garbage(packets: Vec<Timed>, is_garbage: impl Fn(usize) -> bool) -> Vec<Timed> {
    let mut noise = Noise(23);
    let spoil = |(index, (at_us, packet)): (usize, Timed)| {
        if !is_garbage(index) {
            return (at_us, packet);
        }
        let mut payload: Vec<u8> = (0..60 + index % 40).map(|_| (noise.share() * 256.0) as u8).collect();
        // One frame of 20 ms: SILK, hybrid, CELT, mono or stereo.
        payload[0] = [9 << 3, 15 << 3, 31 << 3, (31 << 3) | 4][index % 4];
        (at_us, VoicePacket { payload: payload.into(), ..packet })
    };
    packets.into_iter().enumerate().map(spoil).collect()
}

#[test]
fn nonsense_is_bounded_and_over_at_once() {
    let packets = send(&tone(440.0, 6.0), EncoderSettings::default(), 0, 0);
    let spoilt = with_garbage(packets, |index| (100..150).contains(&index));
    let heard = hear(&carry(spoilt, |_| vec![30_000]), 6.0);
    assert!(heard.samples.iter().all(|x| x.abs() <= 1.0));
    let after = &heard.samples[3 * 48_000 + 24_000..5 * 48_000 + 24_000];
    assert!(share_of_power_at(440.0, after) > 0.9, "{}", share_of_power_at(440.0, after));
    assert!(after.iter().all(|x| x.abs() < 0.5), "no echo of it stays");
}

#[test]
fn packets_that_the_codec_refuses_become_fades() {
    let packets = send(&tone(440.0, 6.0), EncoderSettings::default(), 0, 0);
    // A frame of 60 ms of SILK with two bytes too few is well-formed, and none for the codec.
    let refused = packets.into_iter().enumerate().map(|(index, (at_us, packet))| {
        let is_spoilt = index > 100 && index % 5 == 0;
        let payload =
            if is_spoilt { bytes::Bytes::from_static(&[0x03, 0x41, 0xff, 0xff]) } else { packet.payload.clone() };
        (at_us, VoicePacket { payload, ..packet })
    });
    let heard = hear(&carry(refused.collect(), |_| vec![30_000]), 6.0);
    assert!(heard.stats.invalid >= 35, "{} refused", heard.stats.invalid);
    assert!(crate::support::largest_step(&heard.samples) < 0.06, "{}", crate::support::largest_step(&heard.samples));
    assert!(heard.samples.iter().all(|x| x.abs() < 0.5));
}

#[test]
fn an_hour_of_silence_is_silent_and_a_voice_after_it_is_heard() {
    let mut receiver = VoiceReceiver::new(JitterSettings::default()).unwrap();
    let first = carry(send(&tone(440.0, 1.0), EncoderSettings::default(), 0, 0), |_| vec![30_000]);
    hear_with(&mut receiver, &first, 2.0, |_| {});
    let mut block = [1.0; 480];
    for n in 200..360_000 {
        receiver.pull(Micros(START_US + n * 10_000), &mut block);
        assert!(block.iter().all(|x| *x == 0.0));
    }
    // Timestamps count the hour, sequence numbers only what was sent.
    let hour_us = 3_600_000_000;
    let packets = send(&tone(440.0, 3.0), EncoderSettings::default(), 50, 3_600 * 48_000);
    let arrivals: Vec<Timed> = carry(packets, |_| vec![hour_us + 30_000]);
    let mut samples = Vec::new();
    for n in 0..300 {
        let now_us = START_US + hour_us + n * 10_000;
        arrivals.iter().filter(|(at_us, _)| (now_us - 10_000..now_us).contains(at_us)).for_each(|(at_us, packet)| {
            receiver.push(Micros(*at_us), packet.clone());
        });
        receiver.pull(Micros(now_us), &mut block);
        samples.extend(block);
    }
    assert!(share_of_power_at(440.0, &samples[24_000..120_000]) > 0.9);
}

#[test]
fn a_flood_fills_no_memory() {
    let packets = send(&tone(440.0, 4.0), EncoderSettings::default(), 0, 0);
    let mut buffer = JitterBuffer::default();
    for (_, packet) in &packets {
        buffer.push(Micros(START_US), packet.clone());
        assert!(buffer.len() <= JITTER_PACKETS);
    }
    assert_eq!(buffer.stats().skipped, 200 - JITTER_PACKETS as u64);
    assert!(buffer.delay(Micros(START_US), 0).is_none());
    let Playout::Decode(first) = buffer.pull(Micros(START_US + 300_000), 960) else { panic!("it plays") };
    let position = packets.iter().position(|(_, packet)| packet.payload == first).unwrap();
    assert!(position >= 185, "it catches up with the newest: {position}");
}

fn any_packet() -> impl Strategy<Value = VoicePacket> {
    let sequence = prop_oneof![8 => 0_u16..40, 1 => 65_500_u16..=65_535, 1 => any::<u16>()];
    let timestamp = prop_oneof![8 => (0_u32..40).prop_map(|n| n * 960), 2 => any::<u32>()];
    let first = prop_oneof![4 => Just(0x48_u8), 4 => Just(0x78), 1 => Just(0xf8), 2 => any::<u8>()];
    let payload = (first, prop::collection::vec(any::<u8>(), 0..80))
        .prop_map(|(first, rest)| [&[first], &rest[..]].concat().into());
    (sequence, timestamp, prop::bool::weighted(0.05), 0..3_u32, payload).prop_map(
        |(sequence, timestamp, marker, speaker, payload)| VoicePacket {
            captured: (sequence % 3 > 0).then_some(Micros(u64::from(timestamp))),
            sequence,
            timestamp,
            marker,
            speaker: (speaker > 0).then_some(ParticipantId(speaker)),
            payload,
        },
    )
}

#[derive(Clone, Debug)]
enum Step {
    Push(VoicePacket),
    Pull(usize),
    Wait(u64),
    Reset,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        10 => any_packet().prop_map(Step::Push),
        6 => prop_oneof![Just(960), Just(480), 0..3_000_usize].prop_map(Step::Pull),
        6 => prop_oneof![8 => 0..40_000_u64, 1 => any::<u64>()].prop_map(Step::Wait),
        1 => Just(Step::Reset),
    ]
}

proptest! {
    #[test]
    fn any_packets_at_any_time(steps in prop::collection::vec(any_step(), 0..150)) {
        let mut receiver = VoiceReceiver::new(JitterSettings::default()).unwrap();
        let mut buffer = JitterBuffer::default();
        let mut now_us = START_US;
        for step in steps {
            match step {
                Step::Push(packet) => {
                    buffer.push(Micros(now_us), packet.clone());
                    receiver.push(Micros(now_us), packet);
                }
                Step::Pull(count) => {
                    if let Playout::Conceal { samples } | Playout::DecodeFec { samples, .. } = buffer.pull(Micros(now_us), 960) {
                        prop_assert!((120..=5_760).contains(&samples) && samples % 120 == 0);
                    }
                    let mut samples = vec![f32::NAN; count];
                    receiver.pull(Micros(now_us), &mut samples);
                    prop_assert!(samples.iter().all(|x| x.abs() <= 1.0));
                }
                Step::Wait(us) => now_us = now_us.wrapping_add(us),
                Step::Reset => {
                    buffer.reset();
                    receiver.reset();
                }
            }
            prop_assert!(buffer.len() <= JITTER_PACKETS);
            prop_assert!((5..=200).contains(&buffer.target_delay().as_millis()));
            receiver.stats();
        }
    }

    #[test]
    fn any_payload(payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..1_300), 1..8)) {
        let mut decoder = OpusDecoder::new().unwrap();
        let mut samples = vec![[0.0; 2]; 5_760];
        for payload in payloads {
            if let Ok(count) = decoder.decode(&payload, &mut samples) {
                prop_assert!(count <= 5_760);
            }
            let _ = decoder.decode_fec(&payload, &mut samples[..960]);
            prop_assert!(samples.iter().flatten().all(|x| x.abs() <= 1.0));
        }
    }
}
