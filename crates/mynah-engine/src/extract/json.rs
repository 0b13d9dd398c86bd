//! Walking JSON text along a trie of paths.
use super::trie::{Node, NodeId, SlotId, Trie};
use mynah_source::{JsonError, JsonText, MAX_DEPTH, Member};
use std::borrow::Cow;
use std::ops::Range;

/// A value found: its slot, and where its text stands in the record.
pub(super) type Capture = (SlotId, Range<usize>);

pub(super) struct Walker<'a> {
    trie: &'a Trie,
    text: JsonText<'a>,
    at: usize,
    depth: usize,
    out: &'a mut Vec<Capture>,
}

/// Notes in `out` every value of `text`, one JSON object, that a path of `trie` leads to.
///
/// Of a key that an object has twice the last value counts, as in every common parser. Of `members` it is known already
/// where they stand.
pub(super) fn walk(
    trie: &Trie,
    text: JsonText<'_>,
    members: &[Member],
    out: &mut Vec<Capture>,
) -> Result<(), JsonError> {
    let mut walker = Walker { trie, text, at: 0, depth: 0, out };
    walker.at = text.skip_space(0);
    let start = walker.at;
    if text.byte(start) != Some(b'{') {
        return Err(walker.broken());
    }
    walker.object(trie.root(), members)?;
    if let Some(slot) = trie.root().slot {
        walker.out.push((slot, start..walker.at));
    }
    walker.at = text.skip_space(walker.at);
    if walker.at < text.len() { Err(walker.broken()) } else { Ok(()) }
}

impl Walker<'_> {
    fn broken(&self) -> JsonError {
        self.text.broken_at(self.at)
    }

    #[inline]
    fn peek(&mut self) -> Result<u8, JsonError> {
        self.at = self.text.skip_space(self.at);
        self.text.byte(self.at).ok_or(JsonError::Truncated)
    }

    #[inline]
    fn expect(&mut self, byte: u8) -> Result<(), JsonError> {
        if self.peek()? != byte {
            return Err(self.broken());
        }
        self.at += 1;
        Ok(())
    }

    fn enter(&mut self) -> Result<(), JsonError> {
        self.depth += 1;
        self.at += 1;
        if self.depth > MAX_DEPTH { Err(JsonError::TooDeep) } else { Ok(()) }
    }

    /// Goes past a value that nobody wants.
    #[inline]
    fn skip(&mut self) -> Result<(), JsonError> {
        self.peek()?;
        self.at = self.text.value_end(self.at, self.depth)?;
        Ok(())
    }

    /// At `{`: walks the object, and stops after its `}`.
    fn object(&mut self, node: &Node, known: &[Member]) -> Result<(), JsonError> {
        self.enter()?;
        let before = self.out.len();
        let mut seen = Seen::default();
        let (mut missing, mut tried) = (node.keys.len(), false);
        if self.peek()? == b'}' {
            self.at += 1;
            self.depth -= 1;
            return Ok(());
        }
        let mut known = known.iter().peekable();
        loop {
            self.peek()?;
            let (key, end) = match known.next_if(|member| member.key.start == self.at + 1) {
                Some(Member { key, value }) => {
                    self.at = value.start;
                    (key.clone(), Some(value.end))
                }
                None => {
                    let key = self.text.string(self.at)?;
                    self.at = key.end + 1;
                    self.expect(b':')?;
                    (key, None)
                }
            };
            match (self.child(node, key.clone()), end) {
                (None, Some(end)) => self.at = end,
                (None, None) => self.skip()?,
                (Some(child), end) => {
                    if !seen.insert(child) {
                        self.take_back(child, before);
                    } else if node.keys.iter().any(|(_, id)| *id == child) {
                        missing -= 1;
                    }
                    let start = self.at;
                    self.value(child, end)?;
                    // A path may name the key with its dots, and another the nested ones.
                    if let Some(other) = self.nested(node, key).filter(|other| *other != child) {
                        if !seen.insert(other) {
                            self.take_back(other, before);
                        }
                        self.at = start;
                        self.value(other, end)?;
                    }
                    // Tried once: of an object that repeats its keys again and again the rest is not gone over each time.
                    if missing == 0
                        && !std::mem::replace(&mut tried, true)
                        && let Some(end) = self.end_if_done(node)?
                    {
                        self.at = end;
                        self.depth -= 1;
                        return Ok(());
                    }
                }
            }
            match self.peek()? {
                b',' => self.at += 1,
                b'}' => {
                    self.at += 1;
                    self.depth -= 1;
                    return Ok(());
                }
                _ => return Err(self.broken()),
            }
        }
    }

    /// Behind the object at hand, all of whose wanted members were found; nothing where one of them may come again. Of
    /// what is skipped only strings and brackets are looked at.
    fn end_if_done(&self, node: &Node) -> Result<Option<usize>, JsonError> {
        let Some(keys) = &node.plain else { return Ok(None) };
        let end = self.text.nested_end(self.at, self.depth - 1)?;
        Ok((!self.text.may_hold(self.at..end, keys)).then_some(end))
    }

    #[inline]
    fn child(&self, node: &Node, key: Range<usize>) -> Option<NodeId> {
        let raw = self.text.get(key.clone());
        // Most keys of a length end in different letters: comparing all of their bytes takes a call.
        let is = |known: &str| known.len() == raw.len() && known.bytes().last() == raw.bytes().last() && *known == *raw;
        if let Some((_, id)) = node.keys.iter().find(|(known, _)| is(known)) {
            return Some(*id);
        }
        // Nearly all keys are written without escapes, and dots in them are rare.
        let no_dots = node.names.len() == node.keys.len() || !raw.contains('.');
        if !node.star && no_dots && !self.text.has_escape(&key) {
            return None;
        }
        self.trie.child(node, &unescape(raw))
    }

    /// Where else a key with dots leads that a path names as it is.
    #[inline]
    fn nested(&self, node: &Node, key: Range<usize>) -> Option<NodeId> {
        let raw = self.text.get(key);
        if !node.dots || !raw.contains('.') {
            return None;
        }
        self.trie.nested(node, &unescape(raw))
    }

    /// Forgets what an earlier duplicate of a key gave within this object.
    fn take_back(&mut self, child: NodeId, since: usize) {
        let mut slots = Vec::new();
        self.trie.slots_below(child, &mut slots);
        let mut index = 0;
        self.out.retain(|(slot, _)| {
            index += 1;
            index <= since || !slots.contains(slot)
        });
    }

    /// Walks a value that `id` leads to, and notes it if it is itself wanted. Its end may be known.
    fn value(&mut self, id: NodeId, end: Option<usize>) -> Result<(), JsonError> {
        let node = self.trie.node(id);
        let first = self.peek()?;
        let start = self.at;
        match (first, end) {
            (b'{', _) if !node.leaf => self.object(node, &[])?,
            (b'[', _) if !node.leaf || node.through.is_some() => self.array(node)?,
            (_, Some(end)) => self.at = end,
            _ => self.skip()?,
        }
        if let Some(slot) = node.slot {
            self.out.push((slot, start..self.at));
        }
        if let Some(slot) = node.through_slot.filter(|_| first != b'[') {
            self.out.push((slot, start..self.at));
        }
        Ok(())
    }

    /// At `[`: walks the elements that are wanted, and stops after the `]`.
    fn array(&mut self, node: &Node) -> Result<(), JsonError> {
        self.enter()?;
        if self.peek()? == b']' {
            self.at += 1;
            self.depth -= 1;
            return Ok(());
        }
        let mut index = 0;
        loop {
            let one = node.indexes.iter().find(|(wanted, _)| *wanted == index).map(|(_, id)| *id);
            let start = self.at;
            let mut wanted = [node.each, one, node.through].into_iter().flatten();
            match wanted.next() {
                None => self.skip()?,
                Some(first) => self.value(first, None)?,
            }
            // Rarely more than one: then the element is walked again.
            for another in wanted {
                self.at = start;
                self.value(another, None)?;
            }
            index += 1;
            match self.peek()? {
                b',' => self.at += 1,
                b']' => {
                    self.at += 1;
                    self.depth -= 1;
                    return Ok(());
                }
                _ => return Err(self.broken()),
            }
        }
    }
}

/// Which nodes an object has had a key for. Those of most programs fit into a word.
#[derive(Default)]
struct Seen {
    first: u64,
    others: Vec<NodeId>,
}

impl Seen {
    /// Whether the node is new.
    #[inline]
    fn insert(&mut self, id: NodeId) -> bool {
        if id < 64 {
            let new = self.first >> id & 1 == 0;
            self.first |= 1 << id;
            return new;
        }
        let new = !self.others.contains(&id);
        if new {
            self.others.push(id);
        }
        new
    }
}

/// The text between a JSON string's quotes, its escapes resolved; lone surrogates and broken escapes become U+FFFD.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    let raw = text.as_bytes();
    let Some(first) = memchr::memchr(b'\\', raw) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(raw.len());
    let mut at = 0;
    let mut next = Some(first);
    while let Some(offset) = next {
        // What is left begins behind an escape, which is at a character.
        out.push_str(text.get(at..at + offset).unwrap_or(""));
        at += offset + 2;
        match raw.get(at - 1) {
            Some(b'n') => out.push('\n'),
            Some(b't') => out.push('\t'),
            Some(b'r') => out.push('\r'),
            Some(b'b') => out.push('\u{8}'),
            Some(b'f') => out.push('\u{c}'),
            Some(b'u') => {
                let unit = |at: usize| {
                    let digits = std::str::from_utf8(raw.get(at..at + 4)?).ok()?;
                    digits
                        .bytes()
                        .all(|b| b.is_ascii_hexdigit())
                        .then(|| u16::from_str_radix(digits, 16).ok())
                        .flatten()
                };
                let high = unit(at);
                if high.is_some() {
                    at += 4;
                }
                let low = if raw.get(at..at + 2) == Some(b"\\u") { unit(at + 2) } else { None };
                match (high, low) {
                    (Some(high @ 0xD800..=0xDBFF), Some(low @ 0xDC00..=0xDFFF)) => {
                        at += 6;
                        out.extend(char::decode_utf16([high, low]).map(|c| c.unwrap_or('\u{FFFD}')));
                    }
                    (Some(unit), _) => out.extend(char::decode_utf16([unit]).map(|c| c.unwrap_or('\u{FFFD}'))),
                    (None, _) => out.push('\u{FFFD}'),
                }
            }
            Some(other) if other.is_ascii() => out.push(char::from(*other)),
            // A backslash before a character of several bytes, or at the very end: leave the rest as it is.
            Some(_) => at -= 1,
            None => {}
        }
        next = raw.get(at..).and_then(|rest| memchr::memchr(b'\\', rest));
    }
    out.push_str(text.get(at..).unwrap_or(""));
    Cow::Owned(out)
}

/// A JSON text without the white space between its tokens.
pub(super) fn compact(raw: &str) -> Cow<'_, str> {
    let mut in_string = false;
    let mut escaped = false;
    let is_space = |in_string: bool, b: u8| !in_string && matches!(b, b' ' | b'\n' | b'\t' | b'\r');
    let mut step = |b: u8| {
        let space = is_space(in_string, b);
        if escaped {
            escaped = false;
        } else if in_string && b == b'\\' {
            escaped = true;
        } else if b == b'"' {
            in_string = !in_string;
        }
        space
    };
    let spaces: Vec<usize> = raw.bytes().enumerate().filter(|(_, b)| step(*b)).map(|(at, _)| at).collect();
    if spaces.is_empty() {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len() - spaces.len());
    let mut at = 0;
    for space in spaces {
        out.push_str(raw.get(at..space).unwrap_or(""));
        at = space + 1;
    }
    out.push_str(raw.get(at..).unwrap_or(""));
    Cow::Owned(out)
}

/// Where the elements of the array that begins at `at` stand.
pub(super) fn elements(text: JsonText<'_>, at: usize) -> Vec<Range<usize>> {
    let mut trie = Trie::new();
    let slot = trie.insert(&mynah_event::Path(vec![mynah_event::Segment::Each]));
    let mut out = Vec::new();
    let mut walker = Walker { trie: &trie, text, at, depth: 0, out: &mut out };
    // The record was walked before, so its arrays are sound.
    let _ = walker.array(trie.root());
    out.into_iter().filter(|(found, _)| *found == slot).map(|(_, range)| range).collect()
}
