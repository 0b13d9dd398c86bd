//! The operators: each in its own file, which parses, prints and lowers it and says what it does.
mod aggregate;
mod aggregates;
mod count_frequent;
mod dedup;
mod delimited;
mod field;
mod fields;
mod fillmissing;
mod json;
mod keyvalue;
mod limit;
mod lookup;
mod parse_anchor;
mod parse_regex;
mod parse_xml;
mod save;
mod sort;
mod timeslice;
mod top;
mod topk;
mod transpose;
mod unsupported;
mod where_;
mod window;
mod withtime;

pub(crate) use aggregate::{Aggregate, Key};
pub(crate) use field::Assignment;
pub(crate) use limit::Limit;
pub(crate) use parse_anchor::ParseAnchor;
pub(crate) use parse_regex::ParseRegex;

use crate::ast::Expression;
use crate::lexer::TokenKind;
use crate::parser::{Parsed, Parser};
use crate::plan::Stage;
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;
use std::fmt;

/// One operator of a query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operator {
    Aggregate(Aggregate),
    Assignment(Assignment),
    CountFrequent(count_frequent::CountFrequent),
    Dedup(dedup::Dedup),
    Delimited(delimited::Delimited),
    Fields(fields::Fields),
    FillMissing(fillmissing::FillMissing),
    Json(json::Json),
    KeyValue(keyvalue::KeyValue),
    Limit(Limit),
    Lookup(lookup::Lookup),
    ParseAnchor(Vec<ParseAnchor>),
    ParseRegex(Vec<ParseRegex>),
    ParseXml(parse_xml::ParseXml),
    Save(save::Save),
    Sort(sort::Sort),
    Timeslice(timeslice::Timeslice),
    Top(top::Top),
    TopK(topk::TopK),
    Transpose(transpose::Transpose),
    Where(where_::Where),
    Window(window::Window),
    WithTime(withtime::WithTime),
}

/// Reads the operator that begins here.
pub(crate) fn parse(p: &mut Parser<'_>) -> Parsed<Operator> {
    let word = p.peek();
    if word.kind != TokenKind::Word || is_field(p) {
        return Assignment::parse(p).map(Operator::Assignment);
    }
    let name = word.text.to_lowercase();
    match name.as_str() {
        "where" => where_::Where::parse(p).map(Operator::Where),
        "json" => json::Json::parse(p).map(Operator::Json),
        "parse" if p.peek_second().is_word("regex") => parse_regex::parse(p).map(Operator::ParseRegex),
        "parse" if p.peek_second().is_word("xml") => parse_xml::ParseXml::parse(p).map(Operator::ParseXml),
        "parse" if p.peek_second().is_word("using") => Err(unsupported::refuse(p)),
        "extract" => parse_regex::parse(p).map(Operator::ParseRegex),
        "parse" => parse_anchor::parse(p).map(Operator::ParseAnchor),
        "keyvalue" | "kv" => keyvalue::KeyValue::parse(p).map(Operator::KeyValue),
        "csv" | "split" => delimited::Delimited::parse(p).map(Operator::Delimited),
        "sort" | "order" => sort::Sort::parse(p).map(Operator::Sort),
        "top" => top::Top::parse(p).map(Operator::Top),
        "topk" => topk::TopK::parse(p).map(Operator::TopK),
        "limit" => Limit::parse(p).map(Operator::Limit),
        "fields" => fields::Fields::parse(p).map(Operator::Fields),
        "timeslice" => timeslice::Timeslice::parse(p).map(Operator::Timeslice),
        "transpose" => transpose::Transpose::parse(p).map(Operator::Transpose),
        "lookup" => lookup::Lookup::parse(p).map(Operator::Lookup),
        "total" | "accum" | "smooth" | "rollingstd" | "backshift" | "diff" => {
            window::Window::parse(p).map(Operator::Window)
        }
        "dedup" => dedup::Dedup::parse(p).map(Operator::Dedup),
        "fillmissing" => fillmissing::FillMissing::parse(p).map(Operator::FillMissing),
        "withtime" => withtime::WithTime::parse(p).map(Operator::WithTime),
        "count_frequent" => count_frequent::CountFrequent::parse(p).map(Operator::CountFrequent),
        "save" => save::Save::parse(p).map(Operator::Save),
        _ if aggregates::begins(p) => Aggregate::parse(p).map(Operator::Aggregate),
        name if unsupported::is_known(name) => Err(unsupported::refuse(p)),
        _ => Assignment::parse(p).map(Operator::Assignment),
    }
}

/// Whether the word that begins here is the name of a field, though an operator may have the same: what
/// follows says so.
fn is_field(p: &Parser<'_>) -> bool {
    let (word, next) = (p.peek(), p.peek_second());
    let signs = ["sort", "order", "fields"].iter().any(|operator| word.is_word(operator));
    let is_operator = next.kind == TokenKind::Symbol
        && matches!(next.text, "/" | "*" | "%" | "=" | "==" | "!=" | "<>" | "<" | ">" | "<=" | ">=" | "?");
    let is_sign = next.is("+") || next.is("-");
    let names_aggregate = word.is_word("count") || word.is_word("timeslice");
    if word.is_word("where") {
        return false;
    }
    is_operator && !next.is("%") || (is_sign && !signs) || (next.is_word("as") && !names_aggregate)
}

impl Operator {
    /// Makes it part of the plan.
    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        // Only parse operators in a row share what `nodrop` lets pass.
        if !matches!(self, Operator::ParseAnchor(_) | Operator::ParseRegex(_)) {
            stage.passed = None;
        }
        match self {
            Operator::Aggregate(operator) => operator.lower(stage),
            Operator::Assignment(operator) => operator.lower(stage),
            Operator::CountFrequent(operator) => operator.lower(stage),
            Operator::Dedup(operator) => operator.lower(stage),
            Operator::Delimited(operator) => operator.lower(stage),
            Operator::Fields(operator) => operator.lower(stage),
            Operator::FillMissing(operator) => operator.lower(stage),
            Operator::Json(operator) => operator.lower(stage),
            Operator::KeyValue(operator) => operator.lower(stage),
            Operator::Limit(operator) => operator.lower(stage),
            Operator::Lookup(operator) => operator.lower(stage),
            Operator::ParseAnchor(operators) => operators.iter().try_for_each(|operator| operator.lower(stage)),
            Operator::ParseRegex(operators) => operators.iter().try_for_each(|operator| operator.lower(stage)),
            Operator::ParseXml(operator) => operator.lower(stage),
            Operator::Save(operator) => operator.lower(stage),
            Operator::Sort(operator) => operator.lower(stage),
            Operator::Timeslice(operator) => operator.lower(stage),
            Operator::Top(operator) => operator.lower(stage),
            Operator::TopK(operator) => operator.lower(stage),
            Operator::Transpose(operator) => operator.lower(stage),
            Operator::Where(operator) => operator.lower(stage),
            Operator::Window(operator) => operator.lower(stage),
            Operator::WithTime(operator) => operator.lower(stage),
        }
    }

    /// The expressions it holds.
    pub fn expressions(&self) -> Vec<&Expression> {
        match self {
            Operator::Where(operator) => vec![&operator.condition],
            Operator::Assignment(operator) => vec![&operator.value],
            Operator::Aggregate(operator) => operator.expressions(),
            _ => Vec::new(),
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Operator::Aggregate(operator) => write!(f, "{operator}"),
            Operator::Assignment(operator) => write!(f, "{operator}"),
            Operator::CountFrequent(operator) => write!(f, "{operator}"),
            Operator::Dedup(operator) => write!(f, "{operator}"),
            Operator::Delimited(operator) => write!(f, "{operator}"),
            Operator::Fields(operator) => write!(f, "{operator}"),
            Operator::FillMissing(operator) => write!(f, "{operator}"),
            Operator::Json(operator) => write!(f, "{operator}"),
            Operator::KeyValue(operator) => write!(f, "{operator}"),
            Operator::Limit(operator) => write!(f, "{operator}"),
            Operator::Lookup(operator) => write!(f, "{operator}"),
            Operator::ParseAnchor(operators) => {
                f.write_str("parse ")?;
                crate::ast::commas(f, operators)
            }
            Operator::ParseRegex(operators) => {
                f.write_str("parse regex ")?;
                crate::ast::commas(f, operators)
            }
            Operator::ParseXml(operator) => write!(f, "{operator}"),
            Operator::Save(operator) => write!(f, "{operator}"),
            Operator::Sort(operator) => write!(f, "{operator}"),
            Operator::Timeslice(operator) => write!(f, "{operator}"),
            Operator::Top(operator) => write!(f, "{operator}"),
            Operator::TopK(operator) => write!(f, "{operator}"),
            Operator::Transpose(operator) => write!(f, "{operator}"),
            Operator::Where(operator) => write!(f, "{operator}"),
            Operator::Window(operator) => write!(f, "{operator}"),
            Operator::WithTime(operator) => write!(f, "{operator}"),
        }
    }
}

/// What the operators say of themselves.
pub(crate) fn docs() -> Vec<&'static FunctionDoc> {
    let mut docs = vec![
        &count_frequent::DOC,
        &dedup::DOC,
        &field::DOC,
        &fields::DOC,
        &fillmissing::DOC,
        &json::DOC,
        &keyvalue::DOC,
        &limit::DOC,
        &lookup::DOC,
        &parse_anchor::DOC,
        &parse_regex::DOC,
        &parse_xml::DOC,
        &save::DOC,
        &sort::DOC,
        &timeslice::DOC,
        &top::DOC,
        &topk::DOC,
        &transpose::DOC,
        &where_::DOC,
        &withtime::DOC,
    ];
    docs.extend(delimited::DOCS);
    docs.extend(window::DOCS);
    docs.extend(aggregates::docs());
    docs
}
