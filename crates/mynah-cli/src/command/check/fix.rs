//! Writing fixes into files.
use super::One;
use crate::exit::Failure;
use mynah::Mynah;
use mynah_syntax::Fix;

/// How often a file is fixed: a fix may bring up the next one.
const MOST_ROUNDS: usize = 10;

/// Writes the fixes of a query's diagnostics into its file, and leaves those that are left to say. A rule of another format stays
/// as it is.
pub(super) fn fix(mynah: &Mynah, one: &mut One, fixed: &mut usize) -> Result<(), Failure> {
    let (Some(dialect), false) = (one.dialect, one.is_rule) else { return Ok(()) };
    if one.name == "-" {
        return Err(Failure::Usage("--fix writes into files: standard input has none".to_owned()));
    }
    let (mut text, mut diagnostics) = (one.text.clone(), one.diagnostics.clone());
    for _ in 0..MOST_ROUNDS {
        let (changed, count) = apply(&text, diagnostics.iter().filter_map(|diagnostic| diagnostic.fix.as_deref()));
        if count == 0 || changed == text {
            break;
        }
        let now = mynah.check(&changed, dialect)?;
        // A fix that breaks the query is none.
        if now.iter().filter(|one| one.is_error()).count() > diagnostics.iter().filter(|one| one.is_error()).count() {
            break;
        }
        *fixed += count;
        (text, diagnostics) = (changed, now);
    }
    if text != one.text {
        let failed = |error: std::io::Error| Failure::Usage(format!("{}: {error}", one.name));
        std::fs::write(&one.name, &text).map_err(failed)?;
        (one.text, one.diagnostics) = (text, diagnostics);
    }
    Ok(())
}

/// A text with these replacements, of those that overlap the first only; and how many there were.
fn apply<'f>(text: &str, fixes: impl Iterator<Item = &'f Fix>) -> (String, usize) {
    let mut fixes: Vec<&Fix> = fixes.collect();
    fixes.sort_by_key(|fix| (fix.span.start, fix.span.end));
    let (mut out, mut end, mut count) = (String::new(), 0, 0);
    for fix in fixes {
        let Some(kept) = text.get(end..fix.span.start) else { continue };
        if text.get(fix.span.start..fix.span.end).is_none() {
            continue;
        }
        out.push_str(kept);
        out.push_str(&fix.replacement);
        end = fix.span.end;
        count += 1;
    }
    out.push_str(text.get(end..).unwrap_or_default());
    (out, count)
}
