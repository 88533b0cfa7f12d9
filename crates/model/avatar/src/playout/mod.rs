//! Other people's poses, played a little in the past so that they move evenly although they arrive unevenly.

mod clock;
mod history;
mod residual;

pub use clock::PlayoutClock;

use atrium_protocol::{HandPose, HeadPose, Micros, PoseEpoch, PoseRecord};
use glam::Vec3;
use history::History;
use residual::Residual;
use std::time::Duration;

/// Movement that a person cannot have made between two frames.
const FASTEST_M_PER_SEC: f32 = 20.0;
/// Time over which the velocity is smoothed.
const VELOCITY_SMOOTHING_SECS: f32 = 0.1;

/// A person's pose at one moment of their playout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlayedPose {
    /// The head.
    pub head: HeadPose,
    /// Left and right hand, where they are tracked.
    pub hands: [Option<HandPose>; 2],
    /// The head's velocity in m/s, smoothed.
    pub velocity: Vec3,
    /// The person is elsewhere at once: nothing may glide from where they were.
    pub has_jumped: bool,
}

/// Plays one person's poses.
///
/// A pose is shown a delay after it was captured that follows the jitter of its network ([`PlayoutClock`]). When a pose
/// is late all the same, movement goes on for a moment and dies down; when it comes, the difference is made up gently.
#[derive(Clone, Debug, Default)]
pub struct PosePlayout {
    clock: PlayoutClock,
    history: History,
    residual: Residual,
    newest_epoch: Option<PoseEpoch>,
    shown: Option<Shown>,
}

/// What was shown last.
#[derive(Clone, Copy, Debug)]
struct Shown {
    at_us: i64,
    epoch: PoseEpoch,
    pose: PlayedPose,
}

impl PosePlayout {
    /// Takes a record of a datagram that was sent at `sent_ms` and arrived at `arrived`, both on the server's clock.
    /// Returns false when it says nothing new: of an older epoch, too late, or without a head so far.
    pub fn receive(&mut self, record: &PoseRecord, sent_ms: u32, arrived: Micros) -> bool {
        let epoch = record.pose.epoch;
        if self.newest_epoch.is_some_and(|newest| is_older(epoch, newest)) {
            return false;
        }
        let arrived_us = micros(arrived);
        let sent_us = micros(arrived.unwrap_millis(sent_ms));
        let captured_us = sent_us.saturating_sub(i64::from(record.age_ms) * 1_000);
        let playhead_us = self.clock.playhead_us();
        let before = playhead_us.and_then(|at_us| self.history.at(at_us));
        if !self.history.insert(captured_us, &record.pose, self.clock.usual_gap_us()) {
            return false;
        }
        self.newest_epoch = Some(epoch);
        self.clock.pose_arrived(captured_us, arrived_us);
        let after = playhead_us.and_then(|at_us| self.history.at(at_us));
        if let (Some(before), Some(after)) = (before, after) {
            self.residual.absorb(&before, &after, self.clock.usual_gap_us());
        }
        true
    }

    /// The room says that the person jumped: poses of older epochs count no more.
    pub fn jumped(&mut self, epoch: PoseEpoch) {
        if self.newest_epoch.is_none_or(|newest| !is_older(epoch, newest)) {
            self.newest_epoch = Some(epoch);
        }
    }

    /// The pose to show at `now` on the server's clock; `None` before there is one. `now` should not go back.
    pub fn play(&mut self, now: Micros) -> Option<PlayedPose> {
        let (at_us, dt_secs) = self.clock.advance(micros(now))?;
        let sample = self.history.at(at_us)?;
        self.history.forget_before(at_us);
        let mut pose = PlayedPose { head: sample.head, hands: sample.hands, velocity: Vec3::ZERO, has_jumped: true };
        match self.shown {
            Some(last) if last.epoch == sample.epoch => {
                self.residual.decay(dt_secs);
                self.residual.apply(&mut pose);
                pose.has_jumped = false;
                pose.velocity = velocity(&last, at_us, pose.head.position);
            }
            _ => self.residual = Residual::default(),
        }
        self.shown = Some(Shown { at_us, epoch: sample.epoch, pose });
        Some(pose)
    }

    /// How long after its capture a pose is shown now.
    pub fn delay(&self) -> Duration {
        self.clock.delay()
    }

    /// The clock of this person's playout; their voice may share it.
    pub fn clock(&self) -> &PlayoutClock {
        &self.clock
    }

    /// See [`Self::clock`].
    pub fn clock_mut(&mut self) -> &mut PlayoutClock {
        &mut self.clock
    }
}

fn velocity(last: &Shown, at_us: i64, position: Vec3) -> Vec3 {
    let dt_secs = (at_us - last.at_us) as f32 * 1e-6;
    if dt_secs <= 0.0 {
        return last.pose.velocity;
    }
    let now = ((position - last.pose.head.position) / dt_secs).clamp_length_max(FASTEST_M_PER_SEC);
    last.pose.velocity.lerp(now, 1.0 - (-dt_secs / VELOCITY_SMOOTHING_SECS).exp())
}

/// Whether `epoch` came before `other`: 1 to 31 steps back, of 64.
fn is_older(epoch: PoseEpoch, other: PoseEpoch) -> bool {
    (1..32).contains(&(other.0.wrapping_sub(epoch.0) & 63))
}

fn micros(at: Micros) -> i64 {
    i64::try_from(at.0).unwrap_or(i64::MAX)
}
