use super::{Problem, Value};

/// In which order the bytes of a character come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
    /// Little, with a byte order mark before the first.
    Marked,
}

/// `wide`, `utf16le`, `utf16be`, `utf16`: the value's bytes in UTF-16.
pub(super) fn utf16(value: Value, order: Order, modifier: &str) -> Result<Vec<Value>, Problem> {
    let bytes = value.into_bytes(modifier)?;
    let text = String::from_utf8_lossy(&bytes);
    let mark = (order == Order::Marked).then_some(0xfeff);
    let units = mark.into_iter().chain(text.encode_utf16());
    let bytes =
        units.flat_map(|unit| if order == Order::Big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect();
    Ok(vec![Value::Bytes(bytes)])
}
