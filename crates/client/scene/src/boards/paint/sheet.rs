use super::free_list::FreeList;
use super::orders::{Coat, Item, ItemId, Rank, VERTEX_BYTES};
use atrium_board::Bounds;
use bevy::log::warn;
use bevy::render::render_resource::{Buffer, BufferDescriptor, BufferUsages, CommandEncoderDescriptor};
use bevy::render::renderer::{RenderDevice, RenderQueue};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

const INDEX_BYTES: u32 = 4;
/// So many things are put and taken each by itself; more together, since each moves all that lies above it.
const FEW: usize = 16;
/// Units that a buffer has room for at first.
const FIRST_UNITS: u32 = 4_096;

/// The things on a sheet, on the graphics card.
pub(super) struct Sheet {
    vertices: Arena,
    indices: Arena,
    /// Bottom first.
    placed: Vec<Placed>,
    ranks: HashMap<ItemId, Rank>,
}

/// A thing on a sheet.
pub(super) struct Placed {
    id: ItemId,
    rank: Rank,
    pub(super) bounds: Bounds,
    vertices: Range<u32>,
    pub(super) indices: Range<u32>,
    pub(super) coat: Coat,
}

impl Placed {
    fn give_back(&self, vertices: &mut FreeList, indices: &mut FreeList) {
        vertices.give(self.vertices.start, self.vertices.len() as u32);
        indices.give(self.indices.start, self.indices.len() as u32);
    }
}

/// Where bytes for the graphics card go.
#[derive(Clone, Copy)]
pub(super) struct Card<'a> {
    pub(super) device: &'a RenderDevice,
    pub(super) queue: &'a RenderQueue,
}

impl Sheet {
    pub(super) fn new() -> Self {
        Self {
            vertices: Arena::new("board vertices", VERTEX_BYTES as u32, BufferUsages::VERTEX),
            indices: Arena::new("board indices", INDEX_BYTES, BufferUsages::INDEX),
            placed: Vec::new(),
            ranks: HashMap::new(),
        }
    }

    /// Bottom first.
    pub(super) fn placed(&self) -> &[Placed] {
        &self.placed
    }

    /// Vertices and indices; `None` while there is nothing.
    pub(super) fn buffers(&self) -> Option<(&Buffer, &Buffer)> {
        Some((self.vertices.buffer.as_ref()?, self.indices.buffer.as_ref()?))
    }

    /// Puts things on the sheet, in place of what they were.
    pub(super) fn put(&mut self, items: &[Item], card: Card<'_>) {
        let ids: Vec<ItemId> = items.iter().map(|item| item.id).collect();
        self.take(&ids);
        let placed: Vec<Placed> = items.iter().filter_map(|item| self.store(item, card)).collect();
        self.vertices.write(card.queue);
        self.indices.write(card.queue);
        self.ranks.extend(placed.iter().map(|placed| (placed.id, placed.rank.clone())));
        if placed.len() <= FEW {
            for placed in placed {
                let place = self.placed.partition_point(|other| other.rank < placed.rank);
                self.placed.insert(place, placed);
            }
        } else {
            self.placed.extend(placed);
            self.placed.sort_by(|a, b| a.rank.cmp(&b.rank));
        }
    }

    fn store(&mut self, item: &Item, card: Card<'_>) -> Option<Placed> {
        let count = (item.vertices.len() / VERTEX_BYTES) as u32;
        if item.indices.is_empty() || item.indices.iter().any(|index| *index >= count) {
            return None;
        }
        let Some(first) = self.vertices.store(&item.vertices, card) else {
            warn!("a board has more on it than the graphics card has room for");
            return None;
        };
        let bytes: Vec<u8> = item.indices.iter().flat_map(|index| (first + index).to_le_bytes()).collect();
        let Some(start) = self.indices.store(&bytes, card) else {
            self.vertices.list.give(first, count);
            warn!("a board has more on it than the graphics card has room for");
            return None;
        };
        Some(Placed {
            id: item.id,
            rank: item.rank.clone(),
            bounds: item.bounds,
            vertices: first..first + count,
            indices: start..start + item.indices.len() as u32,
            coat: item.coat,
        })
    }

    /// Takes things from the sheet.
    pub(super) fn take(&mut self, ids: &[ItemId]) {
        let gone: Vec<(ItemId, Rank)> = ids.iter().filter_map(|id| Some((*id, self.ranks.remove(id)?))).collect();
        if gone.len() <= FEW {
            for (id, rank) in gone {
                self.take_one(id, &rank);
            }
            return;
        }
        let gone: HashSet<ItemId> = gone.into_iter().map(|(id, _)| id).collect();
        let (vertices, indices) = (&mut self.vertices.list, &mut self.indices.list);
        self.placed.retain(|placed| {
            let is_gone = gone.contains(&placed.id);
            if is_gone {
                placed.give_back(vertices, indices);
            }
            !is_gone
        });
    }

    fn take_one(&mut self, id: ItemId, rank: &Rank) {
        let mut place = self.placed.partition_point(|other| other.rank < *rank);
        while self.placed.get(place).is_some_and(|placed| placed.id != id) {
            place += 1;
        }
        if place < self.placed.len() {
            self.placed.remove(place).give_back(&mut self.vertices.list, &mut self.indices.list);
        }
    }
}

/// A buffer on the graphics card with free space between.
struct Arena {
    label: &'static str,
    unit_bytes: u32,
    usage: BufferUsages,
    buffer: Option<Buffer>,
    units: u32,
    list: FreeList,
    /// What is not on the graphics card yet, and from which byte on it goes there: things that lie side by side together,
    /// since each write costs, however small it is.
    unwritten: Vec<(u64, Vec<u8>)>,
}

impl Arena {
    fn new(label: &'static str, unit_bytes: u32, usage: BufferUsages) -> Self {
        let usage = usage | BufferUsages::COPY_DST | BufferUsages::COPY_SRC;
        Self { label, unit_bytes, usage, buffer: None, units: 0, list: FreeList::default(), unwritten: Vec::new() }
    }

    /// Finds a place for `bytes`; the unit where they begin, or `None` when the graphics card has no more room.
    fn store(&mut self, bytes: &[u8], card: Card<'_>) -> Option<u32> {
        let length = bytes.len() as u32 / self.unit_bytes;
        let most_bytes = card.device.limits().max_buffer_size.min(u64::from(u32::MAX));
        let most = (most_bytes / u64::from(self.unit_bytes)) as u32;
        let start = self.list.take(length, most)?;
        if self.list.end() > self.units {
            self.grow(self.list.end().next_power_of_two().clamp(FIRST_UNITS, most.max(FIRST_UNITS)), card);
        }
        let offset = u64::from(start) * u64::from(self.unit_bytes);
        match self.unwritten.last_mut() {
            Some((from, before)) if *from + before.len() as u64 == offset => before.extend_from_slice(bytes),
            _ => self.unwritten.push((offset, bytes.to_vec())),
        }
        Some(start)
    }

    /// Writes what has found a place.
    fn write(&mut self, queue: &RenderQueue) {
        let unwritten = std::mem::take(&mut self.unwritten);
        let Some(buffer) = &self.buffer else { return };
        unwritten.iter().for_each(|(offset, bytes)| queue.write_buffer(buffer, *offset, bytes));
    }

    fn grow(&mut self, units: u32, Card { device, queue }: Card<'_>) {
        let bytes = |units: u32| u64::from(units) * u64::from(self.unit_bytes);
        let larger = device.create_buffer(&BufferDescriptor {
            label: Some(self.label),
            size: bytes(units),
            usage: self.usage,
            mapped_at_creation: false,
        });
        if let Some(old) = &self.buffer {
            let mut encoder = device.create_command_encoder(&CommandEncoderDescriptor { label: Some(self.label) });
            encoder.copy_buffer_to_buffer(old, 0, &larger, 0, bytes(self.units));
            // At once: what is written to the larger one from now on must not be copied over.
            queue.submit([encoder.finish()]);
        }
        self.buffer = Some(larger);
        self.units = units;
    }
}
