//! The room as a person sees it: Bevy plugins, a folder a feature.
//!
//! The scene meets the network at the bounded queues of [`wire()`], and knows nothing else of it.

// A system names what it needs as arguments, and queries are types.
#![allow(clippy::too_many_arguments, clippy::type_complexity)]

mod boards;
mod body;
mod choices;
mod frame;
mod offscreen;
mod panels;
mod people;
mod receive;
mod room;
mod screen;
mod sound;
mod visit;
mod wire;

pub use boards::{Boards, BoardsCost, ExportBoard, Exported, OpenBoard, StartBoard};
pub use body::{MainCamera, OwnBody, StartView};
pub use frame::{Frame, FrameMarks, FrameMarksPlugin};
pub use offscreen::{Offscreen, OffscreenCanvas, OffscreenFailure};
pub use panels::{InputGate, PanelMemory, ThisMachine, UserSettings};
pub use people::{HeadPosition, HeadPositions, ReducedMotion, Speaking};
pub use receive::{
    BoardWord, InviteLink, Jumped, Link, LiveWord, News, PictureArrived, PictureStored, PlaceArrived, Placed,
    PosesArrived, SnapshotArrived, TheMeeting, VoiceLevel,
};
pub use room::{CurrentPlace, PLACE_SOURCE, RenderQuality, RoomProgress, RoomShown, place_source};
pub use screen::AppScreen;
pub use sound::{FixedDevices, Heard, HoldsToTalk, MicrophoneLevel, OwnMute, SoundEngine, VoiceTest};
pub use visit::{EnterRoom, GoHome, LastEntrance, LeaveRoom, StartEntrance};
pub use wire::{
    Approach, Ending, EndingKind, Entrance, FromRoom, LinkState, NetworkWire, RoomClock, RoomWire, ToRoom, wire,
};

use bevy::prelude::*;

/// Everything that a person sees and does in the app. It needs Bevy's default plugins and a [`RoomWire`].
pub struct ScenePlugin;

impl Plugin for ScenePlugin {
    fn build(&self, app: &mut App) {
        app.init_state::<AppScreen>();
        frame::plugin(app);
        receive::plugin(app);
        visit::plugin(app);
        room::plugin(app);
        boards::plugin(app);
        body::plugin(app);
        people::plugin(app);
        sound::plugin(app);
        panels::plugin(app);
        choices::plugin(app);
        offscreen::plugin(app);
    }
}
