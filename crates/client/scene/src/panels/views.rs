//! What panels show, made from the scene's resources.

use crate::people::Speaking;
use crate::receive::{InviteLink, Link, TheMeeting};
use crate::room::RoomProgress;
use crate::screen::AppScreen;
use crate::sound::{HoldsToTalk, MicrophoneLevel, OwnMute};
use crate::visit::LastEntrance;
use crate::wire::{Entrance, LinkState};
use atrium_panels::{BoardView, EndKind, EndedView, Invite, LoadingView, LobbyView, RoomView, Screen, SoundView};
use atrium_protocol::ParticipantId;
use bevy::ecs::system::SystemParam;
use bevy::prelude::*;
use std::collections::BTreeSet;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Where the facts are.
#[derive(SystemParam)]
pub(super) struct Facts<'w, 's> {
    screen: Res<'w, State<AppScreen>>,
    pub(super) meeting: ResMut<'w, TheMeeting>,
    link: Res<'w, Link>,
    invite: Res<'w, InviteLink>,
    entrance: Res<'w, LastEntrance>,
    progress: Res<'w, RoomProgress>,
    speaking: Res<'w, Speaking>,
    microphone: Res<'w, MicrophoneLevel>,
    talk_key: Res<'w, HoldsToTalk>,
    in_lobby_since: Local<'s, Option<Instant>>,
}

/// What the views borrow beside the resources.
#[derive(Debug, Default)]
pub(super) struct Kept {
    speaking: BTreeSet<ParticipantId>,
    invite: Option<Invite>,
    lost_secs: Option<u32>,
    waited_secs: u32,
}

impl Facts<'_, '_> {
    pub(super) fn is_in_room(&self) -> bool {
        **self.screen == AppScreen::InRoom
    }

    /// What changes with every frame.
    pub(super) fn keep(&mut self) -> Kept {
        let is_waiting = matches!(**self.link, Some(LinkState::InLobby(_)));
        *self.in_lobby_since = is_waiting.then(|| self.in_lobby_since.unwrap_or_else(Instant::now));
        Kept {
            speaking: self
                .meeting
                .people()
                .map(|person| person.id)
                .filter(|id| self.speaking.level(*id).is_some())
                .collect(),
            invite: self.invite(),
            lost_secs: self.lost_secs(),
            waited_secs: self.in_lobby_since.map_or(0, whole_secs),
        }
    }

    /// One's own link for others; who came by a link may pass that one on.
    fn invite(&self) -> Option<Invite> {
        let came_by = match &**self.entrance {
            Some(Entrance::Join { link, .. }) => Some(link.clone()),
            _ => None,
        };
        let link = (**self.invite).clone().or(came_by)?;
        Some(Invite { link, role: None, expires_at_ms: None })
    }

    fn is_host(&self) -> bool {
        matches!(**self.entrance, Some(Entrance::Host { .. }))
    }

    fn lost_secs(&self) -> Option<u32> {
        match &**self.link {
            Some(LinkState::Reconnecting { since }) => Some(whole_secs(*since)),
            _ => None,
        }
    }

    /// What one's own microphone does.
    pub(super) fn sound(&self, is_testing: bool, own_mute: OwnMute) -> SoundView {
        let input = (**self.microphone).filter(|_| self.is_in_room() || is_testing);
        SoundView { input, is_testing, is_holding_to_talk: **self.talk_key, wants_mute: own_mute.is_wanted() }
    }

    /// The screen to show.
    pub(super) fn screen<'a>(&'a self, kept: &'a Kept, board: Option<BoardView<'a>>) -> Screen<'a> {
        match (**self.screen, &**self.link) {
            (AppScreen::Home, _) => Screen::Home,
            (AppScreen::Entering, Some(LinkState::InLobby(sentence))) => {
                Screen::Lobby(LobbyView { sentence, waited_secs: kept.waited_secs })
            }
            (AppScreen::Entering, Some(LinkState::Connecting(approach))) => {
                Screen::Loading(LoadingView::OnTheWay(approach))
            }
            (AppScreen::Entering, _) => {
                let place = self.meeting.info().map_or("", |info| info.place.as_str());
                Screen::Loading(LoadingView::Place { name: place, progress: self.progress.0 })
            }
            (AppScreen::InRoom, _) => Screen::Room(RoomView {
                meeting: &self.meeting,
                speaking: &kept.speaking,
                invite: kept.invite.as_ref(),
                is_host: self.is_host(),
                lost_secs: kept.lost_secs,
                now_ms: now_ms(),
                board,
            }),
            (AppScreen::Ended, Some(LinkState::Ended(ending))) => {
                Screen::Ended(EndedView { kind: ending.kind, detail: &ending.message, was_host: self.is_host() })
            }
            (AppScreen::Ended, _) => {
                Screen::Ended(EndedView { kind: EndKind::Left, detail: "", was_host: self.is_host() })
            }
        }
    }
}

fn whole_secs(since: Instant) -> u32 {
    u32::try_from(since.elapsed().as_secs()).unwrap_or(u32::MAX)
}

fn now_ms() -> u64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX)
}
