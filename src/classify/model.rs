//! The models as a whole, phrases and votes. Shipped in the binary; a folder may replace them file by
//! file.

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
        Models::with(&[])
    }

    /// The models of the binary with these files in the place of those of the same name. A file
    /// that is none of the models' is an error: its phrases would silently count for nothing.
    pub fn with(replacements: &[ModelFile]) -> Result<Models, LexiconError> {
        let known: Vec<&str> = FILES.iter().map(|(name, _, _)| *name).chain([VOTES.0]).collect();
        let name_of = |file: &ModelFile| file.path.file_name().map(|name| name.to_string_lossy().into_owned());
        if let Some(stranger) = replacements
            .iter()
            .find(|file| name_of(file).is_none_or(|name| !known.contains(&name.as_str())))
        {
            let what = format!("is no model file; known: {}", known.join(", "));
            return Err(LexiconError {
                file: stranger.path.clone(),
                line: 0,
                what,
            });
        }
        let chosen = |name: &str, embedded: &str| {
            let replaced = replacements
                .iter()
                .find(|file| name_of(file).as_deref() == Some(name))
                .cloned();
            replaced.unwrap_or_else(|| ModelFile {
                path: name.into(),
                text: embedded.to_owned(),
            })
        };
        let files: Vec<ModelFile> = FILES.iter().map(|(name, _, text)| chosen(name, text)).collect();
        Models::compile(&files, &chosen(VOTES.0, VOTES.1))
    }

    fn compile(files: &[ModelFile], votes: &ModelFile) -> Result<Models, LexiconError> {
        let phrases = Phrasebook::compile(files)?;
        let votes = votes::read(votes, &phrases.lexicon)?;
        Ok(Models { phrases, votes })
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
    fn files_are_replaced_one_by_one_and_mistakes_name_file_and_line() {
        let file = |path: &str, text: &str| ModelFile {
            path: path.into(),
            text: text.to_owned(),
        };
        let check = |path: &str, text: &str, expected: &str| {
            let error = Models::with(&[file(path, text)]).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        let wrong_label = "[ddos]\n\"déni de service\" = 5\n[deni]\n\"x\" = 1\n";
        check(
            "k/attacks.toml",
            wrong_label,
            "k/attacks.toml:3: unknown label `deni`; known here: rancongiciel",
        );
        let wrong_feature = "[cuts]\nvocabulary = 1\nslope = 1\noffset = 0\nunnamed_slope = 1\nunnamed_offset = 0\n\
                             incident = 0.5\nvictim = 0.3\n[incident.named]\nbia = 1.0\n\
                             [vocabulary.title]\n[vocabulary.text]\n[kinds]\n";
        check("k/votes.toml", wrong_feature, "k/votes.toml:10: unknown feature `bia`");
        check("k/atacks.toml", "", "is no model file; known: attacks.toml");
        assert!(Models::with(&[file("k/attacks.toml", "[ddos]\n\"déni de service\" = 5\n")]).is_ok());
    }
}
