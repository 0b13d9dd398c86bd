use super::{problem, wrong_type};
use crate::yaml::Scalar;
use mynah_dialect::Site;
use mynah_syntax::{Diagnostic, nearest};

/// How many values an item's placeholders may stand for.
const MOST: usize = 10_000;

/// `expand`: the value once for each thing that its placeholders stand for.
pub(super) fn expand(value: &Scalar, site: &Site) -> Result<Vec<Scalar>, Diagnostic> {
    let Scalar::Text(text) = value else { return Err(wrong_type("expand", "a text with a placeholder")) };
    let mut forms = vec![String::new()];
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or("");
        if let Some((name, behind)) = placeholder(rest) {
            let values = site.placeholders.get(name).ok_or_else(|| unknown(name, site))?;
            if forms.len().saturating_mul(values.len()) > MOST {
                return Err(problem("sigma/value", format!("`%{name}%` makes more than {MOST} values of this one")));
            }
            forms = forms.iter().flat_map(|form| values.iter().map(move |value| format!("{form}{value}"))).collect();
            rest = behind;
            continue;
        }
        // A backslash before a placeholder stands for itself, and two of them are one; before any other percent sign it
        // makes that a plain one.
        if c == '\\' && (after.starts_with('\\') || placeholder(after).is_some()) {
            forms.iter_mut().for_each(|form| form.push_str("\\\\"));
            rest = after.strip_prefix('\\').unwrap_or(after);
            continue;
        }
        let escaped = c == '\\' && after.starts_with('%');
        forms.iter_mut().for_each(|form| form.push(if escaped { '%' } else { c }));
        rest = if escaped { after.get(1..).unwrap_or("") } else { after };
    }
    Ok(forms.into_iter().map(Scalar::Text).collect())
}

/// The placeholder that a text begins with, and what follows it.
fn placeholder(text: &str) -> Option<(&str, &str)> {
    let (name, behind) = text.strip_prefix('%')?.split_once('%')?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    is_name.then_some((name, behind))
}

fn unknown(name: &str, site: &Site) -> Diagnostic {
    let problem = problem("sigma/unknown-placeholder", format!("the site has no placeholder `%{name}%`"));
    problem.with_help(match nearest(name, site.placeholders.keys().map(String::as_str)) {
        Some(known) => format!("did you mean `%{known}%`?"),
        None => format!("say what it stands for in mynah.toml: [sigma.placeholders] {name} = [\"…\"]"),
    })
}
