//! Rules about single conditions.
use super::{Linted, OPERATORS, quoted};
use crate::ast::{CompareOp, Expr, ExprKind, MatchOp, Test, walk_exprs};
use mynah_dialect::Lint;
use mynah_syntax::Diagnostic;

pub(super) static EQUALS_WILDCARD: Lint<Linted> = Lint::warning(
    "aql/equals-wildcard",
    "`=` or `!=` compares with a text that begins or ends with `%`",
    "only LIKE and ILIKE know wildcards: `=` looks for the percent sign itself, which hardly any value has",
    "SELECT sourceip FROM events WHERE username = '%admin%'",
    "SELECT sourceip FROM events WHERE username LIKE '%admin%'",
    OPERATORS,
    |linted, found| found.extend(linted.each(|expr| equals_wildcard(linted, expr))),
);

fn equals_wildcard(linted: &Linted, expr: &Expr) -> Option<Diagnostic> {
    let ExprKind::Compare(left, op @ (CompareOp::Equal | CompareOp::NotEqual), right) = &expr.kind else { return None };
    let ExprKind::Text(pattern) = &right.kind else { return None };
    if pattern.len() < 2 || !(pattern.starts_with('%') || pattern.ends_with('%')) {
        return None;
    }
    let word = if *op == CompareOp::Equal { "LIKE" } else { "NOT LIKE" };
    let rewrite = format!("{} {word} {}", left.span().of(&linted.text), right.span().of(&linted.text));
    let message = format!("`{}` takes `%` as an ordinary character", op.symbol());
    let said = EQUALS_WILDCARD.rule.diagnostic(message, expr.span());
    Some(said.with_fix(expr.span(), rewrite, format!("for a wildcard write {word}")))
}

pub(super) static LIKE_WITHOUT_WILDCARD: Lint<Linted> = Lint::info(Lint::warning(
    "aql/like-without-wildcard",
    "LIKE or ILIKE with a pattern without `%` and `_`",
    "such a pattern fits only a value that is equal to it as a whole; often a part of the value was meant",
    "SELECT sourceip FROM events WHERE username ILIKE 'admin'",
    "SELECT sourceip FROM events WHERE username ILIKE '%admin%'",
    OPERATORS,
    |linted, found| found.extend(linted.each(like_without_wildcard)),
));

fn like_without_wildcard(expr: &Expr) -> Option<Diagnostic> {
    let ExprKind::Test { test: Test::Match(op @ (MatchOp::Like | MatchOp::Ilike), pattern), .. } = &expr.kind else {
        return None;
    };
    if !matches!(&pattern.kind, ExprKind::Text(text) if !text.contains(['%', '_'])) {
        return None;
    }
    let message = format!("without `%`, {} fits whole values only", op.word());
    let said = LIKE_WITHOUT_WILDCARD.rule.diagnostic(message, pattern.span());
    Some(said.with_help("write `%` where anything may stand before or after the text"))
}

pub(super) static CASE_NEVER_MATCHES: Lint<Linted> = Lint::warning(
    "aql/case-never-matches",
    "The result of LOWER is compared with a text that has capitals (or UPPER's with small letters)",
    "LIKE and `=` tell case apart, so that this is never true (and its negation always)",
    "SELECT sourceip FROM events WHERE LOWER(username) LIKE '%Admin%'",
    "SELECT sourceip FROM events WHERE LOWER(username) LIKE '%admin%'",
    OPERATORS,
    |linted, found| found.extend(linted.each(case_never_matches)),
);

fn case_never_matches(expr: &Expr) -> Option<Diagnostic> {
    let (value, pattern) = match &expr.kind {
        ExprKind::Test { value, test: Test::Match(MatchOp::Like, pattern), .. } => (value, pattern),
        ExprKind::Compare(left, CompareOp::Equal | CompareOp::NotEqual, right) => (left, right),
        _ => return None,
    };
    let (ExprKind::Call { name, .. }, ExprKind::Text(text)) = (&value.kind, &pattern.kind) else { return None };
    let name = name.to_uppercase();
    let (folded, word) = match name.as_str() {
        "LOWER" => (text.to_lowercase(), "small letters"),
        "UPPER" => (text.to_uppercase(), "capitals"),
        _ => return None,
    };
    if folded == *text {
        return None;
    }
    let message = format!("{name} gives {word} only, which this text never fits");
    let said = CASE_NEVER_MATCHES.rule.diagnostic(message, pattern.span());
    Some(said.with_fix(pattern.span(), quoted(&folded), format!("write the text in {word}")))
}

pub(super) static NULL_COMPARISON: Lint<Linted> = Lint::warning(
    "aql/null-comparison",
    "`= NULL` or `!= NULL`",
    "a comparison with NULL is neither true nor false, so that it selects nothing; IS NULL is meant, and so it is taken here",
    "SELECT sourceip FROM events WHERE username != NULL",
    "SELECT sourceip FROM events WHERE username IS NOT NULL",
    OPERATORS,
    |linted, found| found.extend(linted.each(|expr| null_comparison(linted, expr))),
);

fn null_comparison(linted: &Linted, expr: &Expr) -> Option<Diagnostic> {
    let ExprKind::Compare(left, op @ (CompareOp::Equal | CompareOp::NotEqual), right) = &expr.kind else { return None };
    let value = match (&left.kind, &right.kind) {
        (_, ExprKind::Null) => left,
        (ExprKind::Null, _) => right,
        _ => return None,
    };
    let is_null = if *op == CompareOp::Equal { "IS NULL" } else { "IS NOT NULL" };
    let rewrite = format!("{} {is_null}", value.span().of(&linted.text));
    let said = NULL_COMPARISON.rule.diagnostic(format!("`{} NULL` is never true", op.symbol()), expr.span());
    Some(said.with_fix(expr.span(), rewrite, format!("write {is_null}")))
}

pub(super) static RAW_PAYLOAD: Lint<Linted> = Lint::warning(
    "aql/raw-payload",
    "`payload` is compared without UTF8",
    "`payload` is bytes, and QRadar refuses to compare bytes with a text; UTF8(payload) is the text. Here it is taken as text",
    "SELECT sourceip FROM events WHERE payload ILIKE '%denied%'",
    "SELECT sourceip FROM events WHERE UTF8(payload) ILIKE '%denied%'",
    "https://www.ibm.com/docs/en/qsip/7.6.0?topic=language-aql-data-calculation-formatting-functions",
    raw_payload,
);

fn raw_payload(linted: &Linted, found: &mut Vec<Diagnostic>) {
    let mut look = |operand: &Expr| {
        if matches!(&operand.kind, ExprKind::Column { name, .. } if name.eq_ignore_ascii_case("payload")) {
            let message = "`payload` is bytes, which QRadar does not compare with a text";
            let said = RAW_PAYLOAD.rule.diagnostic(message, operand.span());
            found.push(said.with_fix(operand.span(), "UTF8(payload)", "write UTF8(payload)"));
        }
    };
    walk_exprs(&linted.query, &mut |expr| match &expr.kind {
        ExprKind::Test { value, test: Test::Match(..) | Test::In(_), .. } => look(value),
        ExprKind::Compare(left, _, right) => {
            look(left);
            look(right);
        }
        _ => {}
    });
}

pub(super) static REDUNDANT_LOWER: Lint<Linted> = Lint::info(Lint::warning(
    "aql/redundant-lower",
    "LOWER or UPPER under ILIKE or IMATCHES",
    "these operators leave case aside by themselves; the function only costs time",
    "SELECT sourceip FROM events WHERE LOWER(username) ILIKE '%admin%'",
    "SELECT sourceip FROM events WHERE username ILIKE '%admin%'",
    OPERATORS,
    redundant_lower,
));

fn redundant_lower(linted: &Linted, found: &mut Vec<Diagnostic>) {
    let mut places = linted.each(|expr| {
        let ExprKind::Test { value, test: Test::Match(op, _), .. } = &expr.kind else { return None };
        if !matches!(op, MatchOp::Ilike | MatchOp::Imatches) {
            return None;
        }
        let ExprKind::Call { name, arguments, .. } = &value.kind else { return None };
        let name = name.to_uppercase();
        let [argument] = arguments.as_slice() else { return None };
        let message = format!("{} leaves case aside: {name} adds nothing", op.word());
        let said = REDUNDANT_LOWER.rule.diagnostic(message, value.span());
        let said = said.with_fix(value.span(), argument.span().of(&linted.text), "leave the function out");
        matches!(name.as_str(), "LOWER" | "UPPER").then_some(said)
    });
    // Rules repeat it by the dozen, and it does no harm: the first place speaks for all.
    places.sort_by_key(|said| said.span.start);
    let more = places.len().saturating_sub(1);
    found.extend(places.into_iter().next().map(|mut said| {
        if more > 0 {
            said.message.push_str(&format!(" (here and in {more} more places)"));
        }
        said
    }));
}
