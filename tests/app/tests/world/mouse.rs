use super::Visitor;
use atrium_scene::Offscreen;
use bevy::input::ButtonState;
use bevy::input::mouse::{MouseButtonInput, MouseMotion};
use bevy::prelude::*;
use bevy::window::{CursorMoved, PrimaryWindow, WindowResolution};

/// A mouse over the picture, which stands for the window.
impl Visitor {
    /// Moves it to a point of the picture, in a frame.
    pub(crate) fn point(&mut self, to: Vec2) {
        let window = self.window();
        let world = self.world();
        let before = world.get::<Window>(window).and_then(Window::cursor_position);
        let delta = to - before.unwrap_or(to);
        world.get_mut::<Window>(window).unwrap().set_cursor_position(Some(to));
        world.write_message(CursorMoved { window, position: to, delta: Some(delta) });
        world.write_message(MouseMotion { delta });
        self.frame();
    }

    /// Presses its left button.
    pub(crate) fn button_down(&mut self) {
        self.button(ButtonState::Pressed);
    }

    /// Lets it go.
    pub(crate) fn button_up(&mut self) {
        self.button(ButtonState::Released);
    }

    /// Draws along points.
    pub(crate) fn drag(&mut self, along: &[Vec2]) {
        self.point(along[0]);
        // One points first, then presses.
        self.frame();
        self.button_down();
        along.iter().for_each(|at| self.point(*at));
        self.button_up();
    }

    fn button(&mut self, state: ButtonState) {
        let window = self.window();
        self.world().write_message(MouseButtonInput { button: MouseButton::Left, state, window });
        self.frame();
    }

    fn window(&mut self) -> Entity {
        let world = self.world();
        if let Ok(window) = world.query_filtered::<Entity, With<PrimaryWindow>>().single(world) {
            return window;
        }
        let size = world.resource::<Offscreen>().size;
        let resolution = WindowResolution::new(size.x, size.y);
        world.spawn((Window { resolution, focused: true, ..default() }, PrimaryWindow)).id()
    }
}
