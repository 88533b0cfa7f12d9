//! The egui context of the main camera, and who has the keys and the mouse.

use crate::boards::Boards;
use crate::body::MainCamera;
use crate::panels::show::PanelMemory;
use crate::screen::AppScreen;
use bevy::prelude::*;
use bevy::render::renderer::RenderDevice;
use bevy::window::PrimaryWindow;
use bevy_egui::{
    EguiContexts, EguiGlobalSettings, EguiInput, EguiInputSet, EguiPlugin, EguiPreUpdateSet, EguiPrimaryContextPass,
    PrimaryEguiContext,
};

/// The side of the texture that letters are kept on, at most: large Chinese ones on a board need room.
const LETTERS_SIDE: usize = 4_096;

/// Who has the keyboard and the mouse: the body asks before it takes either.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InputGate {
    /// The pointer is on a panel: clicks, drags and the wheel are the panel's.
    pub pointer_taken: bool,
    /// A panel has the keyboard: somebody writes, or a question waits.
    pub keyboard_taken: bool,
    /// The pointer is on a panel, over whatever that lies: also where a board fills the window.
    pub panel_has_pointer: bool,
    /// A panel has the keyboard, whatever that is over.
    pub panel_has_keyboard: bool,
}

pub(crate) fn plugin(app: &mut App) {
    if !app.is_plugin_added::<EguiPlugin>() {
        app.add_plugins(EguiPlugin::default());
    }
    app.init_resource::<InputGate>()
        .insert_resource(EguiGlobalSettings { auto_create_primary_context: false, ..default() })
        .add_observer(give_context)
        .add_systems(PreUpdate, tell_egui.after(EguiInputSet::WriteEguiEvents).before(EguiPreUpdateSet::BeginPass))
        .add_systems(EguiPrimaryContextPass, watch.after(super::show::Shown));
}

/// Panels go wherever the main camera draws: to a window, or to an image where there is none.
fn give_context(camera: On<Add, MainCamera>, mut commands: Commands) {
    commands.entity(camera.entity).insert(PrimaryEguiContext);
}

/// What egui is not told otherwise: whether the window has the keyboard, and how much room the graphics card has for letters.
fn tell_egui(
    mut contexts: Query<&mut EguiInput, With<PrimaryEguiContext>>,
    window: Option<Single<&Window, With<PrimaryWindow>>>,
    device: Option<Res<RenderDevice>>,
) {
    for mut input in &mut contexts {
        input.focused = window.as_ref().is_none_or(|window| window.focused);
        let most = device.as_ref().map(|device| device.limits().max_texture_dimension_2d as usize);
        input.max_texture_side = most.map(|most| most.min(LETTERS_SIDE));
    }
}

fn watch(
    mut contexts: EguiContexts,
    screen: Res<State<AppScreen>>,
    memory: Res<PanelMemory>,
    boards: Res<Boards>,
    mut gate: ResMut<InputGate>,
) {
    let Ok(ctx) = contexts.ctx_mut() else { return };
    let covers_all = **screen != AppScreen::InRoom || memory.is_modal();
    let panel_has_pointer = covers_all || ctx.egui_wants_pointer_input() || ctx.any_popup_open();
    let panel_has_keyboard = covers_all || ctx.egui_wants_keyboard_input() || ctx.any_popup_open();
    // A board that fills the window is no panel, but the body does not get anything either.
    let is_at_board = boards.is_open();
    let now = InputGate {
        pointer_taken: panel_has_pointer || is_at_board,
        keyboard_taken: panel_has_keyboard || is_at_board,
        panel_has_pointer,
        panel_has_keyboard,
    };
    gate.set_if_neq(now);
}
