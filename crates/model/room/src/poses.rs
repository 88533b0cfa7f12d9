//! Poses in, checked; poses out, in their groups; and the zones that people walk through.

use crate::Room;
use crate::body::PoseVerdict;
use crate::participant::{Participant, Whereabouts};
use atrium_protocol::{Lane, Micros, PersonChange, PlacedReason, PoseError, decode_pose_up};
use std::time::Duration;

/// Somebody who walks to and fro across a border is announced at most so often; who hears them changes at once.
const ZONE_NEWS_EVERY: Duration = Duration::from_millis(250);

impl Room {
    pub(crate) fn pose_received(&mut self, now: Micros, index: usize, datagram: &[u8]) {
        let Some(participant) = self.people.at_mut(index) else { return };
        if !participant.meters.pose.take(now, 1) {
            self.stats.poses_dropped += 1;
            self.over_limit(now, index, "pose");
            return;
        }
        let up = match decode_pose_up(datagram) {
            Ok(up) => up,
            Err(PoseError::UnknownKind(_)) => return,
            Err(error) => {
                self.stats.poses_dropped += 1;
                self.malformed(now, index, "pose", &error.to_string());
                return;
            }
        };
        match participant.body.judge(now, &self.place, &up) {
            PoseVerdict::Accepted { captured } => {
                self.stats.poses_accepted += 1;
                self.interest.arrived(index, &up.pose, captured);
                if up.pose.head.is_some() {
                    self.moved(now, index);
                }
            }
            PoseVerdict::Late | PoseVerdict::Impossible => self.stats.poses_dropped += 1,
            PoseVerdict::Correct => {
                self.stats.poses_dropped += 1;
                participant.body.start_again_here(now);
                self.placed(now, index, PlacedReason::Correction);
            }
        }
    }

    /// Somebody is elsewhere: who hears them follows at once.
    pub(crate) fn moved(&mut self, now: Micros, index: usize) {
        let Some(participant) = self.people.at_mut(index) else { return };
        let id = self.place.zone_at(participant.body.head());
        let zone = id.and_then(|id| self.place.zone(id));
        participant.whereabouts = Whereabouts {
            private_zone: id.filter(|_| zone.is_some_and(|zone| zone.private)),
            is_on_stage: zone.is_some_and(|zone| zone.stage),
            ..participant.whereabouts
        };
        self.refresh_voice(now, index);
        self.tell_zone(now, index);
    }

    pub(crate) fn refresh_voice(&mut self, now: Micros, index: usize) {
        if let Some(participant) = self.people.at(index) {
            self.voices.set_standing(now, index, participant.standing());
        }
    }

    fn tell_zone(&mut self, now: Micros, index: usize) {
        let Some(participant) = self.people.at_mut(index) else { return };
        let zone = participant.whereabouts.private_zone;
        let is_too_soon = participant.whereabouts.told_at.is_some_and(|at| now.since(at) < ZONE_NEWS_EVERY);
        if zone == participant.info.zone || is_too_soon {
            return;
        }
        participant.info.zone = zone;
        participant.whereabouts.told_at = Some(now);
        let number = zone.map_or(-1, |zone| i32::from(zone.0));
        self.announce(index, PersonChange { zone: Some(number), ..PersonChange::default() });
    }

    /// Sends the next group of receivers their poses, and does what waits for ticks.
    pub(crate) fn serve_poses(&mut self, now: Micros) {
        let step = self.interest.step();
        let due = self.next_group.unwrap_or(now) + step;
        // After a pause, what was missed stays missed.
        self.next_group = Some(if due > now { due } else { now + step });
        for (index, _) in self.people.indexed() {
            self.interest.set_emphasis(index, self.voices.emphasis(now, index));
        }
        let (people, outbox) = (&self.people, &mut self.outbox);
        let wants = |index| people.at(index).is_some_and(|to| to.is_live() && !to.is_congested);
        self.interest.serve_group(now, wants, |to, datagram| outbox.send(to, Lane::Pose, datagram));
        self.serve_live(self.interest.group());
        let has_news = |who: &Participant| who.is_live() && who.whereabouts.private_zone != who.info.zone;
        let behind = self.people.indexed().filter(|(_, who)| has_news(who)).map(|(index, _)| index);
        for index in behind.collect::<Vec<_>>() {
            self.tell_zone(now, index);
        }
        self.announce_pending(true);
    }
}
