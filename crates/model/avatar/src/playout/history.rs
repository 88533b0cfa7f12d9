use atrium_protocol::{HandPose, HeadPose, Pose, PoseEpoch};
use glam::Vec3;
use std::collections::VecDeque;

/// Samples that are kept at most.
const KEPT: usize = 48;
/// No decoder lets a coordinate through that is farther than 128 m; what is far beyond makes slopes overflow.
const FARTHEST_M: f32 = 1_000.0;
/// Samples so long before the playhead are forgotten, except those that the playhead needs.
const FORGET_US: i64 = 200_000;
/// Movement goes on so long beyond the newest sample, and dies down with this time constant.
const EXTRAPOLATED_SECS: f32 = 0.15;
const DAMPING_SECS: f32 = 0.08;
/// Time that the velocity of an extrapolation is taken over.
const VELOCITY_SPAN_US: i64 = 60_000;
/// A gap of so many usual ones, and of at least so long, with little movement after it, was a pause.
const PAUSE_GAPS: i64 = 3;
const PAUSE_LEAST_US: i64 = 120_000;
const PAUSE_MOVEMENT_M: f32 = 0.12;

/// A whole pose at one moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    pub(super) at_us: i64,
    pub(super) epoch: PoseEpoch,
    pub(super) head: HeadPose,
    pub(super) hands: [Option<HandPose>; 2],
    /// Which of head, left and right were in the record; the others go on from the sample before.
    given: [bool; 3],
}

/// What is known of a person's movement, by time of capture.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    samples: VecDeque<Sample>,
}

impl History {
    /// Adds a pose; false when it says nothing new.
    pub(super) fn insert(&mut self, at_us: i64, pose: &Pose, usual_gap_us: i64) -> bool {
        let index = self.samples.partition_point(|sample| sample.at_us < at_us);
        if index == 0 && self.samples.len() >= 2 {
            return false;
        }
        let before = index.checked_sub(1).and_then(|index| self.samples.get(index)).copied();
        let before = before.filter(|before| before.epoch == pose.epoch);
        let Some(head) = pose.head.or(before.map(|before| before.head)) else { return false };
        let last_hands = before.map_or([None; 2], |before| before.hands);
        let hands = [pose.left.or(last_hands[0]), pose.right.or(last_hands[1])];
        let given = [pose.head.is_some(), pose.left.is_some(), pose.right.is_some()];
        let sample = Sample { at_us, epoch: pose.epoch, head, hands, given };
        if !sample.is_possible() {
            return false;
        }
        match self.samples.get_mut(index) {
            Some(same) if same.at_us == at_us => *same = sample,
            _ => self.samples.insert(index, sample),
        }
        self.carry_forward(index);
        if let Some(before) = before.filter(|_| index + 1 == self.samples.len()) {
            self.keep_pause(index, &before, usual_gap_us);
        }
        while self.samples.len() > KEPT {
            self.samples.pop_front();
        }
        true
    }

    /// Later samples that left a part out meant the one that came only now.
    fn carry_forward(&mut self, index: usize) {
        let Some(mut last) = self.samples.get(index).copied() else { return };
        let epoch = last.epoch;
        for sample in self.samples.range_mut(index + 1..).take_while(|sample| sample.epoch == epoch) {
            if !sample.given[0] {
                sample.head = last.head;
            }
            for hand in 0..2 {
                if !sample.given[hand + 1] {
                    sample.hands[hand] = last.hands[hand];
                }
            }
            last = *sample;
        }
    }

    /// Nothing is sent of somebody who stands still. When they move again, the movement began just before.
    fn keep_pause(&mut self, index: usize, before: &Sample, usual_gap_us: i64) {
        let Some(sample) = self.samples.get(index).copied() else { return };
        let gap_us = sample.at_us.saturating_sub(before.at_us);
        let is_pause = gap_us > PAUSE_LEAST_US.max(PAUSE_GAPS * usual_gap_us)
            && sample.head.position.distance(before.head.position) < PAUSE_MOVEMENT_M;
        if is_pause {
            let at_us = sample.at_us - usual_gap_us.clamp(10_000, gap_us / 2);
            self.samples.insert(index, Sample { at_us, given: [false; 3], ..*before });
        }
    }

    /// The pose at `at_us`; `None` before there is any.
    pub(super) fn at(&self, at_us: i64) -> Option<Sample> {
        let next = self.samples.partition_point(|sample| sample.at_us <= at_us);
        let Some(index) = next.checked_sub(1) else { return self.samples.front().copied() };
        let here = self.samples.get(index)?;
        match self.samples.get(next) {
            Some(there) if there.epoch == here.epoch => Some(self.between(index, here, there, at_us)),
            Some(_) => Some(*here),
            None => Some(self.beyond(index, here, at_us)),
        }
    }

    /// Forgets what the playhead has left behind.
    pub(super) fn forget_before(&mut self, playhead_us: i64) {
        let keep_from_us = playhead_us.saturating_sub(FORGET_US);
        while self.samples.len() > 3 && self.samples.get(2).is_some_and(|third| third.at_us < keep_from_us) {
            self.samples.pop_front();
        }
    }

    fn neighbour(&self, index: Option<usize>, epoch: PoseEpoch) -> Option<&Sample> {
        self.samples.get(index?).filter(|sample| sample.epoch == epoch)
    }

    fn between(&self, index: usize, here: &Sample, there: &Sample, at_us: i64) -> Sample {
        let gap_us = there.at_us.saturating_sub(here.at_us).max(1);
        let share = at_us.saturating_sub(here.at_us) as f32 / gap_us as f32;
        let slope = secant(here, there);
        let before = self.neighbour(index.checked_sub(1), here.epoch);
        let after = self.neighbour(Some(index + 2), here.epoch);
        let start = before.map_or(slope, |before| gentle_slope(secant(before, here), slope));
        let end = after.map_or(slope, |after| gentle_slope(slope, secant(there, after)));
        let gap_secs = gap_us as f32 * 1e-6;
        let head = HeadPose {
            position: hermite(here.head.position, start * gap_secs, there.head.position, end * gap_secs, share),
            rotation: here.head.rotation.slerp(there.head.rotation, share),
        };
        let hand = |index: usize| match (&here.hands[index], &there.hands[index]) {
            (Some(from), Some(to)) => Some(lerp_hand(from, to, share)),
            (hand, _) => *hand,
        };
        Sample { at_us, head, hands: [hand(0), hand(1)], ..*here }
    }

    /// The movement of late goes on for a moment.
    fn beyond(&self, index: usize, newest: &Sample, at_us: i64) -> Sample {
        let since_secs = at_us.saturating_sub(newest.at_us) as f32 * 1e-6;
        let reference = (0..index)
            .rev()
            .filter_map(|index| self.neighbour(Some(index), newest.epoch))
            .find(|sample| newest.at_us - sample.at_us >= VELOCITY_SPAN_US);
        let Some(reference) = reference.filter(|reference| newest.at_us - reference.at_us < 4 * VELOCITY_SPAN_US)
        else {
            return Sample { at_us, ..*newest };
        };
        let last = self.neighbour(index.checked_sub(1), newest.epoch).unwrap_or(reference);
        // Somebody who just stopped is not carried on by how fast they were.
        let velocity = gentle_slope(secant(reference, newest), secant(last, newest));
        let damped_secs = DAMPING_SECS * (1.0 - (-since_secs.clamp(0.0, EXTRAPOLATED_SECS) / DAMPING_SECS).exp());
        let position = newest.head.position + velocity * damped_secs;
        Sample { at_us, head: HeadPose { position, ..newest.head }, ..*newest }
    }
}

impl Sample {
    fn is_possible(&self) -> bool {
        let hand = |hand: &HandPose| is_near(hand.offset) && hand.rotation.is_finite();
        is_near(self.head.position) && self.head.rotation.is_finite() && self.hands.iter().flatten().all(hand)
    }
}

/// Also not where a coordinate is no number.
fn is_near(position: Vec3) -> bool {
    position.to_array().into_iter().all(|coordinate| coordinate.abs() <= FARTHEST_M)
}

fn secant(from: &Sample, to: &Sample) -> Vec3 {
    let gap_us = to.at_us.saturating_sub(from.at_us).max(1);
    (to.head.position - from.head.position) / (gap_us as f32 * 1e-6)
}

/// A slope between two, per axis: their harmonic mean, and none at a turning point. A curve with such slopes never
/// swings beyond its points (Fritsch and Butland, 1984).
fn gentle_slope(a: Vec3, b: Vec3) -> Vec3 {
    let axis = |a: f32, b: f32| if a * b > 0.0 { 2.0 * a * b / (a + b) } else { 0.0 };
    Vec3::new(axis(a.x, b.x), axis(a.y, b.y), axis(a.z, b.z))
}

fn hermite(from: Vec3, start: Vec3, to: Vec3, end: Vec3, share: f32) -> Vec3 {
    let (t, t2, t3) = (share, share * share, share * share * share);
    from * (2.0 * t3 - 3.0 * t2 + 1.0) + start * (t3 - 2.0 * t2 + t) + to * (3.0 * t2 - 2.0 * t3) + end * (t3 - t2)
}

fn lerp_hand(from: &HandPose, to: &HandPose, share: f32) -> HandPose {
    HandPose {
        offset: from.offset.lerp(to.offset, share),
        rotation: from.rotation.slerp(to.rotation, share),
        curls: std::array::from_fn(|finger| from.curls[finger] + (to.curls[finger] - from.curls[finger]) * share),
    }
}
