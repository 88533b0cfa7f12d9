//! Headless people: they join over real WebRTC, walk round the furniture, gesture, speak through Opus, draw, and
//! write what they hear to a file. For demonstrations, tests and load.

mod body;
mod bot;
mod config;
mod drawing;
mod listening;
mod narrator;
mod random;
mod report;
mod run;
mod sound;
mod speaking;
mod tally;
mod walk_grid;
mod walker;
mod wav;

pub use config::{BotConfig, Movement, Spot, Voice, default_cache};
pub use report::{Delays, ParticipantReport, Report, Summary, VoiceReport};
pub use run::run_bots;
