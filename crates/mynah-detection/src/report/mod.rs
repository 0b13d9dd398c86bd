//! Findings, proofs and catalogues in the formats of other programs.
mod csv;
mod html;
mod junit;
mod navigator;
mod ocsf;
mod row;
mod sarif;
mod tap;
mod xml;

pub use csv::csv;
pub use html::html;
pub use junit::junit;
pub use navigator::navigator;
pub use ocsf::ocsf;
pub use row::row;
pub use sarif::sarif;
pub use tap::tap;
pub(crate) use xml::escape;
