//! The demonstration: a small French press of our own writing, served on this machine, so that
//! vigie can collect for real without a network. The texts and layouts are in `data/demo`; here
//! they become feeds, pages and a web server.

pub mod feeds;
pub mod pages;
pub mod press;
pub mod web;

use jiff::Timestamp;

/// The demonstration's "now": Friday 15 December 2023, 8 o'clock in Paris, the morning after its
/// last article.
pub const fn clock() -> Timestamp {
    Timestamp::constant(1_702_623_600, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_the_morning_after() {
        assert_eq!(clock().to_string(), "2023-12-15T07:00:00Z");
    }
}
