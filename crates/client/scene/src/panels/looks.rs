//! Looks to choose on the home screen: one for each colour of clothes; all else stays a person's own.

use crate::panels::show::ThisMachine;
use atrium_avatar::TOP_COLORS;
use atrium_panels::Look;
use atrium_protocol::{encode_message, limits};
use bevy::prelude::*;
use serde::Serialize;

/// The part of an appearance that a swatch decides.
#[derive(Serialize)]
struct Top {
    top: u8,
}

pub(crate) fn plugin(app: &mut App) {
    app.add_systems(Startup, offer);
}

fn offer(mut machine: ResMut<ThisMachine>) {
    if !machine.looks.is_empty() {
        return;
    }
    let look = |(top, color): (u8, &[u8; 3])| {
        let avatar = encode_message(&Top { top }, limits::AVATAR_BYTES).ok()?;
        Some(Look { color: *color, avatar })
    };
    machine.looks = (0..).zip(&TOP_COLORS).filter_map(look).collect();
}
