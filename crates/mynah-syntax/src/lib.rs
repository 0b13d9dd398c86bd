//! What every query language shares in front: where something stands in a text ([`Span`]), what
//! there is to say about it ([`Diagnostic`]), how that is shown ([`render()`]), and which known name
//! an unknown one most likely meant ([`nearest`]).
//!
//! ```
//! use mynah_syntax::{Diagnostic, Span, nearest, render};
//!
//! let text = "proces where true";
//! let mut diagnostic = Diagnostic::error("eql/syntax", "unknown event category `proces`", Span::new(0, 6));
//! if let Some(known) = nearest("proces", ["process", "network"]) {
//!     diagnostic = diagnostic.with_fix(Span::new(0, 6), known, format!("did you mean `{known}`?"));
//! }
//! let shown = render("rule.eql", text, &diagnostic, false);
//! assert!(shown.contains("unknown event category"));
//! assert!(shown.contains("did you mean `process`?"));
//! ```
#![deny(missing_docs)]

mod depth;
mod diagnostic;
mod nearest;
pub mod neutral;
mod render;
mod rule;
mod span;

pub use depth::{Depth, MAX_DEPTH};
pub use diagnostic::{Diagnostic, Fix, Label, Severity};
pub use nearest::{edits, nearest};
pub use render::render;
pub use rule::Rule;
pub use span::{LineColumn, Span, Spanned};
