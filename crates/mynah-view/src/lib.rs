//! What each platform makes of each log source.
//!
//! The same raw record looks different in each SIEM: CloudTrail's `eventName` is `event.action` in
//! Elastic and `QIDNAME(qid)` in QRadar. A *view* says so, as data: `views/PLATFORM/LOGSOURCE.toml`
//! lists the fields that the platform's own integration makes of that log source, and where in the
//! record each comes from. `docs/views.md` teaches the format. Nothing else in Mynah knows a vendor's
//! field names.
//!
//! A dialect [resolves](PlatformView::resolve) every name of a query, and builds an [`EventScan`] of
//! just the columns it got: the leaf of its plan. The engine reads the scan's [`Binding`]s and extracts
//! nothing else.
//!
//! ```
//! use mynah_event::Platform;
//! use mynah_view::{Catalog, FieldType};
//!
//! let catalog = Catalog::parse([
//!     ("elastic/platform.toml", "[types]\n\"aws.port\" = \"integer\"\n"),
//!     ("elastic/aws.cloudtrail.toml", r#"
//!         log_source = "aws.cloudtrail"
//!         [fields]
//!         "event.action" = "eventName"
//!         "event.kind" = { value = "event" }
//!         "aws.cloudtrail.flattened.request_parameters.*" = "requestParameters.*"
//!     "#),
//! ])?;
//! let view = catalog.platform(Platform::Elastic)?;
//! let action = view.resolve("event.action");
//! assert!(action.known);
//! assert_eq!(action.column.field_type, FieldType::TEXT);
//! assert_eq!(view.resolve("event.acton").suggestion.as_deref(), Some("event.action"));
//! # Ok::<(), mynah_view::ViewError>(())
//! ```
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod apply;
mod binding;
mod catalog;
mod error;
mod field_type;
mod platform_view;
mod scan;
mod spec;

pub use apply::{Apply, Capture, DnsPart, Flags, RegistryPart, SUMO_WINDOWS_WORDS, embedded_json, folded_json_value};
pub use binding::{Binding, Condition, Meta, Origin, TemplatePart};
pub use catalog::Catalog;
pub use error::ViewError;
pub use field_type::{FieldType, Kind};
pub use platform_view::{PlatformView, Resolution};
pub use scan::{EVENT_ID, EventScan, Reach, ScanColumn};
