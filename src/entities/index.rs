//! A table from hashes to values, made once and then only read. Most words of a text are in none of
//! the lists, and a filter of a few bits per value says so without a visit to the table itself.

/// Values by hash; several may share one, and keep the order in which they came.
#[derive(Debug)]
pub(super) struct Index<T> {
    /// In the order of their hashes.
    values: Vec<(u64, T)>,
    /// For the first bits of a hash, where its values start; one more at the end.
    starts: Vec<u32>,
    /// How far a hash is shifted to make a place in `starts`.
    shift: u32,
    /// One bit per hash: whether there may be a value.
    filter: Vec<u64>,
    /// How far a hash is shifted to make a place in the filter.
    filter_shift: u32,
}

/// Bits of the filter for each value: one question in sixteen is let through for nothing.
const FILTER_BITS: usize = 16;

impl<T> Default for Index<T> {
    fn default() -> Index<T> {
        Index {
            values: Vec::new(),
            starts: Vec::new(),
            shift: 0,
            filter: Vec::new(),
            filter_shift: 0,
        }
    }
}

impl<T> Index<T> {
    /// Makes room.
    pub fn reserve(&mut self, count: usize) {
        self.values.reserve(count);
    }

    /// Adds a value, which is found once [`Index::finish`] is called.
    pub fn push(&mut self, hash: u64, value: T) {
        self.values.push((hash, value));
    }

    /// Sorts the values.
    pub fn finish(&mut self) {
        self.values.sort_by_key(|(hash, _)| *hash);
        self.values.shrink_to_fit();
        self.find_starts();
    }

    /// The values of a hash, in the order in which they came.
    pub fn of(&self, hash: u64) -> impl Iterator<Item = &T> {
        let found = if self.may_have(hash) { self.bucket(hash) } else { &[] };
        found
            .iter()
            .filter(move |(known, _)| *known == hash)
            .map(|(_, value)| value)
    }

    fn may_have(&self, hash: u64) -> bool {
        let place = (hash >> self.filter_shift) as usize;
        self.filter
            .get(place / 64)
            .is_some_and(|bits| bits >> (place % 64) & 1 == 1)
    }

    /// The values whose hashes begin like this one.
    fn bucket(&self, hash: u64) -> &[(u64, T)] {
        let place = (hash >> self.shift) as usize;
        &self.values[self.starts[place] as usize..self.starts[place + 1] as usize]
    }

    fn find_starts(&mut self) {
        let places = self.values.len().next_power_of_two().max(2);
        self.shift = u64::BITS - places.trailing_zeros();
        let bits = (self.values.len() * FILTER_BITS).next_power_of_two().max(64);
        self.filter_shift = u64::BITS - bits.trailing_zeros();
        self.filter = vec![0; bits / 64];
        self.starts = vec![0; places + 1];
        for (hash, _) in &self.values {
            let place = (hash >> self.filter_shift) as usize;
            self.filter[place / 64] |= 1 << (place % 64);
            self.starts[(hash >> self.shift) as usize + 1] += 1;
        }
        for place in 1..=places {
            self.starts[place] += self.starts[place - 1];
        }
    }
}

impl<T: Copy + Ord> Index<T> {
    /// Of the values that share a hash keeps the largest.
    pub fn keep_largest(&mut self) {
        self.values.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            if is_same {
                kept.1 = kept.1.max(next.1);
            }
            is_same
        });
        self.values.shrink_to_fit();
        self.find_starts();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::hash::{START, mix};

    #[test]
    fn values_are_found_by_their_hash_in_their_order() {
        let mut index = Index::default();
        assert_eq!(index.of(7).count(), 0, "an index that was never filled answers too");
        let hashes: Vec<u64> = (0..1000).map(|number| mix(START, number)).collect();
        for (number, &hash) in hashes.iter().enumerate() {
            index.push(hash, number);
        }
        index.push(hashes[10], 5);
        index.finish();
        for (number, &hash) in hashes.iter().enumerate() {
            assert_eq!(index.of(hash).next(), Some(&number));
            assert_eq!(index.of(hash + 1).count(), 0);
        }
        assert_eq!(index.of(hashes[10]).copied().collect::<Vec<_>>(), [10, 5]);
        index.keep_largest();
        assert_eq!(index.of(hashes[10]).copied().collect::<Vec<_>>(), [10]);
        assert_eq!(index.of(hashes[999]).copied().collect::<Vec<_>>(), [999]);
    }
}
