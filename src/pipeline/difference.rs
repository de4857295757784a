//! How the incidents of one base differ from those of another: what `vigie reclassify` shows before it writes.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::model::id::IncidentId;
use crate::model::incident::Incident;
use crate::store::{Store, StoreError};

/// How the incidents of a base that was made anew differ from those of the present one.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Difference {
    /// Articles that tell an incident now and did not.
    pub articles_gained: u64,
    /// Articles that told an incident and do not now.
    pub articles_lost: u64,
    /// Incidents without any difference.
    pub same: u64,
    /// Incidents that are told otherwise or by other articles.
    pub changed: Vec<ChangedIncident>,
    /// Incidents that became one with another.
    pub merged: Vec<Merged>,
    /// Incidents that were part of another, or that no article told.
    pub opened: Vec<IncidentId>,
    /// Incidents that no article tells any more.
    pub withdrawn: Vec<IncidentId>,
}

/// One incident that is told otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChangedIncident {
    /// Its id.
    pub id: IncidentId,
    /// What differs.
    pub changes: Vec<ChangedField>,
}

/// One label with its old and new value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChangedField {
    /// `victims`, `attacks`, `status`, `sector`, `departement`, `actor`, `event`, `articles`.
    pub field: &'static str,
    /// Before; empty when there was nothing.
    pub from: String,
    /// After.
    pub to: String,
}

/// An incident that became part of another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Merged {
    /// Its id, which leads on.
    pub id: IncidentId,
    /// The incident that it is part of now.
    pub into: IncidentId,
}

impl Difference {
    /// Compares two bases with the same articles.
    pub fn between(present: &dyn Store, remade: &dyn Store) -> Result<Difference, StoreError> {
        let mut difference = Difference::default();
        for stored in present.articles() {
            let stored = stored?;
            let Some(other) = remade.article(&stored.article.id)? else {
                continue;
            };
            match (stored.incident.is_some(), other.incident.is_some()) {
                (false, true) => difference.articles_gained += 1,
                (true, false) => difference.articles_lost += 1,
                _ => {}
            }
        }
        let mut known = BTreeSet::new();
        for before in present.incidents_since(None) {
            let before = before?;
            known.insert(before.id.clone());
            match remade.incident(&before.id)? {
                None => difference.withdrawn.push(before.id),
                Some(after) if after.id != before.id => difference.merged.push(Merged {
                    id: before.id,
                    into: after.id,
                }),
                Some(after) => difference.note(&before, &after),
            }
        }
        for after in remade.incidents_since(None) {
            let after = after?;
            if !known.contains(&after.id) {
                difference.opened.push(after.id);
            }
        }
        difference.withdrawn.sort();
        difference.opened.sort();
        difference.merged.sort_by(|a, b| a.id.cmp(&b.id));
        difference.changed.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(difference)
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        let same = Difference {
            same: self.same,
            ..Difference::default()
        };
        *self == same
    }

    fn note(&mut self, before: &Incident, after: &Incident) {
        let (was, is) = (labels(before), labels(after));
        let changes: Vec<ChangedField> = was
            .into_iter()
            .zip(is)
            .filter(|((_, from), (_, to))| from != to)
            .map(|((field, from), (_, to))| ChangedField { field, from, to })
            .collect();
        if changes.is_empty() {
            self.same += 1;
        } else {
            self.changed.push(ChangedIncident {
                id: after.id.clone(),
                changes,
            });
        }
    }
}

/// What is compared of an incident.
fn labels(incident: &Incident) -> Vec<(&'static str, String)> {
    let joined = |parts: Vec<&str>| parts.join(", ");
    let event = incident.event.map(|event| format!("{}/{}", event.from, event.to));
    let mut articles: Vec<&str> = incident.articles.iter().map(|article| article.id.as_str()).collect();
    articles.sort_unstable();
    vec![
        (
            "victims",
            joined(incident.victims.iter().map(|victim| victim.name.as_str()).collect()),
        ),
        (
            "attacks",
            joined(incident.attacks.iter().map(|attack| attack.id()).collect()),
        ),
        ("status", incident.status.to_string()),
        (
            "sector",
            incident.sector().map(|sector| sector.to_string()).unwrap_or_default(),
        ),
        (
            "departement",
            incident
                .place()
                .and_then(|place| place.departement.clone())
                .unwrap_or_default(),
        ),
        ("country", incident.country().unwrap_or_default().to_owned()),
        ("actor", incident.actor.clone().unwrap_or_default()),
        ("event", event.unwrap_or_default()),
        ("articles", joined(articles)),
    ]
}
