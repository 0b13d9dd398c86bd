use super::{Glyph, Problem, Value, wrong_type};

/// `contains`, `startswith`, `endswith`: wildcards around a text. A regular expression is found anywhere already.
pub(super) fn affix(value: Value, before: bool, after: bool, modifier: &str) -> Result<Vec<Value>, Problem> {
    if let Value::Regex(source) = value {
        return Ok(vec![Value::Regex(match (before, after) {
            (true, true) => source,
            (false, _) => format!("^(?:{source})"),
            (true, false) => format!("(?:{source})$"),
        })]);
    }
    let mut glyphs = value.into_glyphs().ok_or_else(|| wrong_type(modifier, "a text"))?;
    if before {
        glyphs.insert(0, Glyph::Many);
    }
    if after {
        glyphs.push(Glyph::Many);
    }
    Ok(vec![Value::Text(glyphs)])
}
