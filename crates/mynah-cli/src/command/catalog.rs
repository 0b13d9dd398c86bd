use crate::arguments::{Catalog, CatalogCommand, ExportFormat};
use crate::exit::{Failure, Status};
use crate::{detections, open, terminal};
use mynah::{Dialect, Package, Proof};
use mynah_report::{catalog as report, site};
use mynah_syntax::neutral;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

/// `mynah catalog`.
pub(crate) fn catalog(arguments: &Catalog) -> Result<Status, Failure> {
    match &arguments.command {
        CatalogCommand::List { selection } => {
            write(None, &neutral::lines(&list(&detections::select(selection, detections::load(&selection.catalog)?)?)))?
        }
        CatalogCommand::Show { detection, catalog } => {
            write(None, &neutral::lines(&show(&detections::one(detection, catalog)?)))?;
        }
        CatalogCommand::Export { format, output, selection, site: options } => {
            let catalog = detections::select(selection, detections::load(&selection.catalog)?)?;
            let text = match format {
                ExportFormat::Sigma => report::sigma(&catalog),
                ExportFormat::Navigator => neutral::json(&format!("{:#}\n", report::navigator(&catalog))).into_owned(),
                ExportFormat::Sarif => neutral::json(&format!("{:#}\n", report::sarif(&catalog))).into_owned(),
                ExportFormat::Site => {
                    let folder = output.as_ref().ok_or_else(|| {
                        Failure::Usage("--format site writes a folder: name it with --output".to_owned())
                    })?;
                    let mynah = open::builder(options)?.build()?;
                    let proofs: Result<Vec<Proof>, _> =
                        catalog.packages().iter().map(|package| mynah.prove(package, &Dialect::ALL)).collect();
                    for (name, text) in site::pages(&catalog, &proofs?, &mynah::tokens)? {
                        write(Some(&folder.join(name)), &text)?;
                    }
                    return Ok(Status::Ran);
                }
            };
            write(output.as_deref(), &text)?;
        }
    }
    Ok(Status::Ran)
}

/// Writes a file and the folders above it, or to standard output if there is no path.
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

fn list(catalog: &mynah::Catalog) -> String {
    let mut table = terminal::table();
    table.set_header(["detection", "title", "level", "confidence", "tactic", "languages", "behaviours"]);
    for package in catalog.packages() {
        let manifest = &package.manifest;
        table.add_row([
            package.name.clone(),
            manifest.title.clone(),
            manifest.level.name().to_owned(),
            manifest.confidence.name().to_owned(),
            tactics(package),
            package.dialects().map(Dialect::name).collect::<Vec<_>>().join(" "),
            manifest.behaviours.len().to_string(),
        ]);
    }
    format!("{table}\n")
}

fn tactics(package: &Package) -> String {
    package.tactics().iter().map(|tactic| tactic.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn show(package: &Package) -> String {
    let manifest = &package.manifest;
    let schedule = match manifest.schedule {
        Some(schedule) => format!("every {}, over {}", schedule.every, schedule.window),
        None => "once, over all events".to_owned(),
    };
    let mut out = format!("{} ({})\n\n{}\n\n", manifest.title, package.name, manifest.description.trim());
    for (name, value) in [
        ("id", manifest.id.clone()),
        ("status", manifest.status.name().to_owned()),
        ("level", format!("{}, confidence {}", manifest.level.name(), manifest.confidence.name())),
        ("ATT&CK", format!("{}: {}", tactics(package), package.techniques().join(", "))),
        ("schedule", schedule),
    ] {
        let _ = writeln!(out, "{name:<12} {value}");
    }
    out.push_str("\nFalse positives\n");
    for text in &manifest.falsepositives {
        let _ = writeln!(out, "  - {text}");
    }
    show_behaviours(package, &mut out);
    for dialect in package.dialects() {
        let Some(version) = manifest.versions.get(&dialect) else { continue };
        let (query, description) = (&version.query, version.description.trim());
        let _ = writeln!(out, "\n{dialect} ({query})\n  {description}\n  reads {}\n", version.tables.join(", "));
        for text in package.query(dialect).unwrap_or_default().lines() {
            let _ = writeln!(out, "    {text}");
        }
    }
    for file in manifest.playbook.iter().chain(&manifest.investigation) {
        if let Ok(text) = package.files().text(file) {
            let _ = write!(out, "\n{file}\n\n{text}");
        }
    }
    out
}

fn show_behaviours(package: &Package, out: &mut String) {
    out.push_str("\nBehaviours\n");
    for behaviour in &package.manifest.behaviours {
        let atomic = behaviour.atomic.as_ref();
        let atomic = atomic.map(|atomic| format!(" (Atomic Red Team {} {})", atomic.technique, atomic.guid));
        let _ = writeln!(out, "  {}: {}{}", behaviour.id, behaviour.title, atomic.unwrap_or_default());
        for command in &behaviour.commands {
            for text in command.run.trim().lines() {
                let _ = writeln!(out, "    {} {text}", prompt(&command.shell));
            }
        }
    }
}

/// The prompt of a shell.
fn prompt(shell: &str) -> &'static str {
    match shell {
        "powershell" => "PS>",
        "browser" => "open",
        _ => "$",
    }
}
