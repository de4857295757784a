//! Finds the one incident that `vigie show` is asked for, by its identifier or by enough words
//! of it: identifiers are long and a narrow table does not show them.

use crate::model::id::IncidentId;
use crate::text::fold::slug;

/// What a typed identifier names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// This incident.
    One(IncidentId),
    /// No incident.
    None,
    /// Any of these, ordered by id.
    Several(Vec<IncidentId>),
}

/// The incident with this identifier; else the ones whose identifier has each typed word as the
/// beginning of a word: "loiret", "loiret 2023".
pub fn named(typed: &str, ids: impl IntoIterator<Item = IncidentId>) -> Named {
    let wanted = slug(typed);
    let words: Vec<&str> = wanted.split('-').filter(|word| !word.is_empty()).collect();
    let mut found = Vec::new();
    for id in ids {
        if id.as_str() == typed.trim() {
            return Named::One(id);
        }
        let has = |word: &&str| id.as_str().split('-').any(|part| part.starts_with(word));
        if !words.is_empty() && words.iter().all(has) {
            found.push(id);
        }
    }
    found.sort();
    found.dedup();
    match found.len() {
        0 => Named::None,
        1 => Named::One(found.remove(0)),
        _ => Named::Several(found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn incidents_by_id_or_words() {
        let check = |typed: &str, expected: &str| {
            let ids = [
                "departement-du-loiret-2023-11",
                "mairie-de-dinard-2026-11",
                "mairie-de-dinard-2026-11-2",
                "ville-de-dinan-2026-11",
            ];
            let said = match named(typed, ids.into_iter().map(IncidentId::from)) {
                Named::One(id) => id.to_string(),
                Named::None => String::new(),
                Named::Several(ids) => ids.len().to_string(),
            };
            assert_eq!(said, expected, "{typed}");
        };
        check("departement-du-loiret-2023-11", "departement-du-loiret-2023-11");
        check("loiret", "departement-du-loiret-2023-11");
        check("Département du Loiret", "departement-du-loiret-2023-11");
        check("loiret 2023", "departement-du-loiret-2023-11");
        check("loiret 2024", "");
        check("mairie-de-dinard-2026-11", "mairie-de-dinard-2026-11");
        check("dinard", "2");
        check("dinan", "ville-de-dinan-2026-11");
        check("2026", "3");
        check("", "");
        check("…", "");
    }
}
