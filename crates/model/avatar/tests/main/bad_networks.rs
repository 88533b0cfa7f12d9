use crate::network::{Frame, Movement, Network, START, head_at, run};
use atrium_avatar::PosePlayout;
use atrium_protocol::{HeadPose, Micros, ParticipantId, Pose, PoseEpoch, PoseRecord};
use glam::{Quat, Vec3};
use proptest::prelude::*;
use std::time::Duration;

const BAD: Network = Network { loss: 0.05, jitter_ms: 20.0, every_ticks: 1, seed: 1 };

/// Errors in metres against where the person was when what is shown was captured, after the first two seconds.
fn errors(network: Network, secs: f64, movement: Movement<'_>) -> (Vec<f32>, Vec<u64>) {
    let (mut errors, mut delays) = (Vec::new(), Vec::new());
    run(network, secs, 60.0, movement, |Frame { now_us, played, delay_us }| {
        if now_us > 2_000_000 {
            let truth = movement((now_us - delay_us) as f64 * 1e-6).head.unwrap().position;
            errors.push(played.head.position.distance(truth));
            delays.push(delay_us / 1_000);
        }
    });
    errors.sort_by(f32::total_cmp);
    delays.sort_unstable();
    (errors, delays)
}

fn straight(secs: f64) -> Pose {
    head_at(Vec3::new(-20.0 + 1.4 * secs as f32, 1.65, 0.0))
}

fn stop_and_go(secs: f64) -> Pose {
    // Walks for two seconds, stands for two, with a quarter of a second to start and to stop.
    let (round, into) = ((secs / 4.0).floor(), secs % 4.0);
    let ramp = |t: f64| if t < 0.25 { 2.0 * t * t } else { t - 0.125 };
    let way = if into < 1.75 { ramp(into) } else { 1.75 - ramp((2.0 - into).max(0.0)) };
    head_at(Vec3::new((1.4 * (round * 1.75 + way)) as f32 - 20.0, 1.65, 3.0))
}

fn circle(secs: f64) -> Pose {
    let angle = 1.4 * secs as f32;
    head_at(Vec3::new(angle.cos(), 1.65, angle.sin()))
}

#[test]
fn a_straight_walk_stays_straight_at_5_percent_loss_and_20_ms_jitter() {
    for seed in 0..20 {
        let (errors, delays) = errors(Network { seed, ..BAD }, 20.0, &straight);
        let worst_m = errors[errors.len() - 1];
        assert!(worst_m < 0.06, "seed {seed}: {worst_m} m off");
        assert!(errors[errors.len() * 95 / 100] < 0.012, "seed {seed}: usually right");
        let (least, most) = (delays[0], delays[delays.len() - 1]);
        assert!((70..=150).contains(&least) && most <= 170, "seed {seed}: {least} to {most} ms");
    }
}

#[test]
fn nobody_steps_back_on_a_straight_walk() {
    for seed in 0..20 {
        for frame_hz in [60.0, 144.0] {
            let mut last = f32::MIN;
            let mut fastest: f32 = 0.0;
            run(Network { seed, ..BAD }, 20.0, frame_hz, &straight, |Frame { now_us, played, .. }| {
                let x = played.head.position.x;
                assert!(x >= last - 1e-4, "seed {seed}: back by {} m at {now_us} µs", last - x);
                if now_us > 2_000_000 {
                    fastest = fastest.max((x - last) * frame_hz as f32);
                }
                last = x;
            });
            assert!(fastest < 3.2, "seed {seed}: catches up at {fastest} m/s");
        }
    }
}

#[test]
fn other_movements_are_followed() {
    for (movement, most_m) in [(&stop_and_go as Movement<'_>, 0.08), (&circle, 0.08)] {
        for seed in 0..10 {
            let (errors, _) = errors(Network { seed, ..BAD }, 20.0, movement);
            let worst_m = errors[errors.len() - 1];
            assert!(worst_m < most_m, "seed {seed}: {worst_m} m off");
        }
    }
}

#[test]
fn a_good_network_has_a_short_delay_and_no_error() {
    let (errors, delays) = errors(Network { loss: 0.0, jitter_ms: 1.0, every_ticks: 1, seed: 3 }, 10.0, &circle);
    assert!(errors[errors.len() - 1] < 0.006, "{}", errors[errors.len() - 1]);
    assert!(delays[delays.len() - 1] <= 110, "{}", delays[delays.len() - 1]);
}

#[test]
fn people_who_are_sent_rarely_glide() {
    for every_ticks in [3, 6] {
        let network = Network { every_ticks, ..BAD };
        let mut last: Option<Vec3> = None;
        run(network, 20.0, 60.0, &straight, |Frame { now_us, played, .. }| {
            let here = played.head.position;
            if let Some(last) = last.filter(|_| now_us > 3_000_000) {
                assert!(here.distance(last) < 4.0 / 60.0, "a leap of {} m", here.distance(last));
                assert!(here.x >= last.x - 1e-3);
            }
            last = Some(here);
        });
    }
}

fn record(epoch: u8, position: Vec3) -> PoseRecord {
    let head = HeadPose { position, rotation: Quat::IDENTITY };
    let pose = Pose { epoch: PoseEpoch(epoch), head: Some(head), ..Pose::default() };
    PoseRecord { id: ParticipantId(1), age_ms: 10, pose }
}

fn at(ms: u64) -> Micros {
    START + Duration::from_millis(ms)
}

#[test]
fn a_jump_is_not_a_glide() {
    let mut playout = PosePlayout::default();
    let (here, there) = (Vec3::new(0.0, 1.65, 0.0), Vec3::new(5.0, 1.2, 2.0));
    let mut jumps = 0;
    for ms in 0..2_000 {
        if ms % 33 == 0 {
            let (epoch, position) = if ms < 1_000 { (63, here) } else { (0, there) };
            assert!(playout.receive(&record(epoch, position), at(ms).wrapped_millis(), at(ms + 20)));
            let is_old = !playout.receive(&record(60, here), at(ms).wrapped_millis(), at(ms + 20));
            assert!(is_old, "what was before a jump counts no more");
        }
        if let Some(played) = playout.play(at(ms + 20)) {
            let position = played.head.position;
            assert!(position.distance(here) < 1e-3 || position.distance(there) < 1e-3, "{position}");
            jumps += u32::from(played.has_jumped);
            assert!(played.velocity.length() < 0.01);
        }
    }
    assert_eq!(jumps, 2, "when they appear, and when they jump");
}

#[test]
fn the_wrap_of_the_senders_clock_is_nothing() {
    let wrap = Micros(START.0 / 1_000 / (1 << 32) * (1 << 32) * 1_000);
    let mut playout = PosePlayout::default();
    let mut last: Option<f32> = None;
    for ms in 0..4_000_u64 {
        let now = Micros(wrap.0 - 2_000_000 + ms * 1_000);
        if ms % 33 == 0 {
            let sent_ms = now.wrapped_millis();
            let position = Vec3::new(ms as f32 * 0.001, 1.65, 0.0);
            assert!(playout.receive(&record(1, position), sent_ms, now + Duration::from_millis(20)));
        }
        if let Some(played) = playout.play(now + Duration::from_millis(20)) {
            let x = played.head.position.x;
            assert!(last.is_none_or(|last| (0.0..0.003).contains(&(x - last))));
            last = Some(x);
        }
    }
    assert!(last.unwrap() > 3.7);
}

#[test]
fn parts_that_did_not_change_go_on() {
    let mut playout = PosePlayout::default();
    let whole = head_at(Vec3::new(1.0, 1.65, 0.0));
    for n in 0..40_u64 {
        let now = at(n * 33);
        let pose = match n {
            0 => whole,
            _ => Pose { left: None, right: None, ..head_at(Vec3::new(1.0 + n as f32 * 0.01, 1.65, 0.0)) },
        };
        playout.receive(&PoseRecord { id: ParticipantId(1), age_ms: 0, pose }, now.wrapped_millis(), now);
        let played = playout.play(now).unwrap();
        assert!(played.hands[0].unwrap().offset.distance(whole.left.unwrap().offset) < 1e-5);
    }
}

#[test]
fn what_no_decoder_lets_through_is_left_out() {
    let mut playout = PosePlayout::default();
    let mut hears = |z: f32, sent_ms| playout.receive(&record(5, Vec3::new(0.0, 0.0, z)), sent_ms, at(0));
    assert!(hears(0.0, 0));
    for z in [-2.2e29, -1.1e23, 1_001.0, f32::INFINITY, f32::NAN] {
        assert!(!hears(z, 10), "{z}");
    }
    assert!(hears(1.0, 10));
    assert!(playout.play(at(0)).unwrap().head.position.is_finite());
}

/// Anything, and what decoders let through.
fn positions() -> impl Strategy<Value = [f32; 3]> {
    prop_oneof![any::<[f32; 3]>(), proptest::array::uniform3(-128.0_f32..128.0)]
}

proptest! {
    #[test]
    fn no_record_is_dangerous(
        records in proptest::collection::vec(
            (any::<u8>(), positions(), any::<u32>(), 0_u64..3_000, any::<u16>()), 1..60,
        ),
    ) {
        let mut playout = PosePlayout::default();
        for (epoch, position, sent_ms, ms, age_ms) in records {
            let record = PoseRecord { age_ms, ..record(epoch & 63, Vec3::from(position)) };
            playout.receive(&record, sent_ms, at(ms));
            if let Some(played) = playout.play(at(ms)) {
                prop_assert!(played.head.position.is_finite());
            }
        }
    }
}
