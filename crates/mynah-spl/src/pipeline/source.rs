use mynah_syntax::Span;

/// A query with its macros expanded, and the way back from a place in it to the query as written.
///
/// Everything after expansion works on [`Source::text`] and gives spans of it; [`Source::locate`]
/// turns them into spans of the original. What comes out of a macro has the macro's call as its place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Source {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, Copy)]
struct Piece {
    /// Where it begins in the expanded text.
    start: usize,
    /// What it stands for in the original.
    original: Span,
    /// Whether it is the original text itself, byte by byte.
    verbatim: bool,
}

impl Source {
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Adds a stretch of the original as it is.
    pub(crate) fn push_verbatim(&mut self, text: &str, original: Span) {
        if !text.is_empty() {
            self.pieces.push(Piece { start: self.text.len(), original, verbatim: true });
            self.text.push_str(text);
        }
    }

    /// Adds text that stands for a stretch of the original.
    pub(crate) fn push_expansion(&mut self, text: &str, original: Span) {
        self.pieces.push(Piece { start: self.text.len(), original, verbatim: false });
        self.text.push_str(text);
    }

    /// The place in the original of a place in the expanded text.
    pub(crate) fn locate(&self, span: Span) -> Span {
        let start = self.piece_at(span.start).map_or(span, |piece| {
            if piece.verbatim {
                Span::at((piece.original.start + span.start - piece.start).min(piece.original.end))
            } else {
                piece.original
            }
        });
        if span.end <= span.start {
            return start;
        }
        // The end belongs to the piece of the last byte that is covered.
        let end = self.piece_at(span.end - 1).map_or(span, |piece| {
            if piece.verbatim {
                Span::at((piece.original.start + span.end - piece.start).min(piece.original.end))
            } else {
                piece.original
            }
        });
        Span::new(start.start, end.end.max(start.end))
    }

    /// Whether a place stands in the query as written, and not in a macro's definition.
    pub(crate) fn is_written(&self, span: Span) -> bool {
        let last = span.end.max(span.start + 1) - 1;
        match (self.piece_at(span.start), self.piece_at(last)) {
            (Some(first), Some(last)) => first.verbatim && first.start == last.start,
            _ => false,
        }
    }

    fn piece_at(&self, offset: usize) -> Option<Piece> {
        let after = self.pieces.partition_point(|piece| piece.start <= offset);
        self.pieces.get(after.checked_sub(1)?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_a_macro_are_its_call() {
        let mut source = Source::default();
        source.push_verbatim("a ", Span::new(0, 2));
        source.push_expansion("index=main", Span::new(2, 8));
        source.push_verbatim(" b", Span::new(8, 10));
        assert_eq!(source.text(), "a index=main b");
        assert_eq!(source.locate(Span::new(0, 1)), Span::new(0, 1));
        assert_eq!(source.locate(Span::new(4, 6)), Span::new(2, 8));
        assert_eq!(source.locate(Span::new(13, 14)), Span::new(9, 10));
        assert_eq!(source.locate(Span::new(0, 14)), Span::new(0, 10));
        assert!(source.is_written(Span::new(13, 14)));
        assert!(!source.is_written(Span::new(4, 6)));
    }
}
