//! What the tests of functions and aggregates share: a context with a fixed clock, and values as text.

use crate::expression::number_text;
use datafusion::arrow::array::AsArray;
use datafusion::common::ScalarValue;
use mynah_dialect::{Mode, PlanContext, Site, Stages};
use mynah_event::{Platform, Timestamp};
use mynah_view::{Catalog, PlatformView};
use std::sync::{Arc, LazyLock};

fn noon() -> Timestamp {
    Timestamp::parse("2026-03-14T12:00:00Z").unwrap()
}

/// A context without data, at noon of 2026-03-14.
pub(crate) fn context() -> PlanContext<'static> {
    static VIEW: LazyLock<Arc<PlatformView>> = LazyLock::new(|| {
        Catalog::parse(std::iter::empty::<(&str, &str)>()).unwrap().platform(Platform::Splunk).unwrap()
    });
    static SITE: LazyLock<Site> = LazyLock::new(Site::default);
    PlanContext {
        mode: Mode::Run,
        view: &VIEW,
        site: &SITE,
        stages: Box::leak(Box::new(Stages::without_data())),
        now: &noon,
    }
}

/// Runs something with that context.
pub(crate) fn with_context<T>(run: impl FnOnce(&PlanContext<'_>) -> T) -> T {
    run(&context())
}

/// A value as the examples write it.
pub(crate) fn show(value: &ScalarValue) -> String {
    match value {
        value if value.is_null() => "null".to_owned(),
        ScalarValue::Utf8(Some(text)) => text.clone(),
        ScalarValue::Float64(Some(number)) => number_text(*number),
        ScalarValue::Boolean(Some(truth)) => truth.to_string(),
        ScalarValue::List(list) => {
            let texts: Vec<String> = list.value(0).as_string::<i32>().iter().flatten().map(str::to_owned).collect();
            serde_json::to_string(&texts).unwrap()
        }
        other => format!("{other:?}"),
    }
}
