//! What bots do at whiteboards: they write words, draw loops and boxes, put up notes and type, through the easel of the
//! app itself, with a simulated pen.

mod alphabet;
mod artist;
mod desk;
mod motif;
mod pen;

pub(crate) use desk::Desk;

use std::time::Duration;

/// How often a pen is looked at.
pub(crate) const PEN_INTERVAL: Duration = Duration::from_micros(16_667);
