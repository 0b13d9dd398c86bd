//! What the columns of a plan are made of: columns of its scan, and values of records.
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::Expr;
use mynah_engine::EngineError;
use mynah_view::{EventScan, Origin, TemplatePart};
use std::collections::{BTreeMap, BTreeSet};

/// From which paths of this log source's records a plan's columns come; none for those that say only what kind of log it is.
fn paths_of(plan: &LogicalPlan, source: &str) -> Result<BTreeMap<String, BTreeSet<String>>, EngineError> {
    let mut paths: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node {
            let table: &dyn std::any::Any = scan.source.as_ref();
            for column in table.downcast_ref::<EventScan>().into_iter().flat_map(EventScan::columns) {
                let known = paths.entry(column.name.clone()).or_default();
                let bindings = column
                    .bindings
                    .iter()
                    .filter(|(of, _)| of.as_str() == source)
                    .flat_map(|(_, bindings)| bindings.iter());
                for binding in bindings {
                    match &binding.origin {
                        Origin::Paths(from) => known.extend(from.iter().map(ToString::to_string)),
                        Origin::Document(from) => _ = known.insert(from.to_string()),
                        // One value stands for the event's number or name: looked up, it is still about the record.
                        Origin::Lookup { key, .. } => _ = known.insert(key.to_string()),
                        Origin::Template(parts) => known.extend(parts.iter().filter_map(|part| match part {
                            TemplatePart::Path(path) => Some(path.to_string()),
                            TemplatePart::Text(_) => None,
                        })),
                        Origin::Meta(mynah_view::Meta::Raw) => _ = known.insert(String::new()),
                        Origin::Meta(_) | Origin::Constant(_) => {}
                    }
                }
            }
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(paths)
}

/// What each column of a plan is made of: its scan's columns, by way of projections.
pub(super) struct Lineage {
    /// The paths of each column of the scan.
    pub scanned: BTreeMap<String, BTreeSet<String>>,
    defined: BTreeMap<String, BTreeSet<String>>,
}

impl Lineage {
    /// Of a plan over records of a log source.
    pub fn of(plan: &LogicalPlan, source: &str) -> Result<Lineage, EngineError> {
        let scanned = paths_of(plan, source)?;
        let mut defined: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        plan.apply_with_subqueries(|node| {
            if let LogicalPlan::Projection(projection) = node {
                for expression in &projection.expr {
                    if let Expr::Alias(alias) = expression {
                        let made_of: Vec<String> =
                            alias.expr.column_refs().iter().map(|column| column.name.clone()).collect();
                        defined
                            .entry(alias.name.clone())
                            .or_default()
                            .extend(made_of.into_iter().filter(|name| *name != alias.name));
                    }
                }
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
        Ok(Lineage { scanned, defined })
    }

    /// Adds the columns of the scan that a column is made of, and all columns on the way to them, itself among these.
    pub fn follow(&self, name: &str, origins: &mut BTreeSet<String>, behind: &mut BTreeSet<String>) {
        let mut open = vec![name.to_owned()];
        while let Some(name) = open.pop() {
            if !behind.insert(name.clone()) {
                continue;
            }
            // A result may have a column by the name of one that was read: what was read is meant.
            if self.scanned.contains_key(&name) {
                origins.insert(name);
                continue;
            }
            open.extend(self.defined.get(&name).into_iter().flatten().cloned());
        }
    }
}
