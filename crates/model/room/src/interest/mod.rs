//! Who gets whose pose in which datagram.
//!
//! The tables are flat and indexed by a person's index, because their innermost loop runs for every pair of people
//! at every tick.

mod datagram;

use crate::limits::{Bucket, Rate};
use atrium_protocol::{Micros, PackedPose, ParticipantId, Pose, limits};
use bytes::Bytes;
use datagram::Scratch;
use glam::Vec3;
use std::time::Duration;

/// Receivers are served in so many groups, one after the other within a tick, so that a tick of a large room does
/// not hold up its voices.
pub(crate) const GROUPS: u32 = 4;
/// A tick is a little shorter than a sender's: of two clocks of the same rate, one would sit on the edge of the
/// other, and jitter would merge pairs of poses; so it drifts across instead, and next to none are merged.
const TICKS_PER_NOMINAL: (u64, u64) = (31, 30);
/// Everything of a person goes along so often, changed or not.
const KEYFRAME_SECS: f32 = 0.8;

/// The parts of a body that can change on their own.
const PARTS: usize = 3;

/// What is known of one sender.
#[derive(Clone, Debug)]
struct Sender {
    id: ParticipantId,
    pose: Pose,
    captured: Micros,
    /// When each part last changed (head, left, right), in stamps.
    part_changed: [u32; PARTS],
    /// When everything was last made to go along.
    keyframe: u32,
    /// The pose packed for each set of parts.
    packed: [Option<PackedPose>; 1 << PARTS],
}

/// What one receiver has got, by the sender's index.
#[derive(Clone, Debug)]
struct Row {
    /// When the sender was last put into a datagram; 0: never.
    sent: Vec<u32>,
    weight: Vec<f32>,
    budget: Bucket,
    weighed_at: u32,
}

/// Counts of a room's pose lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PoseCounts {
    pub(crate) datagrams: u64,
    pub(crate) bytes: u64,
    pub(crate) records: u64,
}

#[derive(Debug)]
pub(crate) struct Interest {
    budget: Rate,
    stamps_per_sec: f32,
    step: Duration,
    /// Counts the groups that were served; the clock of all tables here.
    stamp: u32,
    width: usize,
    senders: Vec<Option<Sender>>,
    /// When anything of a sender last changed; 0: there is nothing to send.
    changed: Vec<u32>,
    positions: Vec<Vec3>,
    forwards: Vec<Vec3>,
    emphasis: Vec<f32>,
    rows: Vec<Option<Row>>,
    scratch: Scratch,
    pub(crate) counts: PoseCounts,
}

impl Interest {
    pub(crate) fn new(tick_hz: u16, budget_bytes_per_sec: u32) -> Self {
        let (ticks, nominal) = TICKS_PER_NOMINAL;
        let tick_hz = u64::from(tick_hz.clamp(1, 120));
        let groups = u64::from(GROUPS);
        let burst = 2 * limits::POSE_DATAGRAM_BYTES as u32;
        Self {
            budget: Rate { per_sec: budget_bytes_per_sec, burst },
            stamps_per_sec: (tick_hz * groups * ticks) as f32 / nominal as f32,
            step: Duration::from_micros(1_000_000 * nominal / (ticks * groups * tick_hz)),
            stamp: 0,
            width: 0,
            senders: Vec::new(),
            changed: Vec::new(),
            positions: Vec::new(),
            forwards: Vec::new(),
            emphasis: Vec::new(),
            rows: Vec::new(),
            scratch: Scratch::default(),
            counts: PoseCounts::default(),
        }
    }

    /// Time from one group of receivers to the next.
    pub(crate) fn step(&self) -> Duration {
        self.step
    }

    /// The group of receivers that was served last: those of whose index it is the remainder.
    pub(crate) fn group(&self) -> usize {
        (self.stamp % GROUPS) as usize
    }

    /// Somebody at `index` sends and receives from now on, and has not received anything yet.
    pub(crate) fn add(&mut self, now: Micros, index: usize, id: ParticipantId, pose: &Pose) {
        self.grow(index + 1);
        self.forget_sent(index);
        let sender = Sender {
            id,
            pose: Pose::default(),
            captured: now,
            part_changed: [0; PARTS],
            keyframe: 0,
            packed: [None; 1 << PARTS],
        };
        self.senders[index] = Some(sender);
        let budget = Bucket::full(self.budget, now);
        self.rows[index] =
            Some(Row { sent: vec![0; self.width], weight: vec![0.0; self.width], budget, weighed_at: 0 });
        self.emphasis[index] = 1.0;
        self.jumped(index, pose, now);
    }

    pub(crate) fn remove(&mut self, index: usize) {
        if index < self.width {
            self.senders[index] = None;
            self.rows[index] = None;
            self.changed[index] = 0;
        }
    }

    /// Somebody is elsewhere at once; nothing of the pose before counts.
    pub(crate) fn jumped(&mut self, index: usize, pose: &Pose, captured: Micros) {
        if let Some(sender) = self.senders.get_mut(index).and_then(Option::as_mut) {
            sender.pose = Pose::default();
        }
        self.arrived(index, pose, captured);
    }

    /// A checked pose of somebody's own.
    pub(crate) fn arrived(&mut self, index: usize, pose: &Pose, captured: Micros) {
        let stamp = self.stamp + 1;
        let Some(sender) = self.senders.get_mut(index).and_then(Option::as_mut) else { return };
        sender.pose.epoch = pose.epoch;
        sender.captured = captured;
        let is_given = [pose.head.is_some(), pose.left.is_some(), pose.right.is_some()];
        for (changed, is_given) in sender.part_changed.iter_mut().zip(is_given) {
            if is_given {
                *changed = stamp;
            }
        }
        sender.pose.head = pose.head.or(sender.pose.head);
        sender.pose.left = pose.left.or(sender.pose.left);
        sender.pose.right = pose.right.or(sender.pose.right);
        sender.packed = [None; 1 << PARTS];
        if let Some(head) = &pose.head {
            self.positions[index] = head.position;
            self.forwards[index] = head.rotation * Vec3::NEG_Z;
        }
        if is_given.contains(&true) {
            self.changed[index] = stamp;
        }
    }

    /// How much more than others they count, because they speak or present.
    pub(crate) fn set_emphasis(&mut self, index: usize, emphasis: f32) {
        if let Some(old) = self.emphasis.get_mut(index) {
            *old = emphasis;
        }
    }

    /// Serves the next group of receivers: those for whom `wants` holds.
    pub(crate) fn serve_group(
        &mut self,
        now: Micros,
        wants: impl Fn(usize) -> bool,
        mut emit: impl FnMut(ParticipantId, Bytes),
    ) {
        if self.stamp >= u32::MAX - 1 {
            self.restart_stamps();
        }
        self.stamp += 1;
        self.make_keyframes();
        let group = self.group();
        for index in (group..self.width).step_by(GROUPS as usize) {
            if self.rows[index].is_some()
                && wants(index)
                && let Some(datagram) = self.serve(now, index)
                && let Some(receiver) = &self.senders[index]
            {
                self.counts.datagrams += 1;
                self.counts.bytes += datagram.len() as u64;
                emit(receiver.id, datagram);
            }
        }
    }

    fn grow(&mut self, needed: usize) {
        if needed <= self.width {
            return;
        }
        let width = needed.next_multiple_of(64);
        self.width = width;
        self.senders.resize(width, None);
        self.changed.resize(width, 0);
        self.positions.resize(width, Vec3::ZERO);
        self.forwards.resize(width, Vec3::NEG_Z);
        self.emphasis.resize(width, 1.0);
        self.rows.resize(width, None);
        for row in self.rows.iter_mut().flatten() {
            row.sent.resize(width, 0);
            row.weight.resize(width, 0.0);
        }
    }

    /// Whoever is at `index` now was never sent to anybody.
    fn forget_sent(&mut self, index: usize) {
        for row in self.rows.iter_mut().flatten() {
            row.sent[index] = 0;
            row.weighed_at = 0;
        }
    }

    /// Stamps have 32 bits: once in a year everyone gets everything anew.
    fn restart_stamps(&mut self) {
        self.stamp = 1;
        for row in self.rows.iter_mut().flatten() {
            row.sent.fill(0);
            row.weighed_at = 0;
        }
        for sender in self.senders.iter_mut().flatten() {
            sender.keyframe = 0;
            sender.part_changed = [1; PARTS];
        }
        self.changed.iter_mut().for_each(|changed| *changed = (*changed).min(1));
    }

    fn make_keyframes(&mut self) {
        let period = (KEYFRAME_SECS * self.stamps_per_sec) as u32;
        for (sender, changed) in self.senders.iter_mut().zip(&mut self.changed) {
            let Some(sender) = sender else { continue };
            if *changed != 0 && self.stamp - sender.keyframe >= period {
                sender.keyframe = self.stamp;
                *changed = self.stamp;
            }
        }
    }

    fn serve(&mut self, now: Micros, receiver: usize) -> Option<Bytes> {
        let mut row = self.rows.get_mut(receiver)?.take()?;
        let datagram = self.fill(now, receiver, &mut row);
        self.rows[receiver] = Some(row);
        datagram
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use atrium_protocol::{HeadPose, decode_pose_down};
    use glam::Quat;

    fn pose(x: f32) -> Pose {
        let head = HeadPose { position: Vec3::new(x, 1.6, 0.0), rotation: Quat::IDENTITY };
        Pose { head: Some(head), ..Pose::default() }
    }

    fn two_people() -> Interest {
        let mut interest = Interest::new(30, 32_000);
        interest.add(Micros(0), 0, ParticipantId(1), &pose(0.0));
        interest.add(Micros(0), 1, ParticipantId(2), &pose(1.0));
        interest
    }

    /// Datagrams that receiver 1 gets in `secs`.
    fn received(interest: &mut Interest, secs: f32) -> usize {
        let mut count = 0;
        for _ in 0..(secs * interest.stamps_per_sec) as u32 {
            interest.serve_group(
                Micros(1_000_000),
                |index| index == 0,
                |_, datagram| {
                    assert_eq!(decode_pose_down(&datagram).unwrap().records[0].id, ParticipantId(2));
                    count += 1;
                },
            );
        }
        count
    }

    #[test]
    fn a_still_person_is_repeated_about_once_a_second_and_an_absent_one_never() {
        let mut interest = two_people();
        assert_eq!(received(&mut interest, 1.9), 3, "once at first, and a keyframe at 0.8 and 1.6 s");
        interest.remove(1);
        assert_eq!(received(&mut interest, 5.0), 0);
    }

    #[test]
    fn stamps_that_run_out_start_again_without_a_gap() {
        let mut interest = two_people();
        interest.stamp = u32::MAX - 100;
        for sender in interest.senders.iter_mut().flatten() {
            sender.keyframe = interest.stamp;
        }
        assert!(received(&mut interest, 4.0) >= 4);
        assert!(interest.stamp < 1_000);
    }

    #[test]
    fn unchanged_hands_stay_at_home() {
        let mut interest = two_people();
        let hand = atrium_protocol::HandPose { offset: Vec3::ZERO, rotation: Quat::IDENTITY, curls: [0.0; 5] };
        interest.arrived(1, &Pose { left: Some(hand), ..pose(1.0) }, Micros(0));
        let mut with_hand = 0;
        let mut without_hand = 0;
        for step in 0..(10.0 * interest.stamps_per_sec) as u64 {
            let now = Micros(step * interest.step.as_micros() as u64);
            interest.arrived(1, &pose(1.0), now);
            interest.serve_group(
                now,
                |index| index == 0,
                |_, datagram| {
                    let record = decode_pose_down(&datagram).unwrap().records[0];
                    *if record.pose.left.is_some() { &mut with_hand } else { &mut without_hand } += 1;
                    assert!(record.pose.head.is_some());
                },
            );
        }
        assert!((10..=30).contains(&with_hand), "{with_hand} with the hand: in the first 0.3 s, then keyframes");
        assert!(without_hand > 250, "{without_hand}");
    }
}
