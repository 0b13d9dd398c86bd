use super::{
    Bin, Compare, Count, Expression, Filter, Join, MergeField, Name, Outlier, Place, Predict, SessionPart, Text, Trace,
    Transaction, Transactionize,
};

/// What one step of a query does.
#[derive(Debug, Clone, PartialEq)]
pub enum Operator {
    /// Values of groups of rows: `count by x`, `sum(x) as y, avg(z) by w`.
    Aggregate {
        /// What is computed of each group.
        calls: Vec<AggregateCall>,
        /// What the rows are grouped by.
        keys: Vec<Key>,
    },
    /// `value as name`.
    Assignment {
        /// The value.
        value: Expression,
        /// The field it becomes; without one, a function changes its own argument.
        name: Option<Name>,
    },
    /// `bin …`.
    Bin(Bin),
    /// `compare …`.
    Compare(Compare),
    /// `count_frequent a, b`.
    CountFrequent(Vec<Key>),
    /// `dedup [consecutive] [n] [by a, b]`.
    Dedup {
        /// Only of rows that follow one another.
        consecutive: bool,
        /// How many are kept.
        number: Option<Count>,
        /// What is compared; the message, if nothing.
        by: Vec<Name>,
    },
    /// `parse`, `json`, `keyvalue`, `csv` and `split`; `parse` and `parse regex` take several with commas between them.
    Extract(Vec<Extract>),
    /// `fields a, b` or `fields - a, b`.
    Fields {
        /// With a minus: all others.
        without: bool,
        /// The fields.
        names: Vec<Name>,
    },
    /// `fillmissing …`.
    FillMissing(FillMissing),
    /// `filter …`.
    Filter(Filter),
    /// `join …`.
    Join(Box<Join>),
    /// `limit n`.
    Limit(Count),
    /// `lookup a as b from table on x=y`.
    Lookup(Lookup),
    /// `merge …`.
    Merge(Vec<MergeField>),
    /// `outlier …`.
    Outlier(Box<Outlier>),
    /// `predict …`.
    Predict(Predict),
    /// `save path`.
    Save {
        /// `append`.
        append: bool,
        /// The lookup table's address.
        path: String,
        /// Where it stands.
        place: Place,
    },
    /// `sessionize …`.
    Sessionize(Vec<SessionPart>),
    /// `sort`, `order`.
    Sort(Vec<SortKey>),
    /// `timeslice …`.
    Timeslice {
        /// How long a slice is.
        slice: Slice,
        /// The field it makes.
        name: Option<Name>,
    },
    /// `top n fields by keys`.
    Top {
        /// How many rows.
        number: Count,
        /// The fields that are shown.
        fields: Vec<Name>,
        /// The order.
        by: Vec<SortKey>,
    },
    /// `topk(n, fields) by keys`.
    TopK {
        /// How many rows of each group.
        number: Count,
        /// The fields whose greatest values count.
        fields: Vec<Name>,
        /// What the rows are grouped by.
        by: Vec<Name>,
    },
    /// `trace …`.
    Trace(Trace),
    /// `transaction …`.
    Transaction(Transaction),
    /// `transactionize …`.
    Transactionize(Box<Transactionize>),
    /// `transpose row … column …`.
    Transpose(Transpose),
    /// `where condition`.
    Where(Expression),
    /// `total`, `accum`, `smooth`, `rollingstd`, `backshift`, `diff`.
    Window(Window),
    /// `withtime field`.
    WithTime {
        /// The field.
        field: Name,
        /// The field it makes.
        name: Option<Name>,
    },
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

/// Fields that are taken out of a text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Extract {
    /// How their values are found.
    pub method: Method,
    /// The field whose text it is; the message's, if there is none.
    pub source: Option<Name>,
    /// The paths or keys of the values.
    pub texts: Vec<Text>,
    /// What the values are called.
    pub names: Vec<Name>,
    /// `nodrop`.
    pub nodrop: bool,
    /// `multi`.
    pub multi: bool,
    /// Where it stands.
    pub place: Place,
}

/// How values are found in a text.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Method {
    /// `parse "…" as …`: where the text has a `*`.
    Anchor(Text),
    /// `parse regex "…"`: in the groups of a regular expression.
    Regex(Text),
    /// `parse xml "/…" as …`.
    Xml,
    /// `json "…" as …`.
    #[default]
    Json,
    /// `json auto …`.
    JsonAuto(AutoOptions),
    /// `keyvalue …`.
    KeyValue(KeyValueOptions),
    /// `csv …` or `split …`.
    Delimited {
        /// Whether it is `csv`.
        is_csv: bool,
        /// What stands between values.
        delimiter: char,
        /// What takes a delimiter's meaning from it.
        escape: char,
        /// What stands around values.
        quote: char,
        /// The number of each value, from 1.
        numbers: Vec<usize>,
    },
}

/// The options of `keyvalue`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct KeyValueOptions {
    /// `auto`.
    pub auto: bool,
    /// `refonly`.
    pub refonly: bool,
    /// `delim`.
    pub delimiter: Option<Text>,
    /// `regex`.
    pub regex: Option<Text>,
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

impl Extract {
    /// The field that it reads, if it is not the message.
    pub(crate) fn field(&self) -> Option<&Name> {
        self.source.as_ref().filter(|name| !name.is_raw())
    }

    /// Whether `nodrop` reaches to the next operator of this kind, as it does between `parse` operators.
    pub(crate) fn is_chained(&self) -> bool {
        matches!(self.method, Method::Anchor(_) | Method::Regex(_))
    }
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

/// A field to sort by.
#[derive(Debug, Clone, PartialEq)]
pub struct SortKey {
    /// The field.
    pub name: Name,
    /// Whether the least comes first.
    pub ascending: bool,
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
