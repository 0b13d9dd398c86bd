//! AQL's functions and operators: one file each, with what it says of itself and examples that are run as tests.
mod avg;
mod base64;
mod categoryname;
mod concat;
mod count;
mod dateformat;
mod distinctcount;
mod double;
mod first;
mod incidr;
mod last;
mod logsourcegroupname;
mod logsourcename;
mod logsourcetypename;
mod long;
mod lower;
mod max;
mod min;
mod now;
mod operators;
mod parsedatetime;
mod parsetimestamp;
mod protocolname;
mod qiddescription;
mod qidname;
mod referencemap;
mod referencesetcontains;
mod refused;
mod replaceall;
mod replacefirst;
mod stdev;
mod stdevp;
mod str;
mod strlen;
mod strpos;
mod substring;
mod sum;
mod uniquecount;
mod upper;
mod utf8;

use crate::plan::{Constant, Type, Typed, to_text};
use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::SortExpr;
use datafusion::prelude::Expr;
use mynah_dialect::{FunctionDoc, Mode, PlanContext};
use mynah_kernels::{Cell, row_function};
use mynah_syntax::{Diagnostic, Span};

/// The page that most functions are on.
const FORMATTING: &str =
    "https://www.ibm.com/docs/en/qsip/7.6.0?topic=language-aql-data-calculation-formatting-functions";
/// The page of the functions that look something up.
const RETRIEVAL: &str = "https://www.ibm.com/docs/en/SS42VS_7.5/com.ibm.qradar.doc/r_aql_data_functions.html";
/// The page of the aggregates.
const AGGREGATION: &str = "https://www.ibm.com/docs/SS42VS_7.4/com.ibm.qradar.doc/r_aql_aggregate_functions.html";

/// A function of AQL.
pub(crate) struct Function {
    doc: FunctionDoc,
    /// How many arguments it takes, at least and at most.
    pub arity: (usize, usize),
    pub kind: Kind,
}

/// How a function is lowered.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// A function of one event.
    Scalar(fn(&mut Call<'_>) -> Result<Typed, Box<Diagnostic>>),
    /// The name behind an id: the properties it takes, and the view's field that holds the name of each.
    Lookup(&'static [(&'static str, &'static str)]),
    /// A function of a group's events.
    Aggregate(fn(Grouped<'_>) -> Result<Aggregated, String>),
    /// One that cannot be run without a QRadar, and why.
    Refused(&'static str),
}

/// What an aggregate is given.
pub(crate) struct Grouped<'a> {
    /// Its argument; none if that is `*`.
    pub argument: Option<Typed>,
    pub distinct: bool,
    /// The order of the events in a group.
    pub order: &'a [SortExpr],
}

/// An aggregate of the plan.
pub(crate) struct Aggregated {
    pub expr: Expr,
    /// What it gives.
    pub ty: Type,
    /// What it is in AQL.
    pub shown: Type,
}

impl Aggregated {
    /// A count, which QRadar gives as a number with a fraction.
    fn count(expr: Expr) -> Aggregated {
        Aggregated { expr, ty: Type::Integer, shown: Type::Float }
    }

    fn number(expr: Expr) -> Aggregated {
        Aggregated::same(expr, Type::Float)
    }

    fn same(expr: Expr, ty: Type) -> Aggregated {
        Aggregated { expr, ty, shown: ty }
    }
}

impl Grouped<'_> {
    /// The argument of an aggregate that cannot do without.
    fn value(self) -> Result<Typed, String> {
        if self.distinct {
            return Err("only COUNT takes DISTINCT".into());
        }
        self.argument.ok_or_else(|| "only COUNT takes `*`".into())
    }
}

impl Function {
    pub fn name(&self) -> &'static str {
        self.doc.name
    }

    pub fn usage(&self) -> &'static str {
        self.doc.usage
    }
}

/// A call of a function of one event.
pub(crate) struct Call<'c> {
    /// The query's text, for fixes.
    pub text: &'c str,
    pub name: &'static str,
    pub span: Span,
    pub arguments: Vec<Typed>,
    pub spans: Vec<Span>,
    /// The query's clock, in milliseconds.
    pub now: i64,
    pub context: &'c PlanContext<'c>,
    pub warnings: Vec<Diagnostic>,
}

impl Call<'_> {
    /// An argument as a text.
    fn as_text(&self, index: usize) -> Expr {
        self.arguments.get(index).map_or_else(|| Typed::constant(Constant::Null).expr, to_text)
    }

    /// An argument that must be written as a text in single quotes.
    fn literal(&self, index: usize) -> Result<&str, Box<Diagnostic>> {
        match self.arguments.get(index).and_then(Typed::as_text) {
            Some(text) => Ok(text),
            None => Err(self.error(index, format!("{} takes a text in single quotes here", self.name))),
        }
    }

    /// What is wrong with an argument.
    fn error(&self, index: usize, message: String) -> Box<Diagnostic> {
        Box::new(Diagnostic::error("aql/arguments", message, self.spans.get(index).copied().unwrap_or(self.span)))
    }

    /// The site has nothing of that name: an error, but for `mynah check`, which cannot know, a warning.
    fn missing(&mut self, what: &str, name: &str) -> Result<(), Box<Diagnostic>> {
        let span = self.spans.first().copied().unwrap_or(self.span);
        let message = format!("the site has no {what} `{name}`");
        let help = format!("add it to mynah.toml under [qradar.{}s]", what.replace(' ', "_"));
        match self.context.mode {
            Mode::Check => {
                self.warnings.push(Diagnostic::warning("aql/unknown-reference", message, span).with_help(help));
                Ok(())
            }
            Mode::Run => Err(Box::new(Diagnostic::error("aql/unknown-reference", message, span).with_help(help))),
        }
    }
}

/// A function from text to text.
fn text_to_text(name: &str, argument: Expr, body: impl Fn(&str) -> String + Send + Sync + 'static) -> Typed {
    let function = row_function(name, DataType::Utf8, move |row| match row {
        [Cell::Text(text)] => Cell::text(body(text)),
        _ => Cell::Null,
    });
    Typed::new(function.call(vec![argument]), Type::Text)
}

static FUNCTIONS: &[Function] = &[
    avg::FUNCTION,
    base64::FUNCTION,
    categoryname::FUNCTION,
    concat::FUNCTION,
    count::FUNCTION,
    dateformat::FUNCTION,
    distinctcount::FUNCTION,
    double::FUNCTION,
    first::FUNCTION,
    incidr::FUNCTION,
    last::FUNCTION,
    logsourcegroupname::FUNCTION,
    logsourcename::FUNCTION,
    logsourcetypename::FUNCTION,
    long::FUNCTION,
    lower::FUNCTION,
    max::FUNCTION,
    min::FUNCTION,
    now::FUNCTION,
    parsedatetime::FUNCTION,
    parsetimestamp::FUNCTION,
    protocolname::FUNCTION,
    qiddescription::FUNCTION,
    qidname::FUNCTION,
    referencemap::FUNCTION,
    referencesetcontains::FUNCTION,
    replaceall::FUNCTION,
    replacefirst::FUNCTION,
    stdev::FUNCTION,
    stdevp::FUNCTION,
    str::FUNCTION,
    strlen::FUNCTION,
    strpos::FUNCTION,
    substring::FUNCTION,
    sum::FUNCTION,
    uniquecount::FUNCTION,
    upper::FUNCTION,
    utf8::FUNCTION,
];

fn all() -> impl Iterator<Item = &'static Function> {
    FUNCTIONS.iter().chain(refused::FUNCTIONS)
}

/// The function of a name, in any case.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    // IBM's page calls it so once.
    let name = if name.eq_ignore_ascii_case("QIDESCRIPTION") { "QIDDESCRIPTION" } else { name };
    all().find(|function| function.doc.name.eq_ignore_ascii_case(name))
}

/// Their names.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    all().map(|function| function.doc.name)
}

/// Whether a name is that of an aggregate.
pub(crate) fn is_aggregate(name: &str) -> bool {
    find(name).is_some_and(|function| matches!(function.kind, Kind::Aggregate(_)))
}

/// The view's fields that hold the names behind a property's ids.
pub(crate) fn companions(field: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    for function in FUNCTIONS {
        if let Kind::Lookup(fields) = function.kind {
            found.extend(fields.iter().filter(|(known, _)| *known == field).map(|(_, companion)| *companion));
        }
    }
    found
}

/// What functions and operators say of themselves, in the order of their names; those that cannot be run are not among them.
pub(crate) fn docs() -> Vec<&'static FunctionDoc> {
    let mut docs: Vec<&'static FunctionDoc> =
        FUNCTIONS.iter().map(|function| &function.doc).chain(operators::OPERATORS).collect();
    docs.sort_by_key(|doc| doc.name);
    docs
}
