//! Rules about wildcards, regular expressions and lists.
use super::{Linted, Operator, Test, test};
use crate::ast::{Comparison, ExprKind};
use crate::names::is_caseless;
use mynah_dialect::Lint;
use mynah_syntax::{Diagnostic, Span};
use mynah_view::Kind;
use std::collections::{BTreeMap, HashMap};

pub(super) static WILDCARD_IN_EQUALITY: Lint<Linted> = Lint::warning(
    "eql/wildcard-in-equality",
    "a `*` in a text that is compared by `==`, `!=` or `in`",
    "These operators compare with the text as it is: a `*` matches a `*` only. `:` and `like` know wildcards.",
    r#"process where process.name == "power*.exe""#,
    r#"process where process.name like "power*.exe""#,
    "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-wildcards",
    wildcard_in_equality,
);

fn wildcard_in_equality(linted: &Linted, diagnostics: &mut Vec<Diagnostic>) {
    for test in linted.tests() {
        if !test.operator.is_equality() || linted.kind(test.field) != Kind::Text {
            continue;
        }
        for constant in &test.constants {
            let ExprKind::Text(text) = &constant.kind else { continue };
            // A lone `*` is a name of its own: a user, a resource, a cron field.
            if text.len() < 2 || !text.contains('*') {
                continue;
            }
            let operator = match test.operator {
                Operator::Compare(operator) => operator.text(),
                _ => "in",
            };
            let message = format!("`*` stands for itself behind `{operator}`");
            let said = WILDCARD_IN_EQUALITY.rule.diagnostic(message, constant.span());
            let help = "write `like`, or `:` to leave case aside";
            diagnostics.push(match with_like(&test) {
                Some(replacement) => said.with_fix(test.span, replacement, help),
                None => said.with_help(help),
            });
        }
    }
}

/// The comparison with `like`, if it is one with a single text.
fn with_like(test: &Test<'_>) -> Option<String> {
    let [constant] = test.constants.as_slice() else { return None };
    match test.operator {
        Operator::Compare(Comparison::Equal) => Some(format!("{} like {constant}", test.field)),
        Operator::Compare(Comparison::NotEqual) => Some(format!("not {} like {constant}", test.field)),
        _ => None,
    }
}

pub(super) static PATTERN_MATCHES_ALL: Lint<Linted> = Lint::info(Lint::warning(
    "eql/pattern-matches-all",
    "a pattern that every value fits",
    "`*` fits whatever the field holds, so the condition asks only whether the field is there, and hides the other patterns of its list.",
    r#"process where process.name : "*""#,
    r#"process where process.name != null"#,
    "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-wildcards",
    pattern_matches_all,
));

fn pattern_matches_all(linted: &Linted, diagnostics: &mut Vec<Diagnostic>) {
    for (field, text, span) in linted.texts(|operator| operator == Operator::Wildcard) {
        if !text.is_empty() && text.chars().all(|c| c == '*') {
            let message = format!("every value of `{}` fits this pattern", field.name);
            let help = format!("write `{} != null` to ask whether it is there", field.name);
            diagnostics.push(PATTERN_MATCHES_ALL.rule.diagnostic(message, span).with_help(help));
        }
    }
}

pub(super) static REGEX_ANCHOR: Lint<Linted> = Lint::warning(
    "eql/regex-anchor",
    "an anchor or a `(?…)` group in a regular expression",
    "Lucene's regular expressions always fit whole values and know neither anchors nor `(?…)`: these characters stand for themselves, and hardly a value has them there.",
    r#"process where process.name regex "^cmd.*""#,
    r#"process where process.name regex "cmd.*""#,
    "https://www.elastic.co/docs/reference/query-languages/query-dsl/regexp-syntax#regexp-unsupported-operators",
    regex_anchor,
);

fn regex_anchor(linted: &Linted, diagnostics: &mut Vec<Diagnostic>) {
    for (_, text, span) in linted.texts(|operator| operator == Operator::Regex) {
        let message = if text.starts_with('^') {
            "`^` stands for itself in Elastic's regular expressions"
        } else if text.ends_with('$') && !text.ends_with("\\$") {
            "`$` stands for itself in Elastic's regular expressions"
        } else if text.contains("(?") && !text.contains("\\(?") {
            "`(?` opens no special group in Elastic's regular expressions: the `?` stands for itself"
        } else {
            continue;
        };
        let help =
            "the expression must fit the whole value; `.*` at an end leaves that end open, `regex~` leaves case aside";
        diagnostics.push(REGEX_ANCHOR.rule.diagnostic(message, span).with_help(help));
    }
}

pub(super) static REGEX_WHOLE_VALUE: Lint<Linted> = Lint::info(Lint::warning(
    "eql/regex-whole-value",
    "a regular expression that begins or ends with a blank or a word's boundary",
    "Lucene's regular expressions fit whole values, and hardly a value begins or ends so: most likely the expression \
          was to be found anywhere in the value, as in other languages.",
    r#"process where process.command_line regex "\\s-k\\s""#,
    r#"process where process.command_line regex ".*\\s-k\\s.*""#,
    "https://www.elastic.co/docs/reference/query-languages/query-dsl/regexp-syntax#regexp-unsupported-operators",
    regex_whole_value,
));

const EDGES: [&str; 4] = [r"\s", r"\s+", r"\b", r"\W"];

fn regex_whole_value(linted: &Linted, diagnostics: &mut Vec<Diagnostic>) {
    for (_, text, span) in linted.texts(|operator| operator == Operator::Regex) {
        if EDGES.iter().any(|edge| text.starts_with(edge) || text.ends_with(edge)) {
            let message = "the expression must fit the whole value, and hardly a value has this at its end";
            let help = "write `.*` at both ends to find it anywhere in the value";
            diagnostics.push(REGEX_WHOLE_VALUE.rule.diagnostic(message, span).with_help(help).finding_nothing());
        }
    }
}

pub(super) static UNUSED_CASE: Lint<Linted> = Lint::info(Lint::warning(
    "eql/unused-case",
    "`like` or `==` on a field that is indexed in lower case",
    "A `.caseless` field is indexed, and searched, in lower case, so the operator's care for case comes to nothing.",
    r#"process where process.executable.caseless like "*\\cmd.exe""#,
    r#"process where process.executable.caseless : "*\\cmd.exe""#,
    "https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/normalizer",
    unused_case,
));

fn unused_case(linted: &Linted, diagnostics: &mut Vec<Diagnostic>) {
    for expression in linted.expressions() {
        let ExprKind::Match(found) = &expression.kind else { continue };
        let ExprKind::Field(field) = &found.value.kind else { continue };
        if found.operator.is_folded() || !linted.resolve(&field.name).is_some_and(|name| is_caseless(&name.column)) {
            continue;
        }
        let span = found.operator_place.0;
        let folded = if found.operator.is_regex() { "regex~" } else { "like~" };
        let message = format!("`{}` leaves case aside whatever the operator", field.name);
        diagnostics.push(UNUSED_CASE.rule.diagnostic(message, span).with_fix(
            span,
            folded,
            format!("write `{folded}`, which says so"),
        ));
    }
}

pub(super) static DUPLICATE_IN_LIST: Lint<Linted> = Lint::warning(
    "eql/duplicate-in-list",
    "a value that stands twice in one list",
    "The second one does nothing; often another value was meant.",
    r#"process where process.name in ("cmd.exe", "net.exe", "cmd.exe")"#,
    r#"process where process.name in ("cmd.exe", "net.exe")"#,
    "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-lookup-operators",
    duplicate_in_list,
);

fn duplicate_in_list(linted: &Linted, diagnostics: &mut Vec<Diagnostic>) {
    for expression in linted.expressions() {
        let (list, folded) = match &expression.kind {
            ExprKind::In(found) => (&found.list, found.folded),
            // What a regular expression's letters mean can depend on their case.
            ExprKind::Match(found) => (&found.patterns, found.operator.is_folded() && !found.operator.is_regex()),
            _ => continue,
        };
        let mut seen: HashMap<String, Span> = HashMap::new();
        for part in list {
            let ExprKind::Text(text) = &part.kind else { continue };
            let first = *seen.entry(if folded { text.to_lowercase() } else { text.clone() }).or_insert(part.span());
            if first != part.span() {
                let said = DUPLICATE_IN_LIST.rule.diagnostic("this value stands in the list already", part.span());
                diagnostics.push(said.with_label(first, "here"));
            }
        }
    }
}

pub(super) static CONTRADICTION: Lint<Linted> = Lint::warning(
    "eql/contradiction",
    "two conditions on one field that no single value can meet",
    "A field with one value cannot be equal to two, so the query never matches.",
    r#"process where process.name == "cmd.exe" and process.name == "net.exe""#,
    r#"process where process.name in ("cmd.exe", "net.exe")"#,
    "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-logical-operators",
    contradiction,
);

fn contradiction(linted: &Linted, diagnostics: &mut Vec<Diagnostic>) {
    for expression in linted.expressions() {
        let ExprKind::And(parts) = &expression.kind else { continue };
        let equal = parts.iter().filter_map(test).filter(|test| test.operator == Operator::Compare(Comparison::Equal));
        let mut first_of: BTreeMap<&str, Test<'_>> = BTreeMap::new();
        for later in equal {
            let Some(earlier) = first_of.get(later.field.name.as_str()) else {
                let Some(name) = linted.resolve(&later.field.name) else { continue };
                // Of several values each can meet a condition of its own; case may be left aside; and networks and spans
                // of time, with which an address or a date may be compared, can overlap.
                let of = name.column.field_type;
                if !of.many && !is_caseless(&name.column) && !matches!(of.kind, Kind::Ip | Kind::Milliseconds) {
                    first_of.insert(&later.field.name, later);
                }
                continue;
            };
            let (Some(one), Some(other)) = (earlier.constants.first(), later.constants.first()) else { continue };
            // A number and a text may be the same value, written in two ways.
            let comparable = std::mem::discriminant(&one.kind) == std::mem::discriminant(&other.kind);
            if comparable && one.kind != other.kind {
                let message = format!("`{}` cannot have two values at once", later.field.name);
                let said =
                    CONTRADICTION.rule.diagnostic(message, later.span).with_label(earlier.span, "the other value");
                diagnostics.push(said.with_help("join the two with `or`, or write `in (…)`"));
            }
        }
    }
}
