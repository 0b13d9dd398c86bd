use super::layout;
use crate::report::escape;
use crate::{Catalog, Proof};
use std::fmt::Write;

/// The first page: every detection, and a field to search them.
pub(super) fn page(catalog: &Catalog, proofs: &[Proof]) -> String {
    let mut main = String::from(
        "<h1>Detections</h1>\n<p>Each with its query for every platform, the behaviours it must see, and what a responder needs.</p>\n\
         <div class=\"search\" hidden><label for=\"search\">Search</label><input type=\"search\" id=\"search\" autocomplete=\"off\"> <span id=\"shown\" class=\"quiet\" role=\"status\"></span></div>\n<ul class=\"cards\">\n",
    );
    for package in catalog.packages() {
        let manifest = &package.manifest;
        let words: Vec<String> = manifest
            .tags
            .iter()
            .cloned()
            .chain(manifest.behaviours.iter().map(|behaviour| behaviour.title.clone()))
            .chain(manifest.versions.values().flat_map(|version| version.data_sources.iter().cloned()))
            .chain([manifest.description.clone()])
            .collect();
        let platforms: Vec<&str> = package.dialects().map(super::platform_name).collect();
        let _ = writeln!(
            main,
            "<li data-words=\"{}\">\n<h2><a href=\"{name}/index.html\">{}</a></h2>\n<p class=\"quiet\">{} · {}</p>\n<p><span class=\"level {level}\">{level}</span> severity, {} confidence</p>\n<p>{}</p>\n<p>{}</p>\n</li>",
            escape(&words.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")),
            escape(&manifest.title),
            escape(&package.techniques().join(", ")),
            escape(&package.tactics().iter().map(|(_, _, name)| *name).collect::<Vec<_>>().join(", ")),
            manifest.confidence.name(),
            escape(&platforms.join(", ")),
            proofs.iter().find(|proof| proof.package == package.name).map(standing).unwrap_or_default(),
            name = escape(&package.name),
            level = manifest.level.name(),
        );
    }
    main.push_str("</ul>\n<script src=\"search.js\"></script>\n");
    layout::page("Detections", "", "", &main)
}

/// How a package's tests went, in a few words.
pub(super) fn standing(proof: &Proof) -> String {
    let failed = proof.checks.iter().filter(|check| !check.outcome.reasons().is_empty()).count();
    match failed {
        0 => format!("<span class=\"good\">All {} checks pass</span>", proof.checks.len()),
        _ => format!("<span class=\"bad\">{failed} of {} checks fail</span>", proof.checks.len()),
    }
}
