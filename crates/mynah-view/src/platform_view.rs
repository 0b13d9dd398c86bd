use crate::spec::{Objects, Suffix};
use crate::{Apply, Binding, FieldType, Kind, Meta, ScanColumn};
use mynah_event::{LogSource, Path, Platform};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

/// All that one platform makes of all log sources.
#[derive(Debug, Clone)]
pub struct PlatformView {
    pub(crate) platform: Platform,
    pub(crate) fold_names: bool,
    pub(crate) names: BTreeSet<String>,
    pub(crate) objects: Objects,
    pub(crate) each: Option<String>,
    pub(crate) types: Vec<(String, FieldType)>,
    pub(crate) forms: BTreeMap<String, Vec<Apply>>,
    pub(crate) sources: BTreeMap<LogSource, SourceView>,
    /// Fields that have several values in some event, whatever their types say.
    several: BTreeSet<String>,
    resolved: Remembered<Resolution>,
    listed: Remembered<ScanColumn>,
}

/// What was found out about names: thousands of rules ask for the same ones.
#[derive(Debug)]
struct Remembered<T>(RwLock<HashMap<String, T>>);

/// How many names are remembered. They come from queries, of which a process may see any number.
const MOST_REMEMBERED: usize = 4096;

impl<T: Clone> Remembered<T> {
    fn get(&self, name: &str) -> Option<T> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    fn add(&self, name: &str, found: T) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_REMEMBERED {
            known.clear();
        }
        known.insert(name.to_owned(), found);
    }
}

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Remembered(RwLock::default())
    }
}

impl<T> Clone for Remembered<T> {
    /// A copy of a view may be changed, and then makes other things of names.
    fn clone(&self) -> Self {
        Remembered::default()
    }
}

/// What the platform makes of one log source.
#[derive(Debug, Clone, Default)]
pub(crate) struct SourceView {
    /// By name, folded where the platform folds names.
    pub fields: BTreeMap<String, SourceField>,
    /// `prefix.*` and `*` fields, the longest prefix first.
    pub open: Vec<(String, SourceField)>,
    /// Fields and open fields by path of the message that the platform's own source sends.
    pub document: Vec<(String, SourceField)>,
}

#[derive(Debug, Clone)]
pub(crate) struct SourceField {
    /// As the view file writes it.
    pub name: String,
    pub bindings: Arc<[Binding]>,
    pub field_type: Option<FieldType>,
    /// Of an open field: how the record writes what follows the prefix.
    pub suffix: Suffix,
    /// Of an open field: whether what follows the prefix also goes into the objects of arrays.
    pub arrays: bool,
    /// The field that this name is a common mistake for.
    pub alias_of: Option<String>,
}

/// What became of a name.
#[derive(Debug, Clone)]
pub struct Resolution {
    /// The column to scan for it. For a name that no log source has, a column without bindings: always null.
    pub column: ScanColumn,
    /// Whether some log source of the platform lists the name, or lists a prefix that it continues; or the
    /// platform states its type.
    ///
    /// Not so for a name that only a catch-all (`*`) field took: such a column does read the records,
    /// but the name may be misspelt. Nor for a name that a view has as a common mistake for another: the
    /// column reads that other field, which is the suggestion.
    pub known: bool,
    /// Whether some log source of the platform has values for it. Not so where only the platform states its type.
    pub listed: bool,
    /// For a name that is not known, the known one that it is a mistake for, or is most like it.
    pub suggestion: Option<String>,
}

/// A [`Resolution`], and whether its suggestion is what a view says the name is meant to be.
struct Found {
    column: ScanColumn,
    known: bool,
    listed: bool,
    suggestion: Option<String>,
    suggestion_is_meant: bool,
}

impl Found {
    fn into_resolution(self) -> Resolution {
        let Found { column, known, listed, suggestion, .. } = self;
        Resolution { column, known, listed, suggestion }
    }
}

impl PlatformView {
    /// An empty view of a platform.
    pub(crate) fn new(platform: Platform) -> Self {
        PlatformView {
            platform,
            fold_names: false,
            names: BTreeSet::new(),
            objects: Objects::default(),
            each: None,
            types: Vec::new(),
            forms: BTreeMap::new(),
            sources: BTreeMap::new(),
            several: BTreeSet::new(),
            resolved: Remembered::default(),
            listed: Remembered::default(),
        }
    }

    /// The same view for data in which these fields have several values in some event although their types say one: where
    /// arrays stand for their elements, a column of theirs has all of them.
    pub fn with_several(&self, fields: BTreeSet<String>) -> PlatformView {
        PlatformView { several: fields, ..self.clone() }
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
        let fields = self.sources.values().flat_map(|source| source.fields.values());
        fields.filter(|field| field.alias_of.is_none()).map(|field| field.name.as_str()).collect()
    }

    /// Whether several values of a field are names that an event answers to, as sites name it differently, and not
    /// values that it has at once: a search finds the event by any of them, and shows and counts it by the first.
    ///
    /// ```
    /// let catalog = mynah_view::Catalog::built_in()?;
    /// let splunk = catalog.platform(mynah_event::Platform::Splunk)?;
    /// assert!(splunk.is_name("sourcetype") && !splunk.is_name("user"));
    /// # Ok::<(), mynah_view::ViewError>(())
    /// ```
    pub fn is_name(&self, field: &str) -> bool {
        self.names.contains(self.fold(field).as_ref())
    }

    /// The names listed for one log source, in order.
    pub fn names_of<'a>(&'a self, source: &LogSource) -> impl Iterator<Item = &'a str> {
        let fields = self.sources.get(source).into_iter().flat_map(|source| source.fields.values());
        fields.filter(|field| field.alias_of.is_none()).map(|field| field.name.as_str())
    }

    /// The paths that the fields of a log source are made of, some of them several times, and whether all values there count. The log
    /// source is given with those it extends, nearest first: the first that there is a view of counts.
    ///
    /// ```
    /// use mynah_event::{LogSource, Path, Platform};
    /// let catalog = mynah_view::Catalog::built_in()?;
    /// let elastic = catalog.platform(Platform::Elastic)?;
    /// let paths = elastic.paths_of(&[LogSource::new("aws.cloudtrail")]);
    /// assert!(paths.contains(&(&Path::parse("eventName"), false)));
    /// # Ok::<(), mynah_view::ViewError>(())
    /// ```
    pub fn paths_of(&self, family: &[LogSource]) -> Vec<(&Path, bool)> {
        let Some(view) = family.iter().find_map(|source| self.sources.get(source)) else { return Vec::new() };
        let fields = view.fields.values();
        let of_field = |field: &SourceField| field.field_type.is_some_and(|known| known.many);
        let paths = fields.flat_map(|field| {
            let many = of_field(field);
            field.bindings.iter().flat_map(move |binding| {
                let many = many || binding.through_arrays;
                binding.paths_read().into_iter().map(move |path| (path, many || path.is_multi()))
            })
        });
        paths.collect()
    }

    /// Whether a log source lists a name, in the case that the platform gives it.
    pub fn lists(&self, source: &LogSource, name: &str) -> bool {
        let field = self.sources.get(source).and_then(|source| source.fields.get(self.fold(name).as_ref()));
        field.is_some_and(|field| field.alias_of.is_none() && field.name == name)
    }

    /// What [`PlatformView::resolve`] gives, of the log sources that list the name: views that take any name say nothing of
    /// this one.
    pub fn listed(&self, name: &str) -> ScanColumn {
        if let Some(known) = self.listed.get(name) {
            return known;
        }
        let mut column = self.resolve(name).column;
        column.bindings.retain(|(source, _)| self.lists(source, name));
        self.listed.add(name, column.clone());
        column
    }

    /// Finds where a name's values come from, in every log source.
    pub fn resolve(&self, name: &str) -> Resolution {
        if let Some(known) = self.resolved.get(name) {
            return known;
        }
        let mut found = self.resolve_form(name);
        let column = &mut found.column;
        column.field_type.many |= self.several.contains(name)
            && column.bindings.iter().any(|(_, bindings)| bindings.iter().any(|binding| binding.through_arrays));
        self.resolved.add(name, found.clone());
        found
    }

    fn resolve_form(&self, name: &str) -> Resolution {
        let plain = self.resolve_plain(name);
        if plain.known || plain.suggestion_is_meant {
            return plain.into_resolution();
        }
        // `process.name.caseless` is a form of `process.name`, where the platform has such forms.
        if let Some((base, form)) = name.rsplit_once('.')
            && let Some(apply) = self.forms.get(form)
        {
            let base = self.resolve_plain(base);
            if base.known {
                let mut resolution = base.into_resolution();
                name.clone_into(&mut resolution.column.name);
                for (_, bindings) in &mut resolution.column.bindings {
                    *bindings = bindings.iter().map(|binding| binding.with_apply(apply)).collect();
                }
                return resolution;
            }
        }
        plain.into_resolution()
    }

    fn resolve_plain(&self, name: &str) -> Found {
        let wanted = self.fold(name);
        let mut known = self.is_typed(name);
        let mut listed = false;
        let mut meant: Option<&str> = None;
        let mut field_type: Option<FieldType> = None;
        let mut guessed_type: Option<FieldType> = None;
        let mut bindings: Vec<(LogSource, Arc<[Binding]>)> = Vec::new();
        for (log_source, source) in &self.sources {
            let mut guessed = false;
            let (found, this_type) = if let Some(field) = source.fields.get(wanted.as_ref()) {
                match &field.alias_of {
                    None => {
                        known = true;
                        listed |= !field.bindings.is_empty();
                        (Arc::clone(&field.bindings), self.type_of(name, field))
                    }
                    Some(right) => {
                        let Some(field) = source.fields.get(self.fold(right).as_ref()) else { continue };
                        meant = Some(right);
                        (Arc::clone(&field.bindings), self.type_of(right, field))
                    }
                }
            } else if let Some((suffix, prefix, field)) = source.open_field(&wanted, name) {
                known |= !prefix.is_empty();
                listed |= !prefix.is_empty();
                guessed = prefix.is_empty() && field.field_type.is_none();
                let suffix = match field.suffix {
                    Suffix::Same => self.path(suffix),
                    Suffix::Camel => self.path(&camel_case(suffix)),
                };
                let bindings: Arc<[Binding]> =
                    field.bindings.iter().map(|binding| binding.with_suffix(&suffix)).collect();
                let this_type = if field.arrays {
                    // Whatever has a type says itself whether it has several values; else an array can stand anywhere.
                    field.field_type.or_else(|| self.platform_type(name)).unwrap_or(FieldType::TEXTS)
                } else {
                    self.type_of(name, &SourceField { bindings: Arc::clone(&bindings), ..field.clone() })
                };
                (bindings, this_type)
            } else {
                continue;
            };
            // A catch-all knows nothing of the field, so that it has no say where another log source lists it.
            let types = if guessed { &mut guessed_type } else { &mut field_type };
            *types = Some(types.map_or(this_type, |so_far| so_far.unify(this_type)));
            bindings.push((log_source.clone(), found));
        }
        let nearest = || {
            let typed = self.types.iter().map(|(name, _)| name.as_str()).filter(|name| !name.contains('*'));
            mynah_syntax::nearest(name, self.names().into_iter().chain(typed)).map(str::to_owned)
        };
        let suggestion = match (known, meant) {
            (true, _) => None,
            (false, Some(right)) => Some(right.to_owned()),
            (false, None) => nearest(),
        };
        let field_type = field_type.or(guessed_type).or_else(|| self.platform_type(name)).unwrap_or(FieldType::TEXT);
        Found {
            column: ScanColumn { name: name.to_owned(), field_type, bindings },
            known,
            listed,
            suggestion,
            suggestion_is_meant: meant.is_some(),
        }
    }

    /// A column that reads a path of each record's document as it stands, whatever the log source: for
    /// operators that parse the raw record themselves. Where the platform's own source sends messages in another form, the
    /// path may be one of that form as well.
    pub fn document_column(&self, name: &str, path: &Path) -> ScanColumn {
        let field_type = FieldType { many: path.is_multi(), ..FieldType::TEXT };
        let binding: Arc<[Binding]> = Arc::new([Binding::document(path.clone())]);
        let text = path.to_string();
        let of = |source: &SourceView| -> Arc<[Binding]> {
            match source.in_document(&text) {
                // A message of another kind altogether, such as a line of text, has only its own paths.
                Some(own) if source.is_other_message() => own.into(),
                Some(more) => binding.iter().cloned().chain(more).collect(),
                None => Arc::clone(&binding),
            }
        };
        let bindings = self.sources.iter().map(|(name, source)| (name.clone(), of(source))).collect();
        ScanColumn { name: name.to_owned(), field_type, bindings }
    }

    /// The objects of each event whose members are fields by their own names, as JSON texts: what the catch-all (`*`) of
    /// its log source reads from. For languages whose wildcards mean every field that an event has.
    pub fn members_column(&self, name: &str) -> ScanColumn {
        let bindings = self.sources.iter().map(|(source, view)| {
            let open = view.open.iter().find(|(prefix, _)| prefix.is_empty());
            let paths = open.iter().flat_map(|(_, field)| field.bindings.iter()).flat_map(Binding::starred);
            let of_path = |path| Binding { also: true, ..Binding::paths(vec![path]) };
            (source.clone(), paths.map(of_path).collect())
        });
        ScanColumn { name: name.to_owned(), field_type: FieldType::TEXTS, bindings: bindings.collect() }
    }

    /// What is known of each event's record, whatever its log source.
    pub fn meta_column(&self, name: &str, meta: Meta, kind: Kind) -> ScanColumn {
        let binding: Arc<[Binding]> = Arc::new([Binding::meta(meta)]);
        let bindings = self.sources.keys().map(|source| (source.clone(), Arc::clone(&binding))).collect();
        ScanColumn { name: name.to_owned(), field_type: FieldType::one(kind), bindings }
    }

    /// Each event's log source, as far as this view tells them apart.
    pub fn log_source_column(&self, name: &str) -> ScanColumn {
        let constant = |source: &LogSource| -> Arc<[Binding]> { Arc::new([Binding::constant(source.as_str())]) };
        let bindings = self.sources.keys().map(|source| (source.clone(), constant(source))).collect();
        ScanColumn { name: name.to_owned(), field_type: FieldType::TEXT, bindings }
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
        FieldType {
            many: stated.many || (field.field_type.is_none() && field.bindings.iter().any(Binding::is_multi)),
            ..stated
        }
    }

    /// Whether the platform states the name's type, as it is or through a prefix of it.
    fn is_typed(&self, name: &str) -> bool {
        let name = &*self.fold(name);
        self.types.iter().any(|(pattern, _)| {
            pattern == name
                || pattern.strip_suffix(".*").is_some_and(|start| {
                    !start.contains('*')
                        && name.strip_prefix(start).is_some_and(|rest| rest.len() > 1 && rest.starts_with('.'))
                })
        })
    }

    fn platform_type(&self, name: &str) -> Option<FieldType> {
        let name = &*self.fold(name);
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
    /// Where a path of the message that the platform's own source sends has its value.
    fn in_document(&self, path: &str) -> Option<Vec<Binding>> {
        self.document.iter().find_map(|(pattern, field)| match pattern.strip_suffix('*') {
            Some(prefix) => {
                let suffix = path.strip_prefix(prefix).filter(|suffix| !suffix.is_empty())?;
                let suffix = Path::parse(suffix);
                Some(field.bindings.iter().map(|binding| binding.with_suffix(&suffix)).collect())
            }
            None => (pattern == path).then(|| field.bindings.to_vec()),
        })
    }

    /// Whether no path of the record's document is one of the message.
    fn is_other_message(&self) -> bool {
        self.document.iter().any(|(pattern, _)| pattern == "*")
    }

    /// The open field that `wanted` continues: what it continues it with, the prefix, the field.
    fn open_field<'a, 'n>(&'a self, wanted: &str, name: &'n str) -> Option<(&'n str, &'a str, &'a SourceField)> {
        self.open.iter().find_map(|(prefix, field)| {
            let fits = wanted.len() > prefix.len() && wanted.starts_with(prefix.as_str());
            fits.then(|| name.get(prefix.len()..).map(|suffix| (suffix, prefix.as_str(), field))).flatten()
        })
    }
}

/// `user_principal_name` as `userPrincipalName`; dots and brackets stay.
fn camel_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut upper = false;
    for c in name.chars() {
        if c == '_' {
            upper = true;
        } else if upper {
            out.extend(c.to_uppercase());
            upper = false;
        } else {
            out.push(c);
        }
    }
    out
}
