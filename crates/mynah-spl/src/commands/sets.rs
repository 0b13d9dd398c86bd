//! Results of two searches as sets, and fields set to constants.
use super::prelude::*;
use super::subsearch::{first_rows, most_rows};
use crate::pipeline::{self, Pipeline};
use crate::plan::{Key, append};
use datafusion::functions_aggregate::expr_fn::{max, min};
use datafusion::prelude::lit;
use mynah_dialect::column;

pub(super) static COMMANDS: [Entry; 2] = [
    generating(bracketed(command(
        "set union|diff|intersect [SUBSEARCH] [SUBSEARCH]",
        "The rows of either search, of just one or of both, each once. Rows are the same if all their fields are.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/set",
        set,
    ))),
    command(
        "setfields FIELD=VALUE, ...",
        "Sets fields to constants.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/setfields",
        setfields,
    ),
];

#[derive(Debug, Clone, Copy)]
enum How {
    Union,
    Difference,
    Intersection,
}

#[derive(Debug)]
struct Sets {
    how: How,
    sides: [Pipeline; 2],
    /// How many rows of each search count.
    most: Option<usize>,
}

fn set(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Parsed {
    let most = most_rows(arguments)?;
    let how = match arguments {
        _ if arguments.keyword("union") => How::Union,
        _ if arguments.keyword("diff") => How::Difference,
        _ if arguments.keyword("intersect") => How::Intersection,
        _ => return Err(arguments.wrong(arguments.rest(), "union, diff or intersect")),
    };
    let (left, right) = (arguments.subsearch()?, arguments.subsearch()?);
    arguments.end()?;
    let sides = [pipeline::parse(parsing, left)?, pipeline::parse(parsing, right)?];
    Ok(Box::new(Sets { how, sides, most }))
}

impl Command for Sets {
    fn needs(&self) -> Needs {
        Needs::default().close()
    }

    fn parts(&self) -> Vec<Part<'_>> {
        self.sides.iter().map(Part::Pipeline).collect()
    }

    fn lower(&self, _rows: Rows, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        self.rows(wanted, planner)
    }

    fn generate(&self, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Option<Rows>, Diagnostic> {
        self.rows(wanted, planner).map(Some)
    }
}

impl Sets {
    fn rows(&self, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let side = planner.fresh("side");
        let mut sides = Vec::new();
        for (number, pipeline) in self.sides.iter().enumerate() {
            let rows = first_rows(planner.pipeline(pipeline, wanted)?, self.most, planner)?.with_one_name(planner)?;
            sides.push(rows.with(vec![(side.clone(), Typed::new(lit(number as f64), Type::Number))], planner)?);
        }
        let all = append(sides, planner)?;
        let names: Vec<String> = all.names().into_iter().filter(|name| *name != side).collect();
        let (first, last) = (planner.fresh("first"), planner.fresh("last"));
        let ends = [min(column(&side)).alias(&first), max(column(&side)).alias(&last)];
        let groups: Vec<_> = names.iter().map(|name| column(name)).collect();
        let columns = names.iter().map(|name| (name.clone(), all.column(name))).collect();
        let together = all.with_order(Vec::new()).map_plan(planner, |plan| plan.aggregate(groups, ends))?;
        let one_side = column(&first).eq(column(&last));
        let rows = match self.how {
            How::Union => together,
            How::Difference => together.filter(one_side, planner)?,
            How::Intersection => together.filter(!one_side, planner)?,
        };
        rows.with_order(names.iter().map(Key::ascending).collect()).project(columns, planner)
    }
}

fn setfields(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut fields: Vec<(String, String)> = Vec::new();
    while !arguments.is_empty() {
        if arguments.symbol(',') {
            continue;
        }
        let name = arguments.field()?;
        arguments.expect('=')?;
        match arguments.next()? {
            Some(Spanned { node: Token::Word(value) | Token::Quoted(value), .. }) => fields.push((name.node, value)),
            _ => return Err(arguments.wrong(name.span, "a value behind the equals sign")),
        }
    }
    let fields = arguments.some(fields, "a field and its value")?;
    on_rows(Needs::default().make_all(fields.iter().map(|(name, _)| name)), fields, |fields, rows, _, planner| {
        rows.with(fields.iter().map(|(name, value)| (name.clone(), Typed::text(value))).collect(), planner)
    })
}
