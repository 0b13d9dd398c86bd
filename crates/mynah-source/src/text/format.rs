//! How lines of a log source are taken apart, as its definition says.
use super::envelope::Envelope;
use super::event_formats;
use crate::json::write_string;
use regex::Regex;
use serde::{Deserialize, Serialize};

/// `[[text]]` of a log source's definition.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TextSpec {
    /// The name of the shape that these lines have.
    pub name: String,
    pub parser: Parser,
    /// What every such line holds one of: looked for before anything else.
    #[serde(default)]
    pub holds: Vec<String>,
    /// The programs whose messages these are, as syslog names them; any, where there is none.
    #[serde(default)]
    pub programs: Vec<String>,
    /// `regex`: named groups are members. `columns` and `pairs`: what a message must match, too.
    pub pattern: Option<String>,
    /// `columns`: the names of the values, in their order.
    #[serde(default)]
    pub columns: Vec<String>,
    /// `columns`: what stands between values; `pairs`: between pairs.
    pub delimiter: Option<char>,
    /// Values that are none.
    #[serde(default)]
    pub absent: Vec<String>,
    /// The members that say when it happened, where that is not the first time in the line. Of a line's members the first
    /// of them counts.
    #[serde(default)]
    pub time: Vec<String>,
}

/// How a message is taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Parser {
    /// The named groups of a regular expression.
    Regex,
    /// Values in a known order, as in CSV.
    Columns,
    /// `key=value`.
    Pairs,
    /// ArcSight's Common Event Format.
    Cef,
    /// QRadar's Log Event Extended Format.
    Leef,
}

/// A [`TextSpec`], ready for use.
#[derive(Debug)]
pub(super) struct TextFormat {
    /// What lines of it have as `@format`.
    pub mark: String,
    spec: TextSpec,
    pattern: Option<Regex>,
}

impl TextFormat {
    pub fn new(mark: String, spec: TextSpec) -> Result<TextFormat, String> {
        let pattern = spec.pattern.as_deref().map(Regex::new).transpose().map_err(|error| error.to_string())?;
        match spec.parser {
            Parser::Regex if pattern.is_none() => return Err("parser `regex` needs a `pattern`".into()),
            Parser::Columns if spec.columns.is_empty() => return Err("parser `columns` needs `columns`".into()),
            Parser::Columns | Parser::Pairs if pattern.is_none() && spec.holds.is_empty() => {
                return Err("`holds` or `pattern` must say which lines these are".into());
            }
            _ => {}
        }
        Ok(TextFormat { mark, spec, pattern })
    }

    /// Adds the members of a message, each with a comma behind it, and gives what says when it happened, if anything does;
    /// none where it is not of this format.
    pub fn take(&self, envelope: &Envelope<'_>, out: &mut String) -> Option<Option<String>> {
        let message = envelope.message;
        let is_of = |program: &str| self.spec.programs.iter().any(|known| known == program);
        if !self.spec.programs.is_empty() && !envelope.program.is_some_and(is_of) {
            return None;
        }
        let holds = |text: &String| memchr::memmem::find(message.as_bytes(), text.as_bytes()).is_some();
        if !self.spec.holds.is_empty() && !self.spec.holds.iter().any(holds) {
            return None;
        }
        let mut time = None;
        match (self.spec.parser, &self.pattern) {
            (Parser::Cef, _) => return event_formats::cef(message, out),
            (Parser::Leef, _) => return event_formats::leef(message, out),
            (Parser::Regex, Some(pattern)) => {
                let captures = pattern.captures(message)?;
                let groups = pattern.capture_names().flatten();
                groups.for_each(|name| {
                    self.member(name, captures.name(name).map_or("", |group| group.as_str()), &mut time, out);
                });
            }
            (_, Some(pattern)) if !pattern.is_match(message) => return None,
            (Parser::Columns, _) => {
                let values = crate::container::csv::values(message, self.spec.delimiter.unwrap_or(','));
                self.spec
                    .columns
                    .iter()
                    .zip(values)
                    .for_each(|(name, value)| self.member(name, &value, &mut time, out));
            }
            (Parser::Pairs | Parser::Regex, _) => {
                let pairs = super::key_values::pairs(message);
                pairs.iter().for_each(|(name, value)| self.member(name, value, &mut time, out));
            }
        }
        Some(time)
    }

    /// What is empty is a member that is not there.
    fn member(&self, name: &str, value: &str, time: &mut Option<String>, out: &mut String) {
        if name.is_empty() || value.is_empty() || self.spec.absent.iter().any(|absent| absent == value) {
            return;
        }
        if time.is_none() && self.spec.time.iter().any(|known| known == name) {
            *time = Some(value.to_owned());
        }
        write_string(out, name);
        out.push(':');
        write_string(out, value);
        out.push(',');
    }
}
