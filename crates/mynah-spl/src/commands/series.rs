//! Which values of a field become the columns of a chart, and what these are called.
use super::aggregation;
use super::pivot::{pivot_to, ranked};
use super::prelude::*;
use crate::aggregates::{AggregateCall, Argument};
use crate::expression::{case, parse_number};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::column;

/// Which values of the second field become columns.
#[derive(Debug)]
pub(super) struct Series {
    limit: Limit,
    /// By which figure they are chosen; by the sum if it is not said.
    score: String,
    /// A figure of the rows that is used in place of that.
    by: Option<AggregateCall>,
    other: Option<String>,
    null: Option<String>,
    names: Names,
}

/// How many values become columns.
#[derive(Debug, Clone, Copy)]
enum Limit {
    All,
    Top(usize),
    Bottom(usize),
    NotTop(usize),
    NotBottom(usize),
    Above(f64),
    Below(f64),
}

/// What a column is called that has a figure of one value.
#[derive(Debug, Clone)]
pub(super) struct Names {
    pub separator: String,
    /// `$AGG$` stands for the figure, `$VAL$` for the value.
    pub format: Option<String>,
}

impl Default for Names {
    fn default() -> Self {
        Names { separator: ": ".to_owned(), format: None }
    }
}

impl Names {
    /// The name of a column; of a single figure it is just the value.
    pub(super) fn of(&self, figure: &str, value: &str, single: bool) -> String {
        match &self.format {
            _ if single => value.to_owned(),
            Some(format) => format.replace("$AGG$", figure).replace("$VAL$", value),
            None => format!("{figure}{}{value}", self.separator),
        }
    }
}

impl Default for Series {
    fn default() -> Self {
        Series {
            limit: Limit::Top(10),
            score: "sum".to_owned(),
            by: None,
            other: Some("OTHER".to_owned()),
            null: Some("NULL".to_owned()),
            names: Names::default(),
        }
    }
}

impl Limit {
    /// The values that are shown, of all by their score from the greatest to the least.
    fn shown(self, all: Vec<(String, f64)>) -> Vec<String> {
        let last = |count: usize| all.len().saturating_sub(count);
        let chosen = match self {
            Limit::All => all.as_slice(),
            Limit::Top(count) => all.get(..count.min(all.len())).unwrap_or_default(),
            Limit::NotTop(count) => all.get(count.min(all.len())..).unwrap_or_default(),
            Limit::Bottom(count) => all.get(last(count)..).unwrap_or_default(),
            Limit::NotBottom(count) => all.get(..last(count)).unwrap_or_default(),
            Limit::Above(_) | Limit::Below(_) => all.as_slice(),
        };
        let fits = |score: f64| match self {
            Limit::Above(least) => score > least,
            Limit::Below(most) => score < most,
            _ => true,
        };
        let mut shown: Vec<String> =
            chosen.iter().filter(|(_, score)| fits(*score)).map(|(value, _)| value.clone()).collect();
        shown.sort();
        shown
    }
}

/// The figures of a series by which it may be chosen.
const SCORES: &[&str] = &["sum", "avg", "mean", "max", "min", "count"];

impl Series {
    /// Chooses the values by this figure, `max(bytes)`, or by this one of their columns, `max`.
    pub(super) fn choose_by(&mut self, agg: AggregateCall) {
        let function = agg.function.node.to_ascii_lowercase();
        let of_all = matches!(&agg.argument, Some(Argument::Field(field)) if field.node == "*");
        if of_all && SCORES.contains(&function.as_str()) {
            self.score = function;
        } else {
            self.by = Some(agg);
        }
    }

    /// The figure of the rows by which values are chosen, if there is one.
    pub(super) fn chosen_by(&self) -> Option<&AggregateCall> {
        self.by.as_ref()
    }

    /// Takes an option.
    ///
    /// # Errors
    /// Where its value is wrong.
    pub(super) fn option(&mut self, name: &str, value: Spanned<String>) -> Result<(), Diagnostic> {
        match name {
            "limit" => {
                let lower = value.node.to_ascii_lowercase();
                let digits = lower.trim_start_matches("bottom").trim_start_matches("top").trim().to_owned();
                self.limit = match whole(&Spanned::new(digits, value.span))? {
                    0 => Limit::All,
                    count if lower.starts_with("bottom") => Limit::Bottom(count),
                    count => Limit::Top(count),
                };
            }
            "useother" if !truth(&value)? => self.other = None,
            "usenull" if !truth(&value)? => self.null = None,
            "otherstr" => self.other = self.other.take().map(|_| value.node),
            "nullstr" => self.null = self.null.take().map(|_| value.node),
            "sep" => self.names = Names { separator: value.node, format: None },
            "format" => self.names.format = Some(value.node),
            _ => {}
        }
        Ok(())
    }

    /// Reads `FUNCTION in top5`, `FUNCTION notin bottom5` or `FUNCTION > 5` behind a `where`.
    ///
    /// # Errors
    /// Where something else stands there.
    pub(super) fn condition(&mut self, arguments: &mut Arguments<'_>) -> Result<(), Diagnostic> {
        let wrong =
            |arguments: &Arguments<'_>| arguments.wrong(arguments.rest(), "`in topN`, `notin bottomN`, `< N` or `> N`");
        let function = arguments.field()?;
        if !SCORES.contains(&function.node.as_str()) {
            return Err(unsupported(&format!("`where {}`", function.node), function.span));
        }
        self.score = function.node;
        self.by = None;
        let not = arguments.at_keyword("notin");
        if not || arguments.at_keyword("in") {
            arguments.keyword(if not { "notin" } else { "in" });
            let mut word = arguments.field()?;
            // `top 5` as well as `top5`.
            if matches!(word.node.as_str(), "top" | "bottom") {
                word.node.push_str(&arguments.field()?.node);
            }
            let (bottom, digits) = match (word.node.strip_prefix("bottom"), word.node.strip_prefix("top")) {
                (Some(digits), _) => (true, digits),
                (None, Some(digits)) => (false, digits),
                (None, None) => return Err(wrong(arguments)),
            };
            let count = whole(&Spanned::new(digits.to_owned(), word.span))?;
            self.limit = match (not, bottom) {
                (false, false) => Limit::Top(count),
                (false, true) => Limit::Bottom(count),
                (true, false) => Limit::NotTop(count),
                (true, true) => Limit::NotBottom(count),
            };
            return Ok(());
        }
        let text = arguments.rest_text();
        let Some(operator) = text.chars().next().filter(|c| matches!(c, '<' | '>')) else {
            return Err(wrong(arguments));
        };
        let rest = text.get(1..).unwrap_or("");
        let number = rest.split_whitespace().next().unwrap_or("");
        let Some(bound) = parse_number(number.trim_matches('"')) else { return Err(wrong(arguments)) };
        let length = 1 + (rest.len() - rest.trim_start().len()) + number.len();
        arguments.seek(arguments.rest().start + length);
        self.limit = if operator == '>' { Limit::Above(bound) } else { Limit::Below(bound) };
        Ok(())
    }

    /// A column for each of the values of `split`, or of what stands for them, that are shown, and for the rest of them; and the
    /// call that each column is of.
    ///
    /// # Errors
    /// Where the rows must be looked at first.
    pub(super) fn split(
        &self,
        rows: Rows,
        row: &str,
        (field, instead): (&str, Option<Typed>),
        calls: &[AggregateCall],
        planner: &mut Planner<'_>,
    ) -> Result<(Rows, Vec<(String, String)>), Diagnostic> {
        let rows = match (&instead, rows.column(field).ty) {
            (None, Type::Multi) => super::multivalue::expand(rows, field, None, planner)?,
            _ => rows,
        };
        // The figures may be of the field itself, whose values stay as they are.
        let split = planner.fresh("series");
        let split = split.as_str();
        let key = instead.unwrap_or_else(|| rows.column(field));
        let key = visible(Typed::new(key.into_text(), Type::Text));
        let key = match &self.null {
            Some(null) => or_keep(key, Typed::text(null)),
            None => key,
        };
        let mut rows = rows.with(vec![(split.to_owned(), key)], planner)?;
        let groups = [row.to_owned(), split.to_owned()];
        let Some(mut found) = self.scores(&rows, &groups, split, calls, planner)? else {
            let columns = vec![(row.to_owned(), rows.column(row))];
            return Ok((rows.project(columns, planner)?.opened(), Vec::new()));
        };
        // What stands for no value counts to none of the limits.
        let without = found.iter().position(|(text, _)| Some(text) == self.null.as_ref());
        let without = without.map(|place| found.remove(place).0);
        let all = found.len();
        let shown = self.limit.shown(found);
        let value = column(split);
        let mut branches: Vec<(Expr, Expr)> = Vec::new();
        let mut series = shown.clone();
        if let Some(null) = &without {
            branches.push((value.clone().eq(lit(null.clone())), value.clone()));
        }
        if shown.len() < all {
            if !shown.is_empty() {
                let is_shown = value.clone().in_list(shown.iter().map(|text| lit(text.clone())).collect(), false);
                branches.push((is_shown, value.clone()));
            }
            if let Some(other) = &self.other {
                branches.push((value.is_not_null(), lit(other.clone())));
                series.push(other.clone());
            }
        } else {
            branches.push((value.clone().is_not_null(), value));
        }
        let key = Typed::new(case(branches, None, Type::Text), Type::Text);
        rows = rows.with(vec![(split.to_owned(), key)], planner)?;
        let rows = aggregation::aggregate(rows, &groups, calls, planner)?;
        series.extend(without);
        let values: Vec<String> = rows.names().into_iter().filter(|name| !groups.contains(name)).collect();
        let of = |value: &String| {
            let name = |text: &String| (self.names.of(value, text, values.len() == 1), value.clone());
            series.iter().map(name).collect::<Vec<_>>()
        };
        let columns = values.iter().flat_map(of).collect();
        let shown = (field, series.as_slice());
        Ok((pivot_to(rows, row, split, &values, shown, &self.names, planner)?, columns))
    }

    /// The values by their score: of a single figure its sum over the rows, of several how often they are there.
    fn scores(
        &self,
        rows: &Rows,
        groups: &[String],
        split: &str,
        calls: &[AggregateCall],
        planner: &mut Planner<'_>,
    ) -> Result<Option<Vec<(String, f64)>>, Diagnostic> {
        if let Some(by) = &self.by {
            let group = [split.to_owned()];
            let one = aggregation::aggregate(rows.clone(), &group, std::slice::from_ref(by), planner)?;
            return ranked(&one, split, &by.output_name(), "sum", planner);
        }
        let (count, _) = AggregateCall::parse_prefix("count", 0)?;
        let call = match calls {
            [call] => call,
            _ => &count,
        };
        let of = call.output_name();
        let one = aggregation::aggregate(rows.clone(), groups, std::slice::from_ref(call), planner)?;
        ranked(&one, split, &of, &self.score, planner)
    }
}

/// Names that begin with `_` would be hidden: `VALUE` stands in front of them.
fn visible(key: Typed) -> Typed {
    let shown = Expr::BinaryExpr(datafusion::logical_expr::BinaryExpr::new(
        Box::new(lit("VALUE")),
        datafusion::logical_expr::Operator::StringConcat,
        Box::new(key.expr.clone()),
    ));
    let hidden = key.expr.clone().like(lit("\\_%"));
    Typed::new(case(vec![(hidden, shown)], Some(key.expr), Type::Text), Type::Text)
}
