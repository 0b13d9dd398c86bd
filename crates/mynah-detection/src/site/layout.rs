use super::platform_name;
use crate::Package;
use crate::report::escape;
use mynah_event::Dialect;
use std::fmt::Write;

/// A page: its head, the bar, and what stands below. `root` leads to the site's first page.
pub(super) fn page(title: &str, root: &str, bar: &str, main: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<link rel=\"stylesheet\" href=\"{root}style.css\">\n</head>\n<body>\n<header><div class=\"bar\"><strong><a href=\"{root}index.html\">Detections</a></strong>{bar}</div></header>\n\
         <main>\n{main}</main>\n</body>\n</html>\n",
        escape(title)
    )
}

/// Links between the pages of one detection; `here` is the platform of the page they stand on.
pub(super) fn versions(package: &Package, here: Option<Dialect>) -> String {
    let mut out = String::from("<nav aria-label=\"Platforms\"><ul>");
    let current = |is: bool| if is { " aria-current=\"page\"" } else { "" };
    let _ = write!(out, "<li><a href=\"index.html\"{}>Overview</a></li>", current(here.is_none()));
    for dialect in package.dialects() {
        let _ = write!(
            out,
            "<li><a href=\"{}.html\"{}>{}</a></li>",
            dialect.platform(),
            current(here == Some(dialect)),
            platform_name(dialect)
        );
    }
    out.push_str("</ul></nav>");
    out
}

/// What ATT&CK calls it, how bad it is, how it runs.
pub(super) fn facts(package: &Package) -> String {
    let manifest = &package.manifest;
    let tactics: Vec<String> = package.tactics().iter().map(|(_, id, name)| format!("{name} ({id})")).collect();
    let techniques: Vec<String> = package
        .techniques()
        .iter()
        .map(|id| format!("<a href=\"https://attack.mitre.org/techniques/{}/\">{id}</a>", id.replace('.', "/")))
        .collect();
    format!(
        "<dl>\n<dt>Tactic</dt><dd>{}</dd>\n<dt>Technique</dt><dd>{}</dd>\n<dt>Severity</dt><dd><span class=\"level {level}\">{level}</span></dd>\n\
         <dt>Confidence</dt><dd>{}</dd>\n<dt>Status</dt><dd>{}</dd>\n<dt>Schedule</dt><dd>every {}, over {}</dd>\n<dt>Id</dt><dd><code>{}</code></dd>\n</dl>\n",
        escape(&tactics.join(", ")),
        techniques.join(", "),
        manifest.confidence.name(),
        manifest.status.name(),
        manifest.schedule.every,
        manifest.schedule.window,
        escape(&manifest.id),
        level = manifest.level.name(),
    )
}

/// A list of texts.
pub(super) fn list<'a>(items: impl IntoIterator<Item = &'a String>) -> String {
    let items: String = items.into_iter().map(|item| format!("<li>{}</li>\n", escape(item))).collect();
    format!("<ul>\n{items}</ul>\n")
}

/// A block of code.
pub(super) fn code(text: &str) -> String {
    // What scrolls must be reachable with the keyboard.
    format!("<pre tabindex=\"0\"><code>{}</code></pre>\n", escape(text.trim_end()))
}
