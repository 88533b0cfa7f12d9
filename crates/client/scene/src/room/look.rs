//! How the camera sees: exposure, tone mapping, edges, light from all around.

use super::dress::RoomSun;
use crate::body::MainCamera;
use bevy::camera::Exposure;
use bevy::core_pipeline::tonemapping::{DebandDither, Tonemapping};
use bevy::light::{DirectionalLightShadowMap, EnvironmentMapLight, GlobalAmbientLight};
use bevy::prelude::*;
use bevy::render::render_resource::WgpuFeatures;
use bevy::render::renderer::RenderDevice;

/// How much is spent on a picture.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RenderQuality {
    /// For machines without a graphics card.
    Low,
    /// For most.
    #[default]
    Medium,
    /// For fast ones.
    High,
}

/// Light from all around the place shown.
#[derive(Resource, Clone)]
pub(super) struct RoomEnvironment {
    pub(super) diffuse: Handle<Image>,
    pub(super) specular: Handle<Image>,
}

pub(crate) fn plugin(app: &mut App) {
    app.init_resource::<RenderQuality>()
        .insert_resource(GlobalAmbientLight::NONE)
        .insert_resource(ClearColor(Color::srgb_u8(0xBF, 0xD6, 0xE6)))
        .add_observer(set_up)
        .add_systems(
            Update,
            (
                apply_quality.run_if(resource_changed::<RenderQuality>.or_else(any_match_filter::<Added<RoomSun>>)),
                surround.run_if(
                    resource_changed_or_removed::<RoomEnvironment>.or_else(any_match_filter::<Added<MainCamera>>),
                ),
            ),
        );
}

/// Light of 1 on a white surface is shown as white: lightmaps, sun and environment share that unit.
fn unit_exposure() -> Exposure {
    // Bevy multiplies by 1 / (1.2 × 2^EV100).
    Exposure { ev100: -(1.2_f32.log2()) }
}

fn set_up(camera: On<Add, MainCamera>, quality: Res<RenderQuality>, mut commands: Commands) {
    let (msaa, _) = settings(*quality);
    commands.entity(camera.entity).insert((unit_exposure(), Tonemapping::AgX, DebandDither::Enabled, msaa));
}

/// Samples a pixel, and texels of the sun's shadow map (0: no shadows).
fn settings(quality: RenderQuality) -> (Msaa, usize) {
    match quality {
        RenderQuality::Low => (Msaa::Off, 0),
        RenderQuality::Medium => (Msaa::Sample4, 2048),
        RenderQuality::High => (Msaa::Sample4, 4096),
    }
}

fn apply_quality(
    quality: Res<RenderQuality>,
    cameras: Query<Entity, With<MainCamera>>,
    mut suns: Query<(&mut DirectionalLight, &RoomSun)>,
    mut commands: Commands,
) {
    let (msaa, shadow_texels) = settings(*quality);
    for camera in &cameras {
        commands.entity(camera).insert(msaa);
    }
    suns.iter_mut().for_each(|(mut sun, RoomSun { casts_shadows })| {
        sun.shadow_maps_enabled = *casts_shadows && shadow_texels > 0;
    });
    if shadow_texels > 0 {
        commands.insert_resource(DirectionalLightShadowMap { size: shadow_texels });
    }
}

fn surround(
    cameras: Query<Entity, With<MainCamera>>,
    environment: Option<Res<RoomEnvironment>>,
    device: Option<Res<RenderDevice>>,
    mut commands: Commands,
) {
    let environment = environment.filter(|_| can_reflect(device.as_deref()));
    cameras.iter().for_each(|camera| apply_environment(camera, environment.as_deref(), &mut commands));
}

/// The engine's shader for light from all around is broken beside lightmaps on graphics cards without arrays of
/// textures (a bool meets an integer, in Bevy 0.19.1): those get even light instead.
fn can_reflect(device: Option<&RenderDevice>) -> bool {
    device.is_none_or(|device| device.features().contains(WgpuFeatures::TEXTURE_BINDING_ARRAY))
}

fn apply_environment(camera: Entity, environment: Option<&RoomEnvironment>, commands: &mut Commands) {
    let mut camera = commands.entity(camera);
    let Some(RoomEnvironment { diffuse, specular }) = environment else {
        camera.remove::<EnvironmentMapLight>().insert(AmbientLight {
            brightness: 0.9,
            affects_lightmapped_meshes: false,
            ..default()
        });
        return;
    };
    camera.remove::<AmbientLight>().insert(EnvironmentMapLight {
        diffuse_map: diffuse.clone(),
        specular_map: specular.clone(),
        intensity: 1.0,
        affects_lightmapped_mesh_diffuse: false,
        ..default()
    });
}
