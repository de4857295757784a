//! SIGTERM in the middle of a pass: a clean exit soon, what was whole is kept, the next pass takes up
//! the rest.

use crate::outlet::{attack, page_path, quiet};
use crate::web::Reply;
use crate::world::{World, until};

#[test]
fn a_collect_stopped_among_the_pages_keeps_what_is_whole() {
    let world = World::new();
    let (gazette, lent) = (world.outlet("gazette"), world.outlet("lent"));
    gazette.publish(&[attack("Bondy", 6), quiet("Gien", 7)]);
    let stories = [attack("Quimper", 8), attack("Joigny", 8)];
    lent.publish(&stories);
    lent.change_page(&stories[1], Reply::hanging);
    let pass = world.start(&["collect"]);
    lent.web.wait_until_asked(&page_path(&stories[1]), 1);
    // Whole, and answered, though the pass is not over.
    gazette.web.wait_until_answered(&page_path(&quiet("Gien", 7)));
    gazette.web.wait_until_answered(&page_path(&attack("Bondy", 6)));
    pass.terminate();
    let done = pass
        .wait()
        .ok()
        .says("stopping")
        .says("stopped before the end, what was done is kept");
    assert!(done.feed_line("lent").contains("interrupted"), "{done}");

    let answer = world.everything();
    let kept = answer["coverage"]["articles"].as_u64().unwrap();
    assert!(kept == 0 || kept == 2, "a feed is kept whole or not at all: {kept}");
    lent.publish(&stories);
    world.vigie(&["collect"]).ok();
    assert_eq!(world.everything()["found"], 3);
    assert_eq!(world.articles(), 4);
    world.collect().ok().says("0 new entries, 0 new articles");
}

#[test]
fn a_collect_stopped_among_the_feeds_ends_soon() {
    let world = World::new();
    let (gazette, lent) = (world.outlet("gazette"), world.outlet("lent"));
    gazette.publish(&[attack("Bondy", 6)]);
    lent.publish(&[attack("Quimper", 8)]);
    lent.web.change("/feed", Reply::hanging);
    let pass = world.start(&["collect", "--report", "json"]);
    lent.web.wait_until_asked("/feed", 1);
    pass.terminate();
    let done = pass.wait().ok();
    assert_eq!(done.json()["interrupted"], true);
    assert_eq!(done.json()["feeds"][1]["result"], "interrupted");
    lent.web.change("/feed", |reply| Reply { hangs: false, ..reply });
    world.vigie(&["collect"]).ok();
    assert_eq!(world.articles(), 2);
}

/// The courrier's only story is the gazette's, whose page is fetched for both.
#[test]
fn a_feed_that_waits_for_the_page_of_another_is_not_kept_without_it() {
    let world = World::new();
    let (gazette, courrier) = (world.outlet("gazette"), world.outlet("courrier"));
    let stories = [attack("Bondy", 6), attack("Quimper", 8)];
    gazette.publish(&stories);
    gazette.change_page(&stories[1], Reply::hanging);
    let mut shared = stories[0].clone();
    shared.url = Some(gazette.page_url(&stories[0]));
    courrier.publish(&[shared]);
    let pass = world.start(&["collect"]);
    gazette.web.wait_until_asked(&page_path(&stories[1]), 1);
    gazette.web.wait_until_answered(&page_path(&stories[0]));
    pass.terminate();
    pass.wait().ok();
    // The gazette's feed is gone for good; the courrier's still has the story.
    gazette.web.set("/feed", Reply::status(500));
    world.collect().code(1);
    assert_eq!(world.articles(), 1);
}

#[test]
fn a_watch_stopped_in_a_pass_keeps_what_is_whole() {
    let world = World::new();
    world.outlet("gazette").publish(&[attack("Bondy", 6)]);
    world.collect().ok();
    let lent = world.outlet("lent");
    let stories = [attack("Quimper", 8), attack("Joigny", 8)];
    lent.publish(&stories);
    lent.change_page(&stories[0], Reply::hanging);
    let watch = world.start(&["watch"]);
    lent.web.wait_until_asked(&page_path(&stories[0]), 1);
    until("the socket is there", || world.path("vigie-data/vigie.sock").exists());
    watch.terminate();
    watch
        .wait()
        .ok()
        .says("stopping")
        .says("interrupted   will be asked again");
    assert!(!world.path("vigie-data/vigie.sock").exists());
    assert_eq!(world.articles(), 1);
    lent.publish(&stories);
    world.vigie(&["collect"]).ok();
    assert_eq!(world.everything()["found"], 3);
    assert_eq!(world.articles(), 3);
}
