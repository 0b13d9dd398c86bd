//! `lookup`.
use crate::ast::{Name, Place};
use crate::parser::{Parsed, Parser};
use crate::plan::{Kind, Role, Stage, Typed, item};
use datafusion::arrow::datatypes::DataType;
use mynah_dialect::{FunctionDoc, LookupTable, Mode, column};
use mynah_kernels::{Cell, row_function};
use mynah_syntax::Diagnostic;
use std::collections::HashMap;
use std::fmt;

pub(super) const DOC: FunctionDoc = FunctionDoc {
    name: "lookup",
    usage: "| lookup column [as name], … from path://\"table\" on field=column, …",
    summary: "Adds columns of a lookup table of the site; names and values match in any case, and null stands where no row matches. The tables that Sumo Logic keeps itself (geo://, asn://, sumo://threat) are not at hand.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/lookup/",
    examples: &[],
};

/// `lookup … from … on …`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lookup {
    /// `*`: every column.
    all: bool,
    columns: Vec<(Name, Option<Name>)>,
    table: String,
    table_place: Place,
    on: Vec<(Name, Name)>,
}

impl Lookup {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        p.expect_word("lookup")?;
        let mut columns = Vec::new();
        let all = p.eat_symbol("*");
        while !all && !p.at_word("from") {
            columns.push((p.name()?, p.alias()?));
            if !p.eat_symbol(",") {
                break;
            }
        }
        p.expect_word("from")?;
        let (table, span) = p.raw_word()?;
        p.expect_word("on")?;
        let mut on = Vec::new();
        loop {
            let left = p.name()?;
            if !p.eat_symbol("==") {
                p.expect_symbol("=")?;
            }
            on.push((left, p.name()?));
            if !p.eat_symbol(",") && !p.eat_word("and") {
                break;
            }
        }
        Ok(Lookup { all, columns, table, table_place: Place(span), on })
    }

    fn outputs(&self) -> impl Iterator<Item = (&Name, &Name)> {
        self.columns.iter().map(|(column, alias)| (column, alias.as_ref().unwrap_or(column)))
    }

    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        let built_in =
            ["geo://", "asn://", "sumo://", "threat://"].iter().find(|scheme| self.table.starts_with(**scheme));
        if built_in.is_some() {
            // These name the table's column first, the field second.
            for (_, field) in &self.on {
                stage.resolve(field)?;
            }
            let message = format!("`{}` is a table of Sumo Logic's own, which is not at hand", self.table);
            return self.missing(stage, "sumo/unsupported-lookup", message);
        }
        // The field comes first; in older queries often the table's column. Which is which shows in the names.
        let path = self.table.strip_prefix("path://").unwrap_or(&self.table).trim_matches('"').to_owned();
        let name = path.rsplit('/').next().unwrap_or(&path);
        let lookups = &stage.context.site.lookups;
        let Some(table) = lookups.get(&path).or_else(|| lookups.get(name)) else {
            for (left, right) in &self.on {
                let known = stage.resolve(left).or_else(|error| stage.resolve(right).map_err(|_| error));
                known?;
            }
            let message = format!("the site has no lookup table `{path}`");
            return self.missing(stage, "sumo/unknown-lookup", message);
        };
        let table = table.clone();
        let position = |wanted: &Name| {
            table.columns.iter().position(|column| column.eq_ignore_ascii_case(&wanted.text)).ok_or_else(|| {
                Diagnostic::error(
                    "sumo/unknown-column",
                    format!("the table has no column `{}`", wanted.text),
                    wanted.span(),
                )
                .with_help(format!("its columns are {}", table.columns.join(", ")))
            })
        };
        let mut keys = Vec::new();
        let mut values = Vec::new();
        for (left, right) in &self.on {
            let (field, key) =
                if position(right).is_err() && position(left).is_ok() { (right, left) } else { (left, right) };
            keys.push(position(key)?);
            values.push(stage.resolve(field)?.to(Kind::Text).expr);
        }
        let mut outputs: Vec<(usize, String)> = Vec::new();
        if self.all {
            outputs.extend(table.columns.iter().cloned().enumerate());
        }
        for (column, name) in self.outputs() {
            outputs.push((position(column)?, name.text.clone()));
        }
        let index = index(&table, &keys, &outputs);
        let key = format!("lookup {path} {keys:?} {outputs:?}");
        let find = row_function(key, DataType::Utf8, move |row| {
            let wanted: Option<Vec<String>> = row.iter().map(|cell| cell.as_text().map(str::to_lowercase)).collect();
            wanted.and_then(|wanted| index.get(&wanted)).map(|packed| Cell::text(packed.clone())).into()
        });
        let packed = stage.hide("lookup", Typed::new(find.call(values), Kind::Text))?;
        let fields = outputs
            .into_iter()
            .enumerate()
            .map(|(number, (_, name))| {
                (name, Role::Field, Typed::new(item(number).call(vec![column(&packed)]), Kind::Text))
            })
            .collect();
        stage.add(fields)
    }

    /// There is no such table: in `check` its fields are there all the same.
    fn missing(&self, stage: &mut Stage<'_>, code: &'static str, message: String) -> Result<(), Diagnostic> {
        let span = self.table_place.0;
        if stage.context.mode == Mode::Run {
            return Err(Diagnostic::error(code, message, span));
        }
        stage.diagnostics.push(Diagnostic::warning(code, message, span));
        stage.dynamic |= self.all;
        let fields =
            self.outputs().map(|(_, name)| (name.text.clone(), Role::Field, Typed::null().to(Kind::Text))).collect();
        stage.add(fields)
    }
}

/// The output values of the first row for each key, keys in lower case.
fn index(table: &LookupTable, keys: &[usize], outputs: &[(usize, String)]) -> HashMap<Vec<String>, String> {
    let mut index = HashMap::new();
    for row in table.rows.iter() {
        let key = keys.iter().map(|at| row.get(*at).map(|text| text.to_lowercase()).unwrap_or_default()).collect();
        let packed = outputs
            .iter()
            .map(|(at, _)| row.get(*at).map_or("-".to_owned(), |text| format!("{}:{text}", text.len())))
            .collect();
        index.entry(key).or_insert(packed);
    }
    index
}

impl fmt::Display for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("lookup ")?;
        if self.all {
            f.write_str("*")?;
        }
        for (index, (column, alias)) in self.columns.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{column}")?;
            if let Some(alias) = alias {
                write!(f, " as {alias}")?;
            }
        }
        write!(f, " from {} on ", self.table)?;
        for (index, (left, right)) in self.on.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{left}={right}")?;
        }
        Ok(())
    }
}
