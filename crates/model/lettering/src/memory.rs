use std::collections::HashMap;
use std::hash::Hash;

/// What was made before, so that it need not be made again. Holds the latest `most` uses at least, twice as many at most.
pub(crate) struct Memory<K, V> {
    most: usize,
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K: Hash + Eq, V: Clone> Memory<K, V> {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, young: HashMap::new(), old: HashMap::new() }
    }

    pub(crate) fn get(&mut self, key: &K) -> Option<V> {
        if let Some(value) = self.young.get(key) {
            return Some(value.clone());
        }
        let (key, value) = self.old.remove_entry(key)?;
        self.put(key, value.clone());
        Some(value)
    }

    pub(crate) fn put(&mut self, key: K, value: V) {
        if self.young.len() >= self.most {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_the_rest_goes() {
        let mut memory = Memory::new(4);
        for number in 0..100 {
            memory.put(number, number);
            assert_eq!(memory.get(&0), Some(0));
            assert!(memory.young.len() + memory.old.len() <= 8);
        }
        assert_eq!(memory.get(&99), Some(99));
        assert_eq!(memory.get(&50), None);
    }
}
