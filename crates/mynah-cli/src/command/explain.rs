use crate::arguments::Explain;
use crate::exit::{Failure, Status};
use crate::query::Query;
use crate::{dialects, query_report, site};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::logical_expr::LogicalPlan;
use mynah_dialect::Mode;
use mynah_engine::{Engine, EngineError, Options};
use mynah_view::{Binding, EventScan, Meta, Origin, TemplatePart};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;

/// `mynah explain`.
pub(crate) fn explain(arguments: &Explain) -> Result<Status, Failure> {
    let settings = site::load(&arguments.site)?;
    let options = Options {
        views: Some(settings.catalog().map_err(EngineError::from)?),
        site: settings.site,
        sources: settings.sources,
        ..Options::default()
    };
    let engine = if arguments.data.is_empty() {
        Engine::over(options, Vec::new(), Vec::new())?
    } else {
        Engine::new(options, &arguments.data)?
    };
    let mut status = Status::Ran;
    let mut out = String::new();
    for query in Query::load(&arguments.queries)? {
        let planned = engine.plan(dialects::frontend(query.dialect), &query.text, Mode::Check);
        query_report::report(&query.name, &query.text, &planned.diagnostics);
        let Some(plan) = planned.plan else {
            status = Status::Usage;
            continue;
        };
        let _ =
            writeln!(out, "{} ({}, as {} sees the logs)\n\nPlan", query.name, query.dialect, query.dialect.platform());
        let Some(plan) = plan.into_whole() else {
            status = Status::Usage;
            continue;
        };
        for line in engine.explain(plan.clone())?.lines() {
            let _ = writeln!(out, "  {line}");
        }
        out.push_str("\nLooked for in the bytes of each record before it is parsed\n");
        for literals in engine.literals(plan.clone())? {
            match literals.as_slice() {
                [] => out.push_str("  nothing: every record is parsed\n"),
                literals => {
                    let _ = writeln!(
                        out,
                        "  one of {}",
                        literals.iter().map(|l| format!("`{l}`")).collect::<Vec<_>>().join(", ")
                    );
                }
            }
        }
        if !arguments.data.is_empty() {
            out.push_str(&skipped(&engine, plan.clone())?);
        }
        out.push_str("\nFields\n");
        out.push_str(&fields(&plan));
    }
    std::io::stdout().write_all(out.as_bytes())?;
    Ok(status)
}

/// How many records of the data a plan leaves out unparsed.
fn skipped(engine: &Engine, plan: LogicalPlan) -> Result<String, Failure> {
    let progress = engine.progress();
    let (events, skipped) = (progress.events(), progress.skipped());
    engine.execute(plan).rows(|_| Ok(()))?;
    let (events, skipped) = (progress.events() - events, progress.skipped() - skipped);
    let share = if events == 0 { 0.0 } else { 100.0 * skipped as f64 / events as f64 };
    Ok(format!("  {skipped} of {events} records were left out unparsed ({share:.1} %)\n"))
}

/// Where each field of a plan's scans comes from, by log source.
fn fields(plan: &LogicalPlan) -> String {
    let mut columns = BTreeMap::new();
    let _ = plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node {
            let source: &dyn std::any::Any = scan.source.as_ref();
            for column in source.downcast_ref::<EventScan>().into_iter().flat_map(EventScan::columns) {
                columns.insert(column.name.clone(), column.clone());
            }
        }
        Ok(TreeNodeRecursion::Continue)
    });
    let mut out = String::new();
    for (name, column) in columns {
        let _ = writeln!(out, "  {name} ({})", column.field_type);
        if column.bindings.is_empty() {
            out.push_str("    in no log source: always null\n");
        }
        // Log sources that have it from the same place share a line.
        let mut by_origin: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (source, bindings) in &column.bindings {
            let origin: Vec<String> = bindings.iter().map(describe).collect();
            by_origin.entry(origin.join(", else ")).or_default().push(source.as_str());
        }
        for (origin, sources) in by_origin {
            let _ = writeln!(out, "    {}: {origin}", sources.join(", "));
        }
    }
    out
}

fn describe(binding: &Binding) -> String {
    let mut text = match &binding.origin {
        Origin::Paths(paths) => paths.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or "),
        Origin::Document(path) => format!("the record's {path}"),
        Origin::Constant(values) => format!("{values:?}"),
        Origin::Lookup { key, table, .. } => format!("{key}, looked up in {} values", table.len()),
        Origin::Template(parts) => {
            let parts: Vec<String> = parts
                .iter()
                .map(|part| match part {
                    TemplatePart::Text(text) => text.clone(),
                    TemplatePart::Path(path) => format!("{{{path}}}"),
                })
                .collect();
            format!("\"{}\"", parts.concat())
        }
        Origin::Meta(Meta::Time) => "the event's time".to_owned(),
        Origin::Meta(Meta::Raw) => "the record's own text".to_owned(),
        Origin::Meta(Meta::File) => "the file's name".to_owned(),
        Origin::Meta(Meta::LogSource) => "the log source's name".to_owned(),
        Origin::Meta(Meta::Record) => "the record's number".to_owned(),
    };
    for condition in &binding.when {
        let _ = write!(text, " if {} is {}", condition.path, condition.values.join(" or "));
    }
    if !binding.apply.is_empty() {
        let apply: Vec<String> = binding.apply.iter().map(ToString::to_string).collect();
        let _ = write!(text, " through {}", apply.join(", "));
    }
    text
}
