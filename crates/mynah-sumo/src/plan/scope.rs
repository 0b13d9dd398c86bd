//! The scope as a filter: keywords on the message's text, fields on their values.
use super::columns::is_storage;
use super::{Kind, Level, Stage, balanced, compile};
use crate::ast::{Comparison, Scope, fill_parameters};
use datafusion::logical_expr::{Expr, lit};
use mynah_kernels::{Case, Matcher, Pattern, Piece, WildcardSyntax, regex_match, text_match};
use mynah_syntax::{Diagnostic, Span};

/// Filters the messages by the scope.
pub(crate) fn lower(stage: &mut Stage<'_>, scope: &Scope) -> Result<(), Diagnostic> {
    stage.at = scope.span();
    debug_assert_eq!(stage.level, Level::Messages);
    match predicate(stage, scope)? {
        Some(predicate) => stage.filter(predicate),
        None => Ok(()),
    }
}

/// The predicate of a scope; `None` where it holds for every message.
fn predicate(stage: &mut Stage<'_>, scope: &Scope) -> Result<Option<Expr>, Diagnostic> {
    match scope {
        Scope::All(_) => Ok(None),
        Scope::Word(word, place) => keyword(stage, word, false, place.0),
        Scope::Phrase(text) => keyword(stage, &text.value(), true, text.place.0),
        Scope::Not(part, _) => Ok(Some(match predicate(stage, part)? {
            // Null is not a match, so its opposite is one.
            Some(predicate) => predicate.is_not_true(),
            None => lit(false),
        })),
        Scope::And(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(predicate(stage, part)?);
            }
            Ok(balanced::all(all))
        }
        Scope::Or(parts) => {
            let mut any = Vec::new();
            let mut always = false;
            for part in parts {
                match predicate(stage, part)? {
                    Some(predicate) => any.push(predicate),
                    None => always = true,
                }
            }
            Ok(if always { None } else { balanced::any(any) })
        }
        Scope::Field(name, comparison, value) => {
            if is_storage(&name.text) {
                stage.diagnostics.push(
                    Diagnostic::info(
                        "sumo/storage-scope",
                        format!("`{}` says where Sumo Logic stores messages and selects nothing here", name.text),
                        name.span(),
                    )
                    .with_help("files have no partitions, views or tiers: the condition holds for every message"),
                );
                return Ok(None);
            }
            let field = stage.resolve(name)?;
            if let Some(unknown) = nothing_to_match(stage, name) {
                stage.diagnostics.push(unknown);
            }
            let ordered = match comparison {
                Comparison::Equal | Comparison::NotEqual => {
                    let pattern = match value.as_ref() {
                        Scope::All(_) => "*".to_owned(),
                        Scope::Word(word, _) => fill_parameters(word),
                        Scope::Phrase(text) => text.value(),
                        other => return Err(not_a_value(other.span())),
                    };
                    let field = field.to(Kind::Text).expr;
                    let matches = text_match(
                        Matcher::wildcards([pattern.as_str()], WildcardSyntax::STARS_AND_MARKS, Case::Folded),
                        field,
                    );
                    return Ok(Some(if *comparison == Comparison::Equal { matches } else { matches.is_not_true() }));
                }
                other => *other,
            };
            let number = match value.as_ref() {
                Scope::Word(word, _) => super::values::read_number(word),
                Scope::Phrase(text) => super::values::read_number(&text.value()),
                _ => None,
            };
            let Some(number) = number else {
                return Err(Diagnostic::error(
                    "sumo/syntax",
                    "only a number can be more or less than a field",
                    value.span(),
                ));
            };
            let field = field.to(Kind::Number).expr;
            Ok(Some(match ordered {
                Comparison::Less => field.lt(lit(number)),
                Comparison::LessOrEqual => field.lt_eq(lit(number)),
                Comparison::Greater => field.gt(lit(number)),
                _ => field.gt_eq(lit(number)),
            }))
        }
        Scope::Subquery(_, place) => {
            Err(Diagnostic::error("sumo/unsupported", "a `[subquery: …]` in the scope is not supported", place.0))
        }
    }
}

fn not_a_value(span: Span) -> Diagnostic {
    Diagnostic::error("sumo/syntax", "a field is compared with a keyword or a phrase", span)
}

/// A metadata field that no log source of the view has.
fn nothing_to_match(stage: &Stage<'_>, name: &crate::ast::Name) -> Option<Diagnostic> {
    if !name.text.starts_with('_') || stage.field(&name.text).is_some() {
        return None;
    }
    let wanted = stage.wanted.get(&name.key())?;
    wanted.bindings.is_empty().then(|| {
        Diagnostic::warning(
            "sumo/unknown-metadata",
            format!("no log source has `{}`: this matches nothing", name.text),
            name.span(),
        )
    })
}

/// Whether a keyword or a phrase is in the message's text, in any case.
///
/// A term stands between boundaries; a `*` stands for the rest of one term, not for several. White space in
/// a phrase fits any white space.
fn keyword(stage: &mut Stage<'_>, word: &str, phrase: bool, span: Span) -> Result<Option<Expr>, Diagnostic> {
    let word = fill_parameters(word.trim());
    if word.is_empty() || word.chars().all(|c| c == '*') {
        return Ok(None);
    }
    let raw = stage.raw().expr;
    let Pattern(pieces) = Pattern::parse(&word, WildcardSyntax::STARS_AND_MARKS);
    // `*text*`: any message that holds it.
    if let [Piece::Many, Piece::Literal(text), Piece::Many] = pieces.as_slice()
        && !text.contains(char::is_whitespace)
    {
        let contains = Pattern(vec![Piece::Many, Piece::Literal(text.clone()), Piece::Many]);
        return Ok(Some(text_match(Matcher::new([contains], Case::Folded), raw)));
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
    // Compiled as it is: the classes are Unicode's, for terms of any language.
    let regex = regex::Regex::new(&regex).or_else(|_| compile(&regex, span))?;
    Ok(Some(regex_match(regex.into(), raw)))
}
