//! One type for each identifier, so that a feed's cannot be taken for an incident's.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! identifier {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
}

identifier! {
    /// A feed's name in `feeds.toml`, such as `ici-orleans`.
    FeedId
}
identifier! {
    /// Tells one entry of one feed from all others: its guid, or its link, or what it says.
    EntryKey
}
identifier! {
    /// An article, from its canonical address: the same page found twice has the same id.
    ArticleId
}
identifier! {
    /// An incident, from its victim and month: `departement-du-loiret-2023-11`. Never changes.
    IncidentId
}
identifier! {
    /// A victim's identity across spellings: `commune:45234`, `departement:45`, `nom:alinto`.
    VictimKey
}

impl ArticleId {
    /// The id of the article at this (already canonical) address.
    pub fn of_url(canonical_url: &str) -> Self {
        Self(blake3::hash(canonical_url.as_bytes()).to_hex()[..16].to_owned())
    }
}
