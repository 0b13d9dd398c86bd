use crate::context::Context;
use crate::draw::Draw;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value, context};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A kind of attack that a source's logs have in them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attack {
    /// What happens, in a few words.
    pub name: String,
    /// The technique of MITRE ATT&CK.
    pub technique: String,
    /// A text that each record of this attack holds and no other record of the source does, if case is no matter.
    pub sign: String,
    /// The template of its records.
    record: String,
}

/// A file of `logs/`. Records are Jinja templates of JSON.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct LogFile {
    mean_gap_ms: u64,
    /// The template of records of everyday work.
    ordinary: String,
    /// What stands before each template.
    macros: String,
    /// What templates choose from, by name.
    lists: BTreeMap<String, toml::Value>,
    attacks: Vec<Attack>,
}

/// The name of the template of everyday records; those of attacks have the attacks' names.
const ORDINARY: &str = "ordinary";

/// How the records of one log source are made.
pub(crate) struct Log {
    /// How far apart records are, in milliseconds, in a company of some hundred people.
    pub mean_gap_ms: u64,
    pub attacks: Vec<Attack>,
    templates: Environment<'static>,
}

impl Log {
    /// Reads the file of a log source, behind those whose lists and macros it uses.
    #[expect(clippy::expect_used, reason = "the files are part of the program, and a test reads them")]
    pub fn read(files: &[&str]) -> Log {
        Log::try_read(files).expect("a file of logs/ cannot be used")
    }

    fn try_read(files: &[&str]) -> Result<Log, Error> {
        let mut templates = environment();
        let mut macros = String::new();
        let mut log = LogFile::default();
        for text in files {
            log = toml::from_str(text)
                .map_err(|error| Error::new(ErrorKind::SyntaxError, "the TOML is wrong").with_source(error))?;
            for (name, list) in std::mem::take(&mut log.lists) {
                templates.add_global(name, Value::from(Serde(list)));
            }
            macros.push_str(&log.macros);
        }
        templates.add_template_owned(ORDINARY, format!("{macros}{}", log.ordinary))?;
        for attack in &log.attacks {
            templates.add_template_owned(attack.name.clone(), format!("{macros}{}", attack.record))?;
        }
        Ok(Log { mean_gap_ms: log.mean_gap_ms, attacks: log.attacks, templates })
    }

    /// The next record: of an attack, or of everyday work.
    #[expect(clippy::expect_used, reason = "the templates are part of the program, and a test renders each")]
    pub fn record(&self, attack: Option<&Attack>, context: &mut Context) -> String {
        let template = attack.map_or(ORDINARY, |attack| &attack.name);
        self.render(template, context).expect("a template of logs/ cannot be rendered")
    }

    fn render(&self, template: &str, context: &mut Context) -> Result<String, Error> {
        let draw = Arc::new(Draw::new(context.clone()));
        let number = context.number;
        let values = context! { draw => Value::from_dyn_object(Arc::clone(&draw)), number };
        let mut record = self.templates.get_template(template)?.render(values)?;
        *context = draw.context();
        remove_blanks(&mut record);
        Ok(record)
    }
}

fn environment() -> Environment<'static> {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    // Marks what macros and blocks give as JSON.
    templates.set_auto_escape_callback(|_| AutoEscape::Custom("json".into()));
    templates.set_formatter(write_json);
    templates.add_filter("hex", |number: u64| format!("{number:x}"));
    templates.add_filter("code_of", |text: &str, length: usize| Context::code_of(text, length));
    templates.add_filter("uuid_of", Context::uuid_of);
    templates.add_filter("byte_sum", |text: &str| text.bytes().map(u64::from).sum::<u64>());
    templates
}

/// Takes out what stands between the tokens of a JSON text.
fn remove_blanks(json: &mut String) {
    let (mut in_string, mut escaped) = (false, false);
    json.retain(|c| {
        let keep = in_string || !c.is_ascii_whitespace();
        in_string ^= c == '"' && !escaped;
        escaped = in_string && c == '\\' && !escaped;
        keep
    });
}

/// Writes a text as it stands between quotes in JSON, and any other value as JSON.
fn write_json(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let is_special = |c: char| c.is_control() || matches!(c, '"' | '\\');
    if let Some(text) = value.as_str().filter(|text| value.is_safe() || !text.contains(is_special)) {
        return Ok(out.write_str(text)?);
    }
    let json = serde_json::to_string(value)
        .map_err(|error| Error::new(ErrorKind::BadSerialization, "this is no JSON").with_source(error))?;
    let between_quotes = json.strip_prefix('"').and_then(|json| json.strip_suffix('"'));
    Ok(out.write_str(between_quotes.unwrap_or(&json))?)
}
