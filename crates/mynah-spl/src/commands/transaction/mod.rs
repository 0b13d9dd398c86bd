//! Events that belong together, as one row each.
mod matcher;

use super::prelude::*;
use super::search::reads;
use super::span::{Width, width};
use super::windowed::{Over, with_window};
use crate::aggregates;
use crate::expression::{self, Expression, case, lower_condition};
use crate::plan::{Key, LINES};
use crate::search::{self, Search};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::functions::expr_fn::coalesce;
use datafusion::functions_aggregate::expr_fn::{count, max, min, sum};
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::{LogicalPlanBuilder, Operator, binary_expr, cast};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::column;
use mynah_kernels::{Picked, WholeRows, whole_rows};
use mynah_syntax::Span;
use serde::{Deserialize, Serialize};

pub(super) static COMMANDS: [Entry; 1] = [aliased(
    &["transam"],
    command(
        "transaction [FIELD, ...] [startswith=FILTER] [endswith=FILTER] [maxspan=SPAN] [maxpause=SPAN] [maxevents=N] [connected=BOOL] [keepevicted=BOOL] [mvlist=BOOL | FIELDS] [nullstr=TEXT] [mvraw=BOOL] [delim=TEXT] [maxopentxn=N] [maxopenevents=N]",
        "One row for the events that belong together, by fields, by pauses, by what starts and what ends them; with duration, eventcount and closed_txn.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/transaction",
        transaction,
    ),
)];

/// What starts or ends a transaction.
#[derive(Debug)]
enum Filter {
    Search(Box<Search>),
    Eval(Expression),
}

#[derive(Debug)]
struct Transaction {
    fields: Vec<Spanned<String>>,
    starts: Option<Filter>,
    ends: Option<Filter>,
    max_span: Option<u64>,
    max_pause: Option<u64>,
    max_events: usize,
    connected: bool,
    keep_evicted: bool,
    /// Of which fields all values are kept in their order, and not each once.
    listed: Listed,
    /// What stands in these lists for an event without a value.
    null: String,
    /// Whether the texts of the events are a list, too.
    lists_raw: bool,
    /// What stands between the values of a list where they become one text.
    delimiter: String,
    /// How many transactions and how many of their events may be open at a time.
    most_open: Option<usize>,
    most_open_events: Option<usize>,
}

#[derive(Debug)]
enum Listed {
    None,
    All,
    Fields(Vec<String>),
}

impl Listed {
    fn has(&self, name: &str) -> bool {
        match self {
            Listed::None => false,
            Listed::All => true,
            Listed::Fields(fields) => fields.iter().any(|field| field == name),
        }
    }
}

const OPTIONS: &[&str] = &[
    "maxspan",
    "maxpause",
    "maxevents",
    "connected",
    "unifyends",
    "keepevicted",
    "keeporphans",
    "name",
    "mvlist",
    "delim",
    "mvraw",
    "nullstr",
    "maxopentxn",
    "maxopenevents",
];

fn transaction(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Parsed {
    let mut transaction = Transaction {
        fields: Vec::new(),
        starts: None,
        ends: None,
        max_span: None,
        max_pause: None,
        max_events: 1_000,
        connected: true,
        keep_evicted: false,
        listed: Listed::None,
        null: "NULL".to_owned(),
        lists_raw: false,
        delimiter: " ".to_owned(),
        most_open: None,
        most_open_events: None,
    };
    let mut unified = None;
    while !arguments.is_empty() {
        if let Some(filter) = filter(arguments, parsing, "startswith")? {
            transaction.starts = Some(filter);
        } else if let Some(filter) = filter(arguments, parsing, "endswith")? {
            transaction.ends = Some(filter);
        } else if let Some((name, value)) = arguments.option(OPTIONS)? {
            match name {
                "unifyends" => unified = Some(value),
                _ => transaction.option(name, &value)?,
            }
        } else if !arguments.symbol(',') {
            transaction.fields.push(arguments.field()?);
        }
    }
    let filtered = transaction.starts.is_some() || transaction.ends.is_some();
    if let Some(value) = unified
        && !truth(&value)?
        && filtered
        && !transaction.fields.is_empty()
    {
        // Which transaction an event without the fields belongs to is left open.
        return Err(unsupported("`unifyends=false`", value.span));
    }
    let at = arguments.name.span;
    let mut needs = Needs::of(&transaction.fields);
    for filter in transaction.starts.iter().chain(&transaction.ends) {
        match filter {
            Filter::Search(search) => needs = reads(search, needs),
            Filter::Eval(condition) => needs.reads.extend(condition.fields()),
        }
    }
    let needs = needs.read_all([Spanned::new("_time".to_owned(), at)]).make_all(MADE);
    on_rows_with_parts(needs, transaction, Transaction::parts, |transaction, rows, wanted, planner| {
        transaction.rows(rows, wanted, planner)
    })
}

/// The fields that it adds.
const MADE: [&str; 4] = ["duration", "eventcount", "closed_txn", "field_match_sum"];

/// Reads `startswith=...`, if it is next: a search in quotes or parentheses, or `eval(condition)`.
fn filter(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>, name: &str) -> Result<Option<Filter>, Diagnostic> {
    let mut ahead = arguments.clone();
    if !ahead.keyword(name) || !ahead.symbol('=') {
        return Ok(None);
    }
    *arguments = ahead;
    if arguments.keyword("eval") {
        return Ok(Some(Filter::Eval(arguments.condition()?)));
    }
    let rest = arguments.rest();
    let text = rest.of(arguments.text);
    let (inner, end) = if text.starts_with('(') {
        let Some(length) = closing(text) else { return Err(arguments.wrong(rest, "a closing parenthesis")) };
        (Span::new(rest.start + 1, rest.start + length - 1), rest.start + length)
    } else {
        match arguments.clone().next()? {
            Some(Spanned { node: Token::Quoted(_), span }) => (Span::new(span.start + 1, span.end - 1), span.end),
            Some(Spanned { node: Token::Word(_), span }) => (span, span.end),
            _ => return Err(arguments.wrong(rest, "a search in quotes or parentheses, or eval(CONDITION)")),
        }
    };
    arguments.seek(end);
    let written = inner.of(arguments.text);
    if let Some(condition) = written.trim().strip_prefix("eval").filter(|rest| rest.trim_start().starts_with('(')) {
        let (condition, _) = expression::parse_prefix(condition, inner.end - condition.len())?;
        return Ok(Some(Filter::Eval(condition)));
    }
    Ok(Some(Filter::Search(Box::new(search::parse(parsing, inner)?))))
}

/// How long the parenthesis is that a text begins with.
fn closing(text: &str) -> Option<usize> {
    let mut nested = 0usize;
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '(' if !quoted => nested += 1,
            ')' if !quoted => {
                nested = nested.saturating_sub(1);
                if nested == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

impl Transaction {
    fn parts(&self) -> Vec<Part<'_>> {
        let filters = self.starts.iter().chain(&self.ends);
        let parts = filters.map(|filter| match filter {
            Filter::Search(search) => Part::Search(search),
            Filter::Eval(condition) => Part::Expression(condition),
        });
        parts.collect()
    }

    fn option(&mut self, name: &'static str, value: &Spanned<String>) -> Result<(), Diagnostic> {
        let seconds = || match width(value)? {
            Width::Units(seconds) => Ok(Some(seconds as u64)),
            _ => Err(unsupported(&format!("`{name}` in months"), value.span)),
        };
        match name {
            "maxspan" if value.node != "-1" => self.max_span = seconds()?,
            "maxpause" if value.node != "-1" => self.max_pause = seconds()?,
            "maxspan" | "maxpause" => {}
            "maxevents" if value.node.starts_with('-') => self.max_events = usize::MAX,
            "maxevents" => self.max_events = whole(value)?.max(1),
            "connected" => self.connected = truth(value)?,
            "keepevicted" => self.keep_evicted = truth(value)?,
            "mvlist" => {
                self.listed = match truth(value) {
                    Ok(true) => Listed::All,
                    Ok(false) => Listed::None,
                    Err(_) => {
                        let fields = value.node.split([',', ' ']).filter(|field| !field.is_empty());
                        Listed::Fields(fields.map(str::to_owned).collect())
                    }
                }
            }
            "nullstr" => self.null = value.node.clone(),
            "mvraw" => self.lists_raw = truth(value)?,
            "delim" => self.delimiter = value.node.clone(),
            "maxopentxn" => self.most_open = Some(whole(value)?.max(1)),
            "maxopenevents" => self.most_open_events = Some(whole(value)?.max(1)),
            "name" => return Err(unsupported("a transaction of transactiontypes.conf", value.span)),
            "keeporphans" if truth(value)? => return Err(unsupported("`keeporphans=true`", value.span)),
            _ => {}
        }
        Ok(())
    }

    fn rows(&self, rows: Rows, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let open = rows.scope().open;
        let rows = rows.with_one_name(planner)?;
        let mut order = vec![column("_time").sort(false, false)];
        if rows.scope().get("_time").is_none_or(|ty| ty == Type::Null) {
            return Err(Diagnostic::error("spl/no-time", "transaction needs events with their `_time`", planner.at));
        }
        order.extend(rows.sort_exprs());
        let mut hidden = vec![(planner.fresh("time"), rows.column("_time").into_number())];
        for field in &self.fields {
            hidden.push((planner.fresh("field"), rows.column(&field.node).into_text()));
        }
        let mut marks = [None, None];
        for (mark, filter) in marks.iter_mut().zip([&self.starts, &self.ends]) {
            let Some(filter) = filter else { continue };
            let condition = match filter {
                Filter::Search(search) => search::lower(search, &rows)?,
                Filter::Eval(condition) => lower_condition(condition, rows.scope())?,
            };
            let name = planner.fresh("mark");
            hidden.push((name.clone(), case(vec![(condition, lit(true))], Some(lit(false)), Type::Boolean)));
            *mark = Some(name);
        }
        let names: Vec<String> = hidden.iter().map(|(name, _)| name.clone()).collect();
        let rows = rows.with_hidden(hidden, planner)?;
        let (rows, place) = with_window(rows, row_number(), Over { order, ..Over::default() }, planner)?;
        let [starts, ends] = marks;
        let (time, fields) = names.split_first().map(|(time, rest)| (time.clone(), rest)).unwrap_or_default();
        let fields = fields.iter().take(self.fields.len()).cloned().collect();
        let operator = Transactions {
            number: planner.fresh("transaction"),
            closed: planner.fresh("closed"),
            place: place.clone(),
            time,
            fields,
            starts,
            ends,
            max_span: self.max_span,
            max_pause: self.max_pause,
            max_events: self.max_events,
            connected: self.connected,
            keep_evicted: self.keep_evicted,
            most_open: self.most_open,
            most_open_events: self.most_open_events,
        };
        let (number, closed) = (operator.number.clone(), operator.closed.clone());
        let fields = operator.fields.clone();
        let rows = rows.map_plan(planner, |plan| Ok(LogicalPlanBuilder::from(whole_rows(operator, plan.build()?)?)))?;
        let rows = self.merged(rows, [&number, &closed, &place], &fields, wanted, planner)?;
        Ok(if open { rows.opened() } else { rows })
    }

    /// One row for each transaction.
    fn merged(
        &self,
        rows: Rows,
        [number, closed, place]: [&str; 3],
        fields: &[String],
        wanted: &Wanted,
        planner: &mut Planner<'_>,
    ) -> Result<Rows, Diagnostic> {
        // The oldest event first.
        let order = [cast(column(place), DataType::Int64).sort(false, false)];
        let (first, last) = (planner.fresh("first"), planner.fresh("last"));
        let (events, was_closed) = (planner.fresh("events"), planner.fresh("closed"));
        let mut calls: Vec<Expr> = vec![
            min(column("_time")).alias(&first),
            max(column("_time")).alias(&last),
            count(lit(1i64)).alias(&events),
            max(column(closed)).alias(&was_closed),
        ];
        let mut columns = Vec::new();
        for (name, typed) in rows.all() {
            let hidden = planner.fresh("value");
            let (call, ty) = match name.as_str() {
                "_time" => {
                    columns.push((name, Typed::new(column(&first), Type::Number)));
                    continue;
                }
                "_raw" if self.lists_raw => (aggregates::all_values(typed, &order), Type::Multi),
                "_raw" => (aggregates::all_values(typed, &order), Type::Text),
                _ if typed.ty == Type::Null || name == LINE_COUNT => continue,
                _ if self.listed.has(&name) => {
                    // An event without a value counts where another one has some.
                    let some = planner.fresh("some");
                    calls.push(count(typed.expr.clone()).alias(&some));
                    let list = aggregates::all_values(or_keep(typed, Typed::text(&self.null)), &order);
                    calls.push(list.alias(&hidden));
                    let has_some = column(&some).gt(lit(0i64));
                    let list = case(vec![(has_some, column(&hidden))], None, Type::Multi);
                    columns.push((name, Typed::new(list, Type::Multi)));
                    continue;
                }
                _ => (aggregates::values(typed), Type::Multi),
            };
            calls.push(call.alias(&hidden));
            let value = Typed::new(column(&hidden), Type::Multi);
            columns.push((name, if ty == Type::Text { Typed::new(value.into_text(), ty) } else { value }));
        }
        let duration = binary_expr(column(&last), Operator::Minus, column(&first));
        let number_of = |name: &str| Typed::new(cast(column(name), DataType::Float64), Type::Number);
        columns.push(("duration".to_owned(), Typed::new(duration, Type::Number)));
        columns.push(("eventcount".to_owned(), number_of(&events)));
        columns.push(("closed_txn".to_owned(), number_of(&was_closed)));
        let (more_calls, more) = counted(&rows, fields, wanted, planner);
        calls.extend(more_calls);
        columns.extend(more);
        columns.retain({
            let mut seen = std::collections::HashSet::new();
            move |(name, _)| seen.insert(name.clone())
        });
        let order = vec![Key::descending(&last), Key::ascending(number)];
        let lists = columns.iter().filter(|(_, typed)| typed.ty == Type::Multi).map(|(name, _)| name.clone());
        let lists: Vec<String> = lists.collect();
        let merged = rows
            .with_order(Vec::new())
            .map_plan(planner, |plan| plan.aggregate([column(number)], calls))?
            .with_order(order)
            .project(columns, planner)?;
        Ok(merged.delimited(lists, &self.delimiter))
    }
}

/// The default field that says how many lines an event has.
const LINE_COUNT: &str = "linecount";

/// How many of the fields the events have together, and how many lines: where a later command names that, or the rows are no
/// events, all of whose columns are shown.
fn counted(
    rows: &Rows,
    fields: &[String],
    wanted: &Wanted,
    planner: &mut Planner<'_>,
) -> (Vec<Expr>, Vec<(String, Typed)>) {
    let is_shown = |name: &str| !rows.events || wanted.names.iter().any(|wanted| wanted.node == name);
    let number_of = |name: &str| cast(column(name), DataType::Float64);
    let (mut calls, mut columns) = (Vec::new(), Vec::new());
    if is_shown("field_match_sum") {
        let mut matches = lit(0.0);
        for field in fields {
            let matched = planner.fresh("matched");
            calls.push(count(column(field)).alias(&matched));
            matches = matches + number_of(&matched);
        }
        columns.push(("field_match_sum".to_owned(), Typed::new(matches, Type::Number)));
    }
    if is_shown(LINE_COUNT) {
        let lines = planner.fresh("lines");
        let known = |name: &str| rows.scope().get(name).is_some_and(|ty| ty != Type::Null);
        let of_event = match (known(LINE_COUNT), known("_raw")) {
            (true, _) => rows.column(LINE_COUNT).into_number(),
            (false, true) => LINES.call(vec![rows.column("_raw").into_text()]),
            (false, false) => lit(1.0),
        };
        calls.push(sum(coalesce(vec![of_event, lit(1.0)])).alias(&lines));
        columns.push((LINE_COUNT.to_owned(), Typed::new(number_of(&lines), Type::Number)));
    }
    (calls, columns)
}

/// Numbers the transactions, newest first.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Transactions {
    /// The added columns.
    number: String,
    closed: String,
    /// The columns that it reads: the rows' places, newest first, their times, and the fields' values.
    place: String,
    time: String,
    fields: Vec<String>,
    starts: Option<String>,
    ends: Option<String>,
    max_span: Option<u64>,
    max_pause: Option<u64>,
    max_events: usize,
    connected: bool,
    keep_evicted: bool,
    most_open: Option<usize>,
    most_open_events: Option<usize>,
}

impl Transactions {
    /// Whether anything but what ends them closes transactions; if nothing does, all of them are shown, and none is closed.
    fn is_bounded(&self) -> bool {
        self.starts.is_some() || self.max_span.is_some() || self.max_pause.is_some()
    }
}

impl WholeRows for Transactions {
    const NAME: &'static str = "spl.transaction";

    fn title(&self) -> &str {
        "Transaction"
    }

    fn added(&self) -> Vec<Field> {
        vec![Field::new(&self.number, DataType::Int64, false), Field::new(&self.closed, DataType::Float64, false)]
    }

    fn together(&self) -> Option<&str> {
        Some(&self.number)
    }

    fn pick(&self, rows: &RecordBatch) -> datafusion::common::Result<Picked> {
        matcher::pick(self, rows)
    }
}
