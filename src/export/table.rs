//! The answer as a table for a terminal: one row an incident, then the sentences that say what
//! was searched and what stands behind it.

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, Width};

use super::plain::clean;
use super::rows::{Row, rows};
use super::wording::{
    DATE_LEGEND, short_status, summary, view_attacks, view_date, view_relation, view_sector, view_victims,
};
use super::{Colors, Screen};
use crate::model::answer::{Answer, DateOf, View};
use crate::model::label::Status;

/// Screens at least so wide show the incident's identifier, for `vigie show`. On narrower ones it
/// would leave the other columns unreadable; `show` also takes words of it.
const WIDTH_FOR_IDS: u16 = 160;
/// Screens narrower than this have the place under the sector, in one column.
const WIDTH_FOR_PLACES: u16 = 100;
/// Below this a table cannot be read; it is made so wide even so.
const NARROWEST: u16 = 80;
/// A column is not made narrower than its longest word, up to this many characters: words that
/// are cut in the middle are hard to read.
const LONGEST_WORD: usize = 16;

/// The answer as a table. Without incidents there is no table, only the sentences.
pub fn text(answer: &Answer, screen: Screen) -> String {
    let mut lines = Vec::new();
    let mut sentences = Vec::new();
    if !answer.incidents.is_empty() {
        let table = table(&rows(answer), screen);
        lines.extend(table.lines().map(|line| line.trim_end().to_owned()));
        if answer
            .incidents
            .iter()
            .any(|view| view.date_of == DateOf::FirstPublished)
        {
            sentences.push(DATE_LEGEND.to_owned());
        }
    }
    sentences.extend(summary(answer));
    for sentence in sentences {
        wrap(&sentence, screen.width, &mut lines);
    }
    lines.push(String::new());
    lines.join("\n")
}

fn table(rows: &[Row<'_>], screen: Screen) -> Table {
    let columns = columns(screen.width);
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY);
    match screen.colors {
        Colors::Ansi => table.enforce_styling(),
        Colors::Never => table.force_no_tty(),
    };
    match screen.width {
        Some(width) => table
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width.max(NARROWEST)),
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
    table.set_header(
        columns
            .iter()
            .map(|column| Cell::new(column.header()).add_attribute(Attribute::Bold)),
    );
    for row in rows {
        table.add_row(columns.iter().map(|column| column.cell(row)));
    }
    for (index, column) in columns.iter().enumerate() {
        let longest = rows
            .iter()
            .map(|row| column.text(row))
            .chain([column.header().to_owned()])
            .flat_map(|text| {
                text.split_whitespace()
                    .map(|word| word.chars().count())
                    .collect::<Vec<_>>()
            })
            .max()
            .unwrap_or_default();
        let constraint = if column.is_whole() {
            ColumnConstraint::ContentWidth
        } else {
            // The bound counts the blank on the column's right.
            ColumnConstraint::LowerBoundary(Width::Fixed(longest.min(LONGEST_WORD) as u16 + 1))
        };
        if let Some(column) = table.column_mut(index) {
            column.set_padding((0, 1)).set_constraint(constraint);
        }
    }
    table
}

/// One column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Date,
    Victim,
    Sector,
    SectorAndPlace,
    Attacks,
    Place,
    Status,
    Sources,
    Id,
}

fn columns(width: Option<u16>) -> Vec<Column> {
    use Column::{Attacks, Date, Id, Place, Sector, SectorAndPlace, Sources, Status, Victim};
    match width {
        Some(width) if width < WIDTH_FOR_PLACES => vec![Date, Victim, SectorAndPlace, Attacks, Status, Sources],
        Some(width) if width < WIDTH_FOR_IDS => vec![Date, Victim, Sector, Attacks, Place, Status, Sources],
        _ => vec![Date, Victim, Sector, Attacks, Place, Status, Sources, Id],
    }
}

impl Column {
    const fn header(self) -> &'static str {
        match self {
            Self::Date => "Date",
            Self::Victim => "Victime",
            Self::Sector => "Secteur",
            Self::SectorAndPlace => "Secteur, lieu",
            Self::Attacks => "Types",
            Self::Place => "Lieu",
            Self::Status => "Statut",
            Self::Sources => "Sources",
            Self::Id => "Identifiant",
        }
    }

    fn text(self, row: &Row<'_>) -> String {
        let view: &View = &row.view;
        let place = || clean(view.place.as_deref().unwrap_or("?"));
        match self {
            Self::Date => view_date(view),
            Self::Victim => match view_relation(view) {
                _ if row.is_part => format!("└ {}", view_victims(view)),
                Some(relation) => format!("{}\n{relation}", view_victims(view)),
                None => view_victims(view),
            },
            Self::Sector => view_sector(view),
            Self::SectorAndPlace => format!("{}\n{}", view_sector(view), place()),
            Self::Attacks => view_attacks(view),
            Self::Place => place(),
            Self::Status => short_status(view.status).to_owned(),
            Self::Sources => view.sources.to_string(),
            Self::Id => clean(view.id.as_str()),
        }
    }

    /// Dates, statuses, counts and identifiers are never cut.
    const fn is_whole(self) -> bool {
        matches!(self, Self::Date | Self::Status | Self::Sources | Self::Id)
    }

    fn cell(self, row: &Row<'_>) -> Cell {
        let cell = Cell::new(self.text(row));
        match self {
            Self::Date | Self::Sources => cell.set_alignment(CellAlignment::Right),
            Self::Victim => cell.add_attribute(Attribute::Bold),
            Self::Status => match row.view.status {
                Status::Confirmed => cell.fg(Color::Red),
                Status::Claimed => cell.fg(Color::Yellow),
                Status::Denied => cell.fg(Color::Green),
                Status::Reported => cell,
            },
            _ => cell,
        }
    }
}

/// Adds a sentence as lines that fit, cut between words; a word longer than a line stays whole.
fn wrap(sentence: &str, width: Option<u16>, lines: &mut Vec<String>) {
    let Some(width) = width else {
        lines.push(sentence.to_owned());
        return;
    };
    let mut line = String::new();
    for word in sentence.split(' ') {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > usize::from(width) {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
}

#[cfg(test)]
mod tests {
    use super::super::examples::{few_answers, nothing_found};
    use super::*;

    fn shown(width: Option<u16>, colors: Colors) -> String {
        text(&few_answers(), Screen { width, colors })
    }

    #[test]
    fn a_narrow_table() {
        let expected = [
            "────────────────────────────────────────────────────────────────────────────────",
            "Date          Victime           Secteur,     Types          Statut      Sources",
            "                                lieu",
            "════════════════════════════════════════════════════════════════════════════════",
            "≤ 24/11/2026  Mairie de Dinard  Commune      déni de        signalé           1",
            "                                Dinard (35)  service",
            "────────────────────────────────────────────────────────────────────────────────",
            "  05/11/2023  Département du    Département  rançongiciel,  confirmé          2",
            "              Loiret, SDIS 45   Loiret (45)  fuite de",
            "                                             données",
            "────────────────────────────────────────────────────────────────────────────────",
            r#"≤ 24/11/2026  =HYPERLINK("x")|  ?            ?              revendiqué        1"#,
            "              <b>[31m*A*        ?",
            "────────────────────────────────────────────────────────────────────────────────",
            "≤ : au plus tard ce jour, celui du premier article.",
            "3 incidents trouvés : incidents en France.",
            "Derrière cette réponse : 61 flux suivis, dont 58 ont répondu à leur dernier",
            "relevé ; 12345 articles et 230 incidents en base depuis le 03/10/2026 ; dernier",
            "relevé réussi le 25/11/2026 à 14:02.",
        ];
        let said = shown(Some(80), Colors::Never);
        assert_eq!(said.lines().collect::<Vec<_>>(), expected);
        assert!(said.ends_with('\n'));
    }

    #[test]
    fn a_table_without_limit() {
        let expected = [
            "Date          Victime                         Secteur      Types                           Lieu         Statut      Sources  Identifiant",
            "≤ 24/11/2026  Mairie de Dinard                Commune      déni de service                 Dinard (35)  signalé           1  mairie-de-dinard-2026-11",
            "  05/11/2023  Département du Loiret, SDIS 45  Département  rançongiciel, fuite de données  Loiret (45)  confirmé          2  departement-du-loiret-2023-11",
            r#"≤ 24/11/2026  =HYPERLINK("x")|<b>[31m*A*      ?            ?                               ?            revendiqué        1  hostile-2026-10"#,
        ];
        let said = shown(None, Colors::Never);
        let rows: Vec<&str> = said
            .lines()
            .filter(|line| !line.starts_with(['─', '═']))
            .take(4)
            .collect();
        assert_eq!(rows, expected);
    }

    #[test]
    fn every_line_fits_the_screen() {
        for width in 80..220 {
            for line in shown(Some(width), Colors::Never).lines() {
                assert!(line.chars().count() <= usize::from(width), "{width}: {line}");
            }
        }
    }

    #[test]
    fn colors_only_when_asked_for() {
        assert!(!shown(Some(100), Colors::Never).contains('\u{1b}'));
        let colored = shown(Some(100), Colors::Ansi);
        assert!(colored.contains("\u{1b}[38;5;9mconfirmé"), "{colored}");
        assert!(!colored.contains("\u{1b}[31m*A*"), "the press never colours");
    }

    #[test]
    fn nothing_found_is_said_without_a_table() {
        let screen = Screen {
            width: Some(80),
            colors: Colors::Ansi,
        };
        let expected = "Aucun incident trouvé : incidents en France, secteur sante.\n\
                        Derrière cette réponse : 61 flux suivis, dont 58 ont répondu à leur dernier\n\
                        relevé ; 12345 articles et 230 incidents en base depuis le 03/10/2026 ; dernier\n\
                        relevé réussi le 25/11/2026 à 14:02.\n";
        assert_eq!(text(&nothing_found(), screen), expected);
    }
}
