//! placeholder
pub fn extract(_: &[u8], _: Option<&str>, _: &url::Url) -> Result<crate::model::article::Page, String> {
    Err(String::new())
}
pub fn paragraphs_of_fragment(_: &str) -> Vec<String> {
    vec![]
}
