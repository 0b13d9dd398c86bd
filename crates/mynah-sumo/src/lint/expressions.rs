//! What is written in expressions.
use super::expressions;
use crate::ast::{BinaryOperator, Expression, Name, Operator, Query};
use mynah_dialect::Lint;
use mynah_syntax::{Diagnostic, Rule, Severity};
use std::collections::HashSet;

pub(super) static BRANCH_TYPES: Lint<Query> = Lint {
    rule: Rule {
        code: "sumo/branch-types",
        severity: Severity::Warning,
        what: "the two values of an `if` are of different types",
        why: "Sumo Logic wants both values of the same type; here both become text",
        bad: "* | if(1 < 2, 1, \"none\") as x",
        good: "* | if(1 < 2, \"1\", \"none\") as x",
        page: page!("search-operators/if/"),
    },
    check: branch_types,
};

fn branch_types(query: &Query, found: &mut Vec<Diagnostic>) {
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
            found.push(
                Diagnostic::warning(
                    BRANCH_TYPES.rule.code,
                    format!("one value is a {first}, the other a {second}"),
                    otherwise.span(),
                )
                .with_label(then.span(), format!("a {first}"))
                .with_help(BRANCH_TYPES.rule.why),
            );
        }
    });
}

fn literal(expression: &Expression) -> Option<&'static str> {
    match expression {
        Expression::Text(_) => Some("text"),
        Expression::Number(..) => Some("number"),
        Expression::Boolean(..) => Some("truth value"),
        _ => None,
    }
}

pub(super) static DOTTED_NAME: Lint<Query> = Lint {
    rule: Rule {
        code: "sumo/unquoted-dotted-name",
        severity: Severity::Info,
        what: "a field's name has a dot and is not quoted",
        why: "the vendor's pages disagree: the one on `json auto` says that names with dots need `%\"…\"`, the one \
              on special characters that they do not",
        bad: "* | json auto | where user.name = \"x\"",
        good: "* | json auto | where %\"user.name\" = \"x\"",
        page: page!("parse-operators/parse-json-formatted-logs/"),
    },
    check: dotted_name,
};

fn dotted_name(query: &Query, found: &mut Vec<Diagnostic>) {
    let mut names: Vec<Name> = Vec::new();
    expressions(query, &mut |expression| {
        if let Expression::Field(name) = expression
            && !name.quoted
            && name.text.contains('.')
            // One word on each name will do.
            && !names.iter().any(|other| other.key() == name.key())
        {
            names.push(name.clone());
        }
    });
    for name in names {
        found.push(
            Diagnostic::info(
                DOTTED_NAME.rule.code,
                format!("`{}` has a dot and is not quoted", name.text),
                name.span(),
            )
            .with_help(DOTTED_NAME.rule.why)
            .with_fix(
                name.span(),
                format!("%\"{}\"", name.text),
                "quoted, it is the same field everywhere",
            ),
        );
    }
}

pub(super) static EQUALS_WILDCARD: Lint<Query> = Lint {
    rule: Rule {
        code: "sumo/equals-wildcard",
        severity: Severity::Warning,
        what: "a text with `*` is compared by `=`",
        why: "behind the first pipe only `matches` knows wildcards: `=` looks for the star itself",
        bad: "* | where user = \"adm*\"",
        good: "* | where user matches \"adm*\"",
        page: page!("search-operators/where/"),
    },
    check: equals_wildcard,
};

fn equals_wildcard(query: &Query, found: &mut Vec<Diagnostic>) {
    expressions(query, &mut |expression| {
        let Expression::Binary(BinaryOperator::Equal | BinaryOperator::NotEqual, left, right) = expression else {
            return;
        };
        if let (Expression::Field(name), Expression::Text(text)) = (left.as_ref(), right.as_ref())
            && text.raw.len() > 1
            && text.raw.contains('*')
            && !text.raw.contains("{{")
        {
            let negated = matches!(expression, Expression::Binary(BinaryOperator::NotEqual, ..));
            let fix = if negated { format!("!({name} matches {text})") } else { format!("{name} matches {text}") };
            found.push(
                Diagnostic::warning(EQUALS_WILDCARD.rule.code, "`=` takes the `*` for a star", expression.span())
                    .with_help(EQUALS_WILDCARD.rule.why)
                    .with_fix(expression.span(), fix, "`matches` takes it for a wildcard"),
            );
        }
    });
}

pub(super) static METADATA_VALUE: Lint<Query> = Lint {
    rule: Rule {
        code: "sumo/metadata-value",
        severity: Severity::Warning,
        what: "a metadata field is compared with a word that is not quoted",
        why: "behind the first pipe a word without quotes is the name of a field, not a value",
        bad: "* | where _sourceCategory = security",
        good: "* | where _sourceCategory = \"security\"",
        page: page!("search-operators/where/"),
    },
    check: metadata_value,
};

const FIELDS: [&str; 6] = ["_sourcecategory", "_sourcehost", "_sourcename", "_source", "_collector", "_view"];

fn metadata_value(query: &Query, found: &mut Vec<Diagnostic>) {
    expressions(query, &mut |expression| {
        if let Expression::Binary(BinaryOperator::Equal | BinaryOperator::NotEqual, left, right) = expression
            && let (Expression::Field(field), Expression::Field(value)) = (left.as_ref(), right.as_ref())
            && FIELDS.contains(&field.key().as_str())
            && !value.quoted
        {
            found.push(
                Diagnostic::warning(
                    METADATA_VALUE.rule.code,
                    format!("`{}` is read as a field's name", value.text),
                    value.span(),
                )
                .with_help(METADATA_VALUE.rule.why)
                .with_fix(value.span(), format!("\"{}\"", value.text), "quote the value"),
            );
        }
    });
}

pub(super) static NUMBERS_IN_LIST: Lint<Query> = Lint {
    rule: Rule {
        code: "sumo/numbers-in-list",
        severity: Severity::Warning,
        what: "a text field is looked for among numbers",
        why: "`in` compares texts with texts: Sumo Logic finds no number there unless the field is made one before",
        bad: "* | parse \"status=*,\" as status | where status in (401, 403)",
        good: "* | parse \"status=*,\" as status | num(status) | where status in (401, 403)",
        page: page!("search-operators/manually-cast-data-string-number/"),
    },
    check: numbers_in_list,
};

fn numbers_in_list(query: &Query, found: &mut Vec<Diagnostic>) {
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
                    found.push(
                        Diagnostic::warning(
                            NUMBERS_IN_LIST.rule.code,
                            format!("`{}` is a text, the list has numbers", name.text),
                            place.0,
                        )
                        .with_help(NUMBERS_IN_LIST.rule.why)
                        .with_help(format!("write `| num({name})` before, or quote the numbers")),
                    );
                }
            });
        }
        match &step.operator {
            Operator::Assignment(assignment) => {
                if let Some(name) = &assignment.name {
                    computed.insert(name.key());
                }
                if let Expression::Call(_, arguments, _) = &assignment.value
                    && let Some(Expression::Field(name)) = arguments.first()
                {
                    computed.insert(name.key());
                }
            }
            Operator::Aggregate(aggregate) => {
                computed.extend(aggregate.calls.iter().filter_map(|call| call.name.as_ref().map(|name| name.key())));
            }
            _ => {}
        }
    }
}
