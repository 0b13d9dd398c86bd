//! No text may make the aql front end panic, loop or overflow its stack.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mynah_dialect::{Frontend, Mode, PlanContext, Site, Stages};
use mynah_view::Catalog;
use std::sync::LazyLock;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::built_in().expect("the built-in views"));

fuzz_target!(|text: &str| {
    let frontend = mynah_aql::Aql;
    let view = CATALOG.platform(frontend.dialect().platform()).expect("the view");
    let site = Site::default();
    let context = PlanContext { mode: Mode::Check, view: &view, site: &site, stages: &Stages::without_data() };
    let _ = frontend.plan(text, &context);
});
