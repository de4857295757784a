//! One quick hash for words and prefixes of words, and maps whose keys are such hashes already. It is
//! no defence against texts made to collide: those that do are compared, or cost one odd mention.

use std::hash::{BuildHasher, Hasher};

/// The hash of nothing.
pub const START: u64 = 0x9e37_79b9_7f4a_7c15;

/// The hash of one more value.
pub const fn mix(hash: u64, value: u64) -> u64 {
    let product = (hash ^ value).wrapping_mul(0x2545_f491_4f6c_dd1d);
    product ^ (product >> 29)
}

/// Makes maps and sets whose keys are hashes already.
#[derive(Debug, Default, Clone, Copy)]
pub struct BuildPlain;

/// Takes a hash as it is.
#[derive(Debug, Default)]
pub struct Plain(u64);

impl BuildHasher for BuildPlain {
    type Hasher = Plain;
    fn build_hasher(&self) -> Plain {
        Plain(0)
    }
}

impl Hasher for Plain {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}
