use super::columns::Columns;
use super::json::{self, Capture};
use super::trie::{SlotId, Trie};
use mynah_event::{LogSource, Path, Timestamp};
use mynah_source::{JsonError, JsonText, Members};
use mynah_view::{Apply, Binding, Meta, Origin, ScanColumn, TemplatePart};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// How to get the columns of one log source in one shape out of a record.
#[derive(Debug)]
pub(crate) struct Program {
    trie: Trie,
    columns: Vec<Vec<Step>>,
    /// Whether a column wants several values, so that an array's elements count one by one.
    many: Vec<bool>,
    time: Vec<SlotId>,
    wants_time: bool,
    constant: bool,
}

/// A compiled [`Binding`].
#[derive(Debug)]
struct Step {
    when: Vec<(Vec<SlotId>, Vec<String>)>,
    from: From,
    apply: Vec<Apply>,
    objects_as_json: bool,
    also: bool,
    through_arrays: bool,
}

#[derive(Debug)]
enum From {
    Slots(Vec<SlotId>),
    Constant(Vec<String>),
    Lookup { key: Vec<SlotId>, table: Arc<BTreeMap<String, Vec<String>>>, default: Vec<String> },
    Template(Vec<Piece>),
    Meta(Meta),
}

#[derive(Debug)]
enum Piece {
    Text(String),
    Slots(Vec<SlotId>),
}

/// What is known of a record besides its document.
pub(crate) struct RecordContext<'a> {
    pub raw: &'a str,
    /// Its document, where that is not its own text.
    pub other_document: Option<&'a str>,
    pub file: &'a str,
    pub log_source: &'a str,
    pub number: u64,
}

/// Reused between records, so that none of them allocates for what it finds.
#[derive(Default)]
pub(crate) struct Captures {
    log: Vec<Capture>,
    by_slot: Vec<Vec<Range<usize>>>,
}

impl Program {
    /// The program for `columns` in records of a log source, given with those it extends, nearest first: where
    /// a platform has no view of it, theirs holds. `physical` translates its paths into those of the shape at
    /// hand, in order of preference.
    pub fn new(
        columns: &[ScanColumn],
        family: &[LogSource],
        time: &[Path],
        physical: &dyn Fn(&Path) -> Vec<Path>,
    ) -> Program {
        let mut trie = Trie::new();
        let mut slots = |path: &Path, through: bool| -> Vec<SlotId> {
            let insert = |path: &Path| if through { trie.insert_through(path) } else { trie.insert(path) };
            physical(path).iter().map(insert).collect()
        };
        let mut wants_time = false;
        let mut compiled = Vec::with_capacity(columns.len());
        for column in columns {
            let bindings = bindings_of(column, family);
            let mut steps = Vec::new();
            for binding in bindings {
                wants_time |= binding.origin == Origin::Meta(Meta::Time);
                steps.push(Step::new(binding, &mut slots));
            }
            compiled.push(steps);
        }
        let time_slots =
            if wants_time { time.iter().flat_map(|path| slots(path, false)).collect() } else { Vec::new() };
        // Document paths are physical already.
        for (column, steps) in columns.iter().zip(&mut compiled) {
            let bindings = bindings_of(column, family);
            for (binding, step) in bindings.iter().zip(steps) {
                if let Origin::Document(path) = &binding.origin {
                    step.from = From::Slots(vec![trie.insert(path)]);
                }
            }
        }
        let constant = trie.slots == 0;
        Program {
            trie,
            columns: compiled,
            many: columns.iter().map(|column| column.field_type.many).collect(),
            time: time_slots,
            wants_time,
            constant,
        }
    }

    /// Appends the values of one record, some members of which are known, to the columns.
    pub fn run(
        &self,
        document: JsonText<'_>,
        record: &RecordContext<'_>,
        members: &Members,
        captures: &mut Captures,
        out: &mut Columns,
    ) -> Result<(), JsonError> {
        captures.find(self, document, members)?;
        let time = if self.wants_time { self.time_of(document, captures) } else { None };
        for (index, steps) in self.columns.iter().enumerate() {
            let many = self.many.get(index).copied().unwrap_or(false);
            if let [step] = steps.as_slice() {
                // The common cases, without a list of values in between.
                if step.is_time() {
                    out.append_time(index, time);
                    continue;
                }
                if let Some(values) = step.plain_constant() {
                    out.append(index, values.iter().map(String::as_str));
                    continue;
                }
                if let Some(slots) = step.plain_slots().filter(|_| !many) {
                    let mut found = slots.iter().flat_map(|slot| captures.of(*slot));
                    let value = found.find_map(|range| step.text(document.get(range.clone())));
                    out.append(index, value.as_deref().into_iter());
                    if step.through_arrays && found.any(|range| step.text(document.get(range.clone())).is_some()) {
                        out.leave_out(index);
                    }
                    continue;
                }
            }
            let mut values: Vec<Cow<'_, str>> = Vec::new();
            for step in steps {
                if values.is_empty() || step.also {
                    values.extend(step.values(document, captures, record, time, many));
                }
            }
            out.append(index, values.iter().map(|value| &**value));
            if !many && values.len() > 1 && steps.iter().any(|step| step.through_arrays) {
                out.leave_out(index);
            }
        }
        Ok(())
    }

    /// When a record happened, as its log source tells.
    pub fn time(
        &self,
        document: JsonText<'_>,
        members: &Members,
        captures: &mut Captures,
    ) -> Result<Option<Timestamp>, JsonError> {
        captures.find(self, document, members)?;
        Ok(self.time_of(document, captures))
    }

    /// When the record happened that was run last.
    pub fn time_found(&self, document: JsonText<'_>, captures: &Captures) -> Option<Timestamp> {
        self.time_of(document, captures)
    }

    fn time_of(&self, document: JsonText<'_>, captures: &Captures) -> Option<Timestamp> {
        captures.first(&self.time, document).find_map(|text| Timestamp::parse(&text).ok())
    }
}

/// Where a column's values come from in a log source.
pub(crate) fn bindings_of<'c>(column: &'c ScanColumn, family: &[LogSource]) -> &'c [Binding] {
    let of = |log_source| column.bindings.iter().find(|(known, _)| known == log_source);
    family.iter().find_map(of).map_or(&[], |(_, bindings)| bindings)
}

impl Captures {
    fn find(&mut self, program: &Program, document: JsonText<'_>, members: &Members) -> Result<(), JsonError> {
        self.log.clear();
        self.by_slot.iter_mut().for_each(Vec::clear);
        self.by_slot.resize_with(program.trie.slots, Vec::new);
        if program.constant {
            return Ok(());
        }
        json::walk(&program.trie, document, members.all(), &mut self.log)?;
        for (slot, range) in self.log.drain(..) {
            if let Some(ranges) = self.by_slot.get_mut(slot) {
                ranges.push(range);
            }
        }
        Ok(())
    }

    fn of(&self, slot: SlotId) -> &[Range<usize>] {
        self.by_slot.get(slot).map_or(&[], Vec::as_slice)
    }

    /// The scalar texts at these slots, in order of preference.
    fn first<'d>(&'d self, slots: &'d [SlotId], document: JsonText<'d>) -> impl Iterator<Item = Cow<'d, str>> {
        slots.iter().flat_map(|slot| self.of(*slot)).filter_map(move |range| scalar(document.get(range.clone())))
    }
}

/// The text of a scalar; nothing for null, objects and arrays.
fn scalar(raw: &str) -> Option<Cow<'_, str>> {
    match raw.as_bytes() {
        [b'"', .., b'"'] => raw.get(1..raw.len() - 1).map(json::unescape),
        [b'{' | b'[', ..] | [] | b"null" => None,
        _ => Some(Cow::Borrowed(raw)),
    }
}

impl Step {
    fn new(binding: &Binding, slots: &mut dyn FnMut(&Path, bool) -> Vec<SlotId>) -> Step {
        Step {
            when: binding
                .when
                .iter()
                .map(|condition| (slots(&condition.path, false), condition.values.clone()))
                .collect(),
            from: match &binding.origin {
                Origin::Paths(paths) => {
                    From::Slots(paths.iter().flat_map(|path| slots(path, binding.through_arrays)).collect())
                }
                Origin::Document(_) => From::Slots(Vec::new()),
                Origin::Constant(values) => From::Constant(values.clone()),
                Origin::Lookup { key, table, default } => {
                    From::Lookup { key: slots(key, false), table: Arc::clone(table), default: default.clone() }
                }
                Origin::Template(parts) => From::Template(
                    parts
                        .iter()
                        .map(|part| match part {
                            TemplatePart::Text(text) => Piece::Text(text.clone()),
                            TemplatePart::Path(path) => Piece::Slots(slots(path, false)),
                        })
                        .collect(),
                ),
                Origin::Meta(meta) => From::Meta(*meta),
            },
            apply: binding.apply.clone(),
            objects_as_json: binding.objects_as_json,
            also: binding.also,
            through_arrays: binding.through_arrays,
        }
    }

    /// Whether it gives the record's time and does nothing to it.
    fn is_time(&self) -> bool {
        matches!(self.from, From::Meta(Meta::Time)) && self.apply.is_empty() && self.when.is_empty()
    }

    /// The values that it gives for every record.
    fn plain_constant(&self) -> Option<&[String]> {
        match &self.from {
            From::Constant(values) if self.apply.is_empty() && self.when.is_empty() => Some(values),
            _ => None,
        }
    }

    /// The slots whose first value it gives just as it is.
    fn plain_slots(&self) -> Option<&[SlotId]> {
        match &self.from {
            From::Slots(slots) if self.apply.is_empty() && self.when.is_empty() => Some(slots),
            _ => None,
        }
    }

    fn holds(&self, document: JsonText<'_>, captures: &Captures) -> bool {
        self.when.iter().all(|(slots, values)| {
            captures
                .first(slots, document)
                .next()
                .is_some_and(|value| values.iter().any(|wanted| wanted == "*" || wanted.eq_ignore_ascii_case(&value)))
        })
    }

    fn values<'d>(
        &'d self,
        document: JsonText<'d>,
        captures: &'d Captures,
        record: &RecordContext<'d>,
        time: Option<Timestamp>,
        many: bool,
    ) -> Vec<Cow<'d, str>> {
        if !self.holds(document, captures) {
            return Vec::new();
        }
        let mut values: Vec<Cow<'d, str>> = match &self.from {
            From::Slots(slots) => slots
                .iter()
                .map(|slot| self.texts(document, captures.of(*slot), many))
                .find(|texts| !texts.is_empty())
                .unwrap_or_default(),
            From::Constant(values) => values.iter().map(|value| Cow::Borrowed(value.as_str())).collect(),
            From::Lookup { key, table, default } => captures
                .first(key, document)
                .next()
                .map(|key| table.get(key.as_ref()).unwrap_or(default))
                .into_iter()
                .flatten()
                .map(|value| Cow::Borrowed(value.as_str()))
                .collect(),
            From::Template(pieces) => {
                let mut text = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Text(literal) => text.push_str(literal),
                        Piece::Slots(slots) => match captures.first(slots, document).next() {
                            Some(value) => text.push_str(&value),
                            None => return Vec::new(),
                        },
                    }
                }
                vec![Cow::Owned(text)]
            }
            From::Meta(Meta::Time) => time.map(|time| Cow::Owned(time.to_string())).into_iter().collect(),
            From::Meta(Meta::Raw) => vec![Cow::Borrowed(record.raw)],
            From::Meta(Meta::OtherDocument) => record.other_document.map(Cow::Borrowed).into_iter().collect(),
            From::Meta(Meta::File) => vec![Cow::Borrowed(record.file)],
            From::Meta(Meta::LogSource) => vec![Cow::Borrowed(record.log_source)],
            From::Meta(Meta::Record) => vec![Cow::Owned(record.number.to_string())],
        };
        for apply in &self.apply {
            values = values.into_iter().flat_map(|value| apply.apply(value)).collect();
        }
        values
    }

    /// What the values found at one path are as texts.
    fn texts<'d>(&self, document: JsonText<'d>, ranges: &[Range<usize>], many: bool) -> Vec<Cow<'d, str>> {
        let mut texts = Vec::with_capacity(ranges.len());
        for range in ranges {
            if many && document.byte(range.start) == Some(b'[') {
                let elements = json::elements(document, range.start);
                texts.extend(elements.into_iter().filter_map(|element| self.text(document.get(element))));
            } else {
                texts.extend(self.text(document.get(range.clone())));
            }
        }
        texts
    }

    fn text<'d>(&self, raw: &'d str) -> Option<Cow<'d, str>> {
        match raw.as_bytes() {
            [b'{' | b'[', ..] => self.objects_as_json.then(|| json::compact(raw)),
            _ => scalar(raw),
        }
    }
}
