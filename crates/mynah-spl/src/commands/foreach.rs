//! Commands run for each of several fields.
use super::prelude::*;
use crate::pipeline;
use crate::plan::name_stars;

pub(super) static COMMANDS: [Entry; 1] = [command(
    "foreach PATTERN, ... [COMMANDS]",
    "Runs commands, mostly an eval, for each field that fits; `<<FIELD>>` in them is its name, `<<MATCHSTR>>` what the star stands for.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/foreach",
    foreach,
)];

#[derive(Debug)]
struct ForEach {
    patterns: Vec<Spanned<String>>,
    template: String,
}

fn foreach(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut patterns = Vec::new();
    let inner = loop {
        if let Some(inner) = arguments.brackets()? {
            break inner;
        }
        if let Some((name, value)) =
            arguments.option(&["mode", "fieldstr", "matchstr", "matchseg1", "itemstr", "iterstr"])?
        {
            if name != "mode" || !value.node.eq_ignore_ascii_case("multifield") {
                return Err(unsupported(&format!("`{name}={}`", value.node), value.span));
            }
        } else if arguments.is_empty() {
            return Err(arguments.wrong(arguments.rest(), "commands in brackets"));
        } else if !arguments.symbol(',') {
            patterns.push(arguments.field()?);
        }
    };
    arguments.end()?;
    let patterns = arguments.some(patterns, "the names of fields")?;
    let template = inner.of(arguments.text).to_owned();
    on_rows(Needs::of(&patterns).make_any(), ForEach { patterns, template }, ForEach::run)
}

impl ForEach {
    fn run(&self, rows: Rows, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut rows = rows;
        for pattern in &self.patterns {
            for name in super::field_list::expand(std::slice::from_ref(pattern), &rows) {
                let stars = name_stars(&pattern.node, &name).unwrap_or_default();
                let mut text = self.template.replace("<<FIELD>>", &name).replace("<<MATCHSTR>>", &stars.concat());
                for (i, star) in stars.iter().enumerate() {
                    text = text.replace(&format!("<<MATCHSEG{}>>", i + 1), star);
                }
                rows = filled(&text, rows, wanted, planner)?;
            }
        }
        Ok(rows)
    }
}

/// The rows after the commands of a template that is filled.
fn filled(text: &str, rows: Rows, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
    let at = planner.at;
    // Places in the filled template are none of the query: they are behind its end.
    let text = format!("{:length$}{text}", "", length = planner.length);
    let range = mynah_syntax::Span::new(planner.length, text.len());
    let said = planner.diagnostics.len();
    let parsed = pipeline::parse_commands(&mut Parsing::new(&text), range);
    let changed = parsed.and_then(|parsed| planner.steps(rows, &parsed.steps, wanted));
    let rows = changed.map_err(|error| Diagnostic { span: at, ..error })?;
    for diagnostic in planner.diagnostics.iter_mut().skip(said) {
        diagnostic.span = at;
    }
    planner.at = at;
    Ok(rows)
}
