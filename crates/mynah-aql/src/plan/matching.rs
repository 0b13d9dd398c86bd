use super::{Type, Typed, to_text};
use crate::ast::MatchOp;
use crate::functions::RowFunction;
use datafusion::prelude::Expr;
use mynah_dialect::Flavour;
use mynah_kernels::{Case, Matcher, Regex, WildcardSyntax, call, regex_match, text_match};
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
            Ok(call(RowFunction::Like { case: folded }, vec![to_text(value), to_text(pattern)]))
        }
        (MatchOp::Matches | MatchOp::Imatches, Some(text)) => {
            let flags = if folded == Case::Folded { "(?i)" } else { "" };
            let regex = regex(&format!("{flags}{text}")).map_err(|message| error("aql/regex", message))?;
            Ok(regex_match(regex, to_text(value)))
        }
        (MatchOp::Matches | MatchOp::Imatches, None) => Err(error(
            "aql/pattern",
            format!("{} takes an expression in single quotes, not one that differs from event to event", op.word()),
        )),
    }
}

/// A regular expression as Java has them.
pub(crate) fn regex(text: &str) -> Result<Regex, String> {
    mynah_dialect::regex(text, Flavour::Java).map_err(|refusal| refusal.to_string())
}
