//! What the arguments name: settings, queries, data.
use crate::arguments::{Queries, SiteOptions};
use crate::exit::Failure;
use crate::terminal;
use mynah::{Builder, Dialect, Mynah, QueryFile, Settings};
use std::ffi::OsString;
use std::path::Path;

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
        return Ok(vec![Ok(named_query(text, dialect))]);
    }
    let files = QueryFile::find(&queries.files)?;
    if files.is_empty() {
        return Err(Failure::Usage(NO_QUERIES.to_owned()));
    }
    Ok(files.iter().map(|path| query_file(path, queries.lang)).collect())
}

/// A query that the arguments give as text.
pub(crate) fn named_query(text: &str, dialect: Dialect) -> QueryFile {
    QueryFile { name: "query".to_owned(), text: text.to_owned(), dialect }
}

/// The query in a file; in standard input, if it is called `-`.
pub(crate) fn query_file(path: &Path, dialect: Option<Dialect>) -> Result<QueryFile, Failure> {
    if path != Path::new("-") {
        return Ok(QueryFile::read(path, dialect)?);
    }
    let dialect = dialect.ok_or_else(|| Failure::Usage("name the dialect of standard input with --lang".to_owned()))?;
    Ok(QueryFile::from_reader("-", std::io::stdin().lock(), dialect)?)
}
