use super::person::{Detail, Moment, Person};
use super::quads::{QuadMesh, QuadWriter};
use crate::frame::Frame;
use atrium_avatar::{BodyPart, PROPORTIONS, Side};
use bevy::asset::RenderAssetUsages;
use bevy::camera::visibility::NoFrustumCulling;
use bevy::image::ImageSampler;
use bevy::light::{NotShadowCaster, NotShadowReceiver};
use bevy::prelude::*;
use bevy::render::render_resource::{Extent3d, TextureDimension, TextureFormat};

/// Height over the floor, so that the two do not fight.
const OVER_FLOOR_M: f32 = 0.006;
const TEXELS: usize = 64;

/// The soft shadows where people touch the floor, all in one mesh.
#[derive(Resource)]
struct ContactShadows(QuadMesh);

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Startup, set_up).add_systems(Update, draw.in_set(Frame::Present).after(super::animate::move_parts));
}

fn set_up(
    mut meshes: ResMut<Assets<Mesh>>,
    mut images: ResMut<Assets<Image>>,
    mut materials: ResMut<Assets<StandardMaterial>>,
    mut commands: Commands,
) {
    let quads = QuadMesh::new(&mut meshes);
    let material = materials.add(StandardMaterial {
        base_color: Color::WHITE,
        base_color_texture: Some(images.add(soft_disc())),
        alpha_mode: AlphaMode::Blend,
        unlit: true,
        ..default()
    });
    let seen = (NoFrustumCulling, NotShadowCaster, NotShadowReceiver);
    commands.spawn((Mesh3d(quads.mesh.clone()), MeshMaterial3d(material), Transform::default(), seen));
    commands.insert_resource(ContactShadows(quads));
}

/// A black disc that is densest in its middle.
fn soft_disc() -> Image {
    let mut data = Vec::with_capacity(4 * TEXELS * TEXELS);
    let middle = TEXELS as f32 / 2.0;
    for index in 0..TEXELS * TEXELS {
        let at = Vec2::new((index % TEXELS) as f32, (index / TEXELS) as f32) + 0.5 - middle;
        let inside = (1.0 - at.length() / middle).clamp(0.0, 1.0);
        data.extend([0, 0, 0, (255.0 * inside * inside * (3.0 - 2.0 * inside)) as u8]);
    }
    let size = Extent3d { width: TEXELS as u32, height: TEXELS as u32, depth_or_array_layers: 1 };
    let format = TextureFormat::Rgba8UnormSrgb;
    let mut image = Image::new(size, TextureDimension::D2, data, format, RenderAssetUsages::RENDER_WORLD);
    image.sampler = ImageSampler::linear();
    image
}

fn draw(mut shadows: ResMut<ContactShadows>, mut meshes: ResMut<Assets<Mesh>>, people: Query<&Person>) {
    shadows.0.rewrite(&mut meshes, |quads| {
        for person in people.iter().filter(|person| !person.is_hidden) {
            if let Some(now) = &person.now {
                under(person, now, quads);
            }
        }
    });
}

fn under(person: &Person, now: &Moment, quads: &mut QuadWriter<'_>) {
    let scale = now.body.scale * person.presence;
    if !now.is_seated {
        disc(now.feet, 0.42 * scale, 0.34 * person.presence, quads);
    }
    if person.detail == Detail::Far {
        return;
    }
    for side in Side::BOTH {
        let foot = now.body.joint(BodyPart::Foot(side));
        let lift_m = foot.position.y - now.feet.y - PROPORTIONS.ankle_height_m * scale;
        let near = 1.0 - (lift_m / 0.15).clamp(0.0, 1.0);
        let middle = foot.position + foot.rotation * Vec3::NEG_Z * (0.06 * scale);
        disc(middle.with_y(now.feet.y), 0.17 * scale, 0.42 * near * person.presence, quads);
    }
}

fn disc(middle: Vec3, radius_m: f32, darkness: f32, quads: &mut QuadWriter<'_>) {
    let middle = middle + Vec3::Y * OVER_FLOOR_M;
    let (x, z) = (Vec3::X * radius_m, Vec3::Z * radius_m);
    let corners = [middle - x + z, middle + x + z, middle + x - z, middle - x - z];
    quads.quad(corners, [Vec2::Y, Vec2::X], [1.0, 1.0, 1.0, darkness]);
}
