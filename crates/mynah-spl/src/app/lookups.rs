use super::AppError;
use super::conf::{Conf, truth};
use mynah_dialect::{LookupTable, LookupTime, MatchType, Site};
use std::collections::BTreeMap;
use std::path::Path;

/// Adds the CSV files of `lookups/` by their names, and the definitions of transforms.conf by theirs.
/// A filter of such a definition, which is not applied, is named.
pub(super) fn load(app: &Path, conf: &Conf, site: &mut Site, left_out: &mut Vec<String>) -> Result<(), AppError> {
    let folder = app.join("lookups");
    let mut files: BTreeMap<String, LookupTable> = BTreeMap::new();
    if folder.is_dir() {
        let read = |source| AppError::Read { file: folder.clone(), source };
        for entry in std::fs::read_dir(&folder).map_err(read)? {
            let file = entry.map_err(read)?.path();
            if file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv")) {
                let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                files.insert(name, table(&file)?);
            }
        }
    }
    for (stanza, settings) in &conf.stanzas {
        let Some(name) = settings.get("filename") else {
            // Collections and scripts are lookups whose rows are elsewhere.
            if settings.contains_key("collection") || settings.contains_key("external_cmd") {
                site.declared_lookups.insert(stanza.clone(), list(settings.get("fields_list")));
            }
            continue;
        };
        if settings.contains_key("filter") {
            left_out.push(format!("transforms.conf [{stanza}]: its filter, so that all rows of {name} count"));
        }
        match files.get(name) {
            Some(table) => {
                site.lookups.insert(stanza.clone(), configured(table.clone(), settings));
            }
            None => {
                site.declared_lookups.insert(stanza.clone(), list(settings.get("fields_list")));
            }
        }
    }
    // A file can be named itself; a definition of that name goes before it.
    for (name, table) in files {
        site.lookups.entry(name).or_insert(table);
    }
    Ok(())
}

fn table(file: &Path) -> Result<LookupTable, AppError> {
    let wrong = |source| AppError::Csv { file: file.to_owned(), source };
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::Headers).from_path(file).map_err(wrong)?;
    let text = |field: &[u8]| String::from_utf8_lossy(field).trim_start_matches('\u{feff}').to_owned();
    let columns: Vec<String> = reader.byte_headers().map_err(wrong)?.iter().map(text).collect();
    let mut rows = Vec::new();
    for record in reader.byte_records() {
        let mut row: Vec<String> = record.map_err(wrong)?.iter().map(text).collect();
        row.resize(columns.len(), String::new());
        rows.push(row);
    }
    Ok(LookupTable::new(columns, rows, true))
}

fn configured(mut table: LookupTable, settings: &BTreeMap<String, String>) -> LookupTable {
    let number = |name: &str| settings.get(name).and_then(|value| value.parse().ok());
    table.case_sensitive = settings.get("case_sensitive_match").is_none_or(|value| truth(value));
    table.max_matches = number("max_matches").unwrap_or(table.max_matches);
    table.min_matches = number("min_matches").unwrap_or(table.min_matches);
    table.default_match = settings.get("default_match").filter(|value| !value.is_empty()).cloned();
    if let Some(column) = settings.get("time_field").filter(|column| !column.is_empty()) {
        let seconds = |name: &str, default| settings.get(name).and_then(|value| value.parse().ok()).unwrap_or(default);
        table.time = Some(LookupTime {
            column: column.clone(),
            format: settings.get("time_format").cloned().unwrap_or_else(|| "%s.%Q".to_owned()),
            min_offset: seconds("min_offset_secs", 0),
            max_offset: seconds("max_offset_secs", 2_000_000_000),
        });
        // Of the rows whose time allows it only the latest counts.
        table.max_matches = number("max_matches").unwrap_or(1);
    }
    for part in list(settings.get("match_type")) {
        let Some((how, column)) = part.split_once('(') else { continue };
        let column = column.trim_end_matches(')').trim().to_owned();
        match how.trim().to_ascii_uppercase().as_str() {
            "WILDCARD" => table.match_types.push((column, MatchType::Wildcard)),
            "CIDR" => table.match_types.push((column, MatchType::Cidr)),
            _ => {}
        }
    }
    table
}

fn list(value: Option<&String>) -> Vec<String> {
    value
        .map(|value| value.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect())
        .unwrap_or_default()
}
