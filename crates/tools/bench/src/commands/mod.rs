//! One file for each measurement, and what they share.

mod bench;
mod board;
mod board_load;
mod board_size;
mod crowd;
mod ear;
mod frame;
mod join;
mod sim;
mod sim_room;
mod soak;
mod soak_churn;
mod state;
mod trend;
mod voice;

use crate::arguments::{Arguments, Measurement};
use crate::report::print;
use anyhow::ensure;
use bench::Bench;

/// Does what the arguments say.
///
/// # Errors
/// A sentence for the user; also when a measurement finds what must not be.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    ensure!(!arguments.sim || arguments.measurement == Measurement::State, "--sim is a way of measuring `state`");
    ensure!(!arguments.growth || arguments.measurement == Measurement::Voice, "--growth is a way of measuring `voice`");
    if arguments.sim {
        return print(&sim::measure(arguments)?, arguments.json);
    }
    if arguments.measurement == Measurement::Frame {
        return print(&frame::measure(arguments)?, arguments.json);
    }
    if arguments.measurement == Measurement::Ear {
        return print(&ear::measure(arguments)?, arguments.json);
    }
    let bench = Bench::new(arguments)?;
    match arguments.measurement {
        Measurement::State => print(&state::measure(&bench)?, arguments.json),
        Measurement::Voice if arguments.growth => print(&voice::measure_growth(&bench)?, arguments.json),
        Measurement::Voice => print(&voice::measure(&bench, arguments.people())?, arguments.json),
        Measurement::Join => print(&join::measure(&bench)?, arguments.json),
        Measurement::Board => print(&board::measure(&bench)?, arguments.json),
        Measurement::Soak => print(&soak::measure(&bench)?, arguments.json),
        Measurement::Frame | Measurement::Ear => Ok(()),
    }
}
