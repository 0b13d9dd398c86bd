use super::{Lint, Operator, Test, diagnostic, test};
use crate::ast::{Comparison, ExprKind};
use mynah_syntax::{Diagnostic, Rule, Severity};
use mynah_view::Kind;
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    code: "eql/contradiction",
    severity: Severity::Warning,
    what: "two conditions on one field that no single value can meet",
    why: "A field with one value cannot be equal to two, so the query never matches.",
    bad: r#"process where process.name == "cmd.exe" and process.name == "net.exe""#,
    good: r#"process where process.name in ("cmd.exe", "net.exe")"#,
    page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-logical-operators",
};

pub(super) fn check(lint: &Lint<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for expression in lint.expressions() {
        let ExprKind::And(parts) = &expression.kind else { continue };
        let equal = parts.iter().filter_map(test).filter(|test| test.operator == Operator::Compare(Comparison::Equal));
        let mut first_of: BTreeMap<&str, Test<'_>> = BTreeMap::new();
        for later in equal {
            let Some(earlier) = first_of.get(later.field.name.as_str()) else {
                let name = lint.resolve(later.field);
                // Of several values each can meet a condition of its own; case may be left aside; and an address may
                // be compared with networks, which can overlap.
                if !name.column.field_type.many && !name.caseless && name.column.field_type.kind != Kind::Ip {
                    first_of.insert(&later.field.name, later);
                }
                continue;
            };
            let (Some(one), Some(other)) = (earlier.constants.first(), later.constants.first()) else { continue };
            // A number and a text may be the same value, written in two ways.
            let comparable = std::mem::discriminant(&one.kind) == std::mem::discriminant(&other.kind);
            if comparable && one.kind != other.kind {
                let message = format!("`{}` cannot have two values at once", later.field.name);
                let said = diagnostic(&RULE, message, later.span).with_label(earlier.span, "the other value");
                diagnostics.push(said.with_help("join the two with `or`, or write `in (…)`"));
            }
        }
    }
}
