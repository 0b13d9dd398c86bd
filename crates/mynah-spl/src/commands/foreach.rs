use super::{Arguments, Command};

use crate::pipeline::{self, Parsing};
use crate::plan::{Needs, Planner, Rows, Wanted, name_stars};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `foreach` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "foreach",
    usage: "foreach PATTERN, ... [COMMANDS]",
    summary: "Runs commands, mostly an eval, for each field that fits; `<<FIELD>>` in them is its name, `<<MATCHSTR>>` what the star stands for.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/foreach",
    examples: &[],
};

#[derive(Debug)]
struct ForEach {
    patterns: Vec<Spanned<String>>,
    template: String,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let mut patterns = Vec::new();
    let inner = loop {
        if let Some(inner) = arguments.brackets()? {
            break inner;
        }
        if let Some((name, value)) =
            arguments.option(&["mode", "fieldstr", "matchstr", "matchseg1", "itemstr", "iterstr"])?
        {
            if name != "mode" || !value.node.eq_ignore_ascii_case("multifield") {
                return Err(Diagnostic::error(
                    "spl/unsupported-option",
                    format!("`{name}={}` is not supported", value.node),
                    value.span,
                ));
            }
        } else if arguments.is_empty() {
            return Err(arguments.wrong(arguments.rest(), "commands in brackets"));
        } else if !arguments.symbol(',') {
            patterns.push(arguments.field()?);
        }
    };
    arguments.end()?;
    if patterns.is_empty() {
        return Err(arguments.wrong(arguments.name.span, "the names of fields"));
    }
    Ok(Box::new(ForEach { patterns, template: inner.of(arguments.text).to_owned() }))
}

impl Command for ForEach {
    fn needs(&self) -> Needs {
        Needs::default().read_all(self.patterns.iter().cloned()).make_any()
    }

    fn lower(&self, rows: Rows, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let at = planner.at;
        let mut rows = rows;
        for pattern in &self.patterns {
            for name in super::field_list::expand(std::slice::from_ref(pattern), &rows) {
                let stars = name_stars(&pattern.node, &name).unwrap_or_default();
                let mut text = self.template.replace("<<FIELD>>", &name).replace("<<MATCHSTR>>", &stars.concat());
                for (i, star) in stars.iter().enumerate() {
                    text = text.replace(&format!("<<MATCHSEG{}>>", i + 1), star);
                }
                // Places in the filled template are none of the query: they are behind its end.
                let text = format!("{:length$}{text}", "", length = planner.length);
                let mut parsing = Parsing::new(&text);
                let range = mynah_syntax::Span::new(planner.length, text.len());
                let parsed =
                    pipeline::parse_commands(&mut parsing, range).map_err(|error| Diagnostic { span: at, ..error })?;
                let said = planner.diagnostics.len();
                let lowered =
                    planner.steps(rows, &parsed.steps, wanted).map_err(|error| Diagnostic { span: at, ..error })?;
                for diagnostic in planner.diagnostics.iter_mut().skip(said) {
                    diagnostic.span = at;
                }
                planner.at = at;
                rows = lowered;
            }
        }
        Ok(rows)
    }
}
