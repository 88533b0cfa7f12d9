use super::tally::Notes;
use atrium_protocol::{Micros, ParticipantId, decode_pose_down};
use std::collections::BTreeMap;
use std::time::Duration;

/// How often one client got each other person's head, and how old it was.
#[derive(Clone, Debug, Default)]
pub(crate) struct PoseLog {
    seen: BTreeMap<ParticipantId, u64>,
}

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
            notes.pose_age.record(received.since(captured));
            *self.seen.entry(record.id).or_default() += 1;
        }
    }

    /// Heads received, by person.
    pub(crate) fn seen(&self) -> &BTreeMap<ParticipantId, u64> {
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
        log.take(&mut notes, &writer.finish(), sent + Duration::from_millis(5));
        assert_eq!(log.seen().iter().collect::<Vec<_>>(), [(&ParticipantId(1), &1)]);
        assert_eq!(notes.pose_age.summary().unwrap().max.round(), 35.0);
        log.take(&mut notes, &[2, 0], sent);
        assert_eq!(notes.problems.count, 1);
        log.restart();
        assert!(log.seen().is_empty());
    }
}
