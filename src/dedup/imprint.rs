//! The imprint of an article: the few words by which it is compared with others.

use crate::model::article::Article;
use crate::model::imprint::Imprint;

/// How often words stand in articles of the press.
#[derive(Debug, Default)]
pub struct Frequencies {}

impl Frequencies {
    /// The imprint of an article.
    pub fn imprint(&self, _article: &Article) -> Imprint {
        Imprint::default()
    }
}
