//! Somebody who moves, a room that forwards their poses, and a network that is bad, all on virtual time.

use atrium_avatar::{PlayedPose, PosePlayout};
use atrium_protocol::{
    HandPose, HeadPose, Micros, PackedPose, ParticipantId, Pose, PoseDownWriter, PoseEpoch, Tick, decode_pose_down,
};
use glam::{Quat, Vec3};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub(crate) const START: Micros = Micros(1_795_000_000_000_000);
const TICK_US: u64 = 32_258;
const CAPTURE_US: u64 = 33_333;

#[derive(Clone, Copy)]
pub(crate) struct Network {
    pub(crate) loss: f64,
    pub(crate) jitter_ms: f64,
    /// Every how many ticks the room has space for this person.
    pub(crate) every_ticks: u64,
    pub(crate) seed: u64,
}

pub(crate) struct Frame {
    pub(crate) now_us: u64,
    pub(crate) played: PlayedPose,
    pub(crate) delay_us: u64,
}

/// A pose at a time since the start, in seconds.
pub(crate) type Movement<'a> = &'a dyn Fn(f64) -> Pose;

pub(crate) fn head_at(position: Vec3) -> Pose {
    let head = HeadPose { position, rotation: Quat::IDENTITY };
    let hand = |x: f32| HandPose { offset: Vec3::new(x, -0.7, -0.1), rotation: Quat::IDENTITY, curls: [0.3; 5] };
    Pose { epoch: PoseEpoch(1), head: Some(head), left: Some(hand(-0.2)), right: Some(hand(0.2)) }
}

/// Plays `movement` through `network` at `frame_hz`, and shows every frame.
pub(crate) fn run(network: Network, secs: f64, frame_hz: f64, movement: Movement<'_>, mut show: impl FnMut(Frame)) {
    let mut random = ChaCha8Rng::seed_from_u64(network.seed);
    let mut under_way: Vec<(u64, Vec<u8>)> = Vec::new();
    let mut playout = PosePlayout::default();
    let end_us = (secs * 1e6) as u64;
    let (mut tick, mut frame) = (0_u64, 0_u64);
    let mut last_capture = None;
    for now_us in (0..end_us).step_by(500) {
        if now_us >= tick * TICK_US {
            if tick.is_multiple_of(network.every_ticks) {
                send(now_us, tick, &mut last_capture, network, movement, &mut random, &mut under_way);
            }
            tick += 1;
        }
        under_way.retain(|(arrives_us, datagram)| {
            if *arrives_us <= now_us {
                let poses = decode_pose_down(datagram).unwrap();
                for record in &poses.records {
                    playout.receive(record, poses.sent_ms, START + std::time::Duration::from_micros(now_us));
                }
            }
            *arrives_us > now_us
        });
        if now_us as f64 * frame_hz >= frame as f64 * 1e6 {
            frame += 1;
            let now = START + std::time::Duration::from_micros(now_us);
            if let Some(played) = playout.play(now) {
                show(Frame { now_us, played, delay_us: playout.delay().as_micros() as u64 });
            }
        }
    }
}

fn send(
    now_us: u64,
    tick: u64,
    last_capture: &mut Option<u64>,
    network: Network,
    movement: Movement<'_>,
    random: &mut impl Rng,
    under_way: &mut Vec<(u64, Vec<u8>)>,
) {
    // What reached the room by now was captured 12 ms ago or earlier.
    let capture = now_us.saturating_sub(12_000) / CAPTURE_US;
    let is_new = *last_capture != Some(capture);
    *last_capture = Some(capture);
    if !is_new || random.random_bool(network.loss) {
        return;
    }
    let captured_us = capture * CAPTURE_US;
    let pose = PackedPose::new(&movement(captured_us as f64 * 1e-6));
    let now = START + std::time::Duration::from_micros(now_us);
    let mut writer = PoseDownWriter::new(Tick(tick as u16), now.wrapped_millis(), 1_100);
    assert!(writer.push(ParticipantId(7), ((now_us - captured_us) / 1_000) as u16, &pose));
    let delay_us = 25_000.0 + network.jitter_ms * 1_000.0 * random.random_range(0.0..1.0);
    under_way.push((now_us + delay_us as u64, writer.finish()));
}
