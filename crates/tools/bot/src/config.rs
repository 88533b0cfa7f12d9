use atrium_protocol::BoardId;
use atrium_session::JoinLink;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// What bots do.
#[derive(Clone, Debug)]
pub struct BotConfig {
    /// Where to.
    pub link: JoinLink,
    /// How many.
    pub count: usize,
    /// What they are called; of several each gets a number behind it.
    pub name: String,
    /// What they say.
    pub voice: Voice,
    /// How they move.
    pub movement: Movement,
    /// Whether they draw on a whiteboard.
    pub draws: bool,
    /// Which one; `None`: the nearest.
    pub board: Option<BoardId>,
    /// Where the first of them writes what it hears (48 kHz, 16 bit, stereo).
    pub listen: Option<PathBuf>,
    /// How long they stay; `None`: until they are told to leave.
    pub stay: Option<Duration>,
    /// Where places' files are kept.
    pub cache: PathBuf,
    /// Whether the first of them tells on standard output what happens.
    pub narrates: bool,
}

impl BotConfig {
    /// One silent bot that stands where it appears.
    pub fn new(link: JoinLink) -> Self {
        Self {
            link,
            count: 1,
            name: "Bot".to_owned(),
            voice: Voice::Silent,
            movement: Movement::Stand,
            draws: false,
            board: None,
            listen: None,
            stay: None,
            cache: default_cache(),
            narrates: false,
        }
    }

    /// What the bot with this number is called.
    pub(crate) fn name_of(&self, index: usize) -> String {
        if self.count == 1 { self.name.clone() } else { format!("{} {}", self.name, index + 1) }
    }
}

/// What a bot says.
#[derive(Clone, Debug, PartialEq)]
pub enum Voice {
    /// Nothing.
    Silent,
    /// A sine of this frequency.
    Tone {
        /// In Hz.
        hz: f32,
    },
    /// A WAV file, over and over; each bot begins at another place in it.
    File(PathBuf),
}

/// How a bot moves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Movement {
    /// Stands where it appeared.
    Stand,
    /// Walks from place to place, round the furniture.
    Walk,
    /// Goes to a spot and stands there.
    At(Spot),
    /// Walks in a circle round the middle of the place.
    Circle {
        /// Its radius in metres.
        radius_m: f32,
    },
}

/// A spot on the floor, as `X,Z,YAW`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// East, in metres.
    pub x: f32,
    /// South, in metres.
    pub z: f32,
    /// Where one looks, in degrees: 0 is north (−z), 90 west.
    pub yaw_degrees: f32,
}

impl FromStr for Spot {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let numbers: Option<Vec<f32>> =
            text.split(',').map(|number| number.trim().parse().ok().filter(|n: &f32| n.is_finite())).collect();
        match numbers.as_deref() {
            Some([x, z, yaw_degrees]) => Ok(Self { x: *x, z: *z, yaw_degrees: *yaw_degrees }),
            _ => Err("a spot is X,Z,YAW: two distances in metres and a turn in degrees, as in 1.5,-2,90".to_owned()),
        }
    }
}

/// `$XDG_CACHE_HOME/atrium/files`, or the place for temporary files where there is no home.
pub fn default_cache() -> PathBuf {
    let home_cache = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let base = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    base.or_else(home_cache).unwrap_or_else(std::env::temp_dir).join("atrium/files")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spots_are_three_numbers() {
        assert_eq!("1.5, -2,90".parse(), Ok(Spot { x: 1.5, z: -2.0, yaw_degrees: 90.0 }));
        for wrong in ["", "1,2", "1,2,3,4", "1,2,x", "1,nan,3", "inf,0,0"] {
            assert!(wrong.parse::<Spot>().is_err(), "{wrong}");
        }
    }
}
