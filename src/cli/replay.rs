//! `vigie replay`: articles of a file through the same line, into a store of their own that is
//! thrown away, or into one that is named (an import).

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;

use super::args::ReplayArgs;
use super::{ALL_WELL, Failure, SOME_FAILED, Surroundings, print, say};
use crate::model::article::Article;
use crate::pipeline::base::{self, Access};
use crate::pipeline::replay;
use crate::store::StoreError;

/// Longest line that is read: ten times the largest page.
const MOST_LINE_BYTES: usize = 50 * 1024 * 1024;

/// Replays, and prints a line per article. Lines that cannot be read are named and left out.
pub fn run(surroundings: &Surroundings, args: &ReplayArgs) -> Result<u8, Failure> {
    let (mut articles, refused) = read_articles(&args.file, surroundings.now)?;
    replay::tell_apart(&mut articles);
    let reader = surroundings.reader();
    reader.get()?;
    let reader = match &surroundings.global.store {
        Some(_) => surroundings.obeying(&reader)?,
        None => reader,
    };
    let said = with_store(surroundings, args.wait, |access| {
        Ok(replay::run(&articles, access, &reader, surroundings.now)?)
    })?;
    let mut output = String::new();
    for line in &said {
        output.push_str(&serde_json::to_string(line).map_err(Failure::work)?);
        output.push('\n');
    }
    print(&output)?;
    Ok(if refused == 0 { ALL_WELL } else { SOME_FAILED })
}

/// Works in the store that `--store` names, or in one that is thrown away.
fn with_store<T>(
    surroundings: &Surroundings,
    wait_seconds: u64,
    work: impl FnOnce(&Access) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let wait = Duration::from_secs(wait_seconds);
    let Some(dir) = surroundings.global.store.clone() else {
        let dir = throwaway_dir()?;
        return work(&Access {
            dir: dir.path().to_owned(),
            role: "replay",
            wait,
        });
    };
    let access = Access {
        dir,
        role: "replay",
        wait,
    };
    let _lock = base::enter_pass(&access, surroundings.now)?;
    work(&access)
}

/// A folder for a store that is thrown away.
pub fn throwaway_dir() -> Result<tempfile::TempDir, Failure> {
    tempfile::Builder::new().prefix("vigie-").tempdir().map_err(|cause| {
        StoreError::Io {
            doing: "creating a folder in",
            path: std::env::temp_dir(),
            cause,
        }
        .into()
    })
}

/// The articles of a file, with their names, and how many lines were refused (each is named on
/// stderr). Errs when the file cannot be read, or has no article at all though it has lines.
pub fn read_articles(file: &Path, now: Timestamp) -> Result<(Vec<(String, Article)>, usize), Failure> {
    let mut articles = Vec::new();
    let mut refused = 0;
    for_each_line(file, |number, line| match replay::read_line(line, now) {
        Ok(article) => articles.push(article),
        Err(error) => {
            refused += 1;
            say(format_args!(
                "vigie: {}:{number}: {error}; this line is left out",
                file.display()
            ));
        }
    })?;
    if articles.is_empty() && refused > 0 {
        return Err(Failure::usage(anyhow::anyhow!(
            "{}: none of its {refused} lines is an article",
            file.display()
        )));
    }
    Ok((articles, refused))
}

/// Calls `each` with the number, from 1, and the text of every line that is not blank.
pub fn for_each_line(file: &Path, mut each: impl FnMut(usize, &str)) -> Result<(), Failure> {
    let failed =
        |error: io::Error| Failure::usage(anyhow::Error::new(error).context(format!("reading {}", file.display())));
    let mut source: Box<dyn BufRead> = if file == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(file).map_err(failed)?))
    };
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        let read = io::Read::take(&mut source, MOST_LINE_BYTES as u64)
            .read_until(b'\n', &mut bytes)
            .map_err(failed)?;
        if read == 0 {
            break;
        }
        if read == MOST_LINE_BYTES {
            return Err(Failure::usage(anyhow::anyhow!(
                "{}:{number}: longer than {MOST_LINE_BYTES} bytes; one article a line is expected",
                file.display()
            )));
        }
        let line = String::from_utf8_lossy(&bytes);
        if !line.trim().is_empty() {
            each(number, line.trim());
        }
    }
    Ok(())
}
