//! Where a query stands in the file of its rule, which writes it with escapes, folded lines and indentation.

/// For each byte of a query its place in the text of its rule's file, and behind these the place of its end. None where the file
/// writes the query in a way that is not followed.
///
/// The search begins at a line, from 1. Of blanks it matters only that there are some. What stands for itself behind a backslash
/// (TOML, JSON), and quotes that are doubled (YAML), are followed.
pub(super) fn places(file: &str, line: usize, query: &str) -> Option<Vec<usize>> {
    let start = file.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
    let first = query.trim_start().chars().next()?;
    let rest = file.get(start..)?;
    let begins = rest.char_indices().filter(|(_, c)| *c == first).take(MOST_TRIES);
    begins.into_iter().find_map(|(at, _)| follow(file, start + at, query))
}

/// At how many places the query is looked for.
const MOST_TRIES: usize = 10_000;

/// The places of a query that begins here.
fn follow(file: &str, begin: usize, query: &str) -> Option<Vec<usize>> {
    let mut places = Vec::with_capacity(query.len() + 1);
    let (mut at, mut behind_blank) = (begin, true);
    for c in query.chars() {
        if c.is_whitespace() {
            behind_blank = true;
        } else {
            at = next(file, at, c, behind_blank)?;
            behind_blank = false;
        }
        places.extend(std::iter::repeat_n(at, c.len_utf8()));
        if !c.is_whitespace() {
            // A character of several bytes is as long in the file.
            let width = c.len_utf8();
            let last = places.len() - width;
            places.iter_mut().skip(last).enumerate().for_each(|(index, place)| *place += index);
            at += width;
        }
    }
    places.push(at);
    Some(places)
}

/// Where the next character of a query stands, at this place of the file or behind what does not count.
fn next(file: &str, at: usize, c: char, behind_blank: bool) -> Option<usize> {
    let mut at = at;
    let mut skipped = 0;
    loop {
        let mut rest = file.get(at..)?.chars();
        let found = rest.next()?;
        let escaped = rest.next();
        if found == c && !(behind_blank && is_blank_escape(found, escaped)) {
            return Some(at);
        }
        if found.is_whitespace() {
            at += found.len_utf8();
        } else if behind_blank && is_blank_escape(found, escaped) {
            at += 2;
        } else if matches!(found, '\\' | '\'' | '"') && skipped < 2 {
            skipped += 1;
            at += 1;
        } else {
            return None;
        }
    }
}

/// `\n`, `\r` and `\t` are blanks where a query has some.
fn is_blank_escape(found: char, escaped: Option<char>) -> bool {
    found == '\\' && matches!(escaped, Some('n' | 'r' | 't'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands in the file where a part of the query does.
    fn written<'f>(file: &'f str, query: &str, part: &str) -> Option<&'f str> {
        let places = places(file, 1, query)?;
        let start = query.find(part).unwrap();
        file.get(*places.get(start)?..*places.get(start + part.len() - 1)? + 1)
    }

    #[test]
    fn queries_are_found_in_what_formats_make_of_them() {
        let query = "index=a name=\"x\\\\y\"\n| stats é count by user";
        let toml = format!("name = \"index\"\nquery = '''\n{query}\n'''\n");
        let json = format!("{{\"name\":\"i\",\"query\":{}}}", serde_json::to_string(query).unwrap());
        let yaml = "search: index=a name=\"x\\\\y\"\n    | stats é\n    count by user\n";
        let quoted = "search: 'index=a name=\"x\\\\y\" | stats é count by user'\n";
        let conf = "[index]\nsearch = index=a name=\"x\\\\y\" \\\n| stats é count by user\n";
        for file in [&toml, &json, yaml, quoted, conf] {
            assert_eq!(written(file, query, "é"), file.contains('é').then_some("é"), "{file}");
            assert_eq!(written(file, query, "user"), Some("user"), "{file}");
            assert_eq!(places(file, 1, query).unwrap().len(), query.len() + 1);
        }
        assert_eq!(places("search: something else", 1, query), None);
        assert_eq!(places("", 7, query), None);
    }

    #[test]
    fn doubled_quotes_and_escapes_of_blanks_are_followed() {
        assert_eq!(written("s: 'eval a=''b'' c'", "eval a='b' c", "c"), Some("c"));
        assert_eq!(written(r#"{"q":"a\n\tnext"}"#, "a\n\tnext", "next"), Some("next"));
        assert_eq!(written(r#"{"q":"rex \\new"}"#, r"rex \new", "new"), Some("new"));
    }
}
