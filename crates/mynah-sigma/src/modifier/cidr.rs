use super::{Glyph, Problem, Value, wrong_type};
use mynah_kernels::Network;

/// `cidr`: the value as a network.
pub(super) fn network(value: Value) -> Result<Network, Problem> {
    let glyphs = value.into_glyphs().ok_or_else(|| wrong_type("cidr", "a network"))?;
    let text: String = glyphs.iter().map(|glyph| if let Glyph::Char(c) = glyph { *c } else { '*' }).collect();
    text.parse().map_err(|error: String| Problem::new("sigma/value", error))
}
