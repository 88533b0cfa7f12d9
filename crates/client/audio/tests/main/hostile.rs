//! Whatever arrives, and whatever a device gives, ears are safe.

use crate::support::{ANNA, Meeting, tone, words};
use atrium_audio::{BLOCK, Listener, Mouth, SoundCommand, SoundCore, SoundScene};
use atrium_protocol::{Micros, ParticipantId};
use atrium_spatial::Hrtf;
use atrium_voice::VoicePacket;
use glam::{Quat, Vec3};
use proptest::prelude::*;

#[test]
fn opus_of_random_bytes_is_no_loud_noise() {
    let mut meeting = Meeting::new();
    meeting.pass(2.0, words);
    let speech_db = meeting.level_db(1.0);
    // A first byte that is possible, then noise; each packet decodes to something.
    meeting.spoil = |mut packet| {
        let mut state = u32::from(packet.sequence).wrapping_mul(2_654_435_761) | 1;
        let toc = [0x78, 0xf8, 0x48, 0x98][usize::from(packet.sequence / 50) % 4];
        let noise = std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            (state >> 8) as u8
        });
        packet.payload = std::iter::once(toc).chain(noise.take(120)).collect();
        packet
    };
    let mut loudest_db = f32::MIN;
    for _ in 0..60 {
        meeting.pass(0.1, tone);
        loudest_db = loudest_db.max(meeting.level_db(0.1));
    }
    assert!(loudest_db < speech_db + 12.0, "speech {speech_db} dB, noise {loudest_db} dB");
    assert!(loudest_db < -11.0, "{loudest_db} dB");
}

fn any_packet() -> impl Strategy<Value = (u8, u64, VoicePacket)> {
    let payload = prop::collection::vec(any::<u8>(), 0..80);
    let numbers = (any::<u8>(), 0..60_000_u64, 0..40_u16, any::<u32>(), any::<bool>(), 0..4_u32);
    (numbers, payload).prop_map(|((slot, wait_us, sequence, timestamp, marker, speaker), payload)| {
        let speaker = (speaker > 0).then_some(ParticipantId(speaker));
        let packet = VoicePacket { sequence, timestamp, marker, speaker, captured: None, payload: payload.into() };
        (slot % 10, wait_us, packet)
    })
}

fn any_number() -> impl Strategy<Value = f32> {
    prop_oneof![4 => -20.0_f32..20.0, 1 => Just(f32::NAN), 1 => Just(f32::INFINITY), 1 => any::<f32>()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_packets_and_any_places(
        packets in prop::collection::vec(any_packet(), 1..40),
        places in prop::collection::vec((any_number(), any_number(), any_number()), 1..8),
        microphone in prop::collection::vec(any_number(), 480),
    ) {
        let mut core = SoundCore::new(Hrtf::mit_kemar()).unwrap();
        let mut now = Micros(1_000_000);
        for (index, (slot, wait_us, packet)) in packets.into_iter().enumerate() {
            now = Micros(now.0 + wait_us);
            core.hear(slot, now, packet);
            let (x, y, z) = places[index % places.len()];
            let ears = Listener { position: Vec3::new(z, x, y), room_from_head: Quat::from_xyzw(x, y, z, 1.0) };
            let mouth = Mouth { facing: Vec3::new(y, z, x), occlusion: y, ..Mouth::new(ParticipantId(1), Vec3::new(x, y, z)) };
            core.place(SoundScene { ears, mouths: vec![mouth] });
            core.command(now, SoundCommand::Volume { person: ANNA, gain: x }).unwrap();
            let mut output = [[f32::NAN; 2]; 480];
            core.render(now, BLOCK, &mut output);
            prop_assert!(output.iter().flatten().all(|x| x.abs() <= 1.0));
            let mut block: [f32; 480] = std::array::from_fn(|n| microphone[n]);
            core.capture(now, now - BLOCK, &mut block);
            prop_assert!(block.iter().all(|x| x.abs() <= 1.0));
            while core.next_packet().is_some() {}
            while core.next_event().is_some() {}
        }
    }
}
