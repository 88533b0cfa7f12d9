//! A board that fills the window: a texture as large as that, which panels are shown over.

use super::board::Boards;
use super::marks::Marks;
use super::paint::{Cut, Damage, PaintOrders, texture};
use super::target::{Target, bounds_of, looks};
use crate::body::MainCamera;
use atrium_board::PageId;
use atrium_easel::Sight;
use atrium_easel::mesh::Paper;
use atrium_protocol::BoardId;
use bevy::prelude::*;
use bevy_egui::{EguiContexts, EguiTextureHandle, EguiUserTextures, egui};
use std::collections::HashMap;

/// What the window shows while a board fills it.
#[derive(Resource, Default)]
pub(super) struct Canvas {
    target: Option<Target>,
    /// In pixels.
    size: UVec2,
    picture: Option<egui::TextureId>,
}

impl Canvas {
    /// Paints it if something changed on the page that it shows.
    pub(super) fn paint(
        &mut self,
        boards: &Boards,
        damages: &HashMap<(BoardId, PageId), Damage>,
        orders: &mut PaintOrders,
    ) {
        let (Some(target), Some(id)) = (&mut self.target, boards.open) else { return };
        let size = self.size.as_vec2();
        let nothing = Damage::Nothing;
        let board = boards.get(id);
        let shown = board.and_then(|board| {
            let view = board.easel.as_ref()?.view();
            Some((board.sheets.get(&view.page)?, view))
        });
        let Some((sheet, view)) = shown else {
            let blank = super::paint::SheetId::Page(id, PageId::FIRST);
            let cut = Cut { corner: Vec2::ZERO, mm_per_texel: Vec2::ONE, size: self.size };
            return target.show((blank, Paper::default()), cut, &nothing, orders);
        };
        let cut = Cut::of(bounds_of(&view, size), self.size);
        target.show(looks(sheet), cut, damages.get(&(id, view.page)).unwrap_or(&nothing), orders);
    }

    /// The target, to mark what is above the page.
    pub(super) fn target(&mut self) -> Option<&mut Target> {
        self.target.as_mut()
    }
}

/// Shows it behind all panels.
pub(super) fn show(canvas: Res<Canvas>, mut contexts: EguiContexts) {
    let (Some(picture), Ok(ctx)) = (canvas.picture, contexts.ctx_mut()) else { return };
    let uv = egui::Rect::from_min_max(egui::Pos2::ZERO, egui::pos2(1.0, 1.0));
    let painter = ctx.layer_painter(egui::LayerId::background());
    painter.image(picture, ctx.content_rect(), uv, egui::Color32::WHITE);
}

/// Gives the canvas the size of the window, and the board a view of that shape.
pub(super) fn fit(
    camera: Option<Single<&Camera, With<MainCamera>>>,
    mut boards: ResMut<Boards>,
    mut canvas: ResMut<Canvas>,
    mut images: ResMut<Assets<Image>>,
    mut shown: ResMut<EguiUserTextures>,
    (mut orders, mut marks): (ResMut<PaintOrders>, ResMut<Marks>),
) {
    let size = camera.and_then(|camera| camera.physical_viewport_size()).filter(|size| size.min_element() > 0);
    let wish = size.filter(|_| boards.open.is_some());
    let fits = match (&canvas.target, wish) {
        (None, None) => return,
        (Some(_), Some(size)) => canvas.size == size,
        _ => false,
    };
    if !fits {
        if let Some(old) = canvas.target.take() {
            old.forget(&mut orders);
            shown.remove_image(&old.image);
        }
        *canvas = Canvas::default();
        if let Some(size) = wish {
            let image = images.add(texture(size, false));
            canvas.picture = Some(shown.add_image(EguiTextureHandle::Strong(image.clone())));
            (canvas.target, canvas.size) = (Some(Target::new(image)), size);
            boards.open.into_iter().for_each(|board| marks.touch(board));
        }
    }
    if let Some((size, easel)) = wish.zip(boards.open.and_then(|open| boards.easel_mut(open))) {
        easel.set_sight(Sight::Window);
        easel.set_aspect(size.y as f32 / size.x as f32);
    }
}
