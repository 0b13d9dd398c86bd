use crate::detection_arguments::{Catalog, CatalogCommand, ExportFormat};
use crate::exit::{Failure, Status};
use crate::{detections, dialects, site};
use comfy_table::{ContentArrangement, Table, presets};
use mynah_detection::{Package, report};
use mynah_engine::Options;
use mynah_event::Dialect;
use std::io::Write;
use std::path::Path;

/// `mynah catalog`.
pub(crate) fn catalog(arguments: &Catalog) -> Result<Status, Failure> {
    match &arguments.command {
        CatalogCommand::List { selection } => write(None, &list(&detections::select(selection)?))?,
        CatalogCommand::Show { detection, catalog } => {
            let catalog = detections::load(catalog)?;
            let package = catalog.find(detection).ok_or_else(|| {
                let names: Vec<&str> = catalog.packages().iter().map(|package| package.name.as_str()).collect();
                Failure::Usage(format!("there is no detection `{detection}`: {}", names.join(", ")))
            })?;
            write(None, &show(package))?;
        }
        CatalogCommand::Export { format, output, selection, site: options } => {
            let catalog = detections::select(selection)?;
            match format {
                ExportFormat::Sigma => write(output.as_deref(), &sigma(catalog.packages()))?,
                ExportFormat::Navigator => write(output.as_deref(), &format!("{:#}\n", report::navigator(&catalog)))?,
                ExportFormat::Sarif => write(output.as_deref(), &format!("{:#}\n", report::sarif(&catalog)))?,
                ExportFormat::Site => {
                    let Some(folder) = output else {
                        return Err(Failure::Usage("--format site writes a folder: name it with --output".to_owned()));
                    };
                    let mut proofs = Vec::new();
                    for package in catalog.packages() {
                        let settings = || {
                            let settings = site::load(options).unwrap_or_default();
                            Options {
                                views: settings.catalog().ok(),
                                site: settings.site,
                                sources: settings.sources,
                                ..Options::default()
                            }
                        };
                        proofs.push(mynah_detection::prove(package, &dialects::frontend, &Dialect::ALL, settings)?);
                    }
                    for (name, text) in mynah_detection::site::pages(&catalog, &proofs) {
                        write(Some(&folder.join(name)), &text)?;
                    }
                }
            }
        }
    }
    Ok(Status::Ran)
}

/// Writes a file, and the folders above it; standard output if there is no path.
fn write(path: Option<&Path>, text: &str) -> Result<(), Failure> {
    let Some(path) = path else {
        std::io::stdout().write_all(text.as_bytes())?;
        return Ok(());
    };
    let failed = |error: std::io::Error| Failure::Usage(format!("{}: {error}", path.display()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(path, text).map_err(failed)
}

fn list(catalog: &mynah_detection::Catalog) -> String {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["detection", "title", "level", "confidence", "tactic", "languages", "behaviours"]);
    for package in catalog.packages() {
        let manifest = &package.manifest;
        table.add_row([
            package.name.clone(),
            manifest.title.clone(),
            manifest.level.name().to_owned(),
            manifest.confidence.name().to_owned(),
            package.tactics().iter().map(|(_, _, name)| *name).collect::<Vec<_>>().join(", "),
            package.dialects().map(Dialect::name).collect::<Vec<_>>().join(" "),
            manifest.behaviours.len().to_string(),
        ]);
    }
    format!("{table}\n")
}

fn show(package: &Package) -> String {
    let manifest = &package.manifest;
    let mut out = format!("{} ({})\n\n{}\n\n", manifest.title, package.name, manifest.description.trim());
    let mut line = |name: &str, value: String| out.push_str(&format!("{name:<12} {value}\n"));
    line("id", manifest.id.clone());
    line("status", manifest.status.name().to_owned());
    line("level", format!("{}, confidence {}", manifest.level.name(), manifest.confidence.name()));
    line(
        "ATT&CK",
        format!(
            "{}: {}",
            package.tactics().iter().map(|(_, _, name)| *name).collect::<Vec<_>>().join(", "),
            package.techniques().join(", ")
        ),
    );
    line("schedule", format!("every {}, over {}", manifest.schedule.every, manifest.schedule.window));
    out.push_str("\nFalse positives\n");
    for text in &manifest.falsepositives {
        out.push_str(&format!("  - {text}\n"));
    }
    out.push_str("\nBehaviours\n");
    for behaviour in &manifest.behaviours {
        let atomic = behaviour
            .atomic
            .as_ref()
            .map(|atomic| format!(" (Atomic Red Team {} {})", atomic.technique, atomic.guid))
            .unwrap_or_default();
        out.push_str(&format!("  {}: {}{atomic}\n", behaviour.id, behaviour.title));
        for command in &behaviour.commands {
            for text in command.run.trim().lines() {
                out.push_str(&format!("    {} {text}\n", prompt(&command.shell)));
            }
        }
    }
    for dialect in package.dialects() {
        let Some(version) = manifest.versions.get(&dialect) else { continue };
        out.push_str(&format!(
            "\n{} ({})\n  {}\n  reads {}\n\n",
            dialect,
            version.query,
            version.description.trim(),
            version.tables.join(", ")
        ));
        for text in package.query(dialect).unwrap_or_default().lines() {
            out.push_str(&format!("    {text}\n"));
        }
    }
    for file in manifest.playbook.iter().chain(&manifest.investigation) {
        if let Ok(text) = package.files().text(file) {
            out.push_str(&format!("\n{file}\n\n{text}"));
        }
    }
    out
}

/// All portable rules as one stream of YAML documents.
fn sigma(packages: &[Package]) -> String {
    let rules: Vec<&str> =
        packages.iter().filter_map(|package| package.query(Dialect::Sigma)).map(str::trim_end).collect();
    format!("{}\n", rules.join("\n---\n"))
}

/// How a shell shows that it waits.
fn prompt(shell: &str) -> &'static str {
    match shell {
        "powershell" => "PS>",
        "browser" => "open",
        _ => "$",
    }
}
