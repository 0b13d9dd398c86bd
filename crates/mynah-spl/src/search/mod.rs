//! The language of the `search` command: terms, `field=value`, `AND`, `OR`, `NOT`, where OR binds
//! tighter than AND. Also what `tstats` has after `where`.

mod ast;
mod lexer;
mod lower;
mod parser;
mod subsearch;
mod term;

pub(crate) use ast::Search;
pub(crate) use lexer::has_subsearch_as_value;
pub(crate) use lower::{SearchTest, lower, time_range};
pub(crate) use parser::parse;
pub(crate) use subsearch::{Format, cell_texts, rows_as_search};
