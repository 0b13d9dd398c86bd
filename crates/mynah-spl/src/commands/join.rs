//! Rows beside those of a subsearch with the same values.
use super::prelude::*;
use crate::pipeline::{self, Parsing, Part, Pipeline};
use datafusion::common::{Column, JoinType};
use datafusion::logical_expr::LogicalPlanBuilder;
use mynah_dialect::column;

pub(super) static COMMANDS: [Entry; 1] = [bracketed(command(
    "join [type=inner|left|outer] [max=N] [FIELD, ...] | [left=L right=R where L.FIELD=R.FIELD ...] [SUBSEARCH]",
    "Adds the subsearch's fields to the rows that have the same values; without fields, of all that both have.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/join",
    join,
))];

#[derive(Debug)]
struct Join {
    left: bool,
    /// How many rows of the subsearch a row may meet; 0 for all.
    max: usize,
    overwrite: bool,
    /// The fields of the rows that are compared, and those of the subsearch.
    fields: Vec<(Spanned<String>, Spanned<String>)>,
    /// What stands before the fields' names of either side, where they are told apart.
    aliases: Option<(String, String)>,
    pipeline: Pipeline,
}

fn join(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Parsed {
    let (mut left, mut max, mut overwrite, mut fields) = (false, 1, true, Vec::new());
    let mut aliases: [Option<Spanned<String>>; 2] = [None, None];
    let inner = loop {
        if let Some(inner) = arguments.brackets()? {
            break inner;
        }
        if let Some((name, value)) =
            arguments.option(&["type", "max", "overwrite", "usetime", "earlier", "left", "right"])?
        {
            match name {
                "left" => aliases[0] = Some(value),
                "right" => aliases[1] = Some(value),
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
                // `earlier` says something beside `usetime=true` only.
                _ => {
                    truth(&value)?;
                }
            }
        } else if arguments.is_empty() {
            return Err(arguments.wrong(arguments.rest(), "a subsearch in brackets"));
        } else if aliases.iter().all(Option::is_some) && arguments.keyword("where") {
            // Pairs follow, each with an equals sign.
        } else if !arguments.symbol(',') {
            let field = arguments.field()?;
            let other = match arguments.symbol('=') {
                true => arguments.field()?,
                false => field.clone(),
            };
            fields.push((field, other));
        }
    };
    arguments.end()?;
    let aliases = match aliases {
        [Some(left), Some(right)] => Some((left.node, right.node)),
        [None, None] => None,
        _ => return Err(arguments.wrong(arguments.name.span, "both left= and right=, or neither")),
    };
    let fields = match &aliases {
        Some(aliases) => fields.into_iter().map(|pair| sides(pair, aliases)).collect::<Result<Vec<_>, Diagnostic>>()?,
        None => fields,
    };
    let pipeline = pipeline::parse(parsing, inner)?;
    let join = Join { left, max, overwrite, fields, aliases, pipeline };
    let prefix = join.aliases.as_ref().map(|(left, _)| format!("{left}."));
    let needs = Needs::of(join.fields.iter().map(|(mine, _)| mine)).make_any().prefixed(prefix);
    on_rows_with_parts(needs, join, |join| vec![Part::Pipeline(&join.pipeline)], Join::joined)
}

/// `L.id=R.pid`, in either order, as the fields of the two sides.
fn sides(
    pair: (Spanned<String>, Spanned<String>),
    (left, right): &(String, String),
) -> Result<(Spanned<String>, Spanned<String>), Diagnostic> {
    let of = |alias: &str, field: &Spanned<String>| {
        let name = field.node.strip_prefix(alias)?.strip_prefix('.')?;
        Some(Spanned::new(name.to_owned(), field.span))
    };
    let (first, second) = &pair;
    let found = of(left, first).zip(of(right, second)).or_else(|| of(left, second).zip(of(right, first)));
    found.ok_or_else(|| {
        let message = format!("`{left}.FIELD={right}.FIELD` is expected here");
        Diagnostic::error("spl/syntax", message, first.span.to(second.span))
    })
}

impl Join {
    /// The rows of the subsearch that can be met, and the fields that both sides are compared by.
    fn other(
        &self,
        rows: &Rows,
        wanted: &Wanted,
        planner: &mut Planner<'_>,
    ) -> Result<(Rows, Vec<(String, String)>), Diagnostic> {
        let at = planner.at;
        let mut of_both = match &self.aliases {
            Some((_, right)) => without_prefix(wanted, right),
            None => wanted.clone(),
        };
        for (_, field) in &self.fields {
            of_both.add(field.clone());
            of_both.unsure.push(field.node.clone());
        }
        let other = planner.pipeline(&self.pipeline, &of_both)?;
        planner.at = at;
        let fields: Vec<(String, String)> = if self.fields.is_empty() {
            let shared = |name: &String| !name.starts_with('_') && rows.scope().get(name).is_some();
            other.names().into_iter().filter(shared).map(|name| (name.clone(), name)).collect()
        } else {
            self.fields.iter().map(|(mine, theirs)| (mine.node.clone(), theirs.node.clone())).collect()
        };
        if fields.is_empty() {
            return Err(Diagnostic::error("spl/join-no-field", "both sides of this join have no field in common", at)
                .with_help("name the fields to join on"));
        }
        // A row that lacks one of the fields meets none.
        let mut other = other;
        for (_, field) in &fields {
            let present = other.column(field).into_text().is_not_null();
            other = other.filter(present, planner)?;
        }
        if self.max > 0 {
            let keys = fields.iter().map(|(_, field)| other.column(field).into_text()).collect();
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
            match &self.aliases {
                Some((_, alias)) if !name.starts_with('_') => {
                    added.push((format!("{alias}.{name}"), hidden.clone(), typed.ty));
                }
                None if !fields.iter().any(|(_, theirs)| *theirs == name) => {
                    added.push((name, hidden.clone(), typed.ty));
                }
                _ => {}
            }
            right.push(typed.expr.alias(hidden));
        }
        let mut left_keys = Vec::new();
        let mut right_keys = Vec::new();
        let mut left_hidden = Vec::new();
        for (my_field, their_field) in &fields {
            let (mine, theirs) = (planner.fresh("key"), planner.fresh("key"));
            left_hidden.push((mine.clone(), rows.column(my_field).into_text()));
            right.push(other.column(their_field).into_text().alias(theirs.clone()));
            left_keys.push(Column::from_name(mine));
            right_keys.push(Column::from_name(theirs));
        }
        let right = LogicalPlanBuilder::from(other.plan().clone())
            .project(right)
            .and_then(LogicalPlanBuilder::build)
            .map_err(|error| planner.failed(&error))?;
        let mut columns = rows.all();
        if let Some((alias, _)) = &self.aliases {
            for (name, _) in columns.iter_mut().filter(|(name, _)| !name.starts_with('_')) {
                *name = format!("{alias}.{name}");
            }
        }
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

/// What is wanted of one side, whose names have an alias before them later.
fn without_prefix(wanted: &Wanted, alias: &str) -> Wanted {
    let plain = |name: &str| name.strip_prefix(alias)?.strip_prefix('.').map(str::to_owned);
    let names = wanted.names.iter().filter_map(|name| Some(Spanned::new(plain(&name.node)?, name.span)));
    Wanted { names: names.collect(), unsure: wanted.unsure.iter().filter_map(|name| plain(name)).collect() }
}
