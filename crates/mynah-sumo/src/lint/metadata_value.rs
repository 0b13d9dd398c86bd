//! A metadata field compared with a bare word.
use super::expressions;
use crate::ast::{BinaryOperator, Expression, Query};
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "sumo/metadata-value",
    severity: Severity::Warning,
    what: "a metadata field is compared with a word that is not quoted",
    why: "behind the first pipe a word without quotes is the name of a field, not a value",
    bad: "* | where _sourceCategory = security",
    good: "* | where _sourceCategory = \"security\"",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/where/",
};

const FIELDS: [&str; 6] = ["_sourcecategory", "_sourcehost", "_sourcename", "_source", "_collector", "_view"];

pub(super) fn check(query: &Query, found: &mut Vec<Diagnostic>) {
    expressions(query, &mut |expression| {
        if let Expression::Binary(BinaryOperator::Equal | BinaryOperator::NotEqual, left, right) = expression
            && let (Expression::Field(field), Expression::Field(value)) = (left.as_ref(), right.as_ref())
            && FIELDS.contains(&field.key().as_str())
            && !value.quoted
        {
            found.push(
                Diagnostic::warning(RULE.code, format!("`{}` is read as a field's name", value.text), value.span())
                    .with_help(RULE.why)
                    .with_fix(value.span(), format!("\"{}\"", value.text), "quote the value"),
            );
        }
    });
}
