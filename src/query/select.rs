//! Holds a filter against incidents and makes the answer.
//!
//! Which date counts: an incident is in the window when it may have happened in it (the event's
//! range of days meets the window) or was first reported in it. An incident of two years ago on
//! which a trial or a cost article appears today is therefore not in `--since 30d`; it is in
//! `--active --since 30d`, which looks at the dates of articles instead. For an incident that only
//! trials and recaps recall, the first article vigie saw is no first report, so its date counts
//! only when nothing better is known.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::describe::describe;
use super::parse::{commune_name, is_insee_code, squeeze};
use super::place::Places;
use super::relations::{Node, Relations, relations};
use super::view::{day_of, distinct_outlets, view};
use crate::model::analysis::{Place, Victim};
use crate::model::answer::Answer;
use crate::model::coverage::Coverage;
use crate::model::filter::{Count, Country, Filter, Sort, Window, Word};
use crate::model::id::{ArticleId, IncidentId, VictimKey};
use crate::model::incident::{Incident, Standing};
use crate::model::paris;
use crate::text::fold::fold;

/// The answer to a filter over these incidents, in any order; they should reach back as far as
/// `relations::reach_back` says. `text_of` gives an article's text, and is asked only when words are
/// looked for that titles and names do not hold; `hit` gives the incidents of a victim, and is asked
/// for suppliers only. The first error of any of them ends it.
pub fn answer<E>(
    incidents: impl Iterator<Item = Result<Incident, E>>,
    filter: &Filter,
    places: &Places,
    coverage: Coverage,
    text_of: &dyn Fn(&ArticleId) -> Result<Option<String>, E>,
    hit: &dyn Fn(&VictimKey) -> Result<Vec<Incident>, E>,
) -> Result<Answer, E> {
    let mut found = Vec::new();
    let mut unknown_country = 0;
    let mut recalled = 0;
    let mut nodes = Vec::new();
    for incident in incidents {
        let incident = incident?;
        nodes.extend(Some(Node::of(&incident)).filter(Node::may_be_part));
        // Read for its relations alone.
        if filter.since.is_some_and(|since| incident.last_published < since) {
            continue;
        }
        match judge(&incident, filter, text_of)? {
            Verdict::Found => found.push(incident),
            Verdict::UnknownCountry => unknown_country += 1,
            Verdict::Recalled => recalled += 1,
            Verdict::Other => {}
        }
    }
    let found_before_limit = found.len() as u64;
    sort(&mut found, filter.sort);
    nodes.extend(found.iter().map(Node::of));
    let relations = with_suppliers(nodes, hit)?;
    let counts = count_ensembles(&found, &relations);
    let limit = filter
        .limit
        .map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    match filter.count {
        Count::Incidents => found.truncate(limit),
        Count::Ensembles => found = together(found, &relations, limit),
    }
    Ok(Answer {
        asked: describe(filter, places),
        filter: filter.clone(),
        coverage,
        found: found_before_limit,
        unknown_country,
        recalled,
        incidents: found
            .iter()
            .map(|incident| view(incident, places, &relations))
            .collect(),
        found_ensembles: counts.len() as u64,
        ensembles: relations
            .ensembles
            .iter()
            .filter_map(|whole| {
                let mut whole = whole.clone();
                whole.found = *counts.get(&whole.id)?;
                Some(whole)
            })
            .collect(),
    })
}

/// The relations of these incidents and the suppliers that they name. `hit` gives the incidents of a victim.
pub fn with_suppliers<E>(
    mut nodes: Vec<Node>,
    hit: &dyn Fn(&VictimKey) -> Result<Vec<Incident>, E>,
) -> Result<Relations, E> {
    let named: BTreeSet<VictimKey> = nodes.iter().flat_map(Node::suppliers).cloned().collect();
    for supplier in named {
        nodes.extend(hit(&supplier)?.iter().map(Node::of));
    }
    Ok(relations(&nodes))
}

/// How many of the incidents found each whole has, by its id, or by its own where it counts alone.
fn count_ensembles(found: &[Incident], relations: &Relations) -> BTreeMap<IncidentId, u64> {
    let mut counts = BTreeMap::new();
    for incident in found {
        *counts.entry(whole_id(incident, relations)).or_default() += 1;
    }
    counts
}

/// The id of what an incident counts as.
fn whole_id(incident: &Incident, relations: &Relations) -> IncidentId {
    let whole = relations
        .ensemble_of(&incident.id)
        .and_then(|place| relations.ensembles.get(place));
    whole.map_or_else(|| incident.id.clone(), |whole| whole.id.clone())
}

/// The same incidents, those of one whole together, where the first of them stood; a supplier's own first. At most
/// `limit` wholes.
fn together(found: Vec<Incident>, relations: &Relations, limit: usize) -> Vec<Incident> {
    let mut places: BTreeMap<IncidentId, usize> = BTreeMap::new();
    let mut wholes: Vec<Vec<Incident>> = Vec::new();
    for incident in found {
        let id = whole_id(&incident, relations);
        let place = *places.entry(id.clone()).or_insert(wholes.len());
        if place == wholes.len() {
            wholes.push(Vec::new());
        }
        let at = if incident.id == id { 0 } else { wholes[place].len() };
        wholes[place].insert(at, incident);
    }
    wholes.into_iter().take(limit).flatten().collect()
}

/// Whether the filter lets this incident through. Errs only when `text_of` does.
pub fn matches<E>(
    incident: &Incident,
    filter: &Filter,
    text_of: &dyn Fn(&ArticleId) -> Result<Option<String>, E>,
) -> Result<bool, E> {
    Ok(judge(incident, filter, text_of)? == Verdict::Found)
}

/// What a filter says of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It is asked for.
    Found,
    /// It would be, were its victim's country known to be the one asked for.
    UnknownCountry,
    /// It would be, had news reported it.
    Recalled,
    /// It is not.
    Other,
}

fn judge<E>(
    incident: &Incident,
    filter: &Filter,
    text_of: &dyn Fn(&ArticleId) -> Result<Option<String>, E>,
) -> Result<Verdict, E> {
    if incident.decided.dismissed {
        return Ok(Verdict::Other);
    }
    let cheap = any_or_none(&filter.attacks, |attack| incident.attacks.contains(attack))
        && any_or_none(&filter.statuses, |status| incident.status == *status)
        && filter.actor.as_deref().is_none_or(|actor| is_by(incident, actor))
        && in_window(incident, filter);
    if !cheap {
        return Ok(Verdict::Other);
    }
    let names_nobody = incident.victims.is_empty()
        && asks_only_places_and_sectors_of_victims(filter)
        && any_or_none(&filter.sectors, |sector| incident.sector() == Some(*sector))
        && place_matches(incident.place(), filter);
    let here = asks_nothing_of_victims(filter) && filter.countries.is_empty()
        || names_nobody && country_matches(incident.country(), filter)
        || incident
            .victims
            .iter()
            .any(|victim| victim_matches(victim, filter) && country_matches(victim.country.as_deref(), filter));
    let country_unknown = !here
        && if incident.victims.is_empty() {
            names_nobody && incident.country().is_none()
        } else {
            incident
                .victims
                .iter()
                .any(|victim| victim.country.is_none() && victim_matches(victim, filter))
        };
    let here = here || country_unknown && filter.countries.contains(&Country::Unknown);
    if !here && !country_unknown {
        return Ok(Verdict::Other);
    }
    if !says_words(incident, &filter.words, text_of)? {
        return Ok(Verdict::Other);
    }
    Ok(if incident.standing == Standing::Recalled && !filter.recalled {
        Verdict::Recalled
    } else if here {
        Verdict::Found
    } else {
        Verdict::UnknownCountry
    })
}

fn any_or_none<T>(asked: &[T], is: impl Fn(&T) -> bool) -> bool {
    asked.is_empty() || asked.iter().any(is)
}

/// An incident may have several actors, listed: "LockBit, Hunters International".
fn is_by(incident: &Incident, actor: &str) -> bool {
    incident.actor.as_deref().is_some_and(|names| {
        names
            .split([',', ';', '/'])
            .any(|name| squeeze(name).starts_with(actor))
    })
}

fn in_window(incident: &Incident, filter: &Filter) -> bool {
    if filter.since.is_none() && filter.until.is_none() {
        return true;
    }
    let within =
        |start, end| filter.since.is_none_or(|since| end >= since) && filter.until.is_none_or(|until| start < until);
    if filter.window == Window::Articles {
        return incident
            .articles
            .iter()
            .map(|article| article.published)
            .chain([incident.first_published, incident.last_published])
            .any(|at| within(at, at));
    }
    let happened = day_of(incident).event;
    let first_reported = incident.standing == Standing::Reported || happened.is_none();
    first_reported && within(incident.first_published, incident.first_published)
        || happened.is_some_and(|(from, to)| {
            // A day that ends at the very moment the window opens is outside it.
            filter.since.is_none_or(|since| paris::end_of(to) > since)
                && filter.until.is_none_or(|until| paris::start_of(from) < until)
        })
}

fn asks_nothing_of_victims(filter: &Filter) -> bool {
    asks_only_places_and_sectors_of_victims(filter) && filter.sectors.is_empty() && asks_no_place(filter)
}

fn asks_only_places_and_sectors_of_victims(filter: &Filter) -> bool {
    filter.levels.is_empty() && filter.victim.is_empty()
}

fn asks_no_place(filter: &Filter) -> bool {
    filter.departements.is_empty() && filter.regions.is_empty() && filter.communes.is_empty()
}

fn place_matches(place: Option<&Place>, filter: &Filter) -> bool {
    let is = |known: &Option<String>, asked: &String| known.as_ref() == Some(asked);
    place.map_or_else(
        || asks_no_place(filter),
        |place| {
            any_or_none(&filter.departements, |code| is(&place.departement, code))
                && any_or_none(&filter.regions, |code| is(&place.region, code))
                && any_or_none(&filter.communes, |commune| {
                    if is_insee_code(commune) {
                        is(&place.commune, commune)
                    } else {
                        place.commune_name.as_deref().map(commune_name).as_ref() == Some(commune)
                    }
                })
        },
    )
}

fn victim_matches(victim: &Victim, filter: &Filter) -> bool {
    any_or_none(&filter.sectors, |sector| victim.sector == Some(*sector))
        && any_or_none(&filter.levels, |level| victim.level == Some(*level))
        && place_matches(Some(&victim.place), filter)
        && (filter.victim.is_empty() || {
            let name = fold(&victim.name).text;
            filter.victim.iter().all(|word| has_word(&name, word, true))
        })
}

fn country_matches(known: Option<&str>, filter: &Filter) -> bool {
    any_or_none(&filter.countries, |country| match country {
        Country::Code(code) => known == Some(code.as_str()),
        Country::Unknown => known.is_none(),
    })
}

/// Whether all words are found in the incident's names and titles, or else in its articles.
fn says_words<E>(
    incident: &Incident,
    words: &[Word],
    text_of: &dyn Fn(&ArticleId) -> Result<Option<String>, E>,
) -> Result<bool, E> {
    let mut missing: Vec<&Word> = words.iter().collect();
    let look = |missing: &mut Vec<&Word>, text: &str| {
        if !missing.is_empty() {
            let folded = fold(text).text;
            missing.retain(|word| !has_word(&folded, &word.folded, word.prefix));
        }
    };
    for victim in &incident.victims {
        look(&mut missing, &victim.name);
    }
    for article in &incident.articles {
        look(&mut missing, &article.title);
    }
    for article in &incident.articles {
        if missing.is_empty() {
            break;
        }
        if let Some(text) = text_of(&article.id)? {
            look(&mut missing, &text);
        }
    }
    Ok(missing.is_empty())
}

/// Whether a folded text holds this folded word, whole or (as a prefix) at the start of one.
fn has_word(folded: &str, word: &str, prefix: bool) -> bool {
    folded.match_indices(word).any(|(start, _)| {
        let before = folded[..start].chars().next_back();
        let after = folded[start + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && (prefix || !after.is_some_and(char::is_alphanumeric))
    })
}

/// Ids end every comparison, so that the same incidents always come in the same order.
fn sort(incidents: &mut [Incident], order: Sort) {
    let name = |incident: &Incident| match incident.victims.first() {
        // Incidents without a victim come last.
        Some(victim) => (false, fold(&victim.name).text),
        None => (true, String::new()),
    };
    match order {
        Sort::Date => {
            incidents.sort_by_cached_key(|i| (Reverse(day_of(i).date), Reverse(i.first_published), i.id.clone()))
        }
        Sort::First => incidents.sort_by_cached_key(|i| (Reverse(i.first_published), i.id.clone())),
        Sort::Last => incidents.sort_by_cached_key(|i| (Reverse(i.last_published), i.id.clone())),
        Sort::Victim => incidents.sort_by_cached_key(|i| (name(i), Reverse(day_of(i).date), i.id.clone())),
        Sort::Sources => {
            incidents.sort_by_cached_key(|i| (Reverse(distinct_outlets(i)), Reverse(day_of(i).date), i.id.clone()))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::super::examples::{few_incidents, question};
    use super::super::place::tests::few_places;
    use super::*;
    use crate::model::label::Sector;

    fn texts(article: &ArticleId) -> Result<Option<String>, Infallible> {
        Ok((article.as_str() == "a1").then(|| "Le standard téléphonique reste coupé.".to_owned()))
    }

    fn nobody(_: &VictimKey) -> Result<Vec<Incident>, Infallible> {
        Ok(Vec::new())
    }

    fn ask(filter: &Filter) -> Answer {
        let incidents = few_incidents().into_iter().map(Ok);
        answer(incidents, filter, &few_places(), Coverage::default(), &texts, &nobody)
            .unwrap_or_else(|never| match never {})
    }

    #[test]
    fn incidents_that_a_question_finds() {
        let check = |line: &str, expected: &str| {
            let answer = ask(&question(line));
            let ids: Vec<&str> = answer.incidents.iter().map(|view| view.id.as_str()).collect();
            assert_eq!(ids.join(" "), expected, "{line}");
        };
        check("", "mairie chu loiret");
        check("--country all", "mairie anvers chu societe loiret");
        check("--country BE", "anvers");
        check("--country inconnu", "societe");
        check("--country all --recalled", "mairie anvers chu societe loiret ancien");
        check("--sector collectivite", "mairie loiret");
        check("--sector sante,collectivite", "mairie chu loiret");
        check("--level departement", "loiret");
        // A second victim counts; but one same victim must be all that is asked.
        check("--level sdis", "loiret");
        check("--level sdis --departement 45", "loiret");
        check("--level sdis --departement 35", "");
        check("--level commune --departement 45", "");
        check("--departement Loiret", "loiret");
        check("--region bretagne", "mairie chu");
        check("--region bretagne --sector sante", "chu");
        check("--commune Rennes", "chu");
        check("--commune 35238", "chu");
        check("--commune 45234", "loiret");
        check("--commune Renne", "");
        check("--attack rancongiciel", "chu loiret");
        check("--attack rancongiciel,ddos", "mairie chu loiret");
        check("--status confirme", "chu loiret");
        check("--actor lockbit", "loiret");
        check("--actor LockBit-3", "loiret");
        check("--actor bit", "");
        check("--victim LOIRET", "loiret");
        check("--victim chu_ren", "chu");
        check("--victim aire", "");
        check("--text chu_rennes", "chu");
        check("--text standard_coupé_loiret", "loiret");
        check("--text standard_coup", "");
        check("--text standard_coup*", "loiret");
        check("--text absent", "");
        check("--limit 1", "mairie");
        check("--sort victim", "chu loiret mairie");
        check("--sort sources", "loiret mairie chu");
        check("--sort last", "mairie loiret chu");
        check("--sort first", "mairie chu loiret");
    }

    #[test]
    fn dates_that_bound_incidents() {
        let check = |line: &str, expected: &str| {
            let answer = ask(&question(&format!("--country all {line}")));
            let ids: Vec<&str> = answer.incidents.iter().map(|view| view.id.as_str()).collect();
            assert_eq!(ids.join(" "), expected, "{line}");
        };
        // Loiret: 4 and 5 November 2023, reported on the 6th, last article on 20 November 2026.
        check("--since 2023-11-04 --until 2023-11-04", "loiret");
        check("--since 2023-11-05 --until 2023-11-05", "loiret");
        check("--since 2023-11-06 --until 2023-11-06", "loiret");
        check("--since 2023-11-07 --until 2023-11-30", "");
        check("--until 2023-11-03", "");
        check("--until novembre_2023", "loiret");
        check("--since 30d", "mairie");
        check("--since 30d --active", "mairie loiret");
        check("--since 2023-11-10 --until 2023-11-20 --active", "loiret");
        check("--since 2023-11-21 --until 2026-11-19 --active", "anvers chu societe");
        // Mairie: no event date; first article on 24 November 2026 at 23:30 in Paris.
        check("--since 2026-11-24 --until 2026-11-24", "mairie");
        check("--since 2026-11-25", "");
        check("--since 15h", "mairie");
        check("--since 14h", "");
        // Recalled: in June 2015, told in a recap of 2026.
        check("--recalled --since 2015-06 --until 2015-06", "ancien");
        check("--recalled --since 2026-10 --until 2026-10", "anvers");
        check("--recalled --active --since 2026-10 --until 2026-10", "anvers ancien");
    }

    #[test]
    fn an_incident_whose_victim_is_not_named_has_its_story_s_country() {
        let check = |told: Option<&str>, line: &str, found: u64, unknown_country: u64| {
            let mut incident = few_incidents().remove(1);
            incident.victims.clear();
            incident.articles[0].says.country = told.map(str::to_owned);
            incident.articles[0].says.sector = Some(Sector::Health);
            incident.articles[0].says.place.departement = Some("35".to_owned());
            let one = std::iter::once(Ok(incident));
            let answer = answer(
                one,
                &question(line),
                &few_places(),
                Coverage::default(),
                &texts,
                &nobody,
            );
            let answer = answer.unwrap_or_else(|never| match never {});
            assert_eq!(
                (answer.found, answer.unknown_country),
                (found, unknown_country),
                "{told:?} {line}"
            );
        };
        check(Some("FR"), "", 1, 0);
        check(Some("FR"), "--country BE", 0, 0);
        check(Some("BE"), "", 0, 0);
        check(None, "", 0, 1);
        check(None, "--country inconnu", 1, 0);
        check(Some("FR"), "--sector sante", 1, 0);
        check(Some("FR"), "--sector industrie", 0, 0);
        check(Some("FR"), "--sector sante --victim CHU", 0, 0);
        check(Some("FR"), "--departement 35", 1, 0);
        check(Some("FR"), "--departement 45", 0, 0);
        check(None, "--departement 35", 0, 1);
    }

    #[test]
    fn what_an_analyst_dismissed_is_in_no_answer() {
        let dismissed = few_incidents().into_iter().map(|mut incident| {
            incident.decided.dismissed = incident.id.as_str() == "chu";
            Ok(incident)
        });
        let line = "--country all --recalled";
        let answer = answer(
            dismissed,
            &question(line),
            &few_places(),
            Coverage::default(),
            &texts,
            &nobody,
        );
        let answer = answer.unwrap_or_else(|never: Infallible| match never {});
        let ids: Vec<&str> = answer.incidents.iter().map(|view| view.id.as_str()).collect();
        assert_eq!(ids.join(" "), "mairie anvers societe loiret ancien");
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let check = |line: &str, found: u64, unknown_country: u64, recalled: u64| {
            let answer = ask(&question(line));
            let counts = (answer.found, answer.unknown_country, answer.recalled);
            assert_eq!(counts, (found, unknown_country, recalled), "{line}");
        };
        check("", 3, 1, 1);
        check("--limit 1", 3, 1, 1);
        check("--country all", 5, 0, 1);
        check("--sector industrie", 0, 1, 0);
        check("--sector sante", 1, 0, 0);
        check("--country inconnu", 1, 0, 0);
        check("--recalled", 4, 1, 0);
    }
}
