use super::{Lint, Operator, Test, diagnostic, test};
use crate::ast::{Comparison, ExprKind};
use mynah_syntax::{Diagnostic, Rule, Severity};
use mynah_view::Kind;

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
        let equal: Vec<Test<'_>> = parts
            .iter()
            .filter_map(test)
            .filter(|test| test.operator == Operator::Compare(Comparison::Equal))
            .collect();
        for (index, later) in equal.iter().enumerate() {
            let name = lint.resolve(later.field);
            // Of several values each can meet a condition of its own; and case may be left aside.
            if name.column.field_type.many || name.caseless {
                continue;
            }
            let differs = |earlier: &&Test<'_>| match (earlier.constants.first(), later.constants.first()) {
                (Some(earlier_is), Some(later_is)) => {
                    earlier.field.name == later.field.name
                        && earlier_is.kind != later_is.kind
                        && std::mem::discriminant(&earlier_is.kind) == std::mem::discriminant(&later_is.kind)
                }
                _ => false,
            };
            // An address may be compared with networks, which can overlap.
            if name.column.field_type.kind == Kind::Ip {
                continue;
            }
            if let Some(earlier) = equal.iter().take(index).find(differs) {
                let message = format!("`{}` cannot have two values at once", later.field.name);
                let said = diagnostic(&RULE, message, later.span).with_label(earlier.span, "the other value");
                diagnostics.push(said.with_help("join the two with `or`, or write `in (…)`"));
            }
        }
    }
}
