//! The clock that French readers live by. A day, in vigie, is a day in Europe/Paris; the zone's
//! rules come from the copy built into the program, so that every machine counts alike.

use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ZonedDateTime};

/// A constant, read once: finding a zone in the table costs more than cloning it.
static EUROPE_PARIS: LazyLock<TimeZone> = LazyLock::new(|| {
    TimeZoneDatabase::bundled()
        .get("Europe/Paris")
        .expect("the built-in table of time zones has Europe/Paris")
});

/// The time zone Europe/Paris.
pub fn time_zone() -> TimeZone {
    EUROPE_PARIS.clone()
}

/// This moment on a French clock.
pub fn zoned(at: Timestamp) -> ZonedDateTime {
    at.to_zoned_datetime(time_zone())
}

/// The French day of this moment.
pub fn day(at: Timestamp) -> Date {
    zoned(at).date()
}

/// The moment when a French day begins. A day beyond what a timestamp can hold (year -9999 or
/// 9999) gives the nearest one that it can.
pub fn start_of(day: Date) -> Timestamp {
    match day.to_zoned_datetime(time_zone()) {
        Ok(start) => start.timestamp(),
        Err(_) if day.year() < 0 => Timestamp::MIN,
        Err(_) => Timestamp::MAX,
    }
}

/// Noon of a French day: the moment given to what is dated by day only. An extreme day gives the
/// nearest moment that a timestamp can hold.
pub fn noon_of(day: Date) -> Timestamp {
    let noon = day.at(12, 0, 0, 0).to_zoned_datetime(time_zone());
    noon.map_or_else(|_| start_of(day), |noon| noon.timestamp())
}

/// The moment when a French day ends and the next one begins.
pub fn end_of(day: Date) -> Timestamp {
    match day.tomorrow() {
        Ok(next) => start_of(next),
        Err(_) => Timestamp::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_the_french_clock() {
        let check = |at: &str, expected_day: &str, start: &str, end: &str| {
            let at: Timestamp = at.parse().unwrap();
            let day = day(at);
            assert_eq!(day.to_string(), expected_day, "{at}");
            assert_eq!(start_of(day).to_string(), start, "{at}");
            assert_eq!(end_of(day).to_string(), end, "{at}");
        };
        check(
            "2026-11-24T22:59:59Z",
            "2026-11-24",
            "2026-11-23T23:00:00Z",
            "2026-11-24T23:00:00Z",
        );
        check(
            "2026-11-24T23:00:00Z",
            "2026-11-25",
            "2026-11-24T23:00:00Z",
            "2026-11-25T23:00:00Z",
        );
        // The day of the change to winter time lasts 25 hours.
        check(
            "2026-10-25T12:00:00Z",
            "2026-10-25",
            "2026-10-24T22:00:00Z",
            "2026-10-25T23:00:00Z",
        );
    }

    #[test]
    fn extreme_days_do_not_panic() {
        assert_eq!(end_of(Date::MAX), Timestamp::MAX);
        let _ = start_of(Date::MIN);
        let _ = day(Timestamp::MAX);
    }
}
