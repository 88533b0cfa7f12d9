//! What of a page is on the graphics card, and what is out of date there.

mod dirty;

pub(super) use dirty::Dirty;

use super::mesher::{Done, Job, Made, Mesher, Work, item};
use super::paint::{Change, Coat, Damage, Item, ItemId, PaintOrders, Rank, SheetId, VERTEX_BYTES};
use atrium_board::{Bounds, Element, ElementId, PageId};
use atrium_easel::Easel;
use atrium_easel::mesh::{LiveInk, Painter, Paper};
use atrium_protocol::ContentHash;
use bevy::math::{Affine2, Vec2};
use std::collections::{HashMap, HashSet};

/// Elements that are handed over for triangles at once: it takes the frame a tenth of a millisecond.
const AT_ONCE: usize = 256;
/// A stroke that is complete is shown as it was until its element has triangles, but no longer than this.
const LINGER_SECS: f64 = 1.0;

/// A page as it is on the graphics card.
pub(super) struct Sheet {
    id: SheetId,
    page: PageId,
    paper: Paper,
    /// Counts papers: triangles for another one are out of date.
    generation: u64,
    items: HashMap<ItemId, Shown>,
    dirty: Dirty,
    underway: usize,
    ink: LiveInk,
    strokes: HashMap<ElementId, Stroke>,
    lifted: Lifting,
    typed: Option<atrium_easel::TextEdit>,
    /// Pictures that nobody was asked for yet.
    pictures: Vec<ContentHash>,
    damage: Damage,
}

/// A thing on the graphics card.
struct Shown {
    bounds: Bounds,
    coat: Coat,
}

/// A stroke in the making, as it was painted last.
struct Stroke {
    version: u64,
    positions: Vec<[f32; 2]>,
    /// It is complete, and waits for its element until then.
    lingers_until_secs: Option<f64>,
}

/// What is lifted, as it was painted last.
#[derive(Default)]
struct Lifting {
    /// The version that the thread was asked for.
    asked: Option<u64>,
    /// What it gave, before it is moved.
    made: Option<(u64, Vec<Item>)>,
    /// Where it was painted.
    shown: Option<(u64, Affine2)>,
    /// Elements that are taken from the sheet as soon as they are seen lifted.
    leaving: Vec<ElementId>,
}

impl Sheet {
    /// A page of which nothing is on the graphics card yet; `all` is what is on it.
    pub(super) fn new(page: PageId, easel: &Easel, all: Dirty) -> Self {
        Self {
            id: SheetId::Page(easel.board(), page),
            page,
            paper: paper_of(easel),
            generation: 0,
            items: HashMap::new(),
            dirty: all,
            underway: 0,
            ink: LiveInk::default(),
            strokes: HashMap::new(),
            lifted: Lifting::default(),
            typed: None,
            pictures: Vec::new(),
            damage: Damage::All,
        }
    }

    pub(super) fn id(&self) -> SheetId {
        self.id
    }

    pub(super) fn paper(&self) -> Paper {
        self.paper
    }

    /// Whether everything on it is as it should be.
    #[cfg(test)]
    pub(super) fn is_clean(&self) -> bool {
        self.dirty.is_empty() && self.underway == 0
    }

    /// What is different since the last call.
    pub(super) fn take_damage(&mut self) -> Damage {
        std::mem::take(&mut self.damage)
    }

    /// Pictures that are to be seen and were not before.
    pub(super) fn take_pictures(&mut self) -> Vec<ContentHash> {
        std::mem::take(&mut self.pictures)
    }

    /// These pictures are here now.
    pub(super) fn pictures_came(&mut self, hashes: &[ContentHash]) {
        for shown in self.items.values() {
            if shown.coat.picture().is_some_and(|hash| hashes.contains(&hash)) {
                self.damage.add(shown.bounds);
            }
        }
    }

    /// Everything may be different.
    pub(super) fn touch_all(&mut self, easel: &Easel) {
        self.paper = paper_of(easel);
        self.generation += 1;
        self.underway = 0;
        let ids: Vec<ElementId> = easel.document().elements_on(self.page).map(|element| element.id).collect();
        ids.into_iter().for_each(|id| self.dirty.mark(id));
        let known = self.items.keys().filter_map(|item| match item {
            ItemId::Element(id) => Some(*id),
            _ => None,
        });
        let known: Vec<ElementId> = known.collect();
        known.into_iter().for_each(|id| self.dirty.mark(id));
        self.damage = Damage::All;
    }

    /// An element may be different.
    pub(super) fn touch(&mut self, id: ElementId, easel: &Easel, orders: &mut PaintOrders) {
        if self.element(id, easel).is_some() {
            self.dirty.mark(id);
        } else if easel.is_lifted(id) {
            self.lifted.leaving.push(id);
        } else {
            self.take(&[ItemId::Element(id)], orders);
        }
    }

    /// An element that is part of the sheet at this moment.
    fn element<'a>(&self, id: ElementId, easel: &'a Easel) -> Option<&'a Element> {
        let element = easel.document().element(id)?;
        (!element.is_removed && element.page == self.page && !easel.is_apart(id)).then_some(element)
    }

    /// Asks for triangles of what is out of date.
    pub(super) fn ask(&mut self, easel: &Easel, mesher: &Mesher, orders: &mut PaintOrders) {
        if self.dirty.is_empty() || !mesher.is_free() {
            return;
        }
        let mut elements = Vec::new();
        let mut gone = Vec::new();
        while elements.len() < AT_ONCE
            && let Some(id) = self.dirty.take()
        {
            match self.element(id, easel) {
                Some(element) => elements.push(element.clone()),
                None => gone.push(ItemId::Element(id)),
            }
        }
        self.take(&gone, orders);
        if !elements.is_empty() {
            self.send(Work::Elements(elements), mesher);
        }
    }

    fn send(&mut self, work: Work, mesher: &Mesher) {
        let job = Job { sheet: self.id, generation: self.generation, paper: self.paper, work };
        match mesher.ask(job) {
            None => self.underway += 1,
            Some(Job { work: Work::Elements(elements), .. }) => {
                elements.into_iter().for_each(|element| self.dirty.mark(element.id));
            }
            Some(_) => {}
        }
    }

    /// Takes what the thread made.
    pub(super) fn made(&mut self, done: Done, easel: &Easel, orders: &mut PaintOrders) {
        if done.generation != self.generation {
            return;
        }
        self.underway = self.underway.saturating_sub(1);
        match done.items {
            Made::Elements { asked, items } => {
                // Meanwhile it may be gone.
                let is_here = |id: ElementId| self.element(id, easel).is_some();
                let put: Vec<Item> =
                    items.into_iter().filter(|item| matches!(item.id, ItemId::Element(id) if is_here(id))).collect();
                let is_put: HashSet<ItemId> = put.iter().map(|item| item.id).collect();
                let unseen = asked.iter().map(|id| ItemId::Element(*id)).filter(|id| !is_put.contains(id));
                let unseen: Vec<ItemId> = unseen.collect();
                self.take(&unseen, orders);
                self.put(put, orders);
                asked.into_iter().for_each(|id| self.end_lingering(id, orders));
            }
            Made::Lifted { version, items } => self.lifted.made = Some((version, items)),
            Made::Name { .. } => {}
            Made::Typed(item) => {
                if self.typed.is_some() {
                    self.put(item.into_iter().collect(), orders);
                }
            }
        }
    }

    fn put(&mut self, items: Vec<Item>, orders: &mut PaintOrders) {
        if items.is_empty() {
            return;
        }
        for item in &items {
            let shown = Shown { bounds: item.bounds, coat: item.coat };
            self.pictures.extend(item.coat.picture());
            self.damage.add(item.bounds);
            if let Some(before) = self.items.insert(item.id, shown) {
                self.damage.add(before.bounds);
            }
        }
        orders.changes.push(Change::Put(self.id, items));
    }

    fn take(&mut self, ids: &[ItemId], orders: &mut PaintOrders) {
        let known = ids.iter().filter(|id| match self.items.remove(id) {
            Some(shown) => {
                self.damage.add(shown.bounds);
                true
            }
            None => false,
        });
        let known: Vec<ItemId> = known.copied().collect();
        if !known.is_empty() {
            orders.changes.push(Change::Take(self.id, known));
        }
    }

    /// Follows strokes in the making. Only what changed of one is painted anew.
    pub(super) fn follow_strokes(
        &mut self,
        easel: &Easel,
        painter: &mut Painter,
        now_secs: f64,
        orders: &mut PaintOrders,
    ) {
        self.ink.update(easel, self.page, painter);
        let mut put = Vec::new();
        for (place, mesh) in self.ink.meshes().iter().enumerate() {
            let known = self.strokes.get(&mesh.element);
            if known.is_some_and(|known| known.version == mesh.version && known.lingers_until_secs.is_none()) {
                continue;
            }
            let before = known.map_or(&[] as &[[f32; 2]], |known| &known.positions);
            self.damage.add(difference(before, &mesh.triangles.positions));
            let rank = Rank::Above(place as u32);
            let coat = Coat::of_stroke(mesh.is_highlighter);
            put.extend(item(ItemId::Stroke(mesh.element), (rank, coat), &mesh.triangles));
            let stroke =
                Stroke { version: mesh.version, positions: mesh.triangles.positions.clone(), lingers_until_secs: None };
            self.strokes.insert(mesh.element, stroke);
        }
        for item in &put {
            self.items.insert(item.id, Shown { bounds: item.bounds, coat: item.coat });
        }
        if !put.is_empty() {
            orders.changes.push(Change::Put(self.id, put));
        }
        self.let_strokes_go(easel, now_secs, orders);
    }

    /// Strokes that are not in the making any more stay until their elements are painted.
    fn let_strokes_go(&mut self, easel: &Easel, now_secs: f64, orders: &mut PaintOrders) {
        if self.strokes.is_empty() {
            return;
        }
        let in_the_making: HashSet<ElementId> = self.ink.meshes().iter().map(|mesh| mesh.element).collect();
        let mut over = Vec::new();
        for (id, stroke) in self.strokes.iter_mut().filter(|(id, _)| !in_the_making.contains(id)) {
            let until_secs = *stroke.lingers_until_secs.get_or_insert(now_secs + LINGER_SECS);
            let element = easel.document().element(*id);
            let is_there = element.is_some_and(|it| !it.is_removed && it.page == self.page);
            if now_secs > until_secs || !is_there {
                over.push(*id);
            }
        }
        for id in over {
            self.strokes.remove(&id);
            self.take(&[ItemId::Stroke(id)], orders);
        }
    }

    fn end_lingering(&mut self, id: ElementId, orders: &mut PaintOrders) {
        if self.strokes.get(&id).is_some_and(|stroke| stroke.lingers_until_secs.is_some()) {
            self.strokes.remove(&id);
            self.take(&[ItemId::Stroke(id)], orders);
        }
    }

    /// Follows what is moved or dragged out.
    pub(super) fn follow_lifted(&mut self, easel: &Easel, mesher: &Mesher, orders: &mut PaintOrders) {
        let lifted = easel.lifted().filter(|lifted| lifted.page == self.page);
        let Some(lifted) = lifted else { return self.put_down(orders) };
        if self.lifted.asked != Some(lifted.version) && mesher.is_free() {
            self.lifted.asked = Some(lifted.version);
            self.send(Work::Lifted(lifted.clone()), mesher);
        }
        let Some((version, items)) = &self.lifted.made else { return };
        let place = (*version, lifted.transform);
        if self.lifted.shown == Some(place) {
            return;
        }
        let moved: Vec<Item> = items.iter().map(|item| moved(item, lifted.transform)).collect();
        let count = moved.len();
        if self.lifted.shown.is_some_and(|(shown, _)| shown != *version) {
            let excess = self.items.keys().filter(|id| matches!(id, ItemId::Lifted(index) if *index >= count));
            let excess: Vec<ItemId> = excess.copied().collect();
            self.take(&excess, orders);
        }
        self.lifted.shown = Some(place);
        self.put(moved, orders);
        let leaving = std::mem::take(&mut self.lifted.leaving);
        let leaving: Vec<ItemId> = leaving.into_iter().filter(|id| easel.is_apart(*id)).map(ItemId::Element).collect();
        self.take(&leaving, orders);
    }

    /// Nothing is lifted any more: it stays to be seen until its elements are painted.
    fn put_down(&mut self, orders: &mut PaintOrders) {
        if self.lifted.asked.is_none() || !self.dirty.is_empty() || self.underway > 0 {
            return;
        }
        self.lifted = Lifting::default();
        let lifted = self.items.keys().filter(|id| matches!(id, ItemId::Lifted(_)));
        let lifted: Vec<ItemId> = lifted.copied().collect();
        self.take(&lifted, orders);
    }

    /// Follows text that is typed: the note under it.
    pub(super) fn follow_typing(&mut self, easel: &Easel, mesher: &Mesher, orders: &mut PaintOrders) {
        let edit = easel.text().filter(|edit| edit.page == self.page && edit.is_sticky);
        let is_same = match (&self.typed, edit) {
            (None, None) => true,
            (Some(old), Some(new)) => (old.frame, old.style, old.size) == (new.frame, new.style, new.size),
            _ => false,
        };
        match edit {
            _ if is_same => {}
            Some(edit) if mesher.is_free() => {
                self.typed = Some(edit.clone());
                self.send(Work::Typed(edit.clone()), mesher);
            }
            Some(_) => {}
            // Until its element is painted again it stays.
            None if self.dirty.is_empty() && self.underway == 0 => {
                self.typed = None;
                self.take(&[ItemId::Typed], orders);
            }
            None => {}
        }
    }
}

fn paper_of(easel: &Easel) -> Paper {
    Paper { is_dark: easel.document().is_dark() }
}

/// Holds what differs between two lists of corners of triangles.
fn difference(before: &[[f32; 2]], now: &[[f32; 2]]) -> Bounds {
    let same = before.iter().zip(now).take_while(|(a, b)| a == b).count();
    // Triangles go on from the corners before.
    let from = same.saturating_sub(4);
    let differing = |all: &[[f32; 2]]| all.get(from..).unwrap_or_default().to_vec();
    Bounds::of(differing(before).into_iter().chain(differing(now)).map(Vec2::from))
}

/// A thing, moved.
fn moved(item: &Item, place: Affine2) -> Item {
    let mut vertices = item.vertices.clone();
    let mut bounds = Bounds::NOTHING;
    for vertex in vertices.chunks_exact_mut(VERTEX_BYTES) {
        let (x, rest) = vertex.split_at_mut(4);
        let Some((y, _)) = rest.split_at_mut_checked(4) else { continue };
        let read = |bytes: &[u8]| bytes.first_chunk().map_or(0.0, |bytes| f32::from_le_bytes(*bytes));
        let point = place.transform_point2(Vec2::new(read(x), read(y)));
        bounds = bounds.with(point);
        x.copy_from_slice(&point.x.to_le_bytes());
        y.copy_from_slice(&point.y.to_le_bytes());
    }
    Item { vertices, bounds, ..item.clone() }
}

#[cfg(test)]
mod tests;
