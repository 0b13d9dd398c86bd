//! What the arguments name: settings, queries, data.
use crate::arguments::{Queries, SiteOptions};
use crate::exit::Failure;
use crate::terminal;
use mynah::{Builder, Mynah, QueryFile, Settings};
use std::ffi::OsString;

/// What is said of folders without queries.
pub(crate) const NO_QUERIES: &str = "no query files there: their names end in .aql, .eql, .spl, .sumo, .yml or .kuery";

/// A builder with the settings of the site, without data.
pub(crate) fn builder(options: &SiteOptions) -> Result<Builder, Failure> {
    builder_with(options, settings(options)?)
}

/// The settings of the site.
pub(crate) fn settings(options: &SiteOptions) -> Result<Settings, Failure> {
    let mut settings = match options.config.clone().or_else(Settings::nearest) {
        Some(path) => Settings::read(&path)?,
        None => Settings::default(),
    };
    for app in &options.splunk_app {
        settings.add_splunk_app(app)?;
    }
    settings.site.parameters.extend(options.parameters.iter().cloned());
    Ok(settings)
}

/// A builder with these settings of the site, without data.
pub(crate) fn builder_with(options: &SiteOptions, settings: Settings) -> Result<Builder, Failure> {
    for what in &settings.site.knowledge.left_out {
        // Nothing is lost where nobody reads it.
        terminal::say(format_args!("warning: a Splunk app has what is not read: {what}"));
    }
    Ok(Mynah::builder().settings(settings).strict(options.strict))
}

/// A builder with the settings of the site and data.
pub(crate) fn builder_over(options: &SiteOptions, data: &[OsString]) -> Result<Builder, Failure> {
    Ok(data.iter().fold(builder(options)?, Builder::data))
}

/// The queries that the arguments name, in their order.
pub(crate) fn queries(queries: &Queries) -> Result<Vec<QueryFile>, Failure> {
    each_query(queries)?.into_iter().collect()
}

/// As [`queries`], so that a file which cannot be read does not stop the others.
pub(crate) fn each_query(queries: &Queries) -> Result<Vec<Result<QueryFile, Failure>>, Failure> {
    if let (Some(text), Some(dialect)) = (&queries.query, queries.lang) {
        return Ok(vec![Ok(QueryFile { name: "query".to_owned(), text: text.clone(), dialect })]);
    }
    let files = QueryFile::find(&queries.files)?;
    if files.is_empty() {
        return Err(Failure::Usage(NO_QUERIES.to_owned()));
    }
    Ok(files.iter().map(|path| Ok(QueryFile::read(path, queries.lang)?)).collect())
}
