//! `hash`.
use super::{Make, argument, constant_text, function};
use crate::ast::Expression;
use crate::plan::{Draft, Kind, Typed};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result as PlanResult;
use md5::{Digest, Md5};
use mynah_dialect::{Arity, Entry, example};
use mynah_kernels::{Cell, Code, Function, Resources, call};
use mynah_syntax::{Diagnostic, Span};
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::Sha256;

pub(super) const FUNCTIONS: &[Entry<Make>] = &[function(
    "hash(value [, \"md5\" | \"sha1\" | \"sha2_256\" | \"murmur3_128\"])",
    "The hash of a value in hexadecimal digits, by MD5 if no algorithm is given. Null of null.",
    page!("search-operators/hash/"),
    &[
        example("hash(\"ann\")", "7e0d7f8a5d96c24ffcc840f31bce72b2"),
        example("hash(\"ann\", \"sha1\")", "744cb9a9fb3d5583744ea3ece9b4d819d90bdee2"),
        example("hash(\"hello\", \"murmur3_128\")", "029bbd41b3a7d8cb191dae486a901e5b"),
    ],
    Arity::Between(1, 2),
    Make::Plan(make),
)];

/// The algorithm of a hash.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Algorithm {
    Md5,
    Sha1,
    Sha256,
    Murmur3,
}

/// The hash of a text.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Hash {
    algorithm: Algorithm,
}

fn make(draft: &mut Draft<'_>, arguments: &[Expression], span: Span) -> Result<Typed, Diagnostic> {
    let value = argument(draft, arguments, 0, span)?.to(Kind::Text).expr;
    let name = arguments.get(1).map(|name| constant_text(name, "the algorithm of `hash`")).transpose()?;
    // One of the page's examples writes `sha_256`.
    let algorithm = match name.as_deref().map(str::to_lowercase).as_deref() {
        None | Some("md5") => Algorithm::Md5,
        Some("sha1") => Algorithm::Sha1,
        Some("sha2_256" | "sha_256") => Algorithm::Sha256,
        Some("murmur3_128") => Algorithm::Murmur3,
        Some(other) => {
            return Err(Diagnostic::error("sumo/arguments", format!("there is no algorithm `{other}`"), span)
                .with_help("the algorithms are md5, sha1, sha2_256 and murmur3_128"));
        }
    };
    Ok(Typed::new(call(Hash { algorithm }, vec![value]), Kind::Text))
}

impl Function for Hash {
    const NAME: &'static str = "sumo.hash";

    fn returns(&self) -> DataType {
        DataType::Utf8
    }

    fn code(&self, _: &Resources) -> PlanResult<Code> {
        let algorithm = self.algorithm;
        Ok(Code::row(move |row| match row {
            [Cell::Text(text)] => Cell::text(algorithm.of(text.as_bytes())),
            _ => Cell::Null,
        }))
    }
}

impl Algorithm {
    fn of(self, bytes: &[u8]) -> String {
        match self {
            Algorithm::Md5 => hexadecimal(Md5::digest(bytes).as_slice()),
            Algorithm::Sha1 => hexadecimal(Sha1::digest(bytes).as_slice()),
            Algorithm::Sha256 => hexadecimal(Sha256::digest(bytes).as_slice()),
            Algorithm::Murmur3 => {
                let (first, second) = murmur3(bytes);
                hexadecimal(&first.to_le_bytes()) + &hexadecimal(&second.to_le_bytes())
            }
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

const C1: u64 = 0x87c3_7b91_1142_53d5;
const C2: u64 = 0x4cf5_ad43_2745_937f;

/// MurmurHash3 of 128 bits for 64-bit machines, with the seed 0.
fn murmur3(bytes: &[u8]) -> (u64, u64) {
    let word = |bytes: &[u8]| bytes.iter().rev().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
    let mix1 = |k: u64| k.wrapping_mul(C1).rotate_left(31).wrapping_mul(C2);
    let mix2 = |k: u64| k.wrapping_mul(C2).rotate_left(33).wrapping_mul(C1);
    let (mut h1, mut h2) = (0_u64, 0_u64);
    let mut blocks = bytes.chunks_exact(16);
    for block in &mut blocks {
        let (low, high) = block.split_at(8);
        h1 = (h1 ^ mix1(word(low))).rotate_left(27).wrapping_add(h2).wrapping_mul(5).wrapping_add(0x52dc_e729);
        h2 = (h2 ^ mix2(word(high))).rotate_left(31).wrapping_add(h1).wrapping_mul(5).wrapping_add(0x3849_5ab5);
    }
    let (low, high) = blocks.remainder().split_at(blocks.remainder().len().min(8));
    h2 ^= mix2(word(high));
    h1 ^= mix1(word(low));
    let length = bytes.len() as u64;
    (h1, h2) = (h1 ^ length, h2 ^ length);
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    (h1, h2) = (scattered(h1), scattered(h2));
    h1 = h1.wrapping_add(h2);
    (h1, h2.wrapping_add(h1))
}

fn scattered(mut k: u64) -> u64 {
    k = (k ^ k >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    k = (k ^ k >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    k ^ k >> 33
}
