//! `TEXT SEARCH 'words'`: words, `"phrases"`, `*` and `?` in words, AND, OR, NOT and parentheses, over the payload.
use datafusion::prelude::Expr;
use mynah_dialect::{all_of, any_of};
use mynah_kernels::{Regex, regex_match};
use mynah_syntax::MAX_DEPTH;

/// Whether the payload holds what is searched for, in any case. Words next to each other must all be there.
pub(super) fn text_search(words: &str, payload: &Expr) -> Result<Expr, String> {
    let tokens = tokens(words)?;
    let mut search = Search { tokens: &tokens, position: 0, payload, depth: 0 };
    let found = search.any()?;
    match search.tokens.get(search.position) {
        None => Ok(found),
        Some(_) => Err("a parenthesis of the search is not opened".into()),
    }
}

#[derive(Debug, PartialEq)]
enum Token {
    Term(String),
    And,
    Or,
    Not,
    Open,
    Close,
}

fn tokens(words: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = words.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' | ')' => {
                tokens.push(if first == '(' { Token::Open } else { Token::Close });
                1
            }
            '"' => {
                let inside = rest.get(1..).unwrap_or("");
                let end = inside.find('"').ok_or("a quote of the search is not closed")?;
                tokens.push(Token::Term(inside.get(..end).unwrap_or("").to_owned()));
                end + 2
            }
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"')).unwrap_or(rest.len());
                let word = rest.get(..end).unwrap_or("");
                tokens.push(match word {
                    "AND" => Token::And,
                    "OR" => Token::Or,
                    "NOT" => Token::Not,
                    word => Token::Term(word.to_owned()),
                });
                end
            }
        };
        rest = rest.get(length..).unwrap_or("").trim_start();
    }
    if tokens.is_empty() { Err("there is nothing to search for".into()) } else { Ok(tokens) }
}

struct Search<'s> {
    tokens: &'s [Token],
    position: usize,
    payload: &'s Expr,
    depth: usize,
}

impl Search<'_> {
    fn eat(&mut self, token: &Token) -> bool {
        let found = self.tokens.get(self.position) == Some(token);
        self.position += usize::from(found);
        found
    }

    fn any(&mut self) -> Result<Expr, String> {
        let mut parts = vec![self.all()?];
        while self.eat(&Token::Or) {
            parts.push(self.all()?);
        }
        any_of(parts).ok_or_else(|| "there is nothing to search for".into())
    }

    fn all(&mut self) -> Result<Expr, String> {
        let mut parts = vec![self.one()?];
        while !matches!(self.tokens.get(self.position), None | Some(Token::Or | Token::Close)) {
            self.eat(&Token::And);
            parts.push(self.one()?);
        }
        all_of(parts).ok_or_else(|| "there is nothing to search for".into())
    }

    fn one(&mut self) -> Result<Expr, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("the search is nested more than {MAX_DEPTH} levels deep"));
        }
        let found = match self.tokens.get(self.position) {
            Some(Token::Not) => {
                self.position += 1;
                Expr::Not(Box::new(self.one()?))
            }
            Some(Token::Open) => {
                self.position += 1;
                let inside = self.any()?;
                if !self.eat(&Token::Close) {
                    return Err("a parenthesis of the search is not closed".into());
                }
                inside
            }
            Some(Token::Term(term)) => {
                self.position += 1;
                let regex = Regex::new(&expression(term)).map_err(|_| format!("`{term}` cannot be searched for"))?;
                regex_match(regex, self.payload.clone())
            }
            _ => return Err("a word is missing in the search".into()),
        };
        self.depth -= 1;
        Ok(found)
    }
}

/// A word or phrase as a regular expression: whole words only.
fn expression(term: &str) -> String {
    let mut expression = String::from("(?i)");
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if is_word(term.chars().next()) {
        expression.push_str(r"\b");
    }
    for c in term.chars() {
        match c {
            '*' => expression.push_str(r"\w*"),
            '?' => expression.push_str(r"\w"),
            c if c.is_whitespace() => expression.push_str(r"\s+"),
            c => expression.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
        }
    }
    if is_word(term.chars().next_back()) {
        expression.push_str(r"\b");
    }
    expression
}
