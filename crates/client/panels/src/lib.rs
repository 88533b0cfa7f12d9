//! The words and panels of the app, without an engine.
//!
//! [`draw`] shows a [`View`] and gives back [`Intent`]s. [`PanelState::take`] turns an intent into what panels remember,
//! into settings, and into a [`Wish`] for the app. [`Meeting`] mirrors what the room's server says. Nothing here knows a
//! window, a clock or a network, so that the same panels serve a screen, a sheet in the world and a test.

mod board;
mod chat_time;
mod dialogs;
mod draw;
mod ending;
pub mod fonts;
mod help;
mod home;
mod icons;
mod intent;
mod language;
mod meeting;
mod qr;
mod recent;
mod refused;
mod rights;
mod room;
mod screens;
mod settings;
mod settings_panel;
mod shortcuts;
mod sound_news;
mod sound_panel;
mod state;
mod surface;
pub mod theme;
mod toasts;
mod view;
mod voice_settings;
mod widgets;
mod wish;
mod words;

pub use board::{
    BoardAuthor, BoardFile, BoardIntent, BoardMenu, BoardNews, BoardPanelIntent, BoardPanels, BoardPerson, BoardText,
    BoardView, PageTab, Selection, board_canvas,
};
pub use draw::draw;
pub use ending::EndKind;
pub use icons::{Icon, Reaction};
pub use intent::{HomeIntent, Intent, MeetingIntent, PanelIntent, Question, RoomChoice, ScreenIntent, Tab};
pub use language::Language;
pub use meeting::{Knock, Meeting, MeetingEvent};
pub use recent::{RecentRoom, RecentRooms, WayIn};
pub use rights::Rights;
pub use settings::{Devices, Mouse, Quality, Settings, SettingsIntent, ThemeChoice};
pub use sound_news::{SoundFault, SoundNews, SoundSide, SoundTroubles, WhyUnheard};
pub use state::{CHAT_CHARS, PanelState};
pub use surface::{Pointer, Surface};
pub use toasts::{Float, Toast, Toasts, Tone};
pub use view::{
    Approach, EndedView, InputLevel, Invite, LoadingView, LobbyView, Look, Machine, RoomView, Screen, SoundView, View,
};
pub use voice_settings::{PersonVolume, PersonVolumes, SoundOutput, Talk, VoiceKind, VoiceSettings};
pub use wish::Wish;
pub use words::{Key, Words};
