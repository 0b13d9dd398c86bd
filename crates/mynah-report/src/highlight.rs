//! Queries as HTML, with their tokens coloured and their lines numbered.
use mynah_dialect::{Token, TokenKind};
use mynah_event::Dialect;
use mynah_syntax::neutral;
use quick_xml::escape::escape;

/// A function from a query and its dialect to its tokens, such as `mynah::tokens`.
pub type Tokens<'t> = &'t (dyn Fn(&str, Dialect) -> Vec<Token> + Sync);

/// Text as HTML: nothing in it is markup, nothing acts.
pub(crate) fn text(text: &str) -> String {
    escape(neutral::lines(text)).into_owned()
}

/// A query as HTML: a `span` of class `line` for each line, and in it one for each token. The lines in `marked`, from 1, are marked.
pub(crate) fn query(query: &str, tokens: &[Token], marked: &[usize]) -> String {
    let query = query.trim_end();
    let mut lines = Lines { html: String::with_capacity(query.len() * 3), number: 0, marked };
    lines.open();
    let mut done = 0;
    // `a.b.c` is one piece, however many tokens it is.
    let touches = |a: &Token, b: &Token| a.kind == b.kind && a.span.end == b.span.start;
    for piece in tokens.chunk_by(touches) {
        let (Some(token), Some(last)) = (piece.first(), piece.last()) else { continue };
        // A lexer's spans do not overlap, but that is its business.
        let (start, end) = (token.span.start.max(done), last.span.end.min(query.len()));
        let (Some(before), Some(own)) = (query.get(done..start), query.get(start..end)) else { continue };
        lines.push(before, "");
        lines.push(own, class(token.kind));
        done = end;
    }
    lines.push(query.get(done..).unwrap_or_default(), "");
    lines.html.push_str("</span>");
    lines.html
}

/// The lines of a query, as they are written.
struct Lines<'m> {
    html: String,
    number: usize,
    marked: &'m [usize],
}

impl Lines<'_> {
    fn open(&mut self) {
        self.number += 1;
        let is_marked = self.marked.contains(&self.number);
        self.html.push_str(if is_marked { "<span class=\"line marked\">" } else { "<span class=\"line\">" });
    }

    /// A piece of the query, which may go over several lines.
    fn push(&mut self, piece: &str, class: &str) {
        for (index, part) in piece.split('\n').enumerate() {
            if index > 0 {
                self.html.push_str("</span>\n");
                self.open();
            }
            let part = part.strip_suffix('\r').unwrap_or(part);
            if part.is_empty() {
                continue;
            }
            match class {
                "" => self.html.push_str(&text(part)),
                class => self.html.push_str(&format!("<span class=\"{class}\">{}</span>", text(part))),
            }
        }
    }
}

/// The class of a token in `style.css`; none of those that look like the rest.
fn class(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Keyword => "tk",
        TokenKind::Function => "tf",
        TokenKind::Field => "ti",
        TokenKind::Text => "ts",
        TokenKind::Number => "tn",
        TokenKind::Operator => "to",
        TokenKind::Comment => "tc",
        TokenKind::Macro => "tm",
        TokenKind::Punctuation | TokenKind::Unknown => "",
    }
}

#[cfg(test)]
mod tests {
    use super::query;
    use mynah_dialect::{Token, TokenKind};
    use mynah_syntax::Span;

    fn token(start: usize, end: usize, kind: TokenKind) -> Token {
        Token { span: Span::new(start, end), kind }
    }

    #[test]
    fn tokens_are_spans_and_lines_are_whole() {
        let text = "any where\n\"a\n<b>\"\n";
        let tokens = [token(0, 3, TokenKind::Keyword), token(10, 17, TokenKind::Text)];
        assert_eq!(
            query(text, &tokens, &[3]),
            "<span class=\"line\"><span class=\"tk\">any</span> where</span>\n\
             <span class=\"line\"><span class=\"ts\">&quot;a</span></span>\n\
             <span class=\"line marked\"><span class=\"ts\">&lt;b&gt;&quot;</span></span>"
        );
    }

    #[test]
    fn spans_that_fit_no_text_are_left_out() {
        let tokens = [token(0, 2, TokenKind::Keyword), token(1, 90, TokenKind::Text), token(5, 9, TokenKind::Number)];
        assert_eq!(
            query("äb\u{1b}", &tokens, &[]),
            "<span class=\"line\"><span class=\"tk\">ä</span><span class=\"ts\">b\u{fffd}</span></span>"
        );
    }
}
