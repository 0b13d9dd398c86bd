use crate::{Error, Query};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::logical_expr::LogicalPlan;
use mynah_event::LogSource;
use mynah_view::{Binding, EventScan, FieldType, Meta, Origin, ScanColumn, TemplatePart};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How a query is run.
pub struct Explanation<'m> {
    /// The query, to run it.
    pub query: Query<'m>,
    /// The optimised plan, one operator a line.
    pub plan: String,
    /// For each scan of the plan, the literals of which a record must hold one to be parsed. None where every record is parsed;
    /// no literals where no record can match.
    pub literals: Vec<Option<Vec<String>>>,
    /// The fields that the plan reads, by name.
    pub fields: Vec<Field>,
}

/// A field of a platform's view, and its origin.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name on the platform.
    pub name: String,
    /// Its type.
    pub field_type: FieldType,
    /// Its origin in words, with the log sources that have it from there.
    pub origins: Vec<(String, Vec<LogSource>)>,
}

impl Explanation<'_> {
    /// Runs the query, and counts the records that were read, and those of them that were left out unparsed.
    ///
    /// # Errors
    /// If the query fails while it runs.
    pub fn skipped(&self) -> Result<(u64, u64), Error> {
        let progress = self.query.engine().progress();
        let (events, skipped) = (progress.events(), progress.skipped());
        self.query.batches(|_| Ok(()))?;
        Ok((progress.events() - events, progress.skipped() - skipped))
    }
}

pub(crate) fn explain(query: Query<'_>) -> Result<Explanation<'_>, Error> {
    let plan = query.engine().explain(query.plan().clone())?;
    let literals = query.engine().literals(query.plan().clone())?;
    let fields = fields(query.plan());
    Ok(Explanation { query, plan, literals, fields })
}

/// The fields that a plan's scans read.
fn fields(plan: &LogicalPlan) -> Vec<Field> {
    let mut columns: BTreeMap<String, ScanColumn> = BTreeMap::new();
    // The closure does not fail.
    let _ = plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node {
            let source: &dyn std::any::Any = scan.source.as_ref();
            for column in source.downcast_ref::<EventScan>().into_iter().flat_map(EventScan::columns) {
                columns.insert(column.name.clone(), column.clone());
            }
        }
        Ok(TreeNodeRecursion::Continue)
    });
    let field = |column: ScanColumn| {
        let mut origins: BTreeMap<String, Vec<LogSource>> = BTreeMap::new();
        for (source, bindings) in column.bindings {
            let origin: Vec<String> = bindings.iter().map(describe).collect();
            origins.entry(origin.join(", else ")).or_default().push(source);
        }
        Field { name: column.name, field_type: column.field_type, origins: origins.into_iter().collect() }
    };
    columns.into_values().map(field).collect()
}

/// An origin in words.
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
        Origin::Meta(Meta::OtherDocument) => "the record as JSON, where its own text is something else".to_owned(),
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
