use super::prelude::*;
use mynah_kernels::row_function_volatile;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "random",
        usage: "random()",
        summary: "A random whole number from 0 to 2147483647, another in every row.",
        page: super::page::MATHEMATICAL,
        examples: &[
            Example { query: "isint(random())", result: "true" },
            Example { query: "random() <= 2147483647", result: "true" },
        ],
    },
    aliases: &[],
    arguments: (0, Some(0)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    // DataFusion's functions of no argument at all give one value; any column makes it one a row.
    let argument = match call.scope.columns().next() {
        Some((name, _)) => mynah_dialect::column(name),
        None => Typed::null().expr,
    };
    let state = AtomicU64::new(std::hash::RandomState::new().hash_one(0));
    let function = row_function_volatile("spl_random", Type::Number.data_type(), move |_| {
        // SplitMix64: good enough for sampling, and the reference names no generator.
        let mut mixed = state.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Cell::Float(((mixed ^ (mixed >> 31)) >> 33) as f64)
    });
    Ok(Typed::new(function.call(vec![argument]), Type::Number))
}
