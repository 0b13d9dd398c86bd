//! Archives: their members are files of their own, written to temporary files so that each can be read as often and from as many
//! threads as any other.
mod members;
mod seven_zip;
mod tar;
mod zip;

use crate::DataProblem;
use crate::bytes::most_unpacked;
use crate::input::InputFile;
use members::Unpacking;
use std::fmt;

/// A container of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Archive {
    Zip,
    Tar,
    SevenZip,
}

/// Where POSIX archives have `ustar`.
const USTAR: usize = 257;

impl Archive {
    /// By how a file begins.
    pub fn of(head: &[u8]) -> Option<Archive> {
        // The second is an empty one.
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            return Some(Archive::Zip);
        }
        if head.starts_with(b"7z\xbc\xaf\x27\x1c") {
            return Some(Archive::SevenZip);
        }
        (head.get(USTAR..USTAR + 5) == Some(b"ustar")).then_some(Archive::Tar)
    }
}

impl fmt::Display for Archive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Archive::Zip => "zip archive",
            Archive::Tar => "tar archive",
            Archive::SevenZip => "7z archive",
        })
    }
}

/// What came out of an archive.
#[derive(Default)]
pub(crate) struct Unpacked {
    /// The members that are logs, named `ARCHIVE/MEMBER`.
    pub files: Vec<InputFile>,
    pub problems: Vec<DataProblem>,
}

/// The members of an archive, and of archives in it.
pub(crate) fn unpack(input: &InputFile) -> Unpacked {
    let mut unpacking = Unpacking::new(most_unpacked(input.size));
    unpacking.archive(input, 0);
    unpacking.unpacked
}
