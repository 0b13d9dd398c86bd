use crate::Span;
use serde::Serialize;

/// How grave a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Info,
    /// The query runs, but a vendor refuses it, or it cannot match, or it means something else than it seems to.
    Warning,
    /// The query does not run.
    Error,
}

/// A replacement that mends what a diagnostic complains of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What to replace.
    pub span: Span,
    /// What to put there.
    pub replacement: String,
}

/// A second place that a diagnostic points at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is to be said of it.
    pub text: String,
}

/// One thing to say about one place of a query.
///
/// `code` is stable and belongs to a dialect: `eql/syntax`, `spl/pipe-in-parentheses`. `mynah check
/// --format json` prints it as it is here.
///
/// ```
/// use mynah_syntax::{Diagnostic, Severity, Span};
/// let d = Diagnostic::warning("aql/week-year", "`YYYY` is the week year", Span::new(12, 16))
///     .with_help("write `yyyy` for the calendar year")
///     .with_fix(Span::new(12, 16), "yyyy", "use the calendar year");
/// assert_eq!(d.severity, Severity::Warning);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Which rule speaks, `dialect/rule-name`.
    pub code: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// Where.
    pub span: Span,
    /// Why, or what to do about it.
    pub help: Option<String>,
    /// What to write instead.
    pub fix: Option<Box<Fix>>,
    /// Whether it says that the query finds nothing, whatever the data: worth a word wherever the query runs, however grave it
    /// is.
    #[serde(skip)]
    pub finds_nothing: bool,
    /// Other places that matter.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Label>,
}

impl Diagnostic {
    fn new(severity: Severity, code: &'static str, message: impl Into<String>, span: impl Into<Span>) -> Self {
        Diagnostic {
            code,
            severity,
            message: message.into(),
            span: span.into(),
            help: None,
            fix: None,
            finds_nothing: false,
            labels: Vec::new(),
        }
    }

    /// The query does not run.
    pub fn error(code: &'static str, message: impl Into<String>, span: impl Into<Span>) -> Self {
        Self::new(Severity::Error, code, message, span)
    }

    /// The query runs, but its author should know this.
    pub fn warning(code: &'static str, message: impl Into<String>, span: impl Into<Span>) -> Self {
        Self::new(Severity::Warning, code, message, span)
    }

    /// Worth knowing.
    pub fn info(code: &'static str, message: impl Into<String>, span: impl Into<Span>) -> Self {
        Self::new(Severity::Info, code, message, span)
    }

    /// Adds why, or what to do; a second call adds a line.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        let help = help.into();
        self.help = Some(match self.help.take() {
            Some(before) => format!("{before}\n{help}"),
            None => help,
        });
        self
    }

    /// Adds what to write instead, with a word on it as help.
    pub fn with_fix(mut self, span: impl Into<Span>, replacement: impl Into<String>, help: impl Into<String>) -> Self {
        self.fix = Some(Box::new(Fix { span: span.into(), replacement: replacement.into() }));
        self.with_help(help)
    }

    /// Points at a second place.
    pub fn with_label(mut self, span: impl Into<Span>, text: impl Into<String>) -> Self {
        self.labels.push(Label { span: span.into(), text: text.into() });
        self
    }

    /// Says that the query finds nothing, whatever the data.
    pub fn finding_nothing(mut self) -> Self {
        self.finds_nothing = true;
        self
    }

    /// Whether the query does not run for it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
