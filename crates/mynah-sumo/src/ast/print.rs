//! How a query is written.
mod nested;

use super::*;
use nested::merged;
use std::fmt::{Display, Formatter, Result};

/// Things behind a word, with something between them.
fn separated<T: Display>(f: &mut Formatter<'_>, word: &str, between: &str, things: &[T]) -> Result {
    f.write_str(word)?;
    for (index, thing) in things.iter().enumerate() {
        write!(f, "{}{thing}", if index > 0 { between } else { "" })?;
    }
    Ok(())
}

/// Things with commas between them behind a word; nothing at all for none.
fn list<T: Display>(f: &mut Formatter<'_>, word: &str, things: &[T]) -> Result {
    if things.is_empty() { Ok(()) } else { separated(f, word, ", ", things) }
}

/// A thing behind a word, if it is there.
fn option<T: Display>(f: &mut Formatter<'_>, word: &str, thing: &Option<T>) -> Result {
    thing.as_ref().map_or(Ok(()), |thing| write!(f, "{word}{thing}"))
}

/// A word, if it is meant.
fn flag(f: &mut Formatter<'_>, word: &str, set: bool) -> Result {
    f.write_str(if set { word } else { "" })
}

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}", self.scope)?;
        self.steps.iter().try_for_each(|step| write!(f, "\n| {}", step.operator))
    }
}

impl Display for Name {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if self.quoted {
            write!(f, "%\"{}\"", self.text.replace('\\', "\\\\").replace('"', "\\\""))
        } else {
            f.write_str(&self.text)
        }
    }
}

impl Display for Count {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Count::Number(number, _) => write!(f, "{number}"),
            Count::Parameter(name, _) => f.write_str(name),
        }
    }
}

impl Display for Text {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "\"{}\"", self.raw)
    }
}

impl Display for Regex {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "/{}/", self.raw)
    }
}

impl Display for Key {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}", self.value)?;
        option(f, " as ", &self.name)
    }
}

impl Display for AggregateCall {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(&self.function.text)?;
        if self.star {
            f.write_str("(*)")?;
        } else if !self.arguments.is_empty() {
            list(f, "(", &self.arguments)?;
            f.write_str(")")?;
        }
        option(f, " as ", &self.name)
    }
}

impl Display for SortKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{} {}", self.name, if self.ascending { "asc" } else { "desc" })
    }
}

impl Display for Slice {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Slice::Every(text, _) | Slice::Parameter(text, _) => write!(f, " {text}"),
            Slice::Buckets(number) => write!(f, " {number} buckets"),
            Slice::All => Ok(()),
        }
    }
}

impl Display for Generator {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Generator::Timeslice(slice, name) => {
                f.write_str("timeslice")?;
                if *slice != Slice::All {
                    write!(f, "({})", slice.to_string().trim())?;
                }
                option(f, " in ", name)
            }
            Generator::Values(texts, name) => {
                list(f, "values(", texts)?;
                write!(f, ") in {name}")
            }
            Generator::AllValues(name) => write!(f, "values all in {name}"),
        }
    }
}

impl Display for Extract {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if let Method::Delimited { delimiter, escape, quote, numbers, .. } = &self.method {
            option(f, " ", &self.source)?;
            let shown = |c: &char| if *c == '\t' { "\\t".to_owned() } else { c.to_string() };
            write!(f, " delim='{}', escape='{}', quote='{}'", shown(delimiter), shown(escape), shown(quote))?;
            let values = numbers.iter().zip(&self.names).map(|(number, name)| format!("{number} as {name}"));
            let values: Vec<String> = values.collect();
            return if values.is_empty() { f.write_str(" extract _") } else { list(f, " extract ", &values) };
        }
        option(f, " field=", &self.source)?;
        match &self.method {
            Method::Anchor(pattern) | Method::Regex(pattern) => write!(f, " {pattern}")?,
            Method::JsonAuto(auto) => {
                f.write_str(" auto")?;
                option(f, " maxdepth ", &auto.maxdepth)?;
                flag(f, " extractarrays", auto.extract_arrays)?;
                flag(f, " refonly", auto.refonly)?;
            }
            Method::KeyValue(options) => {
                flag(f, " auto", options.auto)?;
                option(f, " delim ", &options.delimiter)?;
                option(f, " regex ", &options.regex)?;
                flag(f, " refonly", options.refonly)?;
            }
            Method::Json | Method::Xml | Method::Delimited { .. } => {}
        }
        list(f, " ", &self.texts)?;
        flag(f, " nodrop", self.nodrop)?;
        flag(f, " multi", self.multi)?;
        // The names of a regular expression stand in it.
        list(f, " as ", &self.names)
    }
}

impl Display for Method {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Method::Anchor(_) => "parse",
            Method::Regex(_) => "parse regex",
            Method::Xml => "parse xml",
            Method::Json | Method::JsonAuto(_) => "json",
            Method::KeyValue(_) => "keyvalue",
            Method::Delimited { is_csv: true, .. } => "csv",
            Method::Delimited { is_csv: false, .. } => "split",
        })
    }
}

impl Display for FillMissing {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        list(f, "fillmissing ", &self.generators)?;
        let with: Vec<String> = self.with.iter().map(|(value, name)| format!("{value} for {name}")).collect();
        list(f, " with ", &with)?;
        flag(f, " takelast", self.take_last.is_some())
    }
}

impl Display for Lookup {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let column = |(column, alias): &(Name, Option<Name>)| match alias {
            Some(alias) => format!("{column} as {alias}"),
            None => column.to_string(),
        };
        let columns: Vec<String> = self.columns.iter().map(column).collect();
        let on: Vec<String> = self.on.iter().map(|(left, right)| format!("{left}={right}")).collect();
        let all = if self.all { "*" } else { "" };
        write!(f, "lookup {all}{} from {} on {}", columns.join(", "), self.table, on.join(", "))
    }
}

impl Display for Operator {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Operator::Aggregate { calls, keys } => {
                list(f, "", calls)?;
                list(f, " by ", keys)
            }
            Operator::Assignment { value, name } => {
                write!(f, "{value}")?;
                option(f, " as ", name)
            }
            Operator::Bin(operator) => operator.fmt(f),
            Operator::Compare(operator) => list(f, "compare ", &operator.shifts),
            Operator::CountFrequent(keys) => list(f, "count_frequent ", keys),
            Operator::Dedup { consecutive, number, by } => {
                f.write_str("dedup")?;
                flag(f, " consecutive", *consecutive)?;
                option(f, " ", number)?;
                list(f, " by ", by)
            }
            Operator::Extract(all) => {
                let word = all.first().map(|extract| extract.method.to_string());
                separated(f, &word.unwrap_or_default(), ",", all)
            }
            Operator::Fields { without, names } => list(f, if *without { "fields - " } else { "fields " }, names),
            Operator::FillMissing(operator) => operator.fmt(f),
            Operator::Filter(operator) => operator.fmt(f),
            Operator::Join(operator) => operator.fmt(f),
            Operator::Limit(number) => write!(f, "limit {number}"),
            Operator::Lookup(operator) => operator.fmt(f),
            Operator::Merge(fields) => merged(f, fields),
            Operator::Outlier(operator) => operator.fmt(f),
            Operator::Predict(operator) => operator.fmt(f),
            Operator::Save { append, path, .. } => write!(f, "save {}{path}", if *append { "append " } else { "" }),
            Operator::Sessionize(parts) => list(f, "sessionize ", parts),
            Operator::Sort(keys) => separated(f, "sort ", ", ", keys),
            Operator::Timeslice { slice, name } => {
                write!(f, "timeslice{slice}")?;
                option(f, " as ", name)
            }
            Operator::Trace(trace) => {
                let direction = match trace.direction {
                    Direction::Both => "",
                    Direction::Forward => "+ ",
                    Direction::Backward => "- ",
                };
                write!(f, "trace {direction}{} {}", trace.pattern, trace.start)
            }
            Operator::Top { number, fields, by } => {
                list(f, &format!("top {number} "), fields)?;
                list(f, " by ", by)
            }
            Operator::TopK { number, fields, by } => {
                list(f, &format!("topk({number}, "), fields)?;
                list(f, ") by ", by)?;
                flag(f, ")", by.is_empty())
            }
            Operator::Transaction(operator) => operator.fmt(f),
            Operator::Transactionize(operator) => operator.fmt(f),
            Operator::Transpose(transpose) => {
                list(f, "transpose row ", &transpose.rows)?;
                list(f, " column ", &transpose.columns)?;
                list(f, " as ", &transpose.names)?;
                flag(f, ", *", transpose.others && !transpose.names.is_empty())
            }
            Operator::Where(condition) => write!(f, "where {condition}"),
            Operator::Window(window) => {
                write!(f, "{} {}", window.kind.name(), window.field)?;
                option(f, ", ", &window.length)?;
                option(f, " as ", &window.name)?;
                list(f, " by ", &window.by)
            }
            Operator::WithTime { field, name } => {
                write!(f, "withtime {field}")?;
                option(f, " as ", name)
            }
        }
    }
}

/// Binds everything that is not a single thing with parentheses.
struct Operand<'a>(&'a Expression);

impl Display for Operand<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.0 {
            Expression::Not(..)
            | Expression::Negative(..)
            | Expression::And(..)
            | Expression::Or(..)
            | Expression::Binary(..)
            | Expression::In(..)
            | Expression::Templated(..)
            | Expression::Choice(..) => write!(f, "({})", self.0),
            simple => write!(f, "{simple}"),
        }
    }
}

fn operands(f: &mut Formatter<'_>, between: &str, parts: &[Expression]) -> Result {
    separated(f, "", between, &parts.iter().map(Operand).collect::<Vec<_>>())
}

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Expression::Text(text) => write!(f, "{text}"),
            Expression::Regex(regex) => write!(f, "{regex}"),
            Expression::Number(number, _) => f.write_str(number),
            Expression::Boolean(truth, _) => write!(f, "{truth}"),
            Expression::Null(_) => f.write_str("null"),
            Expression::Field(name) => write!(f, "{name}"),
            Expression::Parameter(name, _) => write!(f, "{{{{{name}}}}}"),
            Expression::Not(part, _) => write!(f, "!{}", Operand(part)),
            Expression::Negative(part, _) => write!(f, "-{}", Operand(part)),
            Expression::And(parts) => operands(f, " and ", parts),
            Expression::Or(parts) => operands(f, " or ", parts),
            Expression::Binary(operator, left, right) => {
                write!(f, "{} {} {}", Operand(left), operator.symbol(), Operand(right))
            }
            Expression::In(value, negated, list, _) => {
                write!(f, "{} {}", Operand(value), if *negated { "not in " } else { "in " })?;
                separated(f, "(", ", ", list)?;
                f.write_str(")")
            }
            Expression::Choice(condition, then, otherwise) => {
                write!(f, "{} ? {} : {}", Operand(condition), Operand(then), Operand(otherwise))
            }
            Expression::Templated(value, name, _) => write!(f, "{} {{{{{name}}}}}", Operand(value)),
            Expression::Subquery(subquery) => write!(f, "{subquery}"),
            Expression::Call(name, arguments, _) => {
                separated(f, &format!("{}(", name.text), ", ", arguments)?;
                f.write_str(")")
            }
        }
    }
}

impl Display for Scope {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let bracketed = |f: &mut Formatter<'_>, between: &str, parts: &[Scope]| {
            separated(f, "(", between, parts)?;
            f.write_str(")")
        };
        match self {
            Scope::All(_) => f.write_str("*"),
            Scope::Word(word, _) => f.write_str(word),
            Scope::Phrase(text) => write!(f, "{text}"),
            Scope::Field(name, comparison, value) => write!(f, "{name}{}{value}", comparison.symbol()),
            Scope::Not(part, _) => write!(f, "!{part}"),
            Scope::And(parts) => bracketed(f, " and ", parts),
            Scope::Or(parts) => bracketed(f, " or ", parts),
            Scope::Cat(path, _) => write!(f, "cat {path}"),
            Scope::Subquery(subquery) => write!(f, "{subquery}"),
        }
    }
}
