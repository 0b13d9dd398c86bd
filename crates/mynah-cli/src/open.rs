//! What the arguments name: settings, queries, data.
use crate::arguments::{Queries, SiteOptions};
use crate::exit::Failure;
use mynah::{Builder, Mynah, QueryFile, Settings};
use std::io::Write;

/// A builder with the settings of the site, without data.
pub(crate) fn builder(options: &SiteOptions) -> Result<Builder, Failure> {
    let mut settings = match options.config.clone().or_else(Settings::nearest) {
        Some(path) => Settings::read(&path)?,
        None => Settings::default(),
    };
    for app in &options.splunk_app {
        settings.add_splunk_app(app)?;
    }
    for what in &settings.site.knowledge.left_out {
        // Nothing is lost where nobody reads it.
        let _ = writeln!(std::io::stderr(), "warning: a Splunk app has what is not read: {}", what.escape_debug());
    }
    Ok(Mynah::builder().settings(settings).strict(options.strict))
}

/// A builder with the settings of the site and data.
pub(crate) fn builder_over(options: &SiteOptions, data: &[String]) -> Result<Builder, Failure> {
    Ok(data.iter().fold(builder(options)?, Builder::data))
}

/// The queries that the arguments name, in their order.
pub(crate) fn queries(queries: &Queries) -> Result<Vec<QueryFile>, Failure> {
    if let (Some(text), Some(dialect)) = (&queries.query, queries.lang) {
        return Ok(vec![QueryFile { name: "query".to_owned(), text: text.clone(), dialect }]);
    }
    queries.files.iter().map(|path| Ok(QueryFile::read(path, queries.lang)?)).collect()
}
