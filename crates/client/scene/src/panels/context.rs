//! The egui context of the main camera, and who has the keys and the mouse.

use crate::boards::Boards;
use crate::body::MainCamera;
use crate::panels::show::PanelMemory;
use crate::screen::AppScreen;
use bevy::prelude::*;
use bevy::render::renderer::RenderDevice;
use bevy::window::PrimaryWindow;
use bevy_egui::{
    EguiContext, EguiGlobalSettings, EguiInput, EguiInputSet, EguiPlugin, EguiPreUpdateSet, PrimaryEguiContext, egui,
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
        .add_systems(
            PreUpdate,
            (tell_egui, watch).after(EguiInputSet::WriteEguiEvents).before(EguiPreUpdateSet::BeginPass),
        );
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

/// Looks before anybody takes input: a tap, or a click in a long frame, brings the pointer and presses at once.
fn watch(
    mut contexts: Query<(&mut EguiContext, &EguiInput), With<PrimaryEguiContext>>,
    screen: Res<State<AppScreen>>,
    memory: Res<PanelMemory>,
    boards: Res<Boards>,
    mut gate: ResMut<InputGate>,
) {
    let Ok((mut ctx, input)) = contexts.single_mut() else { return };
    let ctx = ctx.get_mut();
    let covers_all = **screen != AppScreen::InRoom || memory.is_modal() || ctx.any_popup_open();
    let panel_has_pointer = covers_all || is_panels(ctx, &input.events);
    let panel_has_keyboard = covers_all || ctx.egui_wants_keyboard_input();
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

/// Whether panels, where they were shown last, take the pointer, where `coming` events leave it.
fn is_panels(ctx: &egui::Context, coming: &[egui::Event]) -> bool {
    let position = |event: &egui::Event| match event {
        egui::Event::PointerMoved(position) => Some(*position),
        egui::Event::PointerButton { pos, .. } => Some(*pos),
        _ => None,
    };
    let now = coming.iter().rev().find_map(position).or_else(|| ctx.input(|input| input.pointer.interact_pos()));
    // No panel is in the background.
    let is_over = now.and_then(|now| ctx.layer_id_at(now)).is_some_and(|layer| layer.order != egui::Order::Background);
    // What began elsewhere goes on over a panel, until something begins there.
    let is_held = ctx.input(|input| input.pointer.any_down());
    let begins = coming.iter().any(|event| matches!(event, egui::Event::PointerButton { pressed: true, .. }));
    ctx.egui_is_using_pointer() || (is_over && (begins || !is_held))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy_egui::egui::{Area, Context, Event, Id, Order, PointerButton, Pos2, RawInput, pos2, vec2};

    const ON_PANEL: Pos2 = pos2(150.0, 150.0);
    const BESIDE: Pos2 = pos2(20.0, 20.0);

    fn button(pos: Pos2, pressed: bool) -> Event {
        Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Default::default() }
    }

    /// A frame in which a panel from 100, 100 to 200, 200 is shown.
    fn show(ctx: &Context, events: &[Event]) {
        let input = RawInput { events: events.to_vec(), ..default() };
        let mut output = ctx.run_ui(input, |ui| {
            let area = Area::new(Id::new("panel")).order(Order::Middle).fixed_pos(pos2(100.0, 100.0));
            area.show(ui.ctx(), |ui| ui.allocate_space(vec2(100.0, 100.0)));
        });
        output.textures_delta.clear();
    }

    #[test]
    fn a_tap_is_the_panels_it_lands_on() {
        let ctx = Context::default();
        for (before, tap, is_the_panels) in [(BESIDE, ON_PANEL, true), (ON_PANEL, BESIDE, false)] {
            show(&ctx, &[Event::PointerMoved(before)]);
            show(&ctx, &[]);
            let events = [Event::PointerMoved(tap), button(tap, true), button(tap, false)];
            assert_eq!(is_panels(&ctx, &events), is_the_panels, "{before} {tap}");
            show(&ctx, &events);
            assert_eq!(is_panels(&ctx, &[]), is_the_panels, "and it stays there");
        }
    }

    #[test]
    fn a_drag_that_began_elsewhere_goes_on_over_a_panel() {
        let ctx = Context::default();
        show(&ctx, &[]);
        show(&ctx, &[Event::PointerMoved(BESIDE), button(BESIDE, true)]);
        assert!(!is_panels(&ctx, &[Event::PointerMoved(ON_PANEL)]));
        show(&ctx, &[Event::PointerMoved(ON_PANEL)]);
        assert!(!is_panels(&ctx, &[button(ON_PANEL, false)]), "its end too");
        assert!(is_panels(&ctx, &[button(ON_PANEL, false), button(ON_PANEL, true)]), "but not what comes next");
    }
}
