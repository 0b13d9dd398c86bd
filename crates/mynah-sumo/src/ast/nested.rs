use super::{Count, Expression, Name, Place, Query, Scope, Step, Text};
use serde::{Deserialize, Serialize};

/// `[subquery from=(-2d): query | compose a, b]`: a condition that another query's rows make.
#[derive(Debug, Clone, PartialEq)]
pub struct Subquery {
    /// `from=(…)`, as written.
    pub from: Option<String>,
    /// `to=(…)`, as written.
    pub to: Option<String>,
    /// The query.
    pub query: Query,
    /// The fields whose values become the condition.
    pub compose: Vec<Name>,
    /// `maxresults=n`.
    pub max_results: Option<Count>,
    /// `keywords`: the values are looked for in the message, not in the fields.
    pub keywords: bool,
    /// Where it stands.
    pub place: Place,
}

/// `filter a, b in (steps)`: the rows whose fields are among those of other operators over the same rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// The fields.
    pub fields: Vec<Name>,
    /// The operators.
    pub steps: Vec<Step>,
}

/// `join (steps) as t1, (steps) as t2 on t1.a = t2.b`.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    /// The tables.
    pub tables: Vec<JoinTable>,
    /// Pairs of fields that must be equal, each with its table.
    pub on: Vec<(JoinField, JoinField)>,
    /// `timewindow 10m`, as written.
    pub window: Option<(String, Place)>,
}

/// A table of a join.
#[derive(Debug, Clone, PartialEq)]
pub struct JoinTable {
    /// A scope, which Sumo Logic ignores.
    pub scope: Option<Scope>,
    /// What is done with the rows.
    pub steps: Vec<Step>,
    /// Its name.
    pub name: Name,
}

/// A field of a join's table: `t1.a`.
#[derive(Debug, Clone, PartialEq)]
pub struct JoinField {
    /// The table.
    pub table: String,
    /// The field.
    pub field: Name,
}

/// `compare timeshift 1d 7 avg as x, …`.
#[derive(Debug, Clone, PartialEq)]
pub struct Compare {
    /// The earlier times.
    pub shifts: Vec<Shift>,
}

/// An earlier time of [`Compare`].
#[derive(Debug, Clone, PartialEq)]
pub struct Shift {
    /// How much earlier, as written.
    pub by: String,
    /// How many times.
    pub times: Option<Count>,
    /// `avg`, `min` or `max` over all times.
    pub aggregate: Option<Over>,
    /// What the columns end in.
    pub name: Option<Name>,
    /// Where it stands.
    pub place: Place,
}

/// What is made of several earlier times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// The mean.
    Avg,
    /// The least.
    Min,
    /// The greatest.
    Max,
}

impl Over {
    /// How it is written.
    pub fn name(self) -> &'static str {
        match self {
            Over::Avg => "avg",
            Over::Min => "min",
            Over::Max => "max",
        }
    }
}

/// `outlier field by keys window=5, threshold=3, consecutive=1, direction=+-`.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlier {
    /// The field.
    pub field: Name,
    /// What the series are told apart by.
    pub by: Vec<Name>,
    /// How many values make the mean.
    pub window: Option<Expression>,
    /// How many standard deviations.
    pub threshold: Option<Expression>,
    /// How many in a row.
    pub consecutive: Option<Expression>,
    /// Whether values above count, and values below.
    pub direction: (bool, bool),
}

/// `predict field by 1m forecast=5`.
#[derive(Debug, Clone, PartialEq)]
pub struct Predict {
    /// The field.
    pub field: Name,
    /// The interval, as written.
    pub by: String,
    /// `model=ar`, with the place.
    pub model: Option<(String, Place)>,
    /// `ar.window=n`, as written.
    pub window: Option<String>,
    /// `forecast=…`, as written: a number of values, or an interval.
    pub forecast: Option<String>,
    /// Where the interval stands.
    pub place: Place,
}

/// `bin field width=10, min=0, max=100 as name`.
#[derive(Debug, Clone, PartialEq)]
pub struct Bin {
    /// The field.
    pub field: Name,
    /// How wide an interval is.
    pub width: Expression,
    /// Lesser values belong to the first interval.
    pub min: Option<Expression>,
    /// Greater values belong to the last interval.
    pub max: Option<Expression>,
    /// The field it makes.
    pub name: Option<Name>,
}

/// `merge field strategy as name, …`.
#[derive(Debug, Clone, PartialEq)]
pub struct MergeField {
    /// The field.
    pub field: Name,
    /// What becomes of its values.
    pub strategy: Strategy,
    /// The field it makes.
    pub name: Option<Name>,
}

/// What `merge` makes of a field's values.
#[derive(Debug, Clone, PartialEq)]
pub enum Strategy {
    /// All of them, with a text between.
    Join(Option<Text>),
    /// Each once.
    TakeDistinct,
    /// The earliest.
    TakeFirst,
    /// The latest.
    TakeLast,
}

/// `transactionize a, b as name option=… (merge …)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Transactionize {
    /// The fields, one of which must be equal.
    pub fields: Vec<Name>,
    /// What the added fields begin with.
    pub name: Option<Name>,
    /// `maxspan=10m`, as written.
    pub max_span: Option<String>,
    /// `maxpause=10m`, as written.
    pub max_pause: Option<String>,
    /// `maxlogs=10`.
    pub max_logs: Option<u64>,
    /// `startswith="text";strict`, with whether it is strict.
    pub starts_with: Option<(Text, bool)>,
    /// `endswith="text";strict`, with whether it is strict.
    pub ends_with: Option<(Text, bool)>,
    /// `keeporphans=false`.
    pub drop_orphans: bool,
    /// What is made of each group.
    pub merge: Option<Vec<MergeField>>,
}

/// A pattern of `sessionize`.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionPart {
    /// The pattern, with `*` and `$name`.
    pub pattern: Text,
    /// What the values of its stars are called.
    pub names: Vec<Name>,
}

/// `transaction on a with states x, y in b results by flow`.
#[derive(Debug, Clone, PartialEq)]
pub struct Transaction {
    /// The fields that tell transactions apart.
    pub on: Vec<Name>,
    /// `fringe=10m`, as written.
    pub fringe: Option<String>,
    /// The states.
    pub states: Vec<State>,
    /// What the rows are.
    pub results: Results,
}

/// `trace + "regex" "value"`.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// Which way in time the chain goes.
    pub direction: Direction,
    /// The regular expression of the values.
    pub pattern: Text,
    /// The value that it begins with.
    pub start: Text,
}

/// Which way in time `trace` goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Either way.
    #[default]
    Both,
    /// `+`: from a message to later ones.
    Forward,
    /// `-`: to earlier ones.
    Backward,
}

/// A state of a transaction: which messages are in it, and its name.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// A pattern with `*`, or the field's whole value.
    pub text: StateText,
    /// The field; the message, if there is none.
    pub field: Option<Name>,
    /// What it is called.
    pub name: Name,
}

/// How a state is told.
#[derive(Debug, Clone, PartialEq)]
pub enum StateText {
    /// `with "*text*" in field as name`.
    Pattern(Text),
    /// `with states a as name in field`.
    Value(Name),
}

/// What the rows of a `transaction` are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Results {
    /// Transactions, with the number of messages in each state.
    #[default]
    Transactions,
    /// Messages that are in a state.
    States,
    /// Steps from one state to the next.
    Flow,
}
