//! Soft light on the seat that the mouse points at, and a ring on the floor where one walks to.

use super::controls::Controls;
use super::entry::Me;
use super::pointer::PointedAt;
use crate::people::ReducedMotion;
use atrium_body::Picked;
use bevy::asset::RenderAssetUsages;
use bevy::light::{NotShadowCaster, NotShadowReceiver};
use bevy::prelude::*;
use bevy::render::render_resource::{Extent3d, TextureDimension, TextureFormat};

const TEXTURE_PX: usize = 64;
/// Over a cushion, so that it does not cut through.
const OVER_SEAT_M: f32 = 0.04;
const OVER_FLOOR_M: f32 = 0.015;
const SEAT_SIZE_M: f32 = 0.66;
const GOAL_SIZE_M: f32 = 0.5;
const SEAT_ALPHA: f32 = 0.55;
const GOAL_ALPHA: f32 = 0.7;
/// Comes and goes in about three times this.
const FADE_TAU_SECS: f32 = 0.06;
/// The app's warm accent.
const COLOR: Color = Color::srgb(1.0, 0.82, 0.55);

/// A flat light over something.
#[derive(Component, Debug, Default)]
pub(super) struct Glow {
    alpha: f32,
}

#[derive(Component)]
pub(super) struct SeatGlow;

#[derive(Component)]
pub(super) struct GoalGlow;

pub(super) fn spawn(
    mut commands: Commands,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<StandardMaterial>>,
    mut images: ResMut<Assets<Image>>,
) {
    let disc = |distance: f32| (1.0 - distance).clamp(0.0, 1.0).powf(1.5);
    let ring = |distance: f32| (1.0 - ((distance - 0.78) / 0.16).abs()).clamp(0.0, 1.0);
    let mut glow = |size_m: f32, texture: Image| {
        let material = StandardMaterial {
            base_color: COLOR.with_alpha(0.0),
            base_color_texture: Some(images.add(texture)),
            unlit: true,
            alpha_mode: AlphaMode::Blend,
            fog_enabled: false,
            ..default()
        };
        let mesh = Mesh3d(meshes.add(Plane3d::default().mesh().size(size_m, size_m)));
        let material = MeshMaterial3d(materials.add(material));
        (mesh, material, Visibility::Hidden, NotShadowCaster, NotShadowReceiver, Glow::default())
    };
    commands.spawn((glow(SEAT_SIZE_M, texture(disc)), SeatGlow));
    commands.spawn((glow(GOAL_SIZE_M, texture(ring)), GoalGlow));
}

/// White with `alpha` of the distance to the middle, which is 1 at the edges.
fn texture(alpha: impl Fn(f32) -> f32) -> Image {
    let middle = Vec2::splat(TEXTURE_PX as f32 / 2.0);
    let pixel = |n: usize| {
        let at = Vec2::new((n % TEXTURE_PX) as f32, (n / TEXTURE_PX) as f32) + 0.5;
        [255, 255, 255, (alpha(at.distance(middle) / middle.x) * 255.0) as u8]
    };
    let size = Extent3d { width: TEXTURE_PX as u32, height: TEXTURE_PX as u32, depth_or_array_layers: 1 };
    let data = (0..TEXTURE_PX * TEXTURE_PX).flat_map(pixel).collect();
    Image::new(size, TextureDimension::D2, data, TextureFormat::Rgba8UnormSrgb, RenderAssetUsages::RENDER_WORLD)
}

type GlowParts<'a> = (&'a mut Transform, &'a mut Visibility, &'a mut Glow, &'a MeshMaterial3d<StandardMaterial>);

pub(super) fn show_seat(
    pointed: Res<PointedAt>,
    me: Option<Res<Me>>,
    time: Res<Time>,
    reduced: Res<ReducedMotion>,
    glow: Single<GlowParts<'static>, With<SeatGlow>>,
    mut materials: ResMut<Assets<StandardMaterial>>,
) {
    let seat = match (pointed.picked, &me) {
        (Some(Picked::Seat(id)), Some(me)) => me.place.seat(id),
        _ => None,
    };
    let at = seat.map(|seat| seat.position + Vec3::Y * (seat.hip_height_m + OVER_SEAT_M));
    let share = share(&time, &reduced);
    fade(glow.into_inner(), at, SEAT_ALPHA, share, &mut materials);
}

pub(super) fn show_goal(
    pointed: Res<PointedAt>,
    controls: Res<Controls>,
    me: Option<Res<Me>>,
    time: Res<Time>,
    reduced: Res<ReducedMotion>,
    glow: Single<GlowParts<'static>, With<GoalGlow>>,
    mut materials: ResMut<Assets<StandardMaterial>>,
    mut goal: Local<Option<Vec3>>,
) {
    if controls.is_clicked {
        *goal = match pointed.picked {
            Some(Picked::Floor(point)) => Some(point + Vec3::Y * OVER_FLOOR_M),
            _ => None,
        };
    }
    if !me.is_some_and(|me| me.body.is_on_a_course()) {
        *goal = None;
    }
    let share = share(&time, &reduced);
    fade(glow.into_inner(), *goal, GOAL_ALPHA, share, &mut materials);
}

/// How much of a fade is done in this frame.
fn share(time: &Time, reduced: &ReducedMotion) -> f32 {
    if reduced.0 { 1.0 } else { 1.0 - (-time.delta_secs() / FADE_TAU_SECS).exp() }
}

/// Shows a glow at a place, or lets it fade away where it was.
fn fade(
    (mut transform, mut visibility, mut glow, material): (
        Mut<Transform>,
        Mut<Visibility>,
        Mut<Glow>,
        &MeshMaterial3d<StandardMaterial>,
    ),
    at: Option<Vec3>,
    full_alpha: f32,
    share: f32,
    materials: &mut Assets<StandardMaterial>,
) {
    let target = if at.is_some() { full_alpha } else { 0.0 };
    if glow.alpha == target && at.is_none_or(|at| at == transform.translation) {
        return;
    }
    if let Some(at) = at {
        transform.translation = at;
    }
    glow.alpha += (target - glow.alpha) * share;
    if (glow.alpha - target).abs() < 0.01 {
        glow.alpha = target;
    }
    visibility.set_if_neq(if glow.alpha > 0.0 { Visibility::Inherited } else { Visibility::Hidden });
    if let Some(mut material) = materials.get_mut(&material.0) {
        material.base_color = COLOR.with_alpha(glow.alpha);
    }
}
