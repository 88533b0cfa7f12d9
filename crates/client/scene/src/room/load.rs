use super::{PLACE_SOURCE, dress, mipmaps, plain};
use crate::frame::Frame;
use crate::receive::PlaceArrived;
use crate::screen::AppScreen;
use crate::wire::{Ending, EndingKind, LinkState, RoomWire, ToRoom};
use atrium_place::{PLACE_TEXT_BYTES, Place};
use bevy::asset::io::AssetSourceId;
use bevy::asset::{AssetPath, RecursiveDependencyLoadState, RenderAssetUsages, UntypedAssetId};
use bevy::gltf::{Gltf, GltfLoaderSettings};
use bevy::prelude::*;
use bevy::tasks::futures_lite::future;
use bevy::tasks::{AsyncComputeTaskPool, Task, block_on};
use bevy::world_serialization::{WorldAsset, WorldAssetRoot, WorldInstanceReady};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The place as data, once it is read and until one leaves.
#[derive(Resource, Clone, Deref)]
pub struct CurrentPlace(pub Arc<Place>);

/// How far the place is loaded, 0…1.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq)]
pub struct RoomProgress(pub f32);

/// The place is there to be seen. Its looks may be missing: then its plain shape is shown.
#[derive(Resource, Clone, Debug)]
pub struct RoomShown {
    /// Why its looks could not be loaded.
    pub problem: Option<String>,
}

/// Everything that belongs to the place shown.
#[derive(Component)]
struct RoomRoot;

/// The steps on the way.
#[derive(Resource, Default)]
enum Loading {
    #[default]
    Nothing,
    Reading(Task<Result<ReadPlace, String>>),
    Files(RoomAssets),
    Mipmaps(RoomAssets, mipmaps::Work),
    Spawning(Entity),
    Done,
}

struct ReadPlace {
    place: Arc<Place>,
    folder: PathBuf,
}

struct RoomAssets {
    model: AssetPath<'static>,
    gltf: Handle<Gltf>,
    scene: Handle<WorldAsset>,
    dressing: dress::Dressing,
}

pub(crate) fn plugin(app: &mut App) {
    app.init_resource::<Loading>()
        .init_resource::<RoomProgress>()
        .add_systems(
            Update,
            // A place that comes when one has given up waiting for it is no longer wanted.
            (begin.run_if(in_state(AppScreen::Entering).or_else(in_state(AppScreen::InRoom))), advance)
                .chain()
                .in_set(Frame::Present),
        )
        .add_systems(OnEnter(AppScreen::Home), clear)
        .add_systems(OnEnter(AppScreen::Entering), clear)
        .add_systems(OnEnter(AppScreen::Ended), clear)
        .add_observer(instance_ready);
}

fn clear(mut commands: Commands, rooms: Query<Entity, With<RoomRoot>>, mut loading: ResMut<Loading>) {
    rooms.iter().for_each(|room| commands.entity(room).despawn());
    commands.remove_resource::<CurrentPlace>();
    commands.remove_resource::<RoomShown>();
    *loading = Loading::Nothing;
}

/// Starts to read a place, unless it is the one shown: after a resume the same files come again.
fn begin(
    mut arrived: MessageReader<PlaceArrived>,
    mut loading: ResMut<Loading>,
    mut progress: ResMut<RoomProgress>,
    assets: Res<AssetServer>,
    mut commands: Commands,
    wire: Res<RoomWire>,
) {
    let Some(PlaceArrived(place)) = arrived.read().last() else { return };
    match place {
        Err(why) => fail(why.clone(), &wire, &mut commands),
        Ok(_) if !matches!(*loading, Loading::Nothing) => {}
        Ok(folder) => {
            progress.0 = 0.0;
            *loading = Loading::Reading(read(folder.clone(), &assets));
        }
    }
}

/// Reads `room.ron` and builds its colliders away from the main thread.
fn read(folder: PathBuf, assets: &AssetServer) -> Task<Result<ReadPlace, String>> {
    let assets = assets.clone();
    AsyncComputeTaskPool::get().spawn(async move {
        let source = assets.get_source(AssetSourceId::from(PLACE_SOURCE)).map_err(|error| error.to_string())?;
        let path = folder.join("room.ron");
        let mut reader = source.reader().read(&path).await.map_err(|error| format!("room.ron: {error}"))?;
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).await.map_err(|error| format!("room.ron: {error}"))?;
        if bytes.len() > PLACE_TEXT_BYTES {
            return Err("its room.ron is too large".to_owned());
        }
        let text = String::from_utf8(bytes).map_err(|_| "its room.ron is not text".to_owned())?;
        let place = Place::parse(&text).map_err(|problems| problems.to_string())?;
        Ok(ReadPlace { place: Arc::new(place), folder })
    })
}

fn fail(why: String, wire: &RoomWire, commands: &mut Commands) {
    let message = format!("This room cannot be shown: {why}. Ask its host to correct it, or enter another room.");
    wire.say(ToRoom::Leave);
    commands.insert_resource(crate::receive::Link(Some(LinkState::Ended(Ending {
        kind: EndingKind::BrokenPlace,
        message,
    }))));
    commands.set_state(AppScreen::Ended);
}

fn advance(
    mut loading: ResMut<Loading>,
    mut progress: ResMut<RoomProgress>,
    mut commands: Commands,
    assets: Res<AssetServer>,
    wire: Res<RoomWire>,
    mut plain: plain::PlainAssets,
    mut images: ResMut<Assets<Image>>,
) {
    *loading = match std::mem::take(&mut *loading) {
        Loading::Reading(mut task) => match block_on(future::poll_once(&mut task)) {
            None => Loading::Reading(task),
            Some(Err(why)) => {
                fail(why, &wire, &mut commands);
                Loading::Nothing
            }
            Some(Ok(read)) => {
                commands.insert_resource(CurrentPlace(Arc::clone(&read.place)));
                start_files(&read, &assets)
                    .map_or_else(|| show_plain(&read.place, None, &mut commands, &mut plain), Loading::Files)
            }
        },
        Loading::Files(room) => match files_state(&room, &assets) {
            Ok(share) if share < 1.0 => {
                progress.0 = 0.7 * share;
                Loading::Files(room)
            }
            Ok(_) => {
                let work = mipmaps::Work::begin(&room.model, &mut images, &assets);
                Loading::Mipmaps(room, work)
            }
            Err(why) => show_plain(&room.dressing.place, Some(why), &mut commands, &mut plain),
        },
        Loading::Mipmaps(room, mut work) => {
            let share = work.advance(&mut images);
            progress.0 = 0.7 + 0.25 * share;
            if share < 1.0 { Loading::Mipmaps(room, work) } else { spawn(room, &mut commands) }
        }
        other => other,
    };
}

/// Starts to load the files that the place names; `None` when it names no model.
fn start_files(read: &ReadPlace, assets: &AssetServer) -> Option<RoomAssets> {
    let layout = read.place.layout();
    let model = layout.model.as_ref()?;
    let path = |file: &str| AssetPath::from_path_buf(read.folder.join(Path::new(file))).with_source(PLACE_SOURCE);
    let settings = |settings: &mut GltfLoaderSettings| {
        settings.load_cameras = false;
        settings.load_lights = false;
        settings.load_animations = false;
        settings.load_meshes = RenderAssetUsages::RENDER_WORLD;
        // They go to the graphics card with their mipmaps.
        settings.load_materials = RenderAssetUsages::MAIN_WORLD;
    };
    let model = path(model).into_owned();
    let gltf = assets.load_builder().with_settings(settings).load(model.clone());
    let scene = assets.load_builder().with_settings(settings).load(model.clone().with_label("Scene0"));
    let dressing = dress::Dressing::load(Arc::clone(&read.place), |file| path(file), assets);
    Some(RoomAssets { model, gltf, scene, dressing })
}

/// The share of files that are here, or why one never will be.
fn files_state(room: &RoomAssets, assets: &AssetServer) -> Result<f32, String> {
    let ids: Vec<UntypedAssetId> =
        [room.gltf.id().untyped(), room.scene.id().untyped()].into_iter().chain(room.dressing.ids()).collect();
    let mut loaded = 0;
    for id in &ids {
        match assets.recursive_dependency_load_state(*id) {
            RecursiveDependencyLoadState::Loaded => loaded += 1,
            RecursiveDependencyLoadState::Failed(error) => return Err(error.to_string()),
            _ => {}
        }
    }
    Ok(loaded as f32 / ids.len() as f32)
}

fn show_plain(
    place: &Place,
    problem: Option<String>,
    commands: &mut Commands,
    assets: &mut plain::PlainAssets,
) -> Loading {
    let root = commands.spawn((RoomRoot, Transform::default(), Visibility::default())).id();
    plain::spawn(place, root, commands, assets);
    dress::light(place, None, root, commands);
    commands.insert_resource(RoomShown { problem });
    Loading::Done
}

fn spawn(room: RoomAssets, commands: &mut Commands) -> Loading {
    let place = Arc::clone(&room.dressing.place);
    let root = commands.spawn((RoomRoot, WorldAssetRoot(room.scene), Transform::default(), Visibility::default())).id();
    dress::light(&place, room.dressing.environment(), root, commands);
    commands.entity(root).insert(room.dressing);
    Loading::Spawning(root)
}

fn instance_ready(
    ready: On<WorldInstanceReady>,
    mut loading: ResMut<Loading>,
    mut progress: ResMut<RoomProgress>,
    mut wardrobe: dress::Wardrobe,
    mut commands: Commands,
) {
    if !matches!(*loading, Loading::Spawning(root) if root == ready.entity) {
        return;
    }
    wardrobe.dress(ready.entity, &mut commands);
    progress.0 = 1.0;
    commands.insert_resource(RoomShown { problem: None });
    *loading = Loading::Done;
}
