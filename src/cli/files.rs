//! Files replaced as a whole.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::Failure;

/// Replaces files, each as a whole; none when one of them cannot be written. `hint` says what would be
/// right where a folder is missing.
pub fn replace_all(files: &[(PathBuf, String)], hint: &str) -> Result<(), Failure> {
    let failed = |file: &Path, error: std::io::Error| {
        let hint = match error.kind() {
            std::io::ErrorKind::NotFound => format!(": {hint}"),
            _ => String::new(),
        };
        Failure::usage(anyhow::Error::new(error).context(format!("writing {}{hint}", file.display())))
    };
    let mut ready = Vec::with_capacity(files.len());
    for (file, text) in files {
        let new = written_beside(file, text).map_err(|error| failed(file, error))?;
        ready.push((file, new));
    }
    for (file, new) in ready {
        new.persist(file).map_err(|error| failed(file, error.error))?;
    }
    Ok(())
}

/// The new text, beside the file it will replace and with its permissions.
fn written_beside(file: &Path, text: &str) -> std::io::Result<NamedTempFile> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut new = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    new.write_all(text.as_bytes())?;
    let permissions = match fs::metadata(file) {
        Ok(known) => known.permissions(),
        Err(_) => fs::Permissions::from_mode(0o644),
    };
    fs::set_permissions(new.path(), permissions)?;
    Ok(new)
}
