use std::collections::BTreeMap;

/// Which units of a buffer are free. The buffer grows when there is no space, and never shrinks.
#[derive(Debug, Default)]
pub(super) struct FreeList {
    /// Where free runs begin, and how long they are. No two touch.
    runs: BTreeMap<u32, u32>,
    end: u32,
}

impl FreeList {
    /// Units in use or free.
    pub(super) fn end(&self) -> u32 {
        self.end
    }

    /// Takes `length` units: where they begin. The first run that is long enough, else new ones at the end. `None` when
    /// there would be more than fit into a buffer.
    pub(super) fn take(&mut self, length: u32, most: u32) -> Option<u32> {
        let found = self.runs.iter().find(|(_, free)| **free >= length).map(|(start, free)| (*start, *free));
        if let Some((start, free)) = found {
            self.runs.remove(&start);
            if free > length {
                self.runs.insert(start + length, free - length);
            }
            return Some(start);
        }
        // A free run at the end is the beginning of what is needed.
        let start = match self.runs.last_key_value() {
            Some((start, free)) if start + free == self.end => *start,
            _ => self.end,
        };
        let end = start.checked_add(length).filter(|end| *end <= most)?;
        self.runs.remove(&start);
        self.end = end;
        Some(start)
    }

    /// Gives units back.
    pub(super) fn give(&mut self, start: u32, length: u32) {
        if length == 0 {
            return;
        }
        let (mut start, mut length) = (start, length);
        if let Some((before, free)) = self.runs.range(..start).next_back().map(|(before, free)| (*before, *free))
            && before + free == start
        {
            self.runs.remove(&before);
            (start, length) = (before, free + length);
        }
        if let Some(free) = self.runs.remove(&(start + length)) {
            length += free;
        }
        self.runs.insert(start, length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: u32 = 1_000;

    #[test]
    fn what_is_given_back_is_taken_again() {
        let mut list = FreeList::default();
        let places: Vec<u32> = (0..5).map(|_| list.take(10, MOST).unwrap()).collect();
        assert_eq!(places, [0, 10, 20, 30, 40]);
        list.give(10, 10);
        list.give(30, 10);
        assert_eq!(list.take(10, MOST), Some(10));
        assert_eq!(list.take(4, MOST), Some(30));
        assert_eq!(list.take(7, MOST), Some(50), "six are left of that run");
        list.give(0, 10);
        list.give(10, 10);
        list.give(20, 10);
        assert_eq!(list.take(30, MOST), Some(0), "neighbours become one run");
        assert_eq!(list.end(), 57);
    }

    #[test]
    fn a_run_at_the_end_grows_and_the_end_has_a_limit() {
        let mut list = FreeList::default();
        assert_eq!(list.take(100, MOST), Some(0));
        assert_eq!(list.take(50, MOST), Some(100));
        list.give(100, 50);
        assert_eq!(list.take(80, MOST), Some(100));
        assert_eq!(list.end(), 180);
        assert_eq!(list.take(900, MOST), None);
        assert_eq!(list.take(820, MOST), Some(180));
        assert_eq!(list.take(1, MOST), None);
    }

    #[test]
    fn nothing_overlaps_however_it_is_used() {
        let mut list = FreeList::default();
        let mut kept: Vec<(u32, u32)> = Vec::new();
        let mut random = 7_u32;
        for _ in 0..2_000 {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let length = 1 + (random >> 16) % 40;
            if random.is_multiple_of(3) && !kept.is_empty() {
                let (start, length) = kept.swap_remove((random >> 8) as usize % kept.len());
                list.give(start, length);
            } else if let Some(start) = list.take(length, MOST) {
                assert!(start + length <= list.end());
                assert!(kept.iter().all(|(other, long)| other + long <= start || start + length <= *other));
                kept.push((start, length));
            }
        }
        kept.drain(..).for_each(|(start, length)| list.give(start, length));
        assert_eq!(list.take(list.end(), MOST), Some(0), "all of it is one run again");
    }
}
