//! Sigma rules.
#![deny(missing_docs)]
