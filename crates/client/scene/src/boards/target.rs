use super::mesher::item;
use super::paint::{Change, Coat, Cut, Damage, ItemId, PaintOrders, Rank, Repaint, SheetId};
use super::sheet::Sheet;
use atrium_board::{Bounds, View};
use atrium_easel::mesh::{Paper, Triangles};
use bevy::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

/// A texture that shows a part of a page, and what is above that.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) image: Handle<Image>,
    /// What was painted on it last.
    shown: Option<(SheetId, Cut, Paper)>,
    above: SheetId,
    /// Where something is above the page.
    marked: Vec<Bounds>,
    damage: Damage,
}

impl Target {
    pub(super) fn new(image: Handle<Image>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let above = SheetId::Above(NEXT.fetch_add(1, Ordering::Relaxed));
        Self { image, shown: None, above, marked: Vec::new(), damage: Damage::Nothing }
    }

    /// These are above the page from now on, in place of what was before.
    pub(super) fn mark(&mut self, marks: &Triangles, orders: &mut PaintOrders) {
        if marks.is_empty() && self.marked.is_empty() {
            return;
        }
        self.marked.drain(..).for_each(|place| self.damage.add(place));
        self.marked = places(marks);
        self.marked.iter().for_each(|place| self.damage.add(*place));
        orders.changes.push(match item(ItemId::Marks, (Rank::Above(0), Coat::Ink), marks) {
            Some(marks) => Change::Put(self.above, vec![marks]),
            None => Change::Take(self.above, vec![ItemId::Marks]),
        });
    }

    /// Shows that part of a sheet, on which `damage` happened since the last call.
    pub(super) fn show(
        &mut self,
        (sheet, paper): (SheetId, Paper),
        cut: Cut,
        damage: &Damage,
        orders: &mut PaintOrders,
    ) {
        let now = (sheet, cut, paper);
        let mut all = std::mem::take(&mut self.damage);
        all.join(if self.shown == Some(now) { damage.clone() } else { Damage::All });
        self.shown = Some(now);
        orders.repaint(Repaint { target: self.image.id(), sheet, above: self.above, cut, paper, damage: all });
    }

    /// It shows nothing any more.
    pub(super) fn forget(&self, orders: &mut PaintOrders) {
        orders.changes.push(Change::Forget(self.above));
    }
}

/// Where triangles are: those that are near to one another together, so that two pointers do not cost all between them.
fn places(triangles: &Triangles) -> Vec<Bounds> {
    let corner = |index: u32| triangles.positions.get(index as usize).copied().map(Vec2::from);
    let mut places: Vec<Bounds> = Vec::new();
    for triangle in triangles.indices.chunks_exact(3) {
        let bounds = Bounds::of(triangle.iter().filter_map(|index| corner(*index)));
        match places.iter_mut().rev().find(|place| place.overlaps(&bounds)) {
            Some(place) => *place = place.union(bounds),
            None => places.push(bounds),
        }
    }
    places
}

/// What a view shows on something with that size, in whatever unit.
pub(super) fn bounds_of(view: &View, size: Vec2) -> Bounds {
    let half = Vec2::new(view.width_mm, view.width_mm * size.y / size.x.max(f32::MIN_POSITIVE)) / 2.0;
    Bounds { min: view.center - half, max: view.center + half }
}

/// What is said of a sheet when it is shown.
pub(super) fn looks(sheet: &Sheet) -> (SheetId, Paper) {
    (sheet.id(), sheet.paper())
}
