//! Mistakes in a file that people write, each with the words it is about.

use std::ops::Range;
use std::path::Path;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::query::nearest::nearest;

/// Something to mend.
#[derive(Debug)]
pub(super) struct Mistake {
    pub title: String,
    pub span: Range<usize>,
    pub label: String,
    /// A second place that matters, with its label.
    pub other: Option<(Range<usize>, &'static str)>,
    pub help: Option<String>,
}

impl Mistake {
    pub fn new(
        span: Range<usize>,
        title: impl Into<String>,
        label: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            title: title.into(),
            span,
            label: label.into(),
            other: None,
            help: Some(help.into()),
        }
    }
}

/// The mistake that the TOML reader found. `needs` says what every table needs, when a field is missing.
pub(super) fn syntax_mistake(error: &toml::de::Error, text: &str, needs: &str) -> Mistake {
    let message = error.message().trim();
    let missing = message.starts_with("missing field").then(|| needs.to_owned());
    Mistake {
        title: message.lines().next().unwrap_or("this is not TOML").to_owned(),
        span: error.span().unwrap_or(0..text.len().min(1)),
        label: "here".to_owned(),
        other: None,
        help: missing.or_else(|| meant(message)),
    }
}

/// What a field that is not known was probably meant to be.
fn meant(message: &str) -> Option<String> {
    let mut quoted = message.strip_prefix("unknown field ")?.split('`').skip(1).step_by(2);
    let typed = quoted.next()?;
    let near = nearest(typed, quoted)?;
    Some(format!("did you mean `{near}`?"))
}

/// All mistakes for people: file, line, the words, what to do. Several lines, no colours.
pub(super) fn render(mistakes: &[Mistake], text: &str, path: &Path) -> String {
    let name = path.display().to_string();
    let renderer = Renderer::plain();
    let parts: Vec<String> = mistakes
        .iter()
        .map(|mistake| {
            let mut snippet = Snippet::source(text)
                .path(&name)
                .annotation(AnnotationKind::Primary.span(mistake.span.clone()).label(&mistake.label));
            if let Some((span, label)) = &mistake.other {
                snippet = snippet.annotation(AnnotationKind::Context.span(span.clone()).label(*label));
            }
            let mut group = Level::ERROR.primary_title(&mistake.title).element(snippet);
            if let Some(help) = &mistake.help {
                group = group.element(Level::HELP.message(help));
            }
            renderer.render(&[group]).to_string()
        })
        .collect();
    parts.join("\n\n")
}
