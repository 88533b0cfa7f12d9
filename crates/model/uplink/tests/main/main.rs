#![allow(missing_docs, clippy::unwrap_used)]

mod delay;
mod echo;
mod gain;
mod hostile;
mod noise;
mod room;
mod speech;
mod support;
mod voice_activity;
