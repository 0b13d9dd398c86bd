use super::{detection_page, layout, platform_name};
use crate::report::escape;
use crate::{Outcome, Package, Proof};
use mynah_event::Dialect;
use std::fmt::Write;

/// A detection as one platform runs it.
pub(super) fn page(package: &Package, dialect: Dialect, proof: Option<&Proof>) -> String {
    let manifest = &package.manifest;
    let title = format!("{} in {}", manifest.title, platform_name(dialect));
    let mut main = format!(
        "<h1>{}</h1>\n<p>{}</p>\n{}",
        escape(&title),
        escape(manifest.description.trim()),
        layout::facts(package)
    );
    if let (Some(version), Some(query)) = (manifest.versions.get(&dialect), package.query(dialect)) {
        let _ = write!(
            main,
            "<h2>Query</h2>\n<p>{}</p>\n{}<p><a href=\"{}\" download>Download {}</a></p>\n",
            escape(version.description.trim()),
            layout::code(query),
            escape(&version.query),
            escape(&version.query)
        );
        main.push_str("<h2>Data sources</h2>\n");
        main.push_str(&layout::list(&version.data_sources));
        main.push_str("<h2>Required tables</h2>\n");
        main.push_str(&layout::list(&version.tables));
    }
    main.push_str("<h2>False positives and tuning</h2>\n");
    main.push_str(&layout::list(&manifest.falsepositives));
    main.push_str("<p>The <a href=\"index.html\">overview</a> has the playbook, the investigation guide and hunting queries.</p>\n");
    if let Some(sigma) = manifest.versions.get(&Dialect::Sigma).filter(|_| dialect != Dialect::Sigma) {
        let _ =
            writeln!(main, "<p><a href=\"{}\" download>Download the portable Sigma rule</a></p>", escape(&sigma.query));
    }
    if let Some(proof) = proof {
        main.push_str("<h2>What it was tested on</h2>\n<ul>\n");
        for check in
            proof.checks.iter().filter(|check| check.dialect == Some(dialect) && !check.what.starts_with("signal: "))
        {
            let (class, word) = if check.outcome == Outcome::Passed { ("good", "passes") } else { ("bad", "fails") };
            let _ = writeln!(
                main,
                "<li><span class=\"{class}\">{word}</span> {}: {}</li>",
                escape(&check.test),
                escape(&check.what)
            );
            for note in &check.notes {
                let _ = writeln!(main, "<li class=\"quiet\">{}</li>", escape(note));
            }
        }
        main.push_str("</ul>\n");
    }
    main.push_str("<h2>Testing</h2>\n");
    for behaviour in &manifest.behaviours {
        main.push_str(&detection_page::behaviour(behaviour));
    }
    layout::page(&title, "../", &layout::versions(package, Some(dialect)), &main)
}
