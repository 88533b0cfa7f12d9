//! Words of the room become resources and messages, once at the start of a frame.

use crate::frame::Frame;
use crate::screen::AppScreen;
use crate::wire::{FromRoom, LinkState, RoomClock, RoomWire};
use atrium_panels::{Meeting, MeetingEvent};
use atrium_protocol::{
    BoardDown, BoardId, ContentHash, ControlDown, ParticipantId, PlacedReason, Placement, PoseDown, PoseEpoch,
};
use bevy::prelude::*;
use std::path::PathBuf;
use std::time::Instant;

/// The meeting as the server tells it.
#[derive(Resource, Debug, Default, Deref, DerefMut)]
pub struct TheMeeting(pub Meeting);

/// How the connection is; `None` on the home screen.
#[derive(Resource, Debug, Default, Deref, DerefMut)]
pub struct Link(pub Option<LinkState>);

/// A link that lets others in, where one may have it.
#[derive(Resource, Debug, Default, Deref, DerefMut)]
pub struct InviteLink(pub Option<String>);

/// Something happened in the meeting.
#[derive(Message, Debug, Deref)]
pub struct News(pub MeetingEvent);

/// Other people's poses came.
#[derive(Message, Debug)]
pub struct PosesArrived {
    /// The poses.
    pub poses: PoseDown,
    /// When they arrived here; [`RoomClock`] has the server's time of it.
    pub arrived: Instant,
}

/// Somebody jumped: their next pose is not to be reached by gliding.
#[derive(Message, Debug)]
pub struct Jumped {
    /// Who.
    pub id: ParticipantId,
    /// The epoch of their poses from now on.
    pub epoch: PoseEpoch,
}

/// One is put somewhere by the room, also at the start.
#[derive(Message, Debug)]
pub struct Placed {
    /// Where.
    pub placement: Placement,
    /// Why.
    pub reason: PlacedReason,
}

/// How loud somebody is right now.
#[derive(Message, Debug)]
pub struct VoiceLevel {
    /// Who.
    pub speaker: ParticipantId,
    /// RFC 6464: 0 is loudest, 127 silence.
    pub level_dbov: u8,
}

/// A word of the board lane came.
#[derive(Message, Debug, Deref)]
pub struct BoardWord(pub BoardDown);

/// A board as a whole came, or will not.
#[derive(Message, Debug)]
pub struct SnapshotArrived {
    /// Which board.
    pub board: BoardId,
    /// What `atrium_board::read_snapshot` reads, or why there is none.
    pub bytes: Result<Vec<u8>, String>,
}

/// Somebody does something at a board right now.
#[derive(Message, Debug)]
pub struct LiveWord {
    /// Who.
    pub from: ParticipantId,
    /// Which board.
    pub board: BoardId,
    /// What `atrium_board::Live` reads.
    pub payload: Vec<u8>,
}

/// A picture came, or will not.
#[derive(Message, Debug)]
pub struct PictureArrived {
    /// Which.
    pub hash: ContentHash,
    /// PNG or JPEG, or why there is none.
    pub file: Result<Vec<u8>, String>,
}

/// The room has a picture of one's own, or has not.
#[derive(Message, Debug)]
pub struct PictureStored {
    /// The number that was given with it.
    pub ticket: u64,
    /// What it is called now, or why it was not taken.
    pub hash: Result<ContentHash, String>,
}

/// The place's files are on this machine, in that folder of the asset source `place`; or they are not, and why.
#[derive(Message, Debug, Deref)]
pub struct PlaceArrived(pub Result<PathBuf, String>);

pub(crate) fn plugin(app: &mut App) {
    app.init_resource::<TheMeeting>()
        .init_resource::<Link>()
        .init_resource::<RoomClock>()
        .init_resource::<InviteLink>()
        .add_message::<News>()
        .add_message::<PosesArrived>()
        .add_message::<Jumped>()
        .add_message::<Placed>()
        .add_message::<VoiceLevel>()
        .add_message::<BoardWord>()
        .add_message::<SnapshotArrived>()
        .add_message::<LiveWord>()
        .add_message::<PictureArrived>()
        .add_message::<PictureStored>()
        .add_message::<PlaceArrived>()
        .add_systems(Update, receive.in_set(Frame::Receive))
        .add_systems(OnEnter(AppScreen::Entering), forget_the_last_meeting);
}

fn forget_the_last_meeting(mut meeting: ResMut<TheMeeting>, mut invite: ResMut<InviteLink>) {
    **meeting = Meeting::default();
    **invite = None;
}

#[derive(bevy::ecs::system::SystemParam)]
pub(crate) struct Outlets<'w, 's> {
    commands: Commands<'w, 's>,
    news: MessageWriter<'w, News>,
    poses: MessageWriter<'w, PosesArrived>,
    jumps: MessageWriter<'w, Jumped>,
    placed: MessageWriter<'w, Placed>,
    levels: MessageWriter<'w, VoiceLevel>,
    boards: MessageWriter<'w, BoardWord>,
    snapshots: MessageWriter<'w, SnapshotArrived>,
    live: MessageWriter<'w, LiveWord>,
    pictures: MessageWriter<'w, PictureArrived>,
    stored: MessageWriter<'w, PictureStored>,
    places: MessageWriter<'w, PlaceArrived>,
}

pub(crate) fn receive(
    wire: Res<RoomWire>,
    mut link: ResMut<Link>,
    mut meeting: ResMut<TheMeeting>,
    mut invite: ResMut<InviteLink>,
    mut out: Outlets,
    mut next_screen: ResMut<NextState<AppScreen>>,
) {
    while let Some(word) = wire.next() {
        match word {
            // On the home screen, or when it is over already: the last words of a meeting that one has left.
            FromRoom::Link(_) if matches!(**link, None | Some(LinkState::Ended(_))) => {}
            FromRoom::Link(state) => {
                if matches!(state, LinkState::Ended(_)) {
                    next_screen.set(AppScreen::Ended);
                }
                **link = Some(state);
            }
            FromRoom::Clock(clock) => out.commands.insert_resource(clock),
            FromRoom::Control(word) => hear(&word, &mut meeting, &mut out),
            FromRoom::Board(word) => drop(out.boards.write(BoardWord(word))),
            FromRoom::Snapshot { board, bytes } => drop(out.snapshots.write(SnapshotArrived { board, bytes })),
            FromRoom::Live { from, board, payload } => drop(out.live.write(LiveWord { from, board, payload })),
            FromRoom::Picture { hash, file } => drop(out.pictures.write(PictureArrived { hash, file })),
            FromRoom::PictureStored { ticket, hash } => drop(out.stored.write(PictureStored { ticket, hash })),
            FromRoom::Poses { poses, arrived } => drop(out.poses.write(PosesArrived { poses, arrived })),
            FromRoom::VoiceLevel { speaker, level_dbov } => {
                out.levels.write(VoiceLevel { speaker, level_dbov });
            }
            FromRoom::Place(place) => drop(out.places.write(PlaceArrived(place))),
            FromRoom::Invite(text) => **invite = Some(text),
        }
    }
}

fn hear(word: &ControlDown, meeting: &mut TheMeeting, out: &mut Outlets) {
    match word {
        ControlDown::Placed { placement, reason } => {
            out.placed.write(Placed { placement: *placement, reason: *reason });
        }
        ControlDown::Jumped { id, epoch } => drop(out.jumps.write(Jumped { id: *id, epoch: *epoch })),
        ControlDown::Welcome(welcome) => {
            out.placed.write(Placed { placement: welcome.placement, reason: PlacedReason::Spawn });
        }
        _ => {}
    }
    if let Some(event) = meeting.apply(word) {
        out.news.write(News(event));
    }
}
