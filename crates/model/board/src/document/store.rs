use crate::geometry::Bounds;
use crate::{Element, ElementId, OrderKey, PageId};
use std::collections::{BTreeMap, HashMap};

/// The elements of a board, found by id, by page from the bottom up, and by where they lie.
///
/// All changes go through [`Store::insert`], [`Store::change`] and [`Store::take`], which keep the indexes true.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    slots: Vec<Option<Box<Element>>>,
    /// Where the element of the same slot is seen: many of them are looked through in no time.
    places: Vec<Place>,
    free: Vec<u32>,
    by_id: HashMap<ElementId, u32>,
    layers: BTreeMap<PageId, BTreeMap<(OrderKey, ElementId), u32>>,
    heap_bytes: usize,
    weight_bytes: usize,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    page: PageId,
    bounds: Bounds,
}

impl Place {
    const NOWHERE: Self = Self { page: PageId::FIRST, bounds: Bounds::NOTHING };

    fn of(element: &Element) -> Self {
        if element.is_removed { Self::NOWHERE } else { Self { page: element.page, bounds: element.bounds() } }
    }
}

impl Store {
    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }

    pub(crate) fn get(&self, id: ElementId) -> Option<&Element> {
        self.at(*self.by_id.get(&id)?)
    }

    fn at(&self, slot: u32) -> Option<&Element> {
        self.slots.get(slot as usize)?.as_deref()
    }

    /// A new element; one with an id that is there replaces it.
    pub(crate) fn insert(&mut self, element: Element) {
        self.take(element.id);
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.places.push(Place::NOWHERE);
            self.slots.len() as u32 - 1
        });
        self.by_id.insert(element.id, slot);
        self.heap_bytes += element.heap_bytes();
        self.weight_bytes += element.weight_bytes();
        self.places[slot as usize] = Place::of(&element);
        if !element.is_removed {
            self.layers.entry(element.page).or_default().insert((element.order.clone(), element.id), slot);
        }
        self.slots[slot as usize] = Some(Box::new(element));
    }

    /// Changes an element, if it is there.
    pub(crate) fn change<T>(&mut self, id: ElementId, change: impl FnOnce(&mut Element) -> T) -> Option<T> {
        let slot = *self.by_id.get(&id)?;
        let element = self.slots[slot as usize].as_deref_mut()?;
        let before = (element.page, element.is_removed);
        let (heap_before, weight_before) = (element.heap_bytes(), element.weight_bytes());
        let order_before = element.order.clone();
        let answer = change(element);
        self.heap_bytes = self.heap_bytes + element.heap_bytes() - heap_before;
        self.weight_bytes = self.weight_bytes + element.weight_bytes() - weight_before;
        self.places[slot as usize] = Place::of(element);
        let after = (element.page, element.is_removed);
        if before != after || order_before != element.order {
            let order = element.order.clone();
            self.leave_layer(before.0, &(order_before, id));
            if !after.1 {
                self.layers.entry(after.0).or_default().insert((order, id), slot);
            }
        }
        Some(answer)
    }

    /// Takes an element out, as if it had never been there.
    pub(crate) fn take(&mut self, id: ElementId) -> Option<Box<Element>> {
        let slot = self.by_id.remove(&id)?;
        let element = self.slots[slot as usize].take()?;
        self.places[slot as usize] = Place::NOWHERE;
        self.free.push(slot);
        self.heap_bytes -= element.heap_bytes();
        self.weight_bytes -= element.weight_bytes();
        self.leave_layer(element.page, &(element.order.clone(), id));
        Some(element)
    }

    fn leave_layer(&mut self, page: PageId, key: &(OrderKey, ElementId)) {
        if let Some(layer) = self.layers.get_mut(&page) {
            layer.remove(key);
            if layer.is_empty() {
                self.layers.remove(&page);
            }
        }
    }

    /// Every element in no particular order, removed ones too.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Element> + Clone {
        self.slots.iter().filter_map(|slot| slot.as_deref())
    }

    /// What is on a page, from the bottom up.
    pub(crate) fn on(&self, page: PageId) -> impl DoubleEndedIterator<Item = &Element> {
        self.layers.get(&page).into_iter().flat_map(|layer| layer.values()).filter_map(|slot| self.at(*slot))
    }

    /// How many there are on a page.
    pub(crate) fn count_on(&self, page: PageId) -> usize {
        self.layers.get(&page).map_or(0, BTreeMap::len)
    }

    /// The lowest and the highest place on a page.
    pub(crate) fn ends(&self, page: PageId) -> Option<(&OrderKey, &OrderKey)> {
        let layer = self.layers.get(&page)?;
        Some((&layer.first_key_value()?.0.0, &layer.last_key_value()?.0.0))
    }

    /// Everything on a page that touches `area`, from the bottom up.
    pub(crate) fn touching(&self, page: PageId, area: Bounds) -> Vec<&Element> {
        let is_near = |place: &Place| place.page == page && place.bounds.overlaps(&area);
        let slots = self.places.iter().enumerate().filter(|(_, place)| is_near(place));
        let mut near: Vec<&Element> = slots.filter_map(|(slot, _)| self.at(slot as u32)).collect();
        near.sort_by(|a, b| (&a.order, a.id).cmp(&(&b.order, b.id)));
        near
    }

    /// The smallest rectangle around everything on a page.
    pub(crate) fn bounds(&self, page: PageId) -> Bounds {
        let here = self.places.iter().filter(|place| place.page == page);
        here.fold(Bounds::NOTHING, |bounds, place| bounds.union(place.bounds))
    }

    /// What counts towards [`crate::limits::BOARD_BYTES`].
    pub(crate) fn weight_bytes(&self) -> usize {
        self.weight_bytes
    }

    /// Roughly what all of it takes.
    pub(crate) fn memory_bytes(&self) -> usize {
        // An element, its place, its share of the index by id (half of which may be empty) and of its layer.
        let each = size_of::<Element>() + 16 + size_of::<Place>() + 28 + 60;
        self.len() * each + self.heap_bytes
    }

    /// Whether both have the same elements to the last detail, and indexes that say what the elements say.
    pub(crate) fn is_identical(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self.all().all(|element| other.get(element.id) == Some(element))
            && self.is_true()
            && other.is_true()
    }

    fn is_true(&self) -> bool {
        let seen = self.all().filter(|element| !element.is_removed);
        let in_layers = self.layers.values().map(BTreeMap::len).sum::<usize>();
        let is_right = |element: &Element| {
            let slot = self.by_id.get(&element.id).copied();
            let layer = self.layers.get(&element.page);
            slot.is_some() && layer.and_then(|layer| layer.get(&(element.order.clone(), element.id)).copied()) == slot
        };
        seen.clone().count() == in_layers
            && seen.clone().all(is_right)
            && self.all().map(Element::heap_bytes).sum::<usize>() == self.heap_bytes
            && self.all().map(Element::weight_bytes).sum::<usize>() == self.weight_bytes
            && self.slots.iter().zip(&self.places).all(|(slot, place)| {
                let expected = slot.as_deref().map_or(Place::NOWHERE, Place::of);
                (expected.page, expected.bounds) == (place.page, place.bounds)
            })
    }
}
