use super::conf::{Conf, truth};
use mynah_dialect::{Macro, Site};

/// Adds the macros of a macros.conf: stanzas `[name]` and `[name(2)]`.
pub(super) fn load(conf: &Conf, site: &mut Site) {
    for (stanza, settings) in &conf.stanzas {
        let Some(definition) = settings.get("definition") else { continue };
        let (name, count) = match stanza.split_once('(') {
            Some((name, rest)) => (name.trim(), rest.trim_end_matches(')').trim().parse().unwrap_or(0)),
            None => (stanza.as_str(), 0),
        };
        let arguments: Vec<String> = settings
            .get("args")
            .map(|args| args.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect())
            .unwrap_or_default();
        let is_eval = settings.get("iseval").is_some_and(|value| truth(value));
        let message = settings.get("errormsg").cloned().unwrap_or_else(|| "its arguments are not valid".to_owned());
        let validation = settings.get("validation").filter(|text| !text.is_empty()).map(|text| (text.clone(), message));
        let found = Macro { arguments, definition: definition.clone(), is_eval, validation };
        site.macros.insert((name.to_owned(), count), found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_arguments_is_part_of_the_name() {
        let mut conf = Conf::default();
        conf.add(
            "[f]\ndefinition = a\n[f(2)]\nargs = x, y\ndefinition = $x$=$y$\n[g]\niseval = 1\ndefinition = \"b\"\n",
        );
        let mut site = Site::default();
        load(&conf, &mut site);
        assert_eq!(site.macros[&("f".to_owned(), 0)].definition, "a");
        assert_eq!(site.macros[&("f".to_owned(), 2)].arguments, ["x", "y"]);
        assert!(site.macros[&("g".to_owned(), 0)].is_eval);
    }
}
