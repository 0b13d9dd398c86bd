//! What names mean: fields that operators made, fields of the logs, paths of JSON.
use super::{Draft, JsonPath, Kind, Level, PlanColumn, Role, Typed, ValueFunction};
use crate::ast::{Expression, Extract, Generator, Method, Name, Operator, Place, Query, Scope, Text};
use datafusion::common::ScalarValue;
use datafusion::functions::core::expr_fn::coalesce;
use datafusion::logical_expr::lit;
use datafusion::prelude::Expr;
use mynah_dialect::{Meaning, Name as Named, column};
use mynah_event::Path;
use mynah_syntax::{Diagnostic, nearest};
use mynah_view::{PlatformView, ScanColumn};
use std::collections::BTreeMap;

/// The built-in metadata fields, in the vendor's spelling.
///
/// Source: <https://www.sumologic.com/help/docs/search/get-started-with-search/search-basics/built-in-metadata/>
const METADATA: [&str; 12] = [
    "_collector",
    "_messageCount",
    "_messageTime",
    "_raw",
    "_receiptTime",
    "_size",
    "_source",
    "_sourceCategory",
    "_sourceHost",
    "_sourceName",
    "_format",
    "_view",
];

/// The vendor's spelling of a metadata field, if it is one.
pub(super) fn metadata(name: &str) -> Option<&'static str> {
    METADATA.into_iter().find(|known| known.eq_ignore_ascii_case(name))
}

/// Whether a name says where Sumo Logic stores a message, which says nothing about the message: partitions, views and
/// tiers.
pub(super) fn is_storage(name: &str) -> bool {
    ["_index", "_view", "_datatier"].iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The fields of the logs that a query may read, by the name in lower case.
pub(super) type Bound = BTreeMap<String, ScanColumn>;

/// Finds the columns of all fields that a query names, whether an operator makes them or the logs have them: a column
/// that is not read is left out when the plan is optimised.
pub(super) fn bind(query: &Query, view: &PlatformView) -> Bound {
    let mut bound = Bound::new();
    let mut field = |name: &str| bind_field(&mut bound, view, name);
    ["_messageTime", "_raw"].into_iter().for_each(&mut field);
    query.scope.walk(&mut |scope| {
        if let Scope::Field(name, _, _) = scope {
            field(&name.text);
        }
    });
    let mut documents: Vec<Path> = Vec::new();
    for step in &query.steps {
        step.operator.names().read.into_iter().for_each(|name| field(&name.text));
        for expression in step.operator.expressions() {
            expression.walk(&mut |expression| {
                if let Expression::Field(name) = expression {
                    field(&name.text);
                }
            });
        }
        match &step.operator {
            Operator::Extract(all) => {
                for extract in all {
                    let texts = extract.texts.iter().map(Text::value);
                    match extract.method {
                        Method::JsonAuto(_) => texts.for_each(|key| field(&key)),
                        Method::Json => documents.extend(texts.filter_map(|path| document_path(extract, &path))),
                        _ => {}
                    }
                }
            }
            Operator::FillMissing(fill)
                if fill.generators.iter().any(|g| matches!(g, Generator::Timeslice(_, None))) =>
            {
                field("_timeslice");
            }
            _ => {}
        }
    }
    for path in documents {
        let name = document_name(&path);
        bound.entry(name.clone()).or_insert_with(|| view.document_column(&name, &path));
    }
    bound
}

/// A field in this spelling and in those that the view lists: any of them may be the log's.
fn bind_field(bound: &mut Bound, view: &PlatformView, name: &str) {
    let key = name.to_lowercase();
    let column = match (bound.remove(&key), metadata(name)) {
        (Some(known), canonical) if canonical.is_some() || known.name == name => known,
        (Some(known), _) => merge(known, view.resolve(name).column),
        (None, Some(canonical)) => view.resolve(canonical).column,
        (None, None) => {
            let others = view.names().into_iter().filter(|known| *known != name && known.eq_ignore_ascii_case(name));
            others.fold(view.resolve(name).column, |column, other| merge(column, view.resolve(other).column))
        }
    };
    bound.insert(key, column);
}

/// The path of the record's document that `json` reads, if it reads the message and leads to one value.
pub(super) fn document_path(json: &Extract, path: &str) -> Option<Path> {
    if json.field().is_some() { None } else { JsonPath::parse(path).ok()?.to_path() }
}

fn document_name(path: &Path) -> String {
    format!("json {path}")
}

/// A column that reads what either reads, the first one first.
fn merge(first: ScanColumn, second: ScanColumn) -> ScanColumn {
    let mut bindings = first.bindings;
    for (source, more) in second.bindings {
        match bindings.iter_mut().find(|(known, _)| *known == source) {
            Some((_, own)) => {
                let new = more.iter().filter(|binding| !own.contains(binding)).cloned().collect::<Vec<_>>();
                *own = own.iter().cloned().chain(new).collect();
            }
            None => bindings.push((source, more)),
        }
    }
    ScanColumn { name: first.name, field_type: first.field_type.unify(second.field_type), bindings }
}

impl Draft<'_> {
    /// The fields that operators made, as far as they can be named.
    pub fn fields(&self) -> impl Iterator<Item = &PlanColumn> {
        self.columns.iter().filter(|column| column.role == Role::Field)
    }

    /// The field that an operator made under this name, in any case.
    pub fn field(&self, name: &str) -> Option<&PlanColumn> {
        let key = name.to_lowercase();
        self.columns.iter().find(|column| column.role == Role::Field && column.name.to_lowercase() == key)
    }

    /// The value of a field.
    pub fn resolve(&mut self, name: &Name) -> Result<Typed, Diagnostic> {
        let (value, meaning) = match (self.field(&name.text), self.level) {
            (Some(field), _) => (Ok(Typed::new(column(&field.name), field.kind)), Meaning::Column),
            (None, Level::Messages) => (self.unmade(name), self.meaning(&name.text)),
            (None, Level::Groups) => (self.unmade(name), Meaning::Unknown),
        };
        if name.span() != Place::default().0 {
            self.names.push(Named { span: name.span(), meaning });
        }
        value
    }

    /// The values of several fields.
    pub fn values(&mut self, names: &[Name]) -> Result<Vec<Expr>, Diagnostic> {
        names.iter().map(|name| Ok(self.resolve(name)?.expr)).collect()
    }

    fn meaning(&self, name: &str) -> Meaning {
        let known = metadata(name).unwrap_or(name);
        match Meaning::of_field(known, self.context.view) {
            // Any path of a message's JSON is a field.
            Meaning::Unknown => match self.bound.get(&name.to_lowercase()) {
                Some(column) if !column.bindings.is_empty() => Meaning::Field {
                    field_type: column.field_type,
                    log_sources: column.bindings.iter().map(|(source, _)| source.clone()).collect(),
                },
                _ => Meaning::Unknown,
            },
            meaning => meaning,
        }
    }

    /// The value of a field that no operator made.
    fn unmade(&mut self, name: &Name) -> Result<Typed, Diagnostic> {
        if let Some(parameter) = name.text.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")) {
            self.parameter(parameter, name.span())?;
            return Ok(Typed::null());
        }
        // The latest `json auto` counts.
        let opened = self.opened.iter().rev().map(|opened| self.opened_value(opened, &name.text).expr);
        let mut values: Vec<Expr> = opened.collect();
        match self.level {
            Level::Groups if !values.is_empty() => Ok(Typed::new(coalesce(values), Kind::Text)),
            Level::Messages => {
                let scanned = self.scanned(&name.text);
                if values.is_empty() || metadata(&name.text).is_some() {
                    return Ok(scanned);
                }
                values.push(scanned.to(Kind::Text).expr);
                Ok(Typed::new(coalesce(values), Kind::Text))
            }
            Level::Groups if self.dynamic || self.broken => Ok(Typed::null()),
            Level::Groups => {
                let known: Vec<&str> = self.fields().map(|column| column.name.as_str()).collect();
                let message = format!("there is no field `{}` here", name.text);
                let mut error = Diagnostic::error("sumo/unknown-field", message, name.span());
                if let Some(near) = nearest(&name.text, known.iter().copied()) {
                    error = error.with_fix(name.span(), near, format!("did you mean `{near}`?"));
                }
                Err(error.with_help(format!("after an aggregate only its fields can be named: {}", known.join(", "))))
            }
        }
    }

    /// The text that an operator reads.
    pub fn source(&mut self, operator: &Extract) -> Result<Expr, Diagnostic> {
        match operator.field() {
            Some(name) => Ok(self.resolve(name)?.to(Kind::Text).expr),
            None => Ok(self.raw().expr),
        }
    }

    /// A field of the logs, through the platform's view.
    pub fn scanned(&mut self, name: &str) -> Typed {
        let column = self.bound.get(&name.to_lowercase()).map(|column| column.name.clone());
        self.read_column(column, name)
    }

    /// A path of the records' documents, as a field of the logs.
    pub fn document(&mut self, path: &Path) -> Typed {
        let name = document_name(path);
        self.read_column(Some(name.clone()), &name)
    }

    fn read_column(&mut self, bound: Option<String>, name: &str) -> Typed {
        let scanned = || self.columns.iter().filter(|column| column.role == Role::Scan);
        let exact = scanned().find(|column| Some(&column.name) == bound.as_ref());
        let found = exact.or_else(|| scanned().find(|column| column.name.eq_ignore_ascii_case(name)));
        let Some(found) = found else {
            // `fields -` took it away, or an operator's field of this name.
            let kind = self.bound.get(&name.to_lowercase()).map_or(Kind::Text, Kind::of);
            let null = ScalarValue::try_from(&kind.data_type()).unwrap_or(ScalarValue::Null);
            return Typed::new(lit(null), kind);
        };
        self.read.insert(found.name.clone());
        if found.many { Typed::list(column(&found.name)) } else { Typed::new(column(&found.name), found.kind) }
    }

    /// The text of the message.
    pub fn raw(&mut self) -> Typed {
        self.scanned("_raw").to(Kind::Text)
    }

    /// The value of a name in the JSON of a hidden column.
    pub fn opened_value(&self, hidden: &str, name: &str) -> Typed {
        Typed::new(ValueFunction::JsonAuto(name.to_lowercase()).of(column(hidden)), Kind::Text)
    }

    /// Whether the logs have nothing under this name.
    pub fn is_unbound(&self, name: &Name) -> bool {
        self.bound.get(&name.key()).is_some_and(|column| column.bindings.is_empty())
    }
}
