//! The app, assembled.

use crate::arguments::{Arguments, Command, View};
use crate::doctor::{self, Graphics};
use crate::exporting::ExportPlugin;
use crate::folders::Folders;
use crate::settings_file::SettingsFilePlugin;
use crate::{shipped, sound, wiring};
use anyhow::{Context as _, bail};
use atrium_panels::{Quality, Settings};
use atrium_protocol::BoardId;
use atrium_scene::{
    Entrance, Offscreen, OffscreenFailure, RenderQuality, RoomWire, ScenePlugin, StartBoard, StartEntrance, StartView,
    ThisMachine, UserSettings, place_source, wire,
};
use bevy::app::{PluginsState, ScheduleRunnerPlugin};
use bevy::asset::AssetApp as _;
use bevy::log::LogPlugin;
use bevy::prelude::*;
use bevy::render::RenderPlugin;
use bevy::render::pipelined_rendering::PipelinedRenderingPlugin;
use bevy::window::{ExitCondition, PresentMode, WindowResolution};
use bevy::winit::WinitPlugin;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Frames a second without a window; nobody looks at more.
const OFFSCREEN_HZ: f64 = 60.0;

/// Runs the app until it is closed.
///
/// # Errors
/// A sentence that says what happened and what to do.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let folders = Folders::of_user()?;
    folders.create()?;
    let (scene_end, network_end) = wire();
    let (engine, voice) = sound::start();
    let network = wiring::start(network_end, voice, folders.clone()).context("the network cannot start")?;
    let mut app = assemble(&arguments.view, &folders, scene_end)?;
    if let Some(engine) = engine {
        app.insert_resource(engine);
    }
    let settings = app.world().resource::<UserSettings>().0.clone();
    if let Some(entrance) = entrance(arguments, &settings) {
        app.insert_resource(StartEntrance(entrance));
    }
    let failure = app.world().resource::<OffscreenFailure>().clone();
    let exit = app.run();
    // Dropping the scene's queues lets the network leave politely.
    drop(app);
    let _ = network.join();
    match (exit, failure.why()) {
        (AppExit::Success, _) => Ok(()),
        (AppExit::Error(_), Some(why)) => bail!("{why}"),
        (AppExit::Error(_), None) => bail!("the app ended with an error: its log is above"),
    }
}

/// The app with its plugins, in a window or without one.
///
/// # Errors
/// What to install or to do when there is no graphics driver or no display.
pub fn assemble(view: &View, folders: &Folders, wire: RoomWire) -> anyhow::Result<App> {
    let graphics = Graphics::find()?;
    if view.offscreen.is_none() {
        doctor::display()?;
    }
    let mut app = App::new();
    let (id, source) = place_source(&folders.places());
    app.register_asset_source(id, source);
    let (id, source) = shipped::asset_source();
    app.register_asset_source(id, source);
    add_engine(&mut app, view)?;
    if view.offscreen.is_some() {
        app.add_plugins(ScheduleRunnerPlugin::run_loop(Duration::from_secs_f64(1.0 / OFFSCREEN_HZ)));
    }
    app.insert_resource(wire)
        .insert_resource(start_view(view))
        .insert_resource(sound::fixed_devices(view))
        .add_plugins((ScenePlugin, SettingsFilePlugin(folders.settings()), ExportPlugin(folders.clone())));
    if let Some(board) = view.board {
        app.insert_resource(StartBoard(BoardId(board)));
    }
    let chosen = app.world().resource::<UserSettings>().0.quality;
    app.insert_resource(quality(view, chosen, &graphics));
    app.world_mut().resource_mut::<ThisMachine>().utc_offset_minutes = utc_offset_minutes();
    if let Some(size) = view.offscreen {
        app.insert_resource(Offscreen {
            size: UVec2::new(size.width, size.height),
            screenshot: view.screenshot.clone(),
            after: Duration::from_secs_f32(view.after),
            has_panels: !view.no_panels,
        });
    }
    Ok(app)
}

/// Adds the engine. Its window library panics on a display that does not answer; a person gets a sentence.
fn add_engine(app: &mut App, view: &View) -> anyhow::Result<()> {
    let usual = std::panic::take_hook();
    let said = Arc::new(Mutex::new(String::new()));
    let heard = Arc::clone(&said);
    std::panic::set_hook(Box::new(move |panic| {
        if let Ok(mut heard) = heard.lock() {
            *heard = panic.to_string();
        }
    }));
    let added = std::panic::catch_unwind(AssertUnwindSafe(|| {
        app.add_plugins(engine(view));
    }));
    std::panic::set_hook(usual);
    if added.is_ok() {
        return Ok(());
    }
    let said = said.lock().map(|said| said.clone()).unwrap_or_default();
    if said.contains("event loop") {
        let display =
            ["WAYLAND_DISPLAY", "DISPLAY"].iter().find_map(|name| std::env::var(name).ok()).unwrap_or_default();
        bail!(
            "no window can be opened, since the display {display} does not answer. Start the app from a desktop session, \
             or render a picture with --offscreen 1280x720 --screenshot room.png"
        )
    }
    bail!("the engine cannot start: {said}. `atrium doctor` says whether something is missing")
}

/// Waits until the plugins are ready, for those who call `App::update` themselves.
pub fn finish(app: &mut App) {
    while app.plugins_state() == PluginsState::Adding {
        bevy::tasks::tick_global_task_pools_on_main_thread();
    }
    app.finish();
    app.cleanup();
}

fn utc_offset_minutes() -> i32 {
    jiff::tz::TimeZone::system().to_offset(jiff::Timestamp::now()).seconds() / 60
}

fn start_view(view: &View) -> StartView {
    let at =
        view.at.map(|spot| (Vec3::from(spot.position), spot.yaw_degrees.to_radians(), spot.pitch_degrees.to_radians()));
    StartView { at, seat: view.seat.map(atrium_protocol::SeatId) }
}

/// What the command line says, else what was chosen once; the usual is too much for a processor that draws.
fn quality(view: &View, chosen: Quality, graphics: &Graphics) -> RenderQuality {
    match (view.quality.as_deref(), chosen) {
        (Some("low"), _) | (None, Quality::Low) => RenderQuality::Low,
        (Some("high"), _) | (None, Quality::High) => RenderQuality::High,
        (None, Quality::Medium) if graphics.is_software() => RenderQuality::Low,
        _ => RenderQuality::Medium,
    }
}

/// Where to go at once; the home screen asks otherwise.
fn entrance(arguments: &Arguments, settings: &Settings) -> Option<Entrance> {
    let kept = Some(settings.name.clone()).filter(|name| !name.trim().is_empty());
    let login = || std::env::var("USER").or_else(|_| std::env::var("USERNAME")).ok();
    let name = arguments.view.name.clone().or(kept).or_else(login).unwrap_or_else(|| "Guest".to_owned());
    let avatar = atrium_protocol::AvatarBytes::new(settings.avatar.clone()).unwrap_or_default();
    match &arguments.command {
        Some(Command::Host { room }) => Some(Entrance::Host { room: room.clone(), name, avatar }),
        Some(Command::Join { link }) => Some(Entrance::Join { link: link.clone(), name, avatar }),
        None if arguments.view.offscreen.is_some() => {
            Some(Entrance::Host { room: "boardroom".to_owned(), name, avatar })
        }
        _ => None,
    }
}

fn engine(view: &View) -> bevy::app::PluginGroupBuilder {
    let render = RenderPlugin { synchronous_pipeline_compilation: view.offscreen.is_some(), ..default() };
    let log = LogPlugin {
        filter: std::env::var("ATRIUM_LOG").unwrap_or_else(|_| "warn,atrium=info".to_owned()),
        ..default()
    };
    let plugins = DefaultPlugins.set(render).set(log);
    if view.offscreen.is_some() {
        let no_window = WindowPlugin { primary_window: None, exit_condition: ExitCondition::DontExit, ..default() };
        // Frame after frame in one thread: what a test or a measurement sees belongs to the frame that it asked for.
        return plugins.set(no_window).disable::<WinitPlugin>().disable::<PipelinedRenderingPlugin>();
    }
    plugins.set(WindowPlugin {
        primary_window: Some(Window {
            title: "Atrium".to_owned(),
            name: Some("atrium".to_owned()),
            resolution: WindowResolution::new(1280, 720),
            present_mode: PresentMode::AutoVsync,
            ..default()
        }),
        // Closing asks first while others are inside.
        close_when_requested: false,
        ..default()
    })
}
