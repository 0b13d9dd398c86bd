use crate::{Diagnostic, Severity};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// Shows a diagnostic over the lines it speaks of, as `rustc` does.
///
/// `name` is what to call the text (a file's path), `text` is all of it, `color` adds ANSI colours.
/// Spans that do not fit the text are cut to it.
pub fn render(name: &str, text: &str, diagnostic: &Diagnostic, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let clip = |span: crate::Span| {
        let floor = |mut at: usize| {
            at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let (start, end) = (floor(span.start), floor(span.end));
        start..end.max(start)
    };
    let mut snippet = Snippet::source(text).path(name).fold(true);
    snippet = snippet.annotation(AnnotationKind::Primary.span(clip(diagnostic.span)));
    for label in &diagnostic.labels {
        snippet = snippet.annotation(AnnotationKind::Context.span(clip(label.span)).label(&label.text));
    }
    let mut group = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code).element(snippet);
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}
