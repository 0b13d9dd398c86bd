//! 7z archives.
use super::members::{Full, Unpacking, member_path};
use super::zip::ENCRYPTED;
use crate::ProblemKind;
use crate::input::InputFile;
use crate::opened::Opened;
use sevenz_rust2::{Archive, Block, BlockDecoder, Error, Password};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// How many bytes of an archive its table of contents may take, which is packed and read into memory: some ten thousand members.
const TABLE: u64 = 128 << 10;
/// How much memory a block may ask for, as xz data may: `7z -mx=9` wants 64 MiB.
const DICTIONARY: u64 = 1 << 30;

/// The ids of the methods whose properties say how much memory they want, and of encryption.
const LZMA: &[u8] = &[3, 1, 1];
const LZMA2: &[u8] = &[0x21];
const PPMD: &[u8] = &[3, 4, 1];
const AES: &[u8] = &[6, 0xf1, 7, 1];

/// Takes the members of an archive; an error is one of the archive as a whole.
pub(super) fn unpack(unpacking: &mut Unpacking, input: &InputFile, opened: Opened, depth: usize) -> Result<(), String> {
    let mut file = unpacking.file(input, opened)?;
    let password = Password::empty();
    let mut table = Table { file: &mut file, left: TABLE };
    let archive = Archive::read(&mut table, &password);
    let is_larger = table.left == 0;
    let archive = archive.map_err(|error| match error {
        Error::PasswordRequired => ENCRYPTED.to_owned(),
        // The library names what it cannot decrypt as a method that it lacks.
        Error::UnsupportedCompressionMethod(method) if method.starts_with("AES") => ENCRYPTED.to_owned(),
        _ if is_larger => format!("its table of contents takes more than {} KiB, packed", TABLE >> 10),
        error => format!("the 7z archive is damaged: {error}"),
    })?;
    for (index, block) in archive.blocks.iter().enumerate() {
        let decoder = BlockDecoder::new(1, index, &archive, &password, &mut file);
        if let Some(reason) = refused(block) {
            for entry in decoder.entries().iter().filter(|entry| entry.has_stream) {
                let path = member_path(input, entry.name());
                unpacking.problem(&path, ProblemKind::Unreadable, reason);
                if unpacking.count(&path).is_err() {
                    return Ok(());
                }
            }
            continue;
        }
        let mut full = None;
        let taken = decoder.for_each_entries(&mut |entry, content: &mut dyn Read| {
            if entry.is_directory() || !entry.has_stream() {
                return Ok(true);
            }
            let path = member_path(input, entry.name());
            let before = unpacking.left();
            let mut content = Watched { inner: content, failed: false };
            let taken = unpacking.member(path.clone(), &mut content, depth);
            if content.failed {
                // It has been said. Where the library would go on reading behind an error, it may do so for ever.
                return Ok(false);
            }
            // What is left of a member is gone through all the same.
            let taken = taken.and_then(|()| {
                let skipped = entry.size().saturating_sub(before.saturating_sub(unpacking.left()));
                unpacking.spend(&path, skipped)
            });
            full = taken.err();
            Ok(full.is_none())
        });
        if let Some(Full) = full {
            return Ok(());
        }
        if let Err(error) = taken {
            let message = format!("a part of the 7z archive is damaged, what it holds is lost: {error}");
            unpacking.problem(&input.path, ProblemKind::Damaged, message);
        }
    }
    Ok(())
}

/// Why a block is not unpacked.
fn refused(block: &Block) -> Option<&'static str> {
    block.coders.iter().find_map(|coder| {
        let properties = coder.properties();
        let four = |from: usize| properties.get(from..from + 4).and_then(|bytes| bytes.try_into().ok());
        let memory = match coder.encoder_method_id() {
            id if id == AES => return Some(ENCRYPTED),
            id if id == LZMA || id == PPMD => four(1).map_or(0, |bytes| u64::from(u32::from_le_bytes(bytes))),
            id if id == LZMA2 => {
                properties.first().map_or(0, |bits| (2 | u64::from(bits & 1)) << (bits / 2 + 11).min(40))
            }
            _ => 0,
        };
        (memory > DICTIONARY).then_some("it takes more than 1 GiB of memory to unpack")
    })
}

/// Remembers whether reading failed.
struct Watched<'r> {
    inner: &'r mut dyn Read,
    failed: bool,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer);
        self.failed |= read.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::Interrupted);
        read
    }
}

/// What the library reads of a file for the table of contents, within bounds.
struct Table<'f> {
    file: &'f mut File,
    left: u64,
}

impl Read for Table<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        self.left = self.left.saturating_sub(length as u64);
        if self.left == 0 { Err(io::Error::other("the table of contents is too large")) } else { Ok(length) }
    }
}

impl Seek for Table<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}
