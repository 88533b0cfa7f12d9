use super::hex_lines;
use super::people::{ada, avatar, chat_message, content_hash, name, person_info, room_info};
use atrium_protocol::{
    BoardDown, BoardId, BoardUp, ChatText, CloseCode, ControlDown, ControlUp, FileEntry, Grants, LeaveReason, Micros,
    ModerateAction, OperationBytes, ParticipantId, PersonChange, PlacedReason, Placement, PoseEpoch, Presence,
    ReactionText, ReasonText, RefusalCode, Role, RoomId, SeatId, Welcome, encode_message,
};
use serde::Serialize;

/// The variants of an enum with their tags: one that is missing here does not compile.
macro_rules! tags {
    ($list:ident, $tag_of:ident, $of:ident: $($variant:ident $tag:literal),+ $(,)?) => {
        pub(crate) const $list: &[&str] = &[$($tag),+];
        fn $tag_of(message: &$of) -> &'static str {
            match message { $($of::$variant { .. } => $tag),+ }
        }
    };
}
tags!(CONTROL_UP, control_up_tag, ControlUp: Ping "ping", Chat "chat", RaiseHand "raise_hand", React "react",
    SetMuted "set_muted", Sit "sit", Stand "stand", SetAvatar "set_avatar", SetName "set_name", Present "present",
    Moderate "moderate", MuteAll "mute_all", SetLocked "set_locked", SetLobby "set_lobby", Unban "unban",
    RecallHost "recall_host", Leave "leave", Unknown "unknown");
tags!(MODERATE_ACTIONS, action_tag, ModerateAction: Mute "mute", AllowUnmute "allow_unmute",
    LowerHand "lower_hand", Remove "remove", Ban "ban", Admit "admit", Deny "deny", SetRole "set_role",
    SetGrants "set_grants", TransferHost "transfer_host");
tags!(CONTROL_DOWN, control_down_tag, ControlDown: Welcome "welcome", MoreFiles "more_files", InLobby "in_lobby", Roster "roster",
    ChatHistory "chat_history", Joined "joined", Left "left", Changed "changed", Chat "chat", Reaction "reaction",
    Placed "placed", Jumped "jumped", Room "room", Knock "knock", KnockEnded "knock_ended", Pong "pong",
    Refused "refused", Closing "closing", Unknown "unknown");
tags!(BOARD_UP, board_up_tag, BoardUp: Append "append", Fetch "fetch", Unknown "unknown");
tags!(BOARD_DOWN, board_down_tag, BoardDown: Settled "settled", Refused "refused", Stale "stale",
    UpToDate "up_to_date", Unknown "unknown");

/// A message's JSON view and its bytes, as the document shows them.
pub(super) fn show<T: Serialize>(message: &T) -> String {
    let json = serde_json::to_string(message).unwrap();
    format!("{json}\n{}", hex_lines(&encode_message(message, usize::MAX).unwrap()))
}

/// Every example's name and bytes.
pub(super) fn all_encoded() -> Vec<(String, Vec<u8>)> {
    fn encoded<T: Serialize>(examples: Vec<(String, T)>) -> impl Iterator<Item = (String, Vec<u8>)> {
        examples.into_iter().map(|(name, message)| (name, encode_message(&message, usize::MAX).unwrap()))
    }
    encoded(control_up())
        .chain(encoded(control_down()))
        .chain(encoded(board_up()))
        .chain(encoded(board_down()))
        .collect()
}

fn named<T>(lane: &str, messages: Vec<T>, tag_of: impl Fn(&T) -> String) -> Vec<(String, T)> {
    messages.into_iter().map(|message| (format!("{lane}.{}", tag_of(&message)), message)).collect()
}

pub(crate) fn control_up() -> Vec<(String, ControlUp)> {
    let reaction = ReactionText::new("👏").unwrap();
    let mut messages = vec![
        ControlUp::Ping { client_us: 81_234_567 },
        ControlUp::Chat { nonce: 7, text: ChatText::new("Grüße, 世界").unwrap() },
        ControlUp::RaiseHand { up: true },
        ControlUp::React { reaction },
        ControlUp::SetMuted { muted: true },
        ControlUp::Sit { seat: SeatId(3) },
        ControlUp::Stand,
        ControlUp::SetAvatar { avatar: avatar() },
        ControlUp::SetName { name: name("Ada") },
        ControlUp::Present { on: true },
        ControlUp::MuteAll,
        ControlUp::SetLocked { locked: true },
        ControlUp::SetLobby { enabled: true },
        ControlUp::Unban { person: ada() },
        ControlUp::RecallHost,
        ControlUp::Leave,
    ];
    messages.extend(actions().into_iter().map(|action| ControlUp::Moderate { target: ParticipantId(12), action }));
    named("control_up", messages, |message| match message {
        ControlUp::Moderate { action, .. } => format!("{}.{}", control_up_tag(message), action_tag(action)),
        _ => control_up_tag(message).to_owned(),
    })
}

fn actions() -> Vec<ModerateAction> {
    let reason = ReasonText::new("please").unwrap();
    vec![
        ModerateAction::Mute,
        ModerateAction::AllowUnmute,
        ModerateAction::LowerHand,
        ModerateAction::Remove { reason: reason.clone() },
        ModerateAction::Ban { reason },
        ModerateAction::Admit,
        ModerateAction::Deny,
        ModerateAction::SetRole { role: Role::Moderator },
        ModerateAction::SetGrants { grants: Grants { voice: true, draw: false, share: false, record: false } },
        ModerateAction::TransferHost,
    ]
}

fn placement(seat: Option<SeatId>) -> Placement {
    Placement { epoch: PoseEpoch(5), position: [1.5, 0.0, -2.25], yaw: 1.5, seat }
}

fn file(path: &str) -> FileEntry {
    FileEntry { path: path.into(), hash: content_hash(), size: 2_048 }
}

fn welcome() -> Welcome {
    Welcome {
        you: ParticipantId(12),
        room: RoomId::parse("standup").unwrap(),
        info: room_info(),
        role: Role::Member,
        grants: Grants::for_role(Role::Member),
        placement: placement(None),
        server_us: Micros(1_767_225_600_000_000),
        tick_hz: 30,
        files: vec![file("room.ron")],
    }
}

fn change() -> PersonChange {
    PersonChange { muted: Some(true), seat: Some(-1), presence: Some(Presence::Reconnecting), ..Default::default() }
}

pub(crate) fn control_down() -> Vec<(String, ControlDown)> {
    let id = ParticipantId(12);
    let reason = |text: &str| ReasonText::new(text).unwrap();
    let messages = vec![
        ControlDown::Welcome(Box::new(welcome())),
        ControlDown::MoreFiles { files: vec![file("textures/oak.ktx2")] },
        ControlDown::InLobby { message: reason("Wait until somebody lets you in.") },
        ControlDown::Roster { people: vec![person_info()], complete: true },
        ControlDown::ChatHistory { messages: vec![chat_message()] },
        ControlDown::Joined { person: Box::new(person_info()) },
        ControlDown::Left { id, reason: LeaveReason::TimedOut },
        ControlDown::Changed { id, change: change() },
        ControlDown::Chat { message: chat_message() },
        ControlDown::Reaction { from: id, reaction: ReactionText::new("👏").unwrap() },
        ControlDown::Placed { placement: placement(Some(SeatId(3))), reason: PlacedReason::Seat },
        ControlDown::Jumped { id, epoch: PoseEpoch(6) },
        ControlDown::Room { info: room_info() },
        ControlDown::Knock { id: ParticipantId(13), person: ada(), name: name("Ada") },
        ControlDown::KnockEnded { id: ParticipantId(13) },
        ControlDown::Pong { client_us: 81_234_567, server_us: Micros(1_767_225_600_000_000) },
        ControlDown::Refused {
            what: "sit".into(),
            nonce: None,
            code: RefusalCode::Taken,
            message: reason("Somebody sits there."),
        },
        ControlDown::Refused {
            what: "chat".into(),
            nonce: Some(7),
            code: RefusalCode::TooFast,
            message: reason("Too much at once."),
        },
        ControlDown::Closing { code: CloseCode::Draining, message: reason("The server restarts.") },
    ];
    named("control_down", messages, |message| match message {
        ControlDown::Refused { nonce: Some(_), .. } => "refused.chat".to_owned(),
        message => control_down_tag(message).to_owned(),
    })
}

fn operation() -> OperationBytes {
    OperationBytes::new(vec![0x93, 1, 2, 3]).unwrap()
}

pub(crate) fn board_up() -> Vec<(String, BoardUp)> {
    let messages = vec![
        BoardUp::Append { board: BoardId(0), nonce: 19, operation: operation() },
        BoardUp::Fetch { board: BoardId(0), after: 640 },
    ];
    named("board_up", messages, |message| board_up_tag(message).to_owned())
}

pub(crate) fn board_down() -> Vec<(String, BoardDown)> {
    let board = BoardId(0);
    let messages = vec![
        BoardDown::Settled {
            board,
            sequence: 641,
            author: ada(),
            nonce: 19,
            at_ms: 1_767_225_600_123,
            operation: operation(),
        },
        BoardDown::Refused {
            board,
            nonce: 19,
            code: RefusalCode::NotAllowed,
            message: ReasonText::new("You may not draw.").unwrap(),
        },
        BoardDown::Stale { board, nonce: 19, last_nonce: 27 },
        BoardDown::UpToDate { board, sequence: 641 },
    ];
    named("board_down", messages, |message| board_down_tag(message).to_owned())
}
