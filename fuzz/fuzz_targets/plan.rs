//! No bytes that are read as a plan may crash, loop or overflow the stack.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mynah_engine::codec::Codec;
use mynah_kernels::{Registry, Resources};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

static CODEC: LazyLock<Codec> = LazyLock::new(|| {
    // The codec catches what DataFusion's own decoder panics at; libFuzzer would end at the panic itself.
    std::panic::set_hook(Box::new(|_| {}));
    Codec::new(Registry::built_in(), Resources::default())
});

/// The bytes with what stands before a plan, so that they get past its checks.
fn framed(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u64).to_le_bytes();
    [b"MYNAHPLAN".as_slice(), &[1, 0, kind], &length, &Sha256::digest(body), body].concat()
}

fuzz_target!(|bytes: &[u8]| {
    let _ = CODEC.read(bytes);
    let _ = CODEC.read(&framed(1, bytes));
    let _ = CODEC.read_physical(&framed(2, bytes));
});
