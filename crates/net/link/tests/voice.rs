use crate::support::Rig;
use atrium_link::{LinkEvent, OutgoingVoice, VoicePacket};
use atrium_protocol::{Micros, ParticipantId};
use bytes::Bytes;
use std::time::Duration;

fn packet(sequence: u16) -> VoicePacket {
    VoicePacket {
        sequence,
        timestamp: u32::from(sequence) * 960,
        marker: false,
        level_dbov: 23,
        captured: Some(Micros(1_790_000_000_123_456 + u64::from(sequence) * 20_000)),
        payload: Bytes::from(vec![sequence as u8; 80]),
    }
}

fn outgoing(sequence: u16) -> OutgoingVoice {
    OutgoingVoice::new(packet(sequence))
}

fn voices(events: &[LinkEvent]) -> Vec<(u8, Option<ParticipantId>, VoicePacket)> {
    let voice = |event: &LinkEvent| match event {
        LinkEvent::Voice { slot, speaker, packet } => Some((*slot, *speaker, packet.clone())),
        _ => None,
    };
    events.iter().filter_map(voice).collect()
}

#[test]
fn the_server_hears_level_and_capture_time() {
    let mut rig = Rig::connected();
    for sequence in 0..50 {
        rig.client.send_voice(rig.now, &packet(sequence));
        rig.run_for(Duration::from_millis(20));
    }
    let heard = voices(&rig.server_events);
    assert_eq!(heard.len(), 50);
    for (index, (_, _, voice)) in heard.iter().enumerate() {
        let sent = packet(index as u16);
        assert_eq!((voice.level_dbov, &voice.payload), (sent.level_dbov, &sent.payload));
        let captured = voice.captured.expect("a capture time");
        assert!(captured.0.abs_diff(sent.captured.expect("set above").0) <= 1);
    }
}

#[test]
fn slots_say_who_speaks_and_mark_changes() {
    let mut rig = Rig::connected();
    for sequence in 0..20u16 {
        let speaker = if sequence < 10 { ParticipantId(42) } else { ParticipantId(4_000_000_000) };
        rig.server.send_voice(rig.now, 3, speaker, &outgoing(sequence.wrapping_mul(if sequence < 10 { 1 } else { 7 })));
        rig.server.send_voice(rig.now, 0, ParticipantId(7), &outgoing(sequence));
        rig.run_for(Duration::from_millis(20));
    }
    rig.run_for(Duration::from_millis(50));
    let heard = voices(&rig.client_events);
    let in_slot = |wanted: u8| heard.iter().filter(move |(slot, ..)| *slot == wanted);
    assert_eq!(in_slot(0).count(), 20);
    assert!(in_slot(0).all(|(_, speaker, _)| *speaker == Some(ParticipantId(7))));
    let speakers: Vec<u32> = in_slot(3).filter_map(|(_, speaker, _)| speaker.map(|id| id.0)).collect();
    assert_eq!(speakers, [vec![42; 10], vec![4_000_000_000; 10]].concat());
    let marks: Vec<bool> = in_slot(3).map(|(_, _, voice)| voice.marker).collect();
    let expected: Vec<bool> = (0..20).map(|n| n == 0 || n == 10).collect();
    assert_eq!(marks, expected);
}
