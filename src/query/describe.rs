//! Says a filter in French, so that an answer (an empty one above all) states what was searched.

use super::parse::is_insee_code;
use super::place::{Area, Places};
use crate::model::filter::{Country, Filter, Window};
use crate::model::paris;

/// The filter in French words: "incidents en France, secteur Santé, depuis le 25/10/2026".
pub fn describe(filter: &Filter, places: &Places) -> String {
    let mut parts = vec![format!("incidents {}", countries(&filter.countries))];
    let mut list = |one: &str, several: &str, values: Vec<String>| match values.as_slice() {
        [] => {}
        [value] => parts.push(format!("{one} {value}")),
        values => parts.push(format!("{several} {}", values.join(" ou "))),
    };
    list(
        "secteur",
        "secteurs",
        filter.sectors.iter().map(|sector| sector.id().to_owned()).collect(),
    );
    list(
        "niveau",
        "niveaux",
        filter.levels.iter().map(|level| level.id().to_owned()).collect(),
    );
    list(
        "type",
        "types",
        filter.attacks.iter().map(|attack| attack.id().to_owned()).collect(),
    );
    list(
        "département",
        "départements",
        named(&filter.departements, &places.departements),
    );
    list("région", "régions", named(&filter.regions, &places.regions));
    let communes = filter.communes.iter().map(|commune| {
        if is_insee_code(commune) {
            commune.clone()
        } else {
            format!("« {commune} »")
        }
    });
    list("commune", "communes", communes.collect());
    list(
        "statut",
        "statuts",
        filter.statuses.iter().map(|status| status.id().to_owned()).collect(),
    );
    list("auteur", "auteurs", filter.actor.iter().cloned().collect());
    if !filter.victim.is_empty() {
        parts.push(format!("victime « {} »", filter.victim.join(" ")));
    }
    if !filter.words.is_empty() {
        let words: Vec<String> = filter
            .words
            .iter()
            .map(|word| format!("{}{}", word.folded, if word.prefix { "*" } else { "" }))
            .collect();
        parts.push(format!("mots « {} »", words.join(" ")));
    }
    parts.extend(window(filter));
    if filter.recalled {
        parts.push("y compris ceux que seuls des procès ou des bilans rappellent".to_owned());
    }
    parts.join(", ")
}

fn countries(countries: &[Country]) -> String {
    if countries.is_empty() {
        return "de tous pays".to_owned();
    }
    let names: Vec<&str> = countries
        .iter()
        .map(|country| match country {
            Country::Code(code) if code == "FR" => "en France",
            Country::Code(code) => code,
            Country::Unknown => "de pays inconnu",
        })
        .collect();
    names.join(" ou ")
}

fn named(codes: &[String], areas: &[Area]) -> Vec<String> {
    codes
        .iter()
        .map(|code| match areas.iter().find(|area| area.code == *code) {
            Some(area) => format!("{} ({code})", area.name),
            None => code.clone(),
        })
        .collect()
}

fn window(filter: &Filter) -> Option<String> {
    // A moment at midnight is a day's edge and is said as the day; others with their time.
    let since = filter.since.map(|since| {
        let since = paris::zoned(since);
        let midnight = paris::start_of(since.date()) == since.timestamp();
        since
            .strftime(if midnight { "%d/%m/%Y" } else { "%d/%m/%Y à %H:%M" })
            .to_string()
    });
    let until = filter.until.map(|until| {
        let end = paris::zoned(until);
        if paris::start_of(end.date()) == end.timestamp()
            && let Ok(last_day) = end.date().yesterday()
        {
            last_day.strftime("%d/%m/%Y").to_string()
        } else {
            end.strftime("%d/%m/%Y à %H:%M").to_string()
        }
    });
    let bounds = match (since, until) {
        (None, None) => return None,
        (Some(since), None) => format!("depuis le {since}"),
        (None, Some(until)) => format!("jusqu'au {until}"),
        (Some(since), Some(until)) if since == until => format!("le {since}"),
        (Some(since), Some(until)) => format!("du {since} au {until}"),
    };
    Some(match filter.window {
        Window::Incident => format!("survenus ou signalés {bounds}"),
        Window::Articles => format!("dont un article est paru {bounds}"),
    })
}

#[cfg(test)]
mod tests {
    use super::super::examples::question;
    use super::super::place::tests::few_places;
    use super::*;

    #[test]
    fn questions_in_french() {
        let check =
            |line: &str, expected: &str| assert_eq!(describe(&question(line), &few_places()), expected, "{line}");
        check("", "incidents en France");
        check("--country all", "incidents de tous pays");
        check("--country BE,inconnu", "incidents BE ou de pays inconnu");
        check(
            "--sector collectivite --level commune,epci --departement 45 --since 30d",
            "incidents en France, secteur collectivite, niveaux commune ou epci, département Loiret (45), survenus ou \
             signalés depuis le 26/10/2026 à 14:30",
        );
        check(
            "--region bretagne --attack ddos --status confirme --actor LockBit --since 2023-11",
            "incidents en France, type ddos, région Bretagne (53), statut confirme, auteur lockbit, survenus ou \
             signalés depuis le 01/11/2023",
        );
        check(
            "--commune 45234,Olivet --victim mairie_d'Olivet --text serveur*_éteints --until 2023-11",
            "incidents en France, communes 45234 ou « olivet », victime « mairie d olivet », mots « serveur* eteints », \
             survenus ou signalés jusqu'au 30/11/2023",
        );
        check(
            "--since hier --until hier",
            "incidents en France, survenus ou signalés le 24/11/2026",
        );
        check(
            "--active --recalled --since 2023-11-04 --until 12h",
            "incidents en France, dont un article est paru du 04/11/2023 au 25/11/2026 à 02:30, y compris ceux que \
             seuls des procès ou des bilans rappellent",
        );
    }
}
