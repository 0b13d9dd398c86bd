//! What `rsigma-parser` finds wrong, said at its place.
use super::{Content, Outline, Place};
use crate::lint;
use mynah_syntax::{Diagnostic, LineColumn, Span, nearest};

/// Says what came of reading one document. `from` is where the text that was read begins.
pub(super) fn report(
    content: &Content,
    errors: &[String],
    outline: &Outline,
    text: &str,
    from: usize,
    into: &mut Vec<Diagnostic>,
) {
    let root = outline.root();
    if !matches!(content, Content::Unread) {
        // The rule was read all the same: these are remarks on what is around the detection.
        let remark =
            |error: &String| Diagnostic::warning("sigma/metadata", error.clone(), place_of(error, root).span());
        into.extend(errors.iter().map(remark));
        return;
    }
    let before = into.len();
    lint::missing_key::check(root, into);
    lint::aggregation::check(root, text, into);
    lint::unknown_modifier::check(root, into);
    if into.len() > before {
        return;
    }
    for error in errors {
        into.push(diagnostic(error, root, text, from));
    }
    if errors.is_empty() {
        let message = match root.key("action").exists() {
            true => "this document's `action` leaves no rule to run".to_owned(),
            false => "this document holds no rule".to_owned(),
        };
        into.push(Diagnostic::error("sigma/syntax", message, root.nth(0).span()));
    }
}

fn diagnostic(error: &str, root: Place<'_>, text: &str, from: usize) -> Diagnostic {
    if let Some(condition) = error.strip_prefix("Condition parse error") {
        // The parser shows the condition with a caret; its last line says what it waited for.
        let said = condition.lines().last().unwrap_or("").trim().trim_start_matches("= ").to_owned();
        let place = if root.key("correlation").exists() {
            root.key("correlation").key("condition")
        } else if root.key("filter").exists() {
            root.key("filter").key("condition")
        } else {
            root.key("detection").key("condition")
        };
        let mut span = place.value();
        if let Some(at) = position(condition, text, span) {
            span = at;
        }
        let message = match said.is_empty() {
            true => "this is no condition".to_owned(),
            false => format!("this is no condition: {said}"),
        };
        return Diagnostic::error("sigma/condition", message, span);
    }
    if let Some(yaml) = error.strip_prefix("YAML parse error: ") {
        return Diagnostic::error("sigma/yaml", yaml.to_owned(), yaml_place(yaml, text, from).unwrap_or(root.span()));
    }
    let mut diagnostic = Diagnostic::error("sigma/syntax", error.to_owned(), place_of(error, root).value());
    if let Some(kind) = error.strip_prefix("Invalid correlation rule: Unknown correlation type: ") {
        let known = [
            "event_count",
            "value_count",
            "temporal",
            "temporal_ordered",
            "value_sum",
            "value_avg",
            "value_percentile",
            "value_median",
        ];
        diagnostic.span = root.key("correlation").key("type").value();
        diagnostic.message = format!("there is no correlation type `{kind}`");
        if let Some(meant) = nearest(kind, known) {
            diagnostic = diagnostic.with_help(format!("did you mean `{meant}`?"));
        }
    }
    diagnostic
}

/// The character of a condition on one line at which its parser stopped.
fn position(error: &str, text: &str, condition: Span) -> Option<Span> {
    let (line, column) = error.strip_prefix(" at ")?.split_once(": ")?.0.split_once(':')?;
    if line != "1" {
        return None;
    }
    let column: usize = column.parse().ok()?;
    let value = condition.of(text);
    let quoted = usize::from(value.starts_with(['\'', '"']));
    if value.contains('\n') || value.starts_with(['|', '>']) {
        return None;
    }
    let at = value.char_indices().nth(column - 1 + quoted).map(|(at, c)| (at, c.len_utf8()))?;
    Some(Span::new(condition.start + at.0, condition.start + at.0 + at.1))
}

/// The place of `… at line 3 column 5`.
fn yaml_place(error: &str, text: &str, from: usize) -> Option<Span> {
    let after = error.rsplit_once(" at line ")?.1;
    let (line, column) = after.split_once(" column ")?;
    let line: usize = line.parse().ok()?;
    let column: usize = column.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
    let first = LineColumn::of(text, from).line;
    let wanted = first + line - 1;
    let start: usize = text.split_inclusive('\n').take(wanted.saturating_sub(1)).map(str::len).sum();
    // Columns are characters.
    let line = text.get(start..)?.split_inclusive('\n').next().unwrap_or("");
    let at = start + line.char_indices().nth(column.saturating_sub(1)).map_or(line.trim_end().len(), |(at, _)| at);
    Some(Span::new(at, at))
}

/// The place of a key that a message names.
fn place_of<'a>(error: &str, root: Place<'a>) -> Place<'a> {
    const KEYS: [&str; 9] =
        ["related", "status", "level", "timespan", "timeframe", "logsource", "correlation", "filter", "detection"];
    let lower = error.to_lowercase();
    for key in KEYS {
        if lower.contains(key) {
            let place = [root.key(key), root.key("correlation").key(key), root.key("detection").key(key)];
            if let Some(place) = place.into_iter().find(|place| place.exists()) {
                return place;
            }
        }
    }
    root.nth(0)
}
