//! Finding rules: which file is of which format.
use super::{Loaded, NotLoaded, elastic, query, saved_searches, security_content, sigma, sumo};
use mynah_detection::{Catalog, Hunting, MANIFEST, is_part_of_package};
use mynah_engine::in_parallel;
use mynah_event::Dialect;
use std::path::{Path, PathBuf};
use yaml_serde::Value;

/// The largest file that is read as a rule, in bytes: a stream of thousands of rules has some megabytes.
const MOST_BYTES: u64 = 64 << 20;

/// Reads the rules of a file, or of a folder and those below it.
pub(super) fn read(path: &Path, loaded: &mut Loaded) {
    // As they are written, packages are folders with queries.
    let packages = loaded.files.is_none();
    if path.is_file() {
        let folder = path.parent().filter(|_| packages && path.file_name().is_some_and(|name| name == MANIFEST));
        return match folder.filter(|folder| is_package(folder)) {
            Some(folder) => package(folder, loaded),
            None => one(path, true, loaded),
        };
    }
    // A symbolic link is followed, and one that leads back to a folder above it is told by the walk.
    let walk = walkdir::WalkDir::new(path).follow_links(true).sort_by_file_name();
    let mut walk = walk.into_iter().filter_entry(is_wanted);
    let mut files = Vec::new();
    while let Some(entry) = walk.next() {
        match entry {
            Ok(entry) if entry.file_type().is_file() => files.push(entry.into_path()),
            Ok(entry) if packages && is_package(entry.path()) => {
                package(entry.path(), loaded);
                // Its files are the package's.
                walk.skip_current_dir();
            }
            Ok(entry) if packages && entry.path().join(Hunting::MANIFEST).is_file() => {
                let file = entry.path().join(Hunting::MANIFEST);
                loaded.left_out.push(NotLoaded::new(&file, "these are hunting queries, which `mynah hunt` runs"));
                walk.skip_current_dir();
            }
            Ok(entry) => folder(entry.path(), loaded),
            Err(error) => {
                let file = error.path().unwrap_or(path).to_owned();
                loaded.refused.push(NotLoaded::broken(&file, error.to_string()));
            }
        }
    }
    // Some thousands of files take as long to read as their rules do to run.
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let read = |file: &PathBuf| {
        let mut loaded = Loaded { files: (!packages).then(Vec::new), ..Loaded::default() };
        one(file, false, &mut loaded);
        loaded
    };
    in_parallel(threads, &files, read).into_iter().for_each(|part| loaded.append(part));
}

/// Hidden files hold no rules; a folder that was named is wanted whatever its name.
fn is_wanted(entry: &walkdir::DirEntry) -> bool {
    entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.')
}

/// Notes what a folder brings along for the rules in it.
fn folder(path: &Path, loaded: &mut Loaded) {
    if path.join("default").is_dir() || path.join("local").is_dir() {
        loaded.site.apps.push(path.to_owned());
    }
    if security_content::is_content(path) {
        loaded.site.contents.push(path.to_owned());
    }
}

fn is_package(folder: &Path) -> bool {
    let manifest = folder.join(MANIFEST);
    manifest.is_file() && is_part_of_package(&manifest)
}

/// Reads the package that a folder is, and those below it.
fn package(folder: &Path, loaded: &mut Loaded) {
    match Catalog::of_paths(&[folder.to_owned()]) {
        Ok(catalog) => loaded.packages.extend(catalog.packages().iter().cloned()),
        Err(errors) => loaded.refused.extend(errors.into_iter().map(|error| NotLoaded {
            file: error.file,
            line: error.line,
            title: None,
            reason: error.message,
            is_broken: true,
        })),
    }
}

/// Reads the rules of one file. A file that was named itself must hold some.
fn one(path: &Path, named: bool, loaded: &mut Loaded) {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default();
    let is_saved_searches = path.file_name().is_some_and(|name| name == "savedsearches.conf");
    let dialect = Dialect::from_extension(&extension).filter(|dialect| *dialect != Dialect::Sigma);
    let known =
        is_saved_searches || dialect.is_some() || matches!(extension.as_str(), "yml" | "yaml" | "toml" | "json");
    if !known {
        if named {
            loaded.refused.push(NotLoaded::broken(path, "no format of rules has this extension"));
        }
        *loaded.others.entry(extension).or_default() += 1;
        return;
    }
    if let (Some(files), Some(_)) = (&mut loaded.files, dialect) {
        return files.push(path.to_owned());
    }
    let text = match text_of(path) {
        Ok(text) => text,
        Err(reason) => return loaded.refused.push(NotLoaded::broken(path, reason)),
    };
    let before = loaded.count();
    match (extension.as_str(), dialect) {
        _ if is_saved_searches => saved_searches::read(path, &text, loaded),
        (_, Some(dialect)) => loaded.packages.push(query::read(path, text, dialect)),
        ("toml", _) => elastic::read(path, &text, loaded),
        ("json", _) => sumo::read(path, &text, loaded),
        _ if yaml(path, text, loaded) => return,
        _ => {}
    }
    if loaded.count() == before {
        if named {
            loaded.refused.push(NotLoaded::broken(path, "it holds no rule in a format that is known"));
        }
        *loaded.others.entry(extension).or_default() += 1;
    }
}

fn text_of(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > MOST_BYTES {
        return Err(format!("it has {} MB; a file of rules has up to {}", size >> 20, MOST_BYTES >> 20));
    }
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let text = String::from_utf8(bytes)
        .map_err(|error| format!("not UTF-8 (the first {} bytes are)", error.utf8_error().valid_up_to()))?;
    Ok(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text))
}

/// YAML is Sigma's, or of Splunk's security content. Gives whether it is the latter, of which most files hold no rule.
fn yaml(path: &Path, text: String, loaded: &mut Loaded) -> bool {
    let parsed = security_content::may_be(&text).then(|| yaml_serde::from_str::<Value>(&text));
    if let Some(Err(error)) = &parsed
        && security_content::is_meant(&text)
    {
        loaded.refused.push(NotLoaded::broken_yaml(path, 1, error));
        return true;
    }
    match parsed.and_then(Result::ok).filter(security_content::is_it) {
        Some(value) => security_content::read(path, &text, &value, loaded),
        None => {
            match &mut loaded.files {
                Some(files) if sigma::may_be(&text) && !is_part_of_package(path) => files.push(path.to_owned()),
                Some(_) => {}
                None => sigma::read(path, text, loaded),
            }
            return false;
        }
    }
    true
}
