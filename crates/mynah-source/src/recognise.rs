mod definition;
mod members;
mod recogniser;
mod rules;
mod spec;

pub use definition::SourceDefinition;
pub use members::{Member, Members};
pub use recogniser::{Recognised, Recogniser};
