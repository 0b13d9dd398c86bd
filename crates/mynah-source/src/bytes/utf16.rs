use crate::bytes::Meter;
use encoding_rs::{Decoder, DecoderResult};
use std::io::{self, Cursor, Read};

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

/// UTF-16 as UTF-8, without its byte order mark. What makes no character is replaced and counted, which
/// `encoding_rs_io` would not do.
pub(crate) struct Utf16Reader<R> {
    inner: R,
    decoder: Decoder,
    meter: Meter,
    /// Made and not yet fetched.
    ready: Cursor<String>,
    ended: bool,
}

impl<R: Read> Utf16Reader<R> {
    pub fn new(inner: R, order: ByteOrder, meter: Meter) -> Self {
        let encoding = match order {
            ByteOrder::Little => encoding_rs::UTF_16LE,
            ByteOrder::Big => encoding_rs::UTF_16BE,
        };
        let decoder = encoding.new_decoder_with_bom_removal();
        Utf16Reader { inner, decoder, meter, ready: Cursor::default(), ended: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        let mut bytes = [0; 16 * 1024];
        let length = self.inner.read(&mut bytes)?;
        self.ended = length == 0;
        let mut rest = bytes.get(..length).unwrap_or(&[]);
        let mut text = String::new();
        loop {
            // Three bytes a unit and a character that began before.
            text.reserve(rest.len() / 2 * 3 + 16);
            let (result, read) = self.decoder.decode_to_string_without_replacement(rest, &mut text, self.ended);
            rest = rest.get(read..).unwrap_or(&[]);
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    self.meter.add_replaced(1);
                    text.push(char::REPLACEMENT_CHARACTER);
                }
            }
        }
        self.ready = Cursor::new(text);
        Ok(())
    }
}

impl<R: Read> Read for Utf16Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let length = self.ready.read(buffer)?;
            if length > 0 || self.ended || buffer.is_empty() {
                return Ok(length);
            }
            self.refill()?;
        }
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
