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
    /// Whether there may be a value.
    filter: Filter,
}

/// A bit for every hash of some set, to be asked whether one may be in it.
#[derive(Debug, Default)]
pub(super) struct Filter {
    bits: Vec<u64>,
    /// How far a hash is shifted to make a place in `bits`.
    shift: u32,
}

/// Bits of a filter for each hash: one question in sixteen is let through for nothing.
const FILTER_BITS: usize = 16;

impl<T> Default for Index<T> {
    fn default() -> Index<T> {
        Index {
            values: Vec::new(),
            starts: Vec::new(),
            shift: 0,
            filter: Filter::default(),
        }
    }
}

impl Filter {
    /// The filter of these hashes.
    pub fn of(hashes: impl ExactSizeIterator<Item = u64>) -> Filter {
        let places = (hashes.len() * FILTER_BITS).next_power_of_two().max(64);
        let mut filter = Filter {
            bits: vec![0; places / 64],
            shift: u64::BITS - places.trailing_zeros(),
        };
        for hash in hashes {
            let place = (hash >> filter.shift) as usize;
            filter.bits[place / 64] |= 1 << (place % 64);
        }
        filter
    }

    /// Whether this hash may be in the set; true for one in sixteen that is not.
    pub fn may_have(&self, hash: u64) -> bool {
        let place = (hash >> self.shift) as usize;
        self.bits
            .get(place / 64)
            .is_some_and(|bits| bits >> (place % 64) & 1 == 1)
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

    /// Whether there may be a value of this hash; true for one in sixteen that has none.
    pub fn may_have(&self, hash: u64) -> bool {
        self.filter.may_have(hash)
    }

    /// The values whose hashes begin like this one.
    fn bucket(&self, hash: u64) -> &[(u64, T)] {
        let place = (hash >> self.shift) as usize;
        &self.values[self.starts[place] as usize..self.starts[place + 1] as usize]
    }

    fn find_starts(&mut self) {
        let places = self.values.len().next_power_of_two().max(2);
        self.shift = u64::BITS - places.trailing_zeros();
        self.filter = Filter::of(self.values.iter().map(|(hash, _)| *hash));
        self.starts = vec![0; places + 1];
        for (hash, _) in &self.values {
            self.starts[(hash >> self.shift) as usize + 1] += 1;
        }
        for place in 1..=places {
            self.starts[place] += self.starts[place - 1];
        }
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
    }
}
