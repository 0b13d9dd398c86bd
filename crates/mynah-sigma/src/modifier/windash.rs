use super::glyphs::DASHES;
use super::{Glyph, Problem, Value, wrong_type};

/// `windash`: whatever begins an option can be any of the characters that Windows commands take for it.
///
/// An option begins where a dash follows something that is no word and is followed by a word, so that a dash within
/// `Get-Item` or a slash within a path stays as it is.
pub(super) fn windash(value: Value) -> Result<Vec<Value>, Problem> {
    let glyphs = value.into_glyphs().ok_or_else(|| wrong_type("windash", "a text"))?;
    let is_word = |glyph: Option<&Glyph>| matches!(glyph, Some(Glyph::Char(c)) if c.is_alphanumeric() || *c == '_');
    let dashed = glyphs.iter().enumerate().map(|(index, glyph)| {
        let before = index.checked_sub(1).and_then(|before| glyphs.get(before));
        let begins =
            matches!(glyph, Glyph::Char(c) if DASHES.contains(c)) && !is_word(before) && is_word(glyphs.get(index + 1));
        if begins { Glyph::Dash } else { *glyph }
    });
    Ok(vec![Value::Text(dashed.collect())])
}
