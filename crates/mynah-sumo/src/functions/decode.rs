//! `base64Decode`.
use super::{Make, argument, constant_text, function};
use crate::ast::Expression;
use crate::plan::{Draft, Kind, Typed};
use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result as PlanResult;
use mynah_dialect::{Arity, Entry, example};
use mynah_kernels::{Cell, Code, Function, Resources, call};
use mynah_syntax::{Diagnostic, Span};
use serde::{Deserialize, Serialize};

pub(super) const FUNCTIONS: &[Entry<Make>] = &[function(
    "base64Decode(text [, encoding])",
    "The text that a base64 text holds, in UTF-8 unless an encoding is given: US-ASCII, UTF-8, UTF-16, UTF-16BE, \
     UTF-16LE, UTF-32, UTF-32BE, UTF-32LE. What is not base64 is given back as it is.",
    page!("search-operators/base64decode/"),
    &[
        example("base64Decode(\"d2hvYW1p\")", "whoami"),
        example("base64Decode(\"dwBoAG8AYQBtAGkA\", \"UTF-16LE\")", "whoami"),
        example("base64Decode(\"?\")", "?"),
    ],
    Arity::Between(1, 2),
    Make::Plan(make),
)];

/// How bytes are a text.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Encoding {
    Ascii,
    Utf8,
    /// In units of so many bytes, the greater end first unless a mark or this says otherwise.
    Units {
        bytes: usize,
        little: Option<bool>,
    },
}

/// A base64 text as what it holds.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Decode {
    encoding: Encoding,
}

fn make(draft: &mut Draft<'_>, arguments: &[Expression], span: Span) -> Result<Typed, Diagnostic> {
    let text = argument(draft, arguments, 0, span)?.to(Kind::Text).expr;
    let name = arguments.get(1).map(|name| constant_text(name, "the encoding")).transpose()?;
    let encoding = match name.as_deref().map(str::to_uppercase).as_deref() {
        None | Some("UTF-8") => Encoding::Utf8,
        Some("US-ASCII") => Encoding::Ascii,
        Some("UTF-16") => Encoding::Units { bytes: 2, little: None },
        Some("UTF-16BE") => Encoding::Units { bytes: 2, little: Some(false) },
        Some("UTF-16LE") => Encoding::Units { bytes: 2, little: Some(true) },
        Some("UTF-32") => Encoding::Units { bytes: 4, little: None },
        Some("UTF-32BE") => Encoding::Units { bytes: 4, little: Some(false) },
        Some("UTF-32LE") => Encoding::Units { bytes: 4, little: Some(true) },
        Some(other) => {
            return Err(Diagnostic::error("sumo/arguments", format!("there is no encoding `{other}`"), span));
        }
    };
    Ok(Typed::new(call(Decode { encoding }, vec![text]), Kind::Text))
}

impl Function for Decode {
    const NAME: &'static str = "sumo.decode";

    fn returns(&self) -> DataType {
        DataType::Utf8
    }

    fn code(&self, _: &Resources) -> PlanResult<Code> {
        let encoding = self.encoding;
        Ok(Code::row(move |row| match row {
            [Cell::Text(text)] => match LENIENT.decode(text.trim()) {
                Ok(bytes) => Cell::text(encoding.text(&bytes)),
                Err(_) => Cell::text(text.to_string()),
            },
            _ => Cell::Null,
        }))
    }
}

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl Encoding {
    fn text(self, bytes: &[u8]) -> String {
        let (size, little) = match self {
            Encoding::Utf8 => return String::from_utf8_lossy(bytes).into_owned(),
            Encoding::Ascii => {
                let character =
                    |byte: &u8| if byte.is_ascii() { char::from(*byte) } else { char::REPLACEMENT_CHARACTER };
                return bytes.iter().map(character).collect();
            }
            Encoding::Units { bytes: size, little } => (size, little),
        };
        let marked = |mark: &[u8]| bytes.starts_with(mark);
        let (little, skipped) = match (little, size) {
            (Some(little), _) => (little, 0),
            (None, 2) if marked(&[0xff, 0xfe]) => (true, 2),
            (None, 2) if marked(&[0xfe, 0xff]) => (false, 2),
            (None, _) if marked(&[0xff, 0xfe, 0, 0]) => (true, 4),
            (None, _) if marked(&[0, 0, 0xfe, 0xff]) => (false, 4),
            (None, _) => (false, 0),
        };
        let unit = |unit: &[u8]| {
            let add = |number: u32, byte: &u8| number << 8 | u32::from(*byte);
            if little { unit.iter().rev().fold(0, add) } else { unit.iter().fold(0, add) }
        };
        let units = bytes.get(skipped..).unwrap_or_default().chunks(size).map(unit);
        if size == 4 {
            return units.map(|unit| char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        }
        let units: Vec<u16> = units.map(|unit| unit as u16).collect();
        String::from_utf16_lossy(&units)
    }
}
