mod definition;
mod recogniser;
mod rules;
mod spec;

pub use definition::SourceDefinition;
pub use recogniser::{Recognised, Recogniser};
