use datafusion::arrow::array::{
    ArrayRef, BooleanBuilder, Float64Builder, Int64Builder, ListBuilder, RecordBatch, StringBuilder, UInt64Builder,
};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::Result;
use mynah_event::{EventId, Timestamp};
use mynah_view::{FieldType, Kind};
use std::net::IpAddr;
use std::sync::Arc;

/// The columns of a batch while they grow.
pub(crate) struct Columns {
    builders: Vec<Builder>,
    ids: UInt64Builder,
    rows: usize,
    /// Columns that took one of several values of the row at hand.
    left_out: Vec<usize>,
}

enum Builder {
    Text(StringBuilder, Kind),
    Integer(Int64Builder, Kind),
    Float(Float64Builder, Kind),
    Boolean(BooleanBuilder),
    Texts(ListBuilder<StringBuilder>, Kind),
    Integers(ListBuilder<Int64Builder>, Kind),
    Floats(ListBuilder<Float64Builder>, Kind),
    Booleans(ListBuilder<BooleanBuilder>),
}

impl Columns {
    pub fn new(types: &[FieldType]) -> Self {
        let builders = types.iter().map(|t| Builder::new(*t)).collect();
        Columns { builders, ids: UInt64Builder::new(), rows: 0, left_out: Vec::new() }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Ends the row of an event, whose value in every column was appended before.
    pub fn end_row(&mut self, id: EventId) {
        self.ids.append_value(id.0);
        self.rows += 1;
    }

    /// Appends an event's values to a column: none, one or several texts.
    ///
    /// A column for one value takes the first; a text that is no value of the column's type counts as none.
    pub fn append<'t>(&mut self, column: usize, values: impl Iterator<Item = &'t str>) {
        if let Some(builder) = self.builders.get_mut(column) {
            builder.append(values);
        }
    }

    /// Notes that a column took one value of several.
    pub fn leave_out(&mut self, column: usize) {
        self.left_out.push(column);
    }

    /// The columns that took one value of several since this was asked last.
    pub fn left_out(&mut self) -> impl Iterator<Item = usize> {
        self.left_out.drain(..)
    }

    /// Appends an event's time to a column, in the column's unit.
    pub fn append_time(&mut self, column: usize, time: Option<Timestamp>) {
        match self.builders.get_mut(column) {
            Some(Builder::Integer(b, Kind::Milliseconds)) => b.append_option(time.map(Timestamp::milliseconds)),
            Some(Builder::Float(b, Kind::Seconds)) => b.append_option(time.map(Timestamp::seconds)),
            Some(other) => other.append(time.map(|time| time.to_string()).as_deref().into_iter()),
            None => {}
        }
    }

    /// The batch so far, with the columns that `keep_id` and `schema` ask for, and a fresh start.
    pub fn finish(&mut self, schema: SchemaRef, keep_id: bool) -> Result<RecordBatch> {
        let mut arrays: Vec<ArrayRef> = self.builders.iter_mut().map(Builder::finish).collect();
        let ids = Arc::new(self.ids.finish());
        if keep_id {
            arrays.push(ids);
        }
        let options = datafusion::arrow::array::RecordBatchOptions::new().with_row_count(Some(self.rows));
        self.rows = 0;
        Ok(RecordBatch::try_new_with_options(schema, arrays, &options)?)
    }
}

impl Builder {
    fn new(field_type: FieldType) -> Builder {
        match (field_type.kind, field_type.many) {
            (kind @ (Kind::Text | Kind::Ip), false) => Builder::Text(StringBuilder::new(), kind),
            (kind @ (Kind::Text | Kind::Ip), true) => Builder::Texts(ListBuilder::new(StringBuilder::new()), kind),
            (kind @ (Kind::Integer | Kind::Milliseconds), false) => Builder::Integer(Int64Builder::new(), kind),
            (kind @ (Kind::Integer | Kind::Milliseconds), true) => {
                Builder::Integers(ListBuilder::new(Int64Builder::new()), kind)
            }
            (kind @ (Kind::Float | Kind::Seconds), false) => Builder::Float(Float64Builder::new(), kind),
            (kind @ (Kind::Float | Kind::Seconds), true) => {
                Builder::Floats(ListBuilder::new(Float64Builder::new()), kind)
            }
            (Kind::Boolean, false) => Builder::Boolean(BooleanBuilder::new()),
            (Kind::Boolean, true) => Builder::Booleans(ListBuilder::new(BooleanBuilder::new())),
        }
    }

    fn append<'t>(&mut self, mut values: impl Iterator<Item = &'t str>) {
        match self {
            Builder::Text(b, kind) => b.append_option(values.find(|text| is_text_of(*kind, text))),
            Builder::Integer(b, kind) => b.append_option(values.find_map(|text| integer(*kind, text))),
            Builder::Float(b, kind) => b.append_option(values.find_map(|text| float(*kind, text))),
            Builder::Boolean(b) => b.append_option(values.find_map(boolean)),
            Builder::Texts(b, kind) => {
                append_list(b, values.filter(|text| is_text_of(*kind, text)), StringBuilder::append_value)
            }
            Builder::Integers(b, kind) => {
                append_list(b, values.filter_map(|text| integer(*kind, text)), Int64Builder::append_value)
            }
            Builder::Floats(b, kind) => {
                append_list(b, values.filter_map(|text| float(*kind, text)), Float64Builder::append_value)
            }
            Builder::Booleans(b) => append_list(b, values.filter_map(boolean), BooleanBuilder::append_value),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Builder::Text(b, _) => Arc::new(b.finish()),
            Builder::Integer(b, _) => Arc::new(b.finish()),
            Builder::Float(b, _) => Arc::new(b.finish()),
            Builder::Boolean(b) => Arc::new(b.finish()),
            Builder::Texts(b, _) => Arc::new(b.finish()),
            Builder::Integers(b, _) => Arc::new(b.finish()),
            Builder::Floats(b, _) => Arc::new(b.finish()),
            Builder::Booleans(b) => Arc::new(b.finish()),
        }
    }
}

/// A list of no values is no value.
fn append_list<B: datafusion::arrow::array::ArrayBuilder, V>(
    list: &mut ListBuilder<B>,
    values: impl Iterator<Item = V>,
    append: impl Fn(&mut B, V),
) {
    let mut any = false;
    for value in values {
        any = true;
        append(list.values(), value);
    }
    list.append(any);
}

fn is_text_of(kind: Kind, text: &str) -> bool {
    kind != Kind::Ip || text.parse::<IpAddr>().is_ok()
}

fn integer(kind: Kind, text: &str) -> Option<i64> {
    if kind == Kind::Milliseconds {
        return Timestamp::parse(text).ok().map(Timestamp::milliseconds);
    }
    let text = text.trim();
    text.parse().ok().or_else(|| {
        let number: f64 = text.parse().ok()?;
        (number.fract() == 0.0 && number.abs() < 9.0e18).then_some(number as i64)
    })
}

fn float(kind: Kind, text: &str) -> Option<f64> {
    match kind {
        Kind::Seconds => Timestamp::parse(text).ok().map(Timestamp::seconds),
        _ => text.trim().parse().ok(),
    }
}

fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}
