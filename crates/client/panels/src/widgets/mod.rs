//! The parts that every panel is made of.

mod action;
mod choice;
mod field;
mod focus;
mod meter;
mod text;

pub(crate) use action::{Action, Beside, Kind};
pub(crate) use choice::{Switch, choice};
pub(crate) use field::{field, multiline_field, named};
pub(crate) use focus::focus_ring;
pub(crate) use meter::{Reading, meter};
pub(crate) use text::{badge, card, heading, lead, muted, name_line, section, text, warning};
