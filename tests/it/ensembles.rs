//! Waves, and suppliers with their clients: told apart as incidents, and counted both ways.

use serde_json::{Value, json};

use crate::world::World;

fn line(id: &str, day: &str, title: &str, text: &str) -> String {
    json!({
        "id": id,
        "url": format!("https://presse.example/{id}"),
        "outlet": "La Gazette",
        "published": day,
        "title": title,
        "text": text,
    })
    .to_string()
}

/// A wave over five towns, a supplier and three of its clients, and a hospital that has to do with neither.
fn articles() -> Vec<String> {
    let mut lines = vec![
        line(
            "prestataire",
            "2025-11-03",
            "Krimovia victime d'un rançongiciel",
            "La société française Krimovia, à Lyon, a été victime d'un rançongiciel. Krimovia a porté plainte.",
        ),
        line(
            "hopital",
            "2025-12-23",
            "Le CHU de Rouen victime d'un rançongiciel",
            "Le CHU de Rouen a été victime d'un rançongiciel. L'hôpital a porté plainte.",
        ),
    ];
    for (town, day) in [("Lille", "10"), ("Vannes", "14"), ("Dax", "20")] {
        lines.push(line(
            &format!("client-{town}"),
            &format!("2025-11-{day}"),
            &format!("Fuite de données à la mairie de {town}"),
            &format!(
                "La mairie de {town} a été victime d'une fuite de données chez son prestataire Krimovia. Des noms ont \
                 été volés. La ville a porté plainte."
            ),
        ));
    }
    for (town, day) in [
        ("Quimper", "22"),
        ("Bondy", "22"),
        ("Dinard", "23"),
        ("Gien", "25"),
        ("Orléans", "25"),
    ] {
        lines.push(line(
            &format!("vague-{town}"),
            &format!("2025-12-{day}"),
            &format!("{town} : le site de la mairie visé par une attaque par déni de service"),
            &format!(
                "Le site de la ville de {town} a été rendu inaccessible par une attaque par déni de service. Le groupe \
                 prorusse NoName057(16) l'a revendiquée. La mairie de {town} a porté plainte."
            ),
        ));
    }
    lines
}

fn world() -> World {
    let world = World::new();
    world.write("articles.ndjson", articles().join("\n"));
    world.vigie(&["replay", "articles.ndjson", "--store", "base"]).ok();
    world
}

fn ask(world: &World, args: &[&str]) -> Value {
    let args = [
        &["query", "--country", "all", "--format", "json", "--store", "base"],
        args,
    ]
    .concat();
    world.vigie(&args).ok().json()
}

fn incident<'a>(answer: &'a Value, start: &str) -> &'a Value {
    let incidents = answer["incidents"].as_array().unwrap();
    let found = incidents
        .iter()
        .find(|view| view["id"].as_str().unwrap().starts_with(start));
    found.unwrap_or_else(|| panic!("no {start} in {answer}"))
}

#[test]
fn counted_both_ways() {
    let world = world();
    let answer = ask(&world, &[]);
    assert_eq!(
        (&answer["found"], &answer["found_ensembles"]),
        (&10.into(), &3.into()),
        "{answer}"
    );
    let sizes: Vec<(&str, u64)> = answer["ensembles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|whole| (whole["whole"].as_str().unwrap(), whole["found"].as_u64().unwrap()))
        .collect();
    assert_eq!(sizes, [("prestataire", 4), ("vague", 5)]);
    let wave = &incident(&answer, "ville-de-gien")["part_of"];
    assert_eq!(
        (&wave["id"], &wave["count"]),
        (&"vague-noname057-16-2025-12-22".into(), &5.into())
    );
    let client = incident(&answer, "ville-de-vannes");
    assert_eq!(client["provider"]["name"], "Krimovia");
    assert_eq!(client["part_of"]["id"], "krimovia-2025-11");
    assert_eq!(incident(&answer, "krimovia")["parts"].as_array().unwrap().len(), 3);
    assert!(incident(&answer, "chu")["part_of"].is_null());
    // A limit counts what is counted; a filter leaves the wave whole.
    let limited = ask(&world, &["--count", "ensembles", "--limit", "1"]);
    assert_eq!(limited["incidents"].as_array().unwrap().len(), 5, "{limited}");
    let here = ask(
        &world,
        &["--departement", "45", "--since", "2025-12-25", "--until", "2025-12-31"],
    );
    assert_eq!((&here["found"], &here["found_ensembles"]), (&2.into(), &1.into()));
    assert_eq!(incident(&here, "ville-de-gien")["part_of"]["count"], 5);
}

#[test]
fn told_to_people() {
    let world = world();
    let query = |args: &[&str]| {
        world
            .vigie(&[&["query", "--country", "all", "--store", "base"], args].concat())
            .ok()
    };
    query(&[])
        .prints("dans la vague NoName057(16), 5 incidents")
        .prints("par son prestataire Krimovia, 3 clients touchés")
        .prints("10 incidents trouvés : ")
        .prints("Soit 3 ensembles : 1 prestataire et ses clients (Krimovia), 4 incidents ; 1 vague (NoName057(16)), 5 incidents ; 1 incident seul.");
    query(&["--count", "ensembles"])
        .prints("Vague NoName057(16) : 5 incidents")
        .prints("└ Ville de Dinard")
        .prints("3 ensembles trouvés : ")
        .prints("Soit 10 incidents : ");
    query(&["--count", "ensembles", "--limit", "2", "--format", "md"]).prints("3 ensembles trouvés, 2 montrés");
    query(&["--text", "patinoire", "--count", "ensembles"]).prints("Aucun incident trouvé");
    let csv = query(&["--format", "csv"]).stdout;
    assert!(
        csv.lines().next().unwrap().ends_with(",provider,part_of,parts"),
        "{csv}"
    );
    assert_eq!(csv.matches(",vague-noname057-16-2025-12-22,").count(), 5, "{csv}");
    let typo = world
        .vigie(&["query", "--store", "base", "--count", "ensemble"])
        .code(2);
    typo.says("ensembles");
}

#[test]
fn shown_with_what_belongs_to_it() {
    let world = world();
    let show = |id: &str| world.vigie(&["show", id, "--store", "base"]).ok();
    show("dax").prints("krimovia-2025-11").prints("Prestataire  Krimovia");
    show("krimovia")
        .prints("Clients touchés")
        .prints("ville-de-lille-2025-11");
    for id in ["vague-noname057-16-2025-12-22", "vague noname"] {
        show(id)
            .prints("Vague NoName057(16) : 5 incidents")
            .prints("ville-de-quimper-2025-12");
    }
    let json = world.vigie(&[
        "show",
        "vague-noname057-16-2025-12-22",
        "--format",
        "json",
        "--store",
        "base",
    ]);
    let json = json.ok().json();
    assert_eq!(json["schema"], "vigie.ensemble/1");
    assert_eq!(json["incidents"].as_array().unwrap().len(), 5);
    world.vigie(&["show", "vague-inconnue-2025", "--store", "base"]).code(2);
}
