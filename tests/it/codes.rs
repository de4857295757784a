//! Exit codes, and the words that come with them.

use crate::outlet::attack;
use crate::web::Reply;
use crate::world::World;

#[test]
fn usage_is_2() {
    let world = World::new();
    world.outlet("gazette").publish(&[attack("Bondy", 6)]);
    world.vigie(&["collect", "--report", "xml"]).code(2).says("xml");
    world.vigie(&["collect", "--colour"]).code(2);
    world.vigie(&["ramasse"]).code(2);
    world
        .vigie(&["collect", "--only", "gazete"])
        .code(2)
        .says("--only gazete")
        .says("did you mean `gazette`?");
    world
        .vigie(&["collect", "--feeds", "nulle-part.toml"])
        .code(2)
        .says("nulle-part.toml");
    assert!(!world.path("vigie-data").exists(), "a mistake makes no store");
}

#[test]
fn a_mistake_in_feeds_toml_is_2_with_its_line() {
    let world = World::new();
    let toml = "[[feed]]\nid = \"gazette\"\nurl = \"ftp://exemple.fr/rss\"\noutlet = \"Gazette\"\ntopic = \"presse\"\n\n\
                [[feed]]\nid = \"Le Courrier\"\nurl = \"https://exemple.fr/rss\"\noutlet = \"Courrier\"\ntopic = \"presse\"\n";
    world.write("flux.toml", toml);
    let args = ["collect", "--feeds", "flux.toml"];
    // All mistakes at once.
    world
        .vigie(&args)
        .code(2)
        .says("flux.toml:3")
        .says("flux.toml:8")
        .says("le-courrier");
    world.write("flux.toml", "[[feed]\n");
    world.vigie(&args).code(2).says("flux.toml:1");
    world.write("flux.toml", "[defaults]\nevry = \"30m\"\n");
    world.vigie(&args).code(2).says("flux.toml:2").says("evry");
    world.vigie(&["feeds", "list", "--feeds", "flux.toml"]).code(2);
    world.vigie(&["watch", "--feeds", "flux.toml"]).code(2);
}

#[test]
fn a_store_that_cannot_be_one_is_3() {
    let world = World::new();
    world.outlet("gazette").publish(&[attack("Bondy", 6)]);
    world.write("fichier", "pas un dossier");
    for store in ["fichier", "fichier/dedans"] {
        world.vigie(&["collect", "--store", store]).code(3).says("fichier");
        world.vigie(&["rebuild", "--store", store]).code(3).says("fichier");
        world.vigie(&["watch", "--store", store]).code(3).says("fichier");
    }
    world.vigie(&["query", "--store", "fichier"]).code(3).says("fichier");
    world.vigie(&["show", "loiret", "--store", "fichier"]).code(3);
    assert_eq!(std::fs::read(world.path("fichier")).unwrap(), b"pas un dossier");
}

#[test]
fn a_question_without_a_store_is_3_and_says_what_to_do() {
    let world = World::new();
    world
        .vigie(&["query"])
        .code(3)
        .says("vigie-data")
        .says("run `vigie collect` first")
        .says("--store");
    world
        .vigie(&["show", "loiret"])
        .code(3)
        .says("run `vigie collect` first");
    assert!(!world.path("vigie-data").exists(), "a question makes no store");
}

#[test]
fn a_second_pass_at_the_same_moment_is_4_and_queries_go_on() {
    let world = World::new();
    let gazette = world.outlet("gazette");
    gazette.publish(&[attack("Bondy", 6)]);
    world.collect().ok();
    let slow = world.outlet("lent");
    slow.publish(&[attack("Gien", 6)]);
    slow.web.change("/feed", Reply::hanging);
    let first = world.start(&["collect"]);
    slow.web.wait_until_asked("/feed", 1);

    let who = format!("vigie collect, pid {}, since ", first.pid());
    world.collect().code(4).says("another pass is running").says(&who);
    world.vigie(&["rebuild"]).code(4).says(&who);
    world.write("articles.ndjson", "");
    world
        .vigie(&["replay", "articles.ndjson", "--store", "vigie-data"])
        .code(4)
        .says(&who);
    world.vigie(&["query"]).ok().prints("Bondy");
    world.vigie(&["show", "bondy"]).ok().prints("Bondy");
    world.vigie(&["feeds", "list"]).ok().prints("gazette");

    slow.web.let_go();
    first.wait().ok().says("1 new articles");
    assert_eq!(world.everything()["found"], 2);
}
