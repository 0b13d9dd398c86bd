use super::ast::{BinaryOperator, COMPARISON, Expression, ExpressionKind, NOT, SIGN, UnaryOperator};
use super::lexer::{Token, fraction, token};
use mynah_syntax::{Depth, Diagnostic, Span, Spanned};

/// Parses a text that is one expression and nothing else.
///
/// `base_offset` is where the text starts in the query: all spans are places in the query.
///
/// ```
/// use mynah_spl::expression::parse;
/// let (expression, diagnostics) = parse("NOT a=1 AND b=2 OR c=3 XOR d=4", 0);
/// assert!(diagnostics.is_empty());
/// assert_eq!(expression.unwrap().to_string(), "NOT a = 1 AND b = 2 OR c = 3 XOR d = 4");
/// let (_, diagnostics) = parse("a = ", 10);
/// assert_eq!(diagnostics[0].span, mynah_syntax::Span::at(14));
/// ```
pub fn parse(text: &str, base_offset: usize) -> (Option<Expression>, Vec<Diagnostic>) {
    match parse_prefix(text, base_offset) {
        Ok((expression, end)) => {
            let rest = text.get(end..).unwrap_or("");
            if rest.trim().is_empty() {
                return (Some(expression), Vec::new());
            }
            let start = base_offset + end + (rest.len() - rest.trim_start().len());
            let word = rest.split_whitespace().next().unwrap_or("");
            let span = Span::new(start, start + word.len());
            (None, vec![Diagnostic::error("spl/syntax", format!("an operator is missing before `{word}`"), span)])
        }
        Err(diagnostic) => (None, vec![diagnostic]),
    }
}

/// Parses the expression a text starts with: it, and the offset in `text` just after it.
///
/// It ends where the next token cannot continue it: at a comma, a pipe, a closing bracket that it did
/// not open, or a word that is no operator (`by`, `as`).
///
/// ```
/// let (expression, end) = mynah_spl::expression::parse_prefix("a+1, b=2", 0).unwrap();
/// assert_eq!((expression.to_string().as_str(), end), ("a + 1", 3));
/// ```
///
/// # Errors
/// Where there is no expression, or it is broken.
pub fn parse_prefix(text: &str, base_offset: usize) -> Result<(Expression, usize), Diagnostic> {
    let mut parser = Parser { text, at: 0, end: 0, base: base_offset, depth: Depth::default() };
    let expression = parser.expression(0)?;
    Ok((expression, parser.end))
}

/// How many operators may follow one another without parentheses.
const MAX_LINKS: usize = 2_000;

/// How many AND or OR: conditions come in long chains, one term for each value of a list.
const MAX_TERMS: usize = 50_000;

/// Whether a chain of the operator means the same however it is put in parentheses.
fn is_associative(operator: BinaryOperator) -> bool {
    matches!(operator, BinaryOperator::And | BinaryOperator::Or)
}

/// Operands with operators between them, the last ones of one operator not yet put together.
struct Chain {
    /// Each with the place of the operator before it.
    operands: Vec<(Span, Expression)>,
    operator: Option<BinaryOperator>,
}

impl Chain {
    fn new(first: Expression) -> Chain {
        Chain { operands: vec![(first.span, first)], operator: None }
    }

    fn link(&mut self, operator: BinaryOperator, at: Span, operand: Expression) {
        if self.operator != Some(operator) || !is_associative(operator) {
            self.replace(|before| before);
            self.operator = Some(operator);
        }
        self.operands.push((at, operand));
    }

    /// Puts all so far together, and something else in its place.
    fn replace(&mut self, change: impl FnOnce(Expression) -> Expression) {
        let operands = std::mem::take(&mut self.operands);
        let so_far = Chain { operands, operator: self.operator.take() }.joined();
        *self = Chain::new(change(so_far));
    }

    /// As a tree, which of a chain of conditions beyond the bound of others is no deeper than it must be.
    fn joined(self) -> Expression {
        let operator = self.operator.unwrap_or(BinaryOperator::And);
        let pair = |(before, left): (Span, Expression), (at, right): (Span, Expression)| {
            let span = left.span.to(right.span);
            let operator = Spanned::new(operator, at);
            let kind = ExpressionKind::Binary { operator, left: Box::new(left), right: Box::new(right) };
            (before, Expression { kind, span })
        };
        let joined = match self.operands.len() > MAX_LINKS {
            true => mynah_dialect::balanced(self.operands, pair),
            false => self.operands.into_iter().reduce(pair),
        };
        // A chain has a first operand.
        let none = || Expression { kind: ExpressionKind::Text(String::new()), span: Span::default() };
        joined.map_or_else(none, |(_, expression)| expression)
    }
}

struct Parser<'a> {
    text: &'a str,
    /// Where the next token is looked for.
    at: usize,
    /// The end of the last token taken.
    end: usize,
    base: usize,
    depth: Depth,
}

impl Parser<'_> {
    /// The next token, its place in the query.
    fn peek(&self) -> Result<(Token, Span), Diagnostic> {
        match token(self.text, self.at) {
            Ok((token, span)) => Ok((token, span.shift(self.base))),
            Err(mut diagnostic) => {
                diagnostic.span = diagnostic.span.shift(self.base);
                Err(diagnostic)
            }
        }
    }

    fn take(&mut self, span: Span) {
        self.at = span.end - self.base;
        self.end = self.at;
    }

    fn take_symbol(&mut self, symbol: &str) -> Result<Option<Span>, Diagnostic> {
        let (token, span) = self.peek()?;
        if matches!(token, Token::Symbol(found) if found == symbol) {
            self.take(span);
            return Ok(Some(span));
        }
        Ok(None)
    }

    /// An expression of operators that bind at least as tightly as `least`.
    fn expression(&mut self, least: u8) -> Result<Expression, Diagnostic> {
        self.depth.enter(self.peek()?.1)?;
        let mut chain = Chain::new(self.operand(least)?);
        // A chain of operators makes a tree as deep as it is long, but for those that are lowered as one.
        let mut chained = 0;
        let mut links = 0;
        while let Ok((token, span)) = self.peek() {
            let operator = match &token {
                Token::Name(word) if word.eq_ignore_ascii_case("in") && COMPARISON >= least => {
                    self.take(span);
                    let list = self.arguments()?;
                    let end = Span::at(self.base + self.end);
                    chain.replace(|value| {
                        let span = value.span.to(end);
                        Expression { kind: ExpressionKind::In { value: Box::new(value), list }, span }
                    });
                    continue;
                }
                Token::Name(word) => BinaryOperator::written(word),
                Token::Symbol(symbol) => BinaryOperator::written(symbol),
                _ => None,
            };
            let Some(operator) = operator else { break };
            let binding = operator.binding();
            if binding < least {
                break;
            }
            self.take(span);
            links += 1;
            let most = if is_associative(operator) { MAX_TERMS } else { MAX_LINKS };
            if links > most {
                return Err(Diagnostic::error(
                    "syntax/too-deep",
                    format!("a chain of more than {most} operators"),
                    span,
                ));
            }
            if !is_associative(operator) && binding != BinaryOperator::Add.binding() {
                self.depth.enter(span)?;
                chained += 1;
            }
            chain.link(operator, span, self.expression(binding + 1)?);
        }
        for _ in 0..chained {
            self.depth.leave();
        }
        self.depth.leave();
        Ok(chain.joined())
    }

    fn operand(&mut self, least: u8) -> Result<Expression, Diagnostic> {
        let (token, span) = self.peek()?;
        let unary = match &token {
            Token::Name(word) if word.eq_ignore_ascii_case("not") => Some((UnaryOperator::Not, NOT)),
            // Binds as a sign does: `!isnull(a) AND b=1`.
            Token::Symbol("!") => Some((UnaryOperator::Not, SIGN)),
            Token::Symbol("-") => Some((UnaryOperator::Minus, SIGN)),
            Token::Symbol("+") => Some((UnaryOperator::Plus, SIGN)),
            _ => None,
        };
        if let Some((operator, binding)) = unary {
            self.take(span);
            // `a = NOT b` reads as it can only be meant, although NOT binds looser than `=`.
            let operand = self.expression(if operator == UnaryOperator::Not {
                binding.max(least.min(COMPARISON))
            } else {
                binding
            })?;
            let whole = span.to(operand.span);
            return Ok(Expression {
                kind: ExpressionKind::Unary { operator, operand: Box::new(operand) },
                span: whole,
            });
        }
        match token {
            Token::Number(written) => self.number(&written, span),
            Token::Text(text) => Ok(self.leaf(ExpressionKind::Text(text), span)),
            Token::QuotedName(name) => Ok(self.leaf(ExpressionKind::Field(name), span)),
            Token::Name(name) => {
                self.take(span);
                if matches!(self.peek()?.0, Token::Symbol("(")) {
                    let arguments = self.arguments()?;
                    let whole = span.to(Span::at(self.base + self.end));
                    return Ok(Expression {
                        kind: ExpressionKind::Call { name: Spanned::new(name, span), arguments },
                        span: whole,
                    });
                }
                Ok(Expression { kind: ExpressionKind::Field(name), span })
            }
            Token::Symbol("(") => {
                self.take(span);
                let mut inner = self.expression(0)?;
                match self.take_symbol(")")? {
                    Some(close) => inner.span = span.to(close),
                    None => return Err(self.unclosed(span)),
                }
                Ok(inner)
            }
            Token::Symbol(_) | Token::End => {
                // `.25`: a dot joins two values only behind the first.
                if let (Token::Symbol("."), Some((written, length))) = (token, fraction(self.text, self.at)) {
                    return self.number(&written, Span::new(span.start, span.start + length));
                }
                let found = Span::new(span.start - self.base, span.end - self.base).of(self.text);
                let message = match found {
                    "" => "an expression is missing here".to_owned(),
                    found => format!("an expression is missing before `{found}`"),
                };
                Err(Diagnostic::error("spl/syntax", message, span))
            }
        }
    }

    /// An expression of one token, which is taken.
    fn leaf(&mut self, kind: ExpressionKind, span: Span) -> Expression {
        self.take(span);
        Expression { kind, span }
    }

    fn number(&mut self, written: &str, span: Span) -> Result<Expression, Diagnostic> {
        match ExpressionKind::number(written) {
            Some(number) => Ok(self.leaf(number, span)),
            None => Err(Diagnostic::error("spl/syntax", format!("`{written}` is not a number"), span)),
        }
    }

    fn unclosed(&self, open: Span) -> Diagnostic {
        let at = self.base + self.end;
        Diagnostic::error("spl/syntax", "a `)` is missing here", Span::at(at)).with_label(open, "opened here")
    }

    /// `(a, b, ...)`.
    fn arguments(&mut self) -> Result<Vec<Expression>, Diagnostic> {
        let Some(open) = self.take_symbol("(")? else {
            return Err(Diagnostic::error("spl/syntax", "a list in parentheses is missing here", self.peek()?.1));
        };
        let mut arguments = Vec::new();
        if self.take_symbol(")")?.is_some() {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expression(0)?);
            if self.take_symbol(")")?.is_some() {
                return Ok(arguments);
            }
            if self.take_symbol(",")?.is_none() {
                return Err(self.unclosed(open));
            }
        }
    }
}
