use crate::json::MAX_DEPTH;
use memchr::memchr3;

/// The way through one JSON object, which can stop where the text ends and go on when there is more.
#[derive(Debug, Clone)]
pub(super) struct Scan {
    /// How far it got, from the object's first byte.
    done: usize,
    pub depth: usize,
    /// Of what is open, a bit each: set for an object, clear for an array.
    objects: [u64; MAX_DEPTH / 64],
    pub too_deep: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The object ends before this index.
    End(usize),
    More,
    /// From this index on it makes no sense.
    Broken(usize, &'static str),
}

/// The index behind the string whose first byte is at `at`, if it ends in the text. JSON strings hold no
/// line breaks: one that seems to was never closed, and the error is where it breaks.
fn string(text: &[u8], mut at: usize) -> Result<Option<usize>, usize> {
    loop {
        let Some(length) = memchr3(b'"', b'\\', b'\n', text.get(at..).unwrap_or(&[])) else { return Ok(None) };
        at += length;
        match text.get(at) {
            Some(b'"') => return Ok(Some(at + 1)),
            Some(b'\n') => return Err(at),
            _ => at += 2,
        }
    }
}

impl Scan {
    pub fn new() -> Self {
        Scan { done: 0, depth: 0, objects: [0; MAX_DEPTH / 64], too_deep: false }
    }

    /// Goes on with the object that starts at `start`.
    pub fn run(&mut self, text: &[u8], start: usize, last: bool) -> Outcome {
        let mut at = start + self.done;
        while let Some(byte) = text.get(at) {
            match byte {
                b'"' => match string(text, at + 1) {
                    Ok(Some(end)) => {
                        at = end;
                        continue;
                    }
                    Ok(None) => return self.pause(at - start, text.len(), last),
                    Err(newline) => return Outcome::Broken(newline, "a string in this record is not closed"),
                },
                b'{' | b'[' => {
                    if self.depth > 0 && !self.may_open(text.get(start..at).unwrap_or(&[])) {
                        return Outcome::Broken(at, "something is missing in this record before an opening bracket");
                    }
                    self.open(*byte == b'{');
                }
                b'}' | b']' => {
                    if self.depth <= MAX_DEPTH && self.inside_object() != (*byte == b'}') {
                        return Outcome::Broken(at, "the brackets in this record do not match");
                    }
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Outcome::End(at + 1);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        self.pause(at - start, text.len(), last)
    }

    fn pause(&mut self, done: usize, end: usize, last: bool) -> Outcome {
        self.done = done;
        if last { Outcome::Broken(end, "this record breaks off") } else { Outcome::More }
    }

    /// The byte, counted from the object's first, from which it goes on.
    pub fn done(&self) -> usize {
        self.done
    }

    fn open(&mut self, object: bool) {
        if let Some(word) = self.objects.get_mut(self.depth / 64) {
            let bit = 1 << (self.depth % 64);
            *word = if object { *word | bit } else { *word & !bit };
        }
        self.depth += 1;
        self.too_deep |= self.depth > MAX_DEPTH;
    }

    fn inside_object(&self) -> bool {
        let top = self.depth.saturating_sub(1);
        self.objects.get(top / 64).is_some_and(|word| word >> (top % 64) & 1 == 1)
    }

    /// Whether, after `before`, a value may start: in an object after a colon, in an array after a
    /// bracket or comma.
    fn may_open(&self, before: &[u8]) -> bool {
        let previous = before.trim_ascii_end().last();
        if self.depth > MAX_DEPTH {
            true
        } else if self.inside_object() {
            previous == Some(&b':')
        } else {
            matches!(previous, Some(b'[' | b','))
        }
    }
}
