//! What is written in expressions.
use super::{expressions, says};
use crate::ast::{BinaryOperator, Expression, Operator, Query};
use mynah_dialect::Lint;
use mynah_syntax::Rule;
use std::collections::HashSet;

pub(super) static BRANCH_TYPES: Lint<Query> = Lint {
    rule: Rule::warning(
        "sumo/branch-types",
        "the two values of an `if` are of different types",
        "Sumo Logic wants both values of the same type; here both become text",
        "* | if(1 < 2, 1, \"none\") as x",
        "* | if(1 < 2, \"1\", \"none\") as x",
        page!("search-operators/if/"),
    ),
    check: |query, found| {
        expressions(query, &mut |expression| {
            let (then, otherwise) = match expression {
                Expression::Choice(_, then, otherwise) => (then.as_ref(), otherwise.as_ref()),
                Expression::Call(name, arguments, _) if name.key() == "if" => match arguments.as_slice() {
                    [_, then, otherwise] => (then, otherwise),
                    _ => return,
                },
                _ => return,
            };
            if let (Some(first), Some(second)) = (literal(then), literal(otherwise))
                && first != second
            {
                let message = format!("one value is a {first}, the other a {second}");
                let diagnostic = says(&BRANCH_TYPES, message, otherwise.span());
                found.push(diagnostic.with_label(then.span(), format!("a {first}")));
            }
        });
    },
};

pub(super) static AGGREGATE_EXPRESSION: Lint<Query> = Lint {
    rule: Rule::warning(
        "sumo/aggregate-expression",
        "an aggregate is computed of an expression",
        "Sumo Logic takes fields only there: the expression needs a name of its own before",
        "* | sum(sent + received) as bytes",
        "* | sent + received as both | sum(both) as bytes",
        "https://www.sumologic.com/help/docs/search/search-cheat-sheets/log-operators/",
    ),
    check: |query, found| {
        for step in &query.steps {
            let Operator::Aggregate { calls, .. } = &step.operator else { continue };
            for call in calls {
                if let Some(Expression::Binary(..) | Expression::Negative(..) | Expression::Call(..)) =
                    call.arguments.first()
                {
                    let message = format!("`{}` takes a field", call.function.text);
                    found.push(says(&AGGREGATE_EXPRESSION, message, call.place.0));
                }
            }
        }
    },
};

pub(super) static CONCAT_ARGUMENTS: Lint<Query> = Lint {
    rule: Rule::warning(
        "sumo/concat-arguments",
        "`concat` is given fewer than 2 or more than 16 values",
        "Sumo Logic refuses that; one `concat` can be a value of another",
        "* | concat(user) as name",
        "* | concat(user, \"@\", host) as name",
        page!("search-operators/concat/"),
    ),
    check: |query, found| {
        expressions(query, &mut |expression| {
            if let Expression::Call(name, values, place) = expression
                && name.key() == "concat"
                && !(2..=16).contains(&values.len())
            {
                let message = format!("`concat` takes 2 to 16 values, here are {}", values.len());
                found.push(says(&CONCAT_ARGUMENTS, message, place.0));
            }
        });
    },
};

fn literal(expression: &Expression) -> Option<&'static str> {
    match expression {
        Expression::Text(_) => Some("text"),
        Expression::Number(..) => Some("number"),
        Expression::Boolean(..) => Some("truth value"),
        _ => None,
    }
}

pub(super) static DOTTED_NAME: Lint<Query> = Lint {
    rule: Rule::warning(
        "sumo/unquoted-dotted-name",
        "a field's name has a dot and is not quoted",
        "the vendor's pages disagree: the one on `json auto` says that names with dots need `%\"…\"`, the one on special \
         characters that they do not",
        "* | json auto | where user.name = \"x\"",
        "* | json auto | where %\"user.name\" = \"x\"",
        page!("parse-operators/parse-json-formatted-logs/"),
    )
    .info(),
    check: |query, found| {
        // One word on each name will do.
        let mut seen = HashSet::new();
        expressions(query, &mut |expression| {
            if let Expression::Field(name) = expression
                && !name.quoted
                && name.text.contains('.')
                && seen.insert(name.key())
            {
                let diagnostic =
                    says(&DOTTED_NAME, format!("`{}` has a dot and is not quoted", name.text), name.span());
                let fix = format!("%\"{}\"", name.text);
                found.push(diagnostic.with_fix(name.span(), fix, "quoted, it is the same field everywhere"));
            }
        });
    },
};

pub(super) static EQUALS_WILDCARD: Lint<Query> = Lint {
    rule: Rule::warning(
        "sumo/equals-wildcard",
        "a text with `*` is compared by `=`",
        "behind the first pipe only `matches` knows wildcards: `=` looks for the star itself",
        "* | where user = \"adm*\"",
        "* | where user matches \"adm*\"",
        page!("search-operators/where/"),
    ),
    check: |query, found| {
        equalities(query, |operator, left, right, whole| {
            if let (Expression::Field(name), Expression::Text(text)) = (left, right)
                && text.raw.len() > 1
                && text.raw.contains('*')
                && !text.raw.contains("{{")
            {
                let matches = format!("{name} matches {text}");
                let fix = if operator == BinaryOperator::Equal { matches } else { format!("!({matches})") };
                let diagnostic = says(&EQUALS_WILDCARD, "`=` takes the `*` for a star", whole.span());
                found.push(diagnostic.with_fix(whole.span(), fix, "`matches` takes it for a wildcard"));
            }
        });
    },
};

pub(super) static PERCENT_WILDCARD: Lint<Query> = Lint {
    rule: Rule::warning(
        "sumo/percent-wildcard",
        "a pattern of `matches` has SQL's `%`",
        "`matches` knows `*` alone: it looks for the percent sign itself",
        "* | where user matches \"%adm%\"",
        "* | where user matches \"*adm*\"",
        page!("search-operators/matches/"),
    ),
    check: |query, found| {
        expressions(query, &mut |expression| {
            if let Expression::Binary(BinaryOperator::Matches, _, pattern) = expression
                && let Expression::Text(text) = pattern.as_ref()
                && text.raw.len() > 1
                && !text.raw.contains('*')
                && (text.raw.starts_with('%') || text.raw.ends_with('%'))
            {
                let diagnostic = says(&PERCENT_WILDCARD, "`%` is no wildcard here", text.place.0);
                let inner = text.raw.strip_prefix('%').map_or(text.raw.clone(), |rest| format!("*{rest}"));
                let inner = inner.strip_suffix('%').map_or(inner.clone(), |rest| format!("{rest}*"));
                found.push(diagnostic.with_fix(text.place.0, format!("\"{inner}\""), "write `*`"));
            }
        });
    },
};

pub(super) static METADATA_VALUE: Lint<Query> = Lint {
    rule: Rule::warning(
        "sumo/metadata-value",
        "a metadata field is compared with a word that is not quoted",
        "behind the first pipe a word without quotes is the name of a field, not a value",
        "* | where _sourceCategory = security",
        "* | where _sourceCategory = \"security\"",
        page!("search-operators/where/"),
    ),
    check: |query, found| {
        equalities(query, |_, left, right, _| {
            if let (Expression::Field(field), Expression::Field(value)) = (left, right)
                && METADATA.contains(&field.key().as_str())
                && !value.quoted
            {
                let message = format!("`{}` is read as a field's name", value.text);
                let diagnostic = says(&METADATA_VALUE, message, value.span());
                found.push(diagnostic.with_fix(value.span(), format!("\"{}\"", value.text), "quote the value"));
            }
        });
    },
};

const METADATA: [&str; 6] = ["_sourcecategory", "_sourcehost", "_sourcename", "_source", "_collector", "_view"];

/// Calls `visit` with every `=` and `!=` of a query: the operator, its two sides, and the whole.
fn equalities(query: &Query, mut visit: impl FnMut(BinaryOperator, &Expression, &Expression, &Expression)) {
    expressions(query, &mut |whole| {
        if let Expression::Binary(operator @ (BinaryOperator::Equal | BinaryOperator::NotEqual), left, right) = whole {
            visit(*operator, left, right, whole);
        }
    });
}

pub(super) static NUMBERS_IN_LIST: Lint<Query> = Lint {
    rule: Rule::warning(
        "sumo/numbers-in-list",
        "a text field is looked for among numbers",
        "`in` compares texts with texts: Sumo Logic finds no number there unless the field is made one before",
        "* | parse \"status=*,\" as status | where status in (401, 403)",
        "* | parse \"status=*,\" as status | num(status) | where status in (401, 403)",
        page!("search-operators/manually-cast-data-string-number/"),
    ),
    check: |query, found| {
        // Fields that may be numbers: all that was computed.
        let mut computed: HashSet<String> = HashSet::new();
        for step in &query.steps {
            for expression in step.operator.expressions() {
                expression.walk(&mut |expression| {
                    if let Expression::In(value, _, list, place) = expression
                        && let Expression::Field(name) = value.as_ref()
                        && !name.text.starts_with('_')
                        && !computed.contains(&name.key())
                        && list.iter().any(|item| matches!(item, Expression::Number(..)))
                    {
                        let message = format!("`{}` is a text, the list has numbers", name.text);
                        let help = format!("write `| num({name})` before, or quote the numbers");
                        found.push(says(&NUMBERS_IN_LIST, message, place.0).with_help(help));
                    }
                });
            }
            if let Operator::Assignment { value: Expression::Call(_, arguments, _), .. } = &step.operator
                && let Some(Expression::Field(name)) = arguments.first()
            {
                computed.insert(name.key());
            }
            match &step.operator {
                Operator::Assignment { name, .. } => computed.extend(name.iter().map(|name| name.key())),
                Operator::Aggregate { calls, .. } => {
                    computed.extend(calls.iter().filter_map(|call| call.name.as_ref()).map(|name| name.key()));
                }
                _ => {}
            }
        }
    },
};
