use super::{Glyph, Problem, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// How many characters at the beginning depend on what precedes the value, by how far it is shifted.
const START: [usize; 3] = [0, 2, 3];

/// How many at the end depend on what follows it, by its length with the shift, modulo three.
const END: [usize; 3] = [0, 3, 2];

/// `base64offset`: the three things that Base64 makes of the value, by where in a longer text it stands.
pub(super) fn base64offset(value: Value) -> Result<Vec<Value>, Problem> {
    let bytes = value.into_bytes("base64offset")?;
    let shifted = START.iter().enumerate().map(|(shift, start)| {
        let mut text = vec![b' '; shift];
        text.extend(&bytes);
        let encoded = STANDARD.encode(&text);
        let cut = END.get(text.len() % 3).copied().unwrap_or(0);
        encoded.get(*start..encoded.len().saturating_sub(cut)).unwrap_or("").to_owned()
    });
    // A value of one or two bytes leaves nothing that is sure.
    let sure: Vec<Value> = shifted
        .filter(|text| !text.is_empty())
        .map(|text| Value::Text(text.chars().map(Glyph::Char).collect()))
        .collect();
    if sure.len() < START.len() {
        return Err(Problem::new("sigma/value", "this is too short for `base64offset`")
            .help("what Base64 makes of one or two characters depends on those around them"));
    }
    Ok(sure)
}
