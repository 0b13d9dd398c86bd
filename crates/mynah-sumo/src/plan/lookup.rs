//! `lookup`.
use super::values::pack;
use super::{Draft, Kind, Role, Typed, ValueFunction};
use crate::ast::{Lookup, Name};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result as PlanResult, exec_datafusion_err};
use mynah_dialect::{LookupTable, column};
use mynah_kernels::{Cell, Code, Function, Resources, call_with};
use mynah_syntax::Diagnostic;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The tables that Sumo Logic keeps itself.
const BUILT_IN: [&str; 4] = ["geo://", "asn://", "sumo://", "threat://"];

pub(super) fn lower(draft: &mut Draft<'_>, lookup: &Lookup) -> Result<(), Diagnostic> {
    if BUILT_IN.iter().any(|scheme| lookup.table.starts_with(scheme)) {
        // These name the table's column first, the field second.
        for (_, field) in &lookup.on {
            draft.resolve(field)?;
        }
        let message = format!("`{}` is a table of Sumo Logic's own, which is not at hand", lookup.table);
        return missing(draft, lookup, "sumo/unsupported-lookup", message);
    }
    let path = lookup.table.strip_prefix("path://").unwrap_or(&lookup.table).trim_matches('"');
    let name = path.rsplit('/').next().unwrap_or(path);
    let lookups = &draft.context.site.lookups;
    let Some(table) = lookups.get(path).or_else(|| lookups.get(name)) else {
        for (left, right) in &lookup.on {
            draft.resolve(left).or_else(|error| draft.resolve(right).map_err(|_| error))?;
        }
        return missing(draft, lookup, "sumo/unknown-lookup", format!("the site has no lookup table `{path}`"));
    };
    let position = |wanted: &Name| {
        table.columns.iter().position(|column| column.eq_ignore_ascii_case(&wanted.text)).ok_or_else(|| {
            let message = format!("the table has no column `{}`", wanted.text);
            Diagnostic::error("sumo/unknown-column", message, wanted.span())
                .with_help(format!("its columns are {}", table.columns.join(", ")))
        })
    };
    let (mut keys, mut values) = (Vec::new(), Vec::new());
    for (left, right) in &lookup.on {
        // The field comes first; in older queries often the table's column. Which is which shows in the names.
        let turned = position(right).is_err() && position(left).is_ok();
        let (field, key) = if turned { (right, left) } else { (left, right) };
        keys.push(position(key)?);
        values.push(draft.resolve(field)?.to(Kind::Text).expr);
    }
    let (mut outputs, mut names) = (Vec::new(), Vec::new());
    if lookup.all {
        outputs.extend(0..table.columns.len());
        names.extend(table.columns.iter().cloned());
    }
    for (column, name) in lookup.outputs() {
        outputs.push(position(column)?);
        names.push(name.text.clone());
    }
    let mut resources = Resources::default();
    let digest = table.digest();
    resources.add(digest.clone(), table.clone());
    let found = call_with(LookupRow { table: digest, keys, outputs }, values, &resources);
    let packed = draft.hide("lookup", Typed::new(found, Kind::Text))?;
    let field =
        |(index, name)| (name, Role::Field, Typed::new(ValueFunction::Item(index).of(column(&packed)), Kind::Text));
    draft.add(names.into_iter().enumerate().map(field).collect())
}

/// There is no such table: in `check` its fields are there all the same.
fn missing(draft: &mut Draft<'_>, lookup: &Lookup, code: &'static str, message: String) -> Result<(), Diagnostic> {
    let dynamic = draft.dynamic || lookup.all;
    draft.cannot_run(code, message, lookup.table_place.0)?;
    // All other fields than those of `*` are known.
    draft.dynamic = dynamic;
    let field = |(_, name): (&Name, &Name)| (name.text.clone(), Role::Field, Typed::null().to(Kind::Text));
    draft.add(lookup.outputs().map(field).collect())
}

/// The values of a table's first row for a key, packed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct LookupRow {
    /// The table's digest.
    table: String,
    /// The columns that are compared, in any case.
    keys: Vec<usize>,
    /// The columns that are given.
    outputs: Vec<usize>,
}

impl Function for LookupRow {
    const NAME: &'static str = "sumo.lookup";

    fn returns(&self) -> DataType {
        DataType::Utf8
    }

    fn code(&self, resources: &Resources) -> PlanResult<Code> {
        let table = resources.get::<LookupTable>(&self.table);
        let table = table.ok_or_else(|| exec_datafusion_err!("the lookup table {} is not at hand", self.table))?;
        let mut index: HashMap<Vec<String>, String> = HashMap::new();
        for row in table.rows.iter() {
            let key = self.keys.iter().map(|at| row.get(*at).map(|text| text.to_lowercase()).unwrap_or_default());
            index.entry(key.collect()).or_insert_with(|| pack(self.outputs.iter().map(|at| row.get(*at))));
        }
        Ok(Code::row(move |row| {
            let wanted: Option<Vec<String>> = row.iter().map(|cell| cell.as_text().map(str::to_lowercase)).collect();
            wanted.and_then(|wanted| index.get(&wanted)).map(|packed| Cell::text(packed.clone())).into()
        }))
    }
}
