mod chunk;
mod order;

pub use chunk::{Chunk, ChunkId, Content};

use super::{Painter, Paper, Triangles};
use crate::{Damage, Easel};
use atrium_board::{Bounds, Element, ElementId, OrderKey, PageId, Shape};
use atrium_lettering::Lettering;
use chunk::Build;
use order::Key;
use std::collections::HashMap;

/// What an update of a [`Sheet`] changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SheetNews {
    /// Chunks that are new, or whose content is.
    pub changed: Vec<ChunkId>,
    /// Chunks that are gone.
    pub removed: Vec<ChunkId>,
    /// All that changed is that this was added above everything: to be drawn over what was drawn before, without clearing
    /// it.
    pub on_top: Option<Triangles>,
    /// Some chunks wait for the next update: the budget was used up.
    pub is_more: bool,
}

impl SheetNews {
    /// Whether anything looks different.
    pub fn is_nothing(&self) -> bool {
        self.changed.is_empty() && self.removed.is_empty()
    }
}

/// The triangles of a page, in chunks from the bottom up. New things on top only touch the last chunk; a change makes the
/// triangles of what changed, and copies those of the rest of its chunk.
#[derive(Debug)]
pub struct Sheet {
    page: PageId,
    paper: Paper,
    tolerance_mm: f32,
    /// From the bottom up; none is empty.
    chunks: Vec<Chunk>,
    places: HashMap<ElementId, OrderKey>,
    next_id: u64,
    is_new: bool,
    removed: Vec<ChunkId>,
    /// Since the last complete update things were only added on top.
    only_on_top: bool,
}

impl Sheet {
    /// A page of a board, not looked at yet. Curves are at most `tolerance_mm` from where they should be.
    pub fn new(page: PageId, tolerance_mm: f32) -> Self {
        Self {
            page,
            paper: Paper::default(),
            tolerance_mm: tolerance_mm.max(1.0e-4),
            chunks: Vec::new(),
            places: HashMap::new(),
            next_id: 0,
            is_new: true,
            removed: Vec::new(),
            only_on_top: false,
        }
    }

    /// Which page.
    pub fn page(&self) -> PageId {
        self.page
    }

    /// Shows another page from the next update on.
    pub fn set_page(&mut self, page: PageId) {
        if self.page != page {
            self.page = page;
            self.is_new = true;
        }
    }

    /// What it lies on.
    pub fn paper(&self) -> Paper {
        self.paper
    }

    /// How far curves may be from where they should be. Half or double of what it was makes no difference yet.
    pub fn set_tolerance(&mut self, tolerance_mm: f32) {
        let ratio = tolerance_mm.max(1.0e-4) / self.tolerance_mm;
        if (0.4..=2.5).contains(&ratio) || !ratio.is_finite() {
            return;
        }
        self.tolerance_mm = tolerance_mm.max(1.0e-4);
        self.only_on_top = false;
        self.chunks.iter_mut().for_each(Chunk::forget_curves);
    }

    /// The fonts are others now: all words are made again.
    pub fn forget_words(&mut self) {
        self.only_on_top = false;
        self.chunks.iter_mut().for_each(Chunk::forget_curves);
    }

    /// Its chunks from the bottom up.
    pub fn chunks(&self) -> impl ExactSizeIterator<Item = &Chunk> {
        self.chunks.iter()
    }

    /// A chunk.
    pub fn chunk(&self, id: ChunkId) -> Option<&Chunk> {
        self.chunks.iter().find(|chunk| chunk.id() == id)
    }

    /// How many elements it shows.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether it shows nothing.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Follows the document. At most about `budget` corners of triangles are made anew, at least one chunk: what is left
    /// over is done by the next updates. Several sheets may be given the same damage.
    pub fn update(
        &mut self,
        easel: &Easel,
        damage: &Damage,
        (painter, lettering): (&mut Painter, Option<&mut Lettering>),
        budget: usize,
    ) -> SheetNews {
        let document = easel.document();
        let paper = Paper { is_dark: document.is_dark() };
        if self.is_new || damage.everything {
            self.restart(easel, paper);
        } else {
            if paper != self.paper {
                self.paper = paper;
                self.only_on_top = false;
                self.chunks.iter_mut().for_each(Chunk::forget_all);
            }
            damage.elements.iter().for_each(|id| self.follow(easel, *id));
        }
        let mut news = SheetNews { removed: std::mem::take(&mut self.removed), ..SheetNews::default() };
        let mut on_top = Triangles::default();
        let mut left = budget;
        let mut build = Build { document, paper, tolerance_mm: self.tolerance_mm, painter, lettering };
        for chunk in self.chunks.iter_mut().filter(|chunk| !chunk.is_ready()) {
            if left == 0 {
                news.is_more = true;
                break;
            }
            let made = chunk.build(&mut build, self.only_on_top.then_some(&mut on_top));
            left = left.saturating_sub(made.max(1));
            news.changed.push(chunk.id());
        }
        let has_pictures = self.only_on_top && news.changed.iter().any(|id| self.is_picture(*id));
        if self.only_on_top && !has_pictures && news.removed.is_empty() && !news.is_more && !news.changed.is_empty() {
            news.on_top = Some(on_top);
        }
        self.only_on_top = !news.is_more;
        news
    }

    fn is_picture(&self, id: ChunkId) -> bool {
        self.chunk(id).is_some_and(|chunk| matches!(chunk.content(), Content::Picture(_)))
    }

    fn restart(&mut self, easel: &Easel, paper: Paper) {
        self.removed.extend(self.chunks.drain(..).map(|chunk| chunk.id()));
        self.places.clear();
        (self.is_new, self.only_on_top, self.paper) = (false, false, paper);
        for element in easel.document().elements_on(self.page) {
            if !easel.is_apart(element.id) {
                self.push_on_top(element);
            }
        }
    }

    /// An element may be new, changed or gone.
    fn follow(&mut self, easel: &Easel, id: ElementId) {
        let element = easel.document().element(id);
        let shown = element.filter(|it| !it.is_removed && it.page == self.page && !easel.is_apart(id));
        let order = self.places.get(&id).cloned();
        match (order, shown) {
            (None, None) => {}
            (None, Some(element)) => self.insert(element),
            (Some(order), None) => self.remove(&Key { order, id }),
            (Some(order), Some(element)) if order == element.order => self.forget(&Key { order, id }),
            (Some(order), Some(element)) => {
                self.remove(&Key { order, id });
                self.insert(element);
            }
        }
    }

    fn forget(&mut self, key: &Key) {
        self.only_on_top = false;
        if let Some(chunk) = self.chunk_of(key) {
            chunk.forget(key);
        }
    }

    fn remove(&mut self, key: &Key) {
        self.only_on_top = false;
        self.places.remove(&key.id);
        let at = self.index_of(key);
        let Some(chunk) = self.chunks.get_mut(at) else { return };
        chunk.remove(key);
        if chunk.is_empty() {
            let gone = self.chunks.remove(at);
            self.removed.push(gone.id());
        } else {
            self.join(at);
        }
    }

    /// Two small chunks side by side become one.
    fn join(&mut self, at: usize) {
        for lower in [at.saturating_sub(1), at] {
            if let [one, other, ..] = &mut self.chunks[lower.min(at)..]
                && one.takes_all_of(other)
            {
                one.take_all_of(other);
                let gone = self.chunks.remove(lower + 1);
                self.removed.push(gone.id());
                return;
            }
        }
    }

    fn insert(&mut self, element: &Element) {
        let key = Key::of(element);
        if self.chunks.last().is_none_or(|last| last.is_below(&key)) {
            self.push_on_top(element);
            return;
        }
        self.only_on_top = false;
        self.places.insert(element.id, element.order.clone());
        let at = self.index_of(&key);
        let is_picture = matches!(element.shape, Shape::Image { .. });
        // Pictures are chunks of their own: what is above and below them is parted.
        if (is_picture || self.chunks[at].is_picture()) && !self.chunks[at].is_above(&key) {
            self.part(at, &key);
            let new = self.new_chunk(element);
            self.chunks.insert(at + 1, new);
        } else if is_picture || self.chunks[at].is_picture() {
            let new = self.new_chunk(element);
            self.chunks.insert(at, new);
        } else {
            self.chunks[at].insert(element);
            if self.chunks[at].is_too_full() {
                let middle = self.chunks[at].middle();
                self.part(at, &middle);
            }
        }
    }

    /// What of a chunk lies above `key` becomes a chunk of its own.
    fn part(&mut self, at: usize, key: &Key) {
        let id = self.take_id();
        if let Some(upper) = self.chunks[at].split_off(key, id) {
            self.chunks.insert(at + 1, upper);
        }
    }

    fn push_on_top(&mut self, element: &Element) {
        self.places.insert(element.id, element.order.clone());
        match self.chunks.last_mut() {
            Some(last) if last.has_room_for(element) => last.insert(element),
            _ => {
                let new = self.new_chunk(element);
                self.chunks.push(new);
            }
        }
    }

    fn new_chunk(&mut self, element: &Element) -> Chunk {
        Chunk::new(self.take_id(), element)
    }

    fn take_id(&mut self) -> ChunkId {
        self.next_id += 1;
        ChunkId(self.next_id)
    }

    fn chunk_of(&mut self, key: &Key) -> Option<&mut Chunk> {
        let at = self.index_of(key);
        self.chunks.get_mut(at)
    }

    /// The last chunk that does not lie above `key`, else the first.
    fn index_of(&self, key: &Key) -> usize {
        self.chunks.partition_point(|chunk| !chunk.is_above(key)).saturating_sub(1)
    }

    /// The upright rectangle around all that it shows.
    pub fn bounds(&self) -> Bounds {
        self.chunks.iter().fold(Bounds::NOTHING, |bounds, chunk| bounds.union(chunk.bounds()))
    }
}
