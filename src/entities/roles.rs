//! What single words do around a name: announce, undergo, introduce, hold back. The lists stand in
//! `data/gazetteer/roles.tsv`, one row a role.

use std::collections::HashMap;

use crate::text::hash::BuildPlain;

/// What a word does in a sentence about an attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WordRole {
    /// « visant X ».
    Attacking,
    /// « X, visée par »: participles, only as written with their accent.
    Hit,
    /// « X victime de », « X subit ».
    Undergoes,
    /// « X confirme ».
    Announces,
    /// « les serveurs de X ».
    Asset,
    /// « selon X ».
    HoldsBack,
    /// Articles and prepositions.
    Article,
    /// « la société X ».
    Introduces,
    /// « X, l'éditeur de Y, ».
    OpensAside,
    /// « le maire X ».
    Person,
    /// « fuite massive chez X ».
    Qualifies,
    /// « explique X »: quoted, as experts are.
    Says,
    /// « le gang X ».
    Attacker,
    /// « Sommaire », « Publié », « Photo »: the page's own words, run into a name.
    Heading,
    /// « le groupe X »: not part of the name.
    Generic,
    /// « X lance, X corrige »: what vendors do.
    Promotes,
    /// « une PME de Lyon »: an organisation that is no town's own; the town only tells where it is.
    Seated,
    /// « le compte Facebook de »: networks where people have accounts.
    Network,
    /// « le ministère des Armées »: a word of ministries that only France calls so.
    OnlyFrench,
    /// « son prestataire X », « X, hébergeur de la ville ».
    Supplier,
    /// « son éditeur X »: a supplier only when somebody's.
    Maker,
    /// « éditée par X »: only as written with an accent.
    Supplies,
    /// « le logiciel de X ».
    Tool,
    /// « via son prestataire X ».
    Through,
    /// « provient de son prestataire X ».
    Origin,
}

/// Every role by its name in the file.
const ROLES: &[(&str, WordRole)] = &[
    ("attacking", WordRole::Attacking),
    ("hit", WordRole::Hit),
    ("undergoes", WordRole::Undergoes),
    ("announces", WordRole::Announces),
    ("asset", WordRole::Asset),
    ("holds-back", WordRole::HoldsBack),
    ("article", WordRole::Article),
    ("introduces", WordRole::Introduces),
    ("opens-aside", WordRole::OpensAside),
    ("person", WordRole::Person),
    ("qualifies", WordRole::Qualifies),
    ("says", WordRole::Says),
    ("attacker", WordRole::Attacker),
    ("heading", WordRole::Heading),
    ("generic", WordRole::Generic),
    ("promotes", WordRole::Promotes),
    ("seated", WordRole::Seated),
    ("network", WordRole::Network),
    ("only-french", WordRole::OnlyFrench),
    ("supplier", WordRole::Supplier),
    ("maker", WordRole::Maker),
    ("supplies", WordRole::Supplies),
    ("tool", WordRole::Tool),
    ("through", WordRole::Through),
    ("origin", WordRole::Origin),
];

/// The roles of a word, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Roles(u32);

impl Roles {
    /// Whether the word has this role.
    pub fn has(self, role: WordRole) -> bool {
        self.0 & (1 << role as u32) != 0
    }
}

/// The roles of all words that have any, by the word's hash.
#[derive(Debug, Default)]
pub(super) struct RoleWords(HashMap<u64, Roles, BuildPlain>);

impl RoleWords {
    /// Gives a word the role of this name; none when no role is called so.
    pub fn add(&mut self, role: &str, word: u64) -> Option<()> {
        let (_, role) = ROLES.iter().find(|(name, _)| *name == role)?;
        self.0.entry(word).or_default().0 |= 1 << *role as u32;
        Some(())
    }

    /// The roles of a word.
    pub fn of(&self, word: u64) -> Roles {
        self.0.get(&word).copied().unwrap_or_default()
    }
}
