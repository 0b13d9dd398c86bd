use crate::{Binding, FieldType, ScanColumn, spec::Objects};
use mynah_event::{LogSource, Path, Platform};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// All that one platform makes of all log sources.
#[derive(Debug)]
pub struct PlatformView {
    pub(crate) platform: Platform,
    pub(crate) fold_names: bool,
    pub(crate) objects: Objects,
    pub(crate) each: Option<String>,
    pub(crate) types: Vec<(String, FieldType)>,
    pub(crate) sources: BTreeMap<LogSource, SourceView>,
}

/// What the platform makes of one log source.
#[derive(Debug, Clone, Default)]
pub(crate) struct SourceView {
    /// By name, folded where the platform folds names.
    pub fields: BTreeMap<String, SourceField>,
    /// `prefix.*` and `*` fields, the longest prefix first.
    pub open: Vec<(String, SourceField)>,
}

#[derive(Debug, Clone)]
pub(crate) struct SourceField {
    /// As the view file writes it.
    pub name: String,
    pub bindings: Arc<[Binding]>,
    pub field_type: Option<FieldType>,
}

/// What became of a name.
#[derive(Debug, Clone)]
pub struct Resolution {
    /// The column to scan for it. For a name that no log source has, a column without bindings: always null.
    pub column: ScanColumn,
    /// Whether some log source of the platform lists the name, or lists a prefix that it continues.
    ///
    /// Not so for a name that only a catch-all (`*`) field took: such a column does read the records,
    /// but the name may be misspelt.
    pub known: bool,
    /// For a name that is not known, the known one most like it.
    pub suggestion: Option<String>,
}

impl PlatformView {
    /// An empty view of a platform.
    pub(crate) fn new(platform: Platform) -> Self {
        PlatformView { platform, fold_names: false, objects: Objects::default(), each: None, types: Vec::new(), sources: BTreeMap::new() }
    }

    /// Whose view it is.
    pub fn platform(&self) -> Platform {
        self.platform
    }

    /// The log sources it has a view of.
    pub fn log_sources(&self) -> impl Iterator<Item = &LogSource> {
        self.sources.keys()
    }

    /// Every name listed for some log source, each once, in order; patterns (`prefix.*`) not among them.
    ///
    /// Names beginning with an underscore that platforms keep for themselves are listed like any other.
    pub fn names(&self) -> BTreeSet<&str> {
        self.sources.values().flat_map(|source| source.fields.values().map(|field| field.name.as_str())).collect()
    }

    /// The names listed for one log source, with their types, in order.
    pub fn names_of<'a>(&'a self, source: &LogSource) -> impl Iterator<Item = (&'a str, FieldType)> {
        self.sources
            .get(source)
            .into_iter()
            .flat_map(|source| source.fields.values())
            .map(|field| (field.name.as_str(), self.type_of(&field.name, field)))
    }

    /// Finds where a name's values come from, in every log source.
    pub fn resolve(&self, name: &str) -> Resolution {
        let wanted = self.fold(name);
        let mut known = false;
        let mut field_type: Option<FieldType> = None;
        let mut bindings: Vec<(LogSource, Arc<[Binding]>)> = Vec::new();
        for (log_source, source) in &self.sources {
            let (found, this_type) = if let Some(field) = source.fields.get(wanted.as_ref()) {
                known = true;
                (Arc::clone(&field.bindings), self.type_of(name, field))
            } else if let Some((suffix, prefix, field)) = source.open_field(&wanted, name) {
                known |= !prefix.is_empty();
                let suffix = self.path(suffix);
                let bindings: Arc<[Binding]> = field.bindings.iter().map(|binding| binding.with_suffix(&suffix)).collect();
                let this_type = self.type_of(name, &SourceField { bindings: Arc::clone(&bindings), ..field.clone() });
                (bindings, this_type)
            } else {
                continue;
            };
            field_type = Some(field_type.map_or(this_type, |so_far| so_far.unify(this_type)));
            bindings.push((log_source.clone(), found));
        }
        let suggestion = if known { None } else { mynah_syntax::nearest(name, self.names()).map(str::to_owned) };
        let field_type = field_type.or_else(|| self.platform_type(name)).unwrap_or(FieldType::TEXT);
        Resolution { column: ScanColumn { name: name.to_owned(), field_type, bindings }, known, suggestion }
    }

    /// A column that reads a path of each record's document as it stands, whatever the log source: for
    /// operators that parse the raw record themselves.
    pub fn document_column(&self, name: &str, path: &Path) -> ScanColumn {
        let field_type = FieldType { many: path.is_multi(), ..FieldType::TEXT };
        let binding: Arc<[Binding]> = Arc::new([Binding::document(path.clone())]);
        let bindings = self.sources.keys().map(|source| (source.clone(), Arc::clone(&binding))).collect();
        ScanColumn { name: name.to_owned(), field_type, bindings }
    }

    /// A name of this platform as a path.
    fn path(&self, name: &str) -> Path {
        match &self.each {
            Some(each) => Path::parse(&name.replace(each.as_str(), "[]")),
            None => Path::parse(name),
        }
    }

    pub(crate) fn fold<'a>(&self, name: &'a str) -> Cow<'a, str> {
        if self.fold_names { Cow::Owned(name.to_lowercase()) } else { Cow::Borrowed(name) }
    }

    fn type_of(&self, name: &str, field: &SourceField) -> FieldType {
        let stated = field.field_type.or_else(|| self.platform_type(name)).unwrap_or(FieldType::TEXT);
        FieldType { many: stated.many || (field.field_type.is_none() && field.bindings.iter().any(Binding::is_multi)), ..stated }
    }

    fn platform_type(&self, name: &str) -> Option<FieldType> {
        let matches = |pattern: &str| match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
            (Some(end), _) => name.ends_with(end),
            (_, Some(start)) => name.starts_with(start),
            _ => name == pattern,
        };
        let exact = self.types.iter().find(|(pattern, _)| pattern == name);
        exact.or_else(|| self.types.iter().find(|(pattern, _)| matches(pattern))).map(|(_, field_type)| *field_type)
    }
}

impl SourceView {
    /// The open field that `wanted` continues: what it continues it with, the prefix, the field.
    fn open_field<'a, 'n>(&'a self, wanted: &str, name: &'n str) -> Option<(&'n str, &'a str, &'a SourceField)> {
        self.open.iter().find_map(|(prefix, field)| {
            let fits = wanted.len() > prefix.len() && wanted.starts_with(prefix.as_str());
            fits.then(|| name.get(prefix.len()..).map(|suffix| (suffix, prefix.as_str(), field))).flatten()
        })
    }
}

