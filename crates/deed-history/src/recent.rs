//! What was used of late.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// Values used of late, in two generations: when the younger is full, the older is forgotten.
pub(crate) struct Recent<K, V> {
    young: FxHashMap<K, (V, usize)>,
    old: FxHashMap<K, (V, usize)>,
    bytes: usize,
    limit: usize,
}

impl<K: Hash + Eq + Copy, V: Clone> Recent<K, V> {
    /// Keeps up to about `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self { young: FxHashMap::default(), old: FxHashMap::default(), bytes: 0, limit }
    }

    pub(crate) fn get(&mut self, key: K) -> Option<V> {
        if let Some((value, _)) = self.young.get(&key) {
            return Some(value.clone());
        }
        let (value, bytes) = self.old.remove(&key)?;
        self.put(key, value.clone(), bytes);
        Some(value)
    }

    /// Keeps a value that takes so many bytes.
    pub(crate) fn put(&mut self, key: K, value: V, bytes: usize) {
        self.bytes += bytes;
        self.young.insert(key, (value, bytes));
        if self.bytes > self.limit / 2 {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
    }
}
