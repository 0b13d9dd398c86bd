//! Figures of a data model or of the index.
use super::datamodel::model_and_dataset;
use super::prelude::*;
use super::search::{reads, resolve};
use super::span::{Buckets, Width, span};
use super::{aggregation, by};
use crate::aggregates::AggregateCall;
use crate::datamodel;
use crate::pipeline::quotes::end_of_quoted;
use crate::plan::{append, events};
use crate::search::{self, Search};
use mynah_syntax::Span;

pub(super) static COMMANDS: [Entry; 1] = [generating(bracketed(command(
    "tstats FUNCTION(FIELD) [AS NAME] ... [FROM datamodel=MODEL.DATASET] [WHERE SEARCH] [BY FIELD, ... [span=SPAN]]",
    "As stats, over the fields of a data model or of the index; names keep the dataset in front until they are renamed.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/tstats",
    tstats,
)))];

#[derive(Debug)]
struct TStats {
    calls: Vec<AggregateCall>,
    /// A data model, and one of its datasets.
    source: Option<(Spanned<String>, Option<String>)>,
    filter: Search,
    by: Vec<Spanned<String>>,
    buckets: Option<Buckets>,
    fill: Option<String>,
    append: bool,
    /// Whether the rows are given to the command behind it as they are, which calculates.
    prestats: bool,
}

const OPTIONS: &[&str] = &[
    "prestats",
    "local",
    "append",
    "summariesonly",
    "include_reduced_buckets",
    "allow_old_summaries",
    "use_summary_index_values",
    "chunk_size",
    "fillnull_value",
];

impl TStats {
    fn options(&mut self, arguments: &mut Arguments<'_>) -> Result<(), Diagnostic> {
        while let Some((name, value)) = arguments.option(OPTIONS)? {
            match name {
                "prestats" => self.prestats = truth(&value)?,
                "append" => self.append = truth(&value)?,
                "fillnull_value" => self.fill = Some(value.node),
                _ => {}
            }
        }
        Ok(())
    }
}

fn tstats(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Parsed {
    let mut tstats = TStats {
        calls: Vec::new(),
        source: None,
        filter: Search::And(Vec::new()),
        by: Vec::new(),
        buckets: None,
        fill: None,
        append: false,
        prestats: false,
    };
    // Options stand before and between the functions.
    loop {
        tstats.options(arguments)?;
        match aggregation::next_call(arguments, &["from", "where", "by", "groupby"])? {
            Some(call) => tstats.calls.push(call),
            None => break,
        }
    }
    if tstats.calls.is_empty() {
        return Err(arguments.wrong(arguments.rest(), "a function such as `count` or `values(field)`"));
    }
    if arguments.keyword("from") {
        let at = arguments.rest();
        match arguments.option(&["datamodel", "sid"])? {
            Some(("datamodel", value)) => tstats.source = Some(model_and_dataset(whole_name(arguments, value))),
            _ => return Err(arguments.wrong(at, "`datamodel=` and the name of a data model")),
        }
        tstats.options(arguments)?;
    }
    if arguments.keyword("where") {
        let rest = arguments.rest();
        let end = keyword(parsing.text, rest, &["by", "groupby"]).unwrap_or(rest.end);
        let range = Span::new(rest.start, end);
        tstats.filter = search::parse(parsing, range)?;
        arguments.seek(end);
    }
    if arguments.keyword("by") || arguments.keyword("groupby") {
        while !arguments.is_empty() {
            tstats.options(arguments)?;
            if let Some((_, value)) = arguments.option(&["span"])? {
                if !value.node.eq_ignore_ascii_case("auto") {
                    tstats.buckets = Some(span(&value)?);
                }
            } else if !arguments.is_empty() && !arguments.symbol(',') {
                let field = arguments.word()?;
                if arguments.symbol('(') {
                    return Err(unsupported(&format!("`{}(...)`", field.node), field.span));
                }
                tstats.by.push(field);
            }
        }
        if tstats.by.is_empty() {
            return Err(arguments.wrong(arguments.rest(), "the names of fields after BY"));
        }
    }
    arguments.end()?;
    Ok(Box::new(tstats))
}

/// A data model's name, which may go on in quotes: `"Endpoint"."Processes"`.
fn whole_name(arguments: &mut Arguments<'_>, name: Spanned<String>) -> Spanned<String> {
    let mut name = name;
    while arguments.rest().start == name.span.end
        && let Ok(Some(Spanned { node: Token::Word(part) | Token::Quoted(part), span })) = arguments.peek()
    {
        name.node.push_str(&part);
        name.span = name.span.to(span);
        arguments.seek(span.end);
    }
    name
}

/// Where one of the words stands by itself, outside quotes, parentheses and brackets.
fn keyword(text: &str, range: Span, words: &[&str]) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut nested) = (range.start, 0usize);
    let is_word =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_.*\\-=:/".contains(byte));
    while at < range.end {
        match bytes.get(at)? {
            b'"' => {
                at = end_of_quoted(text, at).unwrap_or(range.end);
                continue;
            }
            b'\\' => at += 1,
            b'(' | b'[' => nested += 1,
            b')' | b']' => nested = nested.saturating_sub(1),
            _ if nested == 0 && (at == range.start || !is_word(bytes.get(at - 1))) => {
                let here = words.iter().find(|word| {
                    text.get(at..(at + word.len()).min(range.end)).is_some_and(|found| found.eq_ignore_ascii_case(word))
                        && bytes.get(at + word.len()).is_none_or(u8::is_ascii_whitespace)
                });
                if here.is_some() {
                    return Some(at);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

impl TStats {
    fn rows(&self, after: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let needs =
            aggregation::reads(&self.calls, reads(&self.filter, Needs::default())).read_all(self.by.iter().cloned());
        let wanted = if self.prestats { after.before(&needs) } else { Wanted::default().before(&needs) };
        let rows = match &self.source {
            Some((model, dataset)) => datamodel::rows(model, dataset.as_deref(), true, &wanted, planner)?,
            None => events(&wanted, &[], planner)?,
        };
        let condition = search::lower(&self.filter, &rows)?;
        let mut rows = rows.filter(condition, planner)?;
        let mut columns = Vec::new();
        let mut groups = by::names(&self.by);
        for name in &mut groups {
            if name == "_time" {
                // Without a span Splunk chooses one by the search's range; here it is a second.
                let buckets = self.buckets.clone().unwrap_or(Width::Units(1.0).into());
                let bucket = buckets.of(rows.column(name));
                if !self.prestats {
                    // The figures are of the events' own times.
                    *name = planner.fresh("bucket");
                }
                columns.push((name.clone(), bucket));
            } else if let Some(fill) = &self.fill {
                let filled = or_keep(rows.column(name), Typed::text(fill));
                columns.push((name.clone(), filled));
            }
        }
        if !columns.is_empty() {
            rows = rows.with(columns, planner)?;
        }
        if self.prestats {
            // Rows that lack a field of by do not count.
            for name in by::names(&self.by) {
                let present = rows.column(&name).into_text().is_not_null();
                rows = rows.filter(present, planner)?;
            }
            rows.events = false;
            return Ok(rows);
        }
        // Over data models every field is shown, so that a wildcard means those of the dataset.
        let rows = aggregation::aggregate(rows, &groups, &self.calls, planner)?;
        let named = by::names(&self.by).into_iter().zip(&groups).map(|(name, group)| (name, rows.column(group)));
        let named: Vec<(String, Typed)> = named.collect();
        let figures = rows.all().into_iter().filter(|(name, _)| !groups.contains(name));
        let columns = named.into_iter().chain(figures).collect();
        rows.project(columns, planner)
    }
}

impl Command for TStats {
    fn parts(&self) -> Vec<Part<'_>> {
        vec![Part::Search(&self.filter)]
    }

    fn needs(&self) -> Needs {
        if self.append { Needs::default() } else { Needs::default().close() }
    }

    fn lower(&self, rows: Rows, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        if !self.append {
            return Err(Diagnostic::error("spl/syntax", "tstats stands first, or has `append=true`", planner.at));
        }
        let more = self.rows(wanted, planner)?;
        append(vec![rows, more], planner)
    }

    fn generate(&self, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Option<Rows>, Diagnostic> {
        self.rows(wanted, planner).map(Some)
    }

    fn prepare(&self, planner: &mut Planner<'_>) -> Result<Option<Box<dyn Command>>, Diagnostic> {
        let Some(filter) = resolve(&self.filter, planner)? else { return Ok(None) };
        Ok(Some(Box::new(TStats {
            calls: self.calls.clone(),
            source: self.source.clone(),
            filter,
            by: self.by.clone(),
            buckets: self.buckets.clone(),
            fill: self.fill.clone(),
            append: self.append,
            prestats: self.prestats,
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_stand_by_themselves() {
        let find = |text: &str| keyword(text, Span::new(0, text.len()), &["by"]);
        assert_eq!(find("a=\"x by y\" (b by c) by d"), Some(20));
        assert_eq!(find("a=by-x standby"), None);
    }
}
