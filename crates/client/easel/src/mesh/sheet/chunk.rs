use super::order::Key;
use crate::mesh::{Painter, Paper, Picture, Triangles};
use atrium_board::{Bounds, Document, Element, Shape};
use atrium_lettering::Lettering;
use std::ops::Range;

/// Most elements of a chunk, and most corners, roughly.
const ELEMENTS: usize = 256;
const CORNERS: usize = 24_000;
/// Chunks with fewer elements than this are joined.
const FEW: usize = 64;

/// Which chunk: never used again for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChunkId(pub u64);

/// What is in a chunk.
#[derive(Clone, Debug)]
pub enum Content {
    /// Triangles of several elements.
    Triangles(Triangles),
    /// One picture.
    Picture(Picture),
}

/// Some elements of a page that lie one above the other.
#[derive(Debug)]
pub struct Chunk {
    id: ChunkId,
    /// From the bottom up.
    items: Vec<Item>,
    content: Content,
    bounds: Bounds,
    version: u64,
    is_ready: bool,
    is_picture: bool,
    /// Corners, roughly, of all that belongs to it.
    weight: usize,
}

#[derive(Clone, Debug)]
struct Item {
    key: Key,
    /// Its part of the triangles; `None`: they have to be made.
    part: Option<Part>,
    /// It has curves, which are made for a zoom.
    is_curved: bool,
    weight: usize,
}

/// A part of triangles.
#[derive(Clone, Debug)]
struct Part {
    corners: Range<usize>,
    indices: Range<usize>,
    bounds: Bounds,
}

/// What it takes to make triangles.
pub(super) struct Build<'a> {
    pub(super) document: &'a Document,
    pub(super) paper: Paper,
    pub(super) tolerance_mm: f32,
    pub(super) painter: &'a mut Painter,
    pub(super) lettering: Option<&'a mut Lettering>,
}

impl Chunk {
    pub(super) fn new(id: ChunkId, element: &Element) -> Self {
        let item = Item::of(element);
        Self {
            id,
            weight: item.weight,
            items: vec![item],
            content: Content::Triangles(Triangles::default()),
            bounds: Bounds::NOTHING,
            version: 0,
            is_ready: false,
            is_picture: matches!(element.shape, Shape::Image { .. }),
        }
    }

    /// Which chunk.
    pub fn id(&self) -> ChunkId {
        self.id
    }

    /// What is in it.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// The upright rectangle around it.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Changes with its content.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// How many elements it has.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(super) fn is_ready(&self) -> bool {
        self.is_ready
    }

    pub(super) fn is_picture(&self) -> bool {
        self.is_picture
    }

    /// All of it lies below `key`.
    pub(super) fn is_below(&self, key: &Key) -> bool {
        self.items.last().is_none_or(|last| last.key < *key)
    }

    /// All of it lies above `key`.
    pub(super) fn is_above(&self, key: &Key) -> bool {
        self.items.first().is_none_or(|first| first.key > *key)
    }

    pub(super) fn has_room_for(&self, element: &Element) -> bool {
        let is_picture = matches!(element.shape, Shape::Image { .. });
        !self.is_picture && !is_picture && self.items.len() < ELEMENTS && self.weight + weight(element) <= CORNERS
    }

    pub(super) fn is_too_full(&self) -> bool {
        self.items.len() > ELEMENTS || (self.weight > CORNERS && self.items.len() > 1)
    }

    pub(super) fn middle(&self) -> Key {
        self.items[(self.items.len() - 1) / 2].key.clone()
    }

    pub(super) fn insert(&mut self, element: &Element) {
        let item = Item::of(element);
        let at = self.items.partition_point(|other| other.key < item.key);
        self.weight += item.weight;
        self.items.insert(at, item);
        self.is_ready = false;
    }

    pub(super) fn remove(&mut self, key: &Key) {
        if let Ok(at) = self.items.binary_search_by(|item| item.key.cmp(key)) {
            let gone = self.items.remove(at);
            self.weight -= gone.weight;
            self.is_ready = false;
        }
    }

    /// The triangles of one element have to be made again.
    pub(super) fn forget(&mut self, key: &Key) {
        if let Ok(at) = self.items.binary_search_by(|item| item.key.cmp(key)) {
            self.items[at].part = None;
            self.is_ready = false;
        }
    }

    pub(super) fn forget_all(&mut self) {
        self.items.iter_mut().for_each(|item| item.part = None);
        self.is_ready = false;
    }

    /// Curves have to be made again.
    pub(super) fn forget_curves(&mut self) {
        for item in self.items.iter_mut().filter(|item| item.is_curved) {
            item.part = None;
            self.is_ready = false;
        }
    }

    /// Takes what lies above `key` out of it, as a chunk of its own.
    pub(super) fn split_off(&mut self, key: &Key, id: ChunkId) -> Option<Self> {
        let at = self.items.partition_point(|item| item.key <= *key);
        if at == self.items.len() {
            return None;
        }
        let mut items = self.items.split_off(at);
        items.iter_mut().for_each(|item| item.part = None);
        let weight = items.iter().map(|item| item.weight).sum();
        self.weight -= weight;
        self.is_ready = false;
        let content = Content::Triangles(Triangles::default());
        let bounds = Bounds::NOTHING;
        Some(Self { id, items, content, bounds, version: 0, is_ready: false, is_picture: false, weight })
    }

    /// Whether another one, which lies above, is so small that both can be one.
    pub(super) fn takes_all_of(&self, other: &Self) -> bool {
        let are_few = self.items.len() + other.items.len() <= FEW;
        are_few && !self.is_picture && !other.is_picture && self.weight + other.weight <= CORNERS
    }

    pub(super) fn take_all_of(&mut self, other: &mut Self) {
        other.items.iter_mut().for_each(|item| item.part = None);
        self.items.append(&mut other.items);
        self.weight += other.weight;
        self.is_ready = false;
    }

    /// Makes what is missing; returns how many corners were made. What was added above everything else goes to `on_top` too.
    pub(super) fn build(&mut self, build: &mut Build<'_>, on_top: Option<&mut Triangles>) -> usize {
        self.is_ready = true;
        self.version += 1;
        if self.is_picture {
            return self.build_picture(build);
        }
        let Content::Triangles(triangles) = &mut self.content else { return 0 };
        let kept = self.items.iter().take_while(|item| item.part.is_some()).count();
        let is_only_longer = self.items[kept..].iter().all(|item| item.part.is_none())
            && self.items[..kept].last().and_then(|item| item.part.as_ref()).map_or(0, |part| part.corners.end)
                == triangles.positions.len()
            && is_without_gaps(&self.items[..kept]);
        if !is_only_longer {
            let old = std::mem::take(triangles);
            let made = remake(&mut self.items, &old, triangles, build);
            self.bounds = bounds_of(&self.items);
            return made;
        }
        let first = (triangles.positions.len(), triangles.indices.len());
        self.items[kept..].iter_mut().for_each(|item| item.make(triangles, build));
        self.bounds = bounds_of(&self.items);
        if let Some(on_top) = on_top {
            copy_part(triangles, first.0..triangles.positions.len(), first.1..triangles.indices.len(), on_top);
        }
        triangles.positions.len() - first.0
    }

    fn build_picture(&mut self, build: &mut Build<'_>) -> usize {
        let Some(item) = self.items.first() else { return 0 };
        let Some(element) = build.document.element(item.key.id) else { return 0 };
        let mut none = Triangles::default();
        let look = (build.paper, build.tolerance_mm);
        if let Some(picture) = build.painter.element(element, look, None, &mut none) {
            self.content = Content::Picture(picture);
        }
        self.bounds = element.bounds();
        4
    }
}

impl Item {
    fn of(element: &Element) -> Self {
        let is_curved = !matches!(element.shape, Shape::Ink { is_highlighter: false, .. } | Shape::Image { .. });
        Self { key: Key::of(element), part: None, is_curved, weight: weight(element) }
    }

    fn make(&mut self, triangles: &mut Triangles, build: &mut Build<'_>) {
        let first = (triangles.positions.len(), triangles.indices.len());
        let mut bounds = Bounds::NOTHING;
        if let Some(element) = build.document.element(self.key.id) {
            let look = (build.paper, build.tolerance_mm);
            build.painter.element(element, look, build.lettering.as_deref_mut(), triangles);
            bounds = element.bounds();
        }
        let (corners, indices) = (first.0..triangles.positions.len(), first.1..triangles.indices.len());
        self.part = Some(Part { corners, indices, bounds });
    }
}

/// Copies what is known and makes the rest; returns how many corners were made.
fn remake(items: &mut [Item], old: &Triangles, new: &mut Triangles, build: &mut Build<'_>) -> usize {
    let mut made = 0;
    new.positions.reserve(old.positions.len());
    new.colors.reserve(old.positions.len());
    new.indices.reserve(old.indices.len());
    for item in items {
        let first = (new.positions.len(), new.indices.len());
        match &mut item.part {
            Some(part) => {
                copy_part(old, part.corners.clone(), part.indices.clone(), new);
                part.corners = first.0..new.positions.len();
                part.indices = first.1..new.indices.len();
            }
            None => {
                item.make(new, build);
                made += new.positions.len() - first.0;
            }
        }
    }
    made
}

fn copy_part(from: &Triangles, corners: Range<usize>, indices: Range<usize>, to: &mut Triangles) {
    let (was, is) = (corners.start as u32, to.positions.len() as u32);
    to.positions.extend_from_slice(&from.positions[corners.clone()]);
    to.colors.extend_from_slice(&from.colors[corners]);
    to.indices.extend(from.indices[indices].iter().map(|index| index - was + is));
}

/// Nothing was taken out between them.
fn is_without_gaps(items: &[Item]) -> bool {
    let mut end = 0;
    items.iter().filter_map(|item| item.part.as_ref()).all(|part| {
        let follows = part.corners.start == end;
        end = part.corners.end;
        follows
    })
}

fn bounds_of(items: &[Item]) -> Bounds {
    let parts = items.iter().filter_map(|item| item.part.as_ref());
    parts.fold(Bounds::NOTHING, |bounds, part| bounds.union(part.bounds))
}

/// How many corners an element will have, roughly.
fn weight(element: &Element) -> usize {
    match &element.shape {
        Shape::Ink { points, .. } => 16 + points.len() * 3,
        Shape::Line { .. } | Shape::Rectangle { .. } => 64,
        Shape::Ellipse { .. } => 256,
        Shape::Text { text, .. } | Shape::Sticky { text, .. } => 128 + text.len() * 24,
        Shape::Image { .. } => 4,
    }
}
