//! `atrium --bench-frame`: what a frame costs on the main thread, with a recorded meeting in place of a server.

mod meeting;
mod report;
mod strokes;

use crate::app;
use crate::arguments::{Arguments, Size, Spot, View};
use crate::folders::Folders;
use anyhow::{Context as _, ensure};
use atrium_scene::{AppScreen, BoardsCost, FrameMarks, FrameMarksPlugin, RoomClock, wire};
use bevy::prelude::*;
use bevy::render::render_resource::PollType;
use bevy::render::renderer::RenderDevice;
use bevy::time::TimeUpdateStrategy;
use meeting::RecordedMeeting;
use report::{Report, Times};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use strokes::Mouse;

/// The frame rate that the meeting is recorded for.
const FRAME: Duration = Duration::from_nanos(1_000_000_000 / 60);
/// Frames in which pipelines are built and people arrive, before anything counts.
const WARM_UP: u32 = 240;
/// Frames on the home screen.
const HOME: u32 = 20;
/// How often somebody more comes in.
const FRAMES_A_JOIN: u32 = 90;
/// Before the board of the Boardroom, as near as one draws.
const AT_THE_BOARD: Spot = Spot { position: [0.0, 1.55, -2.6], yaw_degrees: 0.0, pitch_degrees: 0.0 };
/// How long the room may take to be there.
const PATIENCE: Duration = Duration::from_secs(300);

/// Measures and prints one JSON object.
///
/// # Errors
/// When the room cannot be shown.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let home = std::env::temp_dir().join(format!("atrium-bench-frame-{}", std::process::id()));
    let done = measure(arguments, &Folders::in_folder(&home));
    let _ = std::fs::remove_dir_all(&home);
    println!("{}", serde_json::to_string(&done?)?);
    Ok(())
}

fn measure(arguments: &Arguments, folders: &Folders) -> anyhow::Result<Report> {
    folders.create()?;
    let (scene_end, network_end) = wire();
    // What the graphics card does is not measured: just large enough for panels.
    let size = UVec2::new(480, 320);
    let mut view = View { offscreen: Some(Size { width: size.x, height: size.y }), ..arguments.view.clone() };
    if arguments.strokes.is_some() {
        view.at = view.at.or(Some(AT_THE_BOARD));
    }
    let mut app = app::assemble(&view, folders, scene_end)?;
    let clock_us = Arc::new(AtomicU64::new(1_000_000_000));
    let read = Arc::clone(&clock_us);
    let clock = RoomClock::new(move |_| atrium_protocol::Micros(read.load(Ordering::Relaxed)));
    app.add_plugins(FrameMarksPlugin).insert_resource(TimeUpdateStrategy::ManualDuration(FRAME));
    app::finish(&mut app);

    // The first panels load fonts: that is the start of the app, before anybody waits for a room.
    (0..HOME).for_each(|_| app.update());
    let mut meeting = RecordedMeeting::new(arguments.participants, network_end, folders)?;
    let mut mouse = None;
    if let Some(strokes) = arguments.strokes {
        meeting.put_up(strokes::snapshot(strokes)?, strokes);
        mouse = Some(Mouse::new(app.world_mut(), size));
    }
    app.world_mut().write_message(RecordedMeeting::entrance());
    // Nothing is heard before one is on the way.
    while *app.world().resource::<State<AppScreen>>().get() != AppScreen::Entering {
        app.update();
    }
    meeting.enter(clock)?;
    let mut times = Times::new().context("no room for the measurements")?;
    let begun = Instant::now();
    while *app.world().resource::<State<AppScreen>>().get() != AppScreen::InRoom {
        ensure!(begun.elapsed() < PATIENCE, "the room was not there after {} seconds", PATIENCE.as_secs());
        meeting.answer();
        times.record_loading(one_frame(&mut app));
        std::thread::sleep(Duration::from_millis(2));
    }
    for frame in 0..WARM_UP + arguments.frames {
        let is_join = frame > WARM_UP && frame % FRAMES_A_JOIN == 0;
        let now_us = clock_us.fetch_add(FRAME.as_micros() as u64, Ordering::Relaxed);
        meeting.play(frame, now_us, is_join);
        // By then the board is painted.
        if let Some(mouse) = mouse.as_mut().filter(|_| frame > WARM_UP / 2) {
            mouse.draw(app.world_mut(), frame);
        }
        let parts = one_frame(&mut app);
        if frame >= WARM_UP {
            times.record(&parts, is_join);
        }
    }
    Ok(times.report(arguments.participants))
}

/// How long the parts of a frame took.
#[derive(Default)]
struct FrameParts {
    /// The whole frame on the main thread.
    total: Duration,
    /// [`report::PARTS`], in their order.
    parts: [Duration; report::PARTS.len()],
    /// Of the total, how long the main thread was ready to run and did not.
    waited: Duration,
}

/// How long this thread has waited for a core so far, by the account of Linux.
fn waited_so_far() -> Duration {
    let account = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = account.split_whitespace().nth(1).and_then(|nanos| nanos.parse().ok());
    Duration::from_nanos(nanos.unwrap_or(0))
}

/// A driver that draws with the processor would go on doing so in the next frame, on the cores that are measured.
fn await_drawing(world: &World) {
    if let Some(device) = world.get_resource::<RenderDevice>() {
        let _ = device.poll(PollType::wait_indefinitely());
    }
}

/// Runs a frame. What the main thread does is timed: its own schedule, and handing over to the renderer. The renderer
/// runs too, untimed: with a graphics card it has a thread of its own.
fn one_frame(app: &mut App) -> FrameParts {
    let sub_apps = app.sub_apps_mut();
    let waited_before = waited_so_far();
    let begun = Instant::now();
    sub_apps.main.run_default_schedule();
    let main = begun.elapsed();
    let mut waited = waited_so_far().saturating_sub(waited_before);
    let marks = sub_apps.main.world().resource::<FrameMarks>().0;
    let boards = sub_apps.main.world().resource::<BoardsCost>().take();
    let mut extract = Duration::ZERO;
    for sub_app in sub_apps.sub_apps.values_mut() {
        let waited_before = waited_so_far();
        let begun = Instant::now();
        sub_app.extract(sub_apps.main.world_mut());
        extract += begun.elapsed();
        waited += waited_so_far().saturating_sub(waited_before);
        sub_app.update();
    }
    sub_apps.main.world_mut().clear_trackers();
    await_drawing(sub_apps.main.world());
    let between = |from: usize| match (marks.get(from).copied().flatten(), marks.get(from + 1).copied().flatten()) {
        (Some(from), Some(to)) => to.saturating_duration_since(from),
        _ => Duration::ZERO,
    };
    let ours: [Duration; 5] = std::array::from_fn(between);
    let engine = main.saturating_sub(ours.iter().sum());
    let [receive, sense, simulate, publish, present] = ours;
    let parts = [receive, sense, simulate, publish, present, engine, extract, boards];
    FrameParts { total: main + extract, parts, waited }
}
