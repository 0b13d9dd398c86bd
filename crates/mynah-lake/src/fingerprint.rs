//! What tells a file from another one of the same name.
use mynah_source::InputFile;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// How many bytes at each end of a file are looked at.
const END: u64 = 64 << 10;

/// The name that a file is known by, however it is named: where it is. What is spooled is known by the name it was given.
pub(crate) fn key(file: &InputFile) -> String {
    let whole = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let path: PathBuf = match &file.stored {
        Some(_) if file.path == Path::new("-") => file.path.clone(),
        Some(_) => whole(&file.path),
        None => std::fs::canonicalize(&file.path).unwrap_or_else(|_| whole(&file.path)),
    };
    path.to_string_lossy().into_owned()
}

/// What the first bytes of a file are, so many of them: how many, and a digest of both their ends.
///
/// # Errors
/// Where the file cannot be read.
pub(crate) fn fingerprint(file: &InputFile, size: u64) -> io::Result<String> {
    let mut opened = File::open(file.stored.as_ref().unwrap_or(&file.path))?;
    let mut digest = Sha256::new();
    digest.update(size.to_le_bytes());
    for start in [0, size.saturating_sub(END).max(END.min(size))] {
        let mut bytes = Vec::new();
        opened.seek(SeekFrom::Start(start))?;
        (&mut opened).take(END.min(size.saturating_sub(start))).read_to_end(&mut bytes)?;
        digest.update(&bytes);
    }
    Ok(digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_grew_still_begins_as_it_did() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.log");
        for length in [0, 10, 70_000, 200_000] {
            let text: Vec<u8> = (0..length).map(|byte: u32| (byte % 251) as u8).collect();
            std::fs::write(&path, &text).unwrap();
            let file = InputFile::new(&path).unwrap();
            let before = fingerprint(&file, file.size).unwrap();
            std::fs::write(&path, [&text[..], b"more"].concat()).unwrap();
            assert_eq!(fingerprint(&file, file.size).unwrap(), before);
            let grown = InputFile::new(&path).unwrap();
            assert_ne!(fingerprint(&grown, grown.size).unwrap(), before);
        }
    }
}
