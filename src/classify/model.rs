//! The models as a whole, phrases and votes. Shipped in the binary; a folder may replace them file by
//! file.

use std::path::Path;

use super::lexicon::{LexiconError, ModelFile};
use super::phrasebook::{FILES, Phrasebook};
use super::votes::{self, Votes};

const VOTES: (&str, &str) = ("votes.toml", include_str!("../../data/keywords/votes.toml"));

/// Everything the classifier knows.
#[derive(Debug)]
pub struct Models {
    /// The phrases.
    pub phrases: Phrasebook,
    /// How features vote for labels.
    pub votes: Votes,
}

impl Models {
    /// The models shipped in the binary.
    pub fn embedded() -> Result<Models, LexiconError> {
        let files = FILES.map(|(name, _, text)| ModelFile {
            path: name.into(),
            text: text.to_owned(),
        });
        let votes = ModelFile {
            path: VOTES.0.into(),
            text: VOTES.1.to_owned(),
        };
        Models::compile(&files, &votes)
    }

    /// The models of a folder with the same five files and `votes.toml`; a file that is absent
    /// there is taken from the binary.
    pub fn from_dir(dir: &Path) -> Result<Models, LexiconError> {
        let read = |name: &str, embedded: &str| {
            let path = dir.join(name);
            match std::fs::read_to_string(&path) {
                Ok(text) => Ok(ModelFile { path, text }),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(ModelFile {
                    path: name.into(),
                    text: embedded.to_owned(),
                }),
                Err(error) => Err(LexiconError {
                    file: path,
                    line: 0,
                    what: format!("cannot be read: {error}"),
                }),
            }
        };
        let files = FILES
            .iter()
            .map(|(name, _, text)| read(name, text))
            .collect::<Result<Vec<_>, _>>()?;
        Models::compile(&files, &read(VOTES.0, VOTES.1)?)
    }

    fn compile(files: &[ModelFile], votes: &ModelFile) -> Result<Models, LexiconError> {
        Ok(Models {
            phrases: Phrasebook::compile(files)?,
            votes: votes::read(votes)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_models_compile() {
        let models = Models::embedded().unwrap();
        assert!(
            models.phrases.lexicon.phrases().len() > 300,
            "{}",
            models.phrases.lexicon.phrases().len()
        );
        assert_eq!(models.phrases.meanings.len(), models.phrases.lexicon.labels().len());
    }

    #[test]
    fn a_folder_replaces_files_one_by_one_and_mistakes_name_file_and_line() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(
            dir.path().join("attacks.toml"),
            "[ddos]\n\"déni de service\" = 5\n[deni]\n\"x\" = 1\n",
        )
        .unwrap();
        let error = Models::from_dir(dir.path()).unwrap_err().to_string();
        assert!(
            error.contains("attacks.toml:3: unknown label `deni`; known here: rancongiciel"),
            "{error}"
        );
        std::fs::write(dir.path().join("attacks.toml"), "[ddos]\n\"déni de service\" = 5\n").unwrap();
        assert!(Models::from_dir(dir.path()).is_ok());
        std::fs::write(
            dir.path().join("votes.toml"),
            "incident_threshold = 0.5\n[kinds.incident]\nbia = 1.0\n",
        )
        .unwrap();
        let error = Models::from_dir(dir.path()).unwrap_err().to_string();
        assert!(error.ends_with("votes.toml:3: unknown feature `bia`"), "{error}");
    }
}
