#![allow(missing_docs, clippy::unwrap_used)]

mod boardroom;
mod hostile;
mod manifest;
mod problems;
mod queries;

const BOARDROOM: &str = include_str!("../../../../../assets/rooms/boardroom/room.ron");
