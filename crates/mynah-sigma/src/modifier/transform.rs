//! Values on their way through the modifiers, and what each modifier does to them.
use super::glyphs::{DASHES, Glyph, glyphs, plain};
use super::table::{Kind, Modifier};
use super::{problem, wrong_type};
use crate::yaml::Scalar;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mynah_kernels::Network;
use mynah_syntax::Diagnostic;

/// A value on its way through the modifiers.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// A text with wildcards.
    Text(Vec<Glyph>),
    /// What an encoding made of a text.
    Bytes(Vec<u8>),
    /// The source of a regular expression.
    Regex(String),
    /// A number, as text.
    Number(f64, String),
    Null,
}

impl Value {
    pub fn of(value: &Scalar) -> Value {
        match value {
            Scalar::Text(text) => Value::Text(glyphs(text)),
            Scalar::Number(number, text) => Value::Number(*number, text.clone()),
            Scalar::Boolean(truth) => Value::Text(characters(&truth.to_string())),
            Scalar::Null => Value::Null,
        }
    }

    /// What a modifier makes of it; those that say how the finished value is compared leave it as it is.
    pub fn transformed(self, modifier: &Modifier) -> Result<Vec<Value>, Diagnostic> {
        let name = modifier.doc.name;
        let one = match modifier.kind {
            Kind::Contains => self.affixed(true, true, name)?,
            Kind::StartsWith => self.affixed(false, true, name)?,
            Kind::EndsWith => self.affixed(true, false, name)?,
            Kind::WinDash => Value::Text(windash(&self.into_glyphs(name)?)),
            Kind::Base64 => Value::Text(characters(&STANDARD.encode(self.into_bytes(name)?))),
            Kind::Base64Offset => return base64offset(&self.into_bytes(name)?),
            Kind::Utf16Little => utf16(&self.into_bytes(name)?, None, u16::to_le_bytes),
            Kind::Utf16Big => utf16(&self.into_bytes(name)?, None, u16::to_be_bytes),
            Kind::Utf16 => utf16(&self.into_bytes(name)?, Some(0xfeff), u16::to_le_bytes),
            _ => self,
        };
        Ok(vec![one])
    }

    /// With wildcards around it. A regular expression is found anywhere already.
    fn affixed(self, before: bool, after: bool, modifier: &str) -> Result<Value, Diagnostic> {
        if let Value::Regex(source) = self {
            return Ok(Value::Regex(match (before, after) {
                (true, true) => source,
                (false, _) => format!("^(?:{source})"),
                (true, false) => format!("(?:{source})$"),
            }));
        }
        let mut text = self.into_glyphs(modifier)?;
        if before {
            text.insert(0, Glyph::Many);
        }
        if after {
            text.push(Glyph::Many);
        }
        Ok(Value::Text(text))
    }

    /// As text, which a regular expression and no value are not.
    pub fn into_glyphs(self, modifier: &str) -> Result<Vec<Glyph>, Diagnostic> {
        match self {
            Value::Text(glyphs) => Ok(glyphs),
            Value::Bytes(bytes) => Ok(characters(&String::from_utf8_lossy(&bytes))),
            Value::Number(_, text) => Ok(characters(&text)),
            Value::Regex(_) | Value::Null => Err(wrong_type(modifier, "a text")),
        }
    }

    /// As the bytes that an encoding works on: there are no wildcards in these.
    fn into_bytes(self, modifier: &str) -> Result<Vec<u8>, Diagnostic> {
        if let Value::Bytes(bytes) = self {
            return Ok(bytes);
        }
        plain(&self.into_glyphs(modifier)?).map(String::into_bytes).ok_or_else(|| {
            problem("sigma/value", format!("`{modifier}` cannot encode a wildcard"))
                .with_help("write a plain `*` as `\\*`, and put `contains` behind the encoding")
        })
    }

    pub fn into_number(self) -> Result<f64, Diagnostic> {
        let parsed = match self {
            Value::Number(number, _) => Some(number),
            Value::Text(glyphs) => plain(&glyphs).and_then(|text| text.trim().parse().ok()),
            _ => None,
        };
        let finite = parsed.filter(|number: &f64| number.is_finite());
        finite.ok_or_else(|| problem("sigma/value", "a comparison wants a number"))
    }

    pub fn into_network(self) -> Result<Network, Diagnostic> {
        let glyphs = self.into_glyphs("cidr")?;
        let text: String = glyphs.iter().map(|glyph| if let Glyph::Char(c) = glyph { *c } else { '*' }).collect();
        let network: Network = text.parse().map_err(|error: String| problem("sigma/value", error))?;
        // An address within a network is refused by pySigma, which cannot tell which of the two is meant.
        match network.truncated() != network {
            true => {
                let message = format!("`{}` is no network: it has bits behind its mask", text.trim());
                let help = format!("the network that it is in is `{}`", network.truncated());
                Err(problem("sigma/value", message).with_help(help))
            }
            false => Ok(network),
        }
    }
}

fn characters(text: &str) -> Vec<Glyph> {
    text.chars().map(Glyph::Char).collect()
}

/// Whatever begins an option can be any of the characters that Windows commands take for it.
///
/// An option begins where a dash follows something that is no word and is followed by a word, so that a dash within
/// `Get-Item` or a slash within a path stays as it is.
fn windash(text: &[Glyph]) -> Vec<Glyph> {
    let is_word = |glyph: Option<&Glyph>| matches!(glyph, Some(Glyph::Char(c)) if c.is_alphanumeric() || *c == '_');
    let dashed = text.iter().enumerate().map(|(index, glyph)| {
        let before = index.checked_sub(1).and_then(|before| text.get(before));
        let begins =
            matches!(glyph, Glyph::Char(c) if DASHES.contains(c)) && !is_word(before) && is_word(text.get(index + 1));
        if begins { Glyph::Dash } else { *glyph }
    });
    dashed.collect()
}

/// The three things that Base64 makes of a value, by where in a longer text it stands.
fn base64offset(bytes: &[u8]) -> Result<Vec<Value>, Diagnostic> {
    /// How many characters at the beginning depend on what precedes the value, by how far it is shifted.
    const START: [usize; 3] = [0, 2, 3];
    /// How many at the end depend on what follows it, by its length with the shift, modulo three.
    const END: [usize; 3] = [0, 3, 2];
    let shifted = START.iter().enumerate().map(|(shift, start)| {
        let mut text = vec![b' '; shift];
        text.extend(bytes);
        let encoded = STANDARD.encode(&text);
        let cut = END.get(text.len() % 3).copied().unwrap_or(0);
        encoded.get(*start..encoded.len().saturating_sub(cut)).unwrap_or("").to_owned()
    });
    // A value of one or two bytes leaves nothing that is sure.
    let sure: Vec<Value> = shifted.filter(|text| !text.is_empty()).map(|text| Value::Text(characters(&text))).collect();
    if sure.len() < START.len() {
        return Err(problem("sigma/value", "this is too short for `base64offset`")
            .with_help("what Base64 makes of one or two characters depends on those around them"));
    }
    Ok(sure)
}

/// UTF-16, behind a byte order mark if there is one.
fn utf16(bytes: &[u8], mark: Option<u16>, order: fn(u16) -> [u8; 2]) -> Value {
    let text = String::from_utf8_lossy(bytes);
    Value::Bytes(mark.into_iter().chain(text.encode_utf16()).flat_map(order).collect())
}
