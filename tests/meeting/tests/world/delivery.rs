use super::Person;
use super::mirror::Mirror;
use super::person::{WALK_STEPS, payload_number, walk_offset_m};
use std::collections::BTreeSet;
use std::time::Duration;

/// How long the last packets may be on their way before they count as lost.
const STRAGGLERS: Duration = Duration::from_secs(1);

/// How much of what somebody did reached somebody else. The speaker must walk and talk in counted packets.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) poses_sent: u32,
    pub(crate) poses_seen: u32,
    pub(crate) voices_sent: u32,
    pub(crate) voices_heard: u32,
}

impl Delivery {
    /// Counts while `meanwhile` runs.
    pub(crate) async fn during<T>(from: &Person, to: &Person, meanwhile: impl Future<Output = T>) -> (Self, T) {
        let id = from.id();
        from.walk().await;
        from.talk(super::Speech::Counted).await;
        to.eventually("seen and heard", |mirror| mirror.seen(id) > 20 && mirror.heard(id) > 20).await;
        let start_x = from.look(|mirror| mirror.placement.expect("placed").position[0]);
        let heads_before = to.look(|mirror| mirror.poses[&id].heads.len());
        let (first_pose, first_voice) = (from.poses_sent(), from.voices_sent());
        let done = meanwhile.await;
        let (end_pose, end_voice) = (from.poses_sent(), from.voices_sent());
        assert!(end_pose - first_pose < WALK_STEPS, "a shorter test: the numbers of poses come again");
        tokio::time::sleep(STRAGGLERS).await;
        let is_numbered = |x: f32, number: u32| (start_x - x - walk_offset_m(number)).abs() < 0.6 / 512.0;
        let count = |mirror: &Mirror| {
            let heads = &mirror.poses[&id].heads[heads_before..];
            let is_seen = |number: &u32| heads.iter().any(|head| is_numbered(head.x, *number));
            let heard: BTreeSet<u32> =
                mirror.voices[&id].iter().filter_map(|packet| payload_number(&packet.payload)).collect();
            Self {
                poses_sent: end_pose - first_pose,
                poses_seen: (first_pose..end_pose).filter(is_seen).count() as u32,
                voices_sent: end_voice - first_voice,
                voices_heard: heard.range(first_voice..end_voice).count() as u32,
            }
        };
        (to.look(count), done)
    }

    /// Counts for a while.
    pub(crate) async fn over(from: &Person, to: &Person, time: Duration) -> Self {
        // A sleep that is made now would run while the first packets are awaited.
        Self::during(from, to, async { tokio::time::sleep(time).await }).await.0
    }

    pub(crate) fn poses(&self) -> f64 {
        f64::from(self.poses_seen) / f64::from(self.poses_sent.max(1))
    }

    pub(crate) fn voices(&self) -> f64 {
        f64::from(self.voices_heard) / f64::from(self.voices_sent.max(1))
    }

    /// As good as nothing was lost.
    pub(crate) fn assert_whole(&self) {
        println!("{self:?}: {:.2} % of voice, {:.2} % of poses", self.voices() * 100.0, self.poses() * 100.0);
        assert!(self.voices_sent > 50 && self.poses_sent > 20, "too little to count: {self:?}");
        assert!(self.voices() >= 0.99, "{self:?}");
        // Two poses that arrive within one tick of the room leave it as one.
        let merged = 2 + self.poses_sent / 100;
        assert!(self.poses_sent - self.poses_seen <= merged, "{self:?}");
    }
}
