//! The id of an incident: readable, given once, never changed.

use crate::model::id::IncidentId;
use crate::model::incident::ArticleRef;
use crate::model::paris;
use crate::text::fold::slug;

/// The id of an incident that this article opens: its victim and month, or, without a victim, the
/// month and the article. `taken` says whether another incident has, or had, the id already.
pub fn new_id(article: &ArticleRef, mut taken: impl FnMut(&IncidentId) -> bool) -> IncidentId {
    let day = article
        .says
        .event
        .map_or_else(|| paris::day(article.published), |event| event.from);
    let month = format!("{:04}-{:02}", day.year(), day.month());
    let mark = &article.id.as_str()[..article.id.as_str().len().min(6)];
    let name = article
        .says
        .main_victim()
        .map(|victim| slug(&victim.name))
        .filter(|name| !name.is_empty());
    let plain = match name {
        Some(name) => IncidentId(format!("{name}-{month}")),
        None => IncidentId(format!("victime-inconnue-{month}-{mark}")),
    };
    if !taken(&plain) {
        return plain;
    }
    // A recap may open several, even for two bodies of one name.
    let mut marked = IncidentId(format!("{plain}-{mark}"));
    let mut number = 2;
    while taken(&marked) {
        marked = IncidentId(format!("{plain}-{mark}-{number}"));
        number += 1;
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::analysis::{Analysis, Victim};
    use crate::model::id::ArticleId;
    use crate::model::label::ArticleKind;

    fn article(victim: Option<&str>) -> ArticleRef {
        let victims = victim.map(|name| Victim {
            name: name.to_owned(),
            key: "departement:45".into(),
            sector: None,
            level: None,
            place: Default::default(),
            country: None,
            siren: None,
            confidence: 0.9,
        });
        ArticleRef {
            id: ArticleId("abcdef0123456789".to_owned()),
            outlet: String::new(),
            url: String::new(),
            title: String::new(),
            published: "2023-11-06T08:00:00Z".parse().unwrap(),
            kind: ArticleKind::Incident,
            says: Analysis {
                victims: victims.into_iter().collect(),
                ..Analysis::unread()
            },
            joined: Vec::new(),
            part: None,
            stories: 1,
            imprint: Default::default(),
            founded: Vec::new(),
        }
    }

    #[test]
    fn ids_tell_victim_and_month_and_never_collide() {
        let loiret = article(Some("Département du Loiret"));
        let mut taken: Vec<String> = Vec::new();
        for expected in [
            "departement-du-loiret-2023-11",
            "departement-du-loiret-2023-11-abcdef",
            "departement-du-loiret-2023-11-abcdef-2",
            "departement-du-loiret-2023-11-abcdef-3",
        ] {
            let id = new_id(&loiret, |id| taken.contains(&id.0));
            assert_eq!(id.as_str(), expected);
            taken.push(id.0);
        }
        for unnamed in [article(None), article(Some("???"))] {
            assert_eq!(new_id(&unnamed, |_| false).as_str(), "victime-inconnue-2023-11-abcdef");
        }
    }
}
