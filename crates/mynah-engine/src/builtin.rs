//! The functions of DataFusion that languages make plans of: by their names plans are read from bytes.
//!
//! DataFusion's other functions are left out of the program. A language that uses one more adds it here; its golden cases
//! fail until it does.
use crate::held::held;
use datafusion::execution::SessionStateBuilder;
use datafusion::functions::core::coalesce;
use datafusion::functions_aggregate::array_agg::array_agg_udaf;
use datafusion::functions_aggregate::average::avg_udaf;
use datafusion::functions_aggregate::count::count_udaf;
use datafusion::functions_aggregate::first_last::{first_value_udaf, last_value_udaf};
use datafusion::functions_aggregate::min_max::{max_udaf, min_udaf};
use datafusion::functions_aggregate::percentile_cont::percentile_cont_udaf;
use datafusion::functions_aggregate::stddev::{stddev_pop_udaf, stddev_udaf};
use datafusion::functions_aggregate::sum::sum_udaf;
use datafusion::functions_window::lead_lag::lag_udwf;
use datafusion::functions_window::row_number::row_number_udwf;
use std::sync::Arc;

/// A session that knows these functions.
pub(crate) fn session() -> SessionStateBuilder {
    SessionStateBuilder::new()
        .with_scalar_functions(vec![coalesce(), Arc::new(held())])
        .with_aggregate_functions(vec![
            array_agg_udaf(),
            avg_udaf(),
            count_udaf(),
            first_value_udaf(),
            last_value_udaf(),
            max_udaf(),
            min_udaf(),
            percentile_cont_udaf(),
            stddev_udaf(),
            stddev_pop_udaf(),
            sum_udaf(),
        ])
        .with_window_functions(vec![lag_udwf(), row_number_udwf()])
}
