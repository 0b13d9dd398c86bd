use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, ListArray, RecordBatch, RecordBatchOptions, StringArray, UInt32Array,
};
use datafusion::arrow::buffer::BooleanBuffer;
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::{Result, plan_datafusion_err};
use datafusion::physical_expr_common::binary_map::{ArrowBytesMap, OutputType};
use mynah_kernels::Case;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

/// Values of some events, column by column.
pub(super) struct Values<'s> {
    pub batch: RecordBatch,
    /// Where in the batch each column is, by its number among those of all rules.
    places: &'s HashMap<usize, usize>,
    /// Of each column in the batch the different values, once a condition asks for them; nothing where they are too many.
    distinct: Vec<OnceCell<Option<Distinct>>>,
}

impl<'s> Values<'s> {
    /// With the place of each column in the batch, by its number among those of all rules.
    pub fn new(batch: RecordBatch, places: &'s HashMap<usize, usize>) -> Values<'s> {
        let distinct = std::iter::repeat_with(OnceCell::new).take(batch.num_columns()).collect();
        Values { batch, places, distinct }
    }
}

/// The different values of a column: most are many events' names of programs, users and kinds.
pub(super) struct Distinct {
    values: ArrayRef,
    /// Texts in lower case.
    folded: OnceCell<StringArray>,
    /// Which of them each row has.
    keys: Vec<u32>,
}

/// Of fewer rows each is tested for itself.
const FEW_ROWS: usize = 64;

impl Distinct {
    /// Nothing where they are neither texts nor lists of texts, or nearly as many as there are rows.
    fn of(column: &ArrayRef) -> Option<Distinct> {
        let (values, keys) = match column.as_list_opt::<i32>() {
            Some(lists) => distinct_lists(lists)?,
            None => distinct_texts(column)?,
        };
        (values.len() <= column.len() / 4 * 3).then(|| Distinct { values, folded: OnceCell::new(), keys })
    }

    /// Its texts, ready to be compared; nothing where they are no texts.
    pub fn folded(&self, case: Case) -> Option<&StringArray> {
        let texts = self.values.as_string_opt::<i32>()?;
        Some(match case {
            Case::Exact => texts,
            Case::Folded => self.folded.get_or_init(|| texts.iter().map(|text| Some(case.folded(text?))).collect()),
        })
    }

    pub fn values(&self) -> ArrayRef {
        ArrayRef::clone(&self.values)
    }

    /// What is true of the rows of a selection, from what is true of the values.
    pub fn of_rows(&self, events: &Selection<'_>, of_values: &BooleanBuffer) -> BooleanBuffer {
        let of = |row: usize| {
            let key = self.keys.get(row).map_or(usize::MAX, |key| *key as usize);
            key < of_values.len() && of_values.value(key)
        };
        match &events.rows {
            None => BooleanBuffer::collect_bool(events.len(), of),
            Some(rows) => BooleanBuffer::collect_bool(rows.len(), |row| of(rows.value(row) as usize)),
        }
    }
}

/// The different texts of a column, and which of them each row has.
fn distinct_texts(column: &ArrayRef) -> Option<(ArrayRef, Vec<u32>)> {
    if *column.data_type() != DataType::Utf8 {
        return None;
    }
    let mut map = ArrowBytesMap::<i32, u32>::new(OutputType::Utf8);
    let mut keys = Vec::with_capacity(column.len());
    let mut next = 0;
    let number = |_: Option<&[u8]>| {
        next += 1;
        next - 1
    };
    map.insert_if_new(column, number, |key| keys.push(key));
    Some((map.into_state(), keys))
}

/// The same for lists of texts.
fn distinct_lists(lists: &ListArray) -> Option<(ArrayRef, Vec<u32>)> {
    let (_, elements) = distinct_texts(lists.values())?;
    let mut numbers: HashMap<Option<&[u32]>, u32> = HashMap::new();
    // A list is where the first row stands that has it.
    let mut first_rows = Vec::new();
    let mut keys = Vec::with_capacity(lists.len());
    for (row, ends) in (0_u32..).zip(lists.offsets().windows(2)) {
        let &[start, end] = ends else { return None };
        let list = elements.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?);
        let next = numbers.len();
        let number = numbers.entry(list.filter(|_| lists.is_valid(row as usize))).or_insert_with(|| {
            first_rows.push(row);
            next as u32
        });
        keys.push(*number);
    }
    Some((take(lists, &UInt32Array::from(first_rows), None).ok()?, keys))
}

/// Some rows of a batch. Their values are taken column by column, when a condition asks for them.
pub(super) struct Selection<'b> {
    values: &'b Values<'b>,
    /// Nothing for all rows.
    rows: Option<UInt32Array>,
    taken: RefCell<HashMap<usize, ArrayRef>>,
}

impl<'b> Selection<'b> {
    /// All rows.
    pub fn all(values: &'b Values<'b>) -> Selection<'b> {
        Selection { values, rows: None, taken: RefCell::default() }
    }

    fn of(values: &'b Values<'b>, rows: UInt32Array) -> Selection<'b> {
        Selection { values, rows: Some(rows), taken: RefCell::default() }
    }

    /// None of them.
    pub fn none(&self) -> Selection<'b> {
        Selection::of(self.values, UInt32Array::from(Vec::<u32>::new()))
    }

    fn len(&self) -> usize {
        self.rows.as_ref().map_or(self.values.batch.num_rows(), Array::len)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The numbers of its rows in the batch.
    pub fn rows(&self) -> impl Iterator<Item = u32> {
        let all = match &self.rows {
            Some(_) => 0..0,
            // A batch has some thousand rows.
            None => 0..u32::try_from(self.values.batch.num_rows()).unwrap_or(u32::MAX),
        };
        self.rows.iter().flat_map(|rows| rows.values().iter().copied()).chain(all)
    }

    /// These columns of its rows.
    pub fn columns(&self, numbers: &[usize], schema: SchemaRef) -> Result<RecordBatch> {
        let columns = numbers.iter().map(|number| self.column(*number)).collect::<Result<Vec<_>>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(self.len()));
        Ok(RecordBatch::try_new_with_options(schema, columns, &options)?)
    }

    /// The different values of a column in all rows of the batch, where they are fewer than the rows of the selection.
    pub fn distinct(&self, number: usize) -> Result<Option<&'b Distinct>> {
        if self.len() < FEW_ROWS {
            return Ok(None);
        }
        let (place, whole) = self.whole(number)?;
        let distinct =
            self.values.distinct.get(place).and_then(|known| known.get_or_init(|| Distinct::of(whole)).as_ref());
        Ok(distinct.filter(|distinct| distinct.values.len() <= self.len()))
    }

    /// A column of the batch, and its place in it.
    fn whole(&self, number: usize) -> Result<(usize, &'b ArrayRef)> {
        let place = self.values.places.get(&number);
        place
            .and_then(|place| Some((*place, self.values.batch.columns().get(*place)?)))
            .ok_or_else(|| plan_datafusion_err!("the events have no column {number}"))
    }

    /// A column of its rows.
    pub fn column(&self, number: usize) -> Result<ArrayRef> {
        let (_, whole) = self.whole(number)?;
        let Some(rows) = &self.rows else { return Ok(ArrayRef::clone(whole)) };
        if let Some(taken) = self.taken.borrow().get(&number) {
            return Ok(ArrayRef::clone(taken));
        }
        let taken = take(whole, rows, None)?;
        self.taken.borrow_mut().insert(number, ArrayRef::clone(&taken));
        Ok(taken)
    }

    /// Those of its rows of which this is true.
    pub fn narrowed(&self, truth: &BooleanBuffer) -> Selection<'b> {
        let rows: UInt32Array = match &self.rows {
            // As above: numbers of rows are small.
            None => truth.set_indices().map(|row| row as u32).collect(),
            Some(rows) => truth.set_indices().filter_map(|row| rows.values().get(row).copied()).collect(),
        };
        Selection::of(self.values, rows)
    }
}
