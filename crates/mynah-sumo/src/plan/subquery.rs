//! `[subquery: …]`: the rows of another query as a condition. They are a stage of their own.
use super::rows::rows_of;
use super::scope::keyword;
use super::{Draft, Kind, Stretch, Typed, ValueFunction, names, run};
use crate::ast::{Count, Name, Place, Subquery, interval};
use datafusion::logical_expr::{Expr, lit};
use jiff::tz::TimeZone;
use mynah_dialect::{all_of, any_of, clock};
use mynah_kernels::java_time::DatePattern;
use mynah_kernels::{Case, Matcher, call, text_match};
use mynah_syntax::Diagnostic;

/// As many rows as Sumo Logic takes of a subquery unless `maxresults` says otherwise.
const USUAL: usize = 2_500;
/// As many as it takes at the most.
const MOST: usize = 10_000;

/// The condition of `where` and `if`: fields have the values of one of the subquery's rows.
pub(super) fn condition(draft: &mut Draft<'_>, subquery: &Subquery) -> Result<Expr, Diagnostic> {
    if subquery.keywords {
        let message = "`keywords` belongs to a subquery of the scope: `where` and `if` compare fields";
        return Err(Diagnostic::error("sumo/subquery", message, subquery.place.0));
    }
    let fields = draft_fields(draft, &subquery.compose)?;
    let Some(rows) = rows(draft, subquery)? else { return Ok(lit(true)) };
    Ok(among(fields, rows, Case::Exact))
}

/// The condition of a scope: fields, or the message, have the values of one of the subquery's rows.
pub(super) fn scope(draft: &mut Draft<'_>, subquery: &Subquery) -> Result<Option<Expr>, Diagnostic> {
    if !subquery.keywords {
        let fields = draft_fields(draft, &subquery.compose)?;
        return Ok(rows(draft, subquery)?.map(|rows| among(fields, rows, Case::Folded)));
    }
    let Some(rows) = rows(draft, subquery)? else { return Ok(None) };
    let mut any = Vec::new();
    for row in rows {
        let words = row.iter().map(|word| keyword(draft, word, true, subquery.place.0));
        let words: Vec<Expr> = words.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        any.extend(all_of(words));
    }
    Ok(Some(any_of(any).unwrap_or_else(|| lit(false))))
}

fn draft_fields(draft: &mut Draft<'_>, names: &[Name]) -> Result<Vec<Expr>, Diagnostic> {
    names.iter().map(|name| Ok(draft.resolve(name)?.to(Kind::Text).expr)).collect()
}

/// Whether fields have the values of one of these rows.
fn among(mut fields: Vec<Expr>, rows: Vec<Vec<String>>, case: Case) -> Expr {
    if rows.is_empty() {
        return lit(false);
    }
    if fields.len() == 1
        && let Some(field) = fields.pop()
    {
        let values: Vec<&str> = rows.iter().flatten().map(String::as_str).collect();
        return text_match(Matcher::equal(values, case), field);
    }
    let tuples: Vec<String> = rows.iter().map(|row| super::values::pack(row.iter().map(Some))).collect();
    let tuples = Matcher::equal(tuples.iter().map(String::as_str), case);
    text_match(tuples, call(ValueFunction::Tuple, fields))
}

/// The values of the composed fields, each row once, those without a null; `None` without data.
fn rows(draft: &mut Draft<'_>, subquery: &Subquery) -> Result<Option<Vec<Vec<String>>>, Diagnostic> {
    let stretch =
        Stretch { later: 0, from: bound(&subquery.from, subquery.place)?, to: bound(&subquery.to, subquery.place)? };
    let bound = names::bind(&subquery.query, draft.context.view, &subquery.compose);
    let mut child = Draft::over(draft.context, bound, stretch)?;
    run(&mut child, &subquery.query);
    child.at = subquery.place.0;
    let asked = child.diagnostics.iter().position(|diagnostic| diagnostic.code == mynah_dialect::ROWS_NEEDED);
    if let Some(asked) = asked {
        return Err(child.diagnostics.swap_remove(asked));
    }
    let fields = draft_fields(&mut child, &subquery.compose);
    let most = match &subquery.max_results {
        Some(Count::Number(number, _)) => usize::try_from(*number).unwrap_or(MOST).min(MOST),
        _ => USUAL,
    };
    let broken = child.broken;
    let order = child.sort_keys();
    let plan = fields.and_then(|fields| {
        let shown = fields.into_iter().enumerate().map(|(index, field)| field.alias(format!("value{index}")));
        child.derived(|builder| builder.sort_with_limit(order, Some(most))?.project(shown))
    });
    let rows = plan.and_then(|plan| child.rows(&plan));
    draft.heed(child);
    // What is wrong inside has been said.
    if broken {
        return Ok(None);
    }
    let Some(batches) = rows? else { return Ok(None) };
    let rows = rows_of(&batches).map_err(|error| draft.refused(&error))?;
    let text = |value: &datafusion::common::ScalarValue| value.try_as_str().flatten().map(str::to_owned);
    let mut rows: Vec<Vec<String>> =
        rows.iter().filter_map(|row| row.iter().map(text).collect::<Option<Vec<_>>>()).collect();
    rows.sort();
    rows.dedup();
    Ok(Some(rows))
}

/// A moment of `from` or `to`.
fn bound(text: &Option<String>, place: Place) -> Result<Option<Expr>, Diagnostic> {
    let Some(text) = text else { return Ok(None) };
    moment(text).map(Some).ok_or_else(|| {
        Diagnostic::error("sumo/subquery", format!("`{text}` is no time"), place.0)
            .with_help("a time is an interval before now (`-15m`), milliseconds since 1970, or `yyyy-MM-dd HH:mm:ss`")
    })
}

/// The absolute times that Sumo Logic reads here.
///
/// Source: <https://www.sumologic.com/help/docs/search/subqueries/>
const FORMATS: [&str; 8] = [
    "yyyy-MM-dd HH:mm:ss.SSS",
    "yyyy-MM-dd HH:mm:ss",
    "yyyy-MM-dd HH:mm",
    "yyyy-MM-dd",
    "yyyy/MM/dd HH:mm:ss.SSS",
    "yyyy/MM/dd HH:mm:ss",
    "yyyy/MM/dd HH:mm",
    "yyyy/MM/dd",
];

fn moment(text: &str) -> Option<Expr> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("now") {
        return Some(clock::now());
    }
    if let Some(back) = text.strip_prefix('-').and_then(interval) {
        return Some(clock::now() - lit(back));
    }
    if let Ok(milliseconds) = text.parse::<i64>() {
        return Some(lit(milliseconds));
    }
    let read = |format: &&str| DatePattern::parse(format).ok()?.read(text, &TimeZone::UTC);
    FORMATS.iter().find_map(read).map(lit)
}

impl Typed {
    /// A condition as the value of a field: null is false.
    ///
    /// By a function of its own, since of `IS TRUE` the plan and what executes it disagree on whether it can be null.
    pub fn condition(condition: Expr) -> Typed {
        Typed::new(ValueFunction::Condition.of(condition), Kind::Boolean)
    }
}
