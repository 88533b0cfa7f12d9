/// Audio lines on which a client receives other people's voices.
pub const VOICE_SLOTS: usize = 8;
/// Video lines on which a client receives shared screens.
pub const VIDEO_LINES: usize = 2;

/// A data channel's purpose; its [`ChannelSpec`] says how it behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Join state, roles, chat, seats, moderation, clock.
    Control,
    /// Board operations.
    Board,
    /// Poses and other words that only matter while they are fresh.
    Pose,
}

/// How a pre-negotiated data channel (RFC 8832 is not used) is opened on both ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelSpec {
    /// The lane that the channel carries.
    pub lane: Lane,
    /// The SCTP stream on both ends.
    pub id: u16,
    /// The label on both ends.
    pub label: &'static str,
    /// Whether messages arrive in the order of sending.
    pub ordered: bool,
    /// `Some(0)`: never sent again when lost; `None`: reliable.
    pub max_retransmits: Option<u16>,
    /// Largest message, in bytes.
    pub max_message_bytes: usize,
}

/// The data channels of every connection, in the order of their ids.
pub const CHANNELS: [ChannelSpec; 3] = [
    ChannelSpec {
        lane: Lane::Control,
        id: 0,
        label: "control",
        ordered: true,
        max_retransmits: None,
        max_message_bytes: crate::limits::CONTROL_MESSAGE_BYTES,
    },
    ChannelSpec {
        lane: Lane::Board,
        id: 1,
        label: "board",
        ordered: true,
        max_retransmits: None,
        max_message_bytes: crate::limits::BOARD_MESSAGE_BYTES,
    },
    ChannelSpec {
        lane: Lane::Pose,
        id: 2,
        label: "pose",
        ordered: false,
        max_retransmits: Some(0),
        max_message_bytes: crate::limits::POSE_DATAGRAM_BYTES,
    },
];

impl Lane {
    /// How this lane's channel is opened.
    pub fn spec(self) -> &'static ChannelSpec {
        match self {
            Self::Control => &CHANNELS[0],
            Self::Board => &CHANNELS[1],
            Self::Pose => &CHANNELS[2],
        }
    }

    /// The lane of a data-channel id, if it is one of ours.
    pub fn from_channel_id(id: u16) -> Option<Self> {
        CHANNELS.iter().find(|spec| spec.id == id).map(|spec| spec.lane)
    }
}
