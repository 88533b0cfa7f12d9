//! What a glTF does not carry: baked light, the sun, and light from all around.

use super::look::{RenderQuality, RoomEnvironment};
use atrium_place::Place;
use bevy::asset::{AssetPath, RenderAssetUsages, UntypedAssetId};
use bevy::ecs::system::SystemParam;
use bevy::gltf::GltfMeshName;
use bevy::image::{ImageLoaderSettings, ImageSampler};
use bevy::light::{CascadeShadowConfigBuilder, NotShadowCaster};
use bevy::pbr::Lightmap;
use bevy::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// The files besides the model.
#[derive(Component)]
pub(super) struct Dressing {
    pub(super) place: Arc<Place>,
    lightmaps: HashMap<String, Handle<Image>>,
    environment: Option<RoomEnvironment>,
}

impl Dressing {
    pub(super) fn load<'a>(place: Arc<Place>, path: impl Fn(&str) -> AssetPath<'a>, assets: &AssetServer) -> Self {
        let linear = |settings: &mut ImageLoaderSettings| {
            settings.is_srgb = false;
            settings.sampler = ImageSampler::linear();
            settings.asset_usage = RenderAssetUsages::RENDER_WORLD;
        };
        let layout = place.layout();
        let lightmaps = layout.lightmaps.iter();
        let lightmaps = lightmaps
            .map(|lightmap| {
                (
                    lightmap.mesh.clone(),
                    assets.load_builder().with_settings(linear).load(path(&lightmap.image).into_owned()),
                )
            })
            .collect();
        let environment = layout.light.environment.as_ref().map(|around| RoomEnvironment {
            diffuse: assets.load_builder().with_settings(linear).load(path(&around.diffuse).into_owned()),
            specular: assets.load_builder().with_settings(linear).load(path(&around.specular).into_owned()),
        });
        Self { place, lightmaps, environment }
    }

    pub(super) fn environment(&self) -> Option<RoomEnvironment> {
        self.environment.clone()
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = UntypedAssetId> {
        let around = self.environment.iter().flat_map(|around| [&around.diffuse, &around.specular]);
        self.lightmaps.values().chain(around).map(|image| image.id().untyped())
    }
}

/// Puts up the sun of a place and keeps its environment for the cameras.
pub(super) fn light(place: &Place, environment: Option<RoomEnvironment>, root: Entity, commands: &mut Commands) {
    let is_baked = environment.is_some();
    match environment {
        Some(environment) => commands.insert_resource(environment),
        None => commands.remove_resource::<RoomEnvironment>(),
    }
    // A place without light of its own gets a plain afternoon.
    let sun = place.layout().light.sun.unwrap_or(atrium_place::Sun {
        yaw_degrees: 150.0,
        elevation_degrees: 50.0,
        color: Vec3::new(1.0, 0.94, 0.86),
        irradiance: 1.8,
    });
    let [red, green, blue] = sun.color.to_array();
    commands.spawn((
        ChildOf(root),
        // In a plain place the sun would only light the ceiling from above: people would stand in the dark.
        RoomSun { casts_shadows: is_baked },
        DirectionalLight {
            color: Color::linear_rgb(red, green, blue),
            illuminance: sun.irradiance,
            affects_lightmapped_mesh_diffuse: false,
            ..default()
        },
        CascadeShadowConfigBuilder {
            num_cascades: 2,
            minimum_distance: 0.1,
            first_cascade_far_bound: 6.0,
            maximum_distance: 30.0,
            ..default()
        }
        .build(),
        Transform::from_translation(sun.direction()).looking_at(Vec3::ZERO, Vec3::Y),
    ));
}

/// The sun of the place. Whether its shadows are drawn is for the quality to say, where it may have some.
#[derive(Component)]
pub(super) struct RoomSun {
    pub(super) casts_shadows: bool,
}

/// What is needed to finish a spawned model.
#[derive(SystemParam)]
pub(super) struct Wardrobe<'w, 's> {
    dressings: Query<'w, 's, &'static Dressing>,
    children: Query<'w, 's, &'static Children>,
    meshes: Query<'w, 's, (&'static GltfMeshName, &'static MeshMaterial3d<StandardMaterial>)>,
    materials: Res<'w, Assets<StandardMaterial>>,
    quality: Res<'w, RenderQuality>,
}

impl Wardrobe<'_, '_> {
    /// Gives each mesh under `root` its lightmap.
    pub(super) fn dress(&mut self, root: Entity, commands: &mut Commands) {
        let Ok(dressing) = self.dressings.get(root) else { return };
        for entity in self.children.iter_descendants(root) {
            let Ok((name, material)) = self.meshes.get(entity) else { continue };
            if let Some(image) = dressing.lightmaps.get(name.0.as_str()) {
                let image = image.clone();
                let bicubic_sampling = *self.quality != RenderQuality::Low;
                commands.entity(entity).insert(Lightmap { image, bicubic_sampling, ..default() });
            }
            let material = self.materials.get(&material.0);
            if material.is_some_and(|material| material.unlit || material.alpha_mode != AlphaMode::Opaque) {
                // Sunlight comes through windows, and the view outside is painted.
                commands.entity(entity).insert(NotShadowCaster);
            }
        }
    }
}
