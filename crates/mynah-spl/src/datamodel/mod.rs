//! Data models: names that hold for many log sources, as Splunk's Common Information Model gives them.
//!
//! Which datasets there are is data, `datamodels/MODEL.toml`: the events that belong to a dataset, as a
//! search, and what each of its fields is, as an eval expression over the fields of the splunk view.

mod catalog;
mod rows;

pub(crate) use catalog::{Dataset, Found, find};
pub(crate) use rows::rows;
