//! The words of an article among all that a page shows. The parsed page becomes a smaller tree
//! without menus, teasers, comments and the like; the part that holds the article is chosen;
//! its blocks are kept in order, but for those that speak of the site and not of the news.

use std::ops::ControlFlow;

use scraper::{ElementRef, Html, Node, Selector};

use crate::text::fold::fold_key;
use crate::text::plain::single_spaced;

use super::words::{
    HIDDEN, HINTS_AGAINST, HINTS_AGAINST_LONG, HINTS_FOR, INLINE, NEVER_ARTICLE, NEVER_ARTICLE_ROLES, SITE_HOLDS,
    SITE_STARTS, STANDFIRST_HINTS, TEASER_HEADINGS,
};

/// What was found; both may be empty.
#[derive(Debug, Default, PartialEq)]
pub struct Body {
    /// The standfirst that the page sets apart.
    pub standfirst: Option<String>,
    /// Paragraphs, headings, quotes and list items in order.
    pub paragraphs: Vec<String>,
    /// Words in links to other pages and number of such links, in the whole page.
    pub links: usize,
    /// Everything that a reader sees, menus included.
    pub visible: String,
}

/// Finds the article's words in a parsed page.
pub fn read(page: &Html, title: Option<&str>) -> Body {
    let body_selector = Selector::parse("body").expect("a constant selector");
    let Some(body) = page.select(&body_selector).next() else {
        return Body::default();
    };
    let visible = visible_text(body);
    let mut tree = branch_of(body, 0);
    let standfirst = standfirst(&tree);
    let total = tree.paragraph_bytes;
    remove_by_hints(&mut tree, total);
    tree.measure();
    let container = container(&tree);
    let mut blocks = Vec::new();
    container.collect_blocks(false, &mut blocks);
    let paragraphs = keep_articles_own(blocks, title, standfirst.as_deref());
    let links = Selector::parse("a[href]").expect("a constant selector");
    Body {
        standfirst,
        paragraphs,
        links: page.select(&links).count(),
        visible,
    }
}

/// The paragraphs of an HTML fragment, such as a feed's `content:encoded`.
pub fn read_fragment(fragment: &Html) -> Vec<String> {
    let mut tree = branch_of(fragment.root_element(), 0);
    let total = tree.paragraph_bytes;
    remove_by_hints(&mut tree, total);
    let mut blocks = Vec::new();
    tree.collect_blocks(false, &mut blocks);
    keep_articles_own(blocks, None, None)
}

/// The words that a reader sees in an element, as one line.
pub fn visible_text(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    push_visible(element, 0, &mut text);
    single_spaced(&text)
}

fn push_visible(element: ElementRef<'_>, depth: usize, text: &mut String) {
    if depth > MOST_DEPTH || HIDDEN.contains(&element.value().name()) {
        return;
    }
    let is_block = !INLINE.contains(&element.value().name());
    if is_block {
        text.push(' ');
    }
    for child in element.children() {
        match child.value() {
            Node::Text(words) => text.push_str(words),
            Node::Element(_) => {
                if let Some(child) = ElementRef::wrap(child) {
                    push_visible(child, depth + 1, text);
                }
            }
            _ => {}
        }
    }
    if is_block {
        text.push(' ');
    }
}

/// Deeper than the gate lets through; the parser adds some levels of its own.
const MOST_DEPTH: usize = 700;

/// A part of the page, as far as it may matter.
struct Branch<'a> {
    element: ElementRef<'a>,
    children: Vec<Child<'a>>,
    /// Bytes of running text outside links, in this part and all below.
    paragraph_bytes: usize,
}

enum Child<'a> {
    Text(&'a str),
    Branch(Branch<'a>),
}

fn branch_of(element: ElementRef<'_>, depth: usize) -> Branch<'_> {
    let mut children = Vec::new();
    if depth <= MOST_DEPTH {
        for child in element.children() {
            match child.value() {
                Node::Text(text) => children.push(Child::Text(text)),
                Node::Element(_) => {
                    if let Some(child) = ElementRef::wrap(child).filter(|child| !is_never_article(*child)) {
                        children.push(Child::Branch(branch_of(child, depth + 1)));
                    }
                }
                _ => {}
            }
        }
    }
    let mut branch = Branch {
        element,
        children,
        paragraph_bytes: 0,
    };
    branch.paragraph_bytes = branch.own_paragraph_bytes();
    branch
}

fn is_never_article(element: ElementRef<'_>) -> bool {
    let is_hidden = element.attr("hidden").is_some()
        || element.attr("aria-hidden").is_some_and(|value| value == "true")
        || element
            .attr("style")
            .is_some_and(|style| style.replace(' ', "").to_ascii_lowercase().contains("display:none"));
    let name = element.value().name();
    // AMP's own elements are advertisements, sidebars, players and pictures.
    let is_amp = name.starts_with("amp-") && !matches!(name, "amp-layout" | "amp-fit-text");
    NEVER_ARTICLE.contains(&name)
        || is_amp
        || element
            .attr("role")
            .is_some_and(|role| NEVER_ARTICLE_ROLES.contains(&role.trim()))
        || is_hidden
}

impl<'a> Branch<'a> {
    fn name(&self) -> &'a str {
        self.element.value().name()
    }

    fn branches(&self) -> impl Iterator<Item = &Branch<'a>> {
        self.children.iter().filter_map(|child| match child {
            Child::Branch(branch) => Some(branch),
            Child::Text(_) => None,
        })
    }

    fn is_inline(&self) -> bool {
        INLINE.contains(&self.name())
    }

    /// Text of this element, plus what its children have. Short loose words are labels.
    fn own_paragraph_bytes(&self) -> usize {
        const SHORTEST_LOOSE_TEXT: usize = 60;
        if self.name() == "a" {
            return 0;
        }
        let is_running = matches!(self.name(), "p" | "blockquote" | "li" | "pre") || self.is_inline();
        self.children
            .iter()
            .map(|child| match child {
                Child::Text(text) => {
                    let length = text.trim().len();
                    if is_running || length >= SHORTEST_LOOSE_TEXT {
                        length
                    } else {
                        0
                    }
                }
                // Inline words count only as part of a paragraph.
                Child::Branch(branch) if branch.is_inline() && !is_running => {
                    if branch.paragraph_bytes >= SHORTEST_LOOSE_TEXT {
                        branch.paragraph_bytes
                    } else {
                        0
                    }
                }
                Child::Branch(branch) => branch.paragraph_bytes,
            })
            .sum()
    }

    fn measure(&mut self) {
        for child in &mut self.children {
            if let Child::Branch(branch) = child {
                branch.measure();
            }
        }
        self.paragraph_bytes = self.own_paragraph_bytes();
    }

    /// Looks at this part and all below until told to stop.
    fn visit<'b, B>(&'b self, look: &mut impl FnMut(&'b Branch<'a>) -> ControlFlow<B>) -> ControlFlow<B> {
        look(self)?;
        for branch in self.branches() {
            branch.visit(look)?;
        }
        ControlFlow::Continue(())
    }

    fn text(&self) -> String {
        let mut text = String::new();
        self.push_text(&mut text);
        single_spaced(&text)
    }

    fn push_text(&self, text: &mut String) {
        for child in &self.children {
            match child {
                Child::Text(words) => text.push_str(words),
                Child::Branch(branch) => {
                    let apart = !branch.is_inline();
                    if apart {
                        text.push(' ');
                    }
                    branch.push_text(text);
                    if apart {
                        text.push(' ');
                    }
                }
            }
        }
    }

    fn link_bytes(&self) -> usize {
        if self.name() == "a" {
            return self.text().len();
        }
        self.branches().map(Branch::link_bytes).sum()
    }

    /// Cuts this part into blocks: elements that are blocks, and runs of loose text between them.
    fn collect_blocks(&self, inside_link: bool, blocks: &mut Vec<Block>) {
        let inside_link = inside_link || self.name() == "a";
        let own_kind = match self.name() {
            "h1" => return,
            "h2" | "h3" | "h4" | "h5" | "h6" => Kind::Heading,
            "blockquote" => Kind::Quote,
            "li" | "dd" | "dt" => Kind::Item,
            _ => Kind::Paragraph,
        };
        let mut run = Block::new(own_kind, inside_link);
        let mut breaks = 0;
        for child in &self.children {
            match child {
                Child::Text(text) => {
                    run.text.push_str(text);
                    breaks = if text.trim().is_empty() { breaks } else { 0 };
                }
                Child::Branch(branch) if branch.name() == "br" => {
                    breaks += 1;
                    run.text.push(' ');
                    // Two breaks in a row are how old pages write a paragraph.
                    if breaks >= 2 {
                        run.flush(blocks);
                    }
                }
                Child::Branch(branch) if branch.is_inline() && !branch.holds_blocks() => {
                    breaks = 0;
                    branch.push_text(&mut run.text);
                    run.link_bytes += branch.link_bytes();
                }
                Child::Branch(branch) => {
                    breaks = 0;
                    run.flush(blocks);
                    branch.collect_blocks(inside_link, blocks);
                }
            }
        }
        run.flush(blocks);
    }

    /// Whether an inline element has blocks in it after all, or the double breaks of old pages.
    fn holds_blocks(&self) -> bool {
        let mut breaks = 0;
        self.visit(&mut |branch: &Branch<'_>| {
            breaks += usize::from(branch.name() == "br");
            let is_block = matches!(
                branch.name(),
                "p" | "div" | "ul" | "ol" | "blockquote" | "h2" | "h3" | "section"
            );
            if is_block || breaks > 1 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })
        .is_break()
    }
}

/// Takes out what classes and ids call a teaser, a menu, comments; never what holds most of the
/// page's running text, for then the word meant something else.
fn remove_by_hints(branch: &mut Branch<'_>, total: usize) {
    branch.children.retain_mut(|child| match child {
        Child::Text(_) => true,
        Child::Branch(branch) => {
            let is_main_part = branch.paragraph_bytes * 2 > total;
            if !is_main_part && speaks_against(branch.element) {
                return false;
            }
            remove_by_hints(branch, total);
            true
        }
    });
}

fn speaks_against(element: ElementRef<'_>) -> bool {
    let name = element.value().name();
    if matches!(name, "body" | "html" | "article" | "main") || element.attr("itemprop") == Some("articleBody") {
        return false;
    }
    let hints = class_and_id(element);
    if hints.is_empty() {
        return false;
    }
    hints.split('-').any(|word| HINTS_AGAINST.contains(&word))
        || HINTS_AGAINST_LONG
            .iter()
            .any(|hint| has_words(&hint_text(&hints), hint))
}

/// Class and id in lower case, all words joined by `-`.
fn class_and_id(element: ElementRef<'_>) -> String {
    let mut joined = String::new();
    for value in [element.attr("class"), element.attr("id")].into_iter().flatten() {
        let mut previous_is_lower = false;
        joined.push('-');
        for c in value.chars() {
            // camelCase
            if c.is_ascii_uppercase() && previous_is_lower {
                joined.push('-');
            }
            previous_is_lower = c.is_ascii_lowercase();
            joined.push(if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            });
        }
    }
    joined.trim_matches('-').to_owned()
}

fn hint_text(hints: &str) -> String {
    let words: Vec<&str> = hints.split('-').filter(|word| !word.is_empty()).collect();
    format!("-{}-", words.join("-"))
}

fn has_words(text: &str, words: &str) -> bool {
    text.match_indices(words)
        .any(|(at, _)| text[..at].ends_with('-') && text[at + words.len()..].starts_with('-'))
}

/// Whether a part is marked in one certain way.
type IsMarked<'a> = fn(&Branch<'a>) -> bool;

/// The part that holds the article. What the page marks as the body comes first, then `<article>`,
/// `<main>`; a mark counts only when a fair share of the running text is in it (a teaser is an
/// `<article>` too, and so is each post of a live page). Without marks, the text's own density.
fn container<'b, 'a>(tree: &'b Branch<'a>) -> &'b Branch<'a> {
    const FEWEST_BYTES: usize = 150;
    let total = tree.paragraph_bytes;
    let marks: [(f32, IsMarked<'a>); 4] = [
        (0.5, |branch| {
            branch
                .element
                .attr("itemprop")
                .is_some_and(|value| value.split(' ').any(|v| v == "articleBody"))
        }),
        (0.5, |branch| {
            branch.name() != "body" && {
                let hints = hint_text(&class_and_id(branch.element));
                HINTS_FOR.iter().any(|hint| has_words(&hints, hint))
            }
        }),
        (0.4, |branch| {
            branch.name() == "article" || branch.element.attr("role") == Some("article")
        }),
        (0.3, |branch| {
            branch.name() == "main" || branch.element.attr("role") == Some("main")
        }),
    ];
    for (share, is_marked) in marks {
        let mut best: Option<&Branch<'a>> = None;
        let _ = tree.visit(&mut |branch| {
            if is_marked(branch) && best.is_none_or(|best| branch.paragraph_bytes > best.paragraph_bytes) {
                best = Some(branch);
            }
            ControlFlow::<()>::Continue(())
        });
        let Some(best) = best else { continue };
        if best.paragraph_bytes >= FEWEST_BYTES && best.paragraph_bytes as f32 >= share * total as f32 {
            return best;
        }
    }
    densest(tree)
}

/// Goes down as long as one child has nearly all of the running text.
fn densest<'b, 'a>(tree: &'b Branch<'a>) -> &'b Branch<'a> {
    let mut current = tree;
    loop {
        let richest = current.branches().max_by_key(|branch| branch.paragraph_bytes);
        match richest {
            Some(child)
                if !child.is_inline()
                    && child.name() != "p"
                    && child.paragraph_bytes * 10 >= current.paragraph_bytes * 8
                    && child.paragraph_bytes > 0 =>
            {
                current = child;
            }
            _ => return current,
        }
    }
}

/// What the page marks as its standfirst.
fn standfirst(tree: &Branch<'_>) -> Option<String> {
    const LENGTHS: std::ops::RangeInclusive<usize> = 40..=1_200;
    let found = tree.visit(&mut |branch: &Branch<'_>| {
        let hints = class_and_id(branch.element);
        let is_marked = hints.split('-').any(|word| STANDFIRST_HINTS.contains(&word))
            || matches!(
                branch.element.attr("itemprop"),
                Some("description" | "alternativeHeadline")
            );
        if !is_marked
            || matches!(branch.name(), "body" | "article" | "main" | "a" | "h1")
            || speaks_against(branch.element)
        {
            return ControlFlow::Continue(());
        }
        let text = branch.text();
        let is_links = branch.link_bytes() * 2 > text.len();
        if LENGTHS.contains(&text.len()) && !is_links && !is_of_the_site(&text) {
            ControlFlow::Break(text)
        } else {
            ControlFlow::Continue(())
        }
    });
    found.break_value()
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Paragraph,
    Heading,
    Quote,
    Item,
}

#[derive(Debug)]
struct Block {
    kind: Kind,
    text: String,
    link_bytes: usize,
    /// Whether a link holds the whole block, as in cards.
    inside_link: bool,
}

impl Block {
    fn new(kind: Kind, inside_link: bool) -> Self {
        Self {
            kind,
            text: String::new(),
            link_bytes: 0,
            inside_link,
        }
    }

    fn flush(&mut self, blocks: &mut Vec<Block>) {
        let text = single_spaced(&std::mem::take(&mut self.text));
        if text.chars().any(char::is_alphanumeric) {
            blocks.push(Block {
                kind: self.kind,
                text,
                link_bytes: self.link_bytes,
                inside_link: self.inside_link,
            });
        }
        self.link_bytes = 0;
    }

    fn is_mostly_links(&self) -> bool {
        self.inside_link || self.link_bytes * 10 >= self.text.len() * 6
    }
}

/// Keeps the blocks that tell the news.
fn keep_articles_own(blocks: Vec<Block>, title: Option<&str>, standfirst: Option<&str>) -> Vec<String> {
    const SHORT_PARAGRAPH: usize = 120;
    let title = title.map(fold_key).unwrap_or_default();
    let standfirst = standfirst.map(fold_key).unwrap_or_default();
    let mut kept: Vec<(Kind, String)> = Vec::new();
    // After « Sur le même sujet », until the article goes on.
    let mut among_teasers = false;
    for block in blocks {
        let folded = fold_key(&block.text);
        let opens_teasers = block.text.len() < SHORT_PARAGRAPH && is_teaser_heading(&folded);
        if opens_teasers {
            among_teasers = true;
            continue;
        }
        let is_running = block.text.len() >= SHORT_PARAGRAPH && !block.is_mostly_links() && block.kind != Kind::Item;
        if among_teasers && !is_running {
            continue;
        }
        among_teasers = false;
        let is_repeated =
            folded == title || folded == standfirst || kept.last().is_some_and(|(_, last)| *last == block.text);
        if is_repeated || block.is_mostly_links() || is_of_the_site(&block.text) {
            continue;
        }
        kept.push((block.kind, block.text));
    }
    // A heading with nothing under it belonged to what was left out.
    while kept.last().is_some_and(|(kind, _)| *kind == Kind::Heading) {
        kept.pop();
    }
    kept.into_iter().map(|(_, text)| text).collect()
}

/// Headings over links to other articles.
fn is_teaser_heading(folded: &str) -> bool {
    let text = folded.trim_end_matches([' ', ':', '.', '!', '…', '>']).trim_end();
    TEASER_HEADINGS.contains(&text) || text.starts_with("plus d actualites ") || text.starts_with("tous les articles ")
}

/// Short lines in which the site speaks of itself: invitations, credits, cookie notices.
fn is_of_the_site(text: &str) -> bool {
    const LONGEST: usize = 320;
    if text.len() > LONGEST {
        return false;
    }
    let folded = fold_key(text);
    let folded = folded.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '©');
    SITE_STARTS.iter().any(|start| folded.starts_with(start)) || SITE_HOLDS.iter().any(|words| folded.contains(words))
}
