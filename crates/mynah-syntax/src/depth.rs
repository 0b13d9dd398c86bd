use crate::{Diagnostic, Span};

/// How deep parentheses, calls and subsearches may nest in a query.
///
/// A parser that recurses must count, or a query of ten thousand parentheses ends the process.
pub const MAX_DEPTH: usize = 200;

/// Counts how deep a recursive parser is, and refuses to go deeper than [`MAX_DEPTH`].
///
/// ```
/// use mynah_syntax::{Depth, MAX_DEPTH, Span};
/// let mut depth = Depth::default();
/// for _ in 0..MAX_DEPTH {
///     depth.enter(Span::at(0)).unwrap();
/// }
/// assert!(depth.enter(Span::at(0)).is_err());
/// depth.leave();
/// assert!(depth.enter(Span::at(0)).is_ok());
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Depth(usize);

impl Depth {
    /// Goes one level down, for what starts at `span`.
    ///
    /// # Errors
    /// At [`MAX_DEPTH`]: a diagnostic with the code `syntax/too-deep`.
    pub fn enter(&mut self, span: Span) -> Result<(), Diagnostic> {
        if self.0 >= MAX_DEPTH {
            return Err(Diagnostic::error(
                "syntax/too-deep",
                format!("nested more than {MAX_DEPTH} levels deep"),
                span,
            ));
        }
        self.0 += 1;
        Ok(())
    }

    /// Comes one level up.
    pub fn leave(&mut self) {
        self.0 = self.0.saturating_sub(1);
    }
}
