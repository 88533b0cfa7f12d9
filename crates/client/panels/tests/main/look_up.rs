//! Finding things in what was drawn.

use crate::app::App;
use egui::accesskit::Role;
use egui::epaint::{ClippedShape, Shape};
use egui::{Key, Rect};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

/// Text as it was drawn.
pub(crate) struct Drawn {
    pub(crate) text: String,
    pub(crate) rect: Rect,
    pub(crate) clip: Rect,
    pub(crate) is_elided: bool,
}

/// All text of the last frame that is on the screen.
pub(crate) fn texts(harness: &Harness<'_, App>) -> Vec<Drawn> {
    let mut texts = Vec::new();
    harness.output().shapes.iter().for_each(|shape| collect(shape, &shape.shape, &mut texts));
    texts.retain(|drawn| drawn.rect.intersects(drawn.clip) && !drawn.text.trim().is_empty());
    texts
}

fn collect(clipped: &ClippedShape, shape: &Shape, texts: &mut Vec<Drawn>) {
    match shape {
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(clipped, shape, texts)),
        Shape::Text(text) => texts.push(Drawn {
            text: text.galley.job.text.clone(),
            rect: text.galley.rect.translate(text.pos.to_vec2()),
            clip: clipped.clip_rect,
            is_elided: text.galley.elided,
        }),
        _ => {}
    }
}

/// Labels of everything that can be pressed.
pub(crate) fn buttons(harness: &Harness<'_, App>) -> Vec<(String, Rect)> {
    let is_button = |role: Role| matches!(role, Role::Button | Role::CheckBox | Role::Switch);
    let nodes = harness.root().children_recursive();
    let nodes = nodes.filter(|node| {
        let node = node.accesskit_node();
        is_button(node.role()) && !node.is_disabled()
    });
    nodes.map(|node| (node.accesskit_node().label().unwrap_or_default(), node.rect())).collect()
}

pub(crate) fn press(harness: &mut Harness<'_, App>, label: &str) {
    let is_button = |role: Role| matches!(role, Role::Button | Role::CheckBox | Role::ComboBox);
    harness.get_by(|node| is_button(node.role()) && node.label().as_deref() == Some(label)).click();
    harness.run_steps(3);
}

pub(crate) fn has(harness: &Harness<'_, App>, label: &str) -> bool {
    harness.query_all_by_label(label).next().is_some()
}

pub(crate) fn shows_text(harness: &Harness<'_, App>, text: &str) -> bool {
    texts(harness).iter().any(|drawn| drawn.text.contains(text))
}

pub(crate) fn key(harness: &mut Harness<'_, App>, key: Key) {
    harness.key_press(key);
    harness.run_steps(3);
}

pub(crate) fn write(harness: &mut Harness<'_, App>, text: &str) {
    harness.event(egui::Event::Text(text.to_owned()));
    harness.run_steps(2);
}

/// The label of what has the keyboard.
pub(crate) fn focused(harness: &Harness<'_, App>) -> Option<String> {
    let node = harness.root().children_recursive().find(|node| node.accesskit_node().is_focused())?;
    Some(node.accesskit_node().label().unwrap_or_default())
}
