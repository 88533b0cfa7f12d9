use super::PlayedPose;
use super::history::Sample;
use glam::{Quat, Vec3};

/// A difference that is not made up gently, but at once.
const HOPELESS_M: f32 = 1.0;
/// Time constant with which a difference dies down, at least and at most.
const LEAST_SECS: f32 = 0.08;
const MOST_SECS: f32 = 0.4;

/// How far what is shown is from what is known now, because something came late. It dies down.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Residual {
    head: Difference,
    hands: [Difference; 2],
    decay_secs: f32,
}

#[derive(Clone, Copy, Debug)]
struct Difference {
    offset: Vec3,
    turn: Quat,
}

impl Default for Difference {
    fn default() -> Self {
        Self { offset: Vec3::ZERO, turn: Quat::IDENTITY }
    }
}

impl Residual {
    /// At the same moment there was `before`, and there is `after` now.
    pub(super) fn absorb(&mut self, before: &Sample, after: &Sample, usual_gap_us: i64) {
        if before.epoch != after.epoch {
            *self = Self::default();
            return;
        }
        self.decay_secs = (usual_gap_us as f32 * 2e-6).clamp(LEAST_SECS, MOST_SECS);
        let (old, new) = (&before.head, &after.head);
        self.head.add(old.position - new.position, old.rotation, new.rotation);
        for (difference, hands) in self.hands.iter_mut().zip(before.hands.iter().zip(&after.hands)) {
            match hands {
                (Some(old), Some(new)) => difference.add(old.offset - new.offset, old.rotation, new.rotation),
                _ => *difference = Difference::default(),
            }
        }
    }

    pub(super) fn decay(&mut self, dt_secs: f32) {
        let kept = (-dt_secs.max(0.0) / self.decay_secs.max(LEAST_SECS)).exp();
        for difference in [&mut self.head].into_iter().chain(&mut self.hands) {
            difference.offset *= kept;
            difference.turn = Quat::IDENTITY.slerp(difference.turn, kept).normalize();
        }
    }

    pub(super) fn apply(&self, pose: &mut PlayedPose) {
        pose.head.position += self.head.offset;
        pose.head.rotation = (self.head.turn * pose.head.rotation).normalize();
        for (hand, difference) in pose.hands.iter_mut().zip(&self.hands) {
            if let Some(hand) = hand {
                hand.offset += difference.offset;
                hand.rotation = (difference.turn * hand.rotation).normalize();
            }
        }
    }
}

impl Difference {
    fn add(&mut self, offset: Vec3, old: Quat, new: Quat) {
        self.offset += offset;
        if self.offset.length() > HOPELESS_M {
            *self = Self::default();
            return;
        }
        // Both turns come after the rotation that is known now: shown = turn × known.
        let turn = self.turn * old * new.conjugate();
        self.turn = if turn.w < 0.0 { -turn } else { turn }.normalize();
    }
}
