use crate::binding::{FileSettings, compile, compile_table};
use crate::platform_view::{PlatformView, SourceField, SourceView};
use crate::spec::{FieldEntry, PlatformFile, ViewFile};
use crate::{Apply, FieldType, ViewError};
use include_dir::{Dir, include_dir};
use mynah_event::{LogSource, Platform};
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path as FilePath;
use std::sync::{Arc, OnceLock};

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/views");

/// Views that come with Mynah, once for a whole process: each is read when it is first asked for.
static SHARED: [OnceLock<Arc<PlatformView>>; Platform::ALL.len()] = [const { OnceLock::new() }; Platform::ALL.len()];

/// Every platform's view of every log source.
#[derive(Debug)]
pub struct Catalog {
    /// Where there is none yet it is the built-in one: reading all of them takes longer than a query over a small log.
    platforms: BTreeMap<Platform, OnceLock<Arc<PlatformView>>>,
}

/// A file to read; one that comes with Mynah if `trusted`.
struct File<'a> {
    name: &'a str,
    text: &'a str,
    trusted: bool,
}

/// A view that waits for the one it extends.
struct Waiting {
    file: String,
    view: ViewFile,
    trusted: bool,
}

impl Catalog {
    /// The views that come with Mynah, which are read once in a process.
    ///
    /// # Errors
    /// None: that a view is broken, which a test of this crate rules out, comes out when it is asked for.
    pub fn built_in() -> Result<Catalog, ViewError> {
        Ok(Catalog { platforms: Platform::ALL.into_iter().map(|platform| (platform, OnceLock::new())).collect() })
    }

    /// The views that come with Mynah, and those under `folder` (`PLATFORM/LOGSOURCE.toml`): a file
    /// there takes the place of the built-in one of the same name.
    ///
    /// # Errors
    /// Where a file cannot be read or used.
    pub fn with_folder(folder: &FilePath) -> Result<Catalog, ViewError> {
        Catalog::load(Some(folder), &[])
    }

    /// As [`Catalog::with_folder`], and with `additions`, view files of other names whose fields are added
    /// to the view of their log source.
    ///
    /// # Errors
    /// Where a file cannot be read or used.
    pub fn load(folder: Option<&FilePath>, additions: &[(String, String)]) -> Result<Catalog, ViewError> {
        let mut files: BTreeMap<String, (Cow<'static, str>, bool)> =
            built_in_files().map(|(name, text)| (name.to_owned(), (text.into(), true))).collect();
        let read = |file: &FilePath, source| ViewError::Read { file: file.display().to_string(), source };
        for platform in Platform::ALL {
            let Some(folder) = folder.map(|folder| folder.join(platform.name())).filter(|folder| folder.is_dir())
            else {
                continue;
            };
            for entry in std::fs::read_dir(&folder).map_err(|e| read(&folder, e))? {
                let path = entry.map_err(|e| read(&folder, e))?.path();
                if path.extension().is_some_and(|extension| extension == "toml") {
                    let text = std::fs::read_to_string(&path).map_err(|e| read(&path, e))?;
                    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                    files.insert(format!("{}/{name}", platform.name()), (text.into(), false));
                }
            }
        }
        let folder_of = |name: &str| name.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
        let own: BTreeSet<String> = files
            .iter()
            .filter(|(_, (_, trusted))| !trusted)
            .map(|(name, _)| folder_of(name))
            .chain(additions.iter().map(|(name, _)| folder_of(name)))
            .collect();
        let files = files.iter().map(|(name, (text, trusted))| File { name, text, trusted: *trusted });
        let files = files.chain(additions.iter().map(|(name, text)| File { name, text, trusted: false }));
        let mut catalog = Catalog::parse_files(files.filter(|file| own.contains(&folder_of(file.name))))?;
        for (platform, view) in &mut catalog.platforms {
            if !own.contains(platform.name()) {
                *view = OnceLock::new();
            }
        }
        Ok(catalog)
    }

    /// Reads view files given as `(PLATFORM/NAME.toml, text)`.
    ///
    /// # Errors
    /// At the first file that cannot be used.
    pub fn parse<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Catalog, ViewError> {
        Catalog::parse_files(files.into_iter().map(|(name, text)| File { name, text, trusted: false }))
    }

    fn parse_files<'a>(files: impl Iterator<Item = File<'a>>) -> Result<Catalog, ViewError> {
        let mut platforms: BTreeMap<Platform, PlatformView> =
            Platform::ALL.into_iter().map(|platform| (platform, PlatformView::new(platform))).collect();
        let mut views: BTreeMap<Platform, BTreeMap<String, Waiting>> = BTreeMap::new();
        for File { name: file, text, trusted } in files {
            let place = || ViewError::Place { file: file.to_owned() };
            let (folder, name) = file.rsplit_once('/').ok_or_else(place)?;
            let folder = folder.rsplit('/').next().unwrap_or(folder);
            let platform = Platform::ALL.into_iter().find(|platform| platform.name() == folder).ok_or_else(place)?;
            if name == "platform.toml" {
                let view = platforms.entry(platform).or_insert_with(|| PlatformView::new(platform));
                read_settings(view, file, read_toml(file, text)?)?;
                continue;
            }
            let view: ViewFile = read_toml(file, text)?;
            match views.entry(platform).or_default().entry(view.log_source.clone()) {
                // A second file on one log source adds to the first: a site's own fields.
                Entry::Occupied(mut known) => {
                    known.get_mut().view.fields.extend(view.fields);
                    known.get_mut().view.document.extend(view.document);
                    known.get_mut().view.tables.extend(view.tables);
                    known.get_mut().trusted &= trusted;
                }
                Entry::Vacant(unknown) => {
                    unknown.insert(Waiting { file: file.to_owned(), view, trusted });
                }
            }
        }
        for (platform, waiting) in views {
            let view = platforms.entry(platform).or_insert_with(|| PlatformView::new(platform));
            view.sources = build_all(view, waiting)?;
        }
        let platforms = platforms.into_iter().map(|(platform, view)| (platform, OnceLock::from(Arc::new(view))));
        Ok(Catalog { platforms: platforms.collect() })
    }

    /// One platform's view.
    ///
    /// # Errors
    /// Where it is the built-in one, is read only now, and is broken.
    pub fn platform(&self, platform: Platform) -> Result<Arc<PlatformView>, ViewError> {
        let Some(known) = self.platforms.get(&platform) else { return Ok(Arc::new(PlatformView::new(platform))) };
        if let Some(view) = known.get() {
            return Ok(Arc::clone(view));
        }
        let view = built_in(platform)?;
        Ok(Arc::clone(known.get_or_init(|| view)))
    }
}

/// A platform's view as it comes with Mynah.
fn built_in(platform: Platform) -> Result<Arc<PlatformView>, ViewError> {
    let shared = Platform::ALL.iter().position(|known| *known == platform).and_then(|place| SHARED.get(place));
    if let Some(view) = shared.and_then(OnceLock::get) {
        return Ok(Arc::clone(view));
    }
    let files = built_in_files().filter(|(name, _)| name.split('/').next() == Some(platform.name()));
    let view =
        Catalog::parse_files(files.map(|(name, text)| File { name, text, trusted: true }))?.platform(platform)?;
    Ok(shared.map_or(Arc::clone(&view), |shared| Arc::clone(shared.get_or_init(|| view))))
}

fn built_in_files() -> impl Iterator<Item = (&'static str, &'static str)> {
    BUILT_IN.dirs().flat_map(Dir::files).filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)))
}

fn read_toml<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, ViewError> {
    toml::from_str(text)
        .map_err(|error| ViewError::Syntax { file: file.to_owned(), message: error.to_string().trim().to_owned() })
}

fn read_settings(view: &mut PlatformView, file: &str, settings: PlatformFile) -> Result<(), ViewError> {
    let wrong = |field: &str, message| ViewError::Field { file: file.to_owned(), field: field.to_owned(), message };
    view.fold_names = settings.fold_names;
    view.names = settings.names;
    view.objects = settings.objects;
    view.each = settings.each;
    for (pattern, name) in settings.types {
        let field_type = name.parse().map_err(|message| wrong(&pattern, message))?;
        let pattern = view.fold(&pattern).into_owned();
        view.types.push((pattern, field_type));
    }
    // The most specific pattern first.
    view.types.sort_by_key(|(pattern, _)| std::cmp::Reverse(pattern.len()));
    for (form, apply) in settings.forms {
        let apply: Result<Vec<Apply>, String> = apply.iter().map(|apply| apply.parse()).collect();
        let apply = apply.map_err(|message| wrong(&form, message))?;
        view.forms.insert(form, apply);
    }
    Ok(())
}

/// Builds the views of a platform's log sources, each after the one it extends.
fn build_all(
    view: &PlatformView,
    mut waiting: BTreeMap<String, Waiting>,
) -> Result<BTreeMap<LogSource, SourceView>, ViewError> {
    let mut done: BTreeMap<String, SourceView> = BTreeMap::new();
    while !waiting.is_empty() {
        let is_ready = |_: &String, waits: &mut Waiting| match &waits.view.extends {
            Some(base) => done.contains_key(base),
            None => true,
        };
        let ready: Vec<(String, Waiting)> = waiting.extract_if(.., is_ready).collect();
        // Whatever never gets its turn extends nothing known.
        if ready.is_empty()
            && let Some((_, waits)) = waiting.pop_first()
        {
            return Err(ViewError::Extends {
                file: waits.file,
                base: waits.view.extends.unwrap_or_default(),
                platform: view.platform().to_string(),
            });
        }
        for (name, turn) in ready {
            let base = turn.view.extends.as_ref().and_then(|base| done.get(base));
            let source = build(view, base.cloned().unwrap_or_default(), turn)?;
            done.insert(name, source);
        }
    }
    Ok(done.into_iter().map(|(name, source)| (LogSource::new(&name), source)).collect())
}

fn source_field(file: &str, name: &str, entry: FieldEntry, settings: &FileSettings) -> Result<SourceField, ViewError> {
    let wrong = |message| ViewError::Field { file: file.to_owned(), field: name.to_owned(), message };
    let compiled = compile(entry, settings).map_err(wrong)?;
    let field_type: Option<FieldType> = compiled.field_type.map(|name| name.parse()).transpose().map_err(wrong)?;
    Ok(SourceField {
        name: name.to_owned(),
        bindings: compiled.bindings.into(),
        field_type,
        suffix: compiled.suffix,
        arrays: compiled.arrays,
        alias_of: compiled.alias_of,
    })
}

fn build(view: &PlatformView, base: SourceView, turn: Waiting) -> Result<SourceView, ViewError> {
    let mut source = base;
    let file = turn.file.as_str();
    let tables = turn.view.tables.into_iter().map(|(name, table)| (name, compile_table(table)));
    let settings = FileSettings { tables: tables.collect(), objects: view.objects, trusted: turn.trusted };
    for (name, entry) in turn.view.document {
        let field = source_field(file, &name, entry, &settings)?;
        source.document.retain(|(known, _)| *known != name);
        source.document.push((name, field));
    }
    // Names before patterns, and the longest pattern first.
    source.document.sort_by_key(|(name, _)| (name.ends_with('*'), std::cmp::Reverse(name.len())));
    for (name, entry) in turn.view.fields {
        let field = source_field(file, &name, entry, &settings)?;
        match name.strip_suffix('*') {
            Some(prefix) => {
                let prefix = view.fold(prefix).into_owned();
                source.open.retain(|(known, _)| *known != prefix);
                source.open.push((prefix, field));
            }
            None => {
                source.fields.insert(view.fold(&name).into_owned(), field);
            }
        }
    }
    source.open.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
    for field in source.fields.values() {
        if let Some(right) = &field.alias_of
            && source.fields.get(view.fold(right).as_ref()).is_none_or(|right| right.alias_of.is_some())
        {
            let message = format!("alias_of names `{right}`, which is no field of this view");
            return Err(ViewError::Field { file: file.to_owned(), field: field.name.clone(), message });
        }
    }
    Ok(source)
}
