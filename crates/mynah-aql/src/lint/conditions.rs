//! Rules about single conditions.
use super::{Linted, OPERATORS};
use crate::ast::{CompareOp, Expr, ExprKind, InList, MatchOp};
use mynah_dialect::Lint;
use mynah_syntax::{Diagnostic, Rule};

pub(super) static EQUALS_WILDCARD: Lint<Linted> = Lint {
    rule: Rule::warning(
        "aql/equals-wildcard",
        "`=` or `!=` compares with a text that begins or ends with `%`",
        "only LIKE and ILIKE know wildcards: `=` looks for the percent sign itself, which hardly any value has",
        "SELECT sourceip FROM events WHERE username = '%admin%'",
        "SELECT sourceip FROM events WHERE username LIKE '%admin%'",
        OPERATORS,
    ),
    check: equals_wildcard,
};

fn equals_wildcard(linted: &Linted, found: &mut Vec<Diagnostic>) {
    linted.exprs(|expr| {
        if let ExprKind::Compare(left, op @ (CompareOp::Equal | CompareOp::NotEqual), right) = &expr.kind
            && let ExprKind::Text(pattern) = &right.kind
            && pattern.len() > 1
            && (pattern.starts_with('%') || pattern.ends_with('%'))
        {
            let word = if *op == CompareOp::Equal { "LIKE" } else { "NOT LIKE" };
            let rewrite = format!("{} {word} {}", left.span().of(&linted.text), right.span().of(&linted.text));
            found.push(
                Diagnostic::warning(
                    "aql/equals-wildcard",
                    format!("`{}` takes `%` as an ordinary character", op.symbol()),
                    expr.span(),
                )
                .with_fix(expr.span(), rewrite, format!("for a wildcard write {word}")),
            );
        }
    });
}

pub(super) static LIKE_WITHOUT_WILDCARD: Lint<Linted> = Lint {
    rule: Rule::warning(
        "aql/like-without-wildcard",
        "LIKE or ILIKE with a pattern without `%` and `_`",
        "such a pattern fits only a value that is equal to it as a whole; often a part of the value was meant",
        "SELECT sourceip FROM events WHERE username ILIKE 'admin'",
        "SELECT sourceip FROM events WHERE username ILIKE '%admin%'",
        OPERATORS,
    )
    .info(),
    check: like_without_wildcard,
};

fn like_without_wildcard(linted: &Linted, found: &mut Vec<Diagnostic>) {
    linted.exprs(|expr| {
        if let ExprKind::Match { op: op @ (MatchOp::Like | MatchOp::Ilike), pattern, .. } = &expr.kind
            && let ExprKind::Text(text) = &pattern.kind
            && !text.contains(['%', '_'])
        {
            found.push(
                Diagnostic::info(
                    "aql/like-without-wildcard",
                    format!("without `%`, {} fits whole values only", op.word()),
                    pattern.span(),
                )
                .with_help("write `%` where anything may stand before or after the text"),
            );
        }
    });
}

pub(super) static CASE_NEVER_MATCHES: Lint<Linted> = Lint {
    rule: Rule::warning(
        "aql/case-never-matches",
        "The result of LOWER is compared with a text that has capitals (or UPPER's with small letters)",
        "LIKE and `=` tell case apart, so that this is never true (and its negation always)",
        "SELECT sourceip FROM events WHERE LOWER(username) LIKE '%Admin%'",
        "SELECT sourceip FROM events WHERE LOWER(username) LIKE '%admin%'",
        OPERATORS,
    ),
    check: case_never_matches,
};

fn case_never_matches(linted: &Linted, found: &mut Vec<Diagnostic>) {
    linted.exprs(|expr| match &expr.kind {
        ExprKind::Match { value, op: MatchOp::Like, pattern, .. } => look(value, pattern, found),
        ExprKind::Compare(left, CompareOp::Equal | CompareOp::NotEqual, right) => look(left, right, found),
        _ => {}
    });
}

fn look(value: &Expr, pattern: &Expr, found: &mut Vec<Diagnostic>) {
    let (ExprKind::Call { name, .. }, ExprKind::Text(text)) = (&value.kind, &pattern.kind) else { return };
    let (folded, word) = if name.eq_ignore_ascii_case("LOWER") {
        (text.to_lowercase(), "small letters")
    } else if name.eq_ignore_ascii_case("UPPER") {
        (text.to_uppercase(), "capitals")
    } else {
        return;
    };
    if folded != *text {
        found.push(
            Diagnostic::warning(
                "aql/case-never-matches",
                format!("{} gives {word} only, which this text never fits", name.to_uppercase()),
                pattern.span(),
            )
            .with_fix(
                pattern.span(),
                format!("'{}'", folded.replace('\'', "''")),
                format!("write the text in {word}"),
            ),
        );
    }
}

pub(super) static NULL_COMPARISON: Lint<Linted> = Lint {
    rule: Rule::warning(
        "aql/null-comparison",
        "`= NULL` or `!= NULL`",
        "a comparison with NULL is neither true nor false, so that it selects nothing; IS NULL is meant, and so it is taken here",
        "SELECT sourceip FROM events WHERE username != NULL",
        "SELECT sourceip FROM events WHERE username IS NOT NULL",
        OPERATORS,
    ),
    check: null_comparison,
};

fn null_comparison(linted: &Linted, found: &mut Vec<Diagnostic>) {
    linted.exprs(|expr| {
        if let ExprKind::Compare(left, op @ (CompareOp::Equal | CompareOp::NotEqual), right) = &expr.kind
            && (right.kind == ExprKind::Null || left.kind == ExprKind::Null)
        {
            let value = if right.kind == ExprKind::Null { left } else { right };
            let not = if *op == CompareOp::Equal { "" } else { "NOT " };
            found.push(
                Diagnostic::warning(
                    "aql/null-comparison",
                    format!("`{} NULL` is never true", op.symbol()),
                    expr.span(),
                )
                .with_fix(
                    expr.span(),
                    format!("{} IS {not}NULL", value.span().of(&linted.text)),
                    format!("write IS {not}NULL"),
                ),
            );
        }
    });
}

pub(super) static RAW_PAYLOAD: Lint<Linted> = Lint {
    rule: Rule::warning(
        "aql/raw-payload",
        "`payload` is compared without UTF8",
        "`payload` is bytes, and QRadar refuses to compare bytes with a text; UTF8(payload) is the text. Here it is taken as text",
        "SELECT sourceip FROM events WHERE payload ILIKE '%denied%'",
        "SELECT sourceip FROM events WHERE UTF8(payload) ILIKE '%denied%'",
        "https://www.ibm.com/docs/en/qsip/7.6.0?topic=language-aql-data-calculation-formatting-functions",
    ),
    check: raw_payload,
};

fn raw_payload(linted: &Linted, found: &mut Vec<Diagnostic>) {
    let mut look = |operand: &Expr| {
        if let ExprKind::Column { name, .. } = &operand.kind
            && name.eq_ignore_ascii_case("payload")
        {
            found.push(
                Diagnostic::warning(
                    "aql/raw-payload",
                    "`payload` is bytes, which QRadar does not compare with a text",
                    operand.span(),
                )
                .with_fix(operand.span(), "UTF8(payload)", "write UTF8(payload)"),
            );
        }
    };
    linted.exprs(|expr| match &expr.kind {
        ExprKind::Match { value, .. } => look(value),
        ExprKind::In { value, list: InList::Values(_), .. } => look(value),
        ExprKind::Compare(left, _, right) => {
            look(left);
            look(right);
        }
        _ => {}
    });
}

pub(super) static REDUNDANT_LOWER: Lint<Linted> = Lint {
    rule: Rule::warning(
        "aql/redundant-lower",
        "LOWER or UPPER under ILIKE or IMATCHES",
        "these operators leave case aside by themselves; the function only costs time",
        "SELECT sourceip FROM events WHERE LOWER(username) ILIKE '%admin%'",
        "SELECT sourceip FROM events WHERE username ILIKE '%admin%'",
        OPERATORS,
    )
    .info(),
    check: redundant_lower,
};

fn redundant_lower(linted: &Linted, found: &mut Vec<Diagnostic>) {
    let mut places = Vec::new();
    linted.exprs(|expr| {
        if let ExprKind::Match { value, op: op @ (MatchOp::Ilike | MatchOp::Imatches), .. } = &expr.kind
            && let ExprKind::Call { name, arguments, .. } = &value.kind
            && (name.eq_ignore_ascii_case("LOWER") || name.eq_ignore_ascii_case("UPPER"))
            && let [argument] = arguments.as_slice()
        {
            let message = format!("{} leaves case aside: {} adds nothing", op.word(), name.to_uppercase());
            places.push((message, value.span(), argument.span()));
        }
    });
    // Rules repeat it by the dozen, and it does no harm: the first place speaks for all.
    places.sort_by_key(|(_, span, _)| span.start);
    let more = places.len().saturating_sub(1);
    if let Some((message, call, argument)) = places.into_iter().next() {
        let message = if more > 0 { format!("{message} (here and in {more} more places)") } else { message };
        found.push(Diagnostic::info("aql/redundant-lower", message, call).with_fix(
            call,
            argument.of(&linted.text),
            "leave the function out",
        ));
    }
}
