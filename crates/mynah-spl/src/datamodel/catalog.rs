use include_dir::{Dir, include_dir};
use mynah_dialect::{Knowledge, ModelDataset};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/datamodels");

/// One model of a `datamodels/*.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Model {
    /// Its name, as queries have it.
    pub name: String,
    /// Where it is documented.
    #[cfg_attr(not(test), allow(dead_code))]
    pub page: String,
    /// Its datasets, the root first. None where no log source that Mynah knows can fill the model.
    #[serde(default)]
    pub datasets: Vec<Dataset>,
}

/// One dataset of a model.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dataset {
    /// Its name, which stands before its fields' names: `Processes`.
    pub name: String,
    /// The dataset it is a part of, whose events and fields it has.
    pub parent: Option<String>,
    /// Which events belong to it: a search.
    pub constraint: String,
    /// What each field is: an eval expression; empty for a field that no log source fills.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// The fields that say `unknown` where they have no value, as the model calculates them.
    #[serde(default)]
    pub unknown: Vec<String>,
}

/// What a name in a query means.
pub(crate) enum Found {
    /// A dataset, and those it is a part of, the root last.
    Dataset(Vec<Cow<'static, Dataset>>),
    /// A data model that Mynah knows of and cannot fill.
    Unfilled,
    /// No data model of that name; the nearest one.
    Unknown(Option<String>),
}

static MODELS: LazyLock<Result<Vec<Model>, String>> = LazyLock::new(|| {
    FILES
        .files()
        .filter_map(|file| Some((file.path().display(), file.contents_utf8()?)))
        .map(|(name, text)| toml::from_str(text).map_err(|error| format!("{name}: {error}")))
        .collect()
});

/// The dataset of a model; its root where none is named. Models of the site's apps are those that are not built in, or that
/// no log source fills.
///
/// # Errors
/// Where one of the built-in files is broken, which a test rules out.
pub(crate) fn find(model: &str, dataset: Option<&str>, site: &Knowledge) -> Result<Found, String> {
    let models = MODELS.as_ref().map_err(Clone::clone)?;
    let built_in = models.iter().find(|known| known.name == model);
    let own = site.models.get(model).filter(|_| built_in.is_none_or(|model| model.datasets.is_empty()));
    let datasets: Vec<Cow<'static, Dataset>> = match (own, built_in) {
        (Some(own), _) => own.datasets.iter().map(|dataset| Cow::Owned(Dataset::of(dataset))).collect(),
        (None, Some(found)) if found.datasets.is_empty() => return Ok(Found::Unfilled),
        (None, Some(found)) => found.datasets.iter().map(Cow::Borrowed).collect(),
        (None, None) => {
            let known = models.iter().map(|model| model.name.as_str()).chain(site.models.keys().map(String::as_str));
            return Ok(Found::Unknown(mynah_syntax::nearest(model, known).map(str::to_owned)));
        }
    };
    let mut lineage: Vec<Cow<'static, Dataset>> = Vec::new();
    let mut wanted = dataset.map(str::to_owned).or(datasets.first().map(|root| root.name.clone()));
    while let Some(name) = wanted {
        match datasets.iter().find(|known| known.name == name) {
            // A dataset is never its own ancestor, so that this ends.
            Some(known) if lineage.len() < datasets.len() => {
                lineage.push(known.clone());
                wanted = known.parent.clone();
            }
            _ => {
                let names = datasets.iter().map(|dataset| dataset.name.as_str());
                return Ok(Found::Unknown(mynah_syntax::nearest(&name, names).map(str::to_owned)));
            }
        }
    }
    Ok(Found::Dataset(lineage))
}

impl Dataset {
    /// One of an app's.
    fn of(dataset: &ModelDataset) -> Dataset {
        let ModelDataset { name, parent, constraint, fields } = dataset.clone();
        Dataset { name, parent, constraint, fields, unknown: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::Parsing;
    use mynah_syntax::Span;

    #[test]
    fn built_in_models_can_be_used() {
        let models = MODELS.as_ref().unwrap();
        assert!(!models.is_empty());
        for model in models {
            assert!(model.page.starts_with("https://"), "{}", model.name);
            for dataset in &model.datasets {
                let search = &dataset.constraint;
                crate::search::parse(&mut Parsing::new(search), Span::new(0, search.len())).unwrap();
                for (name, text) in dataset.fields.iter().filter(|(_, text)| !text.is_empty()) {
                    let (expression, diagnostics) = crate::expression::parse(text, 0);
                    assert!(expression.is_some() && diagnostics.is_empty(), "{}.{name}: {text}", dataset.name);
                }
                for name in &dataset.unknown {
                    assert!(dataset.fields.contains_key(name), "{}.{name}", dataset.name);
                }
            }
        }
    }

    #[test]
    fn datasets_are_found_with_their_ancestors() {
        let site = Knowledge::default();
        assert!(matches!(find("Endpoint", Some("Processes"), &site), Ok(Found::Dataset(found)) if found.len() == 1));
        assert!(matches!(find("Endpoind", None, &site), Ok(Found::Unknown(Some(name))) if name == "Endpoint"));
        assert!(matches!(find("Email", None, &site), Ok(Found::Unfilled)));
    }
}
