//! An outlet of the small world: a web site with an RSS feed and a page for each of its stories, all
//! of our own words.

use std::fmt::Write as _;
use std::time::Duration;

use crate::web::{Reply, Web};

/// A web site with a feed at `/feed`.
pub struct Outlet {
    pub id: String,
    pub web: Web,
}

/// One story.
#[derive(Debug, Clone)]
pub struct Story {
    pub slug: String,
    pub title: String,
    pub day: u32,
    pub paragraphs: Vec<String>,
    /// The address of its page, when that is another outlet's.
    pub url: Option<String>,
}

impl Outlet {
    pub fn start(id: &str) -> Outlet {
        Outlet {
            id: id.to_owned(),
            web: Web::start(),
        }
    }

    /// Puts these stories on the web, and into the feed, which has an `ETag` of its content.
    pub fn publish(&self, stories: &[Story]) {
        for story in stories.iter().filter(|story| story.url.is_none()) {
            self.web.set(&page_path(story), Reply::html(page(story, &self.id)));
        }
        self.web.set("/feed", self.feed(stories));
    }

    /// The feed with these stories.
    pub fn feed(&self, stories: &[Story]) -> Reply {
        let mut xml = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\"><channel><title>{0}</title><link>{1}</link>\
             <description>{0}</description><language>fr</language>\n",
            self.id,
            self.web.url("/")
        );
        for story in stories {
            let url = story.url.clone().unwrap_or_else(|| self.page_url(story));
            let _ = writeln!(
                xml,
                "<item><title>{}</title><link>{url}</link><guid isPermaLink=\"false\">{}</guid>\
                 <pubDate>{:02} Nov 2023 08:00:00 +0100</pubDate><description>{}</description></item>",
                story.title, story.slug, story.day, story.paragraphs[0]
            );
        }
        xml.push_str("</channel></rss>\n");
        let etag = format!("\"{}\"", &blake3::hash(xml.as_bytes()).to_hex()[..12]);
        Reply {
            etag: Some(etag),
            ..Reply::new("application/rss+xml; charset=utf-8", xml)
        }
    }

    pub fn page_url(&self, story: &Story) -> String {
        self.web.url(&page_path(story))
    }

    /// Changes what a story's page answers.
    pub fn change_page(&self, story: &Story, change: impl FnOnce(Reply) -> Reply) {
        self.web.change(&page_path(story), change);
    }

    /// Makes all pages of these stories slow.
    pub fn slow_down(&self, stories: &[Story], delay: Duration) {
        for story in stories {
            self.change_page(story, |reply| reply.delayed(delay));
        }
    }

    /// How often a story's page was asked for.
    pub fn page_asked(&self, story: &Story) -> usize {
        self.web.asked(&page_path(story)).len()
    }
}

/// The path of a story's page.
pub fn page_path(story: &Story) -> String {
    format!("/articles/{}", story.slug)
}

fn page(story: &Story, outlet: &str) -> String {
    let mut body = String::new();
    for paragraph in &story.paragraphs {
        let _ = writeln!(body, "<p>{paragraph}</p>");
    }
    format!(
        "<!doctype html>\n<html lang=\"fr\"><head><meta charset=\"utf-8\"><title>{0} - {outlet}</title></head><body>\
         <nav><a href=\"/\">Accueil</a> <a href=\"/meteo\">Météo</a></nav>\
         <main><article><h1>{0}</h1>\n{body}</article></main>\
         <footer><p>Mentions légales</p></footer></body></html>\n",
        story.title
    )
}

/// A town hall hit by ransomware, on a day of November 2023.
pub fn attack(town: &str, day: u32) -> Story {
    Story {
        slug: format!("{}-cyberattaque", slug(town)),
        title: format!("La mairie de {town} victime d'une cyberattaque"),
        day,
        paragraphs: vec![
            format!(
                "La mairie de {town} a été victime d'une cyberattaque dans la nuit. Les serveurs de la ville ont été \
                 chiffrés par un rançongiciel, a annoncé le maire dans un communiqué."
            ),
            "Les services d'état civil et la cantine scolaire travaillent au papier et au stylo. Les agents n'ont plus \
             accès à leur messagerie, et les ordinateurs restent éteints jusqu'à nouvel ordre."
                .to_owned(),
            format!(
                "Une plainte a été déposée auprès de la gendarmerie. La ville de {town} ne paiera pas de rançon, assure \
                 le maire, qui espère un retour à la normale dans deux semaines."
            ),
        ],
        url: None,
    }
}

/// A story that has nothing to do with attacks.
pub fn quiet(town: &str, day: u32) -> Story {
    Story {
        slug: format!("{}-marche", slug(town)),
        title: format!("À {town}, le marché de Noël ouvre ses portes"),
        day,
        paragraphs: vec![
            format!(
                "Le marché de Noël de {town} ouvre samedi sur la place de l'église, avec une quarantaine de chalets et \
                 une patinoire pour les enfants."
            ),
            "Les commerçants attendent vingt mille visiteurs en trois semaines. Un petit train relie la gare et les \
             parkings toutes les dix minutes, gratuitement."
                .to_owned(),
        ],
        url: None,
    }
}

fn slug(town: &str) -> String {
    town.to_lowercase().replace([' ', '\''], "-")
}

/// Towns whose names are no common words, for as many incidents.
pub const TOWNS: [&str; 24] = [
    "Bondy",
    "Quimper",
    "Lannion",
    "Vierzon",
    "Gien",
    "Joigny",
    "Dinard",
    "Pontivy",
    "Sarlat-la-Canéda",
    "Manosque",
    "Cahors",
    "Rodez",
    "Mende",
    "Vesoul",
    "Chaumont",
    "Langres",
    "Saumur",
    "Cholet",
    "Thouars",
    "Guingamp",
    "Morlaix",
    "Landerneau",
    "Quimperlé",
    "Concarneau",
];
