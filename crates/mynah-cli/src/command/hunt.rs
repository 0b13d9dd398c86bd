//! `mynah hunt`.
use crate::arguments::{Hunt, Queries, Run};
use crate::command::run;
use crate::exit::{Failure, Status};
use crate::{detections, terminal};
use mynah::{Hunting, QueryFile};
use mynah_detection::HuntQuery;
use mynah_syntax::nearest;
use std::io::Write;

/// `mynah hunt`.
pub(crate) fn hunt(arguments: &Hunt) -> Result<Status, Failure> {
    let known = known(arguments)?;
    if arguments.names.is_empty() {
        if !arguments.data.paths.is_empty() {
            let message = "name the hunting queries to run; `mynah hunt` lists them";
            return Err(Failure::Usage(message.to_owned()));
        }
        write!(terminal::neutral_stdout(), "{}", list(&known))?;
        return Ok(Status::Ran);
    }
    let wanted = arguments.names.iter().map(|name| find(&known, name)).collect::<Result<Vec<&Hunting>, Failure>>()?;
    if arguments.show {
        wanted.into_iter().try_for_each(|hunting| show(hunting, &mut terminal::neutral_stdout()))?;
        return Ok(Status::Ran);
    }
    if arguments.data.paths.is_empty() {
        return Err(Failure::Usage("name the logs with --data, or see the queries with --show".to_owned()));
    }
    let file = |hunting: &Hunting, query: HuntQuery<'_>| QueryFile {
        name: format!("{}/{}", hunting.name, query.hunt.query),
        text: query.text.to_owned(),
        dialect: query.dialect,
    };
    let queries = wanted.iter().flat_map(|hunting| hunting.queries().map(|query| Ok(file(hunting, query))));
    run::run_queries(&as_run(arguments), queries.collect())
}

/// All there is: packages of hunting queries, and detections that have some.
fn known(arguments: &Hunt) -> Result<Vec<Hunting>, Failure> {
    let folders = &arguments.catalog;
    let mut known = match folders.is_empty() || folders.iter().any(|folder| Hunting::is_at(folder)) {
        true => detections::hunting(folders)?,
        false => Vec::new(),
    };
    if folders.is_empty() || folders.iter().any(|folder| mynah::Catalog::is_at(folder)) {
        known.extend(detections::load(folders)?.packages().iter().filter_map(Hunting::of_detection));
    }
    Ok(known)
}

fn find<'h>(known: &'h [Hunting], name: &str) -> Result<&'h Hunting, Failure> {
    let found = known.iter().find(|hunting| hunting.name.eq_ignore_ascii_case(name));
    found.ok_or_else(|| {
        let names = || known.iter().map(|hunting| hunting.name.as_str());
        let meant = nearest(name, names()).map(|meant| format!("did you mean `{meant}`? ")).unwrap_or_default();
        let names = names().collect::<Vec<_>>().join(", ");
        Failure::Usage(format!("no hunting queries are called `{name}`: {meant}there are {names}"))
    })
}

fn list(known: &[Hunting]) -> String {
    let mut table = terminal::table();
    table.set_header(["name", "title", "queries"]);
    for hunting in known {
        let queries = hunting.queries().map(|query| format!("{} ({})", query.hunt.title, query.dialect));
        table.add_row([hunting.name.clone(), hunting.title.clone(), queries.collect::<Vec<_>>().join("\n")]);
    }
    format!("{table}\nmynah hunt NAME --data logs/ runs them, mynah hunt NAME --show writes them\n")
}

fn show(hunting: &Hunting, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{} ({})\n\n{}", hunting.title, hunting.name, hunting.description.trim())?;
    for query in hunting.queries() {
        writeln!(out, "\n{}\n  {}\n", query.hunt.title, query.hunt.description.trim())?;
        query.text.lines().try_for_each(|line| writeln!(out, "    {line}"))?;
    }
    writeln!(out)
}

/// The arguments of the run that a hunt is.
fn as_run(arguments: &Hunt) -> Run {
    Run {
        queries: Queries { files: Vec::new(), query: None, lang: None },
        data: arguments.data.clone(),
        now: arguments.now,
        format: arguments.format,
        size: None,
        events: false,
        why: false,
        fail_on_findings: false,
        strict_data: false,
        threads: arguments.threads,
        no_prefilter: false,
        site: arguments.site.clone(),
        quiet: arguments.quiet,
    }
}
