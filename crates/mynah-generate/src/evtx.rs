//! The binary log of the Windows event log service, written: a header, and chunks of 64 KiB that hold records in
//! binary XML, each a template and the values that stand in it. The format is described in
//! [MS-EVEN6](https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-even6/) (2.2.12 and after).
use mynah_event::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;

const FILE_HEADER: usize = 4096;
const CHUNK: usize = 65536;
const CHUNK_HEADER: usize = 512;
/// Between the epochs of Windows and Unix, in units of 100 ns.
const EPOCH: i64 = 116_444_736_000_000_000;

/// An event that cannot be written.
#[derive(Debug, Clone, thiserror::Error)]
#[error("event {0} cannot be written: it is no Windows event with a time, or longer than the 64 KiB of a chunk")]
pub struct EvtxError(usize);

/// An EVTX file of events in the JSON that such files are read into: what [`Generator`](crate::Generator) gives
/// of Windows logs. Reading the file gives the same JSON again, with seven digits behind the seconds, as Windows has.
///
/// # Errors
/// Where an event is no Windows event, or too long.
pub fn evtx(events: &[Value]) -> Result<Vec<u8>, EvtxError> {
    let mut chunks: Vec<Chunk> = Vec::new();
    for (index, event) in events.iter().enumerate() {
        let time = event.pointer("/Event/System/TimeCreated/#attributes/SystemTime").and_then(Value::as_str);
        let time = time.and_then(file_time).ok_or(EvtxError(index))?;
        let mut parts = Event::default();
        parts.element("Event", None, event.get("Event").unwrap_or(&Value::Null));
        let id = index as u64 + 1;
        if !chunks.last_mut().is_some_and(|chunk| chunk.push(id, time, &parts)) {
            let mut chunk = Chunk::new(id);
            if !chunk.push(id, time, &parts) {
                return Err(EvtxError(index));
            }
            chunks.push(chunk);
        }
    }
    let mut file = vec![0; FILE_HEADER];
    put(&mut file, 0, b"ElfFile\0");
    put(&mut file, 16, &(chunks.len().max(1) as u64 - 1).to_le_bytes());
    put(&mut file, 24, &(events.len() as u64 + 1).to_le_bytes());
    for (place, number) in [128, 0, 1, 3, FILE_HEADER as u16, chunks.len() as u16].into_iter().enumerate() {
        put(&mut file, 32 + 2 * place, &number.to_le_bytes());
    }
    let checksum = crc32fast::hash(file.get(..120).unwrap_or(&[]));
    put(&mut file, 124, &checksum.to_le_bytes());
    file.extend(chunks.into_iter().flat_map(Chunk::finish));
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

/// The hash of a name in a chunk's table of names.
fn hash(name: &str) -> u16 {
    let hash = name.encode_utf16().fold(0_u32, |hash, unit| hash.wrapping_mul(65599).wrapping_add(unit.into()));
    (hash & 0xffff) as u16
}

fn file_time(text: &str) -> Option<u64> {
    u64::try_from(Timestamp::parse(text).ok()?.nanoseconds() / 100 + EPOCH).ok()
}

/// A piece of a template: what events of one shape have in common.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone)]
enum Token {
    /// An element, and whether it has attributes.
    Open(String, bool),
    /// An attribute, and whether it is the element's last.
    Attribute(String, bool),
    Text(String),
    /// The next value, of this type.
    Value(u8),
    /// The end of a start tag, of an empty element or of an element.
    Close(u8),
}

const START: Token = Token::Close(0x02);
const EMPTY: Token = Token::Close(0x03);
const END: Token = Token::Close(0x04);

/// An event, taken apart into its shape and its values.
#[derive(Default)]
struct Event {
    shape: Vec<Token>,
    values: Vec<(u8, Vec<u8>)>,
}

impl Event {
    /// Adds an element; one `Data` of several has a name of its own.
    fn element(&mut self, tag: &str, name: Option<&str>, value: &Value) {
        if let Value::Array(items) = value {
            return items.iter().for_each(|item| self.element(tag, name, item));
        }
        let attributes: Vec<_> = value.get("#attributes").and_then(Value::as_object).into_iter().flatten().collect();
        self.shape.push(Token::Open(tag.to_owned(), name.is_some() || !attributes.is_empty()));
        if let Some(name) = name {
            self.shape.extend([Token::Attribute("Name".to_owned(), true), Token::Text(name.to_owned())]);
        }
        for (index, (name, value)) in attributes.iter().enumerate() {
            self.shape.push(Token::Attribute((*name).clone(), index + 1 == attributes.len()));
            match value.as_str().filter(|_| *name == "SystemTime").and_then(file_time) {
                Some(time) => self.value(0x11, time.to_le_bytes().to_vec()),
                None => self.scalar(value),
            }
        }
        let members = value.as_object();
        let children: Vec<_> = members.into_iter().flatten().filter(|(name, _)| *name != "#attributes").collect();
        if children.is_empty() && (value.is_null() || members.is_some()) {
            return self.shape.push(EMPTY);
        }
        self.shape.push(START);
        if members.is_none() {
            self.scalar(value);
        }
        for (child, value) in children {
            match (child.as_str(), tag) {
                ("#text", _) => self.scalar(value),
                (child, "EventData") => self.element("Data", Some(child), value),
                (child, _) => self.element(child, None, value),
            }
        }
        self.shape.push(END);
    }

    fn scalar(&mut self, value: &Value) {
        match (value.as_u64(), value.as_i64(), value.as_bool(), value.as_str()) {
            (Some(number), ..) => self.value(0x0a, number.to_le_bytes().to_vec()),
            (_, Some(number), ..) => self.value(0x09, number.to_le_bytes().to_vec()),
            (_, _, Some(truth), _) => self.value(0x0d, u32::from(truth).to_le_bytes().to_vec()),
            (.., Some(text)) => self.value(0x01, utf16(text)),
            _ => self.value(0x01, utf16(&value.to_string())),
        }
    }

    fn value(&mut self, kind: u8, bytes: Vec<u8>) {
        self.shape.push(Token::Value(kind));
        self.values.push((kind, bytes));
    }
}

struct Chunk {
    bytes: Vec<u8>,
    /// Where names and templates stand.
    names: BTreeMap<String, u32>,
    templates: BTreeMap<Vec<Token>, u32>,
    first: u64,
    last: u64,
    last_at: u32,
}

impl Chunk {
    fn new(first: u64) -> Chunk {
        let bytes = vec![0; CHUNK_HEADER];
        Chunk { bytes, names: BTreeMap::new(), templates: BTreeMap::new(), first, last: first, last_at: 0 }
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

    /// Puts the length of what was written since `from` in the four bytes before that.
    fn note_length(&mut self, from: u32) {
        let length = self.at() - from;
        put(&mut self.bytes, from as usize - 4, &length.to_le_bytes());
    }

    /// Adds a record; says no, and leaves the chunk as it was, where there is no room for it.
    fn push(&mut self, id: u64, time: u64, event: &Event) -> bool {
        let start = self.at();
        self.bytes.extend(b"**\0\0");
        self.u32(0);
        self.bytes.extend(id.to_le_bytes());
        self.bytes.extend(time.to_le_bytes());
        self.bytes.extend([0x0f, 1, 1, 0, 0x0c, 1]);
        let known = self.templates.get(&event.shape).copied();
        self.u32(self.templates.len() as u32);
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
            self.names.retain(|_, offset| *offset < start);
            self.templates.retain(|_, offset| *offset < start);
        }
        fits
    }

    /// Writes the template of a shape where it is first used.
    fn define(&mut self, shape: &[Token]) {
        let offset = self.at() + 4;
        self.u32(offset);
        // The offset of the next template in the chunk's table, and a GUID.
        self.u32(0);
        self.u32(offset);
        self.bytes.extend([0; 12]);
        self.u32(0);
        let start = self.at();
        self.bytes.extend([0x0f, 1, 1, 0]);
        let mut values = 0;
        let (mut open, mut attribute_list) = (Vec::new(), None);
        for token in shape {
            match token {
                Token::Open(name, attributes) => {
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
                Token::Attribute(name, last) => {
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
                Token::Close(code) => {
                    attribute_list.take().into_iter().for_each(|from| self.note_length(from));
                    self.bytes.push(*code);
                    if *token != START {
                        open.pop().into_iter().for_each(|from| self.note_length(from));
                    }
                }
            }
        }
        self.bytes.push(0);
        self.note_length(start);
        self.templates.insert(shape.to_vec(), offset);
    }

    /// Writes where a name stands, and the name itself where it is first used.
    fn name(&mut self, name: &str) {
        if let Some(offset) = self.names.get(name) {
            let offset = *offset;
            return self.u32(offset);
        }
        let offset = self.at() + 4;
        self.u32(offset);
        self.u32(0);
        self.u16(hash(name));
        let units = utf16(name);
        self.u16((units.len() / 2) as u16);
        self.bytes.extend(units);
        self.u16(0);
        self.names.insert(name.to_owned(), offset);
    }

    fn finish(self) -> Vec<u8> {
        let Chunk { mut bytes, names, templates, first, last, last_at } = self;
        let mut heads = [0_u32; 64 + 32];
        let names = names.iter().map(|(name, offset)| (usize::from(hash(name)) % 64, *offset));
        let templates = templates.values().map(|offset| (64 + *offset as usize % 32, *offset));
        for (bucket, offset) in names.chain(templates) {
            if let Some(head) = heads.get_mut(bucket) {
                put(&mut bytes, offset as usize, &head.to_le_bytes());
                *head = offset;
            }
        }
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
        for (place, offset) in heads.into_iter().enumerate() {
            put(&mut bytes, 128 + 4 * place, &offset.to_le_bytes());
        }
        let mut checksum = crc32fast::Hasher::new();
        checksum.update(bytes.get(..120).unwrap_or(&[]));
        checksum.update(bytes.get(128..CHUNK_HEADER).unwrap_or(&[]));
        put(&mut bytes, 124, &checksum.finalize().to_le_bytes());
        bytes
    }
}
