//! Rows beside those of a subsearch with the same values.
use super::prelude::*;
use crate::pipeline::{self, Parsing, Part, Pipeline};
use datafusion::common::{Column, JoinType};
use datafusion::logical_expr::LogicalPlanBuilder;
use mynah_dialect::column;

pub(super) static COMMANDS: [Entry; 1] = [command(
    "join [type=inner|left|outer] [max=N] [FIELD, ...] [SUBSEARCH]",
    "Adds the subsearch's fields to the rows that have the same values; without fields, of all that both have.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/join",
    join,
)];

#[derive(Debug)]
struct Join {
    left: bool,
    /// How many rows of the subsearch a row may meet; 0 for all.
    max: usize,
    overwrite: bool,
    fields: Vec<Spanned<String>>,
    pipeline: Pipeline,
}

fn join(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Parsed {
    let (mut left, mut max, mut overwrite, mut fields) = (false, 1, true, Vec::new());
    let inner = loop {
        if let Some(inner) = arguments.brackets()? {
            break inner;
        }
        if let Some((name, value)) =
            arguments.option(&["type", "max", "overwrite", "usetime", "earlier", "keepsingle"])?
        {
            match name {
                "type" => {
                    left = match value.node.to_ascii_lowercase().as_str() {
                        "inner" => false,
                        "left" | "outer" => true,
                        _ => return Err(Diagnostic::error("spl/syntax", "a join is inner, left or outer", value.span)),
                    }
                }
                "max" => max = whole(&value)?,
                "overwrite" => overwrite = truth(&value)?,
                "usetime" if truth(&value)? => return Err(unsupported("`usetime=true`", value.span)),
                _ => {
                    truth(&value)?;
                }
            }
        } else if arguments.is_empty() {
            return Err(arguments.wrong(arguments.rest(), "a subsearch in brackets"));
        } else if !arguments.symbol(',') {
            fields.push(arguments.field()?);
        }
    };
    arguments.end()?;
    let pipeline = pipeline::parse(parsing, inner)?;
    let join = Join { left, max, overwrite, fields, pipeline };
    let needs = Needs::of(&join.fields).make_any();
    on_rows_with_parts(needs, join, |join| vec![Part::Pipeline(&join.pipeline)], Join::joined)
}

impl Join {
    /// The rows of the subsearch that can be met, and the fields that both sides are compared by.
    fn other(
        &self,
        rows: &Rows,
        wanted: &Wanted,
        planner: &mut Planner<'_>,
    ) -> Result<(Rows, Vec<String>), Diagnostic> {
        let at = planner.at;
        let mut of_both = wanted.clone();
        for field in &self.fields {
            of_both.add(field.clone());
            of_both.unsure.push(field.node.clone());
        }
        let other = planner.pipeline(&self.pipeline, &of_both)?;
        planner.at = at;
        let fields: Vec<String> = if self.fields.is_empty() {
            let shared = |name: &String| !name.starts_with('_') && rows.scope().get(name).is_some();
            other.names().into_iter().filter(shared).collect()
        } else {
            super::by::names(&self.fields)
        };
        if fields.is_empty() {
            return Err(Diagnostic::error("spl/join-no-field", "both sides of this join have no field in common", at)
                .with_help("name the fields to join on"));
        }
        // A row that lacks one of the fields meets none.
        let mut other = other;
        for field in &fields {
            let present = other.column(field).into_text().is_not_null();
            other = other.filter(present, planner)?;
        }
        if self.max > 0 {
            let keys = fields.iter().map(|field| other.column(field).into_text()).collect();
            other = other.first_of_each(keys, self.max, planner)?;
        }
        Ok((other, fields))
    }

    fn joined(&self, rows: Rows, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let (other, fields) = self.other(&rows, wanted, planner)?;
        let open = rows.scope().open || other.scope().open;
        // The other side's columns get names of their own, as both sides may have the same.
        let mut right = Vec::new();
        let mut added = Vec::new();
        for (name, typed) in other.all() {
            let hidden = planner.fresh("joined");
            if !fields.contains(&name) {
                added.push((name, hidden.clone(), typed.ty));
            }
            right.push(typed.expr.alias(hidden));
        }
        let mut left_keys = Vec::new();
        let mut right_keys = Vec::new();
        let mut left_hidden = Vec::new();
        for field in &fields {
            let (mine, theirs) = (planner.fresh("key"), planner.fresh("key"));
            left_hidden.push((mine.clone(), rows.column(field).into_text()));
            right.push(other.column(field).into_text().alias(theirs.clone()));
            left_keys.push(Column::from_name(mine));
            right_keys.push(Column::from_name(theirs));
        }
        let right = LogicalPlanBuilder::from(other.plan().clone())
            .project(right)
            .and_then(LogicalPlanBuilder::build)
            .map_err(|error| planner.failed(&error))?;
        let mut columns = rows.all();
        let kind = if self.left { JoinType::Left } else { JoinType::Inner };
        let joined = rows
            .with_hidden(left_hidden, planner)?
            .map_plan(planner, |plan| plan.join(right, kind, (left_keys, right_keys), None))?;
        for (name, hidden, ty) in added {
            let theirs = Typed::new(column(&hidden), ty);
            match columns.iter_mut().find(|(known, _)| *known == name) {
                Some(mine) if self.overwrite => mine.1 = or_keep(theirs, mine.1.clone()),
                Some(mine) => mine.1 = or_keep(mine.1.clone(), theirs),
                None => columns.push((name, theirs)),
            }
        }
        let joined = joined.project(columns, planner)?;
        Ok(if open { joined.opened() } else { joined })
    }
}
