//! A browser that we did not write, in one room with our bots, by the documented protocol.
#![allow(missing_docs)]

mod chromium;
mod meets_bots;
mod page;
mod sound;
