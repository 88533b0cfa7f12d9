//! The scene without a window: rendered into an image, saved as a picture.

use crate::body::MainCamera;
use crate::frame::Frame;
use crate::receive::Link;
use crate::room::RoomShown;
use crate::wire::LinkState;
use bevy::app::AppExit;
use bevy::camera::RenderTarget;
use bevy::prelude::*;
use bevy::render::render_resource::{TextureFormat, TextureUsages};
use bevy::render::view::screenshot::{Screenshot, ScreenshotCaptured};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How long the way into the room may take before one gives up.
const PATIENCE: Duration = Duration::from_secs(180);

/// Asks for rendering without a window.
#[derive(Resource, Clone, Debug)]
pub struct Offscreen {
    /// Width and height in pixels.
    pub size: UVec2,
    /// Where to save a picture; without it the scene just runs.
    pub screenshot: Option<PathBuf>,
    /// How long to wait in the room before the picture is taken.
    pub after: Duration,
    /// Whether panels are in the picture.
    pub has_panels: bool,
}

/// Why there is no picture; the app exits with an error. Shared: whoever runs the app has a copy, since the world is gone
/// when the app has ended.
#[derive(Resource, Clone, Debug, Default)]
pub struct OffscreenFailure(Arc<OnceLock<String>>);

impl OffscreenFailure {
    /// What happened and what to do, in a sentence.
    pub fn why(&self) -> Option<&str> {
        self.0.get().map(String::as_str)
    }

    /// The first reason counts.
    fn set(&self, why: String) {
        let _ = self.0.set(why);
    }
}

/// The image that stands for the window.
#[derive(Resource)]
pub struct OffscreenCanvas(pub Handle<Image>);

#[derive(Resource, Default)]
struct Progress {
    shown_at: Option<Duration>,
    is_taken: bool,
}

pub(crate) fn plugin(app: &mut App) {
    app.init_resource::<Progress>()
        .init_resource::<OffscreenFailure>()
        .add_observer(redirect)
        .add_systems(Update, shoot.in_set(Frame::Present).run_if(resource_exists::<Offscreen>));
}

/// Makes cameras draw into the image.
fn redirect(
    camera: On<Add, MainCamera>,
    offscreen: Option<Res<Offscreen>>,
    canvas: Option<Res<OffscreenCanvas>>,
    mut images: ResMut<Assets<Image>>,
    mut commands: Commands,
) {
    let Some(offscreen) = offscreen else { return };
    let handle = canvas.map(|canvas| canvas.0.clone()).unwrap_or_else(|| {
        let UVec2 { x, y } = offscreen.size;
        let mut image = Image::new_target_texture(x, y, TextureFormat::Rgba8UnormSrgb, None);
        image.texture_descriptor.usage |= TextureUsages::COPY_SRC;
        let handle = images.add(image);
        commands.insert_resource(OffscreenCanvas(handle.clone()));
        handle
    });
    commands.entity(camera.entity).insert(RenderTarget::Image(handle.into()));
}

fn shoot(
    offscreen: Res<Offscreen>,
    canvas: Option<Res<OffscreenCanvas>>,
    shown: Option<Res<RoomShown>>,
    link: Res<Link>,
    time: Res<Time<Real>>,
    failure: Res<OffscreenFailure>,
    mut progress: ResMut<Progress>,
    mut exit: MessageWriter<AppExit>,
    mut commands: Commands,
) {
    let Some(path) = &offscreen.screenshot else { return };
    let mut give_up = |why: String| {
        failure.set(why);
        exit.write(AppExit::error());
    };
    if let Some(LinkState::Ended(ending)) = &**link {
        return give_up(ending.message.clone());
    }
    let now = time.elapsed();
    let Some(shown_at) = shown.is_some().then(|| *progress.shown_at.get_or_insert(now)) else {
        if now > PATIENCE {
            give_up(format!(
                "the room was not there after {} seconds: try again, or look at the log",
                PATIENCE.as_secs()
            ));
        }
        return;
    };
    if progress.is_taken || now < shown_at + offscreen.after {
        return;
    }
    let Some(canvas) = canvas else { return };
    progress.is_taken = true;
    let path = path.clone();
    let save =
        move |picture: On<ScreenshotCaptured>, failure: Res<OffscreenFailure>, mut exit: MessageWriter<AppExit>| {
            match save(&picture.image, &path) {
                Ok(()) => exit.write(AppExit::Success),
                Err(why) => {
                    failure.set(why);
                    exit.write(AppExit::error())
                }
            };
        };
    commands.spawn(Screenshot::image(canvas.0.clone())).observe(save);
}

fn save(image: &Image, path: &std::path::Path) -> Result<(), String> {
    let picture =
        image.clone().try_into_dynamic().map_err(|error| format!("the picture has a strange format: {error}"))?;
    picture
        .to_rgb8()
        .save(path)
        .map_err(|error| format!("the picture cannot be saved as {}: {error}: give another file", path.display()))
}
