use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Error, Value};
use mynah_syntax::neutral;
use quick_xml::escape::escape;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::io;
use std::sync::LazyLock;

/// The style sheet of every page.
pub(crate) const STYLE: &str = include_str!("../pages/style.css");

const TEMPLATES: [(&str, &str); 9] = [
    ("layout.html", include_str!("../pages/layout.html")),
    ("parts.html", include_str!("../pages/parts.html")),
    ("index.html", include_str!("../pages/index.html")),
    ("detection.html", include_str!("../pages/detection.html")),
    ("platform.html", include_str!("../pages/platform.html")),
    ("queries.html", include_str!("../pages/queries.html")),
    ("matrix.html", include_str!("../pages/matrix.html")),
    ("comparison.html", include_str!("../pages/comparison.html")),
    ("findings.html", include_str!("../pages/findings.html")),
];

static ENVIRONMENT: LazyLock<Result<Environment<'static>, String>> =
    LazyLock::new(|| environment().map_err(|error| error.to_string()));

fn environment() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?;
    environment.set_syntax(syntax);
    environment.set_formatter(|out, state, value| match value.as_str().filter(|_| !value.is_safe()) {
        Some(text) => out.write_str(&escape(neutral::lines(text))).map_err(Error::from),
        None => minijinja::escape_formatter(out, state, value),
    });
    type Html = fn(&str) -> String;
    let markdown = |html: Html| move |text: &str| Value::from_safe_string(html(&neutral::lines(text)));
    environment.add_filter("markdown", markdown(crate::markdown::html));
    environment.add_filter("prose", markdown(crate::markdown::html_without_anchors));
    for (name, text) in TEMPLATES {
        environment.add_template(name, text)?;
    }
    Ok(environment)
}

/// The policy of a page that is one file: it fetches nothing, and runs no script but this one, whatever it holds.
pub(crate) fn policy(script: &str) -> String {
    let digest = BASE64_STANDARD.encode(Sha256::digest(script));
    format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
}

/// Renders one of the templates in `pages/`. Every text is escaped; Markdown goes through the filters `markdown` and `prose`.
pub(crate) fn render(template: &str, values: &impl Serialize) -> io::Result<String> {
    let environment = ENVIRONMENT.as_ref().map_err(|error| io::Error::other(error.as_str()))?;
    let values = Value::from(Serde(values));
    environment.get_template(template).and_then(|template| template.render(values)).map_err(io::Error::other)
}
