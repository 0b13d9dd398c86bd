use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html};

/// Markdown as part of a page. HTML in it is shown as text.
///
/// The first heading is left out and the others go down one level, since the page has headings of its own. Links lead to
/// the web or to other texts of the detection, which are on the same page.
pub(crate) fn html(text: &str) -> String {
    with_anchors(text, true)
}

/// The same without ids of headings, for pages with several texts.
pub(crate) fn html_without_anchors(text: &str) -> String {
    with_anchors(text, false)
}

fn with_anchors(text: &str, anchors: bool) -> String {
    let mut out = Vec::new();
    let mut events = Parser::new_ext(text, Options::ENABLE_TABLES);
    // Of nested links, the target of the innermost one that stays a text.
    let mut refused: Vec<Option<String>> = Vec::new();
    while let Some(event) = events.next() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let inside: Vec<Event<'_>> =
                    events.by_ref().take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_)))).collect();
                if level != HeadingLevel::H1 {
                    let level = HeadingLevel::try_from(level as usize + 1).unwrap_or(level);
                    let id = anchors.then(|| anchor(&inside).into());
                    out.push(Event::Start(Tag::Heading { level, id, classes: Vec::new(), attrs: Vec::new() }));
                    out.extend(inside);
                    out.push(Event::End(TagEnd::Heading(level)));
                }
            }
            // What scrolls must be reachable with the keyboard.
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented)) => {
                out.push(Event::Html("<pre tabindex=\"0\"><code>".into()));
            }
            Event::End(TagEnd::CodeBlock) => out.push(Event::Html("</code></pre>\n".into())),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                // No scheme but https, so that no script can be linked.
                let safe = dest_url.starts_with("https://") || dest_url.starts_with('#') || !dest_url.contains(':');
                refused.push((!safe).then(|| dest_url.to_string()));
                let dest_url = if dest_url.ends_with(".md") { "#investigation".into() } else { dest_url };
                out.push(match safe {
                    true => Event::Start(Tag::Link { link_type, dest_url, title, id }),
                    false => Event::Text("[".into()),
                });
            }
            Event::End(TagEnd::Link) => out.push(match refused.pop().flatten() {
                Some(target) => Event::Text(format!("]({target})").into()),
                None => Event::End(TagEnd::Link),
            }),
            // Pages need nothing from outside: of an image, its description stays.
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            Event::Html(html) | Event::InlineHtml(html) => out.push(Event::Text(html)),
            Event::SoftBreak => out.push(Event::Text(" ".into())),
            other => out.push(other),
        }
    }
    let mut html = String::new();
    push_html(&mut html, out.into_iter());
    html
}

/// The id of a heading, as sites that show Markdown make it.
fn anchor(heading: &[Event<'_>]) -> String {
    let mut title = String::new();
    for event in heading {
        if let Event::Text(text) | Event::Code(text) = event {
            title.push_str(text);
        }
    }
    let kept = title.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-'));
    kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
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
            "<p>Some <code>code</code> and <strong>more</strong>.</p>\n<h3 id=\"part\">Part</h3>\n<ol>\n<li>one goes on</li>\n<li>two</li>\n</ol>\n<ul>\n<li>three</li>\n</ul>\n<pre tabindex=\"0\"><code>a &lt; b\n</code></pre>\n"
        );
    }

    #[test]
    fn html_and_scripts_stay_text() {
        assert_eq!(html("<b>x</b> [y](javascript:z) 2 * 3"), "<p>&lt;b&gt;x&lt;/b&gt; [y](javascript:z) 2 * 3</p>\n");
        assert_eq!(html("<script>\nx\n</script>\n"), "&lt;script&gt;\nx\n&lt;/script&gt;\n");
    }

    #[test]
    fn images_are_left_out_and_other_texts_are_on_the_page() {
        assert_eq!(
            html("![a logo](https://example.com/logo.png) [more](investigation.md)"),
            "<p>a logo <a href=\"#investigation\">more</a></p>\n"
        );
    }
}
