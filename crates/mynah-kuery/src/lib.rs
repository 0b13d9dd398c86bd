//! Kibana's query language (KQL, "kuery"): text to plan.
//!
//! [`Kuery`] is the front end; `docs/kuery.md` says what of the language runs and where Mynah departs from Kibana. A query is
//! cut into [`tokens`], read into a tree ([`parse`]), held against the lint rules ([`lint()`]), and lowered ([`plan()`]) to
//! DataFusion's plan over what the Elastic view makes of the logs.
//!
//! ```
//! let (query, diagnostics) = mynah_kuery::parse("process.name: (cmd.exe or power*) and not user.name: root");
//! assert!(diagnostics.is_empty());
//! let written = query.unwrap().to_string();
//! assert_eq!(written, "(process.name: cmd.exe or process.name: power*) and not (user.name: root)");
//! ```
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod ast;
mod functions;
mod lexer;
mod lint;
mod members;
mod parser;
mod plan;
mod rule;
#[cfg(test)]
mod tests;

pub use lexer::tokens;
pub use lint::lint;
pub use parser::parse;
pub use rule::{KueryRule, Over, WildcardFilter};

use ast::{Query, QueryKind};
use mynah_dialect::{
    Analysis, Expected, Frontend, FunctionDoc, Meaning, Name, NumberStyle, Outline, PlanContext, Planned, TokenKind,
};
use mynah_event::Dialect;
use mynah_kernels::Registry;
use mynah_syntax::Rule;

/// The front end of KQL.
#[derive(Debug, Clone, Copy, Default)]
pub struct Kuery;

/// Plans a query: a row for each event that meets it, in the order of time, with its time and the fields that the query names.
pub fn plan(text: &str, context: &PlanContext<'_>) -> Planned {
    planned(text, &KueryRule::default(), context)
}

/// Plans the query of a rule.
fn planned(text: &str, rule: &KueryRule, context: &PlanContext<'_>) -> Planned {
    let (query, mut diagnostics) = parse(text);
    let Some(query) = query else { return Planned::refused(diagnostics) };
    diagnostics.extend(lint(&query, context.view));
    let (plan, said) = plan::plan(&query, rule, context);
    diagnostics.extend(said);
    Planned::new(plan, diagnostics, NumberStyle::Plain, context)
}

/// The conditions of a query as a list of parts; long chains are shown by their parts.
fn outline(query: &Query) -> Vec<Outline> {
    let node = |label: &str, children| vec![Outline { label: label.to_owned(), span: query.span, children }];
    match &query.kind {
        QueryKind::Or(parts) => node("or", parts.iter().flat_map(outline).collect()),
        QueryKind::And(parts) => node("and", parts.iter().flat_map(outline).collect()),
        QueryKind::Not(query) => node("not", outline(query)),
        QueryKind::Nested { field, query } => node(&field.to_string(), outline(query)),
        QueryKind::Is { field: Some(field), .. } | QueryKind::Range { field, .. } => {
            node(&field.to_string(), Vec::new())
        }
        QueryKind::Is { field: None, .. } => node("any field", Vec::new()),
    }
}

impl Frontend for Kuery {
    fn dialect(&self) -> Dialect {
        Dialect::Kuery
    }

    fn plan(&self, text: &str, context: &PlanContext<'_>) -> Planned {
        plan(text, context)
    }

    fn rules(&self) -> &'static [Rule] {
        lint::RULES
    }

    /// None: KQL has no functions.
    fn functions(&self) -> Vec<&'static FunctionDoc> {
        Vec::new()
    }

    fn register(&self, registry: &mut Registry) {
        registry.function::<functions::ValueFunction>().function::<members::Members>();
    }

    fn analyse(&self, text: &str, context: &PlanContext<'_>) -> Analysis {
        let tokens = tokens(text);
        let fields = tokens.iter().filter(|token| token.kind == TokenKind::Field).map(|token| token.span);
        let names = fields.map(|span| Name { span, meaning: Meaning::of_field(span.of(text), context.view) }).collect();
        let (query, _) = parse(text);
        let outline = query.iter().flat_map(outline).collect();
        Analysis { tokens, outline, names, diagnostics: plan(text, context).diagnostics }
    }

    fn expected(&self, text: &str, at: usize) -> Expected {
        let before = text.get(..at).unwrap_or_default();
        let begun = before.trim_end_matches(|c: char| !c.is_whitespace() && !lexer::SPECIAL.contains(c));
        let tokens = tokens(begun);
        // Behind a value or a closing parenthesis the next condition needs a word before it.
        let behind = Expected { keywords: &["and", "or"], ..Expected::default() };
        match tokens.last().map(|token| token.kind) {
            Some(TokenKind::Text) => behind,
            Some(TokenKind::Punctuation) if begun.trim_end().ends_with(')') => behind,
            Some(TokenKind::Operator) if begun.trim_end().ends_with([':', '<', '>', '=']) => Expected::default(),
            _ => Expected { keywords: &["not"], fields: true, functions: false },
        }
    }
}
