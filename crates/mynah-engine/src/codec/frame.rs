//! What stands around a plan's bytes: what they are, how many, and their checksum.
use super::CodecError;
use sha2::{Digest, Sha256};

const MAGIC: &[u8] = b"MYNAHPLAN";

/// Goes up whenever plans of the one before could be misread.
const VERSION: u16 = 1;

/// What sort of plan it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Logical = 1,
    Physical = 2,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Logical => "logical",
            Kind::Physical => "physical",
        }
    }
}

/// The bytes with all that stands before them.
pub(super) fn close(body: &[u8], kind: Kind) -> Vec<u8> {
    let length = (body.len() as u64).to_le_bytes();
    [MAGIC, &VERSION.to_le_bytes(), &[kind as u8], &length, &Sha256::digest(body), body].concat()
}

/// What [`close`] was given.
pub(super) fn open(bytes: &[u8], wanted: Kind) -> Result<&[u8], CodecError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(CodecError::NoPlan)?;
    let (version, rest) = rest.split_first_chunk().ok_or(CodecError::NoPlan)?;
    let found = u16::from_le_bytes(*version);
    if found != VERSION {
        return Err(CodecError::Version { found, known: VERSION });
    }
    let ([kind], rest) = rest.split_first_chunk().ok_or(CodecError::NoPlan)?;
    let kinds = [Kind::Logical, Kind::Physical];
    let found = kinds.into_iter().find(|known| *known as u8 == *kind).ok_or(CodecError::NoPlan)?;
    if found != wanted {
        return Err(CodecError::Kind { found: found.name(), wanted: wanted.name() });
    }
    let (length, rest) = rest.split_first_chunk().ok_or(CodecError::NoPlan)?;
    let (checksum, body) = rest.split_first_chunk::<32>().ok_or(CodecError::NoPlan)?;
    let said = u64::from_le_bytes(*length);
    if body.len() as u64 != said {
        return Err(CodecError::Length { found: body.len(), said });
    }
    if Sha256::digest(body).as_slice() != checksum {
        return Err(CodecError::Checksum);
    }
    Ok(body)
}
