use super::tally::Notes;
use atrium_protocol::{Micros, ParticipantId, decode_pose_down};
use std::collections::BTreeMap;
use std::time::Duration;

/// How often one client got each other person's head, and how old it was.
#[derive(Clone, Debug, Default)]
pub(crate) struct PoseLog {
    seen: BTreeMap<ParticipantId, Seen>,
}

/// What was received of one person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Heads that were new.
    pub(crate) heads: u64,
    newest: Micros,
}

/// Two captures nearer to each other than this are the same pose, sent again: times are in steps of 2 ms.
const SAME_POSE: Duration = Duration::from_millis(10);

impl PoseLog {
    /// A datagram of the pose lane that arrived at `received`.
    pub(crate) fn take(&mut self, notes: &mut Notes, datagram: &[u8], received: Micros) {
        let down = match decode_pose_down(datagram) {
            Ok(down) => down,
            Err(error) => return notes.problems.add(error.to_string()),
        };
        let sent = received.unwrap_millis(down.sent_ms);
        for record in down.records.iter().filter(|record| record.pose.head.is_some()) {
            let captured = sent - Duration::from_millis(record.age_ms.into());
            let seen = self.seen.entry(record.id).or_default();
            if captured > seen.newest + SAME_POSE {
                notes.pose_age.record(received.since(captured));
                *seen = Seen { heads: seen.heads + 1, newest: captured };
            }
        }
    }

    /// What was received, by person.
    pub(crate) fn seen(&self) -> &BTreeMap<ParticipantId, Seen> {
        &self.seen
    }

    pub(crate) fn restart(&mut self) {
        self.seen.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use atrium_protocol::{HeadPose, PackedPose, Pose, PoseDownWriter, Tick};

    #[test]
    fn age_is_what_it_was_when_sent_and_the_way_here() {
        let head = HeadPose { position: glam::Vec3::ONE, rotation: glam::Quat::IDENTITY };
        let moving = PackedPose::new(&Pose { head: Some(head), ..Pose::default() });
        let still = PackedPose::new(&Pose::default());
        let sent = Micros::from_millis(7_000_000_000_123);
        let mut writer = PoseDownWriter::new(Tick(1), sent.wrapped_millis(), 1_100);
        assert!(writer.push(ParticipantId(1), 30, &moving) && writer.push(ParticipantId(2), 0, &still));
        let (mut log, mut notes) = (PoseLog::default(), Notes::default());
        let datagram = writer.finish();
        log.take(&mut notes, &datagram, sent + Duration::from_millis(5));
        log.take(&mut notes, &datagram, sent + Duration::from_millis(9));
        let seen: Vec<(u32, u64)> = log.seen().iter().map(|(id, seen)| (id.0, seen.heads)).collect();
        assert_eq!(seen, [(1, 1)], "the same pose again does not count, nor one without a head");
        assert_eq!(notes.pose_age.summary().unwrap().max.round(), 35.0);
        log.take(&mut notes, &[2, 0], sent);
        assert_eq!(notes.problems.count, 1);
        log.restart();
        assert!(log.seen().is_empty());
    }
}
