//! Where the strings and the brackets of a JSON text are, sixty-four bytes at a time.
//!
//! The way of simdjson's first stage (Langdale and Lemire, "Parsing gigabytes of JSON per second", 2019,
//! <https://arxiv.org/abs/1902.08318>): comparing bytes side by side and counting quotes with shifts, so that
//! neither the length of a string nor what is in it makes the processor guess.
use super::JsonText;
use wide::u8x16;

/// How many bytes a block has.
const BLOCK: usize = 64;

/// A bit for each byte of a block.
#[derive(Debug, Clone, Copy, Default)]
struct Block {
    /// Quotes that begin or end a string.
    quotes: u64,
    /// Brackets and braces outside of strings, and what is no JSON there: `_`, `y`, `Y` and the control character 7F.
    brackets: u64,
    backslashes: u64,
}

/// An index over a JSON text, whose memory is used again for the next.
///
/// ```
/// use mynah_source::JsonIndex;
///
/// let mut index = JsonIndex::default();
/// let text = index.of(r#"{"a":{"b":"}\""},"c":2}"#);
/// assert_eq!(text.value_end(5, 0), Ok(16));
/// # assert_eq!(text.get(5..16), r#"{"b":"}\""}"#);
/// ```
#[derive(Debug, Default)]
pub struct JsonIndex {
    blocks: Vec<Block>,
    /// Whether there is any backslash: most records have none.
    has_backslashes: bool,
}

impl JsonIndex {
    /// The text with an index over it.
    pub fn of<'a>(&'a mut self, text: &'a str) -> JsonText<'a> {
        self.blocks.clear();
        let mut state = State::default();
        let (blocks, rest) = text.as_bytes().as_chunks::<BLOCK>();
        self.blocks.reserve(blocks.len() + 1);
        self.blocks.extend(blocks.iter().map(|block| state.block(block)));
        if !rest.is_empty() {
            let mut last = [b' '; BLOCK];
            if let Some(beginning) = last.get_mut(..rest.len()) {
                beginning.copy_from_slice(rest);
            }
            self.blocks.push(state.block(&last));
        }
        self.has_backslashes = state.backslashes != 0;
        JsonText::new(text, self)
    }

    /// The next quote at or after `at` that begins or ends a string.
    #[inline]
    pub(super) fn quote(&self, at: usize) -> Option<usize> {
        let mut block = at / BLOCK;
        let mut word = self.blocks.get(block)?.quotes & (!0 << (at % BLOCK));
        while word == 0 {
            block += 1;
            word = self.blocks.get(block)?.quotes;
        }
        Some(block * BLOCK + word.trailing_zeros() as usize)
    }

    /// Shows `see` where brackets from `at` on may be that are in no string, in order, until it gives something.
    #[inline]
    pub(super) fn find_bracket<T>(&self, at: usize, mut see: impl FnMut(usize) -> Option<T>) -> Option<T> {
        let first = at / BLOCK;
        let mut skipped = !0 << (at % BLOCK);
        for (number, block) in self.blocks.get(first..)?.iter().enumerate() {
            let word = block.brackets & std::mem::replace(&mut skipped, !0);
            for bit in Bits(word) {
                if let found @ Some(_) = see((first + number) * BLOCK + bit) {
                    return found;
                }
            }
        }
        None
    }

    /// Whether `is` holds of any place from `from` to before `to` where `length` bytes, less than 63, stand between two
    /// quotes: every string of that length begins at one.
    #[inline]
    pub(super) fn any_string(&self, from: usize, to: usize, length: usize, is: impl Fn(usize) -> bool) -> bool {
        let distance = length + 1;
        let first = from / BLOCK;
        let blocks = self.blocks.get(first..to.div_ceil(BLOCK).min(self.blocks.len())).unwrap_or(&[]);
        let mut skipped = !0 << (from % BLOCK);
        for (number, block) in blocks.iter().enumerate() {
            let next = self.blocks.get(first + number + 1).map_or(0, |block| block.quotes);
            let closing = block.quotes >> distance | next << (BLOCK - distance);
            let found = block.quotes & closing & std::mem::replace(&mut skipped, !0);
            if found != 0 && any_bit(found, (first + number) * BLOCK + 1, &is) {
                return true;
            }
        }
        false
    }

    /// Whether there is a backslash from `from` to before `to`.
    #[inline]
    pub(super) fn has_backslash(&self, from: usize, to: usize) -> bool {
        if !self.has_backslashes {
            return false;
        }
        let mut at = from;
        while at < to {
            let backslashes = self.blocks.get(at / BLOCK).map_or(0, |block| block.backslashes);
            let wanted = (to - at).min(BLOCK - at % BLOCK);
            if backslashes >> (at % BLOCK) & (!0 >> (BLOCK - wanted)) != 0 {
                return true;
            }
            at += wanted;
        }
        false
    }
}

/// Apart from the loop over blocks, few of which have such a string, so that it needs few registers.
#[inline(never)]
fn any_bit(bits: u64, start: usize, is: &impl Fn(usize) -> bool) -> bool {
    Bits(bits).any(|bit| is(start + bit))
}

/// The numbers of the bits that are set, lowest first.
struct Bits(u64);

impl Iterator for Bits {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        let bit = self.0.trailing_zeros() as usize;
        self.0 &= self.0.wrapping_sub(1);
        (bit < BLOCK).then_some(bit)
    }
}

/// What a block needs to know of the one before it.
#[derive(Default)]
struct State {
    /// Whether its last byte escapes the first one of the next: 0 or 1.
    escapes: u64,
    /// Whether it ends inside a string: all bits or none.
    in_string: u64,
    /// Of each place in a block, whether there was a backslash.
    backslashes: u64,
}

impl State {
    #[inline]
    fn block(&mut self, bytes: &[u8; BLOCK]) -> Block {
        let (mut quotes, mut backslashes, mut brackets) = (0, 0, 0);
        let (lanes, _) = bytes.as_chunks::<16>();
        for (number, lane) in lanes.iter().enumerate() {
            let lane = u8x16::from(*lane);
            let shift = number * 16;
            let is = |bytes: u8x16, byte: u8| bytes.simd_eq(u8x16::splat(byte));
            let mask = |found: u8x16| u64::from(found.to_bitmask()) << shift;
            quotes |= mask(is(lane, b'"'));
            backslashes |= mask(is(lane, b'\\'));
            // These bits are what brackets and braces differ in: one comparison finds them all, and four other bytes.
            brackets |= mask(is(lane | u8x16::splat(0x26), 0x7f));
        }
        self.backslashes |= backslashes;
        quotes &= !self.escaped(backslashes);
        let strings = parity(quotes) ^ self.in_string;
        // All bits of the highest one.
        self.in_string = (strings as i64 >> 63) as u64;
        Block { quotes, brackets: brackets & !strings, backslashes }
    }

    /// The bytes that a backslash escapes: the second, fourth, … after a first one.
    #[inline]
    fn escaped(&mut self, backslashes: u64) -> u64 {
        if backslashes == 0 {
            return std::mem::take(&mut self.escapes);
        }
        const EVEN: u64 = 0x5555_5555_5555_5555;
        let backslashes = backslashes & !self.escapes;
        let follows = backslashes << 1 | self.escapes;
        let odd_starts = backslashes & !EVEN & !follows;
        let (even_runs, carried) = odd_starts.overflowing_add(backslashes);
        self.escapes = u64::from(carried);
        (EVEN ^ (even_runs << 1)) & follows
    }
}

/// Each bit tells whether an odd number of bits is set up to it: from an opening quote to before its closing one.
#[inline]
fn parity(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same, byte by byte.
    fn slowly(text: &str) -> (Vec<usize>, Vec<usize>) {
        let (mut quotes, mut brackets) = (Vec::new(), Vec::new());
        let (mut in_string, mut escaped) = (false, false);
        for (at, byte) in text.bytes().enumerate() {
            if std::mem::take(&mut escaped) {
                if !in_string && matches!(byte, b'{' | b'}' | b'[' | b']') {
                    brackets.push(at);
                }
                continue;
            }
            match byte {
                b'\\' => escaped = true,
                b'"' => {
                    in_string = !in_string;
                    quotes.push(at);
                }
                b'{' | b'}' | b'[' | b']' if !in_string => brackets.push(at),
                _ => {}
            }
        }
        (quotes, brackets)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn finds_what_a_slow_look_finds(text in r#"([\\"{}\[\].ay_ é]|\\\\\\|[a-z]{20}){0,120}"#) {
            let mut index = JsonIndex::default();
            // An index used before is as good as a new one.
            index.of(&"\"".repeat(200));
            index.of(&text);
            let (quotes, brackets) = slowly(&text);
            let found: Vec<usize> = std::iter::successors(index.quote(0), |at| index.quote(at + 1)).collect();
            prop_assert_eq!(&found, &quotes);
            let after = |start: usize| brackets.iter().copied().filter(move |at| *at >= start).collect::<Vec<_>>();
            for start in [0, text.len() / 3, text.len()] {
                let mut found = Vec::new();
                let none: Option<()> = index.find_bracket(start, |at| {
                    found.extend(matches!(text.as_bytes()[at], b'{' | b'}' | b'[' | b']').then_some(at));
                    None
                });
                prop_assert_eq!((none, found), (None, after(start)));
            }
            for (from, to) in [(0, text.len()), (0, text.len() / 2), (text.len() / 3, text.len())] {
                let escaped = text.as_bytes()[from..to].contains(&b'\\');
                prop_assert_eq!(index.has_backslash(from, to), escaped, "from {} to {}", from, to);
            }
            for length in [0, 1, 5, 20, 62] {
                let closed = |quote: &&usize| quotes.contains(&(**quote + length + 1));
                let strings: Vec<usize> = quotes.iter().filter(closed).map(|quote| quote + 1).collect();
                let found = std::cell::RefCell::new(Vec::new());
                let note = |at| {
                    found.borrow_mut().push(at);
                    false
                };
                prop_assert!(!index.any_string(0, text.len(), length, note));
                prop_assert_eq!(found.into_inner(), strings);
            }
        }
    }
}
