use crate::{Diagnostic, Severity, neutral};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// Shows a diagnostic over the lines it speaks of, as `rustc` does.
///
/// `name` is what to call the text (a file's path), `text` is all of it, `color` adds ANSI colours.
/// Spans that do not fit the text are cut to it. What acts on a terminal is [neutral].
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
    let name = neutral::line(name);
    let message = neutral::line(&diagnostic.message);
    let help = diagnostic.help.as_deref().map(neutral::lines);
    let labels: Vec<_> = diagnostic.labels.iter().map(|label| (clip(label.span), neutral::line(&label.text))).collect();
    let mut snippet = Snippet::source(text).path(&*name).fold(true);
    snippet = snippet.annotation(AnnotationKind::Primary.span(clip(diagnostic.span)));
    for (span, text) in &labels {
        snippet = snippet.annotation(AnnotationKind::Context.span(span.clone()).label(&**text));
    }
    let mut group = level.primary_title(&*message).id(diagnostic.code).element(snippet);
    if let Some(help) = &help {
        group = group.element(Level::HELP.message(&**help));
    }
    // The renderer shows the source's escape characters as pictures: those that are left are its colours.
    neutral::rendered(&renderer.render(&[group])).into_owned()
}
