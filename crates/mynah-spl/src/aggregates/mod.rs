//! The statistical functions of `stats` and its relatives: parsing a call, and lowering it to a
//! DataFusion aggregate. One file each, listed in `FUNCTIONS`.
//!
//! The examples of their documentation are over four events, the newest first, of which the last has no
//! `x`: `x` is b, a, b; `n` is 4, 3, 2, 1; `_time` is 40, 30, 20, 10.
//!
//! ```
//! use mynah_spl::aggregates::AggregateCall;
//! let (call, end) = AggregateCall::parse_prefix("dc(user) as users by host", 0).unwrap();
//! assert_eq!((call.function.node.as_str(), call.output_name().as_str(), end), ("dc", "users", 17));
//! ```

mod avg;
mod call;
mod count;
mod dc;
mod distinct;
mod earliest;
mod earliest_time;
mod extreme;
mod first;
mod fold;
mod last;
mod latest;
mod latest_time;
mod list;
mod lower;
mod max;
mod median;
mod min;
mod mode;
mod moments;
mod numbers;
mod ordered;
mod page;
mod perc;
mod prelude;
mod range;
mod rate;
mod stdev;
mod stdevp;
mod sum;
mod sumsq;
mod values;
mod var;
mod varp;

pub use call::{AggregateCall, Argument};
pub use lower::{Aggregate, docs, lower};

use lower::Function;

/// All functions.
static FUNCTIONS: &[Function] = &[
    avg::FUNCTION,
    count::FUNCTION,
    dc::FUNCTION,
    earliest::FUNCTION,
    earliest_time::FUNCTION,
    first::FUNCTION,
    last::FUNCTION,
    latest::FUNCTION,
    latest_time::FUNCTION,
    list::FUNCTION,
    max::FUNCTION,
    median::FUNCTION,
    min::FUNCTION,
    mode::FUNCTION,
    perc::FUNCTION,
    range::FUNCTION,
    rate::FUNCTION,
    stdev::FUNCTION,
    stdevp::FUNCTION,
    sum::FUNCTION,
    sumsq::FUNCTION,
    values::FUNCTION,
    var::FUNCTION,
    varp::FUNCTION,
];

#[cfg(test)]
mod tests;
