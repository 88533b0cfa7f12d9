//! `atrium-server`: runs the room server, and the commands around it.

mod cli;

use clap::Parser as _;
use std::io::IsTerminal as _;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// A forwarded packet allocates several times; this allocator is the faster one for that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    // Standard output belongs to what commands print.
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_env("ATRIUM_LOG").unwrap_or_else(|_| EnvFilter::new("info,rtc=error")))
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    match cli::run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
