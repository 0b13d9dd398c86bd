//! The words everything else in Mynah is said in: a [`Record`] is one event as a log has it, a
//! [`LogSource`] is the kind of telemetry it belongs to, a [`Platform`] is the product whose eyes
//! look at it, a [`Dialect`] the language that asks, a [`Path`] the way to one value inside it.
//!
//! ```
//! use mynah_event::{Dialect, LogSource, Path, Platform};
//!
//! assert_eq!(Dialect::from_extension("spl").map(Dialect::platform), Some(Platform::Splunk));
//! assert_eq!(LogSource::new("aws.cloudtrail").as_str(), "aws.cloudtrail");
//! assert_eq!(Path::parse("userIdentity.arn").to_string(), "userIdentity.arn");
//! ```
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod dialect;
mod log_source;
mod path;
mod platform;
mod record;
mod time;

pub use dialect::Dialect;
pub use log_source::LogSource;
pub use path::{Path, Segment};
pub use platform::Platform;
pub use record::{EventId, EventIdError, Record, Shape};
pub use time::{Timestamp, TimestampError};
