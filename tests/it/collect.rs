//! `vigie collect` when all goes well: what is reported, and that nothing is taken in twice.

use crate::outlet::{attack, quiet};
use crate::web::Reply;
use crate::world::World;

#[test]
fn a_pass_takes_in_every_feed_and_says_so() {
    let world = World::new();
    world.outlet("gazette").publish(&[attack("Bondy", 6), quiet("Gien", 7)]);
    world.outlet("courrier").publish(&[attack("Quimper", 8)]);
    let done = world.vigie(&["collect"]).ok();
    assert!(done.feed_line("gazette").ends_with(" 2 new of 2"), "{done}");
    assert!(done.feed_line("courrier").ends_with(" 1 new of 1"), "{done}");
    let done = done
        .says("2 feeds asked of 2: 2 ok, 0 not modified, 0 failed; 3 new entries, 3 new articles")
        .says("2 new incidents, 0 changed");
    assert_eq!(done.stdout, "");
    let answer = world.everything();
    assert_eq!(answer["coverage"]["feeds"], 2);
    assert_eq!(answer["coverage"]["feeds_answering"], 2);
    assert_eq!(answer["coverage"]["articles"], 3);
    let victims: Vec<&str> = answer["incidents"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|incident| incident["victims"][0]["commune_name"].as_str())
        .collect();
    assert_eq!(victims, ["Quimper", "Bondy"], "{answer:#}");
}

#[test]
fn the_report_for_programs() {
    let world = World::new();
    world.outlet("gazette").publish(&[attack("Bondy", 6), quiet("Gien", 7)]);
    world.outlet("courrier").web.set("/feed", Reply::status(500));
    let (report, code) = world.report();
    assert_eq!(code, Some(1));
    assert_eq!(report["schema"], "vigie.collect/1");
    assert!(report["at"].as_str().unwrap().ends_with('Z'), "{report:#}");
    let feeds = report["feeds"].as_array().unwrap();
    assert_eq!(feeds.len(), 2);
    assert_eq!(feeds[0]["id"], "gazette");
    assert_eq!(feeds[0]["outlet"], "gazette");
    assert_eq!(feeds[0]["result"], "ok");
    assert_eq!((&feeds[0]["entries"], &feeds[0]["new"]), (&2.into(), &2.into()));
    assert_eq!(feeds[1]["result"], "failed");
    assert_eq!(feeds[1]["reason"], "http");
    assert!(feeds[1]["detail"].as_str().unwrap().contains("500"), "{report:#}");
    let totals = &report["totals"];
    for (name, expected) in [
        ("feeds", 2),
        ("asked", 2),
        ("ok", 1),
        ("not_modified", 0),
        ("failed", 1),
        ("new_entries", 2),
        ("articles", 2),
        ("without_page", 0),
    ] {
        assert_eq!(totals[name], expected, "{name} in {report:#}");
    }
    assert_eq!(report["new_incidents"].as_array().unwrap().len(), 1);
    assert_eq!(report["changed_incidents"].as_array().unwrap().len(), 0);
    assert!(report["next_due"].is_string() && report["notes"].is_array());
    assert_eq!(report["interrupted"], false);
}

#[test]
fn a_second_pass_adds_nothing_and_asks_no_page() {
    let world = World::new();
    let gazette = world.outlet("gazette");
    gazette.publish(&[attack("Bondy", 6), quiet("Gien", 7)]);
    // A server that knows no ETag sends everything again.
    let courrier = world.outlet("courrier");
    courrier.publish(&[attack("Quimper", 8)]);
    courrier.web.change("/feed", |reply| Reply { etag: None, ..reply });
    world.collect().ok();
    let before = world.everything();
    let etag = gazette.web.reply("/feed").unwrap().etag;
    // The third pass: validators outlive an answer that has none.
    for pass in 1..=2 {
        let done = world.collect().ok();
        assert!(done.feed_line("gazette").ends_with(" not modified"), "{done}");
        assert!(done.feed_line("courrier").ends_with(" 0 new of 1"), "{done}");
        done.says("1 ok, 1 not modified, 0 failed; 0 new entries, 0 new articles")
            .says("0 new incidents, 0 changed");
        let asked = gazette.web.asked("/feed");
        assert_eq!(asked[pass].if_none_match, etag);
        assert_eq!(asked[pass].status, Some(304));
    }
    assert_eq!((gazette.web.count(), courrier.web.count()), (2 + 3, 1 + 3));
    let after = world.everything();
    assert_eq!(after["incidents"], before["incidents"]);
    assert_eq!(after["coverage"]["articles"], before["coverage"]["articles"]);
}

#[test]
fn one_more_entry_is_exactly_one_more() {
    let world = World::new();
    let gazette = world.outlet("gazette");
    let mut stories = vec![attack("Bondy", 6), quiet("Gien", 7)];
    gazette.publish(&stories);
    world.collect().ok();
    stories.insert(0, attack("Quimper", 9));
    gazette.publish(&stories);
    let done = world
        .collect()
        .ok()
        .says("1 new entries, 1 new articles")
        .says("1 new incidents");
    assert!(done.feed_line("gazette").ends_with(" 1 new of 3"), "{done}");
    for story in &stories {
        assert_eq!(gazette.page_asked(story), 1, "{}", story.slug);
    }
    assert_eq!(world.articles(), 3);
}

#[test]
fn a_feed_is_asked_when_it_is_due_or_named() {
    let world = World::new();
    let (gazette, courrier) = (world.outlet("gazette"), world.outlet("courrier"));
    gazette.publish(&[quiet("Gien", 7)]);
    courrier.publish(&[quiet("Bondy", 7)]);
    world.vigie(&["collect"]).ok();
    world.vigie(&["collect"]).ok().says("0 feeds asked of 2");
    world
        .vigie(&["collect", "--only", "courrier"])
        .ok()
        .says("1 feeds asked of 2");
    assert_eq!(gazette.web.asked("/feed").len(), 1);
    assert_eq!(courrier.web.asked("/feed").len(), 2);
}

#[test]
fn a_page_in_two_feeds_is_one_article() {
    let world = World::new();
    let (gazette, courrier) = (world.outlet("gazette"), world.outlet("courrier"));
    let story = attack("Bondy", 6);
    gazette.publish(std::slice::from_ref(&story));
    let mut shared = story.clone();
    shared.url = Some(format!("{}?utm_source=rss", gazette.page_url(&story)));
    courrier.publish(&[shared, quiet("Gien", 7)]);
    world
        .collect()
        .ok()
        .says("3 new entries, 2 new articles")
        .says("1 new incidents");
    assert_eq!(gazette.page_asked(&story), 1);
    assert_eq!(world.articles(), 2);
    world.collect().ok().says("0 new entries");
}

#[test]
fn an_incident_told_by_two_outlets_is_one() {
    let world = World::new();
    let (gazette, courrier) = (world.outlet("gazette"), world.outlet("courrier"));
    gazette.publish(&[attack("Bondy", 6)]);
    courrier.publish(&[quiet("Gien", 6)]);
    world.collect().ok().says("1 new incidents");
    courrier.publish(&[attack("Bondy", 7)]);
    let done = world.collect().ok().says("0 new incidents, 1 changed");
    assert!(done.stderr.contains("  changed "), "{done}");
    let answer = world.everything();
    assert_eq!(answer["found"], 1, "{answer:#}");
    assert_eq!(answer["incidents"][0]["sources"], 2);
}
