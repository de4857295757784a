//! The answer as NDJSON for programs that read a line at a time: one incident a line, each the
//! same object as in the JSON format, without the question and what stands behind the answer.

use super::plain::escape_json;
use crate::model::answer::Answer;

/// One line an incident; empty when there is none.
pub fn text(answer: &Answer) -> String {
    let mut text = String::new();
    for view in &answer.incidents {
        let json = serde_json::to_string(view).expect("a view has only string keys");
        text.push_str(&escape_json(&json));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::examples::{few_answers, nothing_found};
    use super::*;
    use crate::model::answer::View;

    #[test]
    fn one_line_an_incident() {
        let answer = few_answers();
        let text = text(&answer);
        let views: Vec<View> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(views, answer.incidents);
        assert!(
            text.starts_with(r#"{"id":"mairie-de-dinard-2026-11","date":"2026-11-24","date_of":"first_published","#)
        );
        assert!(text.ends_with("}\n"));
        assert_eq!(super::text(&nothing_found()), "");
    }
}
