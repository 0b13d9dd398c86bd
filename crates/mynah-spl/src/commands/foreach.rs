//! Commands run for each of several fields, or for each value of one.
use super::prelude::*;
use crate::expression::{Expression, ExpressionKind, Scope, case, lower_assignable, parse};
use crate::functions::Internal;
use crate::pipeline;
use crate::plan::name_stars;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::prelude::{Expr, lit};
use mynah_kernels::Cell;
use serde_json::Value;

pub(super) static COMMANDS: [Entry; 1] = [bracketed(command(
    "foreach [mode=multifield] PATTERN, ... [COMMANDS] | mode=multivalue|json_array FIELD [eval ...]",
    "Runs commands, mostly an eval, for each field that fits; `<<FIELD>>` in them is its name, `<<MATCHSTR>>` what the star stands for. Or an eval for each value of a field, or element of its JSON array; `<<ITEM>>` in it is the value, `<<ITER>>` its number.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/foreach",
    foreach,
))];

/// What is gone over.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Mode {
    Fields,
    Values,
    Elements,
    /// Values or elements, whichever a field has.
    Collections,
}

#[derive(Debug)]
struct ForEach {
    mode: Mode,
    patterns: Vec<Spanned<String>>,
    template: String,
    /// What stands for the field, the star, an item and its number in the template.
    words: Words,
}

#[derive(Debug)]
struct Words {
    field: String,
    star: String,
    /// What the first star stands for, the second and the third.
    segments: [String; 3],
    item: String,
    number: String,
}

const OPTIONS: &[&str] = &["mode", "fieldstr", "matchstr", "matchseg1", "matchseg2", "matchseg3", "itemstr", "iterstr"];

fn foreach(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut patterns = Vec::new();
    let mut mode = Mode::Fields;
    let mut words = Words {
        field: "<<FIELD>>".to_owned(),
        star: "<<MATCHSTR>>".to_owned(),
        segments: ["<<MATCHSEG1>>", "<<MATCHSEG2>>", "<<MATCHSEG3>>"].map(str::to_owned),
        item: "<<ITEM>>".to_owned(),
        number: "<<ITER>>".to_owned(),
    };
    let inner = loop {
        if let Some(inner) = arguments.brackets()? {
            break inner;
        }
        if let Some((name, value)) = arguments.option(OPTIONS)? {
            match name {
                "mode" => {
                    mode = match value.node.to_ascii_lowercase().as_str() {
                        "multifield" => Mode::Fields,
                        "multivalue" => Mode::Values,
                        "json_array" => Mode::Elements,
                        "auto_collections" => Mode::Collections,
                        other => return Err(unsupported(&format!("`mode={other}`"), value.span)),
                    }
                }
                "fieldstr" => words.field = value.node,
                "matchstr" => words.star = value.node,
                "itemstr" => words.item = value.node,
                "iterstr" => words.number = value.node,
                name => {
                    let [first, second, third] = &mut words.segments;
                    let segment = match name {
                        "matchseg1" => first,
                        "matchseg2" => second,
                        _ => third,
                    };
                    *segment = value.node;
                }
            }
        } else if arguments.is_empty() {
            return Err(arguments.wrong(arguments.rest(), "commands in brackets"));
        } else if !arguments.symbol(',') {
            patterns.push(arguments.field()?);
        }
    };
    arguments.end()?;
    let patterns = match mode {
        // Every field of several values.
        Mode::Collections => patterns,
        _ => arguments.some(patterns, "the names of fields")?,
    };
    // `json_array(1, 2)` in place of a field is gone over as its array is.
    if mode == Mode::Fields && patterns.iter().any(|pattern| pattern.node.contains('(')) {
        mode = Mode::Collections;
    }
    let template = inner.of(arguments.text).to_owned();
    let foreach = ForEach { mode, patterns, template, words };
    // What is not there can be what the commands make.
    let (reads, patterns) = (foreach.reads(inner), foreach.patterns.iter().cloned());
    let needs = Needs::default().maybe_read(patterns.chain(reads)).make_any();
    on_rows(needs, foreach, |foreach, rows, wanted, planner| match foreach.mode {
        Mode::Fields => foreach.over_fields(rows, wanted, planner),
        _ => foreach.over_values(rows, planner),
    })
}

/// How many values of a field are gone over: each is an operator of the plan.
const MOST_VALUES: usize = 50;

/// What stands for any name, number or value while nobody knows what it is.
const ANY: &str = "__any";

impl ForEach {
    /// The fields that the commands of the template read, as far as they can be read before it is filled: the template's
    /// place is theirs.
    fn reads(&self, at: mynah_syntax::Span) -> Vec<Spanned<String>> {
        let mut names: Vec<String> = Vec::new();
        for pattern in &self.patterns {
            let mut text = self.template.replace(&self.words.field, &pattern.node.replace('*', ANY));
            for word in [&self.words.star, &self.words.item] {
                text = text.replace(word.as_str(), ANY);
            }
            for segment in &self.words.segments {
                text = text.replace(segment.as_str(), ANY);
            }
            let text = text.replace(&self.words.number, "0");
            let range = mynah_syntax::Span::new(0, text.len());
            // What is wrong with a template is said where it is filled.
            let Ok(pipeline) = pipeline::parse_commands(&mut Parsing::new(&text), range) else { continue };
            for step in &pipeline.steps {
                let needs = step.command.needs();
                let read = needs.reads.into_iter().chain(needs.may_read).map(|read| read.node);
                names.extend(read.filter(|name| name != ANY).map(|name| name.replace(ANY, "*")));
            }
        }
        names.sort();
        names.dedup();
        names.into_iter().map(|name| Spanned::new(name, at)).collect()
    }

    fn over_fields(&self, rows: Rows, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        // The fields that are there before the template makes some.
        let mut fields = Vec::with_capacity(self.patterns.len());
        for pattern in &self.patterns {
            fields.push((pattern, super::field_list::expand_present(std::slice::from_ref(pattern), &rows, planner)?));
        }
        let at = planner.at;
        let mut pending = Pending::new(rows);
        for (pattern, names) in fields {
            for name in names {
                let stars = name_stars(&pattern.node, &name).unwrap_or_default();
                let mut text =
                    self.template.replace(&self.words.field, &name).replace(&self.words.star, &stars.concat());
                for (segment, star) in self.words.segments.iter().zip(stars) {
                    text = text.replace(segment.as_str(), star);
                }
                match super::eval::plain_assignments(&text, at, planner.length) {
                    Some(assignments) => {
                        for (name, value) in assignments {
                            planner.all_at(at, |planner| pending.assign(name, &value, planner))?;
                        }
                    }
                    None => pending = Pending::new(filled(&text, pending.assigned(planner)?, wanted, planner)?),
                }
            }
        }
        pending.assigned(planner)
    }

    /// An eval for the first value of each row, then for the second, as far as the row with the most of them goes.
    fn over_values(&self, rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut rows = rows;
        let several = rows.scope().columns().filter(|(name, ty)| *ty == Type::Multi && !name.starts_with('_'));
        let several: Vec<_> = several.map(|(name, _)| Spanned::new(name.to_owned(), planner.at)).collect();
        for field in if self.patterns.is_empty() { &several } else { &self.patterns } {
            let value = match field.node.contains('(').then(|| parse(&field.node, 0).0).flatten() {
                Some(expression) => {
                    let lowered = lower_assignable(&expression, rows.scope());
                    lowered.map_err(|error| Diagnostic { span: field.span, ..error })?
                }
                None => rows.column(&field.node),
            };
            let is_json = match self.mode {
                Mode::Elements => true,
                Mode::Collections => value.ty != Type::Multi,
                _ => false,
            };
            let items = planner.fresh("items");
            let of = if is_json {
                ELEMENTS.typed(vec![value.into_text()])
            } else {
                Typed::new(value.into_multi(), Type::Multi)
            };
            rows = rows.with(vec![(items.clone(), of)], planner)?;
            let count = most_values(&rows, &items, planner)?.unwrap_or(1);
            if count > MOST_VALUES {
                let message =
                    format!("`{}` has {count} values, and foreach goes over at most {MOST_VALUES}", field.node);
                return Err(Diagnostic::error("spl/too-long", message, field.span));
            }
            for number in 0..count {
                rows = self.step(rows, &items, number, planner)?;
            }
            rows = rows.without(&[items], planner)?;
        }
        Ok(rows)
    }

    /// The eval for one value of each row; rows that have no such value stay as they are.
    fn step(&self, rows: Rows, items: &str, number: usize, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let at = planner.at;
        let item = planner.fresh("item");
        let value = NTH.typed(vec![rows.column(items).expr, lit(number as f64)]);
        let mut rows = rows.with(vec![(item.clone(), value)], planner)?;
        let text = self.template.replace(&format!("'{}'", self.words.item), &format!("'{item}'"));
        let text =
            text.replace(&self.words.item, &format!("'{item}'")).replace(&self.words.number, &number.to_string());
        let body = text.trim_start();
        let word = body.get(..4).filter(|word| word.eq_ignore_ascii_case("eval"));
        let Some(assignments) = word.and_then(|_| body.get(4..)) else {
            return Err(unsupported("another command than eval over values", at));
        };
        for (name, expression) in super::eval::assigned(assignments, at)? {
            let old = rows.column(&name);
            let new = lower_assignable(&expression, rows.scope()).map_err(|error| Diagnostic { span: at, ..error })?;
            let ty = crate::expression::unify([old.ty, new.ty]);
            let present = rows.column(&item).expr.is_not_null();
            let value = case(vec![(present, new.into_type(ty))], Some(old.into_type(ty)), ty);
            rows = rows.with(vec![(name, Typed::new(value, ty))], planner)?;
        }
        rows.without(&[item], planner)
    }
}

/// Rows with assignments that wait to be made at once: a projection for each would be of all columns, for each field again.
struct Pending {
    rows: Rows,
    /// The columns as they will be.
    scope: Scope,
    waiting: Vec<(String, Typed)>,
}

/// How many parts a value may have with all that waits put into it.
const MOST_PARTS: usize = 60;

impl Pending {
    fn new(rows: Rows) -> Pending {
        Pending { scope: rows.scope().clone(), rows, waiting: Vec::new() }
    }

    fn assign(&mut self, name: String, value: &Expression, planner: &mut Planner<'_>) -> Result<(), Diagnostic> {
        planner.check_names(&self.scope, &Needs::default().read_all(value.fields()));
        let mut value = lower_assignable(value, &self.scope)?;
        match self.put_in(&value) {
            Some(expr) => value.expr = expr,
            None => self.make(planner)?,
        }
        self.scope.set(name.clone(), value.ty);
        match self.waiting.iter_mut().find(|(known, _)| *known == name) {
            Some(known) => known.1 = value,
            None => self.waiting.push((name, value)),
        }
        Ok(())
    }

    /// A value with what waits in the place of its columns; nothing where that is large, or may not be calculated twice.
    fn put_in(&self, value: &Typed) -> Option<Expr> {
        let waiting = |expr: &Expr| match expr {
            Expr::Column(column) => self.waiting.iter().find(|(name, _)| *name == column.name).map(|(_, typed)| typed),
            _ => None,
        };
        let mut volatile = false;
        let changed = value.expr.clone().transform(|part| {
            Ok(match waiting(&part) {
                Some(typed) => {
                    volatile |= typed.expr.is_volatile();
                    Transformed::new(typed.expr.clone(), true, TreeNodeRecursion::Jump)
                }
                None => Transformed::no(part),
            })
        });
        let expr = changed.ok()?.data;
        let mut parts = 0usize;
        let counted = expr.apply(|_| {
            parts += 1;
            Ok(if parts > MOST_PARTS { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
        });
        (counted.is_ok() && parts <= MOST_PARTS && !volatile).then_some(expr)
    }

    /// Makes the assignments that wait.
    fn make(&mut self, planner: &mut Planner<'_>) -> Result<(), Diagnostic> {
        if !self.waiting.is_empty() {
            self.rows = self.rows.clone().with(std::mem::take(&mut self.waiting), planner)?;
        }
        Ok(())
    }

    /// The rows with all assignments.
    fn assigned(mut self, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        self.make(planner)?;
        Ok(self.rows)
    }
}

/// How many values the row with the most of them has; nothing without data.
fn most_values(rows: &Rows, items: &str, planner: &mut Planner<'_>) -> Result<Option<usize>, Diagnostic> {
    let field = Expression { kind: ExpressionKind::Field(items.to_owned()), span: planner.at };
    let count = super::derived::call("mvcount", vec![field], planner.at);
    let count = super::derived::lowered(&count, rows)?.into_number();
    let none: Vec<datafusion::prelude::Expr> = Vec::new();
    let most = datafusion::functions_aggregate::expr_fn::max(count).alias("most");
    let plan = rows.clone().with_order(Vec::new()).map_plan(planner, |plan| plan.aggregate(none, [most]))?;
    let batches = planner.context.rows(plan.plan()).map_err(|needed| needed.at(planner.at))?;
    Ok(batches.map(|batches| {
        let texts = batches.iter().filter(|batch| batch.num_rows() > 0).filter_map(|batch| batch.columns().first());
        let most = texts.flat_map(|column| crate::search::cell_texts(column.as_ref(), 0)).next();
        most.and_then(|text| text.parse().ok()).unwrap_or(0)
    }))
}

/// One of several values, by its number from 0.
pub(crate) static NTH: Internal = Internal {
    name: "value of a number",
    returns: Type::Text,
    code: |row| {
        let values = row.values(0);
        let number = row.number(1).unwrap_or(0.0) as usize;
        values.into_iter().nth(number).map(|text| Cell::text(text.into_owned())).into()
    },
};

/// The elements of a JSON array.
pub(crate) static ELEMENTS: Internal = Internal {
    name: "elements of an array",
    returns: Type::Multi,
    code: |row| match row.cell(0).as_text().map(serde_json::from_str) {
        Some(Ok(Value::Array(elements))) if !elements.is_empty() => {
            Cell::texts(elements.into_iter().map(|element| match element {
                Value::String(text) => text,
                other => other.to_string(),
            }))
        }
        _ => Cell::Null,
    },
};

/// The rows after the commands of a template that is filled.
fn filled(text: &str, rows: Rows, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
    let at = planner.at;
    // Places in the filled template are none of the query: they are behind its end.
    let text = format!("{:length$}{text}", "", length = planner.length);
    let range = mynah_syntax::Span::new(planner.length, text.len());
    planner.all_at(at, |planner| {
        let parsed = pipeline::parse_commands(&mut Parsing::new(&text), range)?;
        planner.steps(rows, &parsed.steps, wanted)
    })
}
