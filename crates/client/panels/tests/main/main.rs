#![allow(missing_docs, clippy::unwrap_used)]
//! Panels as a person uses them: by pointer, by keyboard, large and small, in both languages.

mod app;
mod board;
mod board_keys;
mod board_text;
mod home;
mod keyboard;
mod layout;
mod look_up;
mod meeting;
mod moderation;
mod picture;
mod screens;
mod sound;
mod test_board;
