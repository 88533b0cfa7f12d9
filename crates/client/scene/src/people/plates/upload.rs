//! New names go into the texture on the graphics card alone: handing over all of it anew costs a frame.

use super::atlas::Patch;
use bevy::prelude::*;
use bevy::render::render_asset::RenderAssets;
use bevy::render::render_resource::{Extent3d, Origin3d, TexelCopyBufferLayout, TexelCopyTextureInfo, TextureAspect};
use bevy::render::renderer::RenderQueue;
use bevy::render::texture::GpuImage;
use bevy::render::{ExtractSchedule, MainWorld, Render, RenderApp, RenderSystems};

/// What is to be written into the texture of the plates, in both worlds.
#[derive(Resource, Default)]
pub(super) struct Patches {
    pub(super) image: AssetId<Image>,
    pub(super) waiting: Vec<Patch>,
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Patches>();
    if let Some(render) = app.get_sub_app_mut(RenderApp) {
        render
            .init_resource::<Patches>()
            .add_systems(ExtractSchedule, extract)
            .add_systems(Render, write.in_set(RenderSystems::PrepareResources));
    }
}

fn extract(mut main: ResMut<MainWorld>, mut patches: ResMut<Patches>) {
    let mut new = main.resource_mut::<Patches>();
    if !new.waiting.is_empty() {
        patches.image = new.image;
        patches.waiting.append(&mut new.waiting);
    }
}

fn write(mut patches: ResMut<Patches>, images: Res<RenderAssets<GpuImage>>, queue: Res<RenderQueue>) {
    // The texture itself may still be on its way.
    let Some(image) = images.get(patches.image) else { return };
    for Patch { origin, size, rgba } in patches.waiting.drain(..) {
        queue.write_texture(
            TexelCopyTextureInfo {
                texture: &image.texture,
                mip_level: 0,
                origin: Origin3d { x: origin.x, y: origin.y, z: 0 },
                aspect: TextureAspect::All,
            },
            &rgba,
            TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(4 * size.x), rows_per_image: None },
            Extent3d { width: size.x, height: size.y, depth_or_array_layers: 1 },
        );
    }
}
