//! Mouth to ear: somebody speaks into one sound engine, somebody else listens with another one, and the room server is
//! in between.
//!
//! The microphone is a file with words in which chirps are hidden, the loudspeaker is one that is written; both keep time
//! with the clock on the wall and count their devices' periods. When a chirp was spoken, and when it was played, is known to
//! a fraction of a sample.

mod chromium;
mod listener;
mod matcher;
mod network;
mod signal;
mod stages;
mod talker;

pub(crate) use chromium::measure_chromium;
pub(crate) use listener::{Episode, Listener};
pub(crate) use matcher::Matcher;
pub(crate) use network::{Meeting, Network};
pub(crate) use signal::{CHIRP_SAMPLES, Speech, chirp};
pub(crate) use stages::{Stages, StagesReport};
pub(crate) use talker::{Manner, Talker};
