use super::{Type, Typed, to_text};
use crate::ast::MatchOp;
use datafusion::arrow::datatypes::DataType;
use datafusion::prelude::Expr;
use mynah_kernels::{
    Case, Cell, Matcher, Pattern, Regex, RegexError, WildcardSyntax, regex_match, row_function, text_match,
};
use mynah_syntax::{Diagnostic, Span};

/// `value LIKE pattern` and its kin; unknown where the value has none.
///
/// In a LIKE pattern `%` is any text and `_` any character; nothing takes that meaning from them, and a
/// backslash is one. MATCHES looks for the expression anywhere in the value.
pub(super) fn matching(value: &Typed, op: MatchOp, pattern: &Typed, span: Span) -> Result<Expr, Box<Diagnostic>> {
    let error = |code, message: String| Box::new(Diagnostic::error(code, message, span));
    if value.ty == Type::Boolean {
        return Err(error("aql/type", format!("{} takes a text, not a condition", op.word())));
    }
    let folded = match op {
        MatchOp::Like | MatchOp::Matches => Case::Exact,
        MatchOp::Ilike | MatchOp::Imatches => Case::Folded,
    };
    match (op, pattern.as_text()) {
        (MatchOp::Like | MatchOp::Ilike, Some(text)) => {
            let (column, case) = match &value.lower_of {
                // Comparing what LOWER gives is comparing without case, if the pattern is in small letters.
                Some(inner) if folded == Case::Folded || text.to_lowercase() == text => {
                    (inner.as_ref().clone(), Case::Folded)
                }
                _ => (to_text(value), folded),
            };
            Ok(text_match(Matcher::wildcards([text], WildcardSyntax::SQL, case), column))
        }
        (MatchOp::Like | MatchOp::Ilike, None) => {
            let name = if folded == Case::Folded { "ilike" } else { "like" };
            let function = row_function(name, DataType::Boolean, move |row| match row {
                [Cell::Text(value), Cell::Text(pattern)] => Cell::Boolean(match folded {
                    Case::Exact => Pattern::parse(pattern, WildcardSyntax::SQL).fits(value),
                    Case::Folded => {
                        Pattern::parse(&pattern.to_lowercase(), WildcardSyntax::SQL).fits(&value.to_lowercase())
                    }
                }),
                _ => Cell::Null,
            });
            Ok(function.call(vec![to_text(value), to_text(pattern)]))
        }
        (MatchOp::Matches | MatchOp::Imatches, Some(text)) => {
            let regex = Regex::new(&format!("{}{text}", if folded == Case::Folded { "(?i)" } else { "" })).map_err(
                |fault| {
                    Box::new(Diagnostic::error(
                        "aql/regex",
                        format!("this regular expression cannot be run: {}", reason(&fault)),
                        span,
                    ))
                },
            )?;
            Ok(regex_match(regex, to_text(value)))
        }
        (MatchOp::Matches | MatchOp::Imatches, None) => Err(error(
            "aql/pattern",
            format!("{} takes an expression in single quotes, not one that differs from event to event", op.word()),
        )),
    }
}

/// The last line of the fault, which is what is wrong; those before it show the expression.
pub(super) fn reason(fault: &RegexError) -> String {
    let text = fault.to_string();
    let last = text.lines().last().unwrap_or_default();
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}
