//! Boards on the graphics card: sheets of triangles, painted onto textures where something changed.
//!
//! The main world says what lies on which sheet ([`Change`]) and which part of which texture shows it anew
//! ([`Repaint`]). Nothing is done in frames in which it says nothing.

mod brush;
mod cut;
mod free_list;
mod orders;
mod pipelines;
mod sheet;
mod shrink;

pub(super) use cut::{Cut, Damage};
pub(super) use orders::{Change, Coat, Item, ItemId, PaintOrders, Rank, Repaint, SheetId, VERTEX_BYTES};

use crate::room::filtered;
use bevy::asset::{RenderAssetUsages, embedded_asset};
use bevy::image::ImageSampler;
use bevy::prelude::*;
use bevy::render::render_resource::{Extent3d, TextureDimension, TextureUsages};
use bevy::render::{ExtractSchedule, MainWorld, Render, RenderApp, RenderStartup, RenderSystems};

/// How slanted a texture may be seen before it blurs.
const ANISOTROPY: u16 = 16;
/// The smaller side of a texture's smallest level, in texels: a board that fills the view no more is as large.
const SMALLEST: u32 = 16;

pub(super) fn plugin(app: &mut App) {
    embedded_asset!(app, "paint.wgsl");
    embedded_asset!(app, "shrink.wgsl");
    app.init_resource::<PaintOrders>();
    if let Some(render) = app.get_sub_app_mut(RenderApp) {
        render
            .init_resource::<PaintOrders>()
            .init_resource::<brush::Studio>()
            .add_systems(RenderStartup, pipelines::set_up)
            .add_systems(ExtractSchedule, extract)
            .add_systems(Render, brush::paint.in_set(RenderSystems::PrepareResources));
    }
}

fn extract(mut main: ResMut<MainWorld>, mut orders: ResMut<PaintOrders>) {
    let mut new = main.resource_mut::<PaintOrders>();
    orders.is_fine = new.is_fine;
    if new.changes.is_empty() && new.repaints.is_empty() {
        return;
    }
    orders.changes.append(&mut new.changes);
    for repaint in new.repaints.drain(..) {
        orders.repaint(repaint);
    }
}

/// A texture to paint on. With levels it may be seen from afar; without it is for eyes that are near.
pub(super) fn texture(size: UVec2, has_levels: bool) -> Image {
    let size = size.max(UVec2::ONE);
    let extent = Extent3d { width: size.x, height: size.y, depth_or_array_layers: 1 };
    let mut image = Image::new_uninit(extent, TextureDimension::D2, pipelines::FORMAT, RenderAssetUsages::RENDER_WORLD);
    image.texture_descriptor.usage =
        TextureUsages::TEXTURE_BINDING | TextureUsages::RENDER_ATTACHMENT | TextureUsages::COPY_DST;
    if has_levels {
        image.texture_descriptor.mip_level_count = 1 + (size.min_element() / SMALLEST).max(1).ilog2();
    }
    image.sampler = filtered(&ImageSampler::Default, ANISOTROPY);
    image
}
