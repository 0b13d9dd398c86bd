//! What holds for all views that come with Mynah.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah_event::{Path, Platform, Segment};
use mynah_view::{Binding, Catalog, Origin, TemplatePart};
use std::path::Path as FilePath;

/// The built-in files, read from their folder as anybody's own would be: with every regular expression compiled.
fn files() -> Vec<(String, String)> {
    let views = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("views");
    let mut files = Vec::new();
    for platform in Platform::ALL {
        for entry in std::fs::read_dir(views.join(platform.name())).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            files.push((format!("{}/{name}", platform.name()), std::fs::read_to_string(&path).unwrap()));
        }
    }
    files
}

#[test]
fn every_built_in_view_is_read_whole() {
    let files = files();
    let checked = Catalog::parse(files.iter().map(|(name, text)| (name.as_str(), text.as_str()))).unwrap();
    let built_in = Catalog::built_in().unwrap();
    for platform in Platform::ALL {
        assert_eq!(checked.platform(platform).unwrap().names(), built_in.platform(platform).unwrap().names());
    }
}

#[test]
fn every_listed_field_resolves_as_known_with_bindings() {
    let catalog = Catalog::built_in().unwrap();
    for platform in Platform::ALL {
        let view = catalog.platform(platform).unwrap();
        for source in view.log_sources() {
            for name in view.names_of(source) {
                let found = view.resolve(name);
                let has_bindings =
                    found.column.bindings.iter().any(|(other, some)| other == source && !some.is_empty());
                assert!(found.known && has_bindings, "{platform} {source} {name}");
            }
        }
    }
}

#[test]
fn a_file_is_named_after_its_log_source_and_says_where_its_names_are_from() {
    for (name, text) in files() {
        let (_, file) = name.split_once('/').unwrap();
        if file != "platform.toml" {
            let source = file.strip_suffix(".toml").unwrap();
            assert!(text.contains(&format!("log_source = \"{source}\"")), "{name}");
            assert!(text.contains("pages = ["), "{name}");
        }
    }
}

#[test]
fn every_path_says_what_it_seems_to_say() {
    let catalog = Catalog::built_in().unwrap();
    for platform in Platform::ALL {
        let view = catalog.platform(platform).unwrap();
        for name in view.names() {
            for (_, bindings) in view.resolve(name).column.bindings {
                for path in bindings.iter().flat_map(paths) {
                    let written = path.to_string();
                    assert_eq!(Path::parse(&written), *path, "{platform} {name}");
                    for segment in &path.0 {
                        if let Segment::Key(key) = segment {
                            let sane = !key.is_empty() && !key.contains(['*', '{', '}']) && key.trim() == &**key;
                            assert!(sane, "{platform} {name}: {written}");
                        }
                    }
                }
            }
        }
    }
}

fn paths(binding: &Binding) -> Vec<&Path> {
    let mut paths: Vec<&Path> = binding.when.iter().map(|condition| &condition.path).collect();
    match &binding.origin {
        Origin::Paths(from) => paths.extend(from),
        Origin::Document(path) | Origin::Lookup { key: path, .. } => paths.push(path),
        Origin::Template(parts) => paths.extend(parts.iter().filter_map(|part| match part {
            TemplatePart::Path(path) => Some(path),
            TemplatePart::Text(_) => None,
        })),
        Origin::Constant(_) | Origin::Meta(_) => {}
    }
    paths
}

#[test]
fn what_is_wrong_with_a_file_is_said() {
    let error = |text: &str| Catalog::parse([("elastic/x.toml", text)]).unwrap_err().to_string();
    let view = |fields: &str| format!("log_source = 'x'\n[fields]\n{fields}");
    assert!(error(&view("a = { from = 'a', apply = ['capture:('] }")).contains("unclosed group"));
    assert!(error(&view("a = { from = 'a', value = 1 }")).contains("exactly one of"));
    assert!(error(&view("a = { alias_of = 'b' }")).contains("no field of this view"));
    assert!(error(&view("a = { from = 'a', apply = ['nonsense'] }")).contains("no transformation"));
    assert!(error(&view("a = { from = 'a', type = 'number' }")).contains("no type"));
    assert!(error(&view("a = { lookup = { key = 'a', table = 'b' } }")).contains("no table `b`"));
    assert!(error("log_source = 'x'\nextends = 'y'").contains("extends `y`"));
    assert!(Catalog::parse([("nowhere/x.toml", "log_source = 'x'")]).is_err());
}
