//! `vigie classify` and `vigie eval`.

use serde_json::json;

use crate::outlet::{attack, quiet};
use crate::world::World;

#[test]
fn text_from_stdin() {
    let world = World::new();
    let story = attack("Bondy", 6);
    let text = format!("{}\n\n{}\n", story.title, story.paragraphs.join("\n"));
    let said = world.vigie_with(&["classify"], text).ok().json();
    assert_eq!(said["schema"], "vigie.classify/1");
    assert_eq!(said["title"], story.title);
    assert_eq!(said["tells_incident"], true);
    assert_eq!(said["language"], "fr");
    assert_eq!(said["victims"][0]["place"]["departement"], "93");
    let evidence = said["evidence"].as_array().unwrap();
    assert!(!evidence.is_empty());
    let quiet = quiet("Gien", 6);
    let args = ["classify", "-", "--title", &quiet.title, "--published", "2023-11-06"];
    let said = world.vigie_with(&args, quiet.paragraphs.join("\n")).ok().json();
    assert_eq!(said["tells_incident"], false);
    assert_eq!(said["title"], quiet.title);
}

#[test]
fn a_given_title_leaves_the_first_line_in_the_text() {
    let world = World::new();
    let text =
        "La mairie de Bondy est victime d'une cyberattaque depuis lundi.\n\nLes agents travaillent sur papier.\n";
    let args = ["classify", "-", "--title", "Bondy : les services sont coupés"];
    let said = world.vigie_with(&args, text).ok().json();
    assert_eq!(said["title"], "Bondy : les services sont coupés");
    assert_eq!(said["tells_incident"], true, "{said}");
    // The headline itself, given once more, is no paragraph.
    let quote = |title: &str| {
        let text = format!("Bondy piratée\n\n{text}");
        let said = world.vigie_with(&["classify", "-", "--title", title], text).ok();
        said.json().to_string()
    };
    let plain = world.vigie_with(&["classify"], format!("Bondy piratée\n\n{text}"));
    assert_eq!(quote("Bondy piratée"), plain.ok().json().to_string());
}

#[test]
fn a_page_from_a_file_and_from_the_web() {
    let world = World::new();
    let gazette = world.outlet("gazette");
    let story = attack("Bondy", 6);
    gazette.publish(std::slice::from_ref(&story));
    let page = gazette.web.reply("/articles/bondy-cyberattaque").unwrap().body;
    world.write("page.html", &page);
    for input in ["page.html", &gazette.page_url(&story)] {
        let said = world.vigie(&["classify", input]).ok().json();
        assert_eq!(said["tells_incident"], true, "{input}");
        assert!(said["title"].as_str().unwrap().contains(&story.title), "{said}");
    }
    world
        .vigie(&["classify", &gazette.web.url("/perdue")])
        .code(1)
        .says("HTTP 404");
    world
        .vigie(&["classify", "http://127.0.0.1:1/"])
        .code(1)
        .says("127.0.0.1:1");
}

#[test]
fn inputs_that_cannot_be_read() {
    let world = World::new();
    world
        .vigie(&["classify", "nulle-part.html"])
        .code(2)
        .says("nulle-part.html");
    world.vigie(&["classify", "."]).code(2);
    world
        .vigie_with(&["classify", "-", "--url", "pas une adresse"], "x")
        .code(2)
        .says("--url");
    world.vigie_with(&["classify", "--published", "hier"], "x").code(2);
    // Nothing, and no text: no article, but no end either.
    let said = world.vigie_with(&["classify"], "").ok().json();
    assert_eq!(said["tells_incident"], false);
    let done = world.vigie_with(&["classify"], [0xff, 0xfe, 0x00, 0x80, 0x0a]);
    assert!(matches!(done.code, Some(0 | 1)), "{done}");
}

fn labelled(id: &str, town: &str, day: u32) -> String {
    let story = attack(town, day);
    json!({
        "id": id,
        "url": format!("https://presse.example/{id}"),
        "outlet": "La Gazette",
        "published": format!("2023-11-{day:02}"),
        "title": story.title,
        "text": story.paragraphs.join("\n"),
        "kind": "incident",
        "incidents": [{
            "key": format!("mairie-{town}"),
            "victim": format!("Mairie de {town}"),
            "sector": "collectivite",
            "level": "commune",
            "attacks": ["rancongiciel"],
            "dept": null,
            "country": "FR",
            "status": "confirme",
            "actor": null,
            "event": null,
        }],
    })
    .to_string()
}

#[test]
fn figures_of_a_small_file() {
    let world = World::new();
    let quiet = quiet("Gien", 7);
    let noise = json!({
        "id": "marche",
        "published": "2023-11-07",
        "title": quiet.title,
        "text": quiet.paragraphs.join("\n"),
        "kind": "hors-sujet",
        "incidents": [],
    });
    let lines = [
        labelled("a", "Bondy", 6),
        labelled("b", "Quimper", 8),
        noise.to_string(),
    ];
    world.write("or.jsonl", lines.join("\n"));
    world
        .vigie(&["eval", "or.jsonl"])
        .ok()
        .prints("or.jsonl (all)")
        .prints("3, 2 with an incident")
        .prints("incident detection");
    let figures = world.vigie(&["eval", "or.jsonl", "--format", "json"]).ok().json();
    assert_eq!(figures["articles"], 3);
    assert_eq!(figures["incident_articles"], 2);
    assert_eq!(figures["detection"]["f1"], 1.0, "{figures:#}");
    assert_eq!(figures["b_cubed"]["f1"], 1.0, "{figures:#}");
    // The halves make the whole, and no incident is in both.
    let part = |part: &str| {
        let figures = world
            .vigie(&["eval", "or.jsonl", "--format", "json", "--part", part])
            .ok()
            .json();
        figures["articles"].as_u64().unwrap()
    };
    assert_eq!(part("dev") + part("held-out"), 3);

    world
        .vigie(&["eval", "nulle-part.jsonl"])
        .code(2)
        .says("reading nulle-part.jsonl");
    world.write(
        "or.jsonl",
        format!("{}\n{{\"id\": \"x\", \"published\": \"2023\"}}\n", lines[0]),
    );
    world.vigie(&["eval", "or.jsonl"]).code(2).says("or.jsonl:2: labels: ");
}
