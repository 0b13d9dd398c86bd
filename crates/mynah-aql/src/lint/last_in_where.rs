use crate::ast::{Expr, ExprKind, Query, children, walk_selects};
use mynah_syntax::{Diagnostic, Rule, Severity, Span};

pub(crate) const RULE: Rule = Rule {
    code: "aql/last-in-where",
    severity: Severity::Warning,
    what: "`LAST n DAYS` stands among the conditions of WHERE",
    why: "LAST is a clause of its own, the last of a query; QRadar does not parse it as a condition. Here it bounds the time all the same",
    bad: "SELECT sourceip FROM events WHERE LAST 1 DAYS AND username = 'root'",
    good: "SELECT sourceip FROM events WHERE username = 'root' LAST 1 DAYS",
    page: "https://www.ibm.com/docs/en/SSKMKU/com.ibm.qradar.doc/r_aql_start_stop.html",
};

pub(super) fn check(text: &str, query: &Query, found: &mut Vec<Diagnostic>) {
    walk_selects(query, &mut |select| {
        let Some(filter) = &select.filter else { return };
        let mut inside = Vec::new();
        collect(filter, &mut inside);
        for (last, siblings, index) in inside {
            let diagnostic = Diagnostic::warning(
                RULE.code,
                "QRadar takes LAST as the query's last clause, not as a condition",
                last.span(),
            );
            let help = "move it to the end of the query";
            // The rewrite spans from the condition to the end of the SELECT, where the clause belongs.
            let end = select.span().end;
            let diagnostic = match siblings.and_then(|siblings| remove(text, siblings, index)) {
                Some(removed) => {
                    let rest = Span::new(removed.end, end).of(text).trim_end();
                    diagnostic.with_fix(Span::new(removed.start, end), format!("{rest} {}", last.span().of(text)), help)
                }
                None => diagnostic.with_help(help),
            };
            found.push(diagnostic);
        }
    });
}

/// The `LAST` conditions below an expression, each with the conjunction it is part of and its place there.
fn collect<'q>(expr: &'q Expr, found: &mut Vec<(&'q Expr, Option<&'q [Expr]>, usize)>) {
    match &expr.kind {
        ExprKind::Last { .. } => found.push((expr, None, 0)),
        ExprKind::And(all) => {
            for (index, part) in all.iter().enumerate() {
                match &part.kind {
                    ExprKind::Last { .. } => found.push((part, Some(all), index)),
                    _ => collect(part, found),
                }
            }
        }
        _ => {
            for child in children(expr) {
                collect(child, found);
            }
        }
    }
}

/// What to take out so that one condition of a conjunction goes: the first with the AND after it, any other with
/// the one before.
fn remove(text: &str, all: &[Expr], index: usize) -> Option<Span> {
    let this = all.get(index)?.span();
    let (removed, between) = match index.checked_sub(1) {
        None => {
            let next = all.get(1)?.span();
            (Span::new(this.start, next.start), Span::new(this.end, next.start))
        }
        Some(before) => {
            let before = all.get(before)?.span();
            (Span::new(before.end, this.end), Span::new(before.end, this.start))
        }
    };
    between.of(text).trim().eq_ignore_ascii_case("and").then_some(removed)
}
