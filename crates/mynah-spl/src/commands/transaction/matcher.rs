//! Which events belong to one transaction.
use super::Transactions;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch};
use datafusion::arrow::datatypes::{Float64Type, UInt64Type};
use datafusion::common::{Result, exec_err};
use mynah_kernels::Picked;
use std::sync::Arc;

/// A transaction that may still get events. Events come newest first.
struct Open {
    /// Its number among all.
    number: usize,
    /// The values of the fields so far.
    values: Vec<Option<String>>,
    newest: f64,
    oldest: f64,
    events: usize,
    /// Whether it began with the event that ends it, where one is asked for.
    ended: bool,
    /// When it got its last event: the number of that event.
    touched: usize,
}

/// What has become of a transaction.
#[derive(Clone, Copy)]
struct Fate {
    /// Whether a condition has closed it.
    closed: bool,
    /// Whether it has the start and the end that are asked for.
    complete: bool,
    /// Whether it had to make room for others.
    evicted: bool,
}

impl Fate {
    const OPEN: Fate = Fate { closed: false, complete: false, evicted: false };
}

struct Matcher<'o> {
    options: &'o Transactions,
    open: Vec<Open>,
    fates: Vec<Fate>,
    /// The number of the transaction of each row that belongs to one.
    members: Vec<(u32, usize)>,
}

/// The rows of transactions with the numbers of these, and whether they were closed.
pub(super) fn pick(options: &Transactions, rows: &RecordBatch) -> Result<Picked> {
    let column = |name: &str| match rows.column_by_name(name) {
        Some(column) => Ok(Arc::clone(column)),
        None => exec_err!("transaction lacks the column {name}"),
    };
    let (place, time) = (column(&options.place)?, column(&options.time)?);
    let (place, time) = (place.as_primitive::<UInt64Type>(), time.as_primitive::<Float64Type>());
    let fields = options.fields.iter().map(|name| column(name)).collect::<Result<Vec<ArrayRef>>>()?;
    let marks = |name: &Option<String>| name.as_deref().map(column).transpose();
    let (starts, ends) = (marks(&options.starts)?, marks(&options.ends)?);
    let holds = |column: &Option<ArrayRef>, row: usize| {
        column.as_ref().is_some_and(|column| {
            let truths = column.as_boolean();
            !truths.is_null(row) && truths.value(row)
        })
    };
    let mut order: Vec<(u64, u32)> = place.values().iter().copied().zip(0..).collect();
    order.sort_unstable();
    let mut matcher = Matcher { options, open: Vec::new(), fates: Vec::new(), members: Vec::new() };
    for (_, row) in order {
        let at = row as usize;
        let value = |field: &ArrayRef| {
            let texts = field.as_string::<i32>();
            (!texts.is_null(at)).then(|| texts.value(at).to_owned())
        };
        let values: Vec<Option<String>> = fields.iter().map(value).collect();
        if time.is_null(at) || (!values.is_empty() && values.iter().all(Option::is_none)) {
            continue;
        }
        matcher.add(row, time.value(at), values, holds(&starts, at), holds(&ends, at));
    }
    Ok(matcher.picked())
}

impl Matcher<'_> {
    fn add(&mut self, row: u32, time: f64, values: Vec<Option<String>>, starts: bool, ends: bool) {
        let options = self.options;
        self.close_old(time);
        // An event that ends a transaction begins a new one: what is open lies after it.
        let place = self.open.iter().rposition(|open| open.takes(&values, options.connected));
        if let (Some(place), true) = (place, ends) {
            self.close(place, true);
        }
        let place = if ends { None } else { place };
        let place = place.unwrap_or_else(|| {
            self.fates.push(Fate::OPEN);
            let ended = ends || options.ends.is_none();
            let number = self.fates.len() - 1;
            self.open.push(Open {
                number,
                values: values.clone(),
                newest: time,
                oldest: time,
                events: 0,
                ended,
                touched: 0,
            });
            self.open.len() - 1
        });
        let Some(open) = self.open.get_mut(place) else { return };
        for (known, value) in open.values.iter_mut().zip(values) {
            *known = known.take().or(value);
        }
        open.oldest = time;
        open.events += 1;
        open.touched = self.members.len();
        self.members.push((row, open.number));
        let full = open.events >= options.max_events;
        if starts {
            self.close(place, true);
        } else if full {
            self.close(place, false);
        }
        self.evict();
    }

    /// Gives up the transactions that have waited longest for an event, where more are open than may be.
    fn evict(&mut self) {
        let most = self.options.most_open.unwrap_or(usize::MAX);
        let most_events = self.options.most_open_events.unwrap_or(usize::MAX);
        let events = |open: &[Open]| open.iter().map(|open| open.events).sum::<usize>();
        while self.open.len() > most || (most_events < usize::MAX && events(&self.open) > most_events) {
            let oldest = self.open.iter().enumerate().min_by_key(|(_, open)| open.touched).map(|(place, _)| place);
            let Some(place) = oldest else { return };
            let open = self.open.remove(place);
            if let Some(fate) = self.fates.get_mut(open.number) {
                fate.evicted = true;
            }
        }
    }

    /// Closes what a constraint on time closes before an event of this time.
    fn close_old(&mut self, time: f64) {
        let (span, pause) = (self.options.max_span, self.options.max_pause);
        let mut place = 0;
        while let Some(open) = self.open.get(place) {
            let too_long = span.is_some_and(|span| open.newest - time > span as f64);
            let too_late = pause.is_some_and(|pause| open.oldest - time > pause as f64);
            if too_long || too_late { self.close(place, false) } else { place += 1 }
        }
    }

    /// Closes an open transaction: by an event that starts or ends one, or by a constraint.
    fn close(&mut self, place: usize, by_event: bool) {
        let open = self.open.remove(place);
        let starts = self.options.starts.is_none() || by_event;
        if let Some(fate) = self.fates.get_mut(open.number) {
            let closed = !by_event || self.options.is_bounded();
            *fate = Fate { closed, complete: open.ended && starts, evicted: false };
        }
    }

    fn picked(mut self) -> Picked {
        let filtered = self.options.is_bounded() && (self.options.starts.is_some() || self.options.ends.is_some());
        for open in std::mem::take(&mut self.open) {
            if let Some(fate) = self.fates.get_mut(open.number) {
                fate.complete = open.ended && self.options.starts.is_none();
            }
        }
        let kept = |fate: &Fate| self.options.keep_evicted || !fate.evicted && (!filtered || fate.complete);
        let members = self.members.iter().filter_map(|(row, number)| {
            let fate = self.fates.get(*number).filter(|fate| kept(fate))?;
            let closed = if filtered { fate.complete } else { fate.closed };
            Some((*row, i64::try_from(*number).unwrap_or(i64::MAX), if closed { 1.0 } else { 0.0 }))
        });
        let members: Vec<(u32, i64, f64)> = members.collect();
        let numbers = Int64Array::from_iter_values(members.iter().map(|(_, number, _)| *number));
        let closed = Float64Array::from_iter_values(members.iter().map(|(.., closed)| *closed));
        let rows = members.into_iter().map(|(row, ..)| row).collect();
        Picked { rows, added: vec![Arc::new(numbers), Arc::new(closed)] }
    }
}

impl Open {
    /// Whether an event with these values may belong to it: no value contradicts, and if they must be connected one is shared.
    fn takes(&self, values: &[Option<String>], connected: bool) -> bool {
        let mut shared = values.is_empty() || !connected;
        for (known, value) in self.values.iter().zip(values) {
            match (known, value) {
                (Some(known), Some(value)) if known != value => return false,
                (Some(_), Some(_)) => shared = true,
                _ => {}
            }
        }
        shared
    }
}
