//! Who was hit, told by invented articles: one row each, with the keys of the victims.

use crate::entities::tests::read_case;

/// Checks rows of title, text, and the victims' keys, all at once so that every miss is seen.
#[track_caller]
fn check(rows: &[(&str, &str, &[&str])]) {
    let mut misses = Vec::new();
    for (title, text, expected) in rows {
        let entities = read_case(title, text, &[], "");
        let keys: Vec<&str> = entities.victims.iter().map(|victim| victim.key.as_str()).collect();
        if keys != *expected {
            misses.push(format!("{title} / {text}: {keys:?}, expected {expected:?}"));
        }
    }
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}

#[test]
fn companies_that_no_list_has() {
    check(&[
        (
            "La société Zorblax victime d'un rançongiciel",
            "Zorblax a porté plainte.",
            &["nom:zorblax"],
        ),
        (
            "Zorblax piraté",
            "Zorblax a vu ses serveurs chiffrés lundi.",
            &["nom:zorblax"],
        ),
        (
            "Krimovia confirme une fuite de données",
            "Le courriel envoyé aux clients par Krimovia parle d'une intrusion.",
            &["nom:krimovia"],
        ),
        (
            "Krimovia : les données de 40 000 clients dans la nature",
            "L'enseigne Krimovia a prévenu ses clients vendredi.",
            &["nom:krimovia"],
        ),
        (
            "Cyberattaque chez Trovaz Industrie",
            "L'usine de Trovaz Industrie tourne au ralenti.",
            &["nom:trovaz-industrie"],
        ),
        (
            "Les données des clients de Mirvaline volées",
            "Mirvaline, spécialiste de la vente de rideaux, a porté plainte après ce piratage.",
            &["nom:mirvaline"],
        ),
        (
            "Mirvaline annonce avoir subi une cyberattaque",
            "Le groupe Mirvaline assure avoir coupé ses serveurs.",
            &["nom:mirvaline"],
        ),
        (
            "Oxalorn alerte ses clients après un piratage",
            "Oxalorn a informé ses clients d'un accès non autorisé à leurs comptes.",
            &["nom:oxalorn"],
        ),
        (
            "Le site d'Oxalorn visé par une attaque par déni de service",
            "Oxalorn a rétabli son site dans la soirée.",
            &["nom:oxalorn"],
        ),
        (
            "L'éditeur Balvénor victime d'une intrusion",
            "Balvénor, éditeur de logiciels pour dentistes, a prévenu ses utilisateurs.",
            &["nom:balvenor"],
        ),
        (
            "La plateforme Balvénor piratée : des mots de passe dérobés",
            "Les comptes Balvénor ont été réinitialisés.",
            &["nom:balvenor"],
        ),
        (
            "Une fuite massive touche Quendalys",
            "Quendalys compte deux millions d'abonnés, dont les coordonnées ont été volées.",
            &["nom:quendalys"],
        ),
        (
            "Le transporteur Vuldaren paralysé par un rançongiciel",
            "Les camions de Vuldaren sont restés au dépôt.",
            &["nom:vuldaren"],
        ),
        (
            "Un rançongiciel frappe le fabricant de skis Vuldaren",
            "Vuldaren emploie 200 salariés.",
            &["nom:vuldaren"],
        ),
        (
            "Après la cyberattaque, Vuldaren reprend sa production",
            "L'usine de Vuldaren avait été arrêtée par un rançongiciel.",
            &["nom:vuldaren"],
        ),
        (
            "Le site « Choisir sa barque » cible d'une cyberattaque",
            "La plateforme « Choisir sa barque » a été piratée et des adresses ont fuité.",
            &["nom:choisir-sa-barque"],
        ),
        (
            "Dronval Airlines victime d'une fuite de données",
            "Dronval Airlines a prévenu ses voyageurs.",
            &["nom:dronval-airlines"],
        ),
        (
            "Piratage de Zorblax France : la filiale coupe ses accès",
            "Zorblax a confirmé l'intrusion. Les serveurs de Zorblax sont éteints.",
            &["nom:zorblax"],
        ),
        (
            "Une fuite de données touche Zorblax",
            "Sommaire Zorblax, connu pour ses bougies, a reconnu le vol des adresses.",
            &["nom:zorblax"],
        ),
        (
            "Les données des membres du Cercle des Nageurs Volants volées",
            "Le Cercle des Nageurs Volants (CNV) a porté plainte. Le CNV compte 300 membres.",
            &["nom:cercle-des-nageurs-volants"],
        ),
    ]);
}

#[test]
fn bodies_that_a_list_or_a_cue_tells() {
    check(&[
        (
            "Cyberattaque contre France Travail : des données dérobées",
            "France Travail a déposé plainte.",
            &["etat:france-travail"],
        ),
        (
            "Le fichier Ficoba consulté par un pirate",
            "Des données de Ficoba ont été volées, selon Bercy.",
            &["etat:dgfip"],
        ),
        (
            "Pajemploi victime d'un vol de données",
            "Les salariés déclarés à Pajemploi sont prévenus.",
            &["etat:urssaf"],
        ),
        (
            "Le ministère a été piraté",
            "Le ministère des Sports a été victime d'une intrusion dans ses serveurs.",
            &["etat:ministere-des-sports"],
        ),
        (
            "L'université de Montpellier visée par une cyberattaque",
            "L'université de Montpellier a coupé son réseau.",
            &["org:universite-de-montpellier"],
        ),
        (
            "Airbnb victime d'une fuite de données",
            "Airbnb a confirmé l'incident.",
            &["org:airbnb"],
        ),
        (
            "Le gouvernement canadien visé par une cyberattaque",
            "Des sites du gouvernement canadien sont inaccessibles.",
            &["nom:gouvernement-canadien"],
        ),
        (
            "Le Danemark visé par une vague de cyberattaques",
            "Des sites danois ont été rendus inaccessibles.",
            &["pays:dk"],
        ),
        (
            "Air Côte d'Ivoire victime d'un rançongiciel",
            "La compagnie a perdu des données.",
            &["org:air-cote-d-ivoire"],
        ),
        (
            "Les sites des villes d'Angers, Tours et Blois visés par une attaque en déni de service",
            "",
            &["commune:49007", "commune:37261", "commune:41018"],
        ),
    ]);
}

#[test]
fn names_cited_are_no_victims() {
    check(&[
        // Experts, vendors, authorities beside the victim.
        (
            "Zorblax victime d'une cyberattaque",
            "« Le vol est massif », estime Ilan Trovaz, chercheur chez Krimsec. Zorblax a porté plainte.",
            &["nom:zorblax"],
        ),
        (
            "La société Zorblax piratée",
            "Selon Kaspersky, un maliciel était en cause. La Cnil est saisie par Zorblax.",
            &["nom:zorblax"],
        ),
        (
            "Fuite de données chez Zorblax : le groupe Vexorn revendique",
            "Le groupe de pirates Vexorn affirme détenir les données de Zorblax.",
            &["nom:zorblax"],
        ),
        (
            "Zorblax paralysé par un rançongiciel",
            "Comme Krimovia en 2022, Zorblax a tout éteint. Zorblax espère rouvrir lundi.",
            &["nom:zorblax"],
        ),
        (
            "Zorblax piraté par un ancien salarié",
            "Maître Jeanne Balvénor défend le suspect. Zorblax a porté plainte.",
            &["nom:zorblax"],
        ),
        (
            "Le Mans : la société Zorblax piratée",
            "La mairie, elle, n'a pas été touchée par la cyberattaque. Zorblax a porté plainte.",
            &["nom:zorblax"],
        ),
        // Nobody in particular.
        (
            "Courriels piégés : les conseils de la police",
            "Des pirates envoient de faux messages.",
            &[],
        ),
        (
            "Cantines : un logiciel piraté",
            "Des parents ont reçu de faux messages.",
            &[],
        ),
        ("Quelqu'un a piraté mon compte", "Que faire après un piratage ?", &[]),
        (
            "Cybersécurité : Microsoft corrige des failles",
            "Windows est concerné.",
            &[],
        ),
        (
            "Moyen-Orient : la menace cyber grandit",
            "Des experts redoutent des attaques.",
            &[],
        ),
        ("La Chine accusée d'avoir mené des cyberattaques", "Pékin dément.", &[]),
        (
            "Un homme jugé à Dijon pour piratage",
            "L'homme, né à Lyon, a été arrêté à Marseille.",
            &[],
        ),
        (
            "Krimsec lance un outil contre les rançongiciels",
            "L'outil sera vendu aux entreprises.",
            &[],
        ),
        (
            "Des particuliers victimes d'hameçonnage",
            "De faux messages imitent la banque des victimes.",
            &[],
        ),
    ]);
}

#[test]
fn the_sector_is_told_by_the_name_or_beside_it() {
    let sector = |title: &str, text: &str| {
        let victim = read_case(title, text, &[], "").victims.into_iter().next();
        victim.and_then(|victim| victim.sector).map(|sector| sector.id())
    };
    let check = |title: &str, text: &str, expected: Option<&str>| {
        assert_eq!(sector(title, text), expected, "{title} / {text}");
    };
    check("Dronval Airlines victime d'un rançongiciel", "", Some("transport"));
    check("Radio Trovaz victime d'un rançongiciel", "", Some("medias-culture"));
    check("La banque Trovaz victime d'un rançongiciel", "", Some("finance"));
    check("Trovaz victime d'un rançongiciel", "", None);
    check(
        "Trovaz victime d'une cyberattaque",
        "Trovaz, fabricant de skis, a arrêté ses usines.",
        Some("industrie"),
    );
}

#[test]
fn persons_are_hit_by_their_accounts() {
    let read = |title: &str, text: &str| {
        let victim = read_case(title, text, &[], "").victims.into_iter().next();
        victim.map(|victim| (victim.key.0, victim.sector.map(|sector| sector.id())))
    };
    let expected = Some(("nom:jeanne-trovaz".to_owned(), Some("particuliers")));
    let text = "Le compte Facebook de Jeanne Trovaz a été piraté lundi. Trovaz a porté plainte après ce piratage.";
    assert_eq!(read("Le compte X de Jeanne Trovaz piraté", text), expected);
}

#[test]
fn a_story_has_a_sector_when_nobody_is_named() {
    let sector = |title: &str, text: &str| read_case(title, text, &[], "").sector.map(|sector| sector.id());
    assert_eq!(
        sector("Un grossiste escroqué par un faux courriel", ""),
        Some("commerce")
    );
    // Two that weigh alike.
    assert_eq!(sector("Des crèches privées de messagerie après un piratage", ""), None);
    assert_eq!(sector("Un piratage de plus", "Rien n'est connu."), None);
}

#[test]
fn ministries_of_other_countries_are_their_own() {
    let victims = read_case(
        "Royaume-Uni : le ministère de la Défense victime d'une cyberattaque",
        "Le ministère de la Défense britannique a confirmé l'intrusion.",
        &[],
        "",
    )
    .victims;
    let main = victims.first().map(|main| (main.key.as_str(), main.country.as_deref()));
    assert_eq!(main, Some(("nom:ministere-de-la-defense-gb", Some("GB"))));
}

#[test]
fn names_told_by_what_stands_around() {
    check(&[
        // A syndicate without a place, under a département that is only where it is.
        (
            "Le syndicat intercommunal d'informatique victime d'un rançongiciel",
            "Les communes du département s'en servent.",
            &["nom:syndicat-intercommunal-d-informatique"],
        ),
        // « l'hôpital » is the one that the text names.
        (
            "Un ancien informaticien de l'hôpital avoue une cyberattaque",
            "Le centre hospitalier Anne-Zorblax a été victime d'une cyberattaque, menée depuis un café lillois.",
            &["nom:centre-hospitalier-anne-zorblax"],
        ),
        // What a ministry is for, and somebody's function, name nobody else.
        (
            "Le ministère des Sports, de la Jeunesse et des Associations victime d'une cyberattaque",
            "",
            &["etat:ministere-des-sports"],
        ),
        (
            "Des messageries piratées",
            "La ministre norvégienne des Affaires étrangères, Jeanne Trovaz, accuse des pirates.",
            &[],
        ),
        // A page's tags.
        (
            "Ce que l'on sait de la fuite de données",
            "Cyberattaque Cybercriminalité CollègeLycéeDonnées.",
            &[],
        ),
    ]);
}

/// Checks rows of title, text, and a name that no victim may have.
#[track_caller]
fn check_none(rows: &[(&str, &str, &str)]) {
    let mut misses = Vec::new();
    for (title, text, unwanted) in rows {
        let entities = read_case(title, text, &[], "");
        if entities.victims.iter().any(|victim| victim.key.as_str() == *unwanted) {
            misses.push(format!("{title}: {unwanted}"));
        }
    }
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}

#[test]
fn those_named_besides_are_not_the_ones_hit() {
    check_none(&[
        ("Une attaque de l'État russe contre une clinique", "", "nom:etat-russe"),
        (
            "Un secrétaire d'État américain dénonce un piratage",
            "",
            "nom:etat-americain",
        ),
        (
            "La défense française de rugby : le site d'un club piraté",
            "",
            "nom:defense-francaise",
        ),
        (
            "Un site de la Présidence française de l'UE visé par une cyberattaque",
            "",
            "nom:presidence-francaise",
        ),
        ("Ouest-France de Jean Dupuis paralysé", "", "nom:jean-dupuis"),
        ("OVHcloud : une cyberattaque frappe une mairie", "", "org:ovhcloud"),
        (
            "Ukraine : cyberattaque contre le ministère des Armées",
            "",
            "nom:ministere-des-armees-ua",
        ),
        (
            "Des hackers russes visent le ministère de l'Intérieur français",
            "",
            "nom:ministere-de-l-interieur-ru",
        ),
        ("Modem : une faille expose des foyers", "", "org:modem"),
        ("Modem : une faille expose des foyers", "", "nom:modem"),
        (
            "Faux SMS de l'Urssaf : les gendarmes appellent à la vigilance",
            "Des messages frauduleux volent les coordonnées bancaires des victimes.",
            "nom:sms",
        ),
    ]);
}

#[test]
fn a_town_after_another_body_is_only_where_that_is() {
    check(&[
        ("Une PME de Roubaix a été victime d'une cyberattaque", "", &[]),
        ("Une entreprise de Roubaix victime d'un rançongiciel", "", &[]),
        ("Un cabinet d'avocats de Roubaix piraté", "", &[]),
        (
            "Une association de Roubaix a été victime d'une cyberattaque",
            "Les données des adhérents ont été volées.",
            &[],
        ),
        ("Cyberattaque contre une entreprise familiale du Mans", "", &[]),
        ("Les fichiers d'une société de nettoyage de Lyon dérobés", "", &[]),
        ("Un rançongiciel paralyse une usine textile de Roubaix", "", &[]),
        (
            "Piratage : une pharmacie de La Rochelle visée",
            "La pharmacie de La Rochelle a porté plainte.",
            &[],
        ),
        (
            "La société Zorblax de Roubaix victime d'un rançongiciel",
            "Zorblax a porté plainte.",
            &["nom:zorblax"],
        ),
        // Towns all the same.
        ("La ville de Roubaix victime d'une cyberattaque", "", &["commune:59512"]),
        ("Roubaix : la mairie victime d'une cyberattaque", "", &["commune:59512"]),
        ("Roubaix victime d'une cyberattaque", "", &["commune:59512"]),
        (
            "La commune de Roubaix frappée par un rançongiciel",
            "",
            &["commune:59512"],
        ),
        (
            "Les serveurs de Roubaix chiffrés par un rançongiciel",
            "",
            &["commune:59512"],
        ),
        (
            "Une PME de Lyon et la mairie de Lyon victimes d'une cyberattaque",
            "",
            &["commune:69123"],
        ),
        (
            "Une PME de Lyon et la mairie de Roubaix victimes d'une cyberattaque",
            "",
            &["commune:59512"],
        ),
        (
            "L'entreprise a piraté les serveurs de Roubaix",
            "La ville de Roubaix a porté plainte contre ce piratage.",
            &["commune:59512"],
        ),
    ]);
}
