//! Whole copies of packets travel in the padding of the next ones.

use crate::support::{START_US, Timed, carry, hear, send, words};
use atrium_protocol::Micros;
use atrium_voice::{
    Arrival, EncoderSettings, JitterBuffer, OpusDecoder, OpusEncoder, PacketInfo, Playout, VoicePacket,
};
use bytes::Bytes;

/// Two bits of the first byte: several frames or padding (RFC 6716, section 3.1).
fn is_padded(payload: &[u8]) -> bool {
    payload[0] & 3 == 3
}

fn speech(expected_loss_percent: u8) -> EncoderSettings {
    EncoderSettings { expected_loss_percent, ..EncoderSettings::speech() }
}

/// A word that fades away, as words end: the codec makes no coarse copies of such ends.
fn soft_speech() -> Vec<f32> {
    let mut samples = words(6.0);
    samples
        .iter_mut()
        .enumerate()
        .for_each(|(n, sample)| *sample *= 0.02 + 0.98 * (1.0 - (n % 48_000) as f32 / 48_000.0).powi(4));
    samples
}

fn is_after(pair: &[Timed]) -> bool {
    pair[1].1.timestamp.wrapping_sub(pair[0].1.timestamp) == 960
}

#[test]
fn every_frame_has_a_copy_while_losses_are_expected_and_none_otherwise() {
    let packets = send(&soft_speech(), speech(5), 0, 0);
    let is_dtx = |packet: &VoicePacket| PacketInfo::parse(&packet.payload).unwrap().is_dtx;
    let has_copy =
        |packet: &VoicePacket| is_padded(&packet.payload) || PacketInfo::parse(&packet.payload).unwrap().has_fec;
    let followed = packets.windows(2).filter(|pair| is_after(pair) && !is_dtx(&pair[0].1) && !is_dtx(&pair[1].1));
    let (with, without): (Vec<_>, Vec<_>) = followed.partition(|pair| has_copy(&pair[1].1));
    assert!(with.len() > 100 && without.is_empty(), "{} with, {} without", with.len(), without.len());
    assert!(with.iter().any(|pair| is_padded(&pair[1].1.payload)));
    assert!(send(&soft_speech(), speech(0), 0, 0).iter().all(|(_, packet)| !is_padded(&packet.payload)));
    let without_copies = EncoderSettings { fec: false, ..speech(5) };
    assert!(send(&soft_speech(), without_copies, 0, 0).iter().all(|(_, packet)| !is_padded(&packet.payload)));
}

#[test]
fn a_decoder_that_knows_nothing_of_copies_hears_the_same() {
    let packets = send(&soft_speech(), speech(5), 0, 0);
    assert!(packets.iter().filter(|(_, packet)| is_padded(&packet.payload)).count() > 20);
    let (mut padded, mut plain) = (OpusDecoder::new().unwrap(), OpusDecoder::new().unwrap());
    for (_, packet) in &packets {
        let (mut a, mut b) = ([[0.0; 2]; 960], [[0.0; 2]; 960]);
        padded.decode(&packet.payload, &mut a).unwrap();
        plain.decode(&stripped(&packet.payload), &mut b).unwrap();
        assert_eq!(a, b);
    }
}

/// The same packet without padding, taken apart by the codec's own library.
fn stripped(payload: &[u8]) -> Vec<u8> {
    let packet = opus::packet::parse(payload).unwrap();
    std::iter::once(packet.toc & !3).chain(packet.frames[0].iter().copied()).collect()
}

#[test]
fn single_losses_make_nothing_up_even_in_soft_speech() {
    let packets = send(&soft_speech(), speech(5), 0, 0);
    let heard = hear(&carry(packets, |n| if n % 7 == 3 { vec![] } else { vec![30_000] }), 6.0);
    let stats = heard.stats;
    assert!(stats.fec_recovered > 20, "{stats:?}");
    // Until the buffer knows that copies are worth waiting for, and where a pause begins or ends.
    assert!(stats.concealed_ms <= 100, "{stats:?}");
    assert!(stats.lost <= stats.fec_recovered + 5, "{stats:?}");
}

#[test]
fn what_comes_after_an_interruption_has_no_copy_of_what_was_before_it() {
    let mut encoder = OpusEncoder::new(EncoderSettings { dtx: false, ..speech(30) }).unwrap();
    let samples = soft_speech();
    let mut frames = samples[40_000..].chunks_exact(960);
    let mut encode = |encoder: &mut OpusEncoder| encoder.encode(frames.next().unwrap()).unwrap().unwrap().to_vec();
    let copies = (0..20).filter(|_| is_padded(&encode(&mut encoder))).count();
    assert!(copies > 0);
    for _ in 0..20 {
        encoder.interrupt();
        assert!(!is_padded(&encode(&mut encoder)));
    }
}

/// A packet that carries `before`.
fn carrying(sequence: u16, marker: bool, before: &[u8]) -> VoicePacket {
    let mut payload = vec![(9 << 3) | 3, 0x41, 1 + before.len() as u8, 0, 1, 2, 121 << 1];
    payload.extend_from_slice(before);
    packet(sequence, marker, payload)
}

fn packet(sequence: u16, marker: bool, payload: Vec<u8>) -> VoicePacket {
    let timestamp = u32::from(sequence) * 960;
    VoicePacket { sequence, timestamp, marker, speaker: None, captured: None, payload: payload.into() }
}

const BEFORE: [u8; 4] = [9 << 3, 0, 7, 7];

/// What is decoded once all is due.
fn decoded(buffer: &mut JitterBuffer) -> Vec<Bytes> {
    std::iter::from_fn(|| match buffer.pull(Micros(START_US + 1_000_000), 960) {
        Playout::Decode(payload) => Some(payload),
        _ => None,
    })
    .collect()
}

#[test]
fn a_copy_is_played_in_place_of_the_packet_and_counts_as_lost() {
    let mut buffer = JitterBuffer::default();
    buffer.push(Micros(START_US), packet(10, false, BEFORE.to_vec()));
    buffer.push(Micros(START_US + 40_000), carrying(12, false, &BEFORE));
    assert_eq!(decoded(&mut buffer).len(), 3);
    let stats = buffer.stats();
    assert_eq!((stats.lost, stats.copied, stats.received), (1, 1, 2));
    let straggler = packet(11, false, BEFORE.to_vec());
    assert_eq!(buffer.push(Micros(START_US + 1_000_000), straggler), Arrival::Late);
}

#[test]
fn a_packet_that_comes_before_its_copy_is_played_counts() {
    let mut buffer = JitterBuffer::default();
    buffer.push(Micros(START_US), carrying(12, false, &BEFORE));
    let late = packet(11, false, vec![9 << 3, 0, 1]);
    assert_eq!(buffer.push(Micros(START_US + 1_000), late.clone()), Arrival::Queued);
    assert_eq!(buffer.push(Micros(START_US + 2_000), late.clone()), Arrival::Duplicate);
    assert_eq!(decoded(&mut buffer).first(), Some(&late.payload));
    assert_eq!((buffer.stats().lost, buffer.stats().copied), (0, 0));
}

#[test]
fn copies_of_what_is_over_or_not_of_the_stream_are_left_out() {
    let mut buffer = JitterBuffer::default();
    buffer.push(Micros(START_US), packet(10, false, BEFORE.to_vec()));
    assert_eq!(decoded(&mut buffer).len(), 1);
    buffer.push(Micros(START_US + 20_000), carrying(11, false, &BEFORE));
    assert_eq!(decoded(&mut buffer).len(), 1, "the packet before was played");
    buffer.push(Micros(START_US + 60_000), carrying(13, true, &BEFORE));
    assert_eq!(decoded(&mut buffer).len(), 1, "a stream begins with its marker");
    assert_eq!(buffer.stats().copied, 0);
    buffer.push(Micros(START_US + 120_000), carrying(15, false, &[3, 3, 3]));
    decoded(&mut buffer);
    assert_eq!((buffer.stats().copied, buffer.stats().lost), (0, 1), "what is no packet is no copy");
}
