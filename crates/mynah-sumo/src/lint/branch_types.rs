//! Branches of `if` of two types.
use super::expressions;
use crate::ast::{Expression, Query};
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "sumo/branch-types",
    severity: Severity::Warning,
    what: "the two values of an `if` are of different types",
    why: "Sumo Logic wants both values of the same type; here both become text",
    bad: "* | if(1 < 2, 1, \"none\") as x",
    good: "* | if(1 < 2, \"1\", \"none\") as x",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/if/",
};

pub(super) fn check(query: &Query, found: &mut Vec<Diagnostic>) {
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
                    RULE.code,
                    format!("one value is a {first}, the other a {second}"),
                    otherwise.span(),
                )
                .with_label(then.span(), format!("a {first}"))
                .with_help(RULE.why),
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
