use super::{index_page, layout, markdown, platform_name};
use crate::report::escape;
use crate::{Behaviour, Outcome, Package, Proof};
use mynah_event::Dialect;
use std::fmt::Write;

/// A detection's overview: all that holds whatever the platform.
pub(super) fn page(package: &Package, proof: Option<&Proof>) -> String {
    let manifest = &package.manifest;
    let mut main = format!(
        "<h1>{}</h1>\n<p>{}</p>\n{}",
        escape(&manifest.title),
        escape(manifest.description.trim()),
        layout::facts(package)
    );
    platforms(package, &mut main);
    main.push_str("<h2>False positives</h2>\n");
    main.push_str(&layout::list(&manifest.falsepositives));
    main.push_str("<h2>Testing</h2>\n");
    for behaviour in &manifest.behaviours {
        main.push_str(&self::behaviour(behaviour));
    }
    if let Some(proof) = proof {
        results(package, proof, &mut main);
    }
    for (title, file) in [("Response playbook", &manifest.playbook), ("Investigation", &manifest.investigation)] {
        if let Some(text) = file.as_ref().and_then(|file| package.files().text(file).ok()) {
            let _ = write!(
                main,
                "<h2 id=\"{}\">{title}</h2>\n{}",
                title.to_lowercase().replace(' ', "-"),
                markdown::html(text)
            );
        }
    }
    if !manifest.hunting.is_empty() {
        main.push_str("<h2>Hunting</h2>\n");
    }
    for hunt in &manifest.hunting {
        let _ = write!(main, "<h3>{}</h3>\n<p>{}</p>\n", escape(&hunt.title), escape(hunt.description.trim()));
        if let Ok(text) = package.files().text(&hunt.query) {
            main.push_str(&layout::code(text));
        }
    }
    if !manifest.references.is_empty() {
        main.push_str("<h2>To read on</h2>\n<ul>\n");
        for page in &manifest.references {
            let _ = writeln!(main, "<li><a href=\"{0}\">{0}</a></li>", escape(page));
        }
        main.push_str("</ul>\n");
    }
    layout::page(&manifest.title, "../", &layout::versions(package, None), &main)
}

fn platforms(package: &Package, main: &mut String) {
    main.push_str("<h2>Platforms</h2>\n<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">Platform</th><th scope=\"col\">Reads</th></tr></thead>\n<tbody>\n");
    for dialect in package.dialects() {
        let Some(version) = package.manifest.versions.get(&dialect) else { continue };
        let _ = writeln!(
            main,
            "<tr><td><a href=\"{}.html\">{}</a></td><td>{}</td></tr>",
            dialect.platform(),
            platform_name(dialect),
            escape(&version.data_sources.join(", "))
        );
    }
    main.push_str("</tbody>\n</table></div>\n");
}

/// A behaviour: what is done, how to do it, what should be seen.
pub(super) fn behaviour(behaviour: &Behaviour) -> String {
    let mut out = format!("<h3>{}</h3>\n<p>{}</p>\n", escape(&behaviour.title), escape(behaviour.description.trim()));
    if let Some(atomic) = &behaviour.atomic {
        let _ = writeln!(
            out,
            "<p class=\"quiet\">Atomic Red Team {}: {} (<code>{}</code>)</p>",
            escape(&atomic.technique),
            escape(&atomic.name),
            escape(&atomic.guid)
        );
    }
    for command in &behaviour.commands {
        if let Some(requires) = &command.requires {
            let _ = writeln!(out, "<p>Needs: {}.</p>", escape(requires));
        }
        out.push_str(&layout::code(&command.run));
        if let Some(cleanup) = &command.cleanup {
            out.push_str("<p>Afterwards:</p>\n");
            out.push_str(&layout::code(cleanup));
        }
    }
    out.push_str("<p>Expect in the logs:</p>\n<ul>\n");
    for signal in &behaviour.signals {
        let _ = writeln!(out, "<li>{}<br><code>{}</code></li>", escape(&signal.title), escape(signal.query.trim()));
    }
    out.push_str("</ul>\n");
    out
}

/// A table of tests and versions.
fn results(package: &Package, proof: &Proof, main: &mut String) {
    let dialects: Vec<Dialect> = package.dialects().collect();
    let _ = write!(
        main,
        "<h2>What it was tested on</h2>\n<p>{}, on logs of its own.</p>\n<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">Test</th>",
        index_page::standing(proof)
    );
    for dialect in &dialects {
        let _ = write!(main, "<th scope=\"col\">{}</th>", platform_name(*dialect));
    }
    main.push_str("</tr></thead>\n<tbody>\n");
    let mut notes: Vec<&String> = Vec::new();
    for test in &package.manifest.tests {
        let _ = write!(main, "<tr><td>{}</td>", escape(&test.name));
        for dialect in &dialects {
            let checks = || {
                proof.checks.iter().filter(|check| {
                    check.test == test.name && check.dialect == Some(*dialect) && !check.what.starts_with("signal: ")
                })
            };
            let failed = checks().any(|check| check.outcome != Outcome::Passed);
            let differs = checks().any(|check| !check.notes.is_empty());
            notes.extend(checks().flat_map(|check| &check.notes));
            let (class, word) = if failed { ("bad", "fails") } else { ("good", "passes") };
            let _ = write!(main, "<td><span class=\"{class}\">{word}</span>{}</td>", if differs { "*" } else { "" });
        }
        main.push_str("</tr>\n");
    }
    main.push_str("</tbody>\n</table></div>\n");
    notes.dedup();
    for note in notes {
        let _ = writeln!(main, "<p class=\"quiet\">* {}</p>", escape(note));
    }
}
