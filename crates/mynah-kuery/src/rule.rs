//! What rules of Elastic Security put around a query: filters beside it, and behind it an aggregate or a look at the past.
//!
//! [Threshold rules](https://www.elastic.co/docs/solutions/security/detect-and-alert/threshold) count what the query finds;
//! [new terms rules](https://www.elastic.co/docs/solutions/security/detect-and-alert/new-terms) find the first of its events whose
//! values were not there before.
use crate::plan::{Lowering, TIMESTAMP, is_text_field};
use crate::{Kuery, planned};
use datafusion::common::{Result, UnnestOptions};
use datafusion::functions_aggregate::expr_fn::{count, count_distinct, max};
use datafusion::functions_window::lead_lag::lag_udwf;
use datafusion::logical_expr::{ExprFunctionExt, LogicalPlan, LogicalPlanBuilder};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::{Analysis, Expected, Frontend, FunctionDoc, PlanContext, Planned, all_of, any_of, column};
use mynah_event::Dialect;
use mynah_kernels::{Case, Matcher, Registry, WildcardSyntax, text_match};
use mynah_syntax::Rule;
use mynah_view::{EVENT_ID, EventScan, Kind};

/// A rule of Elastic Security: the front end of its query in KQL, with what the rule puts around it. Without anything it is [`Kuery`].
#[derive(Debug, Clone, Default)]
pub struct KueryRule {
    /// Conditions beside the query's own, all of which must hold.
    pub filters: Vec<WildcardFilter>,
    /// What becomes of the events that are found; without it each is a row.
    pub over: Option<Over>,
}

/// A filter of the kind `wildcard` of Elasticsearch's query DSL.
///
/// <https://www.elastic.co/docs/reference/query-languages/query-dsl/query-dsl-wildcard-query>
#[derive(Debug, Clone)]
pub struct WildcardFilter {
    /// The field.
    pub field: String,
    /// The value, with `*`, `?` and backslashes before those that stand for themselves.
    pub value: String,
    /// Whether case does not count.
    pub case_insensitive: bool,
    /// Whether events that fit are left out.
    pub negate: bool,
}

/// What a rule makes of the events that its query finds.
#[derive(Debug, Clone)]
pub enum Over {
    /// Groups of at least so many events; without fields all events are one group.
    Threshold {
        /// The fields whose values the events of a group share.
        fields: Vec<String>,
        /// How many events a group has at least.
        value: u64,
        /// A field, and how many different values it has at least in a group.
        cardinality: Option<(String, u64)>,
    },
    /// Events with values that no event had for a while.
    NewTerms {
        /// The fields whose values are looked at together.
        fields: Vec<String>,
        /// How far the rule looks back, in milliseconds.
        history: i64,
    },
}

/// The time of the event before, with the same values.
const BEFORE: &str = "__before";
/// The field whose values are counted.
const COUNTED: &str = "__counted";
/// Columns of an alert, as Elastic Security names them.
const COUNT: &str = "kibana.alert.threshold_result.count";
const CARDINALITY: &str = "kibana.alert.threshold_result.cardinality.value";

fn term(index: usize) -> String {
    format!("__term_{index}")
}

impl Over {
    /// The fields whose values are compared.
    fn fields(&self) -> &[String] {
        match self {
            Over::Threshold { fields, .. } | Over::NewTerms { fields, .. } => fields,
        }
    }

    /// All fields that it names.
    fn named(&self) -> impl Iterator<Item = &str> {
        self.fields().iter().map(String::as_str).chain(self.counted())
    }

    fn counted(&self) -> Option<&str> {
        match self {
            Over::Threshold { cardinality: Some((field, _)), .. } => Some(field),
            _ => None,
        }
    }
}

impl KueryRule {
    /// The rule's filters as conditions; why there are none, where Elasticsearch has none.
    pub(crate) fn condition(&self, lowering: &mut Lowering<'_>) -> Result<Vec<Expr>, String> {
        let mut conditions = Vec::new();
        for WildcardFilter { field, value, case_insensitive, negate } in &self.filters {
            if !matches!(lowering.scanned(field).kind, Kind::Text | Kind::Ip) || is_text_field(field) {
                return Err(format!("the rule's filter is a wildcard over `{field}`, which is no keyword"));
            }
            let syntax = WildcardSyntax { escape: Some('\\'), ..WildcardSyntax::STARS_AND_MARKS };
            let case = if *case_insensitive { Case::Folded } else { Case::Exact };
            let fits = text_match(Matcher::wildcards([value.as_str()], syntax, case), column(field));
            conditions.push(if *negate { fits.is_not_true() } else { fits });
        }
        for field in self.over.iter().flat_map(Over::named) {
            if is_text_field(field) {
                return Err(format!("`{field}` is analysed text, which Elasticsearch does not aggregate"));
            }
        }
        Ok(conditions)
    }

    /// The fields that the rule names beside its query's.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &str> {
        let filtered = self.filters.iter().map(|filter| filter.field.as_str());
        filtered.chain(self.over.iter().flat_map(Over::named))
    }
}

/// The rows of a rule that aggregates the events for which a condition holds.
pub(crate) fn build(over: &Over, lowering: &mut Lowering<'_>, condition: Expr) -> Result<LogicalPlan> {
    let fields = over.fields();
    let named: Vec<(String, &str)> = (0..).map(term).zip(fields.iter().map(String::as_str)).collect();
    let counted = over.counted().map(|field| (COUNTED.to_owned(), field));
    let mut several = Vec::new();
    let mut taken = vec![column(TIMESTAMP).alias(TIMESTAMP), column(EVENT_ID).alias(EVENT_ID)];
    lowering.scanned(TIMESTAMP);
    for (name, field) in named.iter().chain(&counted) {
        if lowering.scanned(field).many {
            several.push(name.clone());
        }
        taken.push(column(field).alias(name));
    }
    let scan = EventScan::new(lowering.columns().cloned()).into_plan()?;
    let mut events = LogicalPlanBuilder::from(scan).filter(condition)?.project(taken)?;
    // An event is in the group of each of its values.
    for name in &several {
        let options = UnnestOptions::new().with_preserve_nulls(*name == COUNTED);
        events = events.unnest_column_with_options(name.as_str(), options)?;
    }
    // Elasticsearch's composite aggregation leaves documents out that have no value in one of the fields.
    if let Some(there) = all_of(named.iter().map(|(name, _)| column(name).is_not_null()).collect()) {
        events = events.filter(there)?;
    }
    let terms: Vec<Expr> = named.iter().map(|(name, _)| column(name)).collect();
    match over {
        Over::Threshold { value, cardinality, .. } => {
            let least = cardinality.as_ref().map(|(_, least)| *least);
            threshold(events, terms, (*value, least), several.is_empty(), fields)
        }
        Over::NewTerms { history, .. } => new_terms(events, terms, *history, fields),
    }
}

/// A row for each group that is large enough: the time of its last event, its values, and what was counted.
fn threshold(
    events: LogicalPlanBuilder,
    terms: Vec<Expr>,
    (least, cardinality): (u64, Option<u64>),
    one_row_an_event: bool,
    fields: &[String],
) -> Result<LogicalPlan> {
    let events_of_group = if one_row_an_event { count(lit(1i64)) } else { count_distinct(column(EVENT_ID)) };
    let mut calls = vec![max(column(TIMESTAMP)).alias(TIMESTAMP), events_of_group.alias(COUNT)];
    // Of what is counted nobody asks for more than 2^63.
    let at_least = |name: &str, least: u64| column(name).gt_eq(lit(i64::try_from(least).unwrap_or(i64::MAX)));
    let mut holds = vec![at_least(COUNT, least.max(1))];
    if let Some(least) = cardinality {
        calls.push(count_distinct(column(COUNTED)).alias(CARDINALITY));
        holds.push(at_least(CARDINALITY, least));
    }
    let mut order: Vec<_> = vec![column(TIMESTAMP).sort(true, false)];
    order.extend(terms.iter().map(|term| term.clone().sort(true, false)));
    let mut shown = vec![crate::plan::shown(column(TIMESTAMP)).alias(TIMESTAMP)];
    shown.extend(terms.iter().zip(fields).map(|(term, field)| term.clone().alias(field)));
    shown.push(column(COUNT).alias(COUNT));
    shown.extend(cardinality.map(|_| column(CARDINALITY).alias(CARDINALITY)));
    let mut groups = events.aggregate(terms, calls)?;
    for condition in holds {
        groups = groups.filter(condition)?;
    }
    groups.sort(order)?.project(shown)?.build()
}

/// The events before which there is none with the same values, for as long as the rule looks back. Elastic Security runs a rule
/// every few minutes and compares each run's values with those of the time before it; how often it runs makes no difference.
fn new_terms(events: LogicalPlanBuilder, terms: Vec<Expr>, history: i64, fields: &[String]) -> Result<LogicalPlan> {
    let order = || vec![column(TIMESTAMP).sort(true, false), column(EVENT_ID).sort(true, false)];
    let before = lag_udwf().call(vec![column(TIMESTAMP)]).partition_by(terms.clone()).order_by(order()).build()?;
    let is_new = any_of(vec![column(BEFORE).is_null(), (column(TIMESTAMP) - column(BEFORE)).gt(lit(history))]);
    let events = events.filter(column(TIMESTAMP).is_not_null())?.window([before.alias(BEFORE)])?;
    let mut shown = vec![crate::plan::shown(column(TIMESTAMP)).alias(TIMESTAMP)];
    shown.extend(terms.into_iter().zip(fields).map(|(term, field)| term.alias(field)));
    events.filter(is_new.unwrap_or_else(|| lit(true)))?.sort(order())?.project(shown)?.build()
}

impl Frontend for KueryRule {
    fn dialect(&self) -> Dialect {
        Dialect::Kuery
    }

    fn plan(&self, text: &str, context: &PlanContext<'_>) -> Planned {
        planned(text, self, context)
    }

    fn rules(&self) -> &'static [Rule] {
        Kuery.rules()
    }

    fn functions(&self) -> Vec<&'static FunctionDoc> {
        Kuery.functions()
    }

    fn register(&self, registry: &mut Registry) {
        Kuery.register(registry);
    }

    fn analyse(&self, text: &str, context: &PlanContext<'_>) -> Analysis {
        Analysis { diagnostics: self.plan(text, context).diagnostics, ..Kuery.analyse(text, context) }
    }

    fn expected(&self, text: &str, at: usize) -> Expected {
        Kuery.expected(text, at)
    }
}
