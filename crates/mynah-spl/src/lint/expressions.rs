//! Rules over eval expressions.
use super::walk_expressions;
use crate::expression::{BinaryOperator, Expression, ExpressionKind};
use crate::pipeline::Query;
use mynah_dialect::Lint;
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(crate) const COMPARISON_OF_TEXTS: Lint<Query> = Lint {
    rule: Rule {
        code: "spl/quoted-field",
        severity: Severity::Warning,
        what: "where or eval compares two texts, of which one was meant as a field",
        why: "in where and eval double quotes make a text; a field's name that needs quotes takes single ones",
        bad: "index=main | where \"user.name\"=\"root\"",
        good: "index=main | where 'user.name'=\"root\"",
        page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/eval",
    },
    check: comparison_of_texts,
};

fn comparison_of_texts(query: &Query, found: &mut Vec<Diagnostic>) {
    walk_expressions(query, &mut |part| {
        let ExpressionKind::Binary { operator, left, right } = &part.kind else { return };
        if let (
            BinaryOperator::Equal | BinaryOperator::NotEqual,
            ExpressionKind::Text(name),
            ExpressionKind::Text(_) | ExpressionKind::Number { .. },
        ) = (operator.node, &left.kind, &right.kind)
        {
            found.push(
                Diagnostic::warning(
                    "spl/quoted-field",
                    format!("\"{name}\" is a text here, not the field of that name"),
                    left.span,
                )
                .with_fix(left.span, format!("'{name}'"), "put a field's name in single quotes"),
            );
        }
    });
}

pub(crate) const TIME_FORMAT: Lint<Query> = Lint {
    rule: Rule {
        code: "spl/time-format",
        severity: Severity::Warning,
        what: "a format of strftime or strptime in another language's letters: `YYYY-MM-DD`",
        why: "Splunk's formats are those of C, `%Y-%m-%d`; letters without a percent sign stand for themselves",
        bad: "index=main | eval day=strftime(_time, \"yyyy-MM-dd\")",
        good: "index=main | eval day=strftime(_time, \"%Y-%m-%d\")",
        page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/time-format-variables-and-modifiers/date-and-time-format-variables",
    },
    check: time_format,
};

fn time_format(query: &Query, found: &mut Vec<Diagnostic>) {
    walk_expressions(query, &mut |part| {
        let ExpressionKind::Call { name, arguments } = &part.kind else { return };
        if !["strftime", "strptime"].contains(&name.node.to_lowercase().as_str()) {
            return;
        }
        if let Some(Expression { kind: ExpressionKind::Text(format), span }) = arguments.get(1)
            && (format.contains("yyyy") || format.contains("YYYY") || (!format.contains('%') && format.contains("HH")))
        {
            found.push(
                Diagnostic::warning("spl/time-format", "these letters stand for themselves in a time format", *span)
                    .with_help("Splunk writes `%Y-%m-%d %H:%M:%S`"),
            );
        }
    });
}

pub(crate) const WHERE_WILDCARD: Lint<Query> = Lint {
    rule: Rule {
        code: "spl/where-wildcard",
        severity: Severity::Warning,
        what: "`*` in a text that where or eval compares with",
        why: "only the search command has wildcards; `=` of where and eval compares the asterisk itself",
        bad: "index=main | where user=\"adm*\"",
        good: "index=main | where like(user, \"adm%\")",
        page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/where",
    },
    check: where_wildcard,
};

fn where_wildcard(query: &Query, found: &mut Vec<Diagnostic>) {
    walk_expressions(query, &mut |part| {
        let ExpressionKind::Binary { operator, left, right } = &part.kind else { return };
        if !matches!(operator.node, BinaryOperator::Equal | BinaryOperator::NotEqual) {
            return;
        }
        for side in [left, right] {
            if let ExpressionKind::Text(text) = &side.kind
                && text.contains('*')
            {
                found.push(
                    Diagnostic::warning("spl/where-wildcard", "`*` is no wildcard here", side.span)
                        .with_help("use `like(field, \"a%\")` or `match(field, \"^a\")`, or the search command"),
                );
            }
        }
    });
}

pub(crate) const LIKE_STAR: Lint<Query> = Lint {
    rule: Rule {
        code: "spl/like-star",
        severity: Severity::Warning,
        what: "`*` in the pattern of like",
        why: "like has SQL's wildcards, `%` for any characters and `_` for one; an asterisk stands for itself",
        bad: "index=main | where like(user, \"adm*\")",
        good: "index=main | where like(user, \"adm%\")",
        page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/evaluation-functions/comparison-and-conditional-functions",
    },
    check: like_star,
};

fn like_star(query: &Query, found: &mut Vec<Diagnostic>) {
    walk_expressions(query, &mut |part| {
        let pattern = match &part.kind {
            ExpressionKind::Call { name, arguments } if name.node.eq_ignore_ascii_case("like") => arguments.get(1),
            ExpressionKind::Binary { operator, right, .. } if operator.node == BinaryOperator::Like => Some(&**right),
            _ => None,
        };
        if let Some(Expression { kind: ExpressionKind::Text(pattern), span }) = pattern
            && pattern.contains('*')
            && !pattern.contains('%')
        {
            let fixed = format!("\"{}\"", pattern.replace('*', "%").replace('\\', "\\\\").replace('"', "\\\""));
            found.push(Diagnostic::warning("spl/like-star", "`*` is no wildcard of like", *span).with_fix(
                *span,
                fixed,
                "like's wildcard for any characters is `%`",
            ));
        }
    });
}

pub(crate) const DOTTED_FIELD: Lint<Query> = Lint {
    rule: Rule {
        code: "spl/dotted-field",
        severity: Severity::Warning,
        what: "a field's name with dots and without quotes in eval or where",
        why: "in eval and where a dot joins two values; a name that has one takes single quotes",
        bad: "index=aws | eval who=userIdentity.userName",
        good: "index=aws | eval who='userIdentity.userName'",
        page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/eval",
    },
    check: dotted_field,
};

fn dotted_field(query: &Query, found: &mut Vec<Diagnostic>) {
    let mut inner: Vec<mynah_syntax::Span> = Vec::new();
    walk_expressions(query, &mut |part| {
        if !is_dotted(part, query.text()) {
            return;
        }
        // The longest chain says it for its parts.
        if inner.iter().any(|known| known.start == part.span.start && known.end >= part.span.end) {
            return;
        }
        inner.push(part.span);
        let written = part.span.of(query.text());
        found.push(
            Diagnostic::warning(
                "spl/dotted-field",
                format!("`{written}` joins the values of several fields, and is not the field of that name"),
                part.span,
            )
            .with_fix(part.span, format!("'{written}'"), "put a field's name in single quotes"),
        );
    });
}

/// Whether this is bare names with nothing but dots between them.
fn is_dotted(part: &Expression, text: &str) -> bool {
    let ExpressionKind::Binary { operator, left, right } = &part.kind else { return false };
    let is_name = |side: &Expression| {
        matches!(side.kind, ExpressionKind::Field(_)) && !side.span.of(text).starts_with(['\'', '"'])
    };
    operator.node == BinaryOperator::Concatenate
        && left.span.end == operator.span.start
        && operator.span.end == right.span.start
        && is_name(right)
        && (is_name(left) || is_dotted(left, text))
}
