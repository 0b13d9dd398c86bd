//! Nothing of its own: it asks for the union of the features that the workspace's crates ask of shared
//! dependencies, so that building one crate (`cargo test -p mynah-eql`) and building all of them
//! compile DataFusion once, not once for each combination.
#![deny(missing_docs)]
