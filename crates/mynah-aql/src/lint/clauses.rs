//! Rules about the clauses of a query.
use super::{Linted, found_elsewhere};
use crate::ast::{Clause, Expr, ExprKind, Query, Source, children, walk_selects};
use mynah_dialect::Lint;
use mynah_syntax::{Diagnostic, Span};

pub(super) static CLAUSE_ORDER: Lint<Linted> = Lint::warning(
    "aql/clause-order",
    "A clause stands after one that QRadar wants behind it",
    "QRadar takes the clauses in one order only: WHERE, GROUP BY, HAVING, ORDER BY, LIMIT, then LAST or START and STOP; another order is a parse error there. Here they mean what they say in any order",
    "SELECT sourceip FROM events LAST 1 HOURS LIMIT 10",
    "SELECT sourceip FROM events LIMIT 10 LAST 1 HOURS",
    "https://www.ibm.com/docs/en/qsip/7.6.0?topic=structure-sample-aql-queries",
    found_elsewhere,
);

/// `clause`, at `span`, stands after `before`.
pub(crate) fn clause_order(span: Span, clause: Clause, before: Clause) -> Diagnostic {
    let message = format!("QRadar refuses {} after {}", clause.words(), before.words());
    Diagnostic::warning("aql/clause-order", message, span)
        .with_help("the order is WHERE, GROUP BY, HAVING, ORDER BY, LIMIT, then LAST or START and STOP")
}

pub(super) static LAST_IN_WHERE: Lint<Linted> = Lint::warning(
    "aql/last-in-where",
    "`LAST n DAYS` stands among the conditions of WHERE",
    "LAST is a clause of its own, the last of a query; QRadar does not parse it as a condition. Here it bounds the time all the same",
    "SELECT sourceip FROM events WHERE LAST 1 DAYS AND username = 'root'",
    "SELECT sourceip FROM events WHERE username = 'root' LAST 1 DAYS",
    "https://www.ibm.com/docs/en/SSKMKU/com.ibm.qradar.doc/r_aql_start_stop.html",
    last_in_where,
);

fn last_in_where(linted: &Linted, found: &mut Vec<Diagnostic>) {
    walk_selects(&linted.query, &mut |select| {
        let Some(filter) = &select.filter else { return };
        let mut inside = Vec::new();
        collect(filter, &mut inside);
        for (last, siblings, index) in inside {
            let message = "QRadar takes LAST as the query's last clause, not as a condition";
            let said = LAST_IN_WHERE.rule.diagnostic(message, last.span());
            let help = "move it to the end of the query";
            // The rewrite spans from the condition to the end of the SELECT, where the clause belongs.
            let end = select.span().end;
            found.push(match siblings.and_then(|siblings| remove(&linted.text, siblings, index)) {
                Some(removed) => {
                    let rest = Span::new(removed.end, end).of(&linted.text).trim_end();
                    let rewrite = format!("{rest} {}", last.span().of(&linted.text));
                    said.with_fix(Span::new(removed.start, end), rewrite, help)
                }
                None => said.with_help(help),
            });
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
    let before = index.checked_sub(1).and_then(|before| all.get(before));
    let (removed, between) = match before.map(Expr::span) {
        None => {
            let next = all.get(1)?.span();
            (Span::new(this.start, next.start), Span::new(this.end, next.start))
        }
        Some(before) => (Span::new(before.end, this.end), Span::new(before.end, this.start)),
    };
    between.of(text).trim().eq_ignore_ascii_case("and").then_some(removed)
}

pub(super) static SELECT_DISTINCT: Lint<Linted> = Lint::warning(
    "aql/select-distinct",
    "SELECT DISTINCT",
    "AQL has no SELECT DISTINCT: QRadar looks for a property of that name and says that there is none. Here equal rows are given once",
    "SELECT DISTINCT username FROM events",
    "SELECT username FROM events GROUP BY username",
    "https://www.ibm.com/docs/en/SS42VS_7.5/com.ibm.qradar.doc/c_aql_introduction.html",
    select_distinct,
);

fn select_distinct(linted: &Linted, found: &mut Vec<Diagnostic>) {
    walk_selects(&linted.query, &mut |select| {
        found.extend(select.distinct.map(|at| {
            let said = SELECT_DISTINCT.rule.diagnostic("QRadar takes DISTINCT for the name of a property", at.0);
            said.with_help("group by the selected properties instead")
        }));
    });
}

pub(super) static UNION_IN_FROM: Lint<Linted> = Lint::warning(
    "aql/union-in-from",
    "SELECTs are joined by UNION ALL",
    "AQL has no UNION, neither in FROM nor by itself: QRadar refuses the query. Here it gives the rows of all the SELECTs",
    "SELECT username FROM (SELECT username FROM events WHERE qid = 1 UNION ALL SELECT username FROM events WHERE qid = 2) both",
    "SELECT username FROM (SELECT username FROM events WHERE qid = 1 OR qid = 2)",
    "https://www.ibm.com/docs/en/qsip/7.6.0?topic=language-aql-subquery",
    |linted, found| unions(&linted.query, found),
);

fn unions(query: &Query, found: &mut Vec<Diagnostic>) {
    if let [_, second, ..] = query.selects.as_slice() {
        let help = "run each SELECT by itself; or write one SELECT that joins their conditions with OR and tells the cases apart with CASE";
        let said = UNION_IN_FROM.rule.diagnostic("QRadar knows no UNION", query.at.0).with_help(help);
        found.push(said.with_label(second.keyword.0, "a second SELECT joins here"));
    }
    for select in &query.selects {
        if let Source::Query { query, .. } = &select.source {
            unions(query, found);
        }
    }
}
