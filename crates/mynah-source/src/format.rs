use std::fmt;

/// The container that a file's records stand in, as its content tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// One JSON object a line (of which some may be wrappers).
    JsonLines,
    /// JSON objects on many lines or many to a line: an array, a wrapper object, or one after another.
    Json,
    /// The binary log of the Windows event log service.
    Evtx,
    /// Windows events as XML.
    WindowsXml,
    /// The text that the Linux audit daemon writes.
    Auditd,
    /// Comma-separated values (or with tabs, semicolons, bars) under a row of names.
    Csv,
    /// The extended log file format of the W3C: rows under a directive that names their fields.
    W3c,
    /// The tables that Zeek writes, tabs between their values.
    Zeek,
    /// Any other text: an event a line, or a line that begins with a time and those after it that do not.
    Text,
    /// Apache Parquet.
    Parquet,
    /// A lake: what it keeps was read from files before.
    Lake,
    /// Nothing, or blank lines alone.
    Empty,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::JsonLines => "NDJSON",
            Format::Json => "JSON",
            Format::Evtx => "EVTX",
            Format::WindowsXml => "Windows XML",
            Format::Auditd => "auditd text",
            Format::Csv => "CSV",
            Format::W3c => "W3C extended log",
            Format::Zeek => "Zeek table",
            Format::Text => "text",
            Format::Parquet => "Parquet",
            Format::Lake => "lake",
            Format::Empty => "empty",
        })
    }
}
