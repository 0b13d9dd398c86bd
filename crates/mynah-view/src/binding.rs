use crate::apply::Apply;
use crate::spec::{FieldEntry, FieldSpec, Objects, OneOrMany, Suffix, TableSpec};
use mynah_event::Path;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where a column's value comes from, in records of one log source.
///
/// A column has a list of them per log source; the first whose conditions hold and that gives a value counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Binding {
    /// The value's origin.
    pub origin: Origin,
    /// What is done to each value, in this order.
    pub apply: Vec<Apply>,
    /// What must hold of the record, all of it.
    pub when: Vec<Condition>,
    /// Whether an object (or an array, where one value is wanted) becomes its compact JSON text; else it is no value.
    pub objects_as_json: bool,
    /// Whether its values are added to those that the bindings before it gave, which else leave it out.
    pub also: bool,
    /// Whether arrays on its paths, and at their ends, stand for their elements: `a.b` is the `b` of each object in `a`.
    pub through_arrays: bool,
}

/// The origin of a [`Binding`]'s value. Paths are those of the log source; [`Origin::Document`] those of the record itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The first of these paths of the log source that has a value.
    Paths(Vec<Path>),
    /// A path of the record's document just as it stands, whatever its container.
    Document(Path),
    /// Always these.
    Constant(Vec<String>),
    /// The value at `key`, looked up in a table. No value at the key is no value, whatever the default.
    Lookup {
        /// The path of the value to look up.
        key: Path,
        /// What each value stands for.
        table: Arc<BTreeMap<String, Vec<String>>>,
        /// What any other value stands for; nothing if empty.
        default: Vec<String>,
    },
    /// Texts and values in a row; no value if one of the paths has none.
    Template(Vec<TemplatePart>),
    /// Something about the record, not in it.
    Meta(Meta),
}

/// A piece of a [`Origin::Template`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TemplatePart {
    /// A text as it is.
    Text(String),
    /// The value at a path.
    Path(Path),
}

/// What [`Origin::Meta`] can say about a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meta {
    /// When it happened, as its log source tells; in the unit of the column's type, as RFC 3339 for text.
    Time,
    /// Its own text.
    Raw,
    /// Its document as JSON, where that is not its own text.
    OtherDocument,
    /// The name of its file.
    File,
    /// The name of its log source.
    LogSource,
    /// Its number in its file.
    Record,
}

/// The value at `path` (or one of them) is one of `values`, case left aside.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Condition {
    /// The path, of the log source.
    pub path: Path,
    /// The values, one of which it must be; `*` alone stands for any value at all.
    pub values: Vec<String>,
}

impl Binding {
    /// A path of the record's document as it stands, objects as JSON text.
    pub fn document(path: Path) -> Binding {
        Binding::plain(Origin::Document(path))
    }

    /// What is known of the record itself.
    pub fn meta(meta: Meta) -> Binding {
        Binding::plain(Origin::Meta(meta))
    }

    /// A path of the log source, objects as JSON text.
    pub fn path(path: Path) -> Binding {
        Binding::paths(vec![path])
    }

    /// The first of some paths of the log source that has a value, objects as JSON text.
    pub(crate) fn paths(paths: Vec<Path>) -> Binding {
        Binding::plain(Origin::Paths(paths))
    }

    /// Always this text.
    pub(crate) fn constant(text: &str) -> Binding {
        Binding::plain(Origin::Constant(vec![text.to_owned()]))
    }

    fn plain(origin: Origin) -> Binding {
        Binding {
            origin,
            apply: Vec::new(),
            when: Vec::new(),
            objects_as_json: true,
            also: false,
            through_arrays: false,
        }
    }

    /// The paths of the log source that it reads, patterns not among them.
    pub(crate) fn paths_read(&self) -> Vec<&Path> {
        let mut paths: Vec<&Path> = match &self.origin {
            Origin::Paths(paths) => paths.iter().collect(),
            Origin::Lookup { key, .. } => vec![key],
            Origin::Template(parts) => {
                let paths = parts.iter().map(|part| match part {
                    TemplatePart::Path(path) => Some(path),
                    TemplatePart::Text(_) => None,
                });
                paths.flatten().collect()
            }
            Origin::Document(_) | Origin::Constant(_) | Origin::Meta(_) => Vec::new(),
        };
        paths.extend(self.when.iter().map(|condition| &condition.path));
        let is_pattern =
            |path: &&Path| path.0.iter().any(|s| matches!(s, mynah_event::Segment::Key(key) if &**key == "*"));
        paths.retain(|path| !is_pattern(path));
        paths
    }

    /// Its paths that end in `*`, without that.
    pub(crate) fn starred(&self) -> Vec<Path> {
        let Origin::Paths(paths) = &self.origin else { return Vec::new() };
        let ends = |path: &&Path| matches!(path.0.last(), Some(mynah_event::Segment::Key(last)) if &**last == "*");
        paths.iter().filter(ends).map(|path| replace_star(path, &Path::default())).collect()
    }

    /// Whether it can give several values.
    pub fn is_multi(&self) -> bool {
        self.apply.iter().any(Apply::is_multi)
            || match &self.origin {
                Origin::Paths(paths) => paths.iter().any(Path::is_multi),
                Origin::Document(path) => path.is_multi(),
                Origin::Constant(values) => values.len() > 1,
                Origin::Lookup { table, default, .. } => default.len() > 1 || table.values().any(|v| v.len() > 1),
                Origin::Template(_) | Origin::Meta(_) => false,
            }
            || self.also
            || self.through_arrays
    }

    /// The same with `suffix` for the `*` that ends its paths.
    pub(crate) fn with_suffix(&self, suffix: &Path) -> Binding {
        let origin = match &self.origin {
            Origin::Paths(paths) => Origin::Paths(paths.iter().map(|path| replace_star(path, suffix)).collect()),
            other => other.clone(),
        };
        let apply = self.apply.iter().map(|apply| apply.with_suffix(&suffix.to_string())).collect();
        Binding { origin, apply, ..self.clone() }
    }

    /// The same with more done to each value.
    pub(crate) fn with_apply(&self, apply: &[Apply]) -> Binding {
        Binding { apply: self.apply.iter().chain(apply).cloned().collect(), ..self.clone() }
    }
}

fn replace_star(path: &Path, suffix: &Path) -> Path {
    match path.0.split_last() {
        Some((mynah_event::Segment::Key(last), before)) if &**last == "*" => Path(before.to_vec()).join(suffix),
        _ => path.clone(),
    }
}

/// A field's entry as it was read.
pub(crate) struct Compiled {
    pub bindings: Vec<Binding>,
    pub field_type: Option<String>,
    pub suffix: Suffix,
    pub arrays: bool,
    pub alias_of: Option<String>,
}

/// What a lookup looks up in.
pub(crate) type Table = Arc<BTreeMap<String, Vec<String>>>;

/// What the entries of a view file have in common.
pub(crate) struct FileSettings {
    /// The file's tables, by name.
    pub tables: BTreeMap<String, Table>,
    pub objects: Objects,
    /// Whether it is a built-in view.
    pub trusted: bool,
}

/// Reads a table.
pub(crate) fn compile_table(table: BTreeMap<String, OneOrMany>) -> Table {
    Arc::new(table.into_iter().map(|(key, value)| (key, value.into_vec())).collect())
}

/// Reads a field's entry.
pub(crate) fn compile(entry: FieldEntry, file: &FileSettings) -> Result<Compiled, String> {
    let specs = match entry {
        FieldEntry::Path(path) => {
            vec![FieldSpec { from: Some(OneOrMany::One(crate::spec::Text::Plain(path))), ..FieldSpec::default() }]
        }
        FieldEntry::One(spec) => vec![*spec],
        FieldEntry::Several(specs) => specs,
    };
    let field_type = specs.iter().find_map(|spec| spec.field_type.clone());
    let suffix = specs.first().map(|spec| spec.suffix).unwrap_or_default();
    let arrays = specs.iter().any(|spec| spec.arrays);
    let mut aliases = specs.iter().filter_map(|spec| spec.alias_of.clone());
    if let Some(alias_of) = aliases.next() {
        return if specs.len() == 1 {
            Ok(Compiled { bindings: Vec::new(), field_type, suffix, arrays, alias_of: Some(alias_of) })
        } else {
            Err("alias_of stands alone".into())
        };
    }
    let bindings = specs.into_iter().map(|spec| compile_one(spec, file)).collect::<Result<_, _>>()?;
    Ok(Compiled { bindings, field_type, suffix, arrays, alias_of: None })
}

fn compile_one(spec: FieldSpec, file: &FileSettings) -> Result<Binding, String> {
    let given = [
        spec.from.is_some(),
        spec.value.is_some(),
        spec.lookup.is_some(),
        spec.template.is_some(),
        spec.meta.is_some(),
    ];
    if given.iter().filter(|given| **given).count() != 1 {
        return Err("give exactly one of from, value, lookup, template, meta".into());
    }
    let origin = if let Some(from) = spec.from {
        Origin::Paths(from.into_vec().iter().map(|path| Path::parse(path)).collect())
    } else if let Some(value) = spec.value {
        Origin::Constant(constant(value)?)
    } else if let Some(lookup) = spec.lookup {
        Origin::Lookup {
            key: Path::parse(&lookup.key),
            table: match lookup.table {
                TableSpec::Own(table) => compile_table(table),
                TableSpec::Named(name) => {
                    let known = file.tables.get(&name);
                    Arc::clone(known.ok_or_else(|| format!("the view has no table `{name}` under [tables]"))?)
                }
            },
            default: lookup.default.map(OneOrMany::into_vec).unwrap_or_default(),
        }
    } else if let Some(template) = spec.template {
        Origin::Template(parse_template(&template)?)
    } else if spec.meta.as_deref() == Some("document") {
        Origin::Document(Path(Vec::new()))
    } else {
        Origin::Meta(match spec.meta.as_deref() {
            Some("time") => Meta::Time,
            Some("raw") => Meta::Raw,
            Some("file") => Meta::File,
            Some("log_source") => Meta::LogSource,
            Some("record") => Meta::Record,
            other => {
                return Err(format!(
                    "meta is time, raw, document, file, log_source or record, not `{}`",
                    other.unwrap_or("")
                ));
            }
        })
    };
    Ok(Binding {
        origin,
        apply: spec
            .apply
            .iter()
            .map(|apply| if file.trusted { Apply::parse_trusted(apply) } else { apply.parse() })
            .collect::<Result<_, _>>()?,
        when: spec
            .when
            .into_iter()
            .map(|(path, values)| Condition { path: Path::parse(&path), values: values.into_vec() })
            .collect(),
        objects_as_json: spec.objects.unwrap_or(file.objects) == Objects::Json,
        also: spec.also,
        through_arrays: spec.arrays,
    })
}

fn constant(value: toml::Value) -> Result<Vec<String>, String> {
    match value {
        toml::Value::String(text) => Ok(vec![text]),
        toml::Value::Integer(number) => Ok(vec![number.to_string()]),
        toml::Value::Float(number) => Ok(vec![number.to_string()]),
        toml::Value::Boolean(truth) => Ok(vec![truth.to_string()]),
        toml::Value::Array(values) => values.into_iter().try_fold(Vec::new(), |mut all, value| {
            all.extend(constant(value)?);
            Ok(all)
        }),
        other => Err(format!("a value is a text, a number, true, false or a list of these, not {}", other.type_str())),
    }
}

fn parse_template(template: &str) -> Result<Vec<TemplatePart>, String> {
    let mut parts = Vec::new();
    let mut rest = template;
    // `{{` and `}}` are brackets themselves.
    let plain = |text: &str| text.replace("}}", "}");
    while let Some((before, after)) = rest.split_once('{') {
        if let Some(after) = after.strip_prefix('{') {
            parts.push(TemplatePart::Text(plain(before) + "{"));
            rest = after;
            continue;
        }
        let (path, after) = after.split_once('}').ok_or("a `{` of the template is not closed")?;
        if !before.is_empty() {
            parts.push(TemplatePart::Text(plain(before)));
        }
        parts.push(TemplatePart::Path(Path::parse(path)));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(TemplatePart::Text(plain(rest)));
    }
    Ok(parts)
}
