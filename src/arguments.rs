//! What can be said on the command line.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Atrium: a meeting space that anyone can host.
#[derive(Debug, Parser)]
#[command(name = "atrium", version, about)]
pub struct Arguments {
    /// What to do; without it the home screen opens.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to look at it.
    #[command(flatten)]
    pub view: View,
    /// Measures frame times with a recorded meeting, prints JSON, and exits.
    #[arg(long)]
    pub bench_frame: bool,
    /// People in the measured meeting.
    #[arg(long, default_value_t = 50, requires = "bench_frame")]
    pub participants: u16,
    /// Strokes on the board of the measured meeting, while one more is drawn.
    #[arg(long, requires = "bench_frame")]
    pub strokes: Option<u32>,
    /// Frames to measure.
    #[arg(long, default_value_t = 600, requires = "bench_frame")]
    pub frames: u32,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Hosts a room on this machine and enters it.
    Host {
        /// The room's name; one called like a place (boardroom, studio, auditorium) looks like it.
        #[arg(default_value = "boardroom")]
        room: String,
    },
    /// Joins a meeting.
    Join {
        /// The invite link.
        link: String,
    },
    /// Looks after rooms.
    Room {
        /// What to do.
        #[command(subcommand)]
        command: RoomCommand,
    },
    /// Says whether this machine has what the app needs, and what to do where it has not.
    Doctor,
}

/// Looks after rooms.
#[derive(Debug, Subcommand)]
pub enum RoomCommand {
    /// Says what is wrong with a room's folder, and where.
    Check {
        /// The folder that holds room.ron.
        folder: PathBuf,
    },
}

/// How to look at it.
#[derive(Args, Clone, Debug)]
pub struct View {
    /// The name that others see.
    #[arg(long, global = true)]
    pub name: Option<String>,
    /// Where the eyes are and where they look: metres, and degrees (yaw 0 is north, pitch up is positive).
    #[arg(long, global = true, value_name = "X,Y,Z,YAW,PITCH", allow_hyphen_values = true, value_parser = spot, conflicts_with = "seat")]
    pub at: Option<Spot>,
    /// The seat to take, counted from 0.
    #[arg(long, global = true, value_name = "N")]
    pub seat: Option<u16>,
    /// The board that fills the window, counted from 0.
    #[arg(long, global = true, value_name = "N")]
    pub board: Option<u16>,
    /// How much is spent on a picture.
    #[arg(long, global = true, value_parser = ["low", "medium", "high"])]
    pub quality: Option<String>,
    /// Renders without a window, in pixels.
    #[arg(long, global = true, value_name = "WxH", value_parser = size)]
    pub offscreen: Option<Size>,
    /// Saves a picture and exits.
    #[arg(long, global = true, value_name = "FILE.png", requires = "offscreen")]
    pub screenshot: Option<PathBuf>,
    /// How long to be in the room before the picture is taken, in seconds.
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 2.0, value_parser = seconds)]
    pub after: f32,
    /// Speaks this WAV file, again and again, in place of a microphone.
    #[arg(long, global = true, value_name = "FILE.wav")]
    pub microphone: Option<PathBuf>,
    /// Writes what is heard into this WAV file in place of a loudspeaker.
    #[arg(long, global = true, value_name = "FILE.wav")]
    pub speaker: Option<PathBuf>,
    /// Leaves the panels out of a picture without a window.
    #[arg(long, global = true)]
    pub no_panels: bool,
}

/// Where the eyes are and where they look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// The eyes, in metres.
    pub position: [f32; 3],
    /// Turn in degrees; 0 looks along −z, counter-clockwise.
    pub yaw_degrees: f32,
    /// Up is positive.
    pub pitch_degrees: f32,
}

/// Pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

fn spot(text: &str) -> Result<Spot, String> {
    let numbers: Result<Vec<f32>, _> = text.split(',').map(|number| number.trim().parse::<f32>()).collect();
    match numbers.as_deref() {
        Ok(&[x, y, z, yaw_degrees, pitch_degrees])
            if [x, y, z, yaw_degrees, pitch_degrees].iter().all(|n| n.is_finite()) =>
        {
            Ok(Spot { position: [x, y, z], yaw_degrees, pitch_degrees })
        }
        _ => Err("give five numbers as X,Y,Z,YAW,PITCH, for example 0,0,2,180,-10".to_owned()),
    }
}

fn size(text: &str) -> Result<Size, String> {
    let sides = text.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    match sides {
        Some((width @ 16..=8192, height @ 16..=8192)) => Ok(Size { width, height }),
        _ => Err("give two numbers from 16 to 8192 as WxH, for example 1280x720".to_owned()),
    }
}

fn seconds(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(seconds @ 0.0..=3600.0) => Ok(seconds),
        _ => Err("give a number of seconds from 0 to 3600".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn arguments_fit_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn spots_and_sizes_are_read() {
        assert_eq!(spot("1,0,-2,90,-5.5").unwrap().position, [1.0, 0.0, -2.0]);
        assert!(spot("1,0,-2,90").is_err() && spot("1,0,NaN,90,0").is_err());
        assert_eq!(size("640x360"), Ok(Size { width: 640, height: 360 }));
        assert!(size("640").is_err() && size("0x5").is_err());
    }

    #[test]
    fn a_view_may_stand_before_or_behind_a_command() {
        let parse = |line: &str| Arguments::try_parse_from(line.split(' ')).unwrap();
        assert_eq!(parse("atrium join https://x --seat 3").view.seat, Some(3));
        assert_eq!(parse("atrium --offscreen 64x64 --screenshot a.png --at 0,0,0,0,-3").view.after, 2.0);
        assert!(Arguments::try_parse_from(["atrium", "--screenshot", "a.png"]).is_err());
    }
}
