use super::Reported;
use crate::lexer::{Lexeme, Symbol, Token, syntax};
use mynah_syntax::{Depth, Diagnostic, Span, nearest};

/// Where the parser stands, and what it has had to say so far.
pub(super) struct Cursor {
    lexemes: Vec<Lexeme>,
    at: usize,
    pub(super) depth: Depth,
    diagnostics: Vec<Diagnostic>,
}

static END: Lexeme = Lexeme { token: Token::End, span: Span { start: 0, end: 0 } };

impl Cursor {
    pub(super) fn new(lexemes: Vec<Lexeme>, diagnostics: Vec<Diagnostic>) -> Self {
        Cursor { lexemes, at: 0, depth: Depth::default(), diagnostics }
    }

    pub(super) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics
    }

    pub(super) fn peek(&self) -> &Token {
        self.peek_at(0)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> &Token {
        // The last lexeme is the end, which every place behind it is too.
        &self.lexemes.get(self.at + ahead).or(self.lexemes.last()).unwrap_or(&END).token
    }

    pub(super) fn span(&self) -> Span {
        self.lexemes.get(self.at).or(self.lexemes.last()).unwrap_or(&END).span
    }

    /// The place of the token before this one.
    pub(super) fn previous(&self) -> Span {
        self.at.checked_sub(1).and_then(|at| self.lexemes.get(at)).unwrap_or(&END).span
    }

    pub(super) fn advance(&mut self) {
        if self.at + 1 < self.lexemes.len() {
            self.at += 1;
        }
    }

    pub(super) fn at_end(&self) -> bool {
        *self.peek() == Token::End
    }

    pub(super) fn is(&self, symbol: Symbol) -> bool {
        *self.peek() == Token::Symbol(symbol)
    }

    pub(super) fn eat(&mut self, symbol: Symbol) -> bool {
        let found = self.is(symbol);
        if found {
            self.advance();
        }
        found
    }

    /// Whether the keyword comes next, in any case of letters.
    pub(super) fn is_word(&self, keyword: &str) -> bool {
        matches!(self.peek(), Token::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    /// Takes the keyword, if it comes next. Elastic knows keywords in lower case only, which is said.
    pub(super) fn eat_word(&mut self, keyword: &'static str) -> bool {
        let Token::Word(word) = self.peek() else { return false };
        if !word.eq_ignore_ascii_case(keyword) {
            return false;
        }
        if word != keyword {
            let message = format!("Elastic knows `{keyword}` in lower case only");
            let span = self.span();
            let refused = Diagnostic::warning("eql/keyword-case", message, span);
            self.report(refused.with_fix(span, keyword, "write it in lower case"));
        }
        self.advance();
        true
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) -> Reported {
        self.diagnostics.push(diagnostic);
        Reported
    }

    /// Says what was expected instead of the token that comes next.
    pub(super) fn expected(&mut self, what: &str) -> Reported {
        self.expected_one_of(what, &[])
    }

    /// The same, with the word that was most likely meant as a fix.
    pub(super) fn expected_one_of(&mut self, what: &str, words: &[&'static str]) -> Reported {
        let diagnostic = self.instead_of(what);
        let span = diagnostic.span;
        let meant = match self.peek() {
            Token::Word(word) => nearest(word, words.iter().copied()),
            _ => None,
        };
        self.report(match meant {
            Some(meant) => diagnostic.with_fix(span, meant, format!("did you mean `{meant}`?")),
            None => diagnostic,
        })
    }

    /// Takes a closing bracket, or says that it is missing and which one it would close.
    pub(super) fn close(&mut self, symbol: Symbol, opened: Span) -> Result<(), Reported> {
        if self.eat(symbol) {
            return Ok(());
        }
        let missing = self.instead_of(&format!("`{}`", symbol.text()));
        Err(self.report(missing.with_label(opened, "to close this")))
    }

    /// That there is something else than what was expected.
    fn instead_of(&self, what: &str) -> Diagnostic {
        let span = if self.at_end() { Span::at(self.previous().end) } else { self.span() };
        syntax(format!("expected {what}, found {}", self.peek().describe()), span)
    }

    /// Goes one level deeper, runs, and comes back.
    pub(super) fn deeper<T>(&mut self, run: impl FnOnce(&mut Self) -> Result<T, Reported>) -> Result<T, Reported> {
        let span = self.span();
        if let Err(diagnostic) = self.depth.enter(span) {
            // Nothing behind this place can be made sense of.
            let reported = self.report(diagnostic);
            self.at = self.lexemes.len().saturating_sub(1);
            return Err(reported);
        }
        let result = run(self);
        self.depth.leave();
        result
    }

    /// Skips to where a next condition may begin: before `and`, `or`, a closing bracket, a pipe or the end; what is
    /// in brackets of its own is skipped as a whole.
    pub(super) fn skip_operand(&mut self) {
        let mut open = 0usize;
        loop {
            match self.peek() {
                Token::End => return,
                Token::Symbol(Symbol::OpenParenthesis | Symbol::OpenBracket | Symbol::OpenMissing) => open += 1,
                Token::Symbol(Symbol::CloseParenthesis | Symbol::CloseBracket) if open == 0 => return,
                Token::Symbol(Symbol::CloseParenthesis | Symbol::CloseBracket) => open -= 1,
                Token::Symbol(Symbol::Pipe) if open == 0 => return,
                Token::Word(word) if open == 0 && (word == "and" || word == "or") => return,
                _ => {}
            }
            self.advance();
        }
    }

    /// Skips to behind the `]` that closes the bracket we are in.
    pub(super) fn skip_bracket(&mut self) {
        let mut open = 0usize;
        loop {
            match self.peek() {
                Token::End => return,
                Token::Symbol(Symbol::OpenBracket | Symbol::OpenMissing) => open += 1,
                Token::Symbol(Symbol::CloseBracket) if open == 0 => {
                    self.advance();
                    return;
                }
                Token::Symbol(Symbol::CloseBracket) => open -= 1,
                _ => {}
            }
            self.advance();
        }
    }
}
