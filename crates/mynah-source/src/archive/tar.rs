//! Tar archives.
use super::members::{TOO_LARGE, Unpacking, member_path};
use crate::input::InputFile;
use crate::opened::Opened;
use std::cell::Cell;
use std::io::{self, Cursor, Read};

/// Takes the members of an archive; an error is one of the archive as a whole.
pub(super) fn unpack(unpacking: &mut Unpacking, input: &InputFile, opened: Opened, depth: usize) -> Result<(), String> {
    let Opened { head, content, .. } = opened;
    let most = unpacking.left();
    let read = Cell::new(0);
    let tally = Tally { inner: Cursor::new(head).chain(content.into_read()), read: &read, most };
    let taken = members(unpacking, input, tar::Archive::new(tally), depth);
    if read.get() > most {
        return Err(TOO_LARGE.to_owned());
    }
    // Members that are left out are gone through all the same.
    let skipped = read.get().saturating_sub(most.saturating_sub(unpacking.left()));
    let _ = unpacking.spend(&input.path, skipped.min(unpacking.left()));
    taken.map_err(|error| format!("the tar archive breaks off or is damaged: {error}"))
}

fn members(
    unpacking: &mut Unpacking,
    input: &InputFile,
    mut tar: tar::Archive<impl Read>,
    depth: usize,
) -> io::Result<()> {
    for entry in tar.entries()? {
        let mut entry = entry?;
        let kind = entry.header().entry_type();
        if !(kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse()) {
            continue;
        }
        let path = member_path(input, &String::from_utf8_lossy(&entry.path_bytes()));
        if unpacking.member(path, &mut entry, depth).is_err() {
            break;
        }
    }
    Ok(())
}

/// Counts what is read; what is more than there may be is an error.
struct Tally<'c, R> {
    inner: R,
    read: &'c Cell<u64>,
    most: u64,
}

impl<R: Read> Read for Tally<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.read.set(self.read.get() + length as u64);
        if self.read.get() > self.most { Err(io::Error::other(TOO_LARGE)) } else { Ok(length) }
    }
}
