//! How a query is written.
use super::*;
use std::fmt::{Display, Formatter, Result};

/// Things with commas between them.
fn commas<T: Display>(f: &mut Formatter<'_>, things: &[T]) -> Result {
    for (index, thing) in things.iter().enumerate() {
        write!(f, "{}{thing}", if index > 0 { ", " } else { "" })?;
    }
    Ok(())
}

/// Things behind a word; nothing at all for none.
fn list<T: Display>(f: &mut Formatter<'_>, word: &str, things: &[T]) -> Result {
    if things.is_empty() {
        return Ok(());
    }
    f.write_str(word)?;
    commas(f, things)
}

/// A thing behind a word, if it is there.
fn option<T: Display>(f: &mut Formatter<'_>, word: &str, thing: &Option<T>) -> Result {
    thing.as_ref().map_or(Ok(()), |thing| write!(f, "{word}{thing}"))
}

/// A word, if it is meant.
fn flag(f: &mut Formatter<'_>, word: &str, set: bool) -> Result {
    f.write_str(if set { word } else { "" })
}

fn source(f: &mut Formatter<'_>, before: &str, source: &Source, after: &str) -> Result {
    match source {
        Source::Field(name) => write!(f, "{before}field={name}{after}"),
        Source::Message => Ok(()),
    }
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

impl Display for ParseAnchor {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        source(f, "", &self.source, " ")?;
        write!(f, "{}", self.pattern)?;
        flag(f, " nodrop", self.nodrop)?;
        flag(f, " multi", self.multi)?;
        list(f, " as ", &self.names)
    }
}

impl Display for ParseRegex {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        source(f, "", &self.source, " ")?;
        write!(f, "{}", self.pattern)?;
        flag(f, " multi", self.multi)?;
        flag(f, " nodrop", self.nodrop)
    }
}

impl Display for Json {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("json")?;
        if let Some(auto) = &self.auto {
            f.write_str(" auto")?;
            option(f, " maxdepth ", &auto.maxdepth)?;
            flag(f, " extractarrays", auto.extract_arrays)?;
            flag(f, " refonly", auto.refonly)?;
        }
        source(f, " ", &self.source, "")?;
        list(f, " ", &self.paths)?;
        list(f, " as ", &self.names)?;
        flag(f, " nodrop", self.nodrop)
    }
}

impl Display for KeyValue {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("keyvalue")?;
        flag(f, " auto", self.auto)?;
        source(f, " ", &self.source, "")?;
        option(f, " delim ", &self.delimiter)?;
        option(f, " regex ", &self.regex)?;
        list(f, " keys ", &self.keys)?;
        list(f, " as ", &self.names)?;
        flag(f, " nodrop", self.nodrop)
    }
}

impl Display for Delimited {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(if self.is_csv { "csv" } else { "split" })?;
        if let Source::Field(name) = &self.source {
            write!(f, " {name}")?;
        }
        let shown = |c: char| if c == '\t' { "'\\t'".to_owned() } else { format!("'{c}'") };
        let options = [("delim", self.delimiter), ("escape", self.escape), ("quote", self.quote)];
        let options: Vec<String> = options.iter().map(|(name, value)| format!("{name}={}", shown(*value))).collect();
        let values: Vec<String> = self.values.iter().map(|(number, name)| format!("{number} as {name}")).collect();
        let values = if values.is_empty() { "_".to_owned() } else { values.join(", ") };
        write!(f, " {} extract {values}", options.join(", "))
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
            Operator::Aggregate(aggregate) => {
                commas(f, &aggregate.calls)?;
                list(f, " by ", &aggregate.keys)
            }
            Operator::Assignment(assignment) => {
                write!(f, "{}", assignment.value)?;
                option(f, " as ", &assignment.name)
            }
            Operator::CountFrequent(keys) => list(f, "count_frequent ", keys),
            Operator::Dedup(dedup) => {
                f.write_str("dedup")?;
                flag(f, " consecutive", dedup.consecutive)?;
                option(f, " ", &dedup.number)?;
                list(f, " by ", &dedup.by)
            }
            Operator::Delimited(operator) => operator.fmt(f),
            Operator::Fields(fields) => list(f, if fields.without { "fields - " } else { "fields " }, &fields.names),
            Operator::FillMissing(operator) => operator.fmt(f),
            Operator::Json(operator) => operator.fmt(f),
            Operator::KeyValue(operator) => operator.fmt(f),
            Operator::Limit(number) => write!(f, "limit {number}"),
            Operator::Lookup(operator) => operator.fmt(f),
            Operator::ParseAnchor(all) => list(f, "parse ", all),
            Operator::ParseRegex(all) => list(f, "parse regex ", all),
            Operator::ParseXml(xml) => {
                f.write_str("parse xml ")?;
                source(f, "", &xml.source, " ")?;
                commas(f, &xml.paths)?;
                list(f, " as ", &xml.names)?;
                flag(f, " nodrop", xml.nodrop)
            }
            Operator::Save(save) => write!(f, "save {}{}", if save.append { "append " } else { "" }, save.path),
            Operator::Sort(keys) => {
                f.write_str("sort ")?;
                commas(f, keys)
            }
            Operator::Timeslice(timeslice) => {
                write!(f, "timeslice{}", timeslice.slice)?;
                option(f, " as ", &timeslice.name)
            }
            Operator::Top(top) => {
                write!(f, "top {} ", top.number)?;
                commas(f, &top.fields)?;
                list(f, " by ", &top.by)
            }
            Operator::TopK(top) => {
                write!(f, "topk({}, ", top.number)?;
                commas(f, &top.fields)?;
                f.write_str(")")?;
                list(f, " by ", &top.by)
            }
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
            Operator::WithTime(with) => {
                write!(f, "withtime {}", with.field)?;
                option(f, " as ", &with.name)
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
            | Expression::Matches(..)
            | Expression::In(..)
            | Expression::Choice(..) => write!(f, "({})", self.0),
            simple => write!(f, "{simple}"),
        }
    }
}

fn joined(f: &mut Formatter<'_>, parts: &[Expression], between: &str) -> Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        write!(f, "{}", Operand(part))?;
    }
    Ok(())
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
            Expression::And(parts) => joined(f, parts, " and "),
            Expression::Or(parts) => joined(f, parts, " or "),
            Expression::Binary(operator, left, right) => {
                write!(f, "{} {} {}", Operand(left), operator.symbol(), Operand(right))
            }
            Expression::Matches(value, Pattern::Wildcards(pattern)) => {
                write!(f, "{} matches {}", Operand(value), Operand(pattern))
            }
            Expression::Matches(value, Pattern::Regex(regex)) => write!(f, "{} matches {regex}", Operand(value)),
            Expression::In(value, negated, list, _) => {
                write!(f, "{} {}(", Operand(value), if *negated { "not in " } else { "in " })?;
                commas(f, list)?;
                f.write_str(")")
            }
            Expression::Choice(condition, then, otherwise) => {
                write!(f, "{} ? {} : {}", Operand(condition), Operand(then), Operand(otherwise))
            }
            Expression::Call(name, arguments, _) => {
                write!(f, "{}(", name.text)?;
                commas(f, arguments)?;
                f.write_str(")")
            }
        }
    }
}

impl Display for Scope {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let list = |f: &mut Formatter<'_>, parts: &[Scope], between: &str| {
            f.write_str("(")?;
            for (index, part) in parts.iter().enumerate() {
                if index > 0 {
                    f.write_str(between)?;
                }
                write!(f, "{part}")?;
            }
            f.write_str(")")
        };
        match self {
            Scope::All(_) => f.write_str("*"),
            Scope::Word(word, _) => f.write_str(word),
            Scope::Phrase(text) => write!(f, "{text}"),
            Scope::Field(name, comparison, value) => write!(f, "{name}{}{value}", comparison.symbol()),
            Scope::Not(part, _) => write!(f, "!{part}"),
            Scope::And(parts) => list(f, parts, " and "),
            Scope::Or(parts) => list(f, parts, " or "),
            Scope::Subquery(text, _) => f.write_str(text),
        }
    }
}
