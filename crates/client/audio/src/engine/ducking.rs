use atrium_protocol::Micros;
use std::time::Duration;

/// Others while a presenter speaks: 10 dB quieter.
const QUIET: f32 = 0.316;
/// From this level (−dBov) on a presenter speaks.
const SPEAKS_DBOV: u8 = 50;
/// Pauses in a presenter's speech are no invitation.
const HOLD: Duration = Duration::from_millis(1_000);
/// Share of the way that the gain goes with each block: 0.1 s down, 0.5 s up.
const DOWN: f32 = 0.1;
const UP: f32 = 0.02;

/// Makes the room quieter while a presenter speaks.
#[derive(Debug)]
pub(crate) struct Ducking {
    gain: f32,
    spoke_at: Option<Micros>,
}

impl Default for Ducking {
    fn default() -> Self {
        Self { gain: 1.0, spoke_at: None }
    }
}

impl Ducking {
    /// A presenter's block has this level.
    pub(crate) fn hear_presenter(&mut self, now: Micros, level_dbov: u8) {
        if level_dbov <= SPEAKS_DBOV {
            self.spoke_at = Some(now);
        }
    }

    /// The factor for everybody else in this block; asked once a block.
    pub(crate) fn next_gain(&mut self, now: Micros) -> f32 {
        let is_speaking = self.spoke_at.is_some_and(|at| now.since(at) < HOLD);
        let (target, share) = if is_speaking { (QUIET, DOWN) } else { (1.0, UP) };
        self.gain += share * (target - self.gain);
        self.gain
    }
}
