//! A map and a set that are sorted vectors: a page that is waited for byte by byte has no room for a B-tree for each
//! type of key. What is inserted in order, as almost everything here is, costs nothing to insert.

/// A map, in the order of its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortedMap<K, V>(Vec<(K, V)>);

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    /// Where a key is, or where it belongs.
    fn find(&self, key: &K) -> Result<usize, usize> {
        match self.0.last() {
            Some((last, _)) if last >= key => self.0.binary_search_by(|(one, _)| one.cmp(key)),
            _ => Err(self.0.len()),
        }
    }

    /// What a key stands for.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.find(key).ok().map(|index| &self.0[index].1)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.find(key).ok().map(|index| &mut self.0[index].1)
    }

    /// Whether there is such a key.
    pub fn contains(&self, key: &K) -> bool {
        self.find(key).is_ok()
    }

    /// Lets a key stand for a value.
    pub fn insert(&mut self, key: K, value: V) {
        match self.find(&key) {
            Ok(index) => self.0[index].1 = value,
            Err(index) => self.0.insert(index, (key, value)),
        }
    }

    /// What a key stands for; `value` from now on, where it stood for nothing.
    pub fn or_insert(&mut self, key: K, value: V) -> &mut V {
        let index = match self.find(&key) {
            Ok(index) => index,
            Err(index) => {
                self.0.insert(index, (key, value));
                index
            }
        };
        &mut self.0[index].1
    }

    /// Takes a key out, with what it stood for.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.find(key).ok().map(|index| self.0.remove(index).1)
    }

    /// Every key with its value, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, (K, V)> {
        self.0.iter()
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for SortedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::default();
        entries.into_iter().for_each(|(key, value)| map.insert(key, value));
        map
    }
}

/// A set, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortedSet<T>(Vec<T>);

impl<T> Default for SortedSet<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Ord> SortedSet<T> {
    fn find(&self, item: &T) -> Result<usize, usize> {
        match self.0.last() {
            Some(last) if last >= item => self.0.binary_search(item),
            _ => Err(self.0.len()),
        }
    }

    /// Whether an item is in it.
    pub fn contains(&self, item: &T) -> bool {
        self.find(item).is_ok()
    }

    /// Puts an item in; false where it was in already.
    pub fn insert(&mut self, item: T) -> bool {
        let place = self.find(&item);
        if let Err(index) = place {
            self.0.insert(index, item);
        }
        place.is_err()
    }

    /// Takes an item out; false where it was not in.
    pub fn remove(&mut self, item: &T) -> bool {
        self.find(item).map(|index| self.0.remove(index)).is_ok()
    }

    /// How many are in it.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every item, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// The items, in order.
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T: Ord> Extend<T> for SortedSet<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        for item in items {
            self.insert(item);
        }
    }
}

impl<T: Ord> FromIterator<T> for SortedSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut set = Self::default();
        set.extend(items);
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_order_of_inserting_the_order_is_sorted() {
        let set: SortedSet<u32> = [5, 1, 9, 5, 3].into_iter().collect();
        assert_eq!(set.clone().into_vec(), [1, 3, 5, 9]);
        assert!(set.contains(&9) && !set.contains(&4) && set.len() == 4);
        let mut map: SortedMap<&str, u32> = [("b", 1), ("a", 2), ("b", 3)].into_iter().collect();
        assert_eq!((map.get(&"b"), map.get(&"c")), (Some(&3), None));
        *map.or_insert("c", 0) += 7;
        *map.or_insert("c", 0) += 7;
        assert_eq!(map.iter().map(|(key, value)| (*key, *value)).collect::<Vec<_>>(), [("a", 2), ("b", 3), ("c", 14)]);
        assert_eq!((map.remove(&"a"), map.remove(&"a")), (Some(2), None));
    }
}
