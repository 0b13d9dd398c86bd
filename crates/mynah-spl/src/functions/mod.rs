//! The functions of `eval`, `where` and their like: one file each, with its documentation and examples
//! beside the code, listed in [`FUNCTIONS`].
//!
//! Text functions of one text, applied to a field of several values, give several; numbers read from
//! logs are text and count as numbers wherever a number is wanted; null arguments mostly give null.

mod abs;
mod acos;
mod acosh;
mod asin;
mod asinh;
mod atan;
mod atan2;
mod atanh;
mod avg;
mod bit_and;
mod bit_not;
mod bit_or;
mod bit_shift_left;
mod bit_shift_right;
mod bit_xor;
mod bits;
mod call;
mod case_;
mod ceiling;
mod cidrmatch;
mod coalesce;
mod commands;
mod cos;
mod cosh;
mod elementwise;
mod exact;
mod exp;
mod extreme;
mod false_;
mod floor;
mod hexadecimal;
mod hypot;
mod if_;
mod in_;
mod ipmask;
mod isbool;
mod isdouble;
mod isint;
mod ismv;
mod isnotnull;
mod isnull;
mod isnum;
mod isstr;
mod json;
mod json_append;
mod json_array;
mod json_array_to_mv;
mod json_delete;
mod json_entries;
mod json_extend;
mod json_extract;
mod json_extract_exact;
mod json_has_key_exact;
mod json_keys;
mod json_object;
pub(crate) mod json_path;
mod json_set;
mod json_set_exact;
mod json_valid;
mod json_value;
mod kind;
mod len;
mod like;
mod ln;
mod log;
mod lower;
mod ltrim;
mod match_;
mod max;
mod md5;
mod min;
pub(crate) mod mixed_order;
mod mv_to_json_array;
mod mvappend;
mod mvcount;
mod mvdedup;
mod mvfilter;
mod mvfind;
mod mvindex;
mod mvjoin;
mod mvmap;
mod mvrange;
mod mvreverse;
mod mvsort;
mod mvzip;
mod now;
mod null;
mod nullif;
mod page;
pub(crate) mod pcre;
mod pi;
mod pipe_split;
mod pow;
mod prelude;
mod printf;
mod printf_format;
mod radix;
mod random;
pub(crate) mod relative_modifier;
mod relative_time;
mod replace;
mod round;
mod rtrim;
pub(crate) mod searchmatch;
mod sha1;
mod sha256;
mod sha512;
mod sin;
mod sinh;
mod spath;
mod split;
mod sqrt;
mod strftime;
mod strptime;
mod substr;
mod sum;
mod tan;
mod tanh;
mod time;
pub(crate) mod time_format;
mod tobool;
mod todouble;
mod toint;
mod tonumber;
mod tostring;
mod trim;
mod true_;
mod typeof_;
mod unsupported;
mod upper;
mod urldecode;
mod validate;

use crate::expression::{Expression, Scope, Typed};
use call::Call;
use mynah_dialect::{FunctionDoc, PlanContext};
use mynah_syntax::{Diagnostic, Span, Spanned, nearest};

/// A function: what it says of itself, and how a call of it is lowered.
pub(crate) struct Function {
    doc: FunctionDoc,
    aliases: &'static [&'static str],
    /// How many arguments it takes at least and, unless any number, at most.
    arguments: (usize, Option<usize>),
    lower: fn(&Call<'_>) -> Result<Typed, Diagnostic>,
}

/// All functions.
static FUNCTIONS: &[Function] = &[
    abs::FUNCTION,
    acos::FUNCTION,
    acosh::FUNCTION,
    asin::FUNCTION,
    asinh::FUNCTION,
    atan::FUNCTION,
    atan2::FUNCTION,
    atanh::FUNCTION,
    avg::FUNCTION,
    bit_and::FUNCTION,
    bit_not::FUNCTION,
    bit_or::FUNCTION,
    bit_shift_left::FUNCTION,
    bit_shift_right::FUNCTION,
    bit_xor::FUNCTION,
    case_::FUNCTION,
    ceiling::FUNCTION,
    cidrmatch::FUNCTION,
    coalesce::FUNCTION,
    commands::FUNCTION,
    cos::FUNCTION,
    cosh::FUNCTION,
    exact::FUNCTION,
    exp::FUNCTION,
    false_::FUNCTION,
    floor::FUNCTION,
    hypot::FUNCTION,
    if_::FUNCTION,
    in_::FUNCTION,
    ipmask::FUNCTION,
    isbool::FUNCTION,
    isdouble::FUNCTION,
    isint::FUNCTION,
    ismv::FUNCTION,
    isnotnull::FUNCTION,
    isnull::FUNCTION,
    isnum::FUNCTION,
    isstr::FUNCTION,
    json::FUNCTION,
    json_append::FUNCTION,
    json_array::FUNCTION,
    json_array_to_mv::FUNCTION,
    json_delete::FUNCTION,
    json_entries::FUNCTION,
    json_extend::FUNCTION,
    json_extract::FUNCTION,
    json_extract_exact::FUNCTION,
    json_has_key_exact::FUNCTION,
    json_keys::FUNCTION,
    json_object::FUNCTION,
    json_set::FUNCTION,
    json_set_exact::FUNCTION,
    json_valid::FUNCTION,
    len::FUNCTION,
    like::FUNCTION,
    ln::FUNCTION,
    log::FUNCTION,
    lower::FUNCTION,
    ltrim::FUNCTION,
    match_::FUNCTION,
    max::FUNCTION,
    md5::FUNCTION,
    min::FUNCTION,
    mv_to_json_array::FUNCTION,
    mvappend::FUNCTION,
    mvcount::FUNCTION,
    mvdedup::FUNCTION,
    mvfilter::FUNCTION,
    mvfind::FUNCTION,
    mvindex::FUNCTION,
    mvjoin::FUNCTION,
    mvmap::FUNCTION,
    mvrange::FUNCTION,
    mvreverse::FUNCTION,
    mvsort::FUNCTION,
    mvzip::FUNCTION,
    now::FUNCTION,
    null::FUNCTION,
    nullif::FUNCTION,
    pi::FUNCTION,
    pow::FUNCTION,
    printf::FUNCTION,
    random::FUNCTION,
    relative_time::FUNCTION,
    replace::FUNCTION,
    round::FUNCTION,
    rtrim::FUNCTION,
    searchmatch::FUNCTION,
    sha1::FUNCTION,
    sha256::FUNCTION,
    sha512::FUNCTION,
    sin::FUNCTION,
    sinh::FUNCTION,
    spath::FUNCTION,
    split::FUNCTION,
    sqrt::FUNCTION,
    strftime::FUNCTION,
    strptime::FUNCTION,
    substr::FUNCTION,
    sum::FUNCTION,
    tan::FUNCTION,
    tanh::FUNCTION,
    time::FUNCTION,
    tobool::FUNCTION,
    todouble::FUNCTION,
    toint::FUNCTION,
    tonumber::FUNCTION,
    tostring::FUNCTION,
    trim::FUNCTION,
    true_::FUNCTION,
    typeof_::FUNCTION,
    upper::FUNCTION,
    urldecode::FUNCTION,
    validate::FUNCTION,
];

/// The functions' documentation.
pub fn docs() -> impl Iterator<Item = &'static FunctionDoc> {
    FUNCTIONS.iter().map(|function| &function.doc)
}

/// Lowers a call of a function; names are taken in any case.
pub(crate) fn lower_call(
    name: &Spanned<String>,
    arguments: &[Expression],
    span: Span,
    scope: &Scope,
    context: &PlanContext<'_>,
) -> Result<Typed, Diagnostic> {
    let wanted = name.node.to_ascii_lowercase();
    let Some(function) =
        FUNCTIONS.iter().find(|function| function.doc.name == wanted || function.aliases.contains(&wanted.as_str()))
    else {
        return Err(unknown(name, &wanted));
    };
    let (least, most) = function.arguments;
    if arguments.len() < least || most.is_some_and(|most| arguments.len() > most) {
        let count = match most {
            Some(most) if most == least => format!("{least}"),
            Some(most) => format!("{least} to {most}"),
            None => format!("at least {least}"),
        };
        let message = format!(
            "`{}` takes {count} argument{}, not {}",
            function.doc.name,
            if count == "1" { "" } else { "s" },
            arguments.len()
        );
        return Err(Diagnostic::error("spl/argument", message, span)
            .with_help(format!("it is called so: {}", function.doc.usage)));
    }
    // The name as the registry has it, so that calls by any spelling are one function.
    let name = Spanned::new(function.doc.name.to_owned(), name.span);
    (function.lower)(&Call { name: &name, arguments, span, scope, context })
}

fn unknown(name: &Spanned<String>, wanted: &str) -> Diagnostic {
    if let Some((_, why)) = unsupported::UNSUPPORTED.iter().find(|(known, _)| *known == wanted) {
        return Diagnostic::error(
            "spl/unsupported-function",
            format!("the function `{wanted}` is not supported"),
            name.span,
        )
        .with_help(*why);
    }
    let diagnostic =
        Diagnostic::error("spl/unknown-function", format!("there is no function `{}`", name.node), name.span);
    match nearest(wanted, FUNCTIONS.iter().map(|function| function.doc.name)) {
        Some(known) => diagnostic.with_fix(name.span, known, format!("did you mean `{known}`?")),
        None => diagnostic,
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod tests_support;
