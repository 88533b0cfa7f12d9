use clap::{Parser, ValueEnum};
use std::num::{NonZeroU32, NonZeroU64};
use std::path::PathBuf;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Measurement {
    /// Poses: how often, how old, how many bytes (25 people)
    State,
    /// Voice: delivery, added delay, CPU of the server for a forwarded packet (300 people)
    Voice,
    /// Joins: how long until the first voice or pose, and what others hear of it (100 joins)
    Join,
    /// Ten minutes of people who come and go: memory must stay flat and no voice be lost (60 people)
    Soak,
    /// Mouth to ear: from a microphone's file to a loudspeaker's, through sound engines, server and network
    Ear,
    /// Boards: acknowledgements while 1, 10 and 50 people draw; how 1,000, 10,000 and 100,000 strokes are joined, kept and
    /// exported
    Board,
    /// Frames of the app: its main thread with 10, 50 and 200 people, by `atrium --bench-frame`
    Frame,
}

impl Measurement {
    pub(crate) fn default_participants(self) -> usize {
        match self {
            Self::State => 25,
            Self::Voice => 300,
            Self::Join => 100,
            Self::Soak => 60,
            Self::Ear => 2,
            Self::Board | Self::Frame => 50,
        }
    }

    pub(crate) fn default_seconds(self) -> u64 {
        match self {
            Self::State | Self::Voice => 10,
            Self::Join => 5,
            Self::Ear => 60,
            Self::Soak => 600,
            Self::Board => 20,
            Self::Frame => 10,
        }
    }
}

/// Measures a room server with real WebRTC clients. Without --server it starts the atrium-server that lies beside
/// this program, on the first core, and runs itself on the second one.
#[derive(Clone, Debug, Parser)]
#[command(name = "atrium-bench", version)]
pub struct Arguments {
    /// What to measure
    #[arg(value_enum)]
    pub measurement: Measurement,
    /// How many people (of `join`: how many come in; of `board`: how many draw, instead of 1, 10 and 50)
    #[arg(long, value_name = "N")]
    pub participants: Option<NonZeroU32>,
    /// How long each part of the measurement takes
    #[arg(long, value_name = "S")]
    pub seconds: Option<NonZeroU64>,
    /// How many speak at any time
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub speakers: u32,
    /// state: the room's logic alone, on virtual time, without network
    #[arg(long)]
    pub sim: bool,
    /// voice: at 25, 50, 100, 200 and 300 people, each on a fresh server
    #[arg(long)]
    pub growth: bool,
    /// board: how many strokes are on the board that is joined, instead of 1,000, 10,000 and 100,000
    #[arg(long, value_name = "N")]
    pub elements: Option<NonZeroU32>,
    /// One JSON object instead of a table
    #[arg(long)]
    pub json: bool,
    /// A server that runs already: a join link with a fingerprint. Its clock must be this machine's; CPU and memory
    /// of it are not measured
    #[arg(long, value_name = "LINK")]
    pub server: Option<String>,
    /// The server program [default: the atrium-server beside this program]
    #[arg(long, value_name = "FILE")]
    pub server_binary: Option<PathBuf>,
    /// frame: the app's program [default: the atrium beside this program]
    #[arg(long, value_name = "FILE")]
    pub app_binary: Option<PathBuf>,
    /// ear: packets of 10 ms in the codec's low-delay mode
    #[arg(long)]
    pub low_delay: bool,
    /// ear: without echo cancellation, as with headphones
    #[arg(long)]
    pub no_echo_cancellation: bool,
    /// ear: how long packets take from the server to the listener
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub network_delay_ms: u64,
    /// ear: up to so much more or less
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub network_jitter_ms: u64,
    /// ear: packets that are lost on that way, in percent
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = clap::value_parser!(u8).range(..=100))]
    pub loss: u8,
    /// ear: measure Chromium, too
    #[arg(long)]
    pub chromium: bool,
    /// Two runs with the same seed walk and speak the same
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}

impl Arguments {
    pub(crate) fn people(&self) -> usize {
        self.participants.map_or(self.measurement.default_participants(), |people| people.get() as usize)
    }

    pub(crate) fn duration(&self) -> std::time::Duration {
        let seconds = self.seconds.map_or(self.measurement.default_seconds(), NonZeroU64::get);
        std::time::Duration::from_secs(seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn commands_of_the_contract_are_understood() {
        Arguments::command().debug_assert();
        let parse = |line: &str| Arguments::try_parse_from(line.split_whitespace());
        for (line, people, seconds) in [
            ("atrium-bench state", 25, 10),
            ("atrium-bench voice --participants 20 --seconds 5 --speakers 4 --json", 20, 5),
            ("atrium-bench join", 100, 5),
            ("atrium-bench soak --seconds 60", 60, 60),
            ("atrium-bench ear --low-delay --no-echo-cancellation --chromium", 2, 60),
            ("atrium-bench ear --network-delay-ms 50 --network-jitter-ms 20 --loss 5 --seconds 12", 2, 12),
            ("atrium-bench board --participants 10 --elements 1000 --seconds 5 --json", 10, 5),
            ("atrium-bench board", 50, 20),
            ("atrium-bench state --sim --participants 1000", 1_000, 10),
            ("atrium-bench voice --growth --server https://a/r/b#t=c", 300, 10),
        ] {
            let arguments = parse(line).unwrap_or_else(|error| panic!("{line}: {error}"));
            assert_eq!((arguments.people(), arguments.duration().as_secs()), (people, seconds), "{line}");
        }
        for line in ["atrium-bench", "atrium-bench dance", "atrium-bench voice --participants 0"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
