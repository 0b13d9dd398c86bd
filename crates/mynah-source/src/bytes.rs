//! From a file to the bytes that its container is made of: unpacked, and in UTF-8 where it is text.
mod counted;
mod stream;
mod unpack;
mod utf16;

pub(crate) use counted::{Counted, Meter};
pub(crate) use stream::Stream;
pub(crate) use unpack::{Packing, most_unpacked, unpack};
pub(crate) use utf16::{ByteOrder, Utf16Reader};
