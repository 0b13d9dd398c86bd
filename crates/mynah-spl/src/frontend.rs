//! The stages of a query, one function each: text, [`parse`], [`lint`], [`plan`].
use crate::expression::Compare;
use crate::pipeline::{self, Query, Source};
use crate::plan::{Opaque, Planner, Wanted, finish};
use crate::search::SearchTest;
use crate::{aggregates, analysis, commands, functions, lint as rules};
use mynah_dialect::{Analysis, Expected, Frontend, FunctionDoc, NumberStyle, PlanContext, Planned, Site, with_marks};
use mynah_event::Dialect;
use mynah_kernels::Registry;
use mynah_syntax::{Diagnostic, Fix, Rule, Span};

/// SPL as a [`Frontend`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Spl;

/// Parses a query, with the site's macros put in. What cannot be read is left out of it, and a diagnostic says so; there
/// is no query at all only where a macro is not known.
///
/// ```
/// let (query, diagnostics) = mynah_spl::parse("index=main | stats count by user", &Default::default());
/// assert!(diagnostics.is_empty());
/// let names: Vec<_> = query.unwrap().pipeline.steps.into_iter().map(|step| step.name.node).collect();
/// assert_eq!(names, ["search", "stats"]);
/// ```
pub fn parse(text: &str, site: &Site) -> (Option<Query>, Vec<Diagnostic>) {
    match pipeline::expand(text, site) {
        Ok(source) => {
            let (query, diagnostics) = pipeline::parse_query(source);
            let diagnostics = located(diagnostics, &query.source);
            (Some(query), diagnostics)
        }
        Err(diagnostics) => (None, diagnostics),
    }
}

/// What the rules have to say of a query.
pub fn lint(query: &Query) -> Vec<Diagnostic> {
    located(mynah_dialect::lint(rules::LINTS, query), &query.source)
}

/// Plans a query that has been parsed without errors.
pub fn plan(query: &Query, context: &PlanContext<'_>) -> Planned {
    let mut planner = Planner::new(*context, query.source.text().len());
    let plan = planner.pipeline(&query.pipeline, &Wanted::default()).and_then(|rows| {
        planner.at = query.pipeline.span;
        finish(rows, &mut planner)
    });
    let plan = plan.and_then(|plan| {
        let written = |span: Span| (span.end <= planner.length).then(|| query.source.locate(span));
        with_marks(plan, written).map_err(|error| planner.failed(&error))
    });
    let mut diagnostics = planner.diagnostics;
    let plan = plan.map_err(|error| diagnostics.push(error)).ok();
    Planned::new(plan, located(diagnostics, &query.source), NumberStyle::Plain, context)
}

impl Frontend for Spl {
    fn dialect(&self) -> Dialect {
        Dialect::Spl
    }

    fn plan(&self, text: &str, context: &PlanContext<'_>) -> Planned {
        let (query, mut diagnostics) = parse(text, context.site);
        let Some(query) = query else { return Planned::refused(diagnostics) };
        diagnostics.extend(lint(&query));
        let planned = match diagnostics.iter().any(Diagnostic::is_error) {
            true => Planned::refused(Vec::new()),
            false => plan(&query, context),
        };
        diagnostics.extend(planned.diagnostics);
        diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
        diagnostics.dedup();
        Planned { diagnostics, ..planned }
    }

    fn rules(&self) -> &'static [Rule] {
        &rules::RULES
    }

    fn functions(&self) -> Vec<&'static FunctionDoc> {
        commands::docs().chain(functions::docs()).collect()
    }

    fn register(&self, registry: &mut Registry) {
        functions::register(registry);
        aggregates::register(registry);
        commands::register(registry);
        registry.function::<Compare>().function::<SearchTest>().function::<Opaque>();
    }

    fn analyse(&self, text: &str, context: &PlanContext<'_>) -> Analysis {
        let diagnostics = Frontend::plan(self, text, context).diagnostics;
        analysis::analyse(text, parse(text, context.site).0.as_ref(), diagnostics, context)
    }

    fn expected(&self, text: &str, at: usize) -> Expected {
        analysis::expected(text, at)
    }
}

/// The diagnostics with their places in the query as written, in its order, each once.
fn located(diagnostics: Vec<Diagnostic>, source: &Source) -> Vec<Diagnostic> {
    let mut located: Vec<Diagnostic> = Vec::new();
    for mut diagnostic in diagnostics {
        // What stands in a macro cannot be mended in the query.
        let fix = diagnostic.fix.filter(|fix| source.is_written(fix.span));
        diagnostic.fix = fix.map(|fix| Box::new(Fix { span: source.locate(fix.span), ..*fix }));
        diagnostic.span = source.locate(diagnostic.span);
        for label in &mut diagnostic.labels {
            label.span = source.locate(label.span);
        }
        if !located.contains(&diagnostic) {
            located.push(diagnostic);
        }
    }
    located.sort_by_key(|diagnostic| diagnostic.span.start);
    located
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_of_a_plan_has_a_name_of_its_own() {
        let mut registry = Registry::default();
        Spl.register(&mut registry);
        assert!(registry.twice().is_empty(), "{:?}", registry.twice());
        assert!(registry.names().any(|name| name == "spl.call"));
    }

    #[test]
    fn conditions_are_marked_where_the_query_is_written() {
        let catalog = mynah_view::Catalog::built_in().unwrap();
        let view = catalog.platform(mynah_event::Platform::Splunk).unwrap();
        let (mut site, stages) = (Site::default(), mynah_dialect::Stages::default());
        let definition = "eventName=A awsRegion=B".to_owned();
        let mine = mynah_dialect::Macro { arguments: Vec::new(), definition, is_eval: false, validation: None };
        site.macros.insert(("mine".to_owned(), 0), mine);
        let context = PlanContext { mode: mynah_dialect::Mode::Run, view: &view, site: &site, stages: &stages };
        let text = "index=aws `mine` | eval x=if(eventName=\"A\", 1, 0) \
                    | foreach x [eval <<FIELD>>=if(<<FIELD>>>0, 2, 3)] \
                    | where x>1 AND searchmatch(\"awsRegion=B\")";
        let planned = Spl.plan(text, &context);
        let plan = planned.plan.unwrap();
        let marks: Vec<&str> = mynah_dialect::marks(plan.first()).into_iter().map(|span| span.of(text)).collect();
        let wanted = ["index=aws", "`mine`", "eventName=\"A\"", "x>1", "searchmatch(\"awsRegion=B\")"];
        assert_eq!(marks, wanted);
    }
}
