//! Rules about the types of fields and of what they are compared with.
use super::{Linted, Operator, Test};
use crate::ast::{Expr, ExprKind, quote};
use crate::plan::truth;
use mynah_dialect::Lint;
use mynah_syntax::Diagnostic;
use mynah_view::Kind;

pub(super) static BOOLEAN_AGAINST_TEXT: Lint<Linted> = Lint::warning(
    "eql/boolean-against-text",
    "a field that is true or false, compared with a text",
    "Elasticsearch refuses the search: a boolean field holds true or false, and no other text can be looked for in it. Yes and No are what the raw log has.",
    r#"process where process.code_signature.trusted == "No""#,
    r#"process where process.code_signature.trusted == false"#,
    "https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/boolean",
    boolean_against_text,
);

fn boolean_against_text(linted: &Linted, diagnostics: &mut Vec<Diagnostic>) {
    for (field, text, span) in linted.texts(|_| true) {
        if linted.kind(field) != Kind::Boolean {
            continue;
        }
        let message = format!("Elastic refuses this: `{}` is true or false, not {}", field.name, quote(text));
        let said = BOOLEAN_AGAINST_TEXT.rule.diagnostic(message, span);
        diagnostics.push(match truth(text) {
            Some(truth) => said.with_fix(span, truth.to_string(), format!("it is read as {truth}")),
            None => said.with_help("no value is equal to it"),
        });
    }
}

pub(super) static NUMBER_AGAINST_TEXT: Lint<Linted> = Lint::warning(
    "eql/number-against-text",
    "a text field compared with a number, or a number with a text",
    "Elasticsearch converts the constant to the field's type, or ends the search where it cannot. Written as the field's type it says what is compared.",
    r#"any where event.code == 4625"#,
    r#"any where event.code == "4625""#,
    "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-comparison-operators",
    number_against_text,
);

fn number_against_text(linted: &Linted, diagnostics: &mut Vec<Diagnostic>) {
    for test in linted.tests() {
        if matches!(test.operator, Operator::Regex) {
            continue;
        }
        let Some(name) = linted.resolve(&test.field.name) else { continue };
        let kind = name.column.field_type.kind;
        for constant in &test.constants {
            let span = constant.span();
            match (&constant.kind, kind) {
                // A name that is not known is of no known type.
                (ExprKind::Integer(_) | ExprKind::Float(_), Kind::Text) if name.known => {
                    let message = format!("`{}` is text, and this is a number", test.field.name);
                    let said = NUMBER_AGAINST_TEXT.rule.diagnostic(message, span);
                    diagnostics.push(said.with_fix(span, quote(&constant.to_string()), "write it as text"));
                }
                (ExprKind::Text(text), Kind::Integer | Kind::Float) if test.operator != Operator::Wildcard => {
                    let message = format!("`{}` is a number, and this is text", test.field.name);
                    let said = NUMBER_AGAINST_TEXT.rule.diagnostic(message, span);
                    diagnostics.push(match text.trim().parse::<f64>() {
                        Ok(_) => said.with_fix(span, text.trim(), "write it as a number"),
                        Err(_) => said.with_help("no number is equal to it"),
                    });
                }
                _ => {}
            }
        }
    }
}

pub(super) static MATCH_AGAINST_NON_TEXT: Lint<Linted> = Lint::warning(
    "eql/match-against-non-text",
    "`:`, `like` or `regex` on a field that is no text",
    "Elasticsearch refuses the search: these operators compare strings only.",
    r#"process where process.pid : "4""#,
    r#"process where process.pid == 4"#,
    "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-comparison-operators",
    match_against_non_text,
);

fn match_against_non_text(linted: &Linted, diagnostics: &mut Vec<Diagnostic>) {
    for test in linted.tests() {
        if !matches!(test.operator, Operator::Wildcard | Operator::Regex) {
            continue;
        }
        let kind = match linted.kind(test.field) {
            // Of a boolean another rule speaks, if it is compared with a text.
            Kind::Text | Kind::Boolean => continue,
            Kind::Ip => "an IP address",
            Kind::Integer | Kind::Float | Kind::Seconds => "a number",
            Kind::Milliseconds => "a date",
        };
        let message = format!("Elastic refuses this: `{}` is {kind}, and the operator is for text", test.field.name);
        let help = match kind {
            "an IP address" => "write `==`, or `cidrMatch(…)` for a network; it is compared as it is written",
            _ => "write `==` or `in`; it is compared as it is written",
        };
        let said = MATCH_AGAINST_NON_TEXT.rule.diagnostic(message, test.span);
        diagnostics.push(match with_equality(&test, kind) {
            Some(replacement) => said.with_fix(test.span, replacement, help),
            None => said.with_help(help),
        });
    }
}

/// The comparison with `==`, if it is one with a single value and no wildcards.
fn with_equality(test: &Test<'_>, kind: &str) -> Option<String> {
    let [constant] = test.constants.as_slice() else { return None };
    let ExprKind::Text(text) = &constant.kind else { return None };
    let plain = test.operator == Operator::Wildcard && !text.contains(['*', '?']);
    match kind {
        "a number" if plain && text.parse::<f64>().is_ok() => Some(format!("{} == {text}", test.field)),
        "an IP address" if plain => Some(format!("{} == {constant}", test.field)),
        _ => None,
    }
}

pub(super) static FIELD_COMPARISON: Lint<Linted> = Lint::warning(
    "eql/field-comparison",
    "a comparison of two fields",
    "Elasticsearch refuses the search: a field can be compared with constants only. Here the values of the event are compared.",
    r#"process where process.name == process.parent.name"#,
    r#"process where process.name == "cmd.exe" and process.parent.name == "cmd.exe""#,
    "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-compare-fields",
    field_comparison,
);

fn field_comparison(linted: &Linted, diagnostics: &mut Vec<Diagnostic>) {
    // Elasticsearch takes an optional field that no index has for null, which can be compared with any.
    let may_be_null = |side: &Expr| match &side.kind {
        ExprKind::Field(field) => field.optional && !linted.resolve(&field.name).is_some_and(|found| found.known),
        _ => false,
    };
    for expression in linted.expressions() {
        let compared = match &expression.kind {
            ExprKind::Compare(left, _, right) => {
                has_field(left) && has_field(right) && !may_be_null(left) && !may_be_null(right)
            }
            ExprKind::In(found) => found.list.iter().any(|part| has_field(part) && !may_be_null(part)),
            _ => false,
        };
        if compared {
            let message = "Elastic refuses to compare fields with each other";
            let help = "where two fields have to agree over several events, `sequence by` joins them";
            diagnostics.push(FIELD_COMPARISON.rule.diagnostic(message, expression.span()).with_help(help));
        }
    }
}

/// Whether a value depends on the event.
fn has_field(expression: &Expr) -> bool {
    let mut found = false;
    expression.visit(&mut |inner| found |= matches!(inner.kind, ExprKind::Field(_)));
    found
}
