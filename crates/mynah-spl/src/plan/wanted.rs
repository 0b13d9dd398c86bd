use mynah_syntax::Spanned;

/// What a command needs of the columns before it, and what it does to them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Needs {
    /// Fields it reads, patterns with `*` too.
    pub reads: Vec<Spanned<String>>,
    /// Fields that it reads where they are there: nobody's misspellings, patterns with `*` too.
    pub may_read: Vec<Spanned<String>>,
    /// Fields that have another value after it in any case.
    pub makes: Vec<String>,
    /// Whether it makes fields whose names only the data knows.
    pub makes_any: bool,
    /// Whether nothing but what it makes comes out of it.
    pub closes: bool,
    /// What stands before the names of the fields that come out of it, and did not before it.
    pub prefix: Option<String>,
    /// Patterns of fields that have other names after it, and the patterns of these names.
    pub renames: Vec<(String, String)>,
}

impl Needs {
    /// What reads these fields.
    pub(crate) fn of<'f>(fields: impl IntoIterator<Item = &'f Spanned<String>>) -> Self {
        Needs::default().read_all(fields.into_iter().cloned())
    }

    pub(crate) fn read_all(mut self, names: impl IntoIterator<Item = Spanned<String>>) -> Self {
        self.reads.extend(names);
        self
    }

    pub(crate) fn maybe_read(mut self, names: impl IntoIterator<Item = Spanned<String>>) -> Self {
        self.may_read.extend(names);
        self
    }

    pub(crate) fn rename(mut self, from: &str, to: &str) -> Self {
        self.renames.push((from.to_owned(), to.to_owned()));
        self
    }

    /// What a field is called before it, where its name after it fits one of the renamed patterns.
    fn old_name(&self, name: &str) -> Option<String> {
        self.renames.iter().find_map(|(from, to)| Some(filled(from, &stars(to, name)?)))
    }

    /// Whether no field keeps this name.
    fn renames_away(&self, name: &str) -> bool {
        self.renames.iter().any(|(from, _)| pattern_means(from, name))
    }

    pub(crate) fn make(mut self, name: impl Into<String>) -> Self {
        self.makes.push(name.into());
        self
    }

    pub(crate) fn make_all(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.makes.extend(names.into_iter().map(Into::into));
        self
    }

    pub(crate) fn close(mut self) -> Self {
        self.closes = true;
        self
    }

    pub(crate) fn prefixed(mut self, prefix: Option<String>) -> Self {
        self.prefix = prefix;
        self
    }

    pub(crate) fn make_any(mut self) -> Self {
        self.makes_any = true;
        self
    }
}

/// The fields that a stretch of pipeline wants from what stands before it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    /// Each once, with the place that mentions it first; patterns with `*` too.
    pub names: Vec<Spanned<String>>,
    /// The names among them that may come from a command whose fields only the data knows: not to be
    /// called unknown.
    pub unsure: Vec<String>,
}

impl Wanted {
    /// What is wanted before a command, given what is wanted after it.
    pub(crate) fn before(&self, needs: &Needs) -> Wanted {
        let mut before = Wanted::default();
        for name in &needs.reads {
            before.add(name.clone());
        }
        if !needs.closes {
            for name in self.names.iter().filter(|name| !needs.makes.contains(&name.node)) {
                if let Some(old) = needs.old_name(&name.node) {
                    before.unsure.push(old.clone());
                    before.add(Spanned::new(old, name.span));
                }
                if needs.renames_away(&name.node) {
                    continue;
                }
                before.add(name.clone());
                if let Some(prefix) = &needs.prefix
                    && let Some(plain) = name.node.strip_prefix(prefix.as_str())
                {
                    before.unsure.push(plain.to_owned());
                    before.add(Spanned::new(plain.to_owned(), name.span));
                }
                if (needs.makes_any || self.unsure.contains(&name.node)) && !before.unsure.contains(&name.node) {
                    before.unsure.push(name.node.clone());
                }
            }
            // What the command itself reads is there before it, or should be.
            before.unsure.retain(|name| !needs.reads.iter().any(|read| read.node == *name));
        }
        for name in &needs.may_read {
            if !before.names.iter().any(|known| known.node == name.node) {
                before.unsure.push(name.node.clone());
                before.add(name.clone());
            }
        }
        before
    }

    /// Adds a name; of two mentions the earlier counts.
    pub(crate) fn add(&mut self, name: Spanned<String>) {
        match self.names.iter_mut().find(|known| known.node == name.node) {
            Some(known) if name.span.start < known.span.start => known.span = name.span,
            Some(_) => {}
            None => self.names.push(name),
        }
    }

    /// Those that are no patterns, in the order in which the query mentions them.
    pub(crate) fn in_order(&self) -> Vec<Spanned<String>> {
        let mut names: Vec<_> = self.names.iter().filter(|name| !name.node.contains('*')).cloned().collect();
        names.sort_by_key(|name| name.span.start);
        names
    }

    /// The patterns.
    pub(crate) fn patterns(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.names.iter().filter(|name| name.node.contains('*'))
    }
}

/// Whether a field's name fits a pattern in which `*` is any number of characters.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    stars(pattern, name).is_some()
}

/// Whether a pattern means a field: as [`matches`], and internal fields only if it names them.
pub(crate) fn pattern_means(pattern: &str, name: &str) -> bool {
    (!name.starts_with('_') || pattern.starts_with('_')) && matches(pattern, name)
}

/// What each `*` of a pattern stands for in a name that fits it.
pub(crate) fn stars<'a>(pattern: &str, name: &'a str) -> Option<Vec<&'a str>> {
    let mut parts = pattern.split('*');
    let mut rest = name.strip_prefix(parts.next()?)?;
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty().then(Vec::new) };
    let mut found = Vec::new();
    for part in middle {
        let at = rest.find(part)?;
        found.push(rest.get(..at)?);
        rest = rest.get(at + part.len()..)?;
    }
    found.push(rest.strip_suffix(last)?);
    Some(found)
}

/// The name that a pattern makes with these in place of its `*`.
pub(crate) fn filled(pattern: &str, stars: &[&str]) -> String {
    let mut stars = stars.iter();
    let mut name = String::new();
    for (i, part) in pattern.split('*').enumerate() {
        if i > 0 {
            name.push_str(stars.next().copied().unwrap_or(""));
        }
        name.push_str(part);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use mynah_syntax::Span;

    #[test]
    fn stars_stand_for_what_is_between_the_rest() {
        assert_eq!(stars("Processes.*", "Processes.user"), Some(vec!["user"]));
        assert_eq!(stars("*_a_*", "x_a_y"), Some(vec!["x", "y"]));
        assert_eq!(stars("a", "a"), Some(vec![]));
        assert_eq!(stars("a", "ab"), None);
        assert!(matches("*", ""));
    }

    #[test]
    fn what_a_command_makes_is_not_wanted_before_it() {
        let spanned = |name: &str, at| Spanned::new(name.to_owned(), Span::at(at));
        let after = Wanted { names: vec![spanned("a", 9), spanned("b", 8)], unsure: vec![] };
        let before = after.before(&Needs::of([&spanned("c", 3)]).make("a"));
        assert_eq!(before.in_order().into_iter().map(|n| n.node).collect::<Vec<_>>(), ["c", "b"]);
        assert!(after.before(&Needs::default().close()).in_order().is_empty());
    }

    #[test]
    fn fields_are_wanted_by_the_names_that_they_have_before_a_rename() {
        let spanned = |name: &str| Spanned::new(name.to_owned(), Span::at(0));
        let after = Wanted { names: vec![spanned("p_h"), spanned("_time")], unsure: vec![] };
        let before = after.before(&Needs::of([&spanned("*")]).rename("*", "p_*"));
        let names: Vec<_> = before.names.into_iter().map(|name| name.node).collect();
        assert_eq!(names, ["*", "h", "_time"]);
    }
}
