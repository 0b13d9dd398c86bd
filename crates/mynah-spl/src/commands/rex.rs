//! Fields from texts by regular expressions.
use super::prelude::*;
use datafusion::arrow::datatypes::DataType;
use mynah_dialect::{Flavour, regex};
use mynah_kernels::{Cell, Code, Function, Groups, Regex, RegexError, Resources, call};
use mynah_syntax::Span;
use serde::{Deserialize, Serialize};

pub(super) static COMMANDS: [Entry; 1] = [command(
    "rex [field=FIELD] [max_match=N] \"REGEX\"",
    "Fields from the named groups of a regular expression; where it is not found they stay as they are. mode=sed replaces in the field.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/rex",
    rex,
)];

fn rex(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut field = Spanned::new("_raw".to_owned(), arguments.name.span);
    // How many matches count; 0 for all.
    let mut max_match = 1;
    let (mut sed, mut offset_field, mut text) = (false, None, None);
    while !arguments.is_empty() {
        if let Some((name, value)) = arguments.option(&["field", "max_match", "mode", "offset_field"])? {
            match name {
                "field" => field = value,
                "max_match" => max_match = whole(&value)?,
                "offset_field" => offset_field = Some(value),
                _ if value.node.eq_ignore_ascii_case("sed") => sed = true,
                _ => {
                    let message = format!("`{}` is no mode of rex: sed", value.node);
                    return Err(Diagnostic::error("spl/syntax", message, value.span));
                }
            }
            continue;
        }
        if text.is_none() && !arguments.rest_text().starts_with('"') {
            // Without quotes the expression goes to the end.
            let rest = arguments.rest();
            arguments.seek(rest.end);
            text = Some(Spanned::new(rest.of(arguments.text).trim_matches('\'').to_owned(), rest));
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
    let needs = Needs::of([&field]);
    if sed {
        let needs = needs.make_all(offset_field.map(|field: Spanned<String>| field.node));
        return on_rows(needs, (field.node, sed_script(&text)?), |(field, change), rows, _, planner| {
            let changed = rows.scope().get(field).map(|_| (field.clone(), change.clone().typed(rows.column(field))));
            rows.with(changed.into_iter().collect(), planner)
        });
    }
    let regex = regular_expression(&text)?;
    let groups = groups(&regex);
    if groups.is_empty() {
        let message = "the regular expression has no named group, so that it makes no field";
        return Err(Diagnostic::error("spl/rex-no-group", message, text.span)
            .with_help("name what is to become a field: `(?<name>...)`"));
    }
    let mut made: Vec<(String, RexCall)> = Vec::new();
    for (group, name) in groups {
        made.push((name, RexCall::Extract { regex: regex.clone(), group, most: max_match }));
    }
    let offsets = offset_field.map(|field| (field.node, RexCall::Offsets { regex }));
    let needs = needs.make_all(made.iter().chain(&offsets).map(|(name, _)| name));
    on_rows(needs, (field.node, made, offsets), |(field, made, offsets), rows, _, planner| {
        let text = rows.column(field);
        let found = |(name, call): &(String, RexCall)| (name.clone(), call.clone().typed(text.clone()));
        let kept = |(name, new): (String, Typed)| (name.clone(), or_keep(new, rows.column(&name)));
        let columns = made.iter().map(found).map(kept).chain(offsets.iter().map(found)).collect();
        rows.with(columns, planner)
    })
}

/// Fields from the named groups of a regular expression over a field, where it is found.
pub(crate) struct Extraction {
    field: String,
    made: Vec<(String, RexCall)>,
}

impl Extraction {
    /// # Errors
    /// Where the regular expression is broken.
    pub(crate) fn parse(text: &str, field: &str) -> Result<Extraction, Diagnostic> {
        let regex = regular_expression(&Spanned::new(text.to_owned(), Span::default()))?;
        let call = |(group, name)| (name, RexCall::Extract { regex: regex.clone(), group, most: 1 });
        Ok(Extraction { field: field.to_owned(), made: groups(&regex).into_iter().map(call).collect() })
    }

    pub(crate) fn field(&self) -> &str {
        &self.field
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.made.iter().map(|(name, _)| name.as_str())
    }

    pub(crate) fn makes(&self, name: &str) -> bool {
        self.made.iter().any(|(made, _)| made == name)
    }

    pub(crate) fn columns(&self, rows: &Rows) -> Vec<(String, Typed)> {
        let text = rows.column(&self.field);
        let of = |(name, call): &(String, RexCall)| {
            (name.clone(), or_keep(call.clone().typed(text.clone()), rows.column(name)))
        };
        self.made.iter().map(of).collect()
    }
}

/// A regular expression of a command, compiled.
pub(super) fn regular_expression(text: &Spanned<String>) -> Result<Regex, Diagnostic> {
    regex(&text.node, Flavour::Pcre).map_err(|error| Diagnostic::error("spl/regex", error.to_string(), text.span))
}

/// `s/regex/replacement/flags` or `y/from/to/`.
fn sed_script(text: &Spanned<String>) -> Result<RexCall, Diagnostic> {
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
            let nth = if flags.contains('g') { None } else { Some(nth.parse().unwrap_or(1)) };
            Ok(RexCall::Substitute { regex, replacement: second.clone(), nth })
        }
        'y' if first.chars().count() == second.chars().count() => {
            Ok(RexCall::Transliterate { from: first.chars().collect(), to: second.chars().collect() })
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

/// The named groups of a regular expression, each name once.
fn groups(regex: &Regex) -> Vec<(usize, String)> {
    let mut groups: Vec<(usize, String)> = Vec::new();
    for (group, name) in regex.group_names().into_iter().enumerate() {
        groups.extend(name.filter(|name| !groups.iter().any(|(_, known)| known == name)).map(|name| (group, name)));
    }
    groups
}

/// What rex makes of a text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum RexCall {
    /// A group of the first so many matches.
    Extract { regex: Regex, group: usize, most: usize },
    /// Where the named groups of the first match are.
    Offsets { regex: Regex },
    /// The text with matches replaced: all of them, or the one of this number.
    Substitute { regex: Regex, replacement: String, nth: Option<usize> },
    /// The text with characters replaced.
    Transliterate { from: Vec<char>, to: Vec<char> },
}

impl Function for RexCall {
    const NAME: &'static str = "spl.rex";

    fn returns(&self) -> DataType {
        match self {
            RexCall::Extract { most, .. } if *most != 1 => Type::Multi.data_type(),
            _ => DataType::Utf8,
        }
    }

    fn code(&self, _: &Resources) -> datafusion::common::Result<Code> {
        let call = self.clone();
        Ok(Code::try_row(move |row| match row {
            [Cell::Text(text)] => Ok(call.run(text)?),
            _ => Ok(Cell::Null),
        }))
    }
}

impl RexCall {
    fn typed(self, text: Typed) -> Typed {
        let ty = if self.returns() == DataType::Utf8 { Type::Text } else { Type::Multi };
        Typed::new(call(self, vec![text.into_text()]), ty)
    }

    fn run(&self, text: &str) -> Result<Cell<'static>, RegexError> {
        Ok(match self {
            RexCall::Extract { regex, group, most: 1 } => {
                regex.captures(text, 0)?.and_then(|groups| groups.get(*group).map(Cell::text)).into()
            }
            RexCall::Extract { regex, group, most } => {
                let matches = regex.all_captures(text, if *most == 0 { usize::MAX } else { *most })?;
                let found: Vec<_> = matches.iter().filter_map(|groups| groups.get(*group)).map(Cell::text).collect();
                if found.is_empty() { Cell::Null } else { Cell::List(found) }
            }
            RexCall::Offsets { regex } => {
                let Some(groups) = regex.captures(text, 0)? else { return Ok(Cell::Null) };
                let named = regex.group_names().into_iter().enumerate();
                let places = named.filter_map(|(group, name)| Some((name?, groups.span(group)?)));
                let places = places.map(|(name, (start, end))| format!("{name}={start}-{}", end.saturating_sub(1)));
                Cell::text(places.collect::<Vec<_>>().join("&"))
            }
            RexCall::Substitute { regex, replacement, nth: None } => {
                Cell::text(regex.replace(text, usize::MAX, |groups| filled(replacement, groups))?.into_owned())
            }
            RexCall::Substitute { regex, replacement, nth: Some(nth) } => {
                let matches = regex.all_captures(text, (*nth).max(1))?;
                let found = matches.get(nth.saturating_sub(1));
                match found.and_then(|groups| Some((groups, groups.span(0)?))) {
                    Some((groups, (start, end))) => {
                        let (before, after) = (text.get(..start).unwrap_or(""), text.get(end..).unwrap_or(""));
                        Cell::text(format!("{before}{}{after}", filled(replacement, groups)))
                    }
                    None => Cell::text(text),
                }
            }
            RexCall::Transliterate { from, to } => {
                let other =
                    |c| from.iter().position(|known| *known == c).and_then(|at| to.get(at)).copied().unwrap_or(c);
                Cell::text(text.chars().map(other).collect::<String>())
            }
        })
    }
}

/// sed's replacement with `\1` and `&` filled in.
fn filled(replacement: &str, groups: &Groups<'_>) -> String {
    let mut out = String::new();
    let mut chars = replacement.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(digit) if digit.is_ascii_digit() => {
                    out.push_str(groups.get(digit as usize - '0' as usize).unwrap_or_default());
                }
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            '&' => out.push_str(groups.get(0).unwrap_or_default()),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn sed_scripts_have_three_parts() {
        let script = |text: &str| sed_script(&Spanned::new(text.to_owned(), Span::at(0)));
        let substituted = script(r"s/(a)\/b/<\1&$>/g").unwrap().run("a/b a/b").unwrap();
        assert_eq!(substituted.as_text(), Some("<aa/b$> <aa/b$>"));
        assert_eq!(script("s/a/x/2").unwrap().run("aaa").unwrap().as_text(), Some("axa"));
        assert!(script("y/abc/xyz/").is_ok());
        assert!(script("y/abc/x/").is_err());
        assert!(script("s/a").is_err());
    }
}
