//! Data models of an app: the JSON files of data/models.
use super::AppError;
use mynah_dialect::{DataModel, Knowledge, ModelDataset};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Deserialize)]
struct ModelFile {
    #[serde(rename = "modelName")]
    name: String,
    #[serde(default)]
    objects: Vec<Object>,
}

#[derive(Deserialize)]
struct Object {
    #[serde(rename = "objectName")]
    name: String,
    #[serde(default, rename = "parentName")]
    parent: String,
    #[serde(default, rename = "baseSearch")]
    base_search: Option<String>,
    #[serde(default)]
    constraints: Vec<Constraint>,
    #[serde(default)]
    fields: Vec<Field>,
    #[serde(default)]
    calculations: Vec<Calculation>,
}

#[derive(Deserialize)]
struct Constraint {
    search: String,
}

#[derive(Deserialize)]
struct Field {
    #[serde(rename = "fieldName")]
    name: String,
}

#[derive(Deserialize)]
struct Calculation {
    #[serde(rename = "calculationType")]
    kind: String,
    #[serde(default)]
    expression: Option<String>,
    #[serde(default, rename = "outputFields")]
    outputs: Vec<Field>,
}

/// Adds the data models of a folder of JSON files. What is left out is named.
///
/// # Errors
/// Where a file cannot be read or is no data model.
pub(super) fn load(folder: &Path, knowledge: &mut Knowledge, left_out: &mut Vec<String>) -> Result<(), AppError> {
    if !folder.is_dir() {
        return Ok(());
    }
    let read = |file: &Path, source| AppError::Read { file: file.to_owned(), source };
    let entries = std::fs::read_dir(folder).map_err(|source| read(folder, source))?;
    let mut files = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|source| read(folder, source))?;
    files.retain(|file| file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")));
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|source| read(&file, source))?;
        let model: ModelFile =
            serde_json::from_str(&text).map_err(|source| AppError::Model { file: file.clone(), source })?;
        let datasets = model.objects.into_iter().map(|object| dataset(object, &model.name, left_out)).collect();
        knowledge.models.insert(model.name, DataModel { datasets });
    }
    Ok(())
}

fn dataset(object: Object, model: &str, left_out: &mut Vec<String>) -> ModelDataset {
    let mut fields: BTreeMap<String, String> =
        object.fields.into_iter().map(|field| (field.name.clone(), format!("'{}'", field.name))).collect();
    for calculation in object.calculations {
        match (calculation.kind.as_str(), calculation.expression, calculation.outputs.as_slice()) {
            ("Eval", Some(expression), [output]) => {
                fields.insert(output.name.clone(), expression);
            }
            (kind, ..) => {
                left_out.push(format!("the data model {model}.{}: a calculation of kind {kind}", object.name))
            }
        }
    }
    let searches = object.base_search.into_iter().chain(object.constraints.into_iter().map(|part| part.search));
    let searches: Vec<String> = searches.map(|search| format!("({})", search.trim())).collect();
    let parent = Some(object.parent).filter(|parent| !parent.is_empty() && !parent.starts_with("Base"));
    let constraint = if searches.is_empty() { "*".to_owned() } else { searches.join(" ") };
    ModelDataset { name: object.name, parent, constraint, fields }
}
