use super::{Glyph, Problem, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// `base64`: the value's bytes in Base64.
pub(super) fn base64(value: Value) -> Result<Vec<Value>, Problem> {
    let bytes = value.into_bytes("base64")?;
    Ok(vec![Value::Text(STANDARD.encode(bytes).chars().map(Glyph::Char).collect())])
}
