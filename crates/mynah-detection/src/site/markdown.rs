use crate::report::escape;

/// The part of Markdown that playbooks need, as HTML: headings, paragraphs, lists, blocks of code, `code`, **strong**,
/// *emphasis* and links. Anything else, HTML too, stays the text that it is.
///
/// Headings go down by one or two levels, since a page has its own; a first heading is left out.
pub(super) fn html(text: &str) -> String {
    let mut out = String::new();
    let mut open: Option<&'static str> = None;
    let mut paragraph = String::new();
    let mut fenced: Option<String> = None;
    for line in text.lines() {
        if let Some(code) = &mut fenced {
            if line.trim_start().starts_with("```") {
                out.push_str(&super::layout::code(code));
                fenced = None;
            } else {
                code.push_str(line);
                code.push('\n');
            }
            continue;
        }
        let trimmed = line.trim();
        let item = unordered(trimmed).map(|item| ("ul", item)).or_else(|| ordered(trimmed).map(|item| ("ol", item)));
        if trimmed.starts_with("```") {
            end_block(&mut out, &mut paragraph, &mut open);
            fenced = Some(String::new());
        } else if let Some(heading) = trimmed.strip_prefix('#') {
            end_block(&mut out, &mut paragraph, &mut open);
            let level = 1 + heading.chars().take_while(|c| *c == '#').count();
            let title = heading.trim_start_matches('#').trim();
            if level > 1 {
                let level = (level + 1).min(6);
                out.push_str(&format!("<h{level} id=\"{}\">{}</h{level}>\n", anchor(title), inline(title)));
            }
        } else if let Some((list, item)) = item.filter(|_| paragraph.is_empty() || open.is_some()) {
            end_paragraph(&mut out, &mut paragraph, open);
            if open != Some(list) {
                end_list(&mut out, &mut open);
                out.push_str(&format!("<{list}>\n"));
                open = Some(list);
            }
            paragraph.push_str(item);
        } else if trimmed.is_empty() {
            end_paragraph(&mut out, &mut paragraph, open);
        } else {
            if open.is_some() && paragraph.is_empty() {
                end_list(&mut out, &mut open);
            }
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(trimmed);
        }
    }
    if let Some(code) = fenced {
        out.push_str(&super::layout::code(&code));
    }
    end_block(&mut out, &mut paragraph, &mut open);
    out
}

fn unordered(line: &str) -> Option<&str> {
    line.strip_prefix("- ").or_else(|| line.strip_prefix("* "))
}

fn ordered(line: &str) -> Option<&str> {
    let (number, item) = line.split_once(". ")?;
    (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then_some(item)
}

fn end_paragraph(out: &mut String, paragraph: &mut String, open: Option<&str>) {
    if !paragraph.is_empty() {
        let element = if open.is_some() { "li" } else { "p" };
        out.push_str(&format!("<{element}>{}</{element}>\n", inline(paragraph)));
        paragraph.clear();
    }
}

fn end_list(out: &mut String, open: &mut Option<&'static str>) {
    if let Some(list) = open.take() {
        out.push_str(&format!("</{list}>\n"));
    }
}

fn end_block(out: &mut String, paragraph: &mut String, open: &mut Option<&'static str>) {
    end_paragraph(out, paragraph, *open);
    end_list(out, open);
}

/// As sites that show Markdown name headings.
fn anchor(title: &str) -> String {
    let kept = title.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-'));
    kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
}

fn inline(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['`', '*', '[']) {
        let (before, from) = rest.split_at(at);
        out.push_str(&escape(before));
        let (html, after) = span(from).unwrap_or_else(|| {
            let (mark, after) = from.split_at(1);
            (mark.to_owned(), after)
        });
        out.push_str(&html);
        rest = after;
    }
    out.push_str(&escape(rest));
    out
}

/// The span of code, emphasis or link that begins here, and what follows it.
fn span(text: &str) -> Option<(String, &str)> {
    if let Some(code) = text.strip_prefix('`') {
        let (code, after) = code.split_once('`')?;
        return Some((format!("<code>{}</code>", escape(code)), after));
    }
    if let Some(strong) = text.strip_prefix("**") {
        let (strong, after) = strong.split_once("**")?;
        return Some((format!("<strong>{}</strong>", escape(strong)), after));
    }
    if let Some(emphasis) = text.strip_prefix('*') {
        let (emphasis, after) = emphasis.split_once('*')?;
        return Some((format!("<em>{}</em>", escape(emphasis)), after));
    }
    let (label, after) = text.strip_prefix('[')?.split_once("](")?;
    let (target, after) = after.split_once(')')?;
    // Nothing but the web, the page and its neighbours: no scripts.
    let safe = target.starts_with("https://") || target.starts_with('#') || !target.contains(':');
    // The other texts of a detection are on the same page.
    let target = if target.ends_with(".md") { "#investigation" } else { target };
    safe.then(|| (format!("<a href=\"{}\">{}</a>", escape(target), escape(label)), after))
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn blocks_and_spans_become_elements() {
        assert_eq!(
            html(
                "# Title\n\nSome `code` and\n**more**.\n\n## Part\n\n1. one\n   goes on\n2. two\n\n- three\n\n```\na < b\n```\n"
            ),
            "<p>Some <code>code</code> and <strong>more</strong>.</p>\n<h3 id=\"part\">Part</h3>\n<ol>\n<li>one goes on</li>\n<li>two</li>\n</ol>\n<ul>\n<li>three</li>\n</ul>\n<pre tabindex=\"0\"><code>a &lt; b</code></pre>\n"
        );
    }

    #[test]
    fn html_and_scripts_stay_text() {
        assert_eq!(html("<b>x</b> [y](javascript:z) 2 * 3"), "<p>&lt;b&gt;x&lt;/b&gt; [y](javascript:z) 2 * 3</p>\n");
    }
}
