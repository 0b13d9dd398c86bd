use crate::bytes::Meter;
use std::io::{self, Read};

/// Which byte of a unit comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ByteOrder {
    Little,
    Big,
}

impl ByteOrder {
    /// Whether a text that begins so is UTF-16: by its byte order mark, or since every other byte of
    /// what would be ASCII is zero.
    pub fn of(head: &[u8]) -> Option<ByteOrder> {
        match head {
            [0xff, 0xfe, ..] => Some(ByteOrder::Little),
            [0xfe, 0xff, ..] => Some(ByteOrder::Big),
            [a, 0, b, 0, ..] if *a != 0 && *b != 0 => Some(ByteOrder::Little),
            [0, a, 0, b, ..] if *a != 0 && *b != 0 => Some(ByteOrder::Big),
            _ => None,
        }
    }
}

/// UTF-16 as UTF-8, without its byte order mark.
pub(crate) struct Utf16Reader<R> {
    inner: R,
    order: ByteOrder,
    meter: Meter,
    started: bool,
    /// The first byte of a unit whose second is not there yet.
    half: Option<u8>,
    /// The first unit of a pair whose second is not there yet.
    high: Option<u16>,
    /// Bytes made and not yet fetched.
    ready: Vec<u8>,
    fetched: usize,
    ended: bool,
}

impl<R: Read> Utf16Reader<R> {
    pub fn new(inner: R, order: ByteOrder, meter: Meter) -> Self {
        Utf16Reader {
            inner,
            order,
            meter,
            started: false,
            half: None,
            high: None,
            ready: Vec::new(),
            fetched: 0,
            ended: false,
        }
    }

    fn convert(&mut self, bytes: &[u8]) {
        let mut text = String::with_capacity(bytes.len());
        for byte in bytes {
            let Some(first) = self.half.take() else {
                self.half = Some(*byte);
                continue;
            };
            let unit = match self.order {
                ByteOrder::Little => u16::from_le_bytes([first, *byte]),
                ByteOrder::Big => u16::from_be_bytes([first, *byte]),
            };
            if !std::mem::replace(&mut self.started, true) && unit == 0xfeff {
                continue;
            }
            self.unit(unit, &mut text);
        }
        self.ready = text.into_bytes();
        self.fetched = 0;
    }

    fn unit(&mut self, unit: u16, text: &mut String) {
        if let Some(high) = self.high.take() {
            if let Some(Ok(character)) = char::decode_utf16([high, unit]).next() {
                text.push(character);
                return;
            }
            self.replace(text);
        }
        match char::from_u32(u32::from(unit)) {
            Some(character) => text.push(character),
            None if unit < 0xdc00 => self.high = Some(unit),
            None => self.replace(text),
        }
    }

    fn replace(&self, text: &mut String) {
        self.meter.add_replaced(1);
        text.push(char::REPLACEMENT_CHARACTER);
    }
}

impl<R: Read> Read for Utf16Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.fetched >= self.ready.len() {
            if self.ended {
                return Ok(0);
            }
            let mut bytes = [0; 16 * 1024];
            let length = self.inner.read(&mut bytes)?;
            if length == 0 {
                self.ended = true;
                // Half a character at the end.
                let mut text = String::new();
                if self.half.take().is_some() | self.high.take().is_some() {
                    self.replace(&mut text);
                }
                self.ready = text.into_bytes();
                self.fetched = 0;
            } else {
                self.convert(bytes.get(..length).unwrap_or(&[]));
            }
        }
        let rest = self.ready.get(self.fetched..).unwrap_or(&[]);
        let length = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..length), rest.get(..length)) {
            to.copy_from_slice(from);
        }
        self.fetched += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, u64) {
        let meter = Meter::default();
        let mut text = String::new();
        let order = ByteOrder::of(bytes).unwrap();
        Utf16Reader::new(bytes, order, meter.clone()).read_to_string(&mut text).unwrap();
        (text, meter.replaced())
    }

    #[test]
    fn both_orders_with_and_without_a_mark() {
        let units: Vec<u16> = "{\"a\":\"é日🦜\"}".encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|u| u.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|u| u.to_be_bytes()).collect();
        for bytes in [little.clone(), big.clone(), [&[0xff, 0xfe], &*little].concat(), [&[0xfe, 0xff], &*big].concat()]
        {
            assert_eq!(read(&bytes), ("{\"a\":\"é日🦜\"}".to_owned(), 0));
        }
    }

    #[test]
    fn what_makes_no_character_is_replaced_and_counted() {
        let units = [u16::from(b'a'), u16::from(b'b'), 0xd800, u16::from(b'c'), 0xdc00];
        let mut bytes: Vec<u8> = units.iter().flat_map(|u| u.to_le_bytes()).collect();
        bytes.push(1);
        assert_eq!(read(&bytes), ("ab\u{fffd}c\u{fffd}\u{fffd}".to_owned(), 3));
    }
}
