use mynah_syntax::{Diagnostic, Severity, render};
use std::io::IsTerminal;

/// Writes diagnostics to standard error, over the lines they speak of.
pub(crate) fn report(name: &str, text: &str, diagnostics: &[Diagnostic]) {
    let color = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    for diagnostic in diagnostics {
        eprintln!("{}\n", render(name, text, diagnostic, color));
    }
}

/// Makes errors of warnings, for `--strict`.
pub(crate) fn strict(diagnostics: &mut [Diagnostic]) {
    for diagnostic in diagnostics {
        if diagnostic.severity == Severity::Warning {
            diagnostic.severity = Severity::Error;
        }
    }
}
