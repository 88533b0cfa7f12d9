//! Sound goes through the codec and stays what it was.

use crate::support::{send, share_of_power_at, tone, tone_snr_db, words};
use atrium_voice::{
    EncoderMode, EncoderSettings, FrameDuration, OpusDecoder, OpusEncoder, PacketInfo, VoiceError, level_dbov,
};

fn decode_all(packets: &[crate::support::Timed]) -> Vec<f32> {
    let mut decoder = OpusDecoder::new().unwrap();
    let mut samples = vec![[0.0; 2]; 5_760];
    let mut heard = Vec::new();
    for (_, packet) in packets {
        let count = decoder.decode(&packet.payload, &mut samples).unwrap();
        heard.extend(samples[..count].iter().map(|[left, _]| left));
    }
    heard
}

#[test]
fn a_tone_stays_itself_at_every_bitrate() {
    for (bitrate_bps, frame) in
        [(24_000, FrameDuration::Ms20), (32_000, FrameDuration::Ms20), (32_000, FrameDuration::Ms10)]
    {
        // Where losses are expected, copies come on top.
        let settings = EncoderSettings { bitrate_bps, frame, expected_loss_percent: 0, ..EncoderSettings::default() };
        let packets = send(&tone(440.0, 3.0), settings, 0, 0);
        let heard = decode_all(&packets);
        assert_eq!(heard.len(), 3 * 48_000);
        let steady = &heard[48_000..];
        let snr_db = tone_snr_db(440.0, steady);
        assert!(snr_db > 15.0, "{bitrate_bps} {frame:?}: {snr_db} dB");
        assert!(share_of_power_at(880.0, steady) < 0.01);
        assert!(level_dbov(steady).abs_diff(level_dbov(&tone(440.0, 1.0))) <= 2);
        let bytes: usize = packets.iter().map(|(_, packet)| packet.payload.len()).sum();
        assert!((bytes as f32 * 8.0 / 3.0) < bitrate_bps as f32 * 1.15, "{bytes} bytes for {bitrate_bps}");
    }
}

#[test]
fn a_pause_is_announced_once_and_then_not_sent() {
    let mut samples = words(1.2);
    samples.extend(vec![0.0; 3 * 48_000]);
    let packets = send(&samples, EncoderSettings::default(), 0, 0);
    let frames_in_pause = packets.iter().filter(|(_, packet)| packet.timestamp >= 2 * 48_000).count();
    assert!((1..=20).contains(&frames_in_pause), "{frames_in_pause} of 110 frames");
    let is_dtx: Vec<bool> =
        packets.iter().map(|(_, packet)| PacketInfo::parse(&packet.payload).unwrap().is_dtx).collect();
    assert!(is_dtx.iter().any(|dtx| *dtx));
    assert!(!is_dtx.windows(2).any(|pair| pair[0] && pair[1]), "only the first frame of a pause is sent");
    let without = EncoderSettings { dtx: false, ..EncoderSettings::default() };
    assert_eq!(send(&samples, without, 0, 0).len(), 210);
}

#[test]
fn a_lost_frame_comes_back_from_its_successor() {
    let samples = words(3.0);
    let packets = send(&samples, EncoderSettings::default(), 0, 0);
    let (mut whole, mut lossy, mut concealing) =
        (OpusDecoder::new().unwrap(), OpusDecoder::new().unwrap(), OpusDecoder::new().unwrap());
    let (mut fec_error, mut conceal_error, mut copies) = (0.0_f64, 0.0_f64, 0);
    let difference =
        |a: &[[f32; 2]], b: &[[f32; 2]]| -> f64 { a.iter().zip(b).map(|(a, b)| f64::from(a[0] - b[0]).powi(2)).sum() };
    for pair in packets.windows(2).step_by(2) {
        let mut original = [[0.0; 2]; 960];
        let (mut copy, mut made_up) = ([[0.0; 2]; 960], [[0.0; 2]; 960]);
        whole.decode(&pair[0].1.payload, &mut original).unwrap();
        lossy.decode_fec(&pair[1].1.payload, &mut copy).unwrap();
        concealing.conceal(&mut made_up).unwrap();
        if PacketInfo::parse(&pair[1].1.payload).unwrap().has_fec {
            copies += 1;
            fec_error += difference(&original, &copy);
            conceal_error += difference(&original, &made_up);
        }
        for decoder in [&mut whole, &mut lossy, &mut concealing] {
            decoder.decode(&pair[1].1.payload, &mut [[0.0; 2]; 960]).unwrap();
        }
    }
    assert!(copies > 30, "{copies} packets have a copy");
    assert!(fec_error < 0.5 * conceal_error, "copies {fec_error}, made up {conceal_error}");
}

#[test]
fn low_delay_is_sooner_and_has_no_copies() {
    let lookahead = |settings| OpusEncoder::new(settings).unwrap().lookahead_samples();
    assert!(lookahead(EncoderSettings::low_delay()) <= 120 && lookahead(EncoderSettings::speech()) <= 312);
    let samples = words(3.0);
    let packets = send(&samples, EncoderSettings { dtx: false, ..EncoderSettings::low_delay() }, 0, 0);
    assert_eq!(packets.len(), 300);
    for (_, packet) in &packets {
        let info = PacketInfo::parse(&packet.payload).unwrap();
        assert!(info.samples == 480 && !info.has_fec && !info.is_stereo);
    }
    let bytes: usize = packets.iter().map(|(_, packet)| packet.payload.len()).sum();
    assert!((30_000.0..56_000.0).contains(&(bytes as f32 * 8.0 / 3.0)), "{bytes} bytes");
    assert!(level_dbov(&decode_all(&packets)).abs_diff(level_dbov(&samples)) <= 1);
}

#[test]
fn low_delay_pauses_are_not_sent() {
    let mut samples = words(1.2);
    samples.extend(vec![0.0; 3 * 48_000]);
    let packets = send(&samples, EncoderSettings::low_delay(), 0, 0);
    let frames_in_pause = packets.iter().filter(|(_, packet)| packet.timestamp >= 2 * 48_000).count();
    assert!(frames_in_pause <= 30, "{frames_in_pause} of 220 frames");
}

#[test]
fn music_keeps_left_and_right_apart() {
    let settings = EncoderSettings::music();
    assert_eq!((settings.mode, settings.channels()), (EncoderMode::Music, 2));
    let mut encoder = OpusEncoder::new(settings).unwrap();
    let mut decoder = OpusDecoder::new().unwrap();
    let (left, right) = (tone(440.0, 3.0), tone(1_000.0, 3.0));
    let sides: Vec<f32> = left.iter().zip(&right).flat_map(|(left, right)| [*left, *right]).collect();
    let (mut heard, mut bytes) = (Vec::new(), 0);
    for frame in sides.chunks_exact(encoder.frame_samples()) {
        let payload = encoder.encode(frame).unwrap().unwrap();
        bytes += payload.len();
        assert!(PacketInfo::parse(payload).unwrap().is_stereo);
        let mut frames = [[0.0; 2]; 960];
        assert_eq!(decoder.decode(payload, &mut frames).unwrap(), 960);
        heard.extend(frames);
    }
    assert!((80_000.0..112_000.0).contains(&(bytes as f32 * 8.0 / 3.0)), "{bytes} bytes");
    let side = |side: usize| heard[48_000..].iter().map(|frame| frame[side]).collect::<Vec<f32>>();
    assert!(share_of_power_at(440.0, &side(0)) > 0.98 && share_of_power_at(1_000.0, &side(0)) < 0.01);
    assert!(share_of_power_at(1_000.0, &side(1)) > 0.98 && share_of_power_at(440.0, &side(1)) < 0.01);
}

#[test]
fn impossible_frames_and_packets_are_refused() {
    let mut encoder = OpusEncoder::new(EncoderSettings::default()).unwrap();
    assert!(matches!(encoder.encode(&[0.0; 959]), Err(VoiceError::FrameSize { got: 959, expected: 960 })));
    let odd = [f32::NAN, f32::INFINITY, -1e30, 1e30].repeat(240);
    assert!(encoder.encode(&odd).unwrap().is_some());
    let mut decoder = OpusDecoder::new().unwrap();
    assert!(matches!(decoder.decode(&[], &mut [[0.0; 2]; 5_760]), Err(VoiceError::NotOpus)));
    assert!(matches!(decoder.decode(&[9 << 3, 1, 2], &mut [[0.0; 2]; 480]), Err(VoiceError::FrameSize { .. })));
    assert!(decoder.conceal(&mut [[0.0; 2]; 100]).is_err() && decoder.conceal(&mut []).is_err());
    assert!(decoder.conceal(&mut [[0.0; 2]; 5_880]).is_err() && decoder.conceal(&mut [[0.0; 2]; 240]).is_ok());
}

#[test]
fn settings_out_of_range_are_brought_into_it() {
    let wild =
        EncoderSettings { bitrate_bps: u32::MAX, expected_loss_percent: 255, complexity: 255, ..Default::default() };
    let mut encoder = OpusEncoder::new(wild).unwrap();
    encoder.set_expected_loss(200).unwrap();
    assert!(encoder.encode(&[0.1; 960]).unwrap().is_some());
}
