//! Numbers that lie far from the others.
use super::prelude::*;
use super::windowed::{Over, with_aggregates};
use crate::aggregates::AggregateCall;
use crate::expression::case;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{WindowFrame, WindowFrameBound, WindowFrameUnits, and, or};
use datafusion::prelude::{Expr, lit};

pub(super) static COMMANDS: [Entry; 1] = [command(
    "outlier [action=transform|remove] [param=NUMBER] [uselower=BOOL] [mark=BOOL] [FIELD ...]",
    "Cuts numbers down that lie more than 2.5 inter-quartile ranges, or another number of them, behind the 75th percentile; or removes their rows.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/outlier",
    outlier,
)];

#[derive(Debug)]
struct Outlier {
    fields: Vec<Spanned<String>>,
    /// Whether the rows go, instead of the numbers being cut down.
    remove: bool,
    /// How many inter-quartile ranges are allowed.
    ranges: f64,
    /// Whether numbers may lie too low as well.
    lower: bool,
    mark: bool,
}

fn outlier(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut outlier = Outlier { fields: Vec::new(), remove: false, ranges: 2.5, lower: false, mark: false };
    while !arguments.is_empty() {
        match arguments.option(&["action", "param", "uselower", "mark"])? {
            Some(("action", value)) => {
                outlier.remove = match value.node.to_ascii_lowercase().as_str() {
                    "remove" | "rm" => true,
                    "transform" | "tf" => false,
                    _ => return Err(arguments.wrong(value.span, "remove or transform")),
                }
            }
            Some(("param", value)) => {
                let ranges = value.node.parse().ok().filter(|ranges: &f64| ranges.is_finite());
                outlier.ranges = ranges.ok_or_else(|| arguments.wrong(value.span, "a number"))?;
            }
            Some(("uselower", value)) => outlier.lower = truth(&value)?,
            Some((_, value)) => outlier.mark = truth(&value)?,
            None if arguments.symbol(',') => {}
            None => outlier.fields.push(arguments.field()?),
        }
    }
    let needs = match outlier.fields.as_slice() {
        [] => Needs::default().read_all([Spanned::new("*".to_owned(), arguments.name.span)]),
        fields => Needs::of(fields),
    };
    on_rows(needs, outlier, |outlier, rows, _, planner| outlier.applied(rows, planner))
}

impl Outlier {
    fn applied(&self, rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut names = super::field_list::chosen(&self.fields, &rows);
        names.retain(|name| rows.scope().get(name).is_some_and(|ty| matches!(ty, Type::Number | Type::Text)));
        let all = rows.all();
        let quartiles: Vec<[String; 2]> =
            names.iter().map(|_| [planner.fresh("lower"), planner.fresh("upper")]).collect();
        let mut calls = Vec::new();
        for (name, [lower, upper]) in names.iter().zip(&quartiles) {
            for (percent, quartile) in [(25, lower), (75, upper)] {
                let call = format!("perc{percent}('{name}') as {quartile}");
                calls.push(AggregateCall::parse_prefix(&call, planner.at.start)?.0);
            }
        }
        if calls.is_empty() {
            return Ok(rows);
        }
        // Of all rows.
        let end = || ScalarValue::UInt64(None);
        let (first, last) = (WindowFrameBound::Preceding(end()), WindowFrameBound::Following(end()));
        let frame = WindowFrame::new_bounds(WindowFrameUnits::Rows, first, last);
        let over = Over { frame: Some(frame), ..Over::default() };
        let rows = with_aggregates(rows, &[], &calls, &over, planner)?;
        let mut lie_far: Option<Expr> = None;
        let mut columns = all;
        for (name, [lower, upper]) in names.iter().zip(&quartiles) {
            let Some(column) = columns.iter_mut().find(|(known, _)| known == name) else { continue };
            let number = column.1.clone().into_number();
            let (lower, upper) = (rows.column(lower).into_number(), rows.column(upper).into_number());
            let allowed = (upper.clone() - lower.clone()) * lit(self.ranges);
            let (least, greatest) = (lower - allowed.clone(), upper + allowed);
            let (low, high) = (number.clone().lt(least.clone()), number.clone().gt(greatest.clone()));
            let far = if self.lower { or(low.clone(), high.clone()) } else { high.clone() };
            let far = and(number.is_not_null(), far);
            if self.remove {
                lie_far = Some(match lie_far {
                    Some(before) => or(before, far),
                    None => far,
                });
                continue;
            }
            let mut cut = vec![(high, Typed::new(greatest, Type::Number))];
            if self.lower {
                cut.push((low, Typed::new(least, Type::Number)));
            }
            let ty = if self.mark { Type::Text } else { column.1.ty };
            let written = |bound: Typed| match self.mark {
                true => super::strcat::JOINED.call(vec![lit("000"), bound.into_text()]),
                false => bound.into_type(ty),
            };
            let branches = cut.into_iter().map(|(condition, bound)| (condition, written(bound))).collect();
            let kept = column.1.clone().into_type(ty);
            column.1 = Typed::new(case(branches, Some(kept), ty), ty);
        }
        let rows = match lie_far {
            Some(far) => rows.filter(far.is_not_true(), planner)?,
            None => rows,
        };
        rows.project(columns, planner)
    }
}
