//! The labels of the taxonomy. Their ids are stable, lower-case ASCII French: they stand in
//! queries, exports and stored records. Code names are English.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that names no label of the list it was looked up in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {list} `{given}`; known: {known}")]
pub struct UnknownLabel {
    /// Which list was searched, in words: "sector", "attack type"...
    pub list: &'static str,
    /// What was typed.
    pub given: String,
    /// The ids that exist, comma-separated.
    pub known: String,
}

/// Declares one list of labels: an enum, its ids, its French names, and text conversions.
macro_rules! labels {
    ($(#[$meta:meta])* $name:ident, $list:literal { $($(#[$vmeta:meta])* $variant:ident => $id:literal, $french:literal;)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* #[doc = $french] $variant,)* }

        impl $name {
            /// Every label, in the order of the taxonomy.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The stable id, as it stands in queries and exports.
            pub const fn id(self) -> &'static str {
                match self { $($name::$variant => $id,)* }
            }

            /// The French name, for people.
            pub const fn french(self) -> &'static str {
                match self { $($name::$variant => $french,)* }
            }

            /// The label with this id; an error that lists the known ids when there is none.
            pub fn from_id(id: &str) -> Result<Self, UnknownLabel> {
                Self::ALL.iter().copied().find(|label| label.id() == id).ok_or_else(|| UnknownLabel {
                    list: $list,
                    given: id.to_owned(),
                    known: Self::ALL.iter().map(|label| label.id()).collect::<Vec<_>>().join(", "),
                })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.id())
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownLabel;
            fn from_str(id: &str) -> Result<Self, UnknownLabel> {
                Self::from_id(id)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.id())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let id = String::deserialize(deserializer)?;
                Self::from_id(&id).map_err(serde::de::Error::custom)
            }
        }
    };
}

labels! {
    /// The main activity of a victim, never its legal form.
    Sector, "sector" {
        LocalGovernment => "collectivite", "Collectivités territoriales et établissements locaux";
        State => "etat", "État, ministères, opérateurs, autorités";
        Rescue => "secours", "Sécurité civile hors SDIS, SAMU";
        Defence => "defense", "Défense et armées";
        Health => "sante", "Santé, médico-social, pharmacie";
        Education => "education", "Enseignement scolaire et supérieur, formation";
        Research => "recherche", "Recherche";
        Energy => "energie", "Énergie";
        WaterWaste => "eau-dechets", "Eau, assainissement, déchets";
        Transport => "transport", "Transport, logistique, courrier";
        Digital => "numerique", "Numérique, hébergement, ESN, télécoms, logiciel";
        Finance => "finance", "Banque, assurance, mutuelles, cryptoactifs";
        Industry => "industrie", "Industrie";
        ConstructionHousing => "btp-logement", "BTP, immobilier, bailleurs";
        Food => "agroalimentaire", "Agriculture et agroalimentaire";
        Retail => "commerce", "Commerce, distribution, e-commerce";
        Services => "services", "Services aux entreprises et aux personnes";
        MediaCulture => "medias-culture", "Médias, culture, divertissement";
        SportTourism => "sport-tourisme", "Sport, tourisme, hôtellerie";
        Associations => "associations", "Associations, ONG, partis, syndicats, cultes";
        Citizens => "particuliers", "Grand public";
        Several => "multi", "Plusieurs secteurs";
        Unknown => "inconnu", "Non déterminé";
    }
}

labels! {
    /// The tier of a local body (sector `collectivite` only).
    Level, "level" {
        Commune => "commune", "Commune";
        Intercommunality => "epci", "Intercommunalité (EPCI)";
        Departement => "departement", "Département";
        Region => "region", "Région";
        Syndicate => "syndicat", "Syndicat mixte ou intercommunal";
        SocialAction => "ccas", "Centre d'action sociale";
        FireService => "sdis", "Service départemental d'incendie et de secours";
        PublicHousing => "oph", "Office public de l'habitat";
        Other => "autre", "Autre établissement local";
    }
}

labels! {
    /// What was done to the victim; an incident may carry several.
    AttackType, "attack type" {
        Ransomware => "rancongiciel", "Rançongiciel";
        Ddos => "ddos", "Déni de service";
        DataLeak => "fuite", "Vol ou fuite de données";
        Exposure => "exposition", "Exposition accidentelle";
        Account => "compte", "Compte ou messagerie compromis";
        Phishing => "hameconnage", "Hameçonnage";
        Fraud => "fraude", "Fraude, faux virement, usurpation";
        Defacement => "defiguration", "Défiguration de site";
        Intrusion => "intrusion", "Intrusion, accès non autorisé";
        Exploitation => "exploitation", "Exploitation de vulnérabilité";
        Malware => "malveillant", "Logiciel malveillant, voleur d'identifiants";
        Sabotage => "sabotage", "Effacement, sabotage";
        Espionage => "espionnage", "Espionnage";
        Insider => "interne", "Malveillance interne";
        Outage => "panne", "Panne non malveillante";
        Undetermined => "indetermine", "« Cyberattaque » sans précision";
    }
}

labels! {
    /// What an article is.
    ArticleKind, "article kind" {
        Incident => "incident", "Récit d'un incident";
        FollowUp => "suivi", "Suite d'un incident connu";
        Claim => "revendication", "Revendication par un attaquant";
        Denial => "dementi", "Démenti de la victime";
        Justice => "justice", "Enquête, arrestation, procès";
        Retrospective => "retrospective", "Récapitulatif d'incidents";
        Alert => "alerte", "Alerte sans victime précise";
        Advice => "conseil", "Conseil, tribune";
        Product => "produit", "Produit, entreprise, bourse";
        Study => "etude", "Chiffres, baromètre, rapport";
        Policy => "politique", "Loi, budget, diplomatie";
        OtherCyber => "autre-cyber", "Autre sujet cyber";
        OffTopic => "hors-sujet", "Hors sujet";
    }
}

impl ArticleKind {
    /// Whether an article of this kind may belong to an incident at all.
    pub const fn carries_incident(self) -> bool {
        matches!(
            self,
            Self::Incident | Self::FollowUp | Self::Claim | Self::Denial | Self::Justice | Self::Retrospective
        )
    }

    /// Whether it reports the incident as news, and so may open one on its own. Trials and
    /// recaps only recall incidents.
    pub const fn reports_incident(self) -> bool {
        matches!(self, Self::Incident | Self::FollowUp | Self::Claim | Self::Denial)
    }
}

labels! {
    /// How far an incident is established.
    Status, "status" {
        Reported => "signale", "Signalé par la presse";
        Confirmed => "confirme", "Confirmé par la victime ou une autorité";
        Claimed => "revendique", "Revendiqué par l'attaquant seul";
        Denied => "dementi", "Démenti";
    }
}

labels! {
    /// What a number of persons affected counts.
    Counted, "counted" {
        Persons => "personnes", "personnes";
        Accounts => "comptes", "comptes";
        Records => "dossiers", "dossiers, fiches ou lignes";
    }
}

labels! {
    /// What a volume of data is told in.
    VolumeUnit, "volume unit" {
        Bytes => "octets", "octets";
        Files => "fichiers", "fichiers ou documents";
    }
}

labels! {
    /// The currency of a ransom.
    Currency, "currency" {
        Euro => "eur", "euros";
        UsDollar => "usd", "dollars";
        CanadianDollar => "cad", "dollars canadiens";
        Pound => "gbp", "livres sterling";
        SwissFranc => "chf", "francs suisses";
        Bitcoin => "btc", "bitcoins";
        Ether => "eth", "ethers";
        Monero => "xmr", "moneros";
    }
}

labels! {
    /// What is said of a ransom.
    RansomStance, "ransom stance" {
        Asked => "demandee", "demandée";
        Paid => "payee", "payée";
        Refused => "refusee", "refusée";
    }
}

labels! {
    /// What data was reached: what the victim's customers, patients or agents must fear for.
    DataKind, "data kind" {
        CivilStatus => "etat-civil", "État civil, noms, dates de naissance";
        Address => "adresse", "Adresses postales";
        Phone => "telephone", "Numéros de téléphone";
        Email => "courriel", "Adresses électroniques, courriels";
        Password => "mot-de-passe", "Mots de passe, identifiants";
        Bank => "bancaire", "Coordonnées bancaires, IBAN";
        SocialSecurity => "securite-sociale", "Numéros de sécurité sociale";
        Health => "sante", "Données de santé";
        IdentityPapers => "identite", "Pièces d'identité";
        Staff => "rh", "Données du personnel, paie";
        Schooling => "scolarite", "Scolarité, notes";
        Family => "famille", "Situation familiale";
        Tax => "fiscal", "Données fiscales, revenus";
        Contracts => "contrats", "Contrats, commandes, factures";
        Location => "localisation", "Localisation, déplacements";
        Biometrics => "biometrie", "Biométrie";
        Opinions => "opinions", "Opinions, appartenances, vie intime";
        Justice => "justice", "Police et justice";
        Internal => "interne", "Documents internes, secrets d'affaires";
        Source => "code", "Code source, accès techniques";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_round_trip_and_unknown_ids_name_the_list() {
        for sector in Sector::ALL {
            assert_eq!(Sector::from_id(sector.id()).unwrap(), *sector);
            assert!(
                sector.id().bytes().all(|b| b.is_ascii_lowercase() || b == b'-'),
                "{sector}"
            );
        }
        assert_eq!(Sector::ALL.len(), 23);
        assert_eq!(AttackType::ALL.len(), 16);
        assert_eq!(
            ArticleKind::ALL.iter().filter(|kind| kind.carries_incident()).count(),
            6
        );
        let error = Sector::from_id("sante publique").unwrap_err().to_string();
        assert!(
            error.starts_with("unknown sector `sante publique`; known: collectivite, etat"),
            "{error}"
        );
    }
}
