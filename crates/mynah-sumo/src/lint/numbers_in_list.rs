//! Numbers in a list that a text is looked for in.
use crate::ast::{Expression, Query};
use crate::operators::Operator;
use mynah_syntax::{Diagnostic, Rule, Severity};
use std::collections::HashSet;

pub(super) const RULE: Rule = Rule {
    code: "sumo/numbers-in-list",
    severity: Severity::Warning,
    what: "a text field is looked for among numbers",
    why: "`in` compares texts with texts: Sumo Logic finds no number there unless the field is made one before",
    bad: "* | parse \"status=*,\" as status | where status in (401, 403)",
    good: "* | parse \"status=*,\" as status | num(status) | where status in (401, 403)",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/manually-cast-data-string-number/",
};

pub(super) fn check(query: &Query, found: &mut Vec<Diagnostic>) {
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
                            RULE.code,
                            format!("`{}` is a text, the list has numbers", name.text),
                            place.0,
                        )
                        .with_help(RULE.why)
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
