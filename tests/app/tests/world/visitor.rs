use super::PATIENCE;
use atrium::arguments::{Arguments, Size, View};
use atrium::folders::Folders;
use atrium_scene::{AppScreen, EnterRoom, Entrance, OffscreenCanvas, wire};
use bevy::app::AppExit;
use bevy::input::ButtonState;
use bevy::input::keyboard::{Key, KeyboardInput};
use bevy::prelude::*;
use bevy::render::view::screenshot::{Screenshot, ScreenshotCaptured};
use clap::Parser as _;
use std::path::Path;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long a frame lasts at least.
const FRAME: Duration = Duration::from_millis(15);
/// How long it does in an app that nobody looks at.
const UNSEEN_FRAME: Duration = Duration::from_millis(100);

/// A person at the app, which draws into a small picture instead of a window.
pub(crate) struct Visitor {
    app: App,
    network: Option<JoinHandle<()>>,
    frame: Duration,
}

impl Visitor {
    /// Starts the app with its home screen; `home` keeps what it keeps.
    pub(crate) fn start(home: &Path, arguments: &str) -> Self {
        Self::with_size(home, arguments, Size { width: 64, height: 36 })
    }

    pub(crate) fn with_size(home: &Path, arguments: &str, size: Size) -> Self {
        let line = std::iter::once("atrium").chain(arguments.split_whitespace());
        let view = View { offscreen: Some(size), ..Arguments::parse_from(line).view };
        let folders = Folders::in_folder(home);
        folders.create().unwrap();
        let (scene_end, network_end) = wire();
        let (engine, voice) = atrium::sound::start();
        let network = atrium::wiring::start(network_end, voice, folders.clone()).unwrap();
        let mut app = atrium::app::assemble(&view, &folders, scene_end).unwrap();
        app.insert_resource(engine.unwrap());
        atrium::app::finish(&mut app);
        Self { app, network: Some(network), frame: FRAME }
    }

    /// Starts the app and goes into a room.
    pub(crate) fn enter(home: &Path, name: &str, link: &str, arguments: &str) -> Self {
        let mut visitor = Self::start(home, arguments);
        visitor.join(name, link);
        visitor.until_inside();
        visitor
    }

    /// Asks to go into a room.
    pub(crate) fn join(&mut self, name: &str, link: &str) {
        let avatar = atrium_protocol::AvatarBytes::default();
        let entrance = Entrance::Join { link: link.to_owned(), name: name.to_owned(), avatar };
        self.app.world_mut().write_message(EnterRoom(entrance));
    }

    pub(crate) fn until_inside(&mut self) {
        self.until("in the room", |world| *world.resource::<State<AppScreen>>().get() == AppScreen::InRoom);
    }

    /// Draws seldom from now on: what is waited for is not seen, and other tests run meanwhile.
    pub(crate) fn look_away(&mut self) {
        self.frame = UNSEEN_FRAME;
    }

    /// Lives on for a frame.
    pub(crate) fn frame(&mut self) {
        let begun = Instant::now();
        self.app.update();
        if let Some(AppExit::Error(code)) = self.app.should_exit() {
            panic!("the app gave up with {code}: a panic, or the graphics driver found a mistake");
        }
        std::thread::sleep(self.frame.saturating_sub(begun.elapsed()));
    }

    /// Lives on for a while.
    pub(crate) fn live(&mut self, how_long: Duration) {
        let end = Instant::now() + how_long;
        while Instant::now() < end {
            self.frame();
        }
    }

    /// Lives on until something is so.
    pub(crate) fn until(&mut self, what: &str, mut is_so: impl FnMut(&mut World) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !is_so(self.app.world_mut()) {
            assert!(Instant::now() < deadline, "not within {PATIENCE:?}: {what}");
            self.frame();
        }
    }

    pub(crate) fn world(&mut self) -> &mut World {
        self.app.world_mut()
    }

    pub(crate) fn press(&mut self, key: KeyCode) {
        self.key(key, ButtonState::Pressed);
    }

    pub(crate) fn release(&mut self, key: KeyCode) {
        self.key(key, ButtonState::Released);
    }

    /// Presses a key for a moment.
    pub(crate) fn tap(&mut self, key: KeyCode) {
        self.press(key);
        self.frame();
        self.release(key);
        self.frame();
    }

    fn key(&mut self, key_code: KeyCode, state: ButtonState) {
        let logical_key = Key::Unidentified(bevy::input::keyboard::NativeKey::Unidentified);
        let window = Entity::PLACEHOLDER;
        self.app.world_mut().write_message(KeyboardInput {
            key_code,
            logical_key,
            state,
            text: None,
            repeat: false,
            window,
        });
    }
}

impl Drop for Visitor {
    fn drop(&mut self) {
        // The network leaves when the scene's end of the queues goes.
        self.app = App::empty();
        if let Some(network) = self.network.take() {
            let _ = network.join();
        }
    }
}

/// Where a finished picture waits for the test.
#[derive(Resource, Default)]
struct Developed(Option<image::RgbImage>);

impl Visitor {
    /// What the person sees now.
    pub(crate) fn picture(&mut self) -> image::RgbImage {
        let world = self.app.world_mut();
        world.insert_resource(Developed::default());
        let canvas = world.resource::<OffscreenCanvas>().0.clone();
        let develop = |picture: On<ScreenshotCaptured>, mut developed: ResMut<Developed>| {
            developed.0 = picture.image.clone().try_into_dynamic().ok().map(|image| image.to_rgb8());
        };
        world.spawn(Screenshot::image(canvas)).observe(develop);
        self.until("a picture", |world| world.resource::<Developed>().0.is_some());
        self.app.world_mut().resource_mut::<Developed>().0.take().expect("just seen")
    }
}
