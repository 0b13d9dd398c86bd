//! Values without a field: looked for in the whole event.
use super::fields::{DOCUMENT, RAW};
use datafusion::arrow::datatypes::DataType;
use datafusion::prelude::Expr;
use mynah_dialect::column;
use mynah_kernels::{Case, Cell, Matcher, Pattern, Piece, row_function};
use regex::Regex;
use serde_json::Value;

/// What a keyword looks for.
pub(super) enum Keyword {
    Text(Matcher),
    Regex(Regex),
}

impl Keyword {
    /// Any of some texts, anywhere.
    pub fn texts(patterns: Vec<Pattern>, case: Case) -> Keyword {
        Keyword::Text(Matcher::new(patterns.into_iter().map(anywhere), case))
    }

    fn is_in(&self, text: &str) -> bool {
        match self {
            Keyword::Text(matcher) => matcher.matches(text),
            Keyword::Regex(regex) => regex.is_match(text),
        }
    }

    fn name(&self) -> String {
        match self {
            Keyword::Text(matcher) => format!("{:?} {:?}", matcher.case(), matcher.patterns()),
            Keyword::Regex(regex) => format!("/{regex}/"),
        }
    }
}

/// The pattern with wildcards around it.
fn anywhere(pattern: Pattern) -> Pattern {
    let mut pieces = pattern.0;
    if pieces.first() != Some(&Piece::Many) {
        pieces.insert(0, Piece::Many);
    }
    if pieces.last() != Some(&Piece::Many) {
        pieces.push(Piece::Many);
    }
    Pattern(pieces)
}

/// Whether a keyword is in the event's own text, or in one of its values: text and values differ where the log writes
/// a backslash as two.
pub(super) fn holds(keyword: Keyword) -> Expr {
    row_function(format!("sigma_keyword {}", keyword.name()), DataType::Boolean, move |row| match row {
        [raw, document] => {
            let raw = raw.as_text().unwrap_or("");
            if keyword.is_in(raw) {
                return Cell::Boolean(true);
            }
            let document = document.as_text().unwrap_or("");
            // Without escapes the text has said it all.
            if raw == document && !raw.contains('\\') {
                return Cell::Boolean(false);
            }
            let value = serde_json::from_str(document).unwrap_or(Value::Null);
            Cell::Boolean(any_value(&value, &keyword))
        }
        _ => Cell::Null,
    })
    .call(vec![column(RAW), column(DOCUMENT)])
}

/// As deep as the JSON parser goes, which has a limit of its own.
fn any_value(value: &Value, keyword: &Keyword) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => keyword.is_in(&truth.to_string()),
        Value::Number(number) => keyword.is_in(&number.to_string()),
        Value::String(text) => keyword.is_in(text),
        Value::Array(values) => values.iter().any(|value| any_value(value, keyword)),
        Value::Object(members) => members.values().any(|value| any_value(value, keyword)),
    }
}
