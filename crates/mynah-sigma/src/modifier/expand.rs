use super::{Problem, wrong_type};
use mynah_dialect::Site;
use mynah_syntax::nearest;
use rsigma_parser::{SigmaString, SigmaValue};

/// How many values an item's placeholders may stand for.
const MOST: usize = 10_000;

/// `expand`: the value once for each thing that its placeholders stand for.
pub(super) fn expand(value: &SigmaValue, site: &Site) -> Result<Vec<SigmaValue>, Problem> {
    let SigmaValue::String(text) = value else { return Err(wrong_type("expand", "a text with a placeholder")) };
    let mut forms = vec![String::new()];
    for part in parts(&text.original) {
        match part {
            Part::Text(text) => forms.iter_mut().for_each(|form| form.push_str(&text)),
            Part::Placeholder(name) => {
                let values = site.placeholders.get(&name).ok_or_else(|| unknown(&name, site))?;
                if forms.len().saturating_mul(values.len()) > MOST {
                    return Err(Problem::new(
                        "sigma/value",
                        format!("`%{name}%` makes more than {MOST} values of this one"),
                    ));
                }
                forms =
                    forms.iter().flat_map(|form| values.iter().map(move |value| format!("{form}{value}"))).collect();
            }
        }
    }
    Ok(forms.iter().map(|form| SigmaValue::String(SigmaString::new(form))).collect())
}

fn unknown(name: &str, site: &Site) -> Problem {
    let problem = Problem::new("sigma/unknown-placeholder", format!("the site has no placeholder `%{name}%`"));
    match nearest(name, site.placeholders.keys().map(String::as_str)) {
        Some(known) => problem.help(format!("did you mean `%{known}%`?")),
        None => problem.help(format!("say what it stands for in mynah.toml: [sigma.placeholders] {name} = [\"…\"]")),
    }
}

enum Part {
    Text(String),
    Placeholder(String),
}

/// A text at its placeholders; `\%` is a percent sign.
fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or("");
        if c == '\\' && after.starts_with('%') {
            plain.push('%');
            rest = after.get(1..).unwrap_or("");
        } else if c == '%'
            && let Some((name, behind)) = after.split_once('%')
            && !name.is_empty()
            && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
        {
            parts.push(Part::Text(std::mem::take(&mut plain)));
            parts.push(Part::Placeholder(name.to_owned()));
            rest = behind;
        } else {
            plain.push(c);
            rest = after;
        }
    }
    parts.push(Part::Text(plain));
    parts
}
