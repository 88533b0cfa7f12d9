//! The smaller levels of a painted texture: without them what is far away crawls.

use super::pipelines::{Pipelines, Ready};
use bevy::math::URect;
use bevy::prelude::*;
use bevy::render::render_resource::{
    BindGroup, BindGroupEntries, CommandEncoder, LoadOp, Operations, PipelineCache, RenderPassColorAttachment,
    RenderPassDescriptor, StoreOp, TextureId, TextureView, TextureViewDescriptor,
};
use bevy::render::renderer::RenderDevice;
use bevy::render::texture::GpuImage;

/// Views of a texture's levels, and how each is read to make the next.
#[derive(Default)]
pub(super) struct Levels {
    of: Option<TextureId>,
    each: Vec<(TextureView, BindGroup)>,
}

/// Makes the smaller levels of `image` anew where `parts` of its largest have changed.
pub(super) fn levels(
    levels: &mut Levels,
    image: &GpuImage,
    parts: &[URect],
    (pipelines, cache, ready, device): (&Pipelines, &PipelineCache, &Ready<'_>, &RenderDevice),
    encoder: &mut CommandEncoder,
) {
    if levels.of != Some(image.texture.id()) {
        *levels = Levels::of(image, pipelines, cache, device);
    }
    let mut parts: Vec<URect> = parts.to_vec();
    for (level, pair) in (1_u32..).zip(levels.each.windows(2)) {
        let [(_, larger), (view, _)] = pair else { continue };
        let size = (image.size_2d() >> level).max(UVec2::ONE);
        let mut pass = encoder.begin_render_pass(&RenderPassDescriptor {
            label: Some("board level"),
            color_attachments: &[Some(RenderPassColorAttachment {
                view,
                depth_slice: None,
                resolve_target: None,
                ops: Operations { load: LoadOp::Load, store: StoreOp::Store },
            })],
            ..default()
        });
        pass.set_pipeline(ready.shrink);
        pass.set_bind_group(0, larger, &[]);
        for part in &mut parts {
            *part = halved(*part).intersect(URect::from_corners(UVec2::ZERO, size));
            if !part.is_empty() {
                pass.set_scissor_rect(part.min.x, part.min.y, part.width(), part.height());
                pass.draw(0..3, 0..1);
            }
        }
    }
}

/// What of the next level shows a part.
fn halved(part: URect) -> URect {
    URect { min: part.min / 2, max: (part.max + 1) / 2 }
}

impl Levels {
    fn of(image: &GpuImage, pipelines: &Pipelines, cache: &PipelineCache, device: &RenderDevice) -> Self {
        let layout = cache.get_bind_group_layout(&pipelines.picture_layout);
        let each = (0..image.texture_descriptor.mip_level_count).map(|level| {
            let view = image.texture.create_view(&TextureViewDescriptor {
                label: Some("board level"),
                base_mip_level: level,
                mip_level_count: Some(1),
                ..default()
            });
            let entries = BindGroupEntries::sequential((&view, &pipelines.between));
            let group = device.create_bind_group("board level", &layout, &entries);
            (view, group)
        });
        Self { of: Some(image.texture.id()), each: each.collect() }
    }
}
