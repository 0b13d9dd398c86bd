//! `csv` and `split`: values between delimiters.
use crate::ast::{Name, Place};
use crate::lexer::TokenKind;
use crate::parser::{Parsed, Parser};
use crate::plan::{Captures, Source, Stage};
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;
use std::fmt;
use std::sync::Arc;

pub(super) const DOCS: [&FunctionDoc; 2] = [
    &FunctionDoc {
        name: "csv",
        usage: "| csv field [escape='\\', quote='\"'] extract 1 as name, 2 as name; | csv field extract name, _, name",
        summary: "Takes values out of a text with commas between them, by number or in their order, `_` for one that nobody wants.",
        page: "https://www.sumologic.com/help/docs/search/search-query-language/parse-operators/parse-csv-formatted-logs/",
        examples: &[],
    },
    &FunctionDoc {
        name: "split",
        usage: "| split field [delim=',', escape='\\', quote='\"'] extract 1 as name, 2 as name",
        summary: "Takes values out of a text with any delimiter between them.",
        page: "https://www.sumologic.com/help/docs/search/search-query-language/parse-operators/parse-delimited-logs-using-split/",
        examples: &[],
    },
];

/// `csv …` or `split …`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Delimited {
    is_csv: bool,
    source: Source,
    delimiter: char,
    escape: char,
    quote: char,
    /// The number of each value, from 1, and its name.
    values: Vec<(usize, Name)>,
    place: Place,
}

impl Delimited {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        let word = p.bump();
        let mut parsed = Delimited {
            is_csv: word.is_word("csv"),
            source: Source::Message,
            delimiter: ',',
            escape: '\\',
            quote: '"',
            values: Vec::new(),
            place: Place(word.span),
        };
        if let Some(field) = p.field_option()? {
            parsed.source = Source::Field(field);
        } else if !p.at_word("extract") && !p.peek_second().is("=") {
            parsed.source = Source::Field(p.name()?);
        }
        while !p.at_word("extract") {
            let option = p.bump();
            p.expect_symbol("=")?;
            let character = p.character()?;
            match option.text.to_lowercase().as_str() {
                "delim" => parsed.delimiter = character,
                "escape" => parsed.escape = character,
                "quote" => parsed.quote = character,
                _ => return Err(p.error(format!("{} is no option here", option.shown()), option.span)),
            }
            p.eat_symbol(",");
        }
        p.expect_word("extract")?;
        let mut next = 1;
        loop {
            let token = p.peek();
            if token.kind == TokenKind::Number && p.peek_second().is_word("as") {
                p.bump();
                let wrong = || Diagnostic::error("sumo/syntax", "values are counted from 1", token.span);
                next = token.text.parse().map_err(|_| wrong())?;
                if next == 0 {
                    return Err(wrong());
                }
                p.bump();
            }
            let name = p.name()?;
            if name.text != "_" {
                parsed.values.push((next, name));
            }
            next = next.saturating_add(1);
            if !p.eat_symbol(",") || p.at_end() {
                break;
            }
        }
        // Every row has some values, so that there is nothing to drop.
        p.eat_word("nodrop");
        parsed.place = Place(p.since(word.span.start));
        Ok(parsed)
    }

    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        let (delimiter, escape, quote) = (self.delimiter, self.escape, self.quote);
        let numbers: Vec<usize> = self.values.iter().map(|(number, _)| *number).collect();
        let captures = Captures {
            key: format!("split {delimiter:?} {escape:?} {quote:?} {numbers:?}"),
            names: self.values.iter().map(|(_, name)| Some(name.clone())).collect(),
            source: self.source.clone(),
            nodrop: true,
            multi: false,
            chained: false,
            extract: Arc::new(move |text, _| {
                let values = split(text, delimiter, escape, quote);
                vec![numbers.iter().map(|number| values.get(number - 1).cloned()).collect()]
            }),
        };
        captures.lower(stage)
    }
}

/// The values of a text, without their quotes and escapes.
fn split(text: &str, delimiter: char, escape: char, quote: char) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut in_quotes = false;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let push = |values: &mut Vec<String>, c: char| {
            if let Some(last) = values.last_mut() {
                last.push(c);
            }
        };
        if c == escape && rest.peek().is_some_and(|next| *next == quote || *next == escape || *next == delimiter) {
            if let Some(next) = rest.next() {
                push(&mut values, next);
            }
        } else if c == quote && in_quotes && rest.peek() == Some(&quote) {
            rest.next();
            push(&mut values, quote);
        } else if c == quote {
            in_quotes = !in_quotes;
        } else if c == delimiter && !in_quotes {
            values.push(String::new());
        } else {
            push(&mut values, c);
        }
    }
    values
}

impl fmt::Display for Delimited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_csv { "csv" } else { "split" })?;
        if let Source::Field(name) = &self.source {
            write!(f, " {name}")?;
        }
        let character = |c: char| if c == '\t' { "'\\t'".to_owned() } else { format!("'{c}'") };
        write!(
            f,
            " delim={}, escape={}, quote={} extract ",
            character(self.delimiter),
            character(self.escape),
            character(self.quote)
        )?;
        for (index, (number, name)) in self.values.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{number} as {name}")?;
        }
        if self.values.is_empty() { f.write_str("_") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn quotes_and_escapes() {
        assert_eq!(split(r#"a,"b,c",d\,e,"f""g""#, ',', '\\', '"'), ["a", "b,c", "d,e", "f\"g"]);
        assert_eq!(split("", ',', '\\', '"'), [""]);
    }
}
