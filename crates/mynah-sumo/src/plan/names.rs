//! What names mean: fields that operators made, fields of the logs, paths of JSON.
use super::{Draft, JsonPath, Kind, Level, PlanColumn, Role, Typed, ValueFunction};
use crate::ast::{Expression, Extract, Generator, Method, Name, Operator, Place, Query, Scope, Step, Text};
use datafusion::common::ScalarValue;
use datafusion::functions::core::expr_fn::coalesce;
use datafusion::logical_expr::lit;
use datafusion::logical_expr::when;
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

/// The metadata field that few records hold: how many bytes the message has.
const SIZE: &str = "_size";

/// The vendor's spelling of a metadata field, if it is one.
pub(super) fn metadata(name: &str) -> Option<&'static str> {
    METADATA.into_iter().find(|known| known.eq_ignore_ascii_case(name))
}

/// Whether a name says where Sumo Logic stores a message, which says nothing about the message: partitions, views and
/// tiers.
pub(super) fn is_storage(name: &str) -> bool {
    ["_index", "_view", "_datatier"].iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The column with the whole document, in which `json auto` finds keys in any case, with underscores for spaces.
const WHOLE: &str = "json auto";

/// The same of messages of no known log source only, in which a name that views list may be written in another case.
const WHOLE_UNKNOWN: &str = "json auto of unknown messages";

/// The log source whose messages are its records' documents; of others, `_raw` is the message.
const UNLISTED: &str = "json";

/// The fields of the logs that a query may read, by the name in lower case.
pub(super) type Bound = BTreeMap<String, ScanColumn>;

/// Finds the columns of all fields that a query names, whether an operator makes them or the logs have them: a column
/// that is not read is left out when the plan is optimised. `also` are names that are read when all is done.
pub(super) fn bind(query: &Query, view: &PlatformView, also: &[Name]) -> Bound {
    let mut bound = Bound::new();
    let mut field = |name: &str| bind_field(&mut bound, view, name);
    ["_messageTime", "_raw"].into_iter().for_each(&mut field);
    query.scope.walk(&mut |scope| match scope {
        Scope::Field(name, _, _) => field(&name.text),
        // Its fields must be equal to this query's.
        Scope::Subquery(subquery) if !subquery.keywords => subquery.compose.iter().for_each(|name| field(&name.text)),
        _ => {}
    });
    also.iter().for_each(|name| field(&name.text));
    let mut documents: Vec<Path> = Vec::new();
    let mut steps: Vec<&Step> = query.steps.iter().collect();
    let mut next = 0;
    while let Some(step) = steps.get(next) {
        next += 1;
        let step = *step;
        steps.extend(step.operator.inner());
        step.operator.names().read.into_iter().for_each(|name| field(&name.text));
        for expression in step.operator.expressions() {
            expression.walk(&mut |expression| match expression {
                Expression::Field(name) => field(&name.text),
                Expression::Subquery(subquery) => subquery.compose.iter().for_each(|name| field(&name.text)),
                _ => {}
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
    let opens = |operator: &Operator| {
        matches!(operator, Operator::Extract(all)
            if all.iter().any(|extract| matches!(extract.method, Method::JsonAuto(_)) && extract.field().is_none()))
    };
    if steps.iter().any(|step| opens(&step.operator)) {
        let mut whole = view.document_column(WHOLE, &Path(Vec::new()));
        let messages = view.resolve("_raw").column.bindings;
        for (source, bindings) in whole.bindings.iter_mut().filter(|(source, _)| source.as_str() != UNLISTED) {
            if let Some((_, message)) = messages.iter().find(|(known, _)| known == source) {
                *bindings = message.clone();
            }
        }
        let mut unknown = ScanColumn { name: WHOLE_UNKNOWN.to_owned(), ..whole.clone() };
        unknown.bindings.retain(|(source, _)| source.as_str() == UNLISTED);
        bound.insert(WHOLE_UNKNOWN.to_owned(), unknown);
        bound.insert(WHOLE.to_owned(), whole);
    }
    // `t1__messagetime` of a join is `_messagetime` of its table.
    let tables =
        steps.iter().filter_map(|step| if let Operator::Join(join) = &step.operator { Some(join) } else { None });
    let prefixes = tables.flat_map(|join| &join.tables).map(|table| format!("{}_", table.name.key()));
    let mut inner: Vec<String> = Vec::new();
    for prefix in prefixes {
        inner.extend(
            bound
                .values()
                .filter_map(|column| {
                    column.name.get(prefix.len()..).filter(|_| column.name.to_lowercase().starts_with(&prefix))
                })
                .map(str::to_owned),
        );
    }
    inner.iter().for_each(|name| bind_field(&mut bound, view, name));
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
        // The latest `json auto` or `keyvalue auto` counts.
        let opened = self.opened.iter().rev().map(|opened| Ok(opened.value(name)?.expr));
        let mut values: Vec<Expr> = opened.collect::<Result<_, Diagnostic>>()?;
        match self.level {
            Level::Groups if !values.is_empty() => Ok(Typed::new(coalesce(values), Kind::Text)),
            Level::Messages => {
                let scanned = self.auto_scanned(&name.text);
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

    /// A field of the logs, through the platform's view; or what an operator has put in the place of metadata.
    pub fn scanned(&mut self, name: &str) -> Typed {
        if metadata(name).is_some()
            && let Some(made) = self.field(name)
        {
            return Typed::new(column(&made.name), made.kind);
        }
        let column = self.bound.get(&name.to_lowercase()).map(|column| column.name.clone());
        let value = self.read_column(column, name);
        if !name.eq_ignore_ascii_case(SIZE) {
            return value;
        }
        let size = ValueFunction::Size.of(self.raw().expr);
        Typed::new(coalesce(vec![value.to(Kind::Integer).expr, size]), Kind::Integer)
    }

    /// A field of the logs, in whatever case and with underscores for spaces where the query has `json auto`. A name that
    /// views list is looked for so in messages of no known log source only: the others have it where their view says.
    pub fn auto_scanned(&mut self, name: &str) -> Typed {
        let scanned = self.scanned(name);
        if scanned.kind != Kind::Text || !self.bound.contains_key(WHOLE) || metadata(name).is_some() {
            return scanned;
        }
        let is_listed = self.context.view.resolve(name).known;
        let whole = self.scanned(if is_listed { WHOLE_UNKNOWN } else { WHOLE }).expr;
        let found = ValueFunction::JsonAuto(name.to_lowercase()).of(whole.clone());
        // Said as a condition, so that the search of the bytes sees for which log sources it cannot be.
        let found = match is_listed {
            true => when(whole.is_not_null(), found.clone()).end().unwrap_or(found),
            false => found,
        };
        Typed::new(coalesce(vec![scanned.expr, found]), Kind::Text)
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

    /// Whether an operator has put another text in the place of the message: `if(isEmpty(log), _raw, log) as _raw`.
    pub fn has_own_raw(&self) -> bool {
        self.field("_raw").is_some()
    }

    /// The text of the message.
    pub fn raw(&mut self) -> Typed {
        self.scanned("_raw").to(Kind::Text)
    }

    /// Whether names that no operator made can be found in ways that the scanned columns do not know.
    pub fn finds_names(&self) -> bool {
        !self.opened.is_empty() || self.bound.contains_key(WHOLE)
    }

    /// Whether the logs have nothing under this name.
    pub fn is_unbound(&self, name: &Name) -> bool {
        !name.text.eq_ignore_ascii_case(SIZE)
            && self.bound.get(&name.key()).is_some_and(|column| column.bindings.is_empty())
    }
}

impl Draft<'_> {
    /// Whether a name is no field that is known: none that an operator made, and none that a view lists.
    fn is_unlisted(&self, name: &Name) -> bool {
        // Behind what could not be planned yet, an operator's fields are not known.
        self.level == Level::Messages
            && !self.broken
            && !self.dynamic
            && !name.quoted
            && self.opened.is_empty()
            && self.field(&name.text).is_none()
            && metadata(&name.text).is_none()
            && !self.context.view.resolve(&name.text).known
            && !self.context.view.names().iter().any(|known| known.eq_ignore_ascii_case(&name.text))
    }

    /// Says so where a word that stands for a value is read as a field that nobody knows.
    pub fn doubt_value(&mut self, value: &Expression) {
        let Expression::Field(name) = value else { return };
        if !self.is_unlisted(name) {
            return;
        }
        let message =
            format!("`{}` is read as the name of a field, which no operator makes and no log source lists", name.text);
        self.diagnostics.push(
            Diagnostic::warning("sumo/unquoted-value", message, name.span())
                .with_help("a text stands in double quotes")
                .with_fix(name.span(), format!("\"{}\"", name.text), "quote the value"),
        );
    }

    /// Says so where rows are grouped by a name that nobody knows and that is like one that is known.
    pub fn doubt_key(&mut self, key: &Expression) {
        let Expression::Field(name) = key else { return };
        if !self.is_unlisted(name) {
            return;
        }
        // A site may have fields of its own, so that only what is like a field of this query is doubted.
        let Some(near) = nearest(&name.text, self.fields().map(|field| field.name.as_str())).map(str::to_owned) else {
            return;
        };
        let message = format!("no operator makes `{}` and no log source lists it", name.text);
        self.diagnostics.push(Diagnostic::warning("sumo/unlisted-field", message, name.span()).with_fix(
            name.span(),
            near.clone(),
            format!("did you mean `{near}`?"),
        ));
    }
}
