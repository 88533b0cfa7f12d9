use crate::rigs::{End, Rig};
use atrium_link::VoicePacket;
use atrium_protocol::{Micros, ParticipantId, VOICE_SLOTS};
use bytes::Bytes;
use std::time::Duration;

const FRAME: Duration = Duration::from_millis(20);

pub(super) fn packet(sequence: u16) -> VoicePacket {
    VoicePacket {
        sequence,
        timestamp: u32::from(sequence) * 960,
        marker: false,
        level_dbov: 23,
        captured: Some(Micros(1_790_000_000_123_456 + u64::from(sequence) * 20_000)),
        payload: Bytes::from(vec![sequence as u8; 80]),
    }
}

/// The capture time travels as 2⁻³² seconds.
fn is_same_capture(heard: &VoicePacket, sent: &VoicePacket) -> bool {
    heard.captured.zip(sent.captured).is_some_and(|(heard, sent)| heard.0.abs_diff(sent.0) <= 1)
}

pub(crate) fn the_server_hears_level_and_capture_time(rig: &mut impl Rig) {
    let spoken: Vec<VoicePacket> = (0..20)
        .map(|n| VoicePacket { level_dbov: (n * 6) as u8, marker: n == 0, ..packet(65_530_u16.wrapping_add(n)) })
        .collect();
    for packet in &spoken {
        rig.client_voice(packet).expect("a connection");
        rig.pass(FRAME);
    }
    rig.until("all packets", |rig| rig.voices(End::Server).len() >= spoken.len());
    for ((slot, speaker, heard), sent) in rig.voices(End::Server).iter().zip(&spoken) {
        assert_eq!((*slot, *speaker), (0, None), "the server knows who it is");
        assert!(is_same_capture(heard, sent), "{heard:?}");
        assert_eq!(&VoicePacket { captured: sent.captured, ..heard.clone() }, sent);
    }
}

pub(crate) fn the_client_hears_who_speaks_and_when_in_every_slot(rig: &mut impl Rig) {
    for slot in 0..VOICE_SLOTS as u8 {
        let (speaker, sent) = (ParticipantId(4_000_000_000 + u32::from(slot)), packet(u16::from(slot)));
        rig.server_voice(slot, speaker, &sent);
        rig.until("a packet", |rig| rig.voices(End::Client).len() > usize::from(slot));
        let (in_slot, by, heard) = rig.voices(End::Client).swap_remove(usize::from(slot));
        assert_eq!((in_slot, by), (slot, Some(speaker)));
        assert!(is_same_capture(&heard, &sent), "{heard:?}");
        assert_eq!((heard.level_dbov, heard.payload), (sent.level_dbov, sent.payload));
    }
}

pub(crate) fn slots_mark_new_speakers_and_go_on_without_a_jump(rig: &mut impl Rig) {
    let (first, second, other) = (ParticipantId(42), ParticipantId(4_000_000_000), ParticipantId(7));
    for n in 0..20_u16 {
        let (speaker, theirs) = if n < 10 { (first, packet(n)) } else { (second, packet(n.wrapping_mul(6_000))) };
        // The second speaker's own numbers jump about; only the first counts, the others follow it.
        let theirs = if n < 10 { theirs } else { VoicePacket { sequence: 40_000 + n, ..theirs } };
        rig.server_voice(3, speaker, &theirs);
        rig.server_voice(0, other, &packet(n));
        rig.pass(FRAME);
    }
    rig.until("all packets", |rig| rig.voices(End::Client).len() >= 40);
    let heard = rig.voices(End::Client);
    let in_slot = |wanted: u8| heard.iter().filter(move |(slot, ..)| *slot == wanted);
    assert!(in_slot(0).all(|(_, speaker, _)| *speaker == Some(other)));
    let speakers: Vec<_> = in_slot(3).filter_map(|(_, speaker, _)| *speaker).collect();
    assert_eq!(speakers, [[first; 10], [second; 10]].concat());
    let marked: Vec<usize> = in_slot(3).enumerate().filter(|(_, (.., voice))| voice.marker).map(|(n, _)| n).collect();
    assert_eq!(marked, [0, 10]);
    let sequences: Vec<u16> = in_slot(3).map(|(.., voice)| voice.sequence).collect();
    assert!(sequences.windows(2).all(|pair| pair[1] == pair[0].wrapping_add(1)), "{sequences:?}");
}
