//! Plans stay small, however often a query uses what it has calculated.
//!
//! DataFusion puts the expressions of a projection into the filters over it, so that they reach the scan. Where each of many
//! projections uses a column of the one below twice (`eval r=if(a>5,r+1,r)`, `if(r>5,r+1,r) as r`), that doubles with each.
use crate::balance::BalanceConditions;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion, TreeNodeRewriter};
use datafusion::common::utils::take_function_args;
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, LogicalPlan, Projection, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::optimizer::{AnalyzerRule, Optimizer, OptimizerRule};
use datafusion::prelude::Expr;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// How many parts an expression may have with everything put into it that it is made of.
const MOST_PARTS: usize = 1_000;
/// How many of them may be there more than once: what nests takes DataFusion's simplification much longer than what is long.
const MOST_REPEATED: usize = 150;

/// Holds a column back whose expression would become too large: a filter over it stays over it.
#[derive(Debug, Default)]
pub(crate) struct HoldLargeColumns;

impl AnalyzerRule for HoldLargeColumns {
    fn name(&self) -> &str {
        "hold_large_columns"
    }

    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> Result<LogicalPlan> {
        Ok(plan.rewrite(&mut Holder::default())?.data)
    }
}

/// DataFusion's rules, without the one that puts what is held into filters all the same, to look for an outer join below;
/// and behind them one of our own.
pub(crate) fn optimizer_rules() -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    let rules = Optimizer::new().rules.into_iter().filter(|rule| rule.name() != "eliminate_outer_join");
    rules.chain([Arc::new(BalanceConditions) as Arc<dyn OptimizerRule + Send + Sync>]).collect()
}

/// How large the expressions behind the columns of a node are, by the columns' names.
type Sizes = HashMap<String, Size>;

/// The size of an expression with everything put into it that it is made of.
#[derive(Debug, Clone, Copy)]
struct Size {
    parts: usize,
    /// How many of these are there again.
    repeated: usize,
}

impl Size {
    const COLUMN: Size = Size { parts: 1, repeated: 0 };

    fn of(expression: &Expr, columns: &Sizes) -> Size {
        let mut size = Size { parts: 0, repeated: 0 };
        let mut seen: HashSet<&str> = HashSet::new();
        // Nothing in here fails.
        let _ = expression.apply(|part| {
            let mut here = Size::COLUMN;
            if let Expr::Column(column) = part {
                here = columns.get(&column.name).copied().unwrap_or(Size::COLUMN);
                if here.parts > 1 && !seen.insert(&column.name) {
                    here.repeated = here.repeated.saturating_add(here.parts);
                }
            }
            size.parts = size.parts.saturating_add(here.parts);
            size.repeated = size.repeated.saturating_add(here.repeated);
            Ok(TreeNodeRecursion::Continue)
        });
        size
    }

    fn larger(self, other: Size) -> Size {
        Size { parts: self.parts.max(other.parts), repeated: self.repeated.max(other.repeated) }
    }

    fn is_large(self) -> bool {
        self.parts > MOST_PARTS || self.repeated > MOST_REPEATED
    }
}

#[derive(Default)]
struct Holder {
    /// Those of the nodes that wait for the node above them.
    inputs: Vec<Sizes>,
}

impl TreeNodeRewriter for Holder {
    type Node = LogicalPlan;

    fn f_up(&mut self, plan: LogicalPlan) -> Result<Transformed<LogicalPlan>> {
        let first = self.inputs.len().saturating_sub(plan.inputs().len());
        let mut sizes = Sizes::new();
        // A filter goes down into every side of a union: the largest counts.
        for (name, size) in self.inputs.drain(first..).flatten() {
            sizes.entry(name).and_modify(|known| *known = known.larger(size)).or_insert(size);
        }
        let plan = plan.map_subqueries(|subquery| subquery.rewrite(&mut Holder::default()))?;
        plan.transform_data(|plan| match plan {
            LogicalPlan::Projection(projection) => {
                let (expressions, sizes, changed) = held_columns(projection.expr, &sizes);
                self.inputs.push(sizes);
                // What is not changed keeps its schema: making one takes a look through the whole input for each column.
                let projection = match changed {
                    true => Projection::try_new(expressions, projection.input)?,
                    false => Projection::try_new_with_schema(expressions, projection.input, projection.schema)?,
                };
                Ok(Transformed::new_transformed(LogicalPlan::Projection(projection), changed))
            }
            other => {
                self.inputs.push(sizes);
                Ok(Transformed::no(other))
            }
        })
    }
}

/// The expressions of a projection over columns of these sizes, the large ones held; their sizes; and whether one is held.
fn held_columns(expressions: Vec<Expr>, inputs: &Sizes) -> (Vec<Expr>, Sizes, bool) {
    let mut sizes = Sizes::new();
    let mut changed = false;
    let expressions = expressions.into_iter().map(|expression| {
        let (_, name) = expression.qualified_name();
        let size = Size::of(&expression, inputs);
        if !size.is_large() {
            sizes.insert(name, size);
            return expression;
        }
        changed = true;
        let value = expression.unalias();
        held().call(vec![value]).alias(name)
    });
    (expressions.collect(), sizes, changed)
}

/// `held(value)`: the value, as something that is put into nothing else, since it could be another each time.
pub(crate) fn held() -> ScalarUDF {
    ScalarUDF::from(Held::default())
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Held(Signature);

impl Default for Held {
    fn default() -> Self {
        Held(Signature::any(1, Volatility::Volatile))
    }
}

impl ScalarUDFImpl for Held {
    fn name(&self) -> &str {
        "held"
    }

    fn signature(&self) -> &Signature {
        &self.0
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        match arguments {
            [of_value] => Ok(of_value.clone()),
            _ => plan_err!("held takes one value"),
        }
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [value] = take_function_args("held", arguments.args)?;
        Ok(value)
    }
}
