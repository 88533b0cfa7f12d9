//! Panels: what they show comes from resources, what they ask for goes out as messages.
//!
//! The same egui context is drawn on whatever the main camera draws on, a window or an image.

mod close;
mod context;
mod fonts;
mod looks;
mod recent;
mod show;
mod title;
mod views;
mod wishes;

pub use context::InputGate;
pub(crate) use show::Shown as PanelsShown;
pub use show::{PanelMemory, ThisMachine, UserSettings};

use bevy::prelude::*;

pub(crate) fn plugin(app: &mut App) {
    context::plugin(app);
    fonts::plugin(app);
    looks::plugin(app);
    recent::plugin(app);
    show::plugin(app);
    close::plugin(app);
    title::plugin(app);
}
