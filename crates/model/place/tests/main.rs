#![allow(missing_docs)]

mod boardroom;
mod hostile;
mod manifest;
mod problems;
mod queries;

const BOARDROOM: &str = include_str!("../../../../assets/rooms/boardroom/room.ron");
