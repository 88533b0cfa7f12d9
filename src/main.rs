//! Arguments → app.

use atrium::arguments::{Arguments, Command, RoomCommand};
use clap::Parser as _;
use std::process::ExitCode;

/// Textures and models are decoded in large pieces; this one gives them back to the system afterwards.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match &arguments.command {
        Some(Command::Doctor) => atrium::doctor::run(),
        Some(Command::Room { command: RoomCommand::Check { folder } }) => atrium::check::room(folder),
        _ if arguments.bench_frame => atrium::bench_frame::run(&arguments),
        _ => atrium::app::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
