//! The app: composition only. It wires the scene to the network and, when one hosts, to a room server in this process.

pub mod app;
pub mod arguments;
pub mod bench_frame;
pub mod check;
pub mod doctor;
mod exporting;
pub mod folders;
mod hosting;
mod outgoing;
mod place_folder;
mod settings_file;
mod shipped;
pub mod sound;
pub mod wiring;
