use crate::receive::{Link, News, TheMeeting};
use crate::wire::{LinkState, RoomWire, ToRoom};
use atrium_panels::MeetingEvent;
use atrium_protocol::ControlUp;
use bevy::prelude::*;

/// Whether one wants to be silent. The microphone obeys at once; the room hears of it as soon as it can, and again
/// whenever one comes back as somebody new, since it knows nothing then of what one wanted before.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnMute {
    is_wanted: bool,
    /// What is still to be said to the room.
    unsaid: Option<bool>,
}

impl OwnMute {
    /// Mutes oneself, or asks the room to be heard again.
    pub fn ask(&mut self, muted: bool) {
        *self = Self { is_wanted: muted, unsaid: Some(muted) };
    }

    /// Whether one wants to be silent, whatever the room knows of it.
    pub fn is_wanted(&self) -> bool {
        self.is_wanted
    }
}

/// Says to the room what one wants.
pub(super) fn say(
    mut own: ResMut<OwnMute>,
    mut news: MessageReader<News>,
    meeting: Res<TheMeeting>,
    link: Res<Link>,
    wire: Res<RoomWire>,
) {
    let is_welcomed = news.read().any(|news| matches!(**news, MeetingEvent::Welcomed(_)));
    if is_welcomed && own.is_wanted {
        own.unsaid = Some(true);
    }
    let Some(muted) = own.unsaid else { return };
    let is_connected = matches!(**link, Some(LinkState::Connected { .. }));
    // Said even if it is so already: what was asked before may be on its way, and the opposite.
    if is_connected && meeting.my_info().is_some() {
        own.unsaid = None;
        wire.say(ToRoom::Control(ControlUp::SetMuted { muted }));
    }
}

/// Another meeting begins as everybody begins it.
pub(super) fn forget(mut own: ResMut<OwnMute>) {
    *own = OwnMute::default();
}

#[cfg(test)]
mod tests {
    use super::super::sample::{person, words};
    use super::*;
    use crate::wire::{NetworkWire, wire};
    use atrium_panels::Meeting;
    use atrium_protocol::{ControlDown, ParticipantId, PersonChange, PersonId};

    /// A scene of which only this runs, and what it says to the room.
    struct Scene {
        app: App,
        room: NetworkWire,
    }

    impl Scene {
        fn new() -> Self {
            let (ours, room) = wire();
            let mut app = App::new();
            app.insert_resource(ours)
                .init_resource::<OwnMute>()
                .init_resource::<TheMeeting>()
                .init_resource::<Link>()
                .add_message::<News>()
                .add_systems(Update, say);
            Self { app, room }
        }

        /// One comes in with that number; nobody is muted at first.
        fn welcome(&mut self, id: u32) {
            let me = person(id, PersonId([1; 32]));
            words(id, vec![me]).iter().for_each(|word| self.hear(word));
            self.app.world_mut().resource_mut::<Link>().0 =
                Some(LinkState::Connected { me: ParticipantId(id), resumed: false });
        }

        fn hear(&mut self, word: &ControlDown) {
            let mut meeting = self.app.world_mut().resource_mut::<TheMeeting>();
            let event = Meeting::apply(&mut meeting, word);
            if let Some(event) = event {
                self.app.world_mut().write_message(News(event));
            }
        }

        fn ask(&mut self, muted: bool) {
            self.app.world_mut().resource_mut::<OwnMute>().ask(muted);
        }

        /// What is said within some frames.
        fn said(&mut self) -> Vec<bool> {
            (0..3).for_each(|_| self.app.update());
            let words = self.room.from_scene.try_iter();
            words.map(|word| matches!(word, ToRoom::Control(ControlUp::SetMuted { muted: true }))).collect()
        }
    }

    #[test]
    fn it_is_said_once() {
        let mut scene = Scene::new();
        scene.welcome(1);
        assert_eq!(scene.said(), [false; 0]);
        scene.ask(true);
        assert_eq!(scene.said(), [true]);
        scene.hear(&ControlDown::Changed {
            id: ParticipantId(1),
            change: PersonChange { muted: Some(true), ..PersonChange::default() },
        });
        scene.ask(false);
        assert_eq!(scene.said(), [false]);
    }

    #[test]
    fn whoever_changes_their_mind_before_the_room_answers_is_heard() {
        let mut scene = Scene::new();
        scene.welcome(1);
        scene.ask(true);
        assert_eq!(scene.said(), [true]);
        scene.ask(false);
        assert_eq!(scene.said(), [false], "the room has not said that one is muted, and is about to mute");
    }

    #[test]
    fn whoever_was_silent_stays_silent_as_somebody_new() {
        let mut scene = Scene::new();
        scene.welcome(1);
        scene.ask(true);
        assert_eq!(scene.said(), [true]);
        scene.welcome(2);
        assert_eq!(scene.said(), [true], "the room knows nothing of it");
        scene.ask(false);
        assert_eq!(scene.said(), [false]);
        scene.welcome(3);
        assert_eq!(scene.said(), [false; 0], "nobody is made silent who is heard again");
    }

    #[test]
    fn what_is_asked_while_the_connection_is_lost_is_said_afterwards() {
        let mut scene = Scene::new();
        scene.welcome(1);
        scene.app.world_mut().resource_mut::<Link>().0 =
            Some(LinkState::Reconnecting { since: std::time::Instant::now() });
        scene.ask(true);
        assert_eq!(scene.said(), [false; 0]);
        scene.welcome(1);
        assert_eq!(scene.said(), [true]);
    }
}
