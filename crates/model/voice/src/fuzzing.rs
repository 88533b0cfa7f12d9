//! What must hold for any packets from the network, as a function that panics where it does not.
//!
//! The fuzz target in `fuzz/` calls it, and so does the short run over random input in the tests.

use crate::{JITTER_PACKETS, JitterBuffer, JitterSettings, VoicePacket, VoiceReceiver};
use atrium_protocol::{Micros, ParticipantId};

/// Most sound that one input may ask for, so that every input ends soon.
const MOST_PULLS: usize = 2_000;

/// A script of packets and of sound that is asked for. It is a row of records: a byte that says which, a byte of length
/// or time, and for packets what the header has changed, and the payload.
///
/// # Panics
/// When sound is not within −1…1, or more is kept than a jitter buffer may hold.
pub fn receiver(mut bytes: &[u8]) {
    let Ok(mut receiver) = VoiceReceiver::new(JitterSettings::default()) else { return };
    let mut buffer = JitterBuffer::default();
    let mut now_us = 1_000_000;
    let (mut sequence, mut timestamp) = (0_u16, 0_u32);
    let mut pulls = 0;
    while let [kind, value, rest @ ..] = bytes {
        bytes = rest;
        match kind % 4 {
            0 => now_us += u64::from(*value) * 1_000,
            1 if pulls < MOST_PULLS => {
                pulls += 1;
                check_pull(&mut receiver, Micros(now_us), usize::from(*value) * 10);
                buffer.pull(Micros(now_us), usize::from(*value));
                now_us += 10_000;
            }
            1 => return,
            2 => {
                // The next packet in order.
                (sequence, timestamp) = (sequence.wrapping_add(1), timestamp.wrapping_add(960));
                let packet = take_packet(&mut bytes, *value, sequence, timestamp);
                buffer.push(Micros(now_us), packet.clone());
                receiver.push(Micros(now_us), packet);
            }
            _ => {
                let [steps, ticks, rest @ ..] = bytes else { return };
                bytes = rest;
                sequence = sequence.wrapping_add_signed(i16::from(*steps as i8) * (1 + i16::from(*value)));
                timestamp = timestamp.wrapping_add_signed(i32::from(*ticks as i8) * 120 * (1 + i32::from(*value)));
            }
        }
        assert!(buffer.len() <= JITTER_PACKETS);
    }
}

/// Takes a byte of flags and as many bytes of payload as there are and `length` says.
fn take_packet(bytes: &mut &[u8], length: u8, sequence: u16, timestamp: u32) -> VoicePacket {
    let (flags, rest) = bytes.split_first().map_or((0, *bytes), |(flags, rest)| (*flags, rest));
    let (payload, rest) = rest.split_at(usize::from(length).min(rest.len()));
    *bytes = rest;
    VoicePacket {
        sequence,
        timestamp,
        marker: flags & 1 != 0,
        speaker: Some(ParticipantId(u32::from(flags >> 6))),
        captured: (flags & 2 != 0).then(|| Micros(u64::from(timestamp) << (flags >> 2 & 0x1f))),
        payload: bytes::Bytes::copy_from_slice(payload),
    }
}

fn check_pull(receiver: &mut VoiceReceiver, now: Micros, count: usize) {
    let mut samples = vec![[f32::NAN; 2]; count];
    receiver.pull_stereo(now, &mut samples);
    assert!(samples.iter().flatten().all(|sample| sample.abs() <= 1.0), "sound over full scale");
    let _ = (receiver.captured(), receiver.stats(), receiver.speaker());
}
