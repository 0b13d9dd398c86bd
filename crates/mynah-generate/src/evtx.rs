//! The binary log of the Windows event log service, written: a header, and chunks of 64 KiB that hold records in
//! binary XML, each a template and the values that stand in it. The format is described in
//! [MS-EVEN6](https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-even6/) (2.2.12 and after).
use mynah_event::Timestamp;
use serde_json::{Map, Value};
use std::collections::HashMap;

const FILE_HEADER: usize = 4096;
const CHUNK: usize = 65536;
const CHUNK_HEADER: usize = 512;
/// Between the epochs of Windows and Unix, in units of 100 ns.
const EPOCH: i64 = 116_444_736_000_000_000;

/// What stands in the way of writing an event.
#[derive(Debug, Clone, thiserror::Error)]
pub enum EvtxError {
    /// It does not begin with one element that holds the others.
    #[error("event {0} is no object with one member `Event`")]
    NoEvent(usize),
    /// It has no time.
    #[error("event {0} has no time in `Event.System.TimeCreated`")]
    NoTime(usize),
    /// It does not fit a chunk.
    #[error("event {0} is longer than the 64 KiB of a chunk")]
    TooLong(usize),
}

/// An EVTX file of events in the JSON that such files are read into: what [`Generator`](crate::Generator) gives
/// of Windows logs. Reading the file gives the same JSON again.
///
/// # Errors
/// Where an event is no Windows event, or too long.
pub fn evtx(events: &[Value]) -> Result<Vec<u8>, EvtxError> {
    let mut file = vec![0; FILE_HEADER];
    let mut chunks = 0;
    let mut chunk = Chunk::new(1);
    for (index, event) in events.iter().enumerate() {
        let id = index as u64 + 1;
        let root = event.get("Event").ok_or(EvtxError::NoEvent(index))?;
        let time = event.pointer("/Event/System/TimeCreated/#attributes/SystemTime").and_then(Value::as_str);
        let time = time.and_then(file_time).ok_or(EvtxError::NoTime(index))?;
        let mut event = Event::default();
        event.element("Event", root);
        if !chunk.push(id, time, &event) {
            if chunk.last >= chunk.first {
                file.extend(chunk.finish());
                chunks += 1;
            }
            chunk = Chunk::new(id);
            if !chunk.push(id, time, &event) {
                return Err(EvtxError::TooLong(index));
            }
        }
    }
    if chunk.last >= chunk.first {
        file.extend(chunk.finish());
        chunks += 1;
    }
    put(&mut file, 0, b"ElfFile\0");
    put(&mut file, 16, &(chunks.max(1) - 1_u64).to_le_bytes());
    put(&mut file, 24, &(events.len() as u64 + 1).to_le_bytes());
    put(&mut file, 32, &128_u32.to_le_bytes());
    put(&mut file, 36, &[1, 0, 3, 0]);
    put(&mut file, 40, &(FILE_HEADER as u16).to_le_bytes());
    put(&mut file, 42, &(chunks as u16).to_le_bytes());
    let checksum = crc32fast::hash(file.get(..120).unwrap_or(&[]));
    put(&mut file, 124, &checksum.to_le_bytes());
    Ok(file)
}

fn put(bytes: &mut [u8], at: usize, what: &[u8]) {
    if let Some(place) = bytes.get_mut(at..at + what.len()) {
        place.copy_from_slice(what);
    }
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn file_time(text: &str) -> Option<u64> {
    u64::try_from(Timestamp::parse(text).ok()?.nanoseconds() / 100 + EPOCH).ok()
}

/// A piece of a template: what events of one shape have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Token {
    Open {
        name: String,
        attributes: bool,
    },
    Attribute {
        name: String,
        last: bool,
    },
    Text(String),
    /// The next value, of this type.
    Value(u8),
    CloseStart,
    CloseEmpty,
    End,
}

/// An event, taken apart into its shape and its values.
#[derive(Default)]
struct Event {
    shape: Vec<Token>,
    values: Vec<(u8, Vec<u8>)>,
}

impl Event {
    fn element(&mut self, name: &str, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.element(name, item)),
            Value::Object(members) => self.object(name, members),
            scalar => {
                self.shape.push(Token::Open { name: name.to_owned(), attributes: false });
                self.content(scalar);
            }
        }
    }

    fn object(&mut self, name: &str, members: &Map<String, Value>) {
        let attributes = members.get("#attributes").and_then(Value::as_object).filter(|all| !all.is_empty());
        self.shape.push(Token::Open { name: name.to_owned(), attributes: attributes.is_some() });
        for (index, (name, value)) in attributes.into_iter().flatten().enumerate() {
            let last = attributes.is_some_and(|all| index + 1 == all.len());
            self.shape.push(Token::Attribute { name: name.clone(), last });
            match value.as_str().filter(|_| name == "SystemTime").and_then(file_time) {
                Some(time) => self.value(0x11, time.to_le_bytes().to_vec()),
                None => self.scalar(value),
            }
        }
        let mut children = members.iter().filter(|(name, _)| *name != "#attributes").peekable();
        if children.peek().is_none() {
            self.shape.push(Token::CloseEmpty);
            return;
        }
        self.shape.push(Token::CloseStart);
        for (child, value) in children {
            if child == "#text" {
                self.scalar(value);
            } else if name == "EventData" {
                self.shape.push(Token::Open { name: "Data".to_owned(), attributes: true });
                self.shape.push(Token::Attribute { name: "Name".to_owned(), last: true });
                self.shape.push(Token::Text(child.clone()));
                self.content(value);
            } else {
                self.element(child, value);
            }
        }
        self.shape.push(Token::End);
    }

    /// What stands between an element's tags.
    fn content(&mut self, value: &Value) {
        if value.is_null() {
            self.shape.push(Token::CloseEmpty);
            return;
        }
        self.shape.push(Token::CloseStart);
        self.scalar(value);
        self.shape.push(Token::End);
    }

    fn scalar(&mut self, value: &Value) {
        match value {
            Value::Number(number) if number.is_u64() => {
                self.value(0x0a, number.as_u64().unwrap_or(0).to_le_bytes().to_vec());
            }
            Value::Number(number) if number.is_i64() => {
                self.value(0x09, number.as_i64().unwrap_or(0).to_le_bytes().to_vec());
            }
            Value::Bool(truth) => self.value(0x0d, u32::from(*truth).to_le_bytes().to_vec()),
            Value::String(text) => self.value(0x01, utf16(text)),
            other => self.value(0x01, utf16(&other.to_string())),
        }
    }

    fn value(&mut self, kind: u8, bytes: Vec<u8>) {
        self.shape.push(Token::Value(kind));
        self.values.push((kind, bytes));
    }
}

/// Where in a chunk its names and templates stand, and the chunk's own tables of them.
#[derive(Clone)]
struct Tables {
    names: HashMap<String, u32>,
    name_heads: [u32; 64],
    templates: HashMap<Vec<Token>, u32>,
    template_heads: [u32; 32],
}

struct Chunk {
    bytes: Vec<u8>,
    tables: Tables,
    first: u64,
    last: u64,
    last_at: u32,
}

impl Chunk {
    fn new(first: u64) -> Chunk {
        let tables =
            Tables { names: HashMap::new(), name_heads: [0; 64], templates: HashMap::new(), template_heads: [0; 32] };
        Chunk { bytes: vec![0; CHUNK_HEADER], tables, first, last: first - 1, last_at: 0 }
    }

    fn at(&self) -> u32 {
        self.bytes.len() as u32
    }

    fn u16(&mut self, number: u16) {
        self.bytes.extend(number.to_le_bytes());
    }

    fn u32(&mut self, number: u32) {
        self.bytes.extend(number.to_le_bytes());
    }

    /// Puts the length of what was written since `from` at `at`.
    fn note_length(&mut self, at: u32, from: u32) {
        let length = self.at() - from;
        put(&mut self.bytes, at as usize, &length.to_le_bytes());
    }

    /// Adds a record; says no, and leaves the chunk as it was, where there is no room for it.
    fn push(&mut self, id: u64, time: u64, event: &Event) -> bool {
        let (start, tables) = (self.at(), self.tables.clone());
        self.bytes.extend(b"**\0\0");
        self.u32(0);
        self.bytes.extend(id.to_le_bytes());
        self.bytes.extend(time.to_le_bytes());
        self.bytes.extend([0x0f, 1, 1, 0, 0x0c, 1]);
        let known = self.tables.templates.get(&event.shape).copied();
        self.u32(self.tables.templates.len() as u32);
        match known {
            Some(template) => self.u32(template),
            None => self.define(&event.shape),
        }
        self.u32(event.values.len() as u32);
        for (kind, bytes) in &event.values {
            // What is longer than this does not fit the chunk either, which is noticed below.
            self.u16(bytes.len().min(usize::from(u16::MAX)) as u16);
            self.bytes.extend([*kind, 0]);
        }
        event.values.iter().for_each(|(_, bytes)| self.bytes.extend(bytes));
        self.bytes.push(0);
        let size = self.at() - start + 4;
        self.u32(size);
        put(&mut self.bytes, start as usize + 4, &size.to_le_bytes());
        let fits = self.bytes.len() <= CHUNK;
        if fits {
            (self.last, self.last_at) = (id, start);
        } else {
            self.bytes.truncate(start as usize);
            self.tables = tables;
        }
        fits
    }

    /// Writes the template of a shape where it is first used.
    fn define(&mut self, shape: &[Token]) {
        let number = self.tables.templates.len();
        let offset = self.at() + 4;
        self.u32(offset);
        let head = self.tables.template_heads.get(number % 32).copied().unwrap_or(0);
        self.u32(head);
        if let Some(head) = self.tables.template_heads.get_mut(number % 32) {
            *head = offset;
        }
        let mut guid = [0; 16];
        put(&mut guid, 0, &(number as u32).to_le_bytes());
        self.bytes.extend(guid);
        self.u32(0);
        let start = self.at();
        self.bytes.extend([0x0f, 1, 1, 0]);
        let mut values = 0;
        let (mut open, mut attribute_list) = (Vec::new(), None);
        for token in shape {
            match token {
                Token::Open { name, attributes } => {
                    self.bytes.push(if *attributes { 0x41 } else { 0x01 });
                    self.u16(0xffff);
                    self.u32(0);
                    open.push(self.at());
                    self.name(name);
                    if *attributes {
                        self.u32(0);
                        attribute_list = Some(self.at());
                    }
                }
                Token::Attribute { name, last } => {
                    self.bytes.push(if *last { 0x06 } else { 0x46 });
                    self.name(name);
                }
                Token::Text(text) => {
                    self.bytes.extend([0x05, 0x01]);
                    let units = utf16(text);
                    self.u16((units.len() / 2) as u16);
                    self.bytes.extend(units);
                }
                Token::Value(kind) => {
                    self.bytes.push(0x0d);
                    self.u16(values);
                    self.bytes.push(*kind);
                    values += 1;
                }
                Token::CloseStart | Token::CloseEmpty | Token::End => {
                    if let Some(from) = attribute_list.take() {
                        self.note_length(from - 4, from);
                    }
                    self.bytes.push(match token {
                        Token::CloseStart => 0x02,
                        Token::CloseEmpty => 0x03,
                        _ => 0x04,
                    });
                    if *token != Token::CloseStart
                        && let Some(from) = open.pop()
                    {
                        self.note_length(from - 4, from);
                    }
                }
            }
        }
        self.bytes.push(0);
        self.note_length(start - 4, start);
        self.tables.templates.insert(shape.to_vec(), offset);
    }

    /// Writes where a name stands, and the name itself where it is first used.
    fn name(&mut self, name: &str) {
        if let Some(offset) = self.tables.names.get(name) {
            let offset = *offset;
            return self.u32(offset);
        }
        let offset = self.at() + 4;
        self.u32(offset);
        let hash = name.encode_utf16().fold(0_u32, |hash, unit| hash.wrapping_mul(65599).wrapping_add(unit.into()));
        let bucket = (hash & 0xffff) as usize % 64;
        let head = self.tables.name_heads.get(bucket).copied().unwrap_or(0);
        self.u32(head);
        if let Some(head) = self.tables.name_heads.get_mut(bucket) {
            *head = offset;
        }
        let units = utf16(name);
        self.u16((hash & 0xffff) as u16);
        self.u16((units.len() / 2) as u16);
        self.bytes.extend(units);
        self.u16(0);
        self.tables.names.insert(name.to_owned(), offset);
    }

    fn finish(self) -> Vec<u8> {
        let Chunk { mut bytes, tables, first, last, last_at } = self;
        let end = bytes.len();
        let records = crc32fast::hash(bytes.get(CHUNK_HEADER..).unwrap_or(&[]));
        bytes.resize(CHUNK, 0);
        put(&mut bytes, 0, b"ElfChnk\0");
        for (place, number) in [first, last, first, last].into_iter().enumerate() {
            put(&mut bytes, 8 + 8 * place, &number.to_le_bytes());
        }
        for (place, number) in [128, last_at, end as u32, records].into_iter().enumerate() {
            put(&mut bytes, 40 + 4 * place, &number.to_le_bytes());
        }
        let heads = tables.name_heads.into_iter().chain(tables.template_heads);
        for (place, offset) in heads.enumerate() {
            put(&mut bytes, 128 + 4 * place, &offset.to_le_bytes());
        }
        let mut checksum = crc32fast::Hasher::new();
        checksum.update(bytes.get(..120).unwrap_or(&[]));
        checksum.update(bytes.get(128..CHUNK_HEADER).unwrap_or(&[]));
        put(&mut bytes, 124, &checksum.finalize().to_le_bytes());
        bytes
    }
}
