//! Days as the French press counts them: in Europe/Paris, whatever the machine's own zone.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The zone of Europe/Paris; its rules are compiled in.
pub fn paris() -> TimeZone {
    TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC)
}

/// The day on which this moment falls in France.
pub fn paris_day(at: Timestamp) -> Date {
    at.to_zoned_datetime(paris()).date()
}

/// Noon of this day in France: the moment given to what is dated by day only.
pub fn paris_noon(day: Date) -> Timestamp {
    day.at(12, 0, 0, 0)
        .to_zoned_datetime(paris())
        .map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}
