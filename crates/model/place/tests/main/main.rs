#![allow(missing_docs, clippy::unwrap_used)]

mod boardroom;
mod hostile;
mod manifest;
mod problems;
mod queries;
mod shipped;

const BOARDROOM: &str = include_str!("../../../../../assets/rooms/boardroom/room.ron");
