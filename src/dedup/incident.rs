//! An incident as the fold of its articles: the same articles give the same incident, in whatever
//! order they came. Only its id is given from outside.

use std::collections::BTreeMap;

use crate::model::analysis::{Analysis, EventDates, Victim};
use crate::model::id::{IncidentId, VictimKey};
use crate::model::incident::{ArticleRef, Change, Incident, Standing};
use crate::model::label::{ArticleKind, AttackType, Status};

/// A type stays when at least this share of the articles that state types state it: with many
/// articles, one careless word is not the incident's type.
const TYPE_SHARE: f32 = 0.2;
/// A second victim stays when it was found with at least this confidence.
const SECOND_VICTIM_CONFIDENCE: f32 = 0.5;

/// ... and when the articles that name it weigh at least this share: one first report among a dozen
/// follow-ups is enough.
const SECOND_VICTIM_SHARE: f32 = 0.05;

/// The incident that these articles tell. `articles` must not be empty.
pub fn fold(id: IncidentId, mut articles: Vec<ArticleRef>) -> Incident {
    articles.sort_by(|a, b| a.published.cmp(&b.published).then_with(|| a.id.cmp(&b.id)));
    articles.dedup_by(|a, b| a.id == b.id);
    let mut tally = Tally::default();
    let mut history = Vec::new();
    let mut before: Option<State> = None;
    for article in &articles {
        // A recap tells what is known for as long as nothing else does; after that it only mentions.
        if article.kind == ArticleKind::Retrospective {
            tally.mention(article);
        } else {
            tally.tell(article);
        }
        let state = tally.state();
        note_changes(before.as_ref(), &state, article, &mut history);
        before = Some(state);
    }
    let state = before.unwrap_or_default();
    Incident {
        id,
        victims: state.victims,
        attacks: state.attacks,
        status: state.status,
        actor: state.actor,
        event: state.event,
        first_published: articles.first().map(|article| article.published).unwrap_or_default(),
        last_published: articles.last().map(|article| article.published).unwrap_or_default(),
        standing: if tally.reported {
            Standing::Reported
        } else {
            Standing::Recalled
        },
        articles,
        history,
        former_ids: Vec::new(),
        decided: Default::default(),
    }
}

/// What an incident is at one moment of its history.
#[derive(Debug, Clone, PartialEq)]
struct State {
    victims: Vec<Victim>,
    attacks: Vec<AttackType>,
    status: Status,
    actor: Option<String>,
    event: Option<EventDates>,
}

impl Default for State {
    fn default() -> Self {
        State {
            victims: Vec::new(),
            attacks: Vec::new(),
            status: Status::Reported,
            actor: None,
            event: None,
        }
    }
}

/// Running counts over articles in order.
#[derive(Default)]
struct Tally {
    reported: bool,
    /// Whether some article but a recap tells it.
    is_told: bool,
    order: usize,
    victims: BTreeMap<VictimKey, VictimTally>,
    types: BTreeMap<AttackType, usize>,
    typed_articles: usize,
    actors: BTreeMap<String, (usize, usize)>,
    events: Vec<(EventDates, usize)>,
    confirmed_at: Option<usize>,
    denied_at: Option<usize>,
    reported_at: Option<usize>,
}

struct VictimTally {
    best: Victim,
    as_main: f32,
    total: f32,
    first: usize,
}

impl Tally {
    /// Counts an article that tells the incident. What recaps said before it no longer counts.
    fn tell(&mut self, article: &ArticleRef) {
        if !self.is_told {
            *self = Tally {
                is_told: true,
                ..Tally::default()
            };
        }
        self.reported |= article.kind.reports_incident();
        self.count(&article.says);
    }

    /// Counts a recap, when nothing but recaps speaks of the incident.
    fn mention(&mut self, article: &ArticleRef) {
        if !self.is_told {
            self.count(&article.says);
        }
    }

    fn count(&mut self, says: &Analysis) {
        self.order += 1;
        let order = self.order;
        for (rank, victim) in says.victims.iter().enumerate() {
            let entry = self.victims.entry(victim.key.clone()).or_insert_with(|| VictimTally {
                best: victim.clone(),
                as_main: 0.0,
                total: 0.0,
                first: order,
            });
            if rank == 0 {
                entry.as_main += 0.25 + victim.confidence;
            }
            entry.total += victim.confidence;
            entry.best = more_complete(&entry.best, victim);
        }
        let specific: Vec<AttackType> = says
            .attacks
            .iter()
            .copied()
            .filter(|attack| *attack != AttackType::Undetermined)
            .collect();
        if !specific.is_empty() {
            self.typed_articles += 1;
            for attack in specific {
                *self.types.entry(attack).or_default() += 1;
            }
        }
        if let Some(actor) = &says.actor {
            let entry = self.actors.entry(actor.clone()).or_insert((0, order));
            entry.0 += 1;
        }
        if let Some(event) = says.event {
            match self.events.iter_mut().find(|(known, _)| *known == event) {
                Some((_, count)) => *count += 1,
                None => self.events.push((event, 1)),
            }
        }
        match says.status {
            Some(Status::Confirmed) => self.confirmed_at = Some(order),
            Some(Status::Denied) => self.denied_at = Some(order),
            Some(Status::Reported) => self.reported_at = Some(order),
            Some(Status::Claimed) | None => {}
        }
    }

    fn state(&self) -> State {
        State {
            victims: self.ranked_victims(),
            attacks: self.ranked_types(),
            status: self.status(),
            actor: self
                .actors
                .iter()
                .max_by(|a, b| a.1.0.cmp(&b.1.0).then(b.1.1.cmp(&a.1.1)))
                .map(|(actor, _)| actor.clone()),
            event: self.likeliest_event(),
        }
    }

    /// The main victim is the one that most articles put first; the others follow by weight.
    fn ranked_victims(&self) -> Vec<Victim> {
        let mut ranked: Vec<&VictimTally> = self.victims.values().collect();
        ranked.sort_by(|a, b| {
            b.as_main
                .total_cmp(&a.as_main)
                .then(b.total.total_cmp(&a.total))
                .then(a.first.cmp(&b.first))
        });
        let articles = self.order as f32;
        ranked
            .into_iter()
            .enumerate()
            .filter(|(rank, tally)| {
                *rank == 0
                    || (tally.best.confidence >= SECOND_VICTIM_CONFIDENCE
                        && tally.total >= SECOND_VICTIM_SHARE * articles)
            })
            .map(|(_, tally)| tally.best.clone())
            .collect()
    }

    fn ranked_types(&self) -> Vec<AttackType> {
        let enough = TYPE_SHARE * self.typed_articles as f32;
        let mut ranked: Vec<(AttackType, usize)> = self
            .types
            .iter()
            .map(|(attack, count)| (*attack, *count))
            .filter(|(_, count)| *count as f32 >= enough)
            .collect();
        ranked.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        if ranked.is_empty() {
            return vec![AttackType::Undetermined];
        }
        ranked.into_iter().map(|(attack, _)| attack).collect()
    }

    /// A confirmation holds until the victim denies; a claim is all there is until the press or the
    /// victim speaks.
    fn status(&self) -> Status {
        match (self.confirmed_at, self.denied_at, self.reported_at) {
            (Some(confirmed), Some(denied), _) if denied > confirmed => Status::Denied,
            (Some(_), _, _) => Status::Confirmed,
            (None, Some(_), _) => Status::Denied,
            (None, None, Some(_)) => Status::Reported,
            (None, None, None) => Status::Claimed,
        }
    }

    /// The range that most articles tell; of equals the narrowest, then the earliest.
    fn likeliest_event(&self) -> Option<EventDates> {
        let width = |event: &EventDates| event.to.duration_since(event.from).as_hours();
        let likeliest = self.events.iter().min_by(|(a, a_count), (b, b_count)| {
            b_count
                .cmp(a_count)
                .then_with(|| width(a).cmp(&width(b)))
                .then_with(|| a.from.cmp(&b.from))
        });
        likeliest.map(|(event, _)| *event)
    }
}

/// Of two descriptions of one victim, the surer one with the other's codes where it has none.
fn more_complete(a: &Victim, b: &Victim) -> Victim {
    let (mut best, other) = if b.confidence > a.confidence {
        (b.clone(), a)
    } else {
        (a.clone(), b)
    };
    best.sector = best.sector.or(other.sector);
    best.level = best.level.or(other.level);
    best.country = best.country.or_else(|| other.country.clone());
    best.siren = best.siren.or_else(|| other.siren.clone());
    if best.place.departement.is_none() {
        best.place = other.place.clone();
    }
    best
}

fn note_changes(before: Option<&State>, after: &State, article: &ArticleRef, history: &mut Vec<Change>) {
    let mut note = |field: &str, from: String, to: String| {
        if from != to {
            history.push(Change {
                at: article.published,
                article: article.id.clone(),
                field: field.to_owned(),
                from,
                to,
                by: None,
            });
        }
    };
    let names = |state: &State| {
        let names: Vec<&str> = state.victims.iter().map(|victim| victim.name.as_str()).collect();
        names.join(", ")
    };
    let types = |state: &State| {
        let types: Vec<&str> = state.attacks.iter().map(|attack| attack.id()).collect();
        types.join(", ")
    };
    let event = |state: &State| match state.event {
        Some(event) if event.from == event.to => event.from.to_string(),
        Some(event) => format!("{}/{}", event.from, event.to),
        None => String::new(),
    };
    let text = |state: Option<&State>, show: &dyn Fn(&State) -> String| state.map(show).unwrap_or_default();
    if before.is_none() {
        note("opened", String::new(), article.outlet.clone());
    }
    note("victims", text(before, &names), names(after));
    note("attacks", text(before, &types), types(after));
    note(
        "status",
        text(before, &|state| state.status.to_string()),
        after.status.to_string(),
    );
    note(
        "actor",
        text(before, &|state| state.actor.clone().unwrap_or_default()),
        after.actor.clone().unwrap_or_default(),
    );
    note("event", text(before, &event), event(after));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::analysis::Place;
    use crate::model::id::ArticleId;

    fn article(day: i64, kind: ArticleKind, attacks: &[AttackType], status: Status, actor: Option<&str>) -> ArticleRef {
        let victim = Victim {
            name: "Département du Loiret".into(),
            key: "departement:45".into(),
            sector: None,
            level: None,
            place: Place::default(),
            country: Some("FR".into()),
            siren: None,
            confidence: 0.9,
        };
        ArticleRef {
            id: ArticleId(format!("a{day}")),
            outlet: "Outlet".into(),
            url: String::new(),
            title: String::new(),
            published: jiff::Timestamp::from_second(1_699_000_000 + day * 86_400).unwrap(),
            kind,
            says: Analysis {
                language: "fr".into(),
                kind,
                tells_incident: true,
                incident_probability: 1.0,
                attacks: attacks.to_vec(),
                victims: vec![victim],
                country: None,
                place: Default::default(),
                status: Some(status),
                actor: actor.map(str::to_owned),
                event: None,
                recurrence: false,
                sector: None,
                facts: Vec::new(),
                recalled: Vec::new(),
                provider: None,
                evidence: vec![],
            },
            joined: vec![],
            part: None,
            imprint: Default::default(),
            founded: Vec::new(),
        }
    }

    fn loiret() -> Vec<ArticleRef> {
        use AttackType::{DataLeak, Ransomware, Undetermined};
        vec![
            article(0, ArticleKind::Incident, &[Undetermined], Status::Confirmed, None),
            article(2, ArticleKind::FollowUp, &[Undetermined], Status::Confirmed, None),
            article(
                9,
                ArticleKind::Claim,
                &[Ransomware, DataLeak],
                Status::Claimed,
                Some("LockBit"),
            ),
            article(
                35,
                ArticleKind::Retrospective,
                &[Ransomware],
                Status::Confirmed,
                Some("LockBit"),
            ),
        ]
    }

    #[test]
    fn the_type_becomes_known_and_the_history_says_when() {
        let incident = fold("i".into(), loiret());
        assert_eq!(incident.attacks, [AttackType::Ransomware, AttackType::DataLeak]);
        assert_eq!(incident.status, Status::Confirmed);
        assert_eq!(incident.actor.as_deref(), Some("LockBit"));
        assert_eq!(incident.standing, Standing::Reported);
        let changes: Vec<(&str, &str, &str, &str)> = incident
            .history
            .iter()
            .map(|change| {
                (
                    change.article.as_str(),
                    change.field.as_str(),
                    change.from.as_str(),
                    change.to.as_str(),
                )
            })
            .collect();
        assert_eq!(
            changes,
            [
                ("a0", "opened", "", "Outlet"),
                ("a0", "victims", "", "Département du Loiret"),
                ("a0", "attacks", "", "indetermine"),
                ("a0", "status", "", "confirme"),
                ("a9", "attacks", "indetermine", "rancongiciel, fuite"),
                ("a9", "actor", "", "LockBit"),
            ]
        );
    }

    #[test]
    fn order_of_arrival_does_not_matter() {
        let expected = fold("i".into(), loiret());
        for rotation in 0..4 {
            let mut articles = loiret();
            articles.rotate_left(rotation);
            articles.push(articles[0].clone());
            assert_eq!(fold("i".into(), articles), expected);
        }
    }

    #[test]
    fn a_recap_tells_until_news_do_and_then_only_mentions() {
        use AttackType::{DataLeak, Ddos, Ransomware};
        let recap = |day| article(day, ArticleKind::Retrospective, &[Ddos], Status::Claimed, Some("Play"));
        let news = |day| article(day, ArticleKind::Incident, &[Ransomware], Status::Confirmed, None);
        let trial = |day| article(day, ArticleKind::Justice, &[DataLeak], Status::Confirmed, None);
        let check = |articles: Vec<ArticleRef>, told: (&[AttackType], Status, Option<&str>, Standing)| {
            let incident = fold("i".into(), articles);
            let victims: Vec<&str> = incident.victims.iter().map(|victim| victim.key.as_str()).collect();
            assert_eq!(victims, ["departement:45"]);
            let seen = (
                incident.attacks.as_slice(),
                incident.status,
                incident.actor.as_deref(),
                incident.standing,
            );
            assert_eq!(seen, told);
        };
        let recalled: (&[AttackType], Status, Option<&str>, Standing) =
            (&[Ddos], Status::Claimed, Some("Play"), Standing::Recalled);
        let reported: (&[AttackType], Status, Option<&str>, Standing) =
            (&[Ransomware], Status::Confirmed, None, Standing::Reported);
        check(vec![recap(3)], recalled);
        check(vec![recap(3), recap(10)], recalled);
        check(vec![recap(3), news(5)], reported);
        check(vec![news(1), recap(3)], reported);
        check(vec![recap(0), news(1), recap(3), recap(4), recap(5)], reported);
        check(
            vec![recap(3), trial(5)],
            (&[DataLeak], Status::Confirmed, None, Standing::Recalled),
        );
        // Another victim that a recap names is none of the incident's.
        let mut other = recap(3);
        other.says.victims[0].key = "departement:28".into();
        check(vec![other, news(5)], reported);
        let fields: Vec<String> = fold("i".into(), vec![recap(3), news(5)])
            .history
            .iter()
            .map(|change| format!("{} {} {}→{}", change.article, change.field, change.from, change.to))
            .collect();
        assert_eq!(
            fields,
            [
                "a3 opened →Outlet",
                "a3 victims →Département du Loiret",
                "a3 attacks →ddos",
                "a3 status →revendique",
                "a3 actor →Play",
                "a5 attacks ddos→rancongiciel",
                "a5 status revendique→confirme",
                "a5 actor Play→",
            ]
        );
    }

    #[test]
    fn statuses() {
        let check = |statuses: &[Status], expected: Status| {
            let articles = statuses
                .iter()
                .zip(0..)
                .map(|(status, day)| article(day, ArticleKind::Incident, &[], *status, None));
            assert_eq!(fold("i".into(), articles.collect()).status, expected, "{statuses:?}");
        };
        check(&[Status::Claimed], Status::Claimed);
        check(&[Status::Claimed, Status::Reported], Status::Reported);
        check(
            &[Status::Reported, Status::Confirmed, Status::Claimed],
            Status::Confirmed,
        );
        check(&[Status::Claimed, Status::Denied], Status::Denied);
        check(&[Status::Denied, Status::Confirmed], Status::Confirmed);
    }
}
