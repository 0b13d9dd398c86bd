//! What an operator holds: names, expressions and other operators.
use super::{Expression, Extract, Generator, MergeField, Name, Operator, Step};

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
            Operator::Where(value) | Operator::Assignment { value, .. } => vec![value],
            Operator::Aggregate { calls, keys } => {
                calls.iter().flat_map(|call| &call.arguments).chain(keys.iter().map(|key| &key.value)).collect()
            }
            Operator::CountFrequent(keys) => keys.iter().map(|key| &key.value).collect(),
            Operator::Outlier(outlier) => {
                [&outlier.window, &outlier.threshold, &outlier.consecutive].into_iter().flatten().collect()
            }
            Operator::Bin(bin) => [&bin.min, &bin.max].into_iter().flatten().chain([&bin.width]).collect(),
            _ => Vec::new(),
        }
    }

    /// The names it holds beside its expressions.
    pub(crate) fn names(&self) -> Names<'_> {
        let mut names = Names::default();
        let Names { read, made } = &mut names;
        match self {
            Operator::Aggregate { calls, keys } => {
                made.extend(calls.iter().filter_map(|call| call.name.as_ref()));
                made.extend(keys.iter().filter_map(|key| key.name.as_ref()));
            }
            Operator::Assignment { name, .. } | Operator::Timeslice { name, .. } => made.extend(name),
            Operator::Bin(bin) => {
                read.push(&bin.field);
                made.extend(&bin.name);
            }
            Operator::Compare(compare) => made.extend(compare.shifts.iter().filter_map(|shift| shift.name.as_ref())),
            Operator::CountFrequent(keys) => made.extend(keys.iter().filter_map(|key| key.name.as_ref())),
            Operator::Extract(all) => {
                read.extend(all.iter().filter_map(Extract::field));
                made.extend(all.iter().flat_map(|extract| &extract.names));
            }
            Operator::Dedup { by: names, .. } | Operator::Fields { names, .. } => read.extend(names),
            Operator::FillMissing(fill) => {
                for generator in &fill.generators {
                    match generator {
                        Generator::Values(_, name) | Generator::AllValues(name) => read.push(name),
                        Generator::Timeslice(_, name) => read.extend(name),
                    }
                }
                read.extend(fill.with.iter().map(|(_, name)| name));
            }
            Operator::Lookup(lookup) => {
                read.extend(lookup.on.iter().flat_map(|(left, right)| [left, right]));
                made.extend(lookup.outputs().map(|(_, name)| name));
            }
            Operator::Filter(filter) => {
                read.extend(&filter.fields);
                inner(&filter.steps, read, made);
            }
            Operator::Join(join) => {
                join.tables.iter().for_each(|table| inner(&table.steps, read, made));
                made.extend(join.tables.iter().map(|table| &table.name));
            }
            Operator::Merge(fields) => merged(fields, read, made),
            Operator::Outlier(outlier) => read.extend(outlier.by.iter().chain([&outlier.field])),
            Operator::Predict(predict) => read.push(&predict.field),
            Operator::Transaction(transaction) => {
                read.extend(
                    transaction.on.iter().chain(transaction.states.iter().filter_map(|state| state.field.as_ref())),
                );
                made.extend(transaction.states.iter().map(|state| &state.name));
            }
            Operator::Transactionize(transactionize) => {
                read.extend(&transactionize.fields);
                made.extend(&transactionize.name);
                transactionize.merge.iter().for_each(|fields| merged(fields, read, made));
            }
            Operator::Sessionize(parts) => made.extend(parts.iter().flat_map(|part| &part.names)),
            Operator::Sort(keys) => read.extend(keys.iter().map(|key| &key.name)),
            Operator::Top { fields, by, .. } => read.extend(fields.iter().chain(by.iter().map(|key| &key.name))),
            Operator::TopK { fields, by, .. } => read.extend(fields.iter().chain(by)),
            Operator::Transpose(transpose) => {
                read.extend(transpose.rows.iter().chain(&transpose.columns));
                made.extend(&transpose.names);
            }
            Operator::Window(window) => {
                read.extend([&window.field].into_iter().chain(&window.by));
                made.extend(&window.name);
            }
            Operator::WithTime { field, name } => {
                read.push(field);
                made.extend(name);
            }
            Operator::Limit(_) | Operator::Save { .. } | Operator::Trace(_) | Operator::Where(_) => {}
        }
        names
    }
}

impl Operator {
    /// The operators inside it.
    pub fn inner(&self) -> Vec<&Step> {
        match self {
            Operator::Filter(filter) => filter.steps.iter().collect(),
            Operator::Join(join) => join.tables.iter().flat_map(|table| &table.steps).collect(),
            _ => Vec::new(),
        }
    }
}

/// The names in operators inside another.
fn inner<'a>(steps: &'a [Step], read: &mut Vec<&'a Name>, made: &mut Vec<&'a Name>) {
    for step in steps {
        let names = step.operator.names();
        read.extend(names.read);
        made.extend(names.made);
    }
}

fn merged<'a>(fields: &'a [MergeField], read: &mut Vec<&'a Name>, made: &mut Vec<&'a Name>) {
    read.extend(fields.iter().map(|field| &field.field));
    made.extend(fields.iter().filter_map(|field| field.name.as_ref()));
}
