//! Messages of the control lane, and what follows when they are too many or make no sense.

use crate::Room;
use crate::limits::{RateLimits, Verdict};
use atrium_protocol::{
    AvatarBytes, ControlDown, ControlUp, DisplayName, Micros, ParticipantId, PersonChange, Presence, ReactionText,
    RefusalCode, Role, decode_message, limits,
};

pub(crate) const TOO_MUCH: &str = "too much at a time: try again in a moment";

impl Room {
    pub(crate) fn control_received(&mut self, now: Micros, index: usize, bytes: &[u8]) {
        let Some(from) = self.people.at_mut(index) else { return };
        if !from.meters.control.take(now, 1) {
            // A chat message has a number to be refused by.
            match decode_message(bytes, limits::CONTROL_MESSAGE_BYTES) {
                Ok(ControlUp::Chat { nonce, .. }) => self.chat_over_limit(now, index, nonce),
                _ => self.over_limit(now, index, "control"),
            }
            return;
        }
        match decode_message::<ControlUp>(bytes, limits::CONTROL_MESSAGE_BYTES) {
            Ok(message) => self.control(now, index, message),
            Err(error) => self.malformed(now, index, "control", &error.to_string()),
        }
    }

    fn control(&mut self, now: Micros, index: usize, message: ControlUp) {
        let Some(from) = self.people.at_mut(index) else { return };
        let (id, what) = (from.id(), name_of(&message));
        if !from.is_inside() && !may_be_said_at_the_door(&message) {
            let nonce = if let ControlUp::Chat { nonce, .. } = message { Some(nonce) } else { None };
            self.outbox.refuse_numbered(id, what, nonce, RefusalCode::NotAllowed, "you are still in the lobby");
            return;
        }
        let is_ping = matches!(message, ControlUp::Ping { .. });
        let is_within_limits = (!is_ping || from.meters.ping.take(now, 1))
            && (!is_for_everyone(&message) || from.meters.announce.take(now, 1));
        if !is_within_limits {
            self.over_limit(now, index, what);
            return;
        }
        match message {
            ControlUp::Ping { client_us } => {
                self.outbox.control(id, &ControlDown::Pong { client_us, server_us: now });
            }
            ControlUp::Chat { nonce, text } => self.say(now, index, nonce, text),
            ControlUp::RaiseHand { up } => self.raise_hand(now, index, up),
            ControlUp::React { reaction } => self.react(id, reaction),
            ControlUp::SetMuted { muted } => self.set_muted(now, index, muted),
            ControlUp::Sit { seat } => self.sit(now, index, seat),
            ControlUp::Stand => self.stand(now, index),
            ControlUp::SetAvatar { avatar } => self.set_avatar(index, avatar),
            ControlUp::SetName { name } => self.set_name(now, index, name),
            ControlUp::Present { on } => self.present(now, index, on),
            ControlUp::Moderate { target, action } => self.moderate(now, index, target, action),
            ControlUp::MuteAll => self.mute_all(now, index),
            ControlUp::SetLocked { locked } => self.set_locked(now, index, locked),
            ControlUp::SetLobby { enabled } => self.set_lobby(now, index, enabled),
            ControlUp::Unban { person } => self.unban(now, index, person),
            ControlUp::RecallHost => self.recall_host(now, index),
            ControlUp::Leave => self.leave(now, index),
            ControlUp::Unknown => {}
        }
    }

    pub(crate) fn raise_hand(&mut self, now: Micros, index: usize, up: bool) {
        let Some(participant) = self.people.at_mut(index) else { return };
        if participant.info.hand_raised_at_ms.is_some() == up {
            return;
        }
        // Zero stands for a lowered hand.
        let at_ms = if up { now.millis().max(1) } else { 0 };
        participant.info.hand_raised_at_ms = up.then_some(at_ms);
        self.announce(index, PersonChange { hand_raised_at_ms: Some(at_ms), ..PersonChange::default() });
    }

    fn react(&mut self, from: ParticipantId, reaction: ReactionText) {
        if reaction.as_str().trim().is_empty() {
            self.outbox.refuse(from, "react", RefusalCode::Invalid, "there is nothing to see in this reaction");
            return;
        }
        self.broadcast(&ControlDown::Reaction { from, reaction });
    }

    fn set_muted(&mut self, now: Micros, index: usize, muted: bool) {
        let Some(participant) = self.people.at_mut(index) else { return };
        if participant.info.muted_by_moderator && !muted {
            let id = participant.id();
            self.outbox.refuse(id, "set_muted", RefusalCode::NotAllowed, "a moderator muted you: raise your hand");
            return;
        }
        participant.info.muted = muted;
        self.announce(index, PersonChange { muted: Some(muted), ..PersonChange::default() });
        self.refresh_voice(now, index);
    }

    fn set_avatar(&mut self, index: usize, avatar: AvatarBytes) {
        let Some(participant) = self.people.at_mut(index) else { return };
        participant.info.avatar = avatar.clone();
        self.announce(index, PersonChange { avatar: Some(avatar), ..PersonChange::default() });
    }

    fn set_name(&mut self, now: Micros, index: usize, name: DisplayName) {
        let Some(participant) = self.people.at_mut(index) else { return };
        participant.info.name = name.clone();
        let (id, person, is_inside) = (participant.id(), participant.info.person, participant.is_inside());
        if is_inside {
            self.announce(index, PersonChange { name: Some(name.clone()), ..PersonChange::default() });
            self.remember_name(now, person, &name);
        } else {
            self.tell_moderators(&ControlDown::Knock { id, person, name });
        }
    }

    /// One person presents at a time; a moderator may take over, and so may anyone from somebody who lost the
    /// connection.
    fn present(&mut self, now: Micros, index: usize, on: bool) {
        let Some(participant) = self.people.at(index) else { return };
        let info = &participant.info;
        let (id, is_moderator) = (info.id, info.role >= Role::Moderator);
        if on && !info.grants.share {
            let message = "you may not present here: ask a moderator";
            self.outbox.refuse(id, "present", RefusalCode::NotAllowed, message);
            return;
        }
        let other = self.people.indexed().find(|(other, participant)| participant.info.presenting && *other != index);
        if let Some((other, presenter)) = other.filter(|_| on) {
            if !is_moderator && presenter.info.presence == Presence::Here {
                self.outbox.refuse(id, "present", RefusalCode::Taken, "somebody else presents now");
                return;
            }
            self.set_presenting(now, other, false);
        }
        self.set_presenting(now, index, on);
    }

    pub(crate) fn set_presenting(&mut self, now: Micros, index: usize, on: bool) {
        let Some(participant) = self.people.at_mut(index).filter(|participant| participant.info.presenting != on)
        else {
            return;
        };
        participant.info.presenting = on;
        self.announce(index, PersonChange { presenting: Some(on), ..PersonChange::default() });
        self.refresh_voice(now, index);
    }

    /// Somebody sends more than they may.
    pub(crate) fn over_limit(&mut self, now: Micros, index: usize, what: &str) {
        if let Some((id, Verdict::Tell)) = self.note_over_limit(now, index) {
            self.outbox.refuse(id, what, RefusalCode::TooFast, TOO_MUCH);
        }
    }

    /// Counts what was over a limit; gives back who is still there to be told.
    pub(crate) fn note_over_limit(&mut self, now: Micros, index: usize) -> Option<(ParticipantId, Verdict)> {
        self.stats.messages_over_limit += 1;
        let from = self.people.at_mut(index)?;
        let (id, verdict) = (from.id(), from.meters.over(now));
        if verdict == Verdict::Close {
            self.expel(now, index, "too many messages for too long");
            return None;
        }
        Some((id, verdict))
    }

    /// Somebody sends what cannot be decoded.
    pub(crate) fn malformed(&mut self, now: Micros, index: usize, what: &str, why: &str) {
        self.stats.messages_malformed += 1;
        let Some(from) = self.people.at_mut(index) else { return };
        let (id, verdict) = (from.id(), from.meters.malformed(now));
        match verdict {
            Verdict::Drop => {}
            Verdict::Tell => self.outbox.refuse(id, what, RefusalCode::Invalid, why),
            Verdict::Close => {
                let max = RateLimits::STANDARD.malformed_max;
                self.expel(now, index, &format!("more than {max} messages that make no sense"));
            }
        }
    }

    /// Too many voice packets: outputs wait for the next input, because voice is routed between them.
    pub(crate) fn voice_flood(&mut self, now: Micros, index: usize) {
        self.stats.messages_over_limit += 1;
        let Some(from) = self.people.at_mut(index) else { return };
        let (id, verdict) = (from.id(), from.meters.over(now));
        if verdict == Verdict::Close && !self.voice_flooders.contains(&id) {
            self.voice_flooders.push(id);
        }
    }

    pub(crate) fn expel_flooder(&mut self, now: Micros, id: ParticipantId) {
        if let Some(index) = self.people.index_of(id) {
            self.expel(now, index, "too many voice packets for too long");
        }
    }
}

fn may_be_said_at_the_door(message: &ControlUp) -> bool {
    use ControlUp::{Leave, Ping, SetAvatar, SetName, Unknown};
    matches!(message, Ping { .. } | SetName { .. } | SetAvatar { .. } | Leave | Unknown)
}

/// Messages that make the room tell everyone.
fn is_for_everyone(message: &ControlUp) -> bool {
    use ControlUp::{
        MuteAll, Present, RaiseHand, React, SetAvatar, SetLobby, SetLocked, SetMuted, SetName, Sit, Stand,
    };
    let is_about_oneself = matches!(
        message,
        RaiseHand { .. } | React { .. } | SetMuted { .. } | Sit { .. } | Stand | SetAvatar { .. } | SetName { .. }
    );
    is_about_oneself || matches!(message, Present { .. } | MuteAll | SetLocked { .. } | SetLobby { .. })
}

/// The `type` of a message on the wire.
fn name_of(message: &ControlUp) -> &'static str {
    match message {
        ControlUp::Ping { .. } => "ping",
        ControlUp::Chat { .. } => "chat",
        ControlUp::RaiseHand { .. } => "raise_hand",
        ControlUp::React { .. } => "react",
        ControlUp::SetMuted { .. } => "set_muted",
        ControlUp::Sit { .. } => "sit",
        ControlUp::Stand => "stand",
        ControlUp::SetAvatar { .. } => "set_avatar",
        ControlUp::SetName { .. } => "set_name",
        ControlUp::Present { .. } => "present",
        ControlUp::Moderate { .. } => "moderate",
        ControlUp::MuteAll => "mute_all",
        ControlUp::SetLocked { .. } => "set_locked",
        ControlUp::SetLobby { .. } => "set_lobby",
        ControlUp::Unban { .. } => "unban",
        ControlUp::RecallHost => "recall_host",
        ControlUp::Leave => "leave",
        ControlUp::Unknown => "unknown",
    }
}
