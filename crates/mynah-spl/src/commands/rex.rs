use super::Token;
use super::arguments::whole;
use super::{Arguments, Command};
use crate::expression::{Type, Typed, case};
use crate::functions::pcre;
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use ::regex::Regex;
use datafusion::arrow::datatypes::DataType;
use mynah_dialect::FunctionDoc;
use mynah_kernels::{Cell, row_function};
use mynah_syntax::{Diagnostic, Spanned};

/// What `rex` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "rex",
    usage: "rex [field=FIELD] [max_match=N] \"REGEX\"",
    summary: "Fields from the named groups of a regular expression; where it is not found they stay as they are. mode=sed replaces in the field.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/rex",
    examples: &[],
};

#[derive(Debug)]
struct Rex {
    field: Spanned<String>,
    /// How many matches count; 0 for all.
    max_match: usize,
    offset_field: Option<Spanned<String>>,
    work: Work,
}

#[derive(Debug)]
enum Work {
    Extract(Regex),
    Substitute { regex: Regex, replacement: String, all: bool, nth: usize },
    Transliterate { from: Vec<char>, to: Vec<char> },
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let mut field = Spanned::new("_raw".to_owned(), arguments.name.span);
    let (mut max_match, mut sed, mut offset_field, mut text) = (1, false, None, None);
    while !arguments.is_empty() {
        if let Some((name, value)) = arguments.option(&["field", "max_match", "mode", "offset_field"])? {
            match name {
                "field" => field = value,
                "max_match" => max_match = whole(&value)?,
                "offset_field" => offset_field = Some(value),
                _ if value.node.eq_ignore_ascii_case("sed") => sed = true,
                _ => {
                    return Err(Diagnostic::error(
                        "spl/syntax",
                        format!("`{}` is no mode of rex: sed", value.node),
                        value.span,
                    ));
                }
            }
            continue;
        }
        match arguments.next()? {
            Some(Spanned { node: Token::Quoted(pattern), span }) if text.is_none() => {
                text = Some(Spanned::new(pattern, span))
            }
            Some(other) => return Err(arguments.wrong(other.span, "a regular expression in double quotes")),
            None => break,
        }
    }
    let Some(text) = text else {
        return Err(arguments.wrong(arguments.name.span, "a regular expression in double quotes"));
    };
    let work = if sed { sed_script(&text)? } else { Work::Extract(regular_expression(&text)?) };
    if let Work::Extract(regex) = &work
        && regex.capture_names().flatten().next().is_none()
    {
        return Err(Diagnostic::error(
            "spl/rex-no-group",
            "the regular expression has no named group, so that it makes no field",
            text.span,
        )
        .with_help("name what is to become a field: `(?<name>...)`"));
    }
    Ok(Box::new(Rex { field, max_match, offset_field, work }))
}

/// A regular expression of a command, compiled.
pub(super) fn regular_expression(text: &Spanned<String>) -> Result<Regex, Diagnostic> {
    pcre::compile(&text.node).map_err(|error| Diagnostic::error("spl/regex", error.to_string(), text.span))
}

/// `s/regex/replacement/flags` or `y/from/to/`.
fn sed_script(text: &Spanned<String>) -> Result<Work, Diagnostic> {
    let wrong =
        || Diagnostic::error("spl/syntax", "a sed script is `s/regex/replacement/flags` or `y/from/to/`", text.span);
    let mut chars = text.node.chars();
    let (command, delimiter) = (chars.next().ok_or_else(wrong)?, chars.next().ok_or_else(wrong)?);
    let parts = sed_parts(chars.as_str(), delimiter);
    let [first, second, flags] = parts.as_slice() else { return Err(wrong()) };
    match command {
        's' => {
            let insensitive = if flags.contains(['i', 'I']) { "(?i)" } else { "" };
            let regex = regular_expression(&Spanned::new(format!("{insensitive}{first}"), text.span))?;
            let nth: String = flags.chars().filter(char::is_ascii_digit).collect();
            Ok(Work::Substitute {
                regex,
                replacement: replacement(second),
                all: flags.contains('g'),
                nth: nth.parse().unwrap_or(1),
            })
        }
        'y' if first.chars().count() == second.chars().count() => {
            Ok(Work::Transliterate { from: first.chars().collect(), to: second.chars().collect() })
        }
        _ => Err(wrong()),
    }
}

/// Cuts at the delimiter, where no backslash stands before it.
fn sed_parts(text: &str, delimiter: char) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\\' {
            match chars.next() {
                Some(next) if next == delimiter => part.push(next),
                Some(next) => part.extend([c, next]),
                None => part.push(c),
            }
        } else if c == delimiter && parts.len() < 2 {
            parts.push(std::mem::take(&mut part));
        } else {
            part.push(c);
        }
    }
    parts.push(part);
    parts
}

/// sed's `\1` and `&` in the syntax of the `regex` crate.
fn replacement(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(digit) if digit.is_ascii_digit() => out.push_str(&format!("${{{digit}}}")),
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('$') => out.push_str("$$"),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            '$' => out.push_str("$$"),
            '&' => out.push_str("${0}"),
            _ => out.push(c),
        }
    }
    out
}

impl Rex {
    fn names(&self) -> Vec<String> {
        match &self.work {
            Work::Extract(regex) => {
                let mut names: Vec<String> = Vec::new();
                for name in regex.capture_names().flatten() {
                    if !names.iter().any(|known| known == name) {
                        names.push(name.to_owned());
                    }
                }
                names
            }
            _ => Vec::new(),
        }
    }

    fn extract(&self, regex: &Regex, name: &str, text: Typed) -> Typed {
        let (max_match, regex, group) = (self.max_match, regex.clone(), name.to_owned());
        let key = format!("spl_rex {max_match} {name:?} {:?}", regex.as_str());
        let ty = if max_match == 1 { Type::Text } else { Type::Multi };
        let returns = if max_match == 1 { DataType::Utf8 } else { mynah_view::FieldType::TEXTS.data_type() };
        let function = row_function(key, returns, move |row| {
            let [Cell::Text(text)] = row else { return Cell::Null };
            if max_match == 1 {
                let found = regex
                    .captures(text)
                    .and_then(|captures| captures.name(&group).map(|found| found.as_str().to_owned()));
                return found.map(Cell::text).into();
            }
            let most = if max_match == 0 { usize::MAX } else { max_match };
            let found: Vec<String> = regex
                .captures_iter(text)
                .take(most)
                .filter_map(|captures| captures.name(&group).map(|found| found.as_str().to_owned()))
                .collect();
            if found.is_empty() { Cell::Null } else { Cell::texts(found) }
        });
        Typed { expr: function.call(vec![text.into_text()]), ty }
    }

    fn offsets(&self, regex: &Regex, text: Typed) -> Typed {
        let regex = regex.clone();
        let key = format!("spl_rex_offsets {:?}", regex.as_str());
        let function = row_function(key, DataType::Utf8, move |row| {
            let [Cell::Text(text)] = row else { return Cell::Null };
            let Some(captures) = regex.captures(text) else { return Cell::Null };
            let places: Vec<String> = regex
                .capture_names()
                .flatten()
                .filter_map(|name| captures.name(name).map(|found| (name, found)))
                .map(|(name, found)| format!("{name}={}-{}", found.start(), found.end().saturating_sub(1)))
                .collect();
            Cell::text(places.join("&"))
        });
        Typed { expr: function.call(vec![text.into_text()]), ty: Type::Text }
    }

    fn substitute(&self, text: Typed) -> Typed {
        let function = match &self.work {
            Work::Extract(_) => return text,
            Work::Substitute { regex, replacement, all, nth } => {
                let (regex, replacement, all, nth) = (regex.clone(), replacement.clone(), *all, *nth);
                let key = format!("spl_sed {:?} {replacement:?} {all} {nth}", regex.as_str());
                row_function(key, DataType::Utf8, move |row| {
                    let [Cell::Text(text)] = row else { return Cell::Null };
                    if all {
                        return Cell::text(regex.replace_all(text, replacement.as_str()).into_owned());
                    }
                    let Some(captures) = regex.captures_iter(text).nth(nth.saturating_sub(1)) else {
                        return Cell::text(text.as_ref());
                    };
                    let Some(whole) = captures.get(0) else { return Cell::text(text.as_ref()) };
                    let mut out = text.get(..whole.start()).unwrap_or("").to_owned();
                    captures.expand(&replacement, &mut out);
                    out.push_str(text.get(whole.end()..).unwrap_or(""));
                    Cell::text(out)
                })
            }
            Work::Transliterate { from, to } => {
                let (from, to) = (from.clone(), to.clone());
                row_function(format!("spl_sed_y {from:?} {to:?}"), DataType::Utf8, move |row| {
                    let [Cell::Text(text)] = row else { return Cell::Null };
                    let other = |c: char| {
                        from.iter().position(|known| *known == c).and_then(|at| to.get(at)).copied().unwrap_or(c)
                    };
                    Cell::text(text.chars().map(other).collect::<String>())
                })
            }
        };
        Typed { expr: function.call(vec![text.into_text()]), ty: Type::Text }
    }
}

/// The new value, or the old one where there is none.
pub(super) fn or_keep(new: Typed, old: Typed) -> Typed {
    match (new.ty, old.ty) {
        (_, Type::Null) => return new,
        (Type::Null, _) => return old,
        _ => {}
    }
    let ty = crate::expression::unify([new.ty, old.ty]);
    let (new, old) = (new.into_type(ty), old.into_type(ty));
    Typed { expr: case(vec![(new.clone().is_not_null(), new)], Some(old), ty), ty }
}

impl Command for Rex {
    fn needs(&self) -> Needs {
        let mut needs = Needs::default().read(self.field.node.clone(), self.field.span);
        for name in self.names().into_iter().chain(self.offset_field.iter().map(|field| field.node.clone())) {
            needs = needs.make(name);
        }
        needs
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let text = rows.column(&self.field.node);
        let mut columns = Vec::new();
        match &self.work {
            Work::Extract(regex) => {
                for name in self.names() {
                    let value = or_keep(self.extract(regex, &name, text.clone()), rows.column(&name));
                    columns.push((name, value));
                }
                if let Some(field) = &self.offset_field {
                    columns.push((field.node.clone(), self.offsets(regex, text)));
                }
            }
            _ if rows.scope().get(&self.field.node).is_some() => {
                columns.push((self.field.node.clone(), self.substitute(text)))
            }
            _ => {}
        }
        rows.with(columns, planner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mynah_syntax::Span;

    #[test]
    fn sed_scripts_have_three_parts() {
        let script = |text: &str| sed_script(&Spanned::new(text.to_owned(), Span::at(0)));
        assert!(
            matches!(script(r"s/a\/b/<\1&$>/g").unwrap(), Work::Substitute { replacement, all: true, .. } if replacement == "<${1}${0}$$>")
        );
        assert!(script("y/abc/xyz/").is_ok());
        assert!(script("y/abc/x/").is_err());
        assert!(script("s/a").is_err());
    }
}
