use atrium_link::VoicePacket;
use atrium_protocol::{
    BoardDown, BoardId, ChatMessage, CloseCode, ControlDown, DisplayName, HandPose, LeaveReason, OperationBytes,
    ParticipantId, PersonChange, PersonId, PersonInfo, PlacedReason, Placement, Pose, PoseDown, ReactionText,
    RefusalCode, RoomInfo, Welcome,
};
use atrium_session::{ClosedCode, FilesError, RoomFiles, SessionEvent, SessionState};
use glam::Vec3;
use std::collections::BTreeMap;

/// Everything that a session told its owner.
#[derive(Debug, Default)]
pub(crate) struct Mirror {
    pub(crate) states: Vec<SessionState>,
    pub(crate) welcome: Option<Welcome>,
    pub(crate) info: Option<RoomInfo>,
    pub(crate) placement: Option<Placement>,
    pub(crate) placed: Vec<PlacedReason>,
    pub(crate) people: BTreeMap<ParticipantId, PersonInfo>,
    pub(crate) changes: Vec<(ParticipantId, PersonChange)>,
    pub(crate) left: Vec<(ParticipantId, LeaveReason)>,
    pub(crate) knocks: BTreeMap<ParticipantId, DisplayName>,
    pub(crate) chat: Vec<ChatMessage>,
    pub(crate) reactions: Vec<(ParticipantId, ReactionText)>,
    pub(crate) refusals: Vec<(String, RefusalCode)>,
    pub(crate) closing: Option<CloseCode>,
    pub(crate) board: Vec<Settled>,
    pub(crate) board_refusals: Vec<(u64, RefusalCode)>,
    /// The answers to fetches: the last sequence number of the board.
    pub(crate) up_to_date: Vec<u64>,
    /// What people did at boards at that moment, in the order of arrival.
    pub(crate) lives: BTreeMap<ParticipantId, Vec<(BoardId, Vec<u8>)>>,
    pub(crate) poses: BTreeMap<ParticipantId, PoseTrack>,
    pub(crate) voices: BTreeMap<ParticipantId, Vec<VoicePacket>>,
    pub(crate) files: Option<Result<RoomFiles, FilesError>>,
}

/// A board operation that is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settled {
    pub(crate) sequence: u64,
    pub(crate) author: PersonId,
    pub(crate) nonce: u64,
    pub(crate) at_ms: u64,
    pub(crate) operation: OperationBytes,
}

/// What was seen of somebody's body.
#[derive(Clone, Debug, Default)]
pub(crate) struct PoseTrack {
    pub(crate) records: usize,
    pub(crate) heads: Vec<Vec3>,
    pub(crate) hands: Vec<HandPose>,
    pub(crate) last: Pose,
}

impl Mirror {
    pub(crate) fn take(&mut self, event: SessionEvent) {
        match event {
            SessionEvent::State(state) => self.states.push(state),
            SessionEvent::Control(message) => self.take_control(*message),
            SessionEvent::Board(message) => self.take_board(message),
            SessionEvent::Poses { poses, .. } => self.take_poses(&poses),
            SessionEvent::Live { records, .. } => {
                for record in records {
                    self.lives.entry(record.id).or_default().push((record.board, record.payload));
                }
            }
            SessionEvent::Voice { speaker, packet, .. } => self.voices.entry(speaker).or_default().push(packet),
            SessionEvent::Files(files) => self.files = Some(files),
        }
    }

    fn take_control(&mut self, message: ControlDown) {
        match message {
            ControlDown::Welcome(welcome) => {
                self.people.clear();
                self.placement = Some(welcome.placement);
                self.info = Some(welcome.info.clone());
                self.welcome = Some(*welcome);
            }
            ControlDown::Roster { people, .. } => self.people.extend(people.into_iter().map(|info| (info.id, info))),
            ControlDown::Joined { person } => drop(self.people.insert(person.id, *person)),
            ControlDown::Left { id, reason } => {
                self.people.remove(&id);
                self.left.push((id, reason));
            }
            ControlDown::Changed { id, change } => {
                if let Some(person) = self.people.get_mut(&id) {
                    change.apply_to(person);
                }
                self.changes.push((id, change));
            }
            ControlDown::ChatHistory { messages } => messages.into_iter().for_each(|message| self.take_chat(message)),
            ControlDown::Chat { message } => self.take_chat(message),
            ControlDown::Reaction { from, reaction } => self.reactions.push((from, reaction)),
            ControlDown::Placed { placement, reason } => {
                self.placement = Some(placement);
                self.placed.push(reason);
            }
            ControlDown::Room { info } => self.info = Some(info),
            ControlDown::Knock { id, name, .. } => drop(self.knocks.insert(id, name)),
            ControlDown::KnockEnded { id } => drop(self.knocks.remove(&id)),
            ControlDown::Refused { what, code, .. } => self.refusals.push((what, code)),
            ControlDown::Closing { code, .. } => self.closing = Some(code),
            ControlDown::MoreFiles { .. }
            | ControlDown::InLobby { .. }
            | ControlDown::Jumped { .. }
            | ControlDown::Pong { .. }
            | ControlDown::Unknown => {}
        }
    }

    /// Chat that comes again after a resume is known by its place.
    fn take_chat(&mut self, message: ChatMessage) {
        if self.chat.iter().all(|known| known.sequence != message.sequence) {
            self.chat.push(message);
        }
    }

    fn take_board(&mut self, message: BoardDown) {
        match message {
            BoardDown::Settled { sequence, author, nonce, at_ms, operation, .. } => {
                self.board.push(Settled { sequence, author, nonce, at_ms, operation });
            }
            BoardDown::Refused { nonce, code, .. } => self.board_refusals.push((nonce, code)),
            BoardDown::UpToDate { sequence, .. } => self.up_to_date.push(sequence),
            BoardDown::Stale { .. } | BoardDown::Unknown => {}
        }
    }

    fn take_poses(&mut self, poses: &PoseDown) {
        for record in &poses.records {
            let track = self.poses.entry(record.id).or_default();
            track.records += 1;
            track.last = record.pose;
            track.heads.extend(record.pose.head.map(|head| head.position));
            track.hands.extend(record.pose.left.into_iter().chain(record.pose.right));
        }
    }

    /// One's own attendance, while one is in.
    pub(crate) fn me(&self) -> Option<ParticipantId> {
        match self.states.last() {
            Some(SessionState::Connected { me, .. }) => Some(*me),
            _ => None,
        }
    }

    /// How often one came in, the first time included.
    pub(crate) fn arrivals(&self) -> usize {
        self.states.iter().filter(|state| matches!(state, SessionState::Connected { .. })).count()
    }

    pub(crate) fn is_reconnecting(&self) -> bool {
        matches!(self.states.last(), Some(SessionState::Reconnecting { .. }))
    }

    /// Why the session is over, if it is.
    pub(crate) fn closed(&self) -> Option<ClosedCode> {
        match self.states.last() {
            Some(SessionState::Closed { code, .. }) => Some(*code),
            _ => None,
        }
    }

    pub(crate) fn names(&self) -> Vec<&str> {
        self.people.values().map(|person| person.name.as_str()).collect()
    }

    /// Voice packets that were heard of somebody.
    pub(crate) fn heard(&self, speaker: ParticipantId) -> usize {
        self.voices.get(&speaker).map_or(0, Vec::len)
    }

    /// Poses that were seen of somebody.
    pub(crate) fn seen(&self, id: ParticipantId) -> usize {
        self.poses.get(&id).map_or(0, |track| track.records)
    }

    pub(crate) fn is_refused(&self, what: &str, code: RefusalCode) -> bool {
        self.refusals.iter().any(|(refused, why)| refused == what && *why == code)
    }

    /// What a failed test shows.
    pub(crate) fn summary(&self) -> String {
        let voices: Vec<_> = self.voices.iter().map(|(id, packets)| (id, packets.len())).collect();
        let poses: Vec<_> = self.poses.iter().map(|(id, track)| (id, track.records)).collect();
        format!(
            "states {:?}\npeople {:?}\nleft {:?}\nrefusals {:?}\nclosing {:?}\nplaced {:?}\nvoices {voices:?}\n\
             poses {poses:?}\n{} chats, {} operations, {:?}",
            self.states,
            self.people.values().collect::<Vec<_>>(),
            self.left,
            self.refusals,
            self.closing,
            self.placed,
            self.chat.len(),
            self.board.len(),
            self.board_refusals,
        )
    }
}
