//! Feeds and pages that fail: each is named with its reason, the others are taken in all the same.

use crate::outlet::{attack, quiet};
use crate::web::Reply;
use crate::world::World;

#[test]
fn each_failing_feed_is_named_and_the_others_are_taken_in() {
    let world = World::new();
    world.defaults("timeout = \"1s\"\nper_host_delay = \"0s\"\n");
    let gazette = world.outlet("gazette");
    gazette.publish(&[attack("Bondy", 6)]);
    world.outlet("en-panne").web.set("/feed", Reply::status(500));
    world.outlet("disparu");
    let home = "<!doctype html><html><head><title>Accueil</title></head><body><h1>Le site</h1></body></html>";
    world.outlet("page").web.set("/feed", Reply::html(home));
    let hanging = world.outlet("muet");
    hanging.publish(&[attack("Gien", 6)]);
    hanging.web.change("/feed", Reply::hanging);
    let cut = world.outlet("coupe");
    cut.publish(&[attack("Joigny", 6), attack("Vierzon", 6)]);
    cut.web.change("/feed", Reply::cut);
    world
        .outlet("vide")
        .web
        .set("/feed", Reply::new("application/rss+xml", ""));
    world.feed("ferme", "http://127.0.0.1:1/feed");
    let courrier = world.outlet("courrier");
    courrier.publish(&[attack("Quimper", 6)]);

    let done = world.collect().code(1);
    for (id, reason) in [
        ("en-panne", "http: HTTP 500"),
        ("disparu", "http: HTTP 404"),
        ("page", "not-a-feed: "),
        ("muet", "timeout: no answer within 1 s"),
        ("coupe", "connect: "),
        ("vide", "not-a-feed: "),
        ("ferme", "connect: "),
    ] {
        let line = done.feed_line(id);
        assert!(line.contains("FAILED") && line.contains(reason), "{id}: {line}");
    }
    assert!(done.feed_line("gazette").ends_with(" 1 new of 1"), "{done}");
    assert!(done.feed_line("courrier").ends_with(" 1 new of 1"), "{done}");
    done.says("9 feeds asked of 9: 2 ok, 0 not modified, 7 failed");

    let answer = world.everything();
    assert_eq!(answer["found"], 2);
    assert_eq!(answer["coverage"]["feeds_answering"], 2);
    // A feed that failed is asked again, and can mend.
    cut.publish(&[attack("Joigny", 6), attack("Vierzon", 6)]);
    let done = world.collect().code(1);
    assert!(done.feed_line("coupe").ends_with(" 2 new of 2"), "{done}");
    let list = world.vigie(&["feeds", "list"]).ok().stdout;
    let of = |id: &str| list.lines().find(|line| line.starts_with(id)).unwrap().to_owned();
    assert!(of("en-panne").contains("FAILING (2 in a row)"), "{list}");
    assert!(of("coupe").contains("mended since"), "{list}");
}

/// Each of these made the feed parser panic.
#[test]
fn a_feed_that_a_parser_chokes_on_stops_nobody() {
    let utf16 =
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?><rss version=\"2.0\"><channel><title>x</title></channel></rss>";
    let utf16: Vec<u8> = [0xfe, 0xff]
        .into_iter()
        .chain(utf16.encode_utf16().flat_map(u16::to_be_bytes))
        .collect();
    let rss = |item: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\" \
             xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"><channel><title>x</title>\
             <item><title>Une brève</title><guid isPermaLink=\"false\">1</guid>{item}</item></channel></rss>"
        )
    };
    let feeds: [(&str, Vec<u8>); 4] = [
        (
            "auteur",
            rss("<author>redaction@exemple.fr&#160;(Rédaction)</author>").into(),
        ),
        ("guillemets", rss("<author>«a@exemple.fr»</author>").into()),
        (
            "duree",
            rss("<itunes:duration>99999999999999999999</itunes:duration>").into(),
        ),
        ("utf-16", utf16),
    ];
    let world = World::new();
    for (id, body) in feeds {
        world
            .outlet(id)
            .web
            .set("/feed", Reply::new("application/rss+xml", body));
    }
    world.outlet("gazette").publish(&[attack("Bondy", 6)]);
    let done = world.collect();
    assert!(matches!(done.code, Some(0 | 1)), "{done}");
    assert!(!done.stderr.contains("panicked"), "{done}");
    for id in ["auteur", "guillemets", "duree"] {
        assert!(done.feed_line(id).contains(" 1 new of 1"), "{done}");
    }
    done.feed_line("utf-16");
    assert!(done.feed_line("gazette").ends_with(" 1 new of 1"), "{done}");
}

#[test]
fn a_page_that_cannot_be_had_leaves_the_text_of_the_feed() {
    let world = World::new();
    world.defaults("timeout = \"1s\"\nper_host_delay = \"0s\"\n");
    let wall = "<!doctype html><html><body><h1>Access denied</h1><p>Please enable cookies.</p></body></html>";
    for (id, town, reply, reason) in [
        ("refusee", "Bondy", Reply::status(403), "HTTP 403 (refused)"),
        ("perdue", "Gien", Reply::status(404), "HTTP 404 (not found)"),
        ("lente", "Quimper", Reply::status(200).hanging(), "no answer within 1 s"),
        ("murée", "Joigny", Reply::html(wall), ""),
    ] {
        let outlet = world.outlet(&id.replace('é', "e"));
        let story = attack(town, 6);
        outlet.publish(std::slice::from_ref(&story));
        outlet.change_page(&story, |_| reply);
        let done = world.vigie(&["collect", "--force", "--only", &outlet.id]).ok();
        let line = done.feed_line(&outlet.id);
        assert!(
            line.contains("1 new of 1, 1 without their page (") && line.contains(reason),
            "{line}"
        );
    }
    // The pages are not lost from sight: the feed's words stand in for them.
    let answer = world.everything();
    assert_eq!(answer["coverage"]["articles"], 4);
    assert_eq!(answer["found"], 4, "{answer:#}");
    let (report, _) = {
        let outlet = world.outlet("gazette");
        let story = quiet("Mende", 8);
        outlet.publish(std::slice::from_ref(&story));
        outlet.change_page(&story, |_| Reply::status(403));
        world.report()
    };
    let line = &report["feeds"].as_array().unwrap().last().unwrap()["without_page"];
    assert_eq!(line[0], "HTTP 403 (refused)", "{report:#}");
    assert_eq!(report["totals"]["without_page"], 1);
}

#[test]
fn a_feed_at_a_private_address_is_refused_unless_that_is_allowed() {
    let world = World::new();
    world.outlet("gazette").publish(&[attack("Bondy", 6)]);
    let mut command = world.command(&["collect"]);
    let output = command.env_remove("VIGIE_ALLOW_PRIVATE").output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("refused-address: "), "{stderr}");
}
