//! The scope as a filter: keywords on the message's text, fields on their values.
use super::expressions::sign;
use super::names::is_storage;
use super::values::read_number;
use super::{Draft, Kind, subquery};
use crate::ast::{BinaryOperator, Name, Scope, fill_parameters};
use datafusion::logical_expr::{Expr, binary_expr, lit};
use mynah_dialect::{all_of, any_of, marked};
use mynah_kernels::{Case, Matcher, Pattern, Piece, Regex, WildcardSyntax, regex_match, text_match};
use mynah_syntax::{Diagnostic, Span};

/// Filters the messages by the scope.
pub(super) fn lower(draft: &mut Draft<'_>, scope: &Scope) -> Result<(), Diagnostic> {
    draft.at = scope.span();
    if let Scope::Cat(path, place) = scope {
        return super::lookup::cat(draft, path, place.0);
    }
    match predicate(draft, scope)? {
        Some(predicate) => draft.filter(predicate),
        None => Ok(()),
    }
}

/// The predicate of a scope; `None` where it holds for every message.
fn predicate(draft: &mut Draft<'_>, scope: &Scope) -> Result<Option<Expr>, Diagnostic> {
    let mut all = |parts: &[Scope]| parts.iter().map(|part| predicate(draft, part)).collect::<Result<Vec<_>, _>>();
    let predicate = match scope {
        // The rows of a table were put in the place of messages before.
        Scope::All(_) | Scope::Cat(..) => return Ok(None),
        Scope::Not(part, _) => {
            // Null is not a match, so its opposite is one.
            let part = predicate(draft, part)?;
            return Ok(Some(part.map_or_else(|| lit(false), Expr::is_not_true)));
        }
        Scope::And(parts) => return Ok(all_of(all(parts)?.into_iter().flatten().collect())),
        Scope::Or(parts) => return Ok(all(parts)?.into_iter().collect::<Option<Vec<_>>>().and_then(any_of)),
        Scope::Word(word, place) => keyword(draft, word, false, place.0)?,
        Scope::Phrase(text) => keyword(draft, &text.value(), true, text.place.0)?,
        Scope::Field(name, comparison, value) => field(draft, name, *comparison, value)?,
        Scope::Subquery(subquery) => subquery::scope(draft, subquery)?,
    };
    Ok(predicate.map(|predicate| marked(scope.span(), predicate)))
}

/// A field and what it must be.
fn field(
    draft: &mut Draft<'_>,
    name: &Name,
    comparison: BinaryOperator,
    value: &Scope,
) -> Result<Option<Expr>, Diagnostic> {
    if is_storage(&name.text) {
        let message = format!("`{}` says where Sumo Logic stores messages and selects nothing here", name.text);
        draft.diagnostics.push(
            Diagnostic::info("sumo/storage-scope", message, name.span())
                .with_help("files have no partitions, views or tiers: the condition holds for every message"),
        );
        return Ok(None);
    }
    let field = draft.resolve(name)?;
    if name.text.starts_with('_') && draft.is_unbound(name) {
        let message = format!("no log source has `{}`: this matches nothing", name.text);
        draft.diagnostics.push(Diagnostic::warning("sumo/unknown-metadata", message, name.span()));
    }
    if matches!(comparison, BinaryOperator::Equal | BinaryOperator::NotEqual) {
        let pattern = match value {
            Scope::All(_) => "*".to_owned(),
            Scope::Word(word, _) => fill_parameters(word, "*"),
            Scope::Phrase(text) => text.value(),
            other => {
                let message = "a field is compared with a keyword or a phrase";
                return Err(Diagnostic::error("sumo/syntax", message, other.span()));
            }
        };
        let matcher = Matcher::wildcards([pattern.as_str()], WildcardSyntax::STARS_AND_MARKS, Case::Folded);
        let matches = text_match(matcher, field.to(Kind::Text).expr);
        return Ok(Some(if comparison == BinaryOperator::Equal { matches } else { matches.is_not_true() }));
    }
    let number = match value {
        Scope::Word(word, _) => read_number(word),
        Scope::Phrase(text) => read_number(&text.value()),
        _ => None,
    };
    let Some(number) = number else {
        let message = "only a number can be more or less than a field";
        return Err(Diagnostic::error("sumo/syntax", message, value.span()));
    };
    let field = field.to(Kind::Number).expr;
    Ok(sign(comparison).map(|sign| binary_expr(field, sign, lit(number))))
}

/// Whether a keyword or a phrase is in the message's text, in any case.
///
/// A term stands between boundaries; a `*` stands for the rest of one term, not for several. White space in
/// a phrase fits any white space.
pub(super) fn keyword(draft: &mut Draft<'_>, word: &str, phrase: bool, span: Span) -> Result<Option<Expr>, Diagnostic> {
    let word = fill_parameters(word.trim(), "*");
    if word.is_empty() || word.chars().all(|c| c == '*') {
        return Ok(None);
    }
    let raw = draft.raw().expr;
    let Pattern(pieces) = Pattern::parse(&word, WildcardSyntax::STARS_AND_MARKS);
    // `*text*`: any message that holds it.
    if let [Piece::Many, Piece::Literal(text), Piece::Many] = pieces.as_slice()
        && !text.contains(char::is_whitespace)
    {
        let contains = Pattern(vec![Piece::Many, Piece::Literal(text.clone()), Piece::Many]);
        return Ok(Some(text_match(Matcher::new([contains], Case::Folded), raw)));
    }
    if is_part_of_several(&pieces) {
        let message = "a `*` inside one of several terms matches nothing: it stands for a whole term, as in `a@*.com`";
        draft.diagnostics.push(Diagnostic::warning("sumo/partial-term", message, span));
        return Ok(Some(lit(false)));
    }
    let mut regex = String::from("(?i)");
    let is_term = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if is_term(word.chars().next()) {
        regex.push_str(r"\b");
    }
    for piece in &pieces {
        match piece {
            Piece::Literal(text) => {
                for (index, part) in text.split(char::is_whitespace).filter(|p| !p.is_empty() || !phrase).enumerate() {
                    if index > 0 {
                        regex.push_str(r"\s+");
                    }
                    regex.push_str(&regex::escape(part));
                }
            }
            Piece::Many => regex.push_str(r"\w*"),
            Piece::One => regex.push_str(r"\w"),
        }
    }
    if is_term(word.chars().last()) {
        regex.push_str(r"\b");
    }
    // As it is: the classes are Unicode's, for terms of any language.
    let regex = Regex::new(&regex).map_err(|error| Diagnostic::error("sumo/regex", error.to_string(), span))?;
    Ok(Some(regex_match(regex, raw)))
}

/// Whether a `*` stands between two letters of a keyword that has other terms besides: `jsmith@some*re.com`.
///
/// Source: <https://www.sumologic.com/help/docs/search/get-started-with-search/build-search/keyword-search-expressions/>
fn is_part_of_several(pieces: &[Piece]) -> bool {
    let is_term = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let literal =
        |piece: Option<&Piece>| if let Some(Piece::Literal(text)) = piece { Some(text.clone()) } else { None };
    let several =
        pieces.iter().any(|piece| literal(Some(piece)).is_some_and(|text| text.chars().any(|c| !is_term(Some(c)))));
    let inside = pieces.windows(3).any(|three| {
        let before = literal(three.first()).and_then(|text| text.chars().last());
        let after = literal(three.get(2)).and_then(|text| text.chars().next());
        matches!(three.get(1), Some(Piece::Many)) && is_term(before) && is_term(after)
    });
    several && inside
}
