use super::super::ReducedMotion;
use super::super::animate::move_parts;
use super::super::person::{Moment, Person};
use super::super::quads::{QuadMesh, QuadWriter};
use super::super::speaking::Speaking;
use super::atlas::{self, Atlas};
use super::crowding::{Placard, around, open_plates};
use super::layout::{Look, PLATE_TEXELS};
use super::letters::{CAP_TEXELS, LetterThread};
use super::upload::Patches;
use crate::body::MainCamera;
use crate::frame::Frame;
use atrium_avatar::BodyPart;
use atrium_protocol::ParticipantId;
use bevy::asset::RenderAssetUsages;
use bevy::camera::visibility::NoFrustumCulling;
use bevy::image::ImageSampler;
use bevy::light::{NotShadowCaster, NotShadowReceiver};
use bevy::prelude::*;
use bevy::render::render_resource::{Extent3d, TextureDimension, TextureFormat};
use std::collections::{HashMap, HashSet};

/// Height of a capital letter at a distance of 2 m.
const CAP_AT_2_M: f32 = 0.024;
/// Plates grow a little less than distance does.
const GROWTH: f32 = 0.9;
/// Plates fade between these distances, and very near, where one stands in them.
const FADE_M: (f32, f32) = (12.0, 15.0);
const TOO_NEAR_M: (f32, f32) = (0.35, 0.7);
/// From the middle of a head to the lower edge of its plate.
const OVER_HEAD_M: f32 = 0.2;
const HEAD_FROM_EYES: Vec3 = Vec3::new(0.0, 0.02, 0.075);
const FACE_HALF_M: Vec2 = Vec2::new(0.09, 0.13);
/// How often it is decided which plates are open, and the time of a change.
const DECIDE_SECS: f32 = 0.1;
const OPEN_SECS: f32 = 0.16;

#[derive(Resource)]
struct Plates {
    quads: QuadMesh,
    entity: Entity,
    atlas: Atlas,
    /// Names that the thread was asked for.
    asked: HashSet<String>,
    /// How far each plate is open, and whether it should be.
    states: HashMap<ParticipantId, State>,
    since_decision_secs: f32,
    scratch: Scratch,
}

#[derive(Clone, Copy, Debug)]
struct State {
    open: f32,
    wants_open: bool,
}

/// Buffers that are kept from frame to frame.
#[derive(Default)]
struct Scratch {
    seen: Vec<Seen>,
    placards: Vec<Placard>,
    open: Vec<bool>,
    order: Vec<usize>,
}

/// A plate in this frame.
#[derive(Clone, Copy)]
struct Seen {
    id: ParticipantId,
    look: Look,
    /// The middle of the plate's lower edge, from the camera.
    foot: Vec3,
    metres_per_texel: f32,
    depth_m: f32,
}

pub(super) fn plugin(app: &mut App) {
    match LetterThread::start() {
        Ok(thread) => {
            app.insert_resource(thread)
                .add_systems(Startup, set_up)
                .add_systems(Update, (letter, draw).chain().in_set(Frame::Present).after(move_parts));
        }
        Err(error) => error!("no thread for nameplates, so there are none: {error}"),
    }
}

fn set_up(
    mut meshes: ResMut<Assets<Mesh>>,
    mut images: ResMut<Assets<Image>>,
    mut materials: ResMut<Assets<StandardMaterial>>,
    mut patches: ResMut<Patches>,
    mut commands: Commands,
) {
    let quads = QuadMesh::new(&mut meshes);
    let image = images.add(texture());
    patches.image = image.id();
    let material = materials.add(StandardMaterial {
        base_color_texture: Some(image),
        alpha_mode: AlphaMode::Blend,
        unlit: true,
        cull_mode: None,
        ..default()
    });
    let seen = (NoFrustumCulling, NotShadowCaster, NotShadowReceiver);
    let shown = (Mesh3d(quads.mesh.clone()), MeshMaterial3d(material), Transform::default());
    let entity = commands.spawn((shown, seen)).id();
    commands.insert_resource(Plates {
        quads,
        entity,
        atlas: Atlas::default(),
        asked: HashSet::new(),
        states: HashMap::new(),
        since_decision_secs: DECIDE_SECS,
        scratch: Scratch::default(),
    });
}

fn texture() -> Image {
    let size = Extent3d { width: atlas::WIDTH as u32, height: atlas::HEIGHT as u32, depth_or_array_layers: 1 };
    let format = TextureFormat::Rgba8UnormSrgb;
    let mut image = Image::new(size, TextureDimension::D2, atlas::blank(), format, RenderAssetUsages::RENDER_WORLD);
    image.sampler = ImageSampler::linear();
    image
}

/// Asks for names that have no picture, and stores pictures that are done.
fn letter(mut plates: ResMut<Plates>, thread: Res<LetterThread>, people: Query<&Person>, mut patches: ResMut<Patches>) {
    let plates = &mut *plates;
    for person in people.iter().filter(|person| !person.is_me) {
        let name = person.plate.name.as_str();
        if !plates.asked.contains(name) && thread.ask(name) {
            plates.asked.insert(name.to_owned());
        }
    }
    while let Some(picture) = thread.next() {
        let name = picture.name.clone();
        if plates.atlas.region(&name).is_some() {
            continue;
        }
        if let Some(patch) = plates.atlas.store(picture) {
            patches.waiting.push(patch);
            continue;
        }
        // Full: those who left make space, and the name is asked for once more.
        let here: HashSet<&str> = people.iter().map(|person| person.plate.name.as_str()).collect();
        plates.atlas.retain(|name| here.contains(name));
        plates.asked.retain(|asked| here.contains(asked.as_str()) && *asked != name);
    }
}

/// Writes all plates anew, as the camera sees them now.
fn draw(
    mut plates: ResMut<Plates>,
    mut meshes: ResMut<Assets<Mesh>>,
    people: Query<&Person>,
    camera: Option<Single<&Transform, With<MainCamera>>>,
    mut transforms: Query<&mut Transform, Without<MainCamera>>,
    speaking: Res<Speaking>,
    reduced: Res<ReducedMotion>,
    time: Res<Time>,
) {
    let Some(camera) = camera else { return };
    let plates = &mut *plates;
    plates.scratch.seen.clear();
    plates.scratch.placards.clear();
    for person in people.iter().filter(|person| !person.is_me) {
        let Some(now) = &person.now else { continue };
        plates.see(person, now, &camera, speaking.level(person.id), time.elapsed_secs());
    }
    plates.decide(time.delta_secs(), reduced.0);
    // The nearest is drawn last, over the others.
    plates.scratch.seen.sort_unstable_by(|a, b| b.depth_m.total_cmp(&a.depth_m));
    // Where the camera is: so plates are drawn after glass, and their corners are exact.
    if let Ok(mut transform) = transforms.get_mut(plates.entity) {
        transform.set_if_neq(Transform::from_translation(camera.translation));
    }
    let (right, up) = (camera.rotation * Vec3::X, camera.rotation * Vec3::Y);
    let seen = &plates.scratch.seen;
    plates.quads.rewrite(&mut meshes, |quads| seen.iter().for_each(|plate| plate.write(right, up, quads)));
}

impl Plates {
    /// Notes the plate of somebody who is in view.
    fn see(&mut self, person: &Person, now: &Moment, camera: &Transform, level: Option<f32>, secs: f32) {
        let head = now.body.joint(BodyPart::Head);
        let middle = head.position + head.rotation * (HEAD_FROM_EYES * now.body.scale);
        let up = camera.rotation * Vec3::Y;
        let foot = middle + up * (OVER_HEAD_M * now.body.scale) - camera.translation;
        let depth_m = foot.dot(*camera.forward());
        let alpha = fade(foot.length()) * person.presence;
        let name = self.atlas.region(&person.plate.name).filter(|_| depth_m > 0.1 && alpha > 0.01);
        if name.is_none() {
            self.states.remove(&person.id);
            return;
        }
        let metres_per_texel = CAP_AT_2_M * (depth_m / 2.0).powf(GROWTH) / CAP_TEXELS;
        let state = self.states.entry(person.id).or_insert(State { open: 0.0, wants_open: true });
        let plate = &person.plate;
        let look = Look {
            name,
            level: level.filter(|_| !plate.is_muted),
            is_muted: plate.is_muted,
            has_hand_up: plate.has_hand_up,
            is_reconnecting: plate.is_reconnecting,
            open: state.open,
            alpha,
            secs,
        };
        let in_view = |point: Vec3| Vec2::new(point.dot(*camera.right()), point.dot(up)) / depth_m;
        let plate_half = Vec2::new(look.width(), PLATE_TEXELS) * (0.5 * metres_per_texel / depth_m);
        self.scratch.placards.push(Placard {
            plate: around(in_view(foot) + Vec2::Y * plate_half.y, plate_half),
            face: around(in_view(middle - camera.translation), FACE_HALF_M * now.body.scale / depth_m),
            distance_m: depth_m,
            rank: 2 * u8::from(look.level.is_some()) + u8::from(plate.has_hand_up),
            is_open: state.wants_open,
        });
        self.scratch.seen.push(Seen { id: person.id, look, foot, metres_per_texel, depth_m });
    }

    /// Opens and closes plates.
    fn decide(&mut self, dt_secs: f32, is_reduced: bool) {
        let scratch = &mut self.scratch;
        self.since_decision_secs += dt_secs;
        if self.since_decision_secs >= DECIDE_SECS {
            self.since_decision_secs = 0.0;
            open_plates(&scratch.placards, &mut scratch.open, &mut scratch.order);
            for (seen, open) in scratch.seen.iter().zip(&scratch.open) {
                if let Some(state) = self.states.get_mut(&seen.id) {
                    state.wants_open = *open;
                }
            }
        }
        let step = if is_reduced { 1.0 } else { dt_secs / OPEN_SECS };
        for seen in &mut scratch.seen {
            if let Some(state) = self.states.get_mut(&seen.id) {
                let goal = f32::from(u8::from(state.wants_open));
                state.open += (goal - state.open).clamp(-step, step);
                seen.look.open = state.open;
            }
        }
    }
}

impl Seen {
    fn write(&self, right: Vec3, up: Vec3, quads: &mut QuadWriter<'_>) {
        self.look.lay_out(|(low, size, region, color)| {
            let corner = |x: f32, y: f32| self.foot + (right * x + up * y) * self.metres_per_texel;
            let high = low + size;
            let corners = [corner(low.x, low.y), corner(high.x, low.y), corner(high.x, high.y), corner(low.x, high.y)];
            quads.quad(corners, region.uv(), color);
        });
    }
}

/// How visible a plate is at a distance.
fn fade(distance_m: f32) -> f32 {
    let far = 1.0 - (distance_m - FADE_M.0) / (FADE_M.1 - FADE_M.0);
    let near = (distance_m - TOO_NEAR_M.0) / (TOO_NEAR_M.1 - TOO_NEAR_M.0);
    far.min(near).clamp(0.0, 1.0)
}
