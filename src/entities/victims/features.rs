//! The figures about a candidate from which its chance to be the one hit is told. Their weights
//! stand in `data/gazetteer/victim_weights.tsv`; a weight for a name that is no feature is an error.

use crate::model::analysis::Zone;

macro_rules! features {
    ($($(#[$doc:meta])* $feature:ident = $name:literal,)*) => {
        /// One figure about a candidate; mostly 1 for yes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Feature {
            $($(#[$doc])* $feature,)*
        }

        /// Every feature with its name in the file of weights.
        pub const FEATURES: &[(&str, Feature)] = &[$(($name, Feature::$feature),)*];
    };
}

features! {
    /// « cyberattaque contre X », by zone.
    ObjectInTitle = "object-in-title",
    /// The same in the lead.
    ObjectInLead = "object-in-lead",
    /// The same further down.
    ObjectInBody = "object-in-body",
    /// « X victime de », by zone.
    SubjectInTitle = "subject-in-title",
    /// The same in the lead.
    SubjectInLead = "subject-in-lead",
    /// The same further down.
    SubjectInBody = "subject-in-body",
    /// « les serveurs de X », by zone.
    OwnerInTitle = "owner-in-title",
    /// The same in the lead.
    OwnerInLead = "owner-in-lead",
    /// The same further down.
    OwnerInBody = "owner-in-body",
    /// « X confirme », by zone.
    AnnouncesInTitle = "announces-in-title",
    /// The same in the lead.
    AnnouncesInLead = "announces-in-lead",
    /// The same further down.
    AnnouncesInBody = "announces-in-body",
    /// An attack is stated in its sentence, by zone.
    AttackInTitle = "attack-beside-in-title",
    /// The same in the lead.
    AttackInLead = "attack-beside-in-lead",
    /// The same further down.
    AttackInBody = "attack-beside-in-body",
    /// ln(1 + sentences where it stands in a victim's place).
    Governed = "governed",
    /// It is named in the headline.
    InTitle = "in-title",
    /// The headline begins with it.
    HeadsTitle = "heads-title",
    /// It is named in the lead.
    InLead = "in-lead",
    /// No other candidate is named in the headline.
    OnlyInTitle = "only-in-title",
    /// It is the first candidate that the text names.
    First = "first",
    /// ln(1 + its mentions).
    Mentions = "mentions",
    /// Its part of all mentions of candidates.
    Share = "share",
    /// No other candidate is named more often.
    MostNamed = "most-named",
    /// No other candidate stands in a victim's place more often.
    MostGoverned = "most-governed",
    /// Only named where other cases are recalled.
    OnlyInBackground = "only-in-background",
    /// Part of its mentions that are held back: « selon X », « après X ».
    HeldBack = "held-back",
    /// Part of its mentions in a sentence that tells an earlier year.
    OtherYear = "other-year",
    /// « comme X », « après l'attaque contre X »: part of its mentions.
    OtherCase = "other-case",
    /// Part of its mentions that complete another body's name.
    Completes = "completes",
    /// A mention that is surely somebody's name.
    SurelyNamed = "surely-named",
    /// « la société X ».
    Introduced = "introduced",
    /// « X, éditeur de ».
    Described = "described",
    /// « chez X ».
    Chez = "chez",
    /// « X ... ses clients ».
    OwnAssets = "own-assets",
    /// « X explique ».
    Says = "says",
    /// « X lance un outil », « X accuse ».
    Promotes = "promotes",
    /// « le directeur de X », « expert chez X ».
    OfPerson = "of-person",
    /// « le groupe X revendique ».
    Attacker = "attacker",
    /// « par X ».
    ByIt = "by-it",
    /// An institution's words with a place.
    Cue = "cue",
    /// A name of a list.
    Listed = "listed",
    /// A name of a list that is also an ordinary word.
    ListedCareful = "listed-careful",
    /// A town's name alone.
    Town = "town",
    /// « la mairie », for the article's own place.
    ByHead = "by-head",
    /// Its area is said to be hit.
    AreaHit = "area-hit",
    /// Its area stands at the headline's head.
    AreaInTitle = "area-in-title",
    /// Authorities and investigators, who are hit only in so many words.
    HelperStrict = "helper-strict",
    /// Vendors and channels.
    Helper = "helper",
    /// A medium.
    Media = "media",
    /// Its sector is known.
    HasSector = "has-sector",
    /// Several words.
    LongName = "long-name",
    /// Written in capitals throughout.
    Sigle = "sigle",
    /// An Internet domain.
    Domain = "domain",
    /// Every mention stands where a capital proves nothing.
    OnlyAtStart = "only-at-start",
    /// Begins with a first name, or stands beside somebody's function.
    Person = "person",
    /// « les comptes X »: right after what was hit.
    BesideAsset = "beside-asset",
    /// « comment X a été piraté »: hit by its own verb within three words.
    HitAtOnce = "hit-at-once",
    /// A country as such.
    Country = "country",
    /// No other candidate comes before it in the body.
    FirstInBody = "first-in-body",
    /// Its own verb tells that it was hit besides another: « X a été elle aussi touchée ».
    Besides = "besides",
    /// A body of the State that never stands in a victim's place, though it may announce the attack on another.
    OfficialUnhit = "official-unhit",
    /// The same, where another candidate stands in a victim's place or announces an attack of its own.
    OfficialBeside = "official-beside",
    /// Of the candidates that stand in a victim's place, the one that the text names first.
    FirstGoverned = "first-governed",
    /// The article's address holds its name, and it is no person's: « .../cyberattaque-a-la-mairie-de-lille ».
    InAddress = "in-address",
}

/// How many features there are.
pub const COUNT: usize = FEATURES.len();

/// The figures about one candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct Features([f32; COUNT]);

impl Default for Features {
    fn default() -> Features {
        Features([0.0; COUNT])
    }
}

impl Features {
    /// The figure of a feature.
    pub fn get(&self, feature: Feature) -> f32 {
        self.0[feature as usize]
    }

    /// Sets a figure.
    pub fn set(&mut self, feature: Feature, value: f32) {
        self.0[feature as usize] = value;
    }

    /// Adds to a figure.
    pub fn add(&mut self, feature: Feature, value: f32) {
        self.0[feature as usize] += value;
    }

    /// Notes a yes; a no changes nothing.
    pub fn note(&mut self, feature: Feature, yes: bool) {
        if yes {
            self.set(feature, 1.0);
        }
    }

    /// Notes a yes under the feature of the zone: headline, lead, further down.
    pub fn note_in(&mut self, by_zone: [Feature; 3], zone: Zone, yes: bool) {
        let index = match zone {
            Zone::Title => 0,
            Zone::Lead => 1,
            Zone::Body => 2,
            Zone::Background | Zone::Teaser => return,
        };
        self.note(by_zone[index], yes);
    }

    /// Takes in the figures of another spelling, before they are compared with those of others.
    pub fn join(&mut self, other: &Features) {
        use Feature::{Completes, HeldBack, OtherCase, OtherYear};
        let sums = [HeldBack, OtherCase, OtherYear, Completes].map(|feature| self.get(feature) + other.get(feature));
        for (own, theirs) in self.0.iter_mut().zip(other.0) {
            *own = own.max(theirs);
        }
        for (feature, sum) in [HeldBack, OtherCase, OtherYear, Completes].into_iter().zip(sums) {
            self.set(feature, sum);
        }
    }

    /// The same figures, had what is told further down been told in the lead, and with no earlier year beside
    /// it: each story of a recap has its own beginning.
    pub fn as_in_lead(&self) -> Features {
        use Feature::*;
        let mut features = self.clone();
        for (body, lead) in [
            (ObjectInBody, ObjectInLead),
            (SubjectInBody, SubjectInLead),
            (OwnerInBody, OwnerInLead),
            (AnnouncesInBody, AnnouncesInLead),
            (AttackInBody, AttackInLead),
        ] {
            features.set(lead, self.get(lead).max(self.get(body)));
            features.set(body, 0.0);
        }
        features.set(InLead, 1.0);
        features.set(OtherYear, 0.0);
        features
    }

    /// The figures that are not zero, with their names.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, f32)> + '_ {
        FEATURES
            .iter()
            .map(|(name, feature)| (*name, self.get(*feature)))
            .filter(|(_, value)| *value != 0.0)
    }

    /// What of it speaks against its being hit, heaviest first.
    pub fn against(&self, weights: &Weights) -> Vec<(&'static str, f32)> {
        let adds = |(name, feature): &(&'static str, Feature)| {
            let index = *feature as usize;
            (*name, self.0[index] * weights.of[index])
        };
        let mut against: Vec<(&'static str, f32)> = FEATURES.iter().map(adds).filter(|(_, adds)| *adds < 0.0).collect();
        against.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(b.0)));
        against
    }

    /// The chance, 0 to 1, that this candidate was hit.
    pub fn chance(&self, weights: &Weights) -> f32 {
        let sum: f32 = self
            .0
            .iter()
            .zip(&weights.of)
            .map(|(value, weight)| value * weight)
            .sum();
        1.0 / (1.0 + (-(weights.bias + sum)).exp())
    }
}

/// What each feature adds to the log-odds that a candidate was hit.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    bias: f32,
    of: [f32; COUNT],
}

impl Default for Weights {
    fn default() -> Weights {
        Weights {
            bias: 0.0,
            of: [0.0; COUNT],
        }
    }
}

impl Weights {
    /// Sets the weight of this name; `bias` is the constant. None when no feature is called so.
    pub fn set(&mut self, name: &str, weight: f32) -> Option<()> {
        if name == "bias" {
            self.bias = weight;
            return Some(());
        }
        let (_, feature) = FEATURES.iter().find(|(known, _)| *known == name)?;
        self.of[*feature as usize] = weight;
        Some(())
    }
}
