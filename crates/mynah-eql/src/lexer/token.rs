use mynah_syntax::Span;

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    /// A word: keyword, category, function or part of a field's name.
    Word(String),
    /// A word with `~` behind it: `in~`, `startsWith~`. The word alone.
    TildeWord(String),
    /// A name in backticks, unescaped.
    Quoted(String),
    /// A string, unescaped.
    Text(String),
    /// A whole number that fits.
    Integer(i64),
    /// A number with a fraction, an exponent or too many digits.
    Float(f64),
    /// An operator or a bracket.
    Symbol(Symbol),
    /// The end of the text.
    End,
}

/// Operators and brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Symbol {
    Colon,
    /// `=`: no operator of conditions, but what `maxspan` and `runs` are set with.
    Assign,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Times,
    Divide,
    Modulo,
    Dot,
    Comma,
    OpenBracket,
    /// `![`: an event that must be missing.
    OpenMissing,
    CloseBracket,
    OpenParenthesis,
    CloseParenthesis,
    Pipe,
    /// `?` before a field that need not exist.
    Optional,
}

/// How they are written; those of two characters first, of which others are the beginning.
#[rustfmt::skip]
pub(crate) const SYMBOLS: [(&str, Symbol); 22] = [
    ("==", Symbol::Equal), ("!=", Symbol::NotEqual), ("<=", Symbol::LessOrEqual), (">=", Symbol::GreaterOrEqual),
    ("![", Symbol::OpenMissing), (":", Symbol::Colon), ("=", Symbol::Assign), ("<", Symbol::Less),
    (">", Symbol::Greater), ("+", Symbol::Plus), ("-", Symbol::Minus), ("*", Symbol::Times), ("/", Symbol::Divide),
    ("%", Symbol::Modulo), (".", Symbol::Dot), (",", Symbol::Comma), ("[", Symbol::OpenBracket),
    ("]", Symbol::CloseBracket), ("(", Symbol::OpenParenthesis), (")", Symbol::CloseParenthesis), ("|", Symbol::Pipe),
    ("?", Symbol::Optional),
];

impl Symbol {
    pub(crate) fn text(self) -> &'static str {
        SYMBOLS.iter().find(|(_, symbol)| *symbol == self).map_or("", |(text, _)| text)
    }
}

/// A token and its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lexeme {
    pub(crate) token: Token,
    pub(crate) span: Span,
}

impl Token {
    /// How to speak of it in a message.
    pub(crate) fn describe(&self) -> String {
        match self {
            Token::Word(word) => format!("`{word}`"),
            Token::TildeWord(word) => format!("`{word}~`"),
            Token::Quoted(name) => format!("the name `{name}`"),
            Token::Text(_) => "a string".into(),
            Token::Integer(number) => format!("the number {number}"),
            Token::Float(number) => format!("the number {number}"),
            Token::Symbol(symbol) => format!("`{}`", symbol.text()),
            Token::End => "the end of the query".into(),
        }
    }
}
