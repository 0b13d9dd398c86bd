//! A catalogue as pages that need no network and no JavaScript.
mod detection_page;
mod index_page;
mod layout;
mod markdown;
mod platform_page;

use crate::{Catalog, Proof};
use mynah_event::Dialect;

/// All files of the site, by their paths.
///
/// `proofs` are what came of the packages' tests: the pages say what was tested, and how it went.
pub fn pages(catalog: &Catalog, proofs: &[Proof]) -> Vec<(String, String)> {
    let mut pages = vec![
        ("index.html".to_owned(), index_page::page(catalog, proofs)),
        ("style.css".to_owned(), include_str!("style.css").to_owned()),
        ("search.js".to_owned(), include_str!("search.js").to_owned()),
    ];
    for package in catalog.packages() {
        let proof = proofs.iter().find(|proof| proof.package == package.name);
        pages.push((format!("{}/index.html", package.name), detection_page::page(package, proof)));
        for dialect in package.dialects() {
            pages.push((
                format!("{}/{}.html", package.name, dialect.platform()),
                platform_page::page(package, dialect, proof),
            ));
            if let (Some(version), Some(text)) = (package.manifest.versions.get(&dialect), package.query(dialect)) {
                pages.push((format!("{}/{}", package.name, version.query), text.to_owned()));
            }
        }
    }
    pages
}

/// What people call a dialect's platform.
fn platform_name(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Aql => "IBM QRadar",
        Dialect::Eql => "Elastic Security",
        Dialect::Spl => "Splunk",
        Dialect::Sumo => "Sumo Logic",
        Dialect::Sigma => "Sigma",
    }
}
