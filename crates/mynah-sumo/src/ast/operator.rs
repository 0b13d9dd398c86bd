use super::{Count, Expression, Name, Place, Text};

/// What one step of a query does.
#[derive(Debug, Clone, PartialEq)]
pub enum Operator {
    /// `count by x`, `sum(x) as y, avg(z) by w`.
    Aggregate(Aggregate),
    /// `expression as name`.
    Assignment(Assignment),
    /// `count_frequent a, b`.
    CountFrequent(Vec<Key>),
    /// `dedup`.
    Dedup(Dedup),
    /// `csv` or `split`.
    Delimited(Delimited),
    /// `fields`.
    Fields(Fields),
    /// `fillmissing`.
    FillMissing(FillMissing),
    /// `json`.
    Json(Json),
    /// `keyvalue`, `kv`.
    KeyValue(KeyValue),
    /// `limit n`.
    Limit(Count),
    /// `lookup`.
    Lookup(Lookup),
    /// `parse` with anchors.
    ParseAnchor(Vec<ParseAnchor>),
    /// `parse regex`, `extract`.
    ParseRegex(Vec<ParseRegex>),
    /// `parse xml`.
    ParseXml(ParseXml),
    /// `save`.
    Save(Save),
    /// `sort`, `order`.
    Sort(Vec<SortKey>),
    /// `timeslice`.
    Timeslice(Timeslice),
    /// `top`.
    Top(Top),
    /// `topk`.
    TopK(TopK),
    /// `transpose`.
    Transpose(Transpose),
    /// `where condition`.
    Where(Expression),
    /// `total`, `accum`, `smooth`, `rollingstd`, `backshift`, `diff`.
    Window(Window),
    /// `withtime`.
    WithTime(WithTime),
}

/// Values of groups of rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// What is computed of each group.
    pub calls: Vec<AggregateCall>,
    /// What the rows are grouped by.
    pub keys: Vec<Key>,
}

/// A call of an aggregating function: `sum(x) as y`, `count`.
#[derive(Debug, Clone, PartialEq)]
pub struct AggregateCall {
    /// The function.
    pub function: Name,
    /// Its arguments.
    pub arguments: Vec<Expression>,
    /// `count(*)`.
    pub star: bool,
    /// The field it makes.
    pub name: Option<Name>,
    /// Where it stands.
    pub place: Place,
}

/// What rows are grouped by: a field, or an expression with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// The value.
    pub value: Expression,
    /// Its name.
    pub name: Option<Name>,
}

impl Key {
    /// The field's name in the result.
    pub fn label(&self) -> String {
        match (&self.name, &self.value) {
            (Some(name), _) | (None, Expression::Field(name)) => name.text.clone(),
            (None, other) => other.to_string(),
        }
    }
}

/// `value as name`.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The value.
    pub value: Expression,
    /// The field it becomes; without one, a function changes its own argument.
    pub name: Option<Name>,
}

/// `dedup [consecutive] [n] [by a, b]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Dedup {
    /// Only of rows that follow one another.
    pub consecutive: bool,
    /// How many are kept.
    pub number: Option<Count>,
    /// What is compared; the message, if nothing.
    pub by: Vec<Name>,
}

/// Where an operator reads.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// The message.
    Message,
    /// `field=name`.
    Field(Name),
}

impl Source {
    /// The field, if it is not the message.
    pub(crate) fn field(&self) -> Option<&Name> {
        match self {
            Source::Field(name) if !name.is_raw() => Some(name),
            _ => None,
        }
    }
}

/// `csv …` or `split …`.
#[derive(Debug, Clone, PartialEq)]
pub struct Delimited {
    /// Whether it is `csv`.
    pub is_csv: bool,
    /// Where it reads.
    pub source: Source,
    /// What stands between values.
    pub delimiter: char,
    /// What takes a delimiter's meaning from it.
    pub escape: char,
    /// What stands around values.
    pub quote: char,
    /// The number of each value, from 1, and its name.
    pub values: Vec<(usize, Name)>,
}

/// `fields a, b` or `fields - a, b`.
#[derive(Debug, Clone, PartialEq)]
pub struct Fields {
    /// With a minus: all others.
    pub without: bool,
    /// The fields.
    pub names: Vec<Name>,
}

/// `fillmissing …`.
#[derive(Debug, Clone, PartialEq)]
pub struct FillMissing {
    /// What combinations are made of.
    pub generators: Vec<Generator>,
    /// `with value for field`.
    pub with: Vec<(Expression, Name)>,
    /// `takelast`.
    pub take_last: Option<Place>,
}

/// What a field's values in `fillmissing` are.
#[derive(Debug, Clone, PartialEq)]
pub enum Generator {
    /// `timeslice(15m) in field`.
    Timeslice(Slice, Option<Name>),
    /// `values("a", "b") in field`.
    Values(Vec<Text>, Name),
    /// `values all in field`.
    AllValues(Name),
}

/// `json …`.
#[derive(Debug, Clone, PartialEq)]
pub struct Json {
    /// Where it reads.
    pub source: Source,
    /// `auto`.
    pub auto: Option<AutoOptions>,
    /// The paths, or the keys of `auto`.
    pub paths: Vec<Text>,
    /// What the values are called.
    pub names: Vec<Name>,
    /// `nodrop`.
    pub nodrop: bool,
}

/// The options of `json auto`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AutoOptions {
    /// `maxdepth n`.
    pub maxdepth: Option<Count>,
    /// `extractarrays`.
    pub extract_arrays: bool,
    /// `refonly`.
    pub refonly: bool,
}

/// `keyvalue …`.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyValue {
    /// Where it reads.
    pub source: Source,
    /// `auto`.
    pub auto: bool,
    /// `delim`.
    pub delimiter: Option<Text>,
    /// `regex`.
    pub regex: Option<Text>,
    /// The keys.
    pub keys: Vec<Text>,
    /// What their values are called.
    pub names: Vec<Name>,
    /// `nodrop`.
    pub nodrop: bool,
}

/// `lookup a as b from table on x=y`.
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    /// `*`: every column.
    pub all: bool,
    /// The columns and what they are called.
    pub columns: Vec<(Name, Option<Name>)>,
    /// The table's address.
    pub table: String,
    /// Where it stands.
    pub table_place: Place,
    /// Pairs of a field and a column, either first.
    pub on: Vec<(Name, Name)>,
}

impl Lookup {
    /// The columns and the fields that they become.
    pub fn outputs(&self) -> impl Iterator<Item = (&Name, &Name)> {
        self.columns.iter().map(|(column, alias)| (column, alias.as_ref().unwrap_or(column)))
    }
}

/// `parse "…" as …`.
#[derive(Debug, Clone, PartialEq)]
pub struct ParseAnchor {
    /// Where it reads.
    pub source: Source,
    /// The text with `*` in it.
    pub pattern: Text,
    /// What the values are called.
    pub names: Vec<Name>,
    /// `nodrop`.
    pub nodrop: bool,
    /// `multi`.
    pub multi: bool,
    /// Where it stands.
    pub place: Place,
}

impl ParseAnchor {
    /// The texts between the wildcards; `\*` is a star.
    pub fn anchors(&self) -> Vec<String> {
        let (mut anchors, mut anchor) = (Vec::new(), String::new());
        let value = self.pattern.value();
        let mut rest = value.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '\\' if rest.next_if_eq(&'*').is_some() => anchor.push('*'),
                '*' => anchors.push(std::mem::take(&mut anchor)),
                other => anchor.push(other),
            }
        }
        anchors.push(anchor);
        anchors
    }
}

/// `parse regex "…"`.
#[derive(Debug, Clone, PartialEq)]
pub struct ParseRegex {
    /// Where it reads.
    pub source: Source,
    /// The regular expression.
    pub pattern: Text,
    /// `nodrop`.
    pub nodrop: bool,
    /// `multi`.
    pub multi: bool,
    /// Where it stands.
    pub place: Place,
}

/// `parse xml "/…" as …`.
#[derive(Debug, Clone, PartialEq)]
pub struct ParseXml {
    /// Where it reads.
    pub source: Source,
    /// The paths.
    pub paths: Vec<Text>,
    /// What the values are called.
    pub names: Vec<Name>,
    /// `nodrop`.
    pub nodrop: bool,
}

/// `save path`.
#[derive(Debug, Clone, PartialEq)]
pub struct Save {
    /// `append`.
    pub append: bool,
    /// The lookup table's address.
    pub path: String,
    /// Where it stands.
    pub place: Place,
}

/// A field to sort by.
#[derive(Debug, Clone, PartialEq)]
pub struct SortKey {
    /// The field.
    pub name: Name,
    /// Whether the least comes first.
    pub ascending: bool,
}

/// `timeslice …`.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeslice {
    /// How long a slice is.
    pub slice: Slice,
    /// The field it makes.
    pub name: Option<Name>,
}

/// How long a slice is.
#[derive(Debug, Clone, PartialEq)]
pub enum Slice {
    /// `15m`, as written.
    Every(String, Place),
    /// `100 buckets`.
    Buckets(u64),
    /// A dashboard's parameter, with what follows it.
    Parameter(String, Place),
    /// All of the query's time.
    All,
}

/// `top n fields by keys`.
#[derive(Debug, Clone, PartialEq)]
pub struct Top {
    /// How many rows.
    pub number: Count,
    /// The fields that are shown.
    pub fields: Vec<Name>,
    /// The order.
    pub by: Vec<SortKey>,
}

/// `topk(n, fields) by keys`.
#[derive(Debug, Clone, PartialEq)]
pub struct TopK {
    /// How many rows of each group.
    pub number: Count,
    /// The fields whose greatest values count.
    pub fields: Vec<Name>,
    /// What the rows are grouped by.
    pub by: Vec<Name>,
}

/// `transpose row … column …`.
#[derive(Debug, Clone, PartialEq)]
pub struct Transpose {
    /// The fields whose values are the rows.
    pub rows: Vec<Name>,
    /// The field whose values become columns.
    pub columns: Vec<Name>,
    /// Columns that are there in any case.
    pub names: Vec<Name>,
    /// `*` among the names, or no names at all.
    pub others: bool,
}

/// A value of each row from its neighbours: `total x as y by z` and its like.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// Which of them.
    pub kind: WindowKind,
    /// The field.
    pub field: Name,
    /// How many rows.
    pub length: Option<Count>,
    /// The field it makes.
    pub name: Option<Name>,
    /// What the rows are grouped by.
    pub by: Vec<Name>,
}

/// Which value of a row's neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowKind {
    /// The sum of all.
    Total,
    /// The sum up to the row.
    Accum,
    /// The mean of the last rows.
    Smooth,
    /// The standard deviation of the last rows.
    RollingStd,
    /// The value some rows before.
    Backshift,
    /// The difference from the row before.
    Diff,
}

impl WindowKind {
    /// All of them.
    pub const ALL: [WindowKind; 6] = [
        WindowKind::Total,
        WindowKind::Accum,
        WindowKind::Smooth,
        WindowKind::RollingStd,
        WindowKind::Backshift,
        WindowKind::Diff,
    ];

    /// The operator's name.
    pub fn name(self) -> &'static str {
        match self {
            WindowKind::Total => "total",
            WindowKind::Accum => "accum",
            WindowKind::Smooth => "smooth",
            WindowKind::RollingStd => "rollingstd",
            WindowKind::Backshift => "backshift",
            WindowKind::Diff => "diff",
        }
    }
}

/// `withtime field`.
#[derive(Debug, Clone, PartialEq)]
pub struct WithTime {
    /// The field.
    pub field: Name,
    /// The field it makes.
    pub name: Option<Name>,
}

/// The names in an operator outside of its expressions.
#[derive(Debug, Default)]
pub(crate) struct Names<'a> {
    /// Fields that it reads.
    pub read: Vec<&'a Name>,
    /// Fields that it makes.
    pub made: Vec<&'a Name>,
}

impl Operator {
    /// The expressions it holds.
    pub fn expressions(&self) -> Vec<&Expression> {
        match self {
            Operator::Where(condition) => vec![condition],
            Operator::Assignment(assignment) => vec![&assignment.value],
            Operator::Aggregate(aggregate) => {
                let keys = aggregate.keys.iter().map(|key| &key.value);
                aggregate.calls.iter().flat_map(|call| &call.arguments).chain(keys).collect()
            }
            Operator::CountFrequent(keys) => keys.iter().map(|key| &key.value).collect(),
            _ => Vec::new(),
        }
    }

    /// The names it holds beside its expressions.
    pub(crate) fn names(&self) -> Names<'_> {
        let mut names = Names::default();
        let Names { read, made } = &mut names;
        match self {
            Operator::Aggregate(aggregate) => {
                made.extend(aggregate.calls.iter().filter_map(|call| call.name.as_ref()));
                made.extend(aggregate.keys.iter().filter_map(|key| key.name.as_ref()));
            }
            Operator::Assignment(assignment) => made.extend(&assignment.name),
            Operator::CountFrequent(keys) => made.extend(keys.iter().filter_map(|key| key.name.as_ref())),
            Operator::Dedup(dedup) => read.extend(&dedup.by),
            Operator::Delimited(delimited) => {
                read.extend(delimited.source.field());
                made.extend(delimited.values.iter().map(|(_, name)| name));
            }
            Operator::Fields(fields) => read.extend(&fields.names),
            Operator::FillMissing(fill) => {
                for generator in &fill.generators {
                    match generator {
                        Generator::Values(_, name) | Generator::AllValues(name) => read.push(name),
                        Generator::Timeslice(_, name) => read.extend(name),
                    }
                }
                read.extend(fill.with.iter().map(|(_, name)| name));
            }
            Operator::Json(Json { source, names, .. })
            | Operator::KeyValue(KeyValue { source, names, .. })
            | Operator::ParseXml(ParseXml { source, names, .. }) => {
                read.extend(source.field());
                made.extend(names);
            }
            Operator::Lookup(lookup) => {
                read.extend(lookup.on.iter().flat_map(|(left, right)| [left, right]));
                made.extend(lookup.outputs().map(|(_, name)| name));
            }
            Operator::ParseAnchor(all) => {
                read.extend(all.iter().filter_map(|parse| parse.source.field()));
                made.extend(all.iter().flat_map(|parse| &parse.names));
            }
            Operator::ParseRegex(all) => read.extend(all.iter().filter_map(|parse| parse.source.field())),
            Operator::Sort(keys) => read.extend(keys.iter().map(|key| &key.name)),
            Operator::Timeslice(timeslice) => made.extend(&timeslice.name),
            Operator::Top(top) => read.extend(top.fields.iter().chain(top.by.iter().map(|key| &key.name))),
            Operator::TopK(top) => read.extend(top.fields.iter().chain(&top.by)),
            Operator::Transpose(transpose) => {
                read.extend(transpose.rows.iter().chain(&transpose.columns));
                made.extend(&transpose.names);
            }
            Operator::Window(window) => {
                read.extend([&window.field].into_iter().chain(&window.by));
                made.extend(&window.name);
            }
            Operator::WithTime(with) => {
                read.push(&with.field);
                made.extend(&with.name);
            }
            Operator::Limit(_) | Operator::Save(_) | Operator::Where(_) => {}
        }
        names
    }
}
