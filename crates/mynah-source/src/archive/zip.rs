//! Zip archives.
use super::members::{Unpacking, member_path};
use crate::ProblemKind;
use crate::input::InputFile;
use crate::opened::Opened;
use zip::ZipArchive;
use zip::result::ZipError;

/// What is said of members that want a password.
pub(super) const ENCRYPTED: &str = "it is encrypted: unpack it with its password first";

/// Takes the members of an archive; an error is one of the archive as a whole.
pub(super) fn unpack(unpacking: &mut Unpacking, input: &InputFile, opened: Opened, depth: usize) -> Result<(), String> {
    let file = unpacking.file(input, opened)?;
    let mut zip = ZipArchive::new(file).map_err(|error| format!("the zip archive is damaged: {error}"))?;
    for index in 0..zip.len() {
        let name = match zip.name_for_index(index) {
            Some(Ok(name)) => name.into_owned(),
            _ => format!("member {}", index + 1),
        };
        if name.ends_with('/') {
            continue;
        }
        let path = member_path(input, &name);
        let taken = match zip.by_index(index) {
            Ok(mut member) => unpacking.member(path, &mut member, depth),
            Err(error) => {
                let message = match error {
                    ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
                        ENCRYPTED.to_owned()
                    }
                    error => format!("cannot be unpacked: {error}"),
                };
                unpacking.problem(&path, ProblemKind::Unreadable, message);
                unpacking.count(&path)
            }
        };
        if taken.is_err() {
            break;
        }
    }
    Ok(())
}
