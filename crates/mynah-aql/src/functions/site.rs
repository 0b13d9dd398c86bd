//! Functions of what a site has set up in QRadar (`mynah.toml`): reference data, the network hierarchy, assets.
use super::{Call, FunctionCode, RETRIEVAL, RowFunction, name_of, without_value};
use crate::plan::{Type, Typed};
use mynah_dialect::Arity::{self, Between, Exactly};
use mynah_dialect::{Entry, Mode, Network, Site};
use mynah_kernels::{Case, Matcher, text_match};
use mynah_syntax::{Diagnostic, Severity};
use std::collections::BTreeMap;

const fn of_site(
    usage: &'static str,
    summary: &'static str,
    arity: Arity,
    code: fn(&mut Call<'_>) -> Result<Typed, Box<Diagnostic>>,
) -> Entry<FunctionCode> {
    Entry::new(name_of(usage), usage, summary, RETRIEVAL, &[], arity, FunctionCode::Expr(code))
}

pub(super) static FUNCTIONS: [Entry<FunctionCode>; 7] = [
    of_site(
        "ASSETHOSTNAME(address)",
        "The host name of an asset of the site (`mynah.toml`), by its address; no value where it has none. A time, which QRadar takes too, has no effect.",
        Between(1, 3),
        |call| {
            let map = call.context.site.asset_names.clone();
            set_up(call, map.is_empty(), "assets")?;
            call.arguments.truncate(1);
            Ok(call.row(&[Type::Text], RowFunction::ReferenceMap { map }))
        },
    ),
    of_site(
        "FULLNETWORKNAME(address)",
        "The network of the site's hierarchy (`mynah.toml`) that an address is in, with the groups that it is in; no value for a remote address.",
        Between(1, 2),
        |call| network_name(call, true),
    ),
    of_site(
        "NETWORKNAME(address)",
        "The network of the site's hierarchy (`mynah.toml`) that an address is in, without the groups that it is in; no value for a remote address. Of several networks the smallest counts.",
        Between(1, 2),
        |call| network_name(call, false),
    ),
    of_site(
        "REFERENCEMAP('map', key)",
        "What a reference map of the site (`mynah.toml`) has for a key, in its own case; no value where it has nothing.",
        Between(2, 3),
        |call| {
            let map = reference(call, 2, "reference map", |site| &site.reference_maps)?;
            call.arguments.remove(0);
            Ok(call.row(&[Type::Text], RowFunction::ReferenceMap { map }))
        },
    ),
    of_site(
        "REFERENCEMAPSETCONTAINS('map of sets', 'key', value)",
        "Whether the set that a reference map of sets of the site (`mynah.toml`) has for a key holds a value, in its own case.",
        Between(3, 4),
        |call| {
            let sets = reference(call, 3, "reference map of sets", |site| &site.reference_map_sets)?;
            let set = sets.get(call.literal(1)?).cloned().unwrap_or_default();
            let matcher = Matcher::equal(set.iter().map(String::as_str), Case::Exact);
            Ok(Typed::new(text_match(matcher, call.as_text(2)), Type::Boolean))
        },
    ),
    of_site(
        "REFERENCESETCONTAINS('set', value)",
        "Whether a reference set of the site (`mynah.toml`) holds a value, in its own case.",
        Between(2, 3),
        |call| {
            let set = reference(call, 2, "reference set", |site| &site.reference_sets)?;
            let matcher = Matcher::equal(set.iter().map(String::as_str), Case::Exact);
            Ok(Typed::new(text_match(matcher, call.as_text(1)), Type::Boolean))
        },
    ),
    of_site(
        "REFERENCETABLE('table', 'column', key)",
        "What a column of a reference table of the site (`mynah.toml`) has for a key, in its own case; no value where it has nothing.",
        Exactly(3),
        |call| {
            let table = reference(call, 3, "reference table", |site| &site.reference_tables)?;
            let column = call.literal(1)?;
            let map = table.into_iter().filter_map(|(key, mut row)| Some((key, row.remove(column)?))).collect();
            call.arguments.drain(..2);
            Ok(call.row(&[Type::Text], RowFunction::ReferenceMap { map }))
        },
    ),
];

/// The reference data of the site that a call names. What the site does not have is an error, but for `mynah check`, which
/// cannot know, a warning. Behind `most` arguments would be a domain.
fn reference<T: Clone + Default>(
    call: &mut Call<'_>,
    most: usize,
    what: &str,
    of_site: fn(&Site) -> &BTreeMap<String, T>,
) -> Result<T, Box<Diagnostic>> {
    let name = call.literal(0)?;
    if call.arguments.len() > most {
        return Err(call.error(most, format!("{} for a domain cannot be run: files have no domains", call.name)));
    }
    if let Some(found) = of_site(call.context.site).get(name) {
        return Ok(found.clone());
    }
    let missing = Diagnostic {
        code: "aql/unknown-reference",
        severity: if call.context.mode == Mode::Run { Severity::Error } else { Severity::Warning },
        ..*call.error(0, format!("the site has no {what} `{name}`"))
    };
    let section = match what.strip_suffix(" of sets") {
        Some(map) => format!("{}_sets", map.replace(' ', "_")),
        None => format!("{}s", what.replace(' ', "_")),
    };
    let missing = missing.with_help(format!("add it to mynah.toml under [qradar.{section}]"));
    if missing.is_error() {
        return Err(Box::new(missing));
    }
    call.warnings.push(missing);
    Ok(T::default())
}

/// Says so where the site has not set up what a function asks for. `mynah check` cannot know the site.
fn set_up(call: &mut Call<'_>, is_missing: bool, section: &str) -> Result<(), Box<Diagnostic>> {
    if !is_missing {
        return Ok(());
    }
    let decides = call.decides && call.context.mode == Mode::Run;
    let said = without_value(call.name, &format!("the site has no {section}"), call.span, decides)?;
    call.warnings.push(said.with_help(format!("add them to mynah.toml under [qradar.{section}]")));
    Ok(())
}

fn network_name(call: &mut Call<'_>, full: bool) -> Result<Typed, Box<Diagnostic>> {
    let mut networks = networks(call.context.site);
    set_up(call, networks.is_empty(), "networks")?;
    call.arguments.truncate(1);
    if !full {
        for (name, _) in &mut networks {
            *name = name.rsplit('.').next().unwrap_or_default().to_owned();
        }
    }
    Ok(call.row(&[Type::Text], RowFunction::NetworkName { networks }))
}

/// The networks of a site, the smallest first: QRadar takes the one that fits best.
pub(crate) fn networks(site: &Site) -> Vec<(String, Network)> {
    let all = site.networks.iter().flat_map(|(name, networks)| networks.iter().map(|network| (name.clone(), *network)));
    let mut all: Vec<(String, Network)> = all.collect();
    all.sort_by_key(|(_, network)| std::cmp::Reverse(network.prefix_length()));
    all
}
