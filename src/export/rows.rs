//! The rows of an answer for people: one an incident, or, when ensembles are counted, each wave or supplier with its
//! incidents under it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::wording::whole_name;
use crate::model::answer::{Answer, DateOf, Ensemble, View, ViewVictim};
use crate::model::filter::Count;

/// One row.
pub struct Row<'a> {
    /// What stands in it.
    pub view: Cow<'a, View>,
    /// Whether it is part of the nearest row above that is none.
    pub is_part: bool,
}

/// The rows of an answer, in its order.
pub fn rows(answer: &Answer) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    let mut headed = BTreeSet::new();
    for view in &answer.incidents {
        let whole =
            ensemble_of(answer, view).filter(|whole| answer.filter.count == Count::Ensembles && whole.found > 1);
        if let Some(whole) = whole
            && headed.insert(&whole.id)
            && view.id != whole.id
        {
            rows.push(Row {
                view: Cow::Owned(head(answer, whole, view)),
                is_part: false,
            });
        }
        rows.push(Row {
            view: Cow::Borrowed(view),
            is_part: whole.is_some_and(|whole| whole.id != view.id),
        });
    }
    rows
}

/// The whole that an incident counts in.
pub fn ensemble_of<'a>(answer: &'a Answer, view: &View) -> Option<&'a Ensemble> {
    answer.ensembles.iter().find(|whole| whole.incidents.contains(&view.id))
}

/// The row above incidents that have none of their own above them: a wave. What they share is that of the first.
fn head(answer: &Answer, whole: &Ensemble, first: &View) -> View {
    let members = || {
        answer
            .incidents
            .iter()
            .filter(|view| whole.incidents.contains(&view.id))
    };
    let outlets: BTreeSet<&str> = members()
        .flat_map(|view| view.articles.iter().map(|article| article.outlet.as_str()))
        .collect();
    View {
        id: whole.id.clone(),
        date: whole.from,
        date_of: DateOf::Event,
        victims: vec![ViewVictim {
            name: format!("{} : {} incidents", whole_name(whole.whole, &whole.name), whole.found),
            key: whole.id.to_string(),
            sector: None,
            level: None,
            commune: None,
            commune_name: None,
            departement: None,
            region: None,
            country: None,
            siren: None,
        }],
        sector: None,
        level: None,
        place: None,
        sources: outlets.len() as u64,
        articles: Vec::new(),
        history: Vec::new(),
        provider: None,
        part_of: None,
        parts: Vec::new(),
        ..first.clone()
    }
}
