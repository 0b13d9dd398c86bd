//! Commands run for each of several fields, or for each value of one.
use super::prelude::*;
use crate::expression::{Expression, ExpressionKind, case, lower_assignable};
use crate::functions::Internal;
use crate::pipeline;
use crate::plan::name_stars;
use datafusion::prelude::lit;
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
                _ => return Err(unsupported(&format!("`{name}=`"), value.span)),
            }
        } else if arguments.is_empty() {
            return Err(arguments.wrong(arguments.rest(), "commands in brackets"));
        } else if !arguments.symbol(',') {
            patterns.push(arguments.field()?);
        }
    };
    arguments.end()?;
    let patterns = arguments.some(patterns, "the names of fields")?;
    let template = inner.of(arguments.text).to_owned();
    let foreach = ForEach { mode, patterns, template, words };
    let needs = Needs::of(&foreach.patterns).maybe_read(foreach.reads(inner)).make_any();
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
            for segment in 1..=3 {
                text = text.replace(&format!("<<MATCHSEG{segment}>>"), ANY);
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
        let mut rows = rows;
        for (pattern, names) in fields {
            for name in names {
                let stars = name_stars(&pattern.node, &name).unwrap_or_default();
                let mut text =
                    self.template.replace(&self.words.field, &name).replace(&self.words.star, &stars.concat());
                for (i, star) in stars.iter().enumerate() {
                    text = text.replace(&format!("<<MATCHSEG{}>>", i + 1), star);
                }
                rows = filled(&text, rows, wanted, planner)?;
            }
        }
        Ok(rows)
    }

    /// An eval for the first value of each row, then for the second, as far as the row with the most of them goes.
    fn over_values(&self, rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut rows = rows;
        for field in &self.patterns {
            let value = rows.column(&field.node);
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
