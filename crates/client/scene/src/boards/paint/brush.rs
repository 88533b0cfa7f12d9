//! Paints what has changed onto textures: each damaged part into a tile with smooth edges, and the tile onto the texture.
//!
//! What it costs goes with the part that changed, not with what lies on the board.

use super::cut::Cut;
use super::orders::{Change, Coat, PaintOrders, Repaint, SheetId};
use super::pipelines::{FORMAT, Pipelines, Ready, SAMPLES, TILE_BYTES};
use super::sheet::{Card, Placed, Sheet};
use super::shrink::{self, Levels};
use atrium_board::Bounds;
use atrium_protocol::ContentHash;
use bevy::asset::AssetId;
use bevy::math::{URect, UVec2, Vec2};
use bevy::prelude::*;
use bevy::render::render_asset::RenderAssets;
use bevy::render::render_resource::{
    BindGroup, BindGroupEntries, BufferBinding, BufferInitDescriptor, BufferSize, BufferUsages, CommandEncoder,
    CommandEncoderDescriptor, Extent3d, IndexFormat, LoadOp, Operations, Origin3d, PipelineCache,
    RenderPassColorAttachment, RenderPassDescriptor, StoreOp, TexelCopyTextureInfo, Texture, TextureAspect,
    TextureDescriptor, TextureDimension, TextureUsages, TextureView, TextureViewDescriptor,
};
use bevy::render::renderer::{RenderDevice, RenderQueue};
use bevy::render::texture::GpuImage;
use std::collections::HashMap;
use std::ops::Range;

/// Sides of the tiles in which things are painted; the smallest that is large enough is used.
const SIDES: [u32; 4] = [128, 512, 1_024, 2_048];
/// Texels of a tile for one of its texture, in each direction, where it is painted finer.
const FINE: u32 = 2;
/// Where the numbers about a tile may begin in a buffer.
const TILE_STRIDE: usize = 256;

/// What the painter keeps on the graphics card.
#[derive(Resource, Default)]
pub(super) struct Studio {
    sheets: HashMap<SheetId, Sheet>,
    pictures: HashMap<ContentHash, Handle<Image>>,
    easels: HashMap<u32, Easel>,
    levels: HashMap<AssetId<Image>, Levels>,
}

/// Where a tile is painted before it goes onto its texture.
struct Easel {
    samples: TextureView,
    flat: Texture,
    flat_view: TextureView,
    /// How the flat one is read.
    group: BindGroup,
}

/// A part of a texture that is painted at once.
struct Tile<'a> {
    repaint: &'a Repaint,
    texels: URect,
    /// Texels of the tile for one of the texture.
    fineness: u32,
}

pub(super) fn paint(
    mut studio: ResMut<Studio>,
    mut orders: ResMut<PaintOrders>,
    pipelines: Res<Pipelines>,
    cache: Res<PipelineCache>,
    images: Res<RenderAssets<GpuImage>>,
    device: Res<RenderDevice>,
    queue: Res<RenderQueue>,
) {
    let studio = &mut *studio;
    let card = Card { device: &device, queue: &queue };
    orders.changes.drain(..).for_each(|change| studio.change(change, card));
    if orders.repaints.is_empty() {
        return;
    }
    let Some(ready) = pipelines.ready(&cache) else { return };
    // A picture that is on its way is painted as soon as it is here.
    let has_come = |hash: &ContentHash| studio.pictures.get(hash).and_then(|image| images.get(image));
    let waits: Vec<ContentHash> = studio.pictures.keys().filter(|hash| has_come(hash).is_none()).copied().collect();
    let is_due = |repaint: &Repaint| {
        images.get(repaint.target).is_some_and(|image| image.size_2d() == repaint.cut.size)
            && !studio.shows_any(repaint.sheet, &waits)
    };
    let (due, later) = std::mem::take(&mut orders.repaints).into_iter().partition::<Vec<_>, _>(is_due);
    orders.repaints = later;
    let fineness = if orders.is_fine { FINE } else { 1 };
    let tiles: Vec<Tile<'_>> = due
        .iter()
        .flat_map(|repaint| {
            repaint.damage.tiles(&repaint.cut).into_iter().map(move |texels| Tile { repaint, texels, fineness })
        })
        .collect();
    if tiles.is_empty() {
        return;
    }
    let numbers = device.create_buffer_with_data(&BufferInitDescriptor {
        label: Some("board tiles"),
        contents: &tiles.iter().flat_map(numbers).collect::<Vec<u8>>(),
        usage: BufferUsages::UNIFORM,
    });
    let binding = BufferBinding { buffer: &numbers, offset: 0, size: BufferSize::new(TILE_BYTES) };
    let group = device.create_bind_group(
        "board tile",
        &cache.get_bind_group_layout(&pipelines.tile_layout),
        &BindGroupEntries::single(binding),
    );
    let pictures = studio.picture_groups(&tiles, &pipelines, &cache, &images, &device);
    let mut encoder = device.create_command_encoder(&CommandEncoderDescriptor { label: Some("boards") });
    for (tile, offset) in tiles.iter().zip((0_u32..).step_by(TILE_STRIDE)) {
        let Some(image) = images.get(tile.repaint.target) else { continue };
        let needed = tile.size().max_element();
        let side = SIDES.into_iter().find(|side| needed <= *side).unwrap_or(SIDES[3]);
        let easel = studio.easels.entry(side).or_insert_with(|| Easel::new(side, (&pipelines, &cache, &device)));
        let sheets = [tile.repaint.sheet, tile.repaint.above].map(|id| studio.sheets.get(&id));
        tile.paint(easel, sheets, (&group, offset), &pictures, &ready, &mut encoder);
        tile.hang(easel, image, (&group, offset), &ready, &mut encoder);
    }
    for repaint in &due {
        let Some(image) = images.get(repaint.target) else { continue };
        if image.texture_descriptor.mip_level_count > 1 {
            let levels = studio.levels.entry(repaint.target).or_default();
            let parts = repaint.damage.tiles(&repaint.cut);
            shrink::levels(levels, image, &parts, (&pipelines, &cache, &ready, &device), &mut encoder);
        }
    }
    queue.submit([encoder.finish()]);
    studio.levels.retain(|image, _| images.get(*image).is_some());
}

impl Studio {
    fn change(&mut self, change: Change, card: Card<'_>) {
        match change {
            Change::Put(id, items) => {
                let sheet = self.sheets.entry(id).or_insert_with(Sheet::new);
                sheet.put(&items, card);
            }
            Change::Take(id, items) => {
                if let Some(sheet) = self.sheets.get_mut(&id) {
                    sheet.take(&items);
                }
            }
            Change::Forget(id) => drop(self.sheets.remove(&id)),
            Change::Picture(hash, image) => drop(self.pictures.insert(hash, image)),
            Change::ForgetPictures => self.pictures.clear(),
        }
    }

    fn shows_any(&self, sheet: SheetId, pictures: &[ContentHash]) -> bool {
        !pictures.is_empty()
            && self.sheets.get(&sheet).is_some_and(|sheet| {
                sheet.placed().iter().any(|placed| placed.coat.picture().is_some_and(|shown| pictures.contains(&shown)))
            })
    }

    /// How the pictures on these tiles are bound.
    fn picture_groups(
        &self,
        tiles: &[Tile<'_>],
        pipelines: &Pipelines,
        cache: &PipelineCache,
        images: &RenderAssets<GpuImage>,
        device: &RenderDevice,
    ) -> HashMap<ContentHash, BindGroup> {
        let mut groups = HashMap::new();
        for tile in tiles {
            let Some(sheet) = self.sheets.get(&tile.repaint.sheet) else { continue };
            let bounds = tile.repaint.cut.page_of(tile.texels);
            for hash in visible(sheet, bounds).filter_map(|placed| placed.coat.picture()) {
                let image = self.pictures.get(&hash).and_then(|image| images.get(image));
                let Some(image) = image.filter(|_| !groups.contains_key(&hash)) else { continue };
                let group = device.create_bind_group(
                    "board picture",
                    &cache.get_bind_group_layout(&pipelines.picture_layout),
                    &BindGroupEntries::sequential((&image.texture_view, &image.sampler)),
                );
                groups.insert(hash, group);
            }
        }
        groups
    }
}

fn visible(sheet: &Sheet, bounds: Bounds) -> impl Iterator<Item = &Placed> {
    sheet.placed().iter().filter(move |placed| placed.bounds.overlaps(&bounds))
}

impl Easel {
    fn new(side: u32, (pipelines, cache, device): (&Pipelines, &PipelineCache, &RenderDevice)) -> Self {
        let texture = |label, sample_count, usage| {
            device.create_texture(&TextureDescriptor {
                label: Some(label),
                size: Extent3d { width: side, height: side, depth_or_array_layers: 1 },
                mip_level_count: 1,
                sample_count,
                dimension: TextureDimension::D2,
                format: FORMAT,
                usage,
                view_formats: &[],
            })
        };
        let samples = texture("board samples", SAMPLES, TextureUsages::RENDER_ATTACHMENT);
        let usage = TextureUsages::RENDER_ATTACHMENT | TextureUsages::COPY_SRC | TextureUsages::TEXTURE_BINDING;
        let flat = texture("board tile", 1, usage);
        let view = |texture: &Texture| texture.create_view(&TextureViewDescriptor::default());
        let flat_view = view(&flat);
        let group = device.create_bind_group(
            "board tile",
            &cache.get_bind_group_layout(&pipelines.picture_layout),
            &BindGroupEntries::sequential((&flat_view, &pipelines.between)),
        );
        Self { samples: view(&samples), flat_view, flat, group }
    }
}

impl Tile<'_> {
    /// Texels that it is painted with.
    fn size(&self) -> UVec2 {
        self.texels.size() * self.fineness
    }

    /// Paints it at the easel's upper left.
    fn paint(
        &self,
        easel: &Easel,
        sheets: [Option<&Sheet>; 2],
        (group, offset): (&BindGroup, u32),
        pictures: &HashMap<ContentHash, BindGroup>,
        ready: &Ready<'_>,
        encoder: &mut CommandEncoder,
    ) {
        let mut pass = encoder.begin_render_pass(&RenderPassDescriptor {
            label: Some("board tile"),
            color_attachments: &[Some(RenderPassColorAttachment {
                view: &easel.samples,
                depth_slice: None,
                resolve_target: Some(&easel.flat_view),
                ops: Operations { load: LoadOp::Clear(default()), store: StoreOp::Discard },
            })],
            ..default()
        });
        let UVec2 { x, y } = self.size();
        pass.set_viewport(0.0, 0.0, x as f32, y as f32, 0.0, 1.0);
        pass.set_scissor_rect(0, 0, x, y);
        pass.set_bind_group(0, group, &[offset]);
        pass.set_pipeline(ready.paper);
        pass.draw(0..3, 0..1);
        let bounds = self.repaint.cut.page_of(self.texels);
        for sheet in sheets.into_iter().flatten() {
            let Some((vertices, indices)) = sheet.buffers() else { continue };
            pass.set_vertex_buffer(0, *vertices.slice(..));
            pass.set_index_buffer(*indices.slice(..), IndexFormat::Uint32);
            for (coat, run) in runs(visible(sheet, bounds)) {
                match coat {
                    Coat::Ink => pass.set_pipeline(ready.ink),
                    Coat::Highlighter => {
                        pass.set_pipeline(ready.highlighter[usize::from(self.repaint.paper.is_dark)]);
                    }
                    Coat::Picture(hash) => {
                        let Some(group) = pictures.get(&hash) else { continue };
                        pass.set_pipeline(ready.picture);
                        pass.set_bind_group(1, group, &[]);
                    }
                }
                pass.draw_indexed(run, 0, 0..1);
            }
        }
    }

    /// Puts what was painted onto the texture.
    fn hang(
        &self,
        easel: &Easel,
        image: &GpuImage,
        (group, offset): (&BindGroup, u32),
        ready: &Ready<'_>,
        encoder: &mut CommandEncoder,
    ) {
        let URect { min, .. } = self.texels;
        let UVec2 { x: width, y: height } = self.texels.size();
        if self.fineness == 1 {
            let at =
                |texture, origin| TexelCopyTextureInfo { texture, mip_level: 0, origin, aspect: TextureAspect::All };
            return encoder.copy_texture_to_texture(
                at(&*easel.flat, Origin3d::ZERO),
                at(&*image.texture, Origin3d { x: min.x, y: min.y, z: 0 }),
                Extent3d { width, height, depth_or_array_layers: 1 },
            );
        }
        let largest = TextureViewDescriptor { mip_level_count: Some(1), ..default() };
        let mut pass = encoder.begin_render_pass(&RenderPassDescriptor {
            label: Some("board tile"),
            color_attachments: &[Some(RenderPassColorAttachment {
                view: &image.texture.create_view(&largest),
                depth_slice: None,
                resolve_target: None,
                ops: Operations { load: LoadOp::Load, store: StoreOp::Store },
            })],
            ..default()
        });
        pass.set_scissor_rect(min.x, min.y, width, height);
        pass.set_bind_group(0, group, &[offset]);
        pass.set_bind_group(1, &easel.group, &[]);
        pass.set_pipeline(ready.hang);
        pass.draw(0..3, 0..1);
    }
}

/// Things that lie beside one another in the buffers are drawn at once.
fn runs<'a>(placed: impl Iterator<Item = &'a Placed>) -> impl Iterator<Item = (Coat, Range<u32>)> {
    let mut runs: Vec<(Coat, Range<u32>)> = Vec::new();
    for placed in placed {
        match runs.last_mut() {
            Some((coat, run)) if *coat == placed.coat && run.end == placed.indices.start => {
                run.end = placed.indices.end;
            }
            _ => runs.push((placed.coat, placed.indices.clone())),
        }
    }
    runs.into_iter()
}

/// The numbers about a tile, as `paint.wgsl` has them.
fn numbers(tile: &Tile<'_>) -> [u8; TILE_STRIDE] {
    let Cut { mm_per_texel, .. } = tile.repaint.cut;
    let page = tile.repaint.cut.page_of(tile.texels);
    let size = page.size().max(Vec2::splat(f32::MIN_POSITIVE));
    let scale = Vec2::new(2.0, -2.0) / size;
    let offset = Vec2::new(-1.0, 1.0) - page.min * scale;
    let fineness = Vec2::splat(tile.fineness as f32);
    let place = [scale, offset, page.min, mm_per_texel / fineness].into_iter().flat_map(|pair| pair.to_array());
    let goes = [tile.texels.min.as_vec2(), fineness].into_iter().flat_map(|pair| pair.to_array());
    let mut bytes = [0; TILE_STRIDE];
    let all = place.chain(tile.repaint.paper.color()).chain(goes);
    for (place, float) in bytes.chunks_exact_mut(4).zip(all) {
        place.copy_from_slice(&float.to_le_bytes());
    }
    bytes
}
