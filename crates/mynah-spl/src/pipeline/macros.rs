//! Search macros: `` `name` `` and `` `name(a, "b")` `` stand for their definitions, wherever they are
//! but in double quotes. Three backticks make a comment.
use super::Source;
use super::quotes::end_of_quoted;
use crate::app::built_in_macro;
use crate::expression::{self, Scope, Type};
use datafusion::arrow::array::{RecordBatch, RecordBatchOptions};
use datafusion::arrow::datatypes::Schema;
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::logical_expr::ColumnarValue;
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::physical_expr::create_physical_expr;
use mynah_dialect::{Macro, Site};
use mynah_syntax::{Depth, Diagnostic, Span, nearest};
use std::sync::Arc;

/// How long a query may grow. Macros that call macros grow exponentially.
const MAX_EXPANDED: usize = 1 << 20;

/// The query with every macro replaced by its definition.
///
/// # Errors
/// What is wrong with its macros, all of it: unknown names, wrong numbers of arguments, no end.
pub(crate) fn expand(text: &str, site: &Site) -> Result<Source, Vec<Diagnostic>> {
    let mut source = Source::default();
    let mut diagnostics = Vec::new();
    for piece in pieces(text) {
        match piece {
            Piece::Text(span) => source.push_verbatim(span.of(text), span),
            Piece::Comment(span) => source.push_expansion(" ", span),
            Piece::Unclosed(span) => diagnostics.push(unclosed(span)),
            Piece::Call(span) => match definition(call_text(text, span), span, site, &mut Depth::default(), text.len())
            {
                Ok(definition) => source.push_expansion(&definition, span),
                Err(diagnostic) => diagnostics.push(diagnostic),
            },
        }
        if source.text().len() > MAX_EXPANDED {
            return Err(vec![too_long(Span::new(0, text.len()))]);
        }
    }
    if diagnostics.is_empty() { Ok(source) } else { Err(diagnostics) }
}

fn unclosed(span: Span) -> Diagnostic {
    Diagnostic::error("spl/syntax", "the backtick that begins a macro's name has no closing one", span)
}

fn too_long(span: Span) -> Diagnostic {
    Diagnostic::error("spl/macro-too-long", format!("the macros expand to more than {MAX_EXPANDED} bytes"), span)
}

enum Piece {
    Text(Span),
    Call(Span),
    Comment(Span),
    Unclosed(Span),
}

/// Cuts a text at its macro calls and comments.
fn pieces(text: &str) -> Vec<Piece> {
    let bytes = text.as_bytes();
    let mut pieces = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => at = end_of_quoted(text, at).unwrap_or(text.len()),
            b'`' => {
                if from < at {
                    pieces.push(Piece::Text(Span::new(from, at)));
                }
                let comment = text.get(at..).is_some_and(|rest| rest.starts_with("```"));
                let end = if comment {
                    text.get(at + 3..).and_then(|rest| rest.find("```")).map(|length| at + length + 6)
                } else {
                    end_of_call(text, at)
                };
                let span = Span::new(at, end.unwrap_or(text.len()));
                pieces.push(match (comment, end) {
                    (true, Some(_)) => Piece::Comment(span),
                    (false, Some(_)) => Piece::Call(span),
                    (_, None) => Piece::Unclosed(span),
                });
                at = span.end;
                from = at;
            }
            _ => at += 1,
        }
    }
    if from < text.len() {
        pieces.push(Piece::Text(Span::new(from, text.len())));
    }
    pieces
}

/// Where the call that opens at `start` ends; a backtick in a quoted argument does not end it.
fn end_of_call(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'`' => return Some(at + 1),
            b'"' => at = end_of_quoted(text, at)?,
            _ => at += 1,
        }
    }
    None
}

fn call_text(text: &str, span: Span) -> &str {
    text.get(span.start + 1..span.end.saturating_sub(1)).unwrap_or("")
}

/// What a call stands for, macros in it expanded too.
fn definition(call: &str, at: Span, site: &Site, depth: &mut Depth, so_far: usize) -> Result<String, Diagnostic> {
    depth.enter(at)?;
    let (name, arguments) = parse_call(call);
    let found = site
        .macros
        .get(&(name.to_owned(), arguments.len()))
        .or_else(|| built_in_macro(name, arguments.len()))
        .ok_or_else(|| unknown(name, arguments.len(), at, site))?;
    let arguments = values(found, &arguments);
    if let Some((validation, message)) = &found.validation {
        let wrong =
            || Diagnostic::error("spl/macro-argument", format!("the macro `{name}` refuses this: {message}"), at);
        match constant(&substitute(validation, found, &arguments)) {
            Some(Constant::Truth(true)) | None => {}
            Some(Constant::Text(text)) if text.is_empty() => {}
            Some(Constant::Text(text)) => {
                return Err(Diagnostic::error(
                    "spl/macro-argument",
                    format!("the macro `{name}` refuses this: {text}"),
                    at,
                ));
            }
            Some(Constant::Truth(false)) => return Err(wrong()),
        }
    }
    let text = substitute(&found.definition, found, &arguments);
    let text = match found.is_eval {
        true => match constant(&text) {
            Some(Constant::Text(text)) => text,
            _ => {
                let message =
                    format!("the definition of the macro `{name}` is no eval expression that gives a text: {text}");
                return Err(Diagnostic::error("spl/eval-macro", message, at));
            }
        },
        false => text,
    };
    let mut out = String::with_capacity(text.len());
    for piece in pieces(&text) {
        match piece {
            Piece::Text(span) => out.push_str(span.of(&text)),
            Piece::Comment(_) => out.push(' '),
            Piece::Unclosed(_) => {
                return Err(unclosed(at).with_help(format!("it stands in the definition of the macro `{name}`")));
            }
            Piece::Call(span) => {
                out.push_str(&definition(call_text(&text, span), at, site, depth, so_far + out.len())?)
            }
        }
        if so_far + out.len() > MAX_EXPANDED {
            return Err(too_long(at));
        }
    }
    depth.leave();
    Ok(out)
}

fn unknown(name: &str, arguments: usize, at: Span, site: &Site) -> Diagnostic {
    let others: Vec<usize> = site.macros.keys().filter(|(known, _)| known == name).map(|(_, count)| *count).collect();
    if !others.is_empty() {
        let counts = others.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
        return Diagnostic::error(
            "spl/unknown-macro",
            format!("the macro `{name}` takes {counts} arguments, and this call has {arguments}"),
            at,
        );
    }
    let diagnostic = Diagnostic::error("spl/unknown-macro", format!("unknown macro `{name}`"), at);
    match nearest(name, site.macros.keys().map(|(known, _)| known.as_str())) {
        Some(known) => diagnostic.with_help(format!("did you mean `{known}`?")),
        None => diagnostic
            .with_help("macros come from a Splunk app (`--splunk-app DIR`, its macros.conf) or from `mynah.toml`"),
    }
}

/// A call's name and arguments; quotes around an argument are no part of it.
fn parse_call(call: &str) -> (&str, Vec<&str>) {
    let call = call.trim();
    let Some((name, rest)) = call.split_once('(') else { return (call, Vec::new()) };
    let inner = rest.trim_end().strip_suffix(')').unwrap_or(rest);
    if inner.trim().is_empty() {
        return (name.trim(), Vec::new());
    }
    let mut arguments = Vec::new();
    let (mut from, mut at, mut nested) = (0, 0, 0usize);
    let bytes = inner.as_bytes();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = end_of_quoted(inner, at).unwrap_or(inner.len());
                continue;
            }
            b'(' => nested += 1,
            b')' => nested = nested.saturating_sub(1),
            b',' if nested == 0 => {
                arguments.push(inner.get(from..at).unwrap_or("").trim());
                from = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    arguments.push(inner.get(from..).unwrap_or("").trim());
    (name.trim(), arguments)
}

/// The values of a macro's arguments in their order; they may be given with their names: `search(fragment=TM)`.
fn values(found: &Macro, given: &[&str]) -> Vec<String> {
    let named = |name: &String| {
        given.iter().find_map(|text| {
            let (known, value) = text.split_once('=')?;
            (known.trim() == name).then(|| argument(value))
        })
    };
    let by_name: Option<Vec<String>> = found.arguments.iter().map(named).collect();
    by_name
        .filter(|values| values.len() == given.len())
        .unwrap_or_else(|| given.iter().map(|text| argument(text)).collect())
}

fn argument(text: &str) -> String {
    let text = text.trim();
    let whole = text.starts_with('"') && end_of_quoted(text, 0) == Some(text.len());
    match text.get(1..text.len().saturating_sub(1)) {
        Some(inner) if whole => super::quotes::unescape(inner),
        _ => text.to_owned(),
    }
}

/// What an eval expression of constants gives.
enum Constant {
    Truth(bool),
    Text(String),
}

/// The value of an eval expression of constants; null is an empty text, but false where a truth value is meant. Nothing of
/// what is no such expression.
fn constant(text: &str) -> Option<Constant> {
    let (expression, _) = expression::parse(text, 0);
    let typed = expression::lower(&expression?, &Scope::default()).ok()?;
    let is_truth = typed.ty == Type::Boolean;
    let value = if is_truth { typed.expr } else { typed.into_text() };
    let physical =
        create_physical_expr(&value, &DFSchema::empty(), &ExecutionProps::new(), &Default::default()).ok()?;
    let options = RecordBatchOptions::new().with_row_count(Some(1));
    let row = RecordBatch::try_new_with_options(Arc::new(Schema::empty()), Vec::new(), &options).ok()?;
    let value = physical.evaluate(&row).ok()?;
    let value = match value {
        ColumnarValue::Scalar(value) => value,
        ColumnarValue::Array(values) => ScalarValue::try_from_array(&values, 0).ok()?,
    };
    Some(match value {
        ScalarValue::Boolean(truth) => Constant::Truth(truth.unwrap_or(false)),
        ScalarValue::Utf8(text) => Constant::Text(text.unwrap_or_default()),
        _ if is_truth => Constant::Truth(false),
        _ => Constant::Text(String::new()),
    })
}

/// A text of the macro with the arguments in it. One pass: what an argument holds is not looked at again.
fn substitute(text: &str, found: &Macro, arguments: &[String]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let named = after.split_once('$').and_then(|(name, tail)| {
            let position = found.arguments.iter().position(|known| known == name)?;
            Some((arguments.get(position)?, tail))
        });
        match named {
            Some((value, tail)) => {
                out.push_str(value);
                rest = tail;
            }
            None => {
                out.push('$');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(macros: &[(&str, &[&str], &str)]) -> Site {
        let mut site = Site::default();
        for (name, arguments, definition) in macros {
            let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
            let found = Macro {
                arguments: arguments.clone(),
                definition: (*definition).into(),
                is_eval: false,
                validation: None,
            };
            site.macros.insert(((*name).into(), arguments.len()), found);
        }
        site
    }

    fn expanded(text: &str, site: &Site) -> String {
        expand(text, site).unwrap().text().to_owned()
    }

    #[test]
    fn macros_stand_anywhere_nest_and_take_arguments() {
        let site = site(&[
            ("win", &[], "source=w"),
            ("both", &[], "`win` OR x=1"),
            ("drop", &["object"], "rename $object$.* as *"),
        ]);
        assert_eq!(expanded("`both` | `drop(\"A\")` | head", &site), "source=w OR x=1 | rename A.* as * | head");
        assert_eq!(expanded("a=`drop(x.y)`b", &site), "a=rename x.y.* as *b");
    }

    #[test]
    fn arguments_may_have_their_names() {
        let site = site(&[("iis", &["fragment", "user"], "/$fragment$/ user=$user$")]);
        assert_eq!(expanded("`iis(user=\"a b\", fragment=TM)`", &site), "/TM/ user=a b");
        assert_eq!(expanded("`iis(user=x, y)`", &site), "/user=x/ user=y");
    }

    #[test]
    fn quotes_hold_no_macros_and_comments_vanish() {
        assert_eq!(expanded("a=\"`b`\" ```not here``` c", &Site::default()), "a=\"`b`\"   c");
    }

    #[test]
    fn unknown_macros_are_named_with_the_nearest_known_one() {
        let errors = expand("`wind`", &site(&[("wins", &[], "x")])).unwrap_err();
        assert_eq!(errors[0].message, "unknown macro `wind`");
        assert!(errors[0].help.as_deref().unwrap().contains("wins"));
        assert!(expand("`drop(a,b)`", &site(&[("drop", &["a"], "x")])).unwrap_err()[0].message.contains("takes 1"));
    }

    #[test]
    fn macros_may_be_calculated_and_validated() {
        let mut site = site(&[("days", &["n"], "\"earliest=-\" . ($n$ * 2) . \"d\"")]);
        if let Some(days) = site.macros.get_mut(&("days".to_owned(), 1)) {
            days.is_eval = true;
            days.validation = Some(("isnum($n$)".to_owned(), "a number is wanted".to_owned()));
        }
        assert_eq!(expanded("`days(3)`", &site), "earliest=-6d");
        let errors = expand("`days(\"\\\"x\\\"\")`", &site).unwrap_err();
        assert_eq!(errors[0].message, "the macro `days` refuses this: a number is wanted");
    }

    #[test]
    fn endless_macros_are_refused() {
        assert_eq!(expand("`a`", &site(&[("a", &[], "`a`")])).unwrap_err()[0].code, "syntax/too-deep");
        let site = site(&[("a", &[], "`b``b`"), ("b", &[], &"x".repeat(MAX_EXPANDED))]);
        assert_eq!(expand("`a`", &site).unwrap_err()[0].code, "spl/macro-too-long");
    }
}
