//! Which incidents are parts of a larger whole, found anew at every reading from the incidents alone, so that nothing
//! stored can get out of step: the clients of a supplier that was hit, and waves, one actor's attacks of one type on
//! several victims within days. Pure; the order of the incidents does not matter.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{Span, Timestamp};

use super::view::day_of;
use crate::model::answer::{Ensemble, Part, PartOf, Whole};
use crate::model::id::{IncidentId, VictimKey};
use crate::model::incident::Incident;
use crate::model::label::{AttackType, Status};
use crate::text::fold::slug;

/// A client may be told so many days before the supplier's own incident.
const DAYS_BEFORE_SUPPLIER: i32 = 60;
/// And so many days after.
const DAYS_AFTER_SUPPLIER: i32 = 180;
/// Clients of a supplier that has no incident of its own belong together from so many on.
const FEWEST_CLIENTS: usize = 2;
/// A wave has so many victims, at least.
const FEWEST_VICTIMS: usize = 3;
/// Days between two attacks of a wave, at most.
const DAYS_BETWEEN: i32 = 3;
/// Days between the first and the last attack of a wave, at most.
const DAYS_OF_WAVE: i32 = 10;
/// Suppliers of suppliers that are followed up.
const MOST_LEVELS: usize = 4;

/// What relations need to know of an incident.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The incident.
    pub id: IncidentId,
    /// Its day, as shown.
    pub day: Date,
    /// The main victim's name; the incident's id where none is named.
    pub name: String,
    /// The main victim.
    pub victim: Option<VictimKey>,
    /// What makes it part of a wave: who did what; none where that is no wave's.
    wave: Option<(String, AttackType)>,
    /// The suppliers through whom its articles say that it came, with their names.
    suppliers: BTreeMap<VictimKey, String>,
}

impl Node {
    /// What an incident tells of itself.
    pub fn of(incident: &Incident) -> Node {
        let main = incident.victims.first();
        let suppliers = incident
            .articles
            .iter()
            .filter_map(|article| article.says.provider.as_ref());
        Node {
            id: incident.id.clone(),
            day: day_of(incident).date,
            name: main.map_or_else(|| incident.id.to_string(), |main| main.name.clone()),
            victim: main.map(|main| main.key.clone()),
            wave: wave_of(incident),
            suppliers: suppliers
                .filter(|supplier| incident.victims.first().is_none_or(|main| main.key != supplier.key))
                .map(|supplier| (supplier.key.clone(), supplier.name.clone()))
                .collect(),
        }
    }

    /// Whether it may be part of something by what it says itself; others can only be a supplier's own incident.
    pub fn may_be_part(&self) -> bool {
        self.wave.is_some() || !self.suppliers.is_empty()
    }

    /// The suppliers that it names.
    pub fn suppliers(&self) -> impl Iterator<Item = &VictimKey> {
        self.suppliers.keys()
    }
}

/// The actor and type by which an incident can be part of a wave. A ransomware group's victims of one week have
/// nothing else in common; and what is undetermined or denied tells nothing.
fn wave_of(incident: &Incident) -> Option<(String, AttackType)> {
    let actor = incident.actor.as_deref()?.split([',', ';', '/']).next()?.trim();
    let attack = if incident.attacks.contains(&AttackType::Ddos) {
        AttackType::Ddos
    } else {
        *incident.attacks.first()?
    };
    let is_common = !matches!(
        attack,
        AttackType::Ransomware | AttackType::Undetermined | AttackType::Outage
    );
    (is_common && incident.status != Status::Denied && !slug(actor).is_empty()).then(|| (actor.to_owned(), attack))
}

/// From when on incidents are to be read so that the relations of those since a moment are whole.
pub fn reach_back(since: Timestamp) -> Timestamp {
    back(since, DAYS_BEFORE_SUPPLIER + DAYS_OF_WAVE)
}

/// The same for one incident, which may be a client of an older one.
pub fn reach_back_of(incident: &Incident) -> Timestamp {
    back(incident.first_published, DAYS_AFTER_SUPPLIER + DAYS_BEFORE_SUPPLIER)
}

fn back(moment: Timestamp, days: i32) -> Timestamp {
    moment
        .checked_sub(Span::new().hours(i64::from(days) * 24))
        .unwrap_or(Timestamp::MIN)
}

/// What belongs together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Relations {
    /// Every whole with its incidents; ordered by first day, then id.
    pub ensembles: Vec<Ensemble>,
    part_of: BTreeMap<IncidentId, PartOf>,
    parts: BTreeMap<IncidentId, Vec<Part>>,
    ensemble_of: BTreeMap<IncidentId, usize>,
}

impl Relations {
    /// What an incident is part of.
    pub fn part_of(&self, id: &IncidentId) -> Option<&PartOf> {
        self.part_of.get(id)
    }

    /// The incidents that are part of this one, by day.
    pub fn parts(&self, id: &IncidentId) -> &[Part] {
        self.parts.get(id).map_or(&[], Vec::as_slice)
    }

    /// The whole that an incident counts in, by its place in the list; none where it counts alone.
    pub fn ensemble_of(&self, id: &IncidentId) -> Option<usize> {
        self.ensemble_of.get(id).copied()
    }
}

/// A whole that is no incident: a wave, or the clients of a supplier that has none of its own.
struct Group<'n> {
    id: IncidentId,
    whole: Whole,
    name: String,
    members: Vec<&'n Node>,
}

/// Finds what belongs together.
pub fn relations(nodes: &[Node]) -> Relations {
    let nodes: BTreeMap<(Date, &IncidentId), &Node> = nodes.iter().map(|node| ((node.day, &node.id), node)).collect();
    let nodes: Vec<&Node> = nodes.into_values().collect();
    let mut above: BTreeMap<&IncidentId, IncidentId> = BTreeMap::new();
    for (client, supplier) in suppliers_incidents(&nodes) {
        above.insert(client, supplier.clone());
    }
    let mut groups = clients_without_incident(&nodes, &above);
    for group in &groups {
        above.extend(group.members.iter().map(|node| (&node.id, group.id.clone())));
    }
    let waves = waves(&nodes, &above);
    for wave in &waves {
        above.extend(wave.members.iter().map(|node| (&node.id, wave.id.clone())));
    }
    groups.extend(waves);
    gather(&nodes, &above, &groups)
}

/// For each client, the incident of its supplier that is nearest in time.
fn suppliers_incidents<'n>(nodes: &[&'n Node]) -> BTreeMap<&'n IncidentId, &'n IncidentId> {
    let mut by_victim: BTreeMap<&VictimKey, Vec<&Node>> = BTreeMap::new();
    for node in nodes {
        if let Some(victim) = &node.victim {
            by_victim.entry(victim).or_default().push(node);
        }
    }
    let mut found = BTreeMap::new();
    for client in nodes {
        let own = client.suppliers.keys().filter_map(|key| by_victim.get(key)).flatten();
        let near = own
            .filter(|supplier| supplier.id != client.id)
            .map(|supplier| (days_between(supplier.day, client.day), *supplier))
            .filter(|(days, _)| (-DAYS_BEFORE_SUPPLIER..=DAYS_AFTER_SUPPLIER).contains(days));
        if let Some((_, supplier)) = near.min_by_key(|(days, supplier)| (days.abs(), &supplier.id)) {
            found.insert(&client.id, &supplier.id);
        }
    }
    // Two that name each other as supplier tell nothing.
    let leads_back = |client: &IncidentId| {
        let mut at = client;
        for _ in 0..MOST_LEVELS {
            match found.get(at) {
                Some(next) if *next == client => return true,
                Some(next) => at = next,
                None => return false,
            }
        }
        // A longer chain is none, either.
        true
    };
    let kept: Vec<&IncidentId> = found.keys().copied().filter(|client| !leads_back(client)).collect();
    kept.into_iter().map(|client| (client, found[client])).collect()
}

/// The clients of a supplier whose own incident is not known.
fn clients_without_incident<'n>(nodes: &[&'n Node], above: &BTreeMap<&IncidentId, IncidentId>) -> Vec<Group<'n>> {
    let mut by_supplier: BTreeMap<&VictimKey, Vec<&Node>> = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for node in nodes.iter().filter(|node| !above.contains_key(&node.id)) {
        for key in node.suppliers.keys() {
            by_supplier.entry(key).or_default().push(node);
        }
    }
    let mut groups = Vec::new();
    for (key, clients) in by_supplier {
        for members in chained(&clients, DAYS_AFTER_SUPPLIER, DAYS_AFTER_SUPPLIER) {
            let members: Vec<&Node> = members.into_iter().filter(|node| !taken.contains(&node.id)).collect();
            if victims(&members) < FEWEST_CLIENTS {
                continue;
            }
            let first = members[0];
            let name = first.suppliers.get(key).cloned().unwrap_or_default();
            taken.extend(members.iter().map(|node| &node.id));
            groups.push(Group {
                id: IncidentId(format!("prestataire-{}-{}", slug(&name), first.day)),
                whole: Whole::Supplier,
                name,
                members,
            });
        }
    }
    groups
}

/// One actor's attacks of one type, on several victims, within days.
fn waves<'n>(nodes: &[&'n Node], above: &BTreeMap<&IncidentId, IncidentId>) -> Vec<Group<'n>> {
    let mut by_actor: BTreeMap<(String, &'static str), Vec<&Node>> = BTreeMap::new();
    for node in nodes.iter().filter(|node| !above.contains_key(&node.id)) {
        if let Some((actor, attack)) = &node.wave {
            by_actor.entry((slug(actor), attack.id())).or_default().push(node);
        }
    }
    let mut groups = Vec::new();
    for ((actor, attack), nodes) in by_actor {
        for members in chained(&nodes, DAYS_BETWEEN, DAYS_OF_WAVE) {
            let Some((name, _)) = &members[0].wave else { continue };
            if victims(&members) < FEWEST_VICTIMS {
                continue;
            }
            let day = members[0].day;
            groups.push(Group {
                id: IncidentId(if attack == AttackType::Ddos.id() {
                    format!("vague-{actor}-{day}")
                } else {
                    format!("vague-{actor}-{attack}-{day}")
                }),
                whole: Whole::Wave,
                name: name.clone(),
                members,
            });
        }
    }
    groups
}

/// Cuts incidents, ordered by day, where too many days lie between two, or since the first.
fn chained<'n>(nodes: &[&'n Node], most_between: i32, most_in_all: i32) -> Vec<Vec<&'n Node>> {
    let mut chains: Vec<Vec<&Node>> = Vec::new();
    for &node in nodes {
        let last = chains.last_mut().filter(|chain| {
            let is_within =
                |other: Option<&&Node>, most| other.is_some_and(|other| days_between(other.day, node.day) <= most);
            is_within(chain.last(), most_between) && is_within(chain.first(), most_in_all)
        });
        match last {
            Some(chain) => chain.push(node),
            None => chains.push(vec![node]),
        }
    }
    chains
}

/// How many different victims are named.
fn victims(nodes: &[&Node]) -> usize {
    let keys: BTreeSet<&VictimKey> = nodes.iter().filter_map(|node| node.victim.as_ref()).collect();
    keys.len()
}

/// Days from one to the other; negative when the other is earlier.
fn days_between(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}

/// Puts together what each incident is part of, what its parts are, and the wholes.
fn gather(nodes: &[&Node], above: &BTreeMap<&IncidentId, IncidentId>, groups: &[Group<'_>]) -> Relations {
    let by_id: BTreeMap<&IncidentId, &Node> = nodes.iter().map(|node| (&node.id, *node)).collect();
    let groups: BTreeMap<&IncidentId, &Group<'_>> = groups.iter().map(|group| (&group.id, group)).collect();
    let mut relations = Relations::default();
    let mut by_root: BTreeMap<&IncidentId, Vec<&Node>> = BTreeMap::new();
    for node in nodes {
        if let Some(parent) = above.get(&node.id) {
            relations.parts.entry(parent.clone()).or_default().push(Part {
                id: node.id.clone(),
                victim: node.name.clone(),
                date: node.day,
            });
        }
        let mut root = &node.id;
        for _ in 0..=MOST_LEVELS {
            root = above.get(root).unwrap_or(root);
        }
        by_root.entry(root).or_default().push(node);
    }
    for (&client, parent) in above {
        let (whole, name) = match (groups.get(parent), by_id.get(parent)) {
            (Some(group), _) => (group.whole, group.name.clone()),
            (None, Some(supplier)) => (Whole::Supplier, supplier.name.clone()),
            (None, None) => continue,
        };
        let count = relations.parts(parent).len() as u64;
        let id = parent.clone();
        relations
            .part_of
            .insert(client.clone(), PartOf { id, whole, name, count });
    }
    for (root, members) in by_root.into_iter().filter(|(root, members)| {
        // An incident alone is no whole.
        members.len() > 1 || groups.contains_key(root)
    }) {
        let (whole, name) = match groups.get(root) {
            Some(group) => (group.whole, group.name.clone()),
            None => (
                Whole::Supplier,
                by_id.get(root).map_or_else(String::new, |node| node.name.clone()),
            ),
        };
        let (own, parts): (Vec<&Node>, Vec<&Node>) = members.iter().partition(|node| node.id == *root);
        relations.ensembles.push(Ensemble {
            id: root.clone(),
            whole,
            name,
            from: members[0].day,
            to: members[members.len() - 1].day,
            incidents: own.into_iter().chain(parts).map(|node| node.id.clone()).collect(),
            found: 0,
        });
    }
    relations
        .ensembles
        .sort_by(|a, b| a.from.cmp(&b.from).then_with(|| a.id.cmp(&b.id)));
    for (place, ensemble) in relations.ensembles.iter().enumerate() {
        let own = ensemble.incidents.iter().map(|id| (id.clone(), place));
        relations.ensemble_of.extend(own);
    }
    relations
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An incident by a line: "id day victim actor attack supplier", `-` for none.
    fn node(line: &str) -> Node {
        let given: Vec<Option<&str>> = line.split(' ').map(|word| (word != "-").then_some(word)).collect();
        let attack = given[4].map(|id| AttackType::from_id(id).unwrap());
        Node {
            id: given[0].unwrap().into(),
            day: given[1].unwrap().parse().unwrap(),
            name: given[2].unwrap_or("?").to_owned(),
            victim: given[2].map(VictimKey::from),
            wave: given[3].map(str::to_owned).zip(attack),
            suppliers: given[5]
                .map(|key| (VictimKey::from(key), key.to_owned()))
                .into_iter()
                .collect(),
        }
    }

    /// Each whole with its incidents, whatever the order of the input.
    fn wholes(lines: &[&str]) -> String {
        let nodes: Vec<Node> = lines.iter().map(|line| node(line)).collect();
        let found = relations(&nodes);
        for turn in 0..nodes.len() {
            let mut turned = nodes.clone();
            turned.rotate_left(turn);
            assert_eq!(relations(&turned), found, "turned by {turn}");
            turned.reverse();
            assert_eq!(relations(&turned), found, "turned by {turn} and reversed");
            turned.extend(nodes.clone());
            assert_eq!(relations(&turned), found, "each twice");
        }
        let said = found.ensembles.iter().map(|whole| {
            let ids: Vec<&str> = whole.incidents.iter().map(|id| id.as_str()).collect();
            format!("{}: {}", whole.id, ids.join(" "))
        });
        said.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn waves() {
        let check = |lines: &[&str], expected: &str| assert_eq!(wholes(lines), expected, "{lines:?}");
        let lille = "lille 2025-12-22 lille NoName057(16) ddos -";
        let dinard = "dinard 2025-12-23 dinard NoName057(16) ddos -";
        let gien = "gien 2025-12-26 gien NoName057(16) ddos -";
        let all = "vague-noname057-16-2025-12-22: lille dinard gien";
        check(&[lille, dinard, gien], all);
        // Two are no wave; nor are three on two victims.
        check(&[lille, dinard], "");
        check(&[lille, dinard, "bis 2025-12-24 dinard NoName057(16) ddos -"], "");
        // Somebody unnamed goes with it, and makes none.
        let unnamed = "sites 2025-12-23 - NoName057(16) ddos -";
        check(&[lille, dinard, unnamed], "");
        check(
            &[lille, dinard, gien, unnamed],
            "vague-noname057-16-2025-12-22: lille dinard sites gien",
        );
        // Another actor, another type, four days later: not of it.
        check(&[lille, dinard, "gien 2025-12-26 gien Dark ddos -"], "");
        check(&[lille, dinard, "gien 2025-12-26 gien NoName057(16) fuite -"], "");
        check(&[lille, dinard, "gien 2025-12-27 gien NoName057(16) ddos -"], "");
        // One spelling of the actor is as good as another.
        check(&[lille, dinard, "gien 2025-12-26 gien NONAME057-16 ddos -"], all);
        // Ten days at most; what comes then is a wave of its own, when it is one.
        let later = [
            "a 2025-12-29 a NoName057(16) ddos -",
            "b 2026-01-01 b NoName057(16) ddos -",
        ];
        check(&[lille, dinard, gien, later[0], later[1]], &format!("{all} a b"));
        check(
            &[
                lille,
                dinard,
                gien,
                later[0],
                later[1],
                "c 2026-01-02 c NoName057(16) ddos -",
            ],
            &format!("{all} a b"),
        );
        // Other types than denial of service say which.
        check(
            &[
                "x 2025-11-01 x Zorbl fuite -",
                "y 2025-11-02 y Zorbl fuite -",
                "z 2025-11-03 z Zorbl fuite -",
            ],
            "vague-zorbl-fuite-2025-11-01: x y z",
        );
    }

    #[test]
    fn suppliers_and_their_clients() {
        let check = |lines: &[&str], expected: &str| assert_eq!(wholes(lines), expected, "{lines:?}");
        let supplier = "krimovia-2025-11 2025-11-02 krimovia - rancongiciel -";
        let lille = "lille 2025-11-10 lille - fuite krimovia";
        let dax = "dax 2025-11-20 dax - fuite krimovia";
        check(&[supplier, lille, dax], "krimovia-2025-11: krimovia-2025-11 lille dax");
        check(&[supplier, lille], "krimovia-2025-11: krimovia-2025-11 lille");
        check(&[supplier], "");
        // Told before the supplier's own incident, and long after.
        check(
            &[
                supplier,
                "avant 2025-09-05 avant - fuite krimovia",
                "apres 2026-04-30 apres - fuite krimovia",
            ],
            "krimovia-2025-11: krimovia-2025-11 avant apres",
        );
        check(&[supplier, "avant 2025-08-05 avant - fuite krimovia"], "");
        check(&[supplier, "apres 2026-06-30 apres - fuite krimovia"], "");
        // Of two incidents of the supplier, the nearer.
        check(
            &[supplier, "krimovia-2025-08 2025-08-02 krimovia - fuite -", lille],
            "krimovia-2025-11: krimovia-2025-11 lille",
        );
        // A supplier without an incident of its own.
        check(&[lille, dax], "prestataire-krimovia-2025-11-10: lille dax");
        check(&[lille], "");
        // A supplier's supplier: one whole. Two that name each other: none.
        check(
            &[
                "hote 2025-11-01 hote - fuite -",
                "krimovia 2025-11-02 krimovia - fuite hote",
                lille,
            ],
            "hote: hote krimovia lille",
        );
        check(&["a 2025-11-01 a - fuite b", "b 2025-11-02 b - fuite a"], "");
        // A client is not of a wave, too.
        check(
            &[
                supplier,
                "a 2025-11-03 a Dark ddos krimovia",
                "b 2025-11-03 b Dark ddos -",
                "c 2025-11-03 c Dark ddos -",
            ],
            "krimovia-2025-11: krimovia-2025-11 a",
        );
    }

    #[test]
    fn what_an_incident_is_part_of_and_what_is_part_of_it() {
        let nodes = [
            node("k 2025-11-02 krimovia - fuite -"),
            node("lille 2025-11-10 lille - fuite krimovia"),
            node("dax 2025-11-20 dax - fuite krimovia"),
        ];
        let found = relations(&nodes);
        let part = found.part_of(&"lille".into()).unwrap();
        assert_eq!((part.id.as_str(), part.name.as_str(), part.count), ("k", "krimovia", 2));
        let parts: Vec<&str> = found.parts(&"k".into()).iter().map(|part| part.id.as_str()).collect();
        assert_eq!(parts, ["lille", "dax"]);
        assert_eq!(found.part_of(&"k".into()), None);
    }
}
