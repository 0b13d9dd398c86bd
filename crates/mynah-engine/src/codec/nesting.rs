//! How deep protocol buffers are nested, found out without going down into them.
//!
//! `prost` decodes a message within a message by calling itself, and its own limit of a hundred is soon met by plans.
//! So the limit here is higher, the stack is made for it, and both are settled before the first message is decoded.
use super::CodecError;

/// How many messages may stand within each other. An operator of a plan, and a call in an expression, are two.
const MESSAGES: usize = 4096;

/// What a message takes of the stack while it is decoded, at most.
const STACK_OF_A_MESSAGE: usize = 32 * 1024;

/// The same of a group. No plan has one, but a decoder skips those that it meets.
const STACK_OF_A_GROUP: usize = 512;

/// What writing a plan takes at most, which is less for each message.
pub(super) const STACK_TO_WRITE: usize = 64 << 20;

/// Runs `decode` with enough of a stack for `body`.
pub(super) fn within_bounds<T>(body: &[u8], decode: impl FnOnce() -> Result<T, CodecError>) -> Result<T, CodecError> {
    let messages = depth(body).ok_or(CodecError::TooDeep)?;
    // No more groups can be open than there are bytes that can begin one.
    let groups = body.iter().filter(|byte| *byte & 7 == 3).count();
    stacker::grow((messages + 64) * STACK_OF_A_MESSAGE + groups * STACK_OF_A_GROUP, decode)
}

/// How deep the messages are nested, at most; nothing if it is too deep.
///
/// Only a schema could tell a text from a message, so each text is taken for a message as far as it can be one. A
/// length may go beyond the end of the message that it stands in: a decoder notices only afterwards.
pub(super) fn depth(bytes: &[u8]) -> Option<usize> {
    // Where each message ends that is open.
    let mut open = vec![bytes.len()];
    let (mut at, mut deepest) = (0, 1);
    // Bytes are looked at again where lengths lie; those of a plan seldom do.
    let mut patience = bytes.len().saturating_mul(64).saturating_add(1024);
    while let Some(end) = open.last().copied() {
        patience = patience.checked_sub(1)?;
        match if at < end { field(bytes, at, &mut patience) } else { None } {
            Some((Field::Plain, after)) => at = after,
            Some((Field::Bytes { start }, after)) => {
                open.push(after);
                at = start;
            }
            // At its end, or no message from here on.
            None | Some((Field::EndOfGroup, _)) => {
                open.pop();
                at = end;
            }
        }
        deepest = deepest.max(open.len());
        if deepest > MESSAGES {
            return None;
        }
    }
    Some(deepest)
}

/// One field of a message.
enum Field {
    /// A number, or a group.
    Plain,
    /// A text or a message, from here on.
    Bytes {
        start: usize,
    },
    EndOfGroup,
}

/// The field at a place, and where the next one is; nothing if there is none.
fn field(bytes: &[u8], at: usize, patience: &mut usize) -> Option<(Field, usize)> {
    let (field, after) = step(bytes, at)?;
    let Some(field) = field else { return Some((Field::Plain, skip_group(bytes, after, patience)?)) };
    Some((field, after))
}

/// The same, where the beginning of a group is no field.
fn step(bytes: &[u8], at: usize) -> Option<(Option<Field>, usize)> {
    let (key, at) = varint(bytes, at)?;
    if !(8..=u64::from(u32::MAX)).contains(&key) {
        return None;
    }
    let (field, after) = match key & 7 {
        0 => (Some(Field::Plain), varint(bytes, at)?.1),
        1 => (Some(Field::Plain), at + 8),
        2 => {
            let (length, start) = varint(bytes, at)?;
            (Some(Field::Bytes { start }), start.checked_add(usize::try_from(length).ok()?)?)
        }
        3 => (None, at),
        4 => (Some(Field::EndOfGroup), at),
        5 => (Some(Field::Plain), at + 4),
        _ => return None,
    };
    (after <= bytes.len()).then_some((field, after))
}

/// Where the group ends that has begun before `at`.
fn skip_group(bytes: &[u8], mut at: usize, patience: &mut usize) -> Option<usize> {
    let mut groups = 1_usize;
    while groups > 0 {
        *patience = patience.checked_sub(1)?;
        let (field, after) = step(bytes, at)?;
        match field {
            None => groups += 1,
            Some(Field::EndOfGroup) => groups -= 1,
            Some(_) => {}
        }
        at = after;
    }
    Some(at)
}

fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut value = 0;
    for (index, byte) in bytes.get(at..)?.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((value, at + index + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message in a message, so often.
    fn nested(times: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        for _ in 0..times {
            let mut outer = vec![0x0a];
            prost::encoding::encode_varint(bytes.len() as u64, &mut outer);
            outer.append(&mut bytes);
            bytes = outer;
        }
        bytes
    }

    #[test]
    fn messages_within_messages_are_counted() {
        for (bytes, wanted) in [
            (Vec::new(), 1),
            (nested(5), 6),
            ([nested(2), nested(7), nested(3)].concat(), 8),
            // A number, a text that is no message, and a message.
            ([&[0x08, 0x96, 0x01, 0x12, 3][..], b"abc", &nested(4)].concat(), 5),
            // Behind groups.
            ([vec![0x0b; 64], vec![0x0c; 64], nested(2)].concat(), 3),
            // What is broken is as deep as it goes.
            ([nested(9).as_slice(), &[0xff]].concat(), 10),
            (nested(9)[..10].to_vec(), 1),
            // A message that is longer than the one around it.
            ([&[0x0a, 2, 0x0a, 8][..], &nested(4)].concat(), 7),
        ] {
            assert_eq!(depth(&bytes), Some(wanted), "{bytes:x?}");
        }
        assert_eq!(depth(&nested(MESSAGES)), None);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..512)) {
            depth(&bytes);
        }
    }
}
