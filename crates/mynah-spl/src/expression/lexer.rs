use mynah_syntax::{Diagnostic, Span};

/// A token of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A number, as it is written.
    Number(String),
    Text(String),
    /// A bare word: a field, a function, or an operator in words.
    Name(String),
    /// A name in single quotes: always a field.
    QuotedName(String),
    Symbol(&'static str),
    /// A character that no expression has, or the end of the text: whatever it is, the expression is over.
    End,
}

/// Longest first.
const SYMBOLS: [&str; 16] = ["==", "!=", "<=", ">=", "=", "<", ">", "!", "(", ")", ",", ".", "+", "-", "*", "/"];

/// Reads the token at `at`: the token and its place.
///
/// Works on the text where it stands, so that an expression inside a longer query needs no end mark.
pub(super) fn token(text: &str, at: usize) -> Result<(Token, Span), Diagnostic> {
    let rest = text.get(at..).unwrap_or("");
    let start = at + (rest.len() - rest.trim_start().len());
    let rest = rest.trim_start();
    let Some(first) = rest.chars().next() else { return Ok((Token::End, Span::at(start))) };
    let span = |length: usize| Span::new(start, start + length);
    match first {
        '"' => {
            let (content, length) = quoted(rest, '"', start)?;
            Ok((Token::Text(content), span(length)))
        }
        '\'' => {
            let (content, length) = quoted(rest, '\'', start)?;
            Ok((Token::QuotedName(content), span(length)))
        }
        '0'..='9' => {
            let length = number_length(rest);
            let written = rest.get(..length).unwrap_or("");
            Ok((Token::Number(written.to_owned()), span(length)))
        }
        '%' => Ok((Token::Symbol("%"), span(1))),
        c if is_name_start(c) => {
            let length = rest.find(|c| !is_name_part(c)).unwrap_or(rest.len());
            Ok((Token::Name(rest.get(..length).unwrap_or("").to_owned()), span(length)))
        }
        _ => match SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol)) {
            Some(symbol) => Ok((Token::Symbol(symbol), span(symbol.len()))),
            None => Ok((Token::End, Span::new(start, start + first.len_utf8()))),
        },
    }
}

/// The number that begins with a dot at `at`, white space left aside, with a zero in front, and how long it is.
pub(super) fn fraction(text: &str, at: usize) -> Option<(String, usize)> {
    let digits = text.get(at..)?.trim_start().strip_prefix('.')?;
    let length = digits.starts_with(|c: char| c.is_ascii_digit()).then(|| number_length(digits))?;
    let written = digits.get(..length)?;
    // `.25.5` is no number.
    (!written.contains('.')).then(|| (format!("0.{written}"), length + 1))
}

fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

/// Braces and colons too: `tag::host` and `items{}` are written without quotes often enough.
fn is_name_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | ':' | '{' | '}' | '@')
}

/// Whether a field of that name needs no quotes.
pub(super) fn is_bare_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(is_name_start)
        && chars.all(is_name_part)
        && !["and", "or", "not", "xor", "in", "like", "true", "false", "null"]
            .contains(&name.to_ascii_lowercase().as_str())
}

fn number_length(text: &str) -> usize {
    let digits = |from: usize| text.bytes().skip(from).take_while(u8::is_ascii_digit).count();
    let mut length = digits(0);
    if text.as_bytes().get(length) == Some(&b'.') && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    if matches!(text.as_bytes().get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.as_bytes().get(length + 1), Some(b'+' | b'-')));
        let exponent = digits(length + 1 + sign);
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    length
}

/// The content of a quoted text and how long it is with its quotes.
///
/// Only `\\`, the escaped quote and `\n`, `\t`, `\r` are escapes: `"\d+"` keeps its backslash, as regexes need.
fn quoted(text: &str, quote: char, start: usize) -> Result<(String, usize), Diagnostic> {
    let mut content = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == quote {
            return Ok((content, at + c.len_utf8()));
        }
        if c == '\\'
            && let Some((_, next)) = chars.peek().copied()
        {
            let resolved = match next {
                '\\' => Some('\\'),
                'n' => Some('\n'),
                't' => Some('\t'),
                'r' => Some('\r'),
                next if next == quote => Some(next),
                _ => None,
            };
            if let Some(resolved) = resolved {
                content.push(resolved);
                chars.next();
                continue;
            }
        }
        content.push(c);
    }
    Err(Diagnostic::error(
        "spl/syntax",
        format!("this {quote} has no closing {quote}"),
        Span::new(start, start + text.len()),
    ))
}
