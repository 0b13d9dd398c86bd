//! Command lines of Windows.

/// Splits as a Windows program's C runtime does: backslashes count only before a quote, and `""` inside
/// quotes is a quote.
pub(super) fn arguments(value: &str) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut rest = value.chars().peekable();
    while let Some(next) = rest.peek() {
        if matches!(next, ' ' | '\t') {
            rest.next();
            continue;
        }
        let mut argument = String::new();
        let mut quoted = false;
        let mut backslashes = 0usize;
        while let Some(c) = rest.next() {
            match c {
                '\\' => {
                    backslashes += 1;
                    continue;
                }
                '"' => {
                    argument.extend(std::iter::repeat_n('\\', backslashes / 2));
                    if backslashes % 2 == 1 {
                        argument.push('"');
                    } else {
                        if quoted && rest.peek() == Some(&'"') {
                            argument.push('"');
                            rest.next();
                        }
                        quoted = !quoted;
                    }
                    backslashes = 0;
                    continue;
                }
                _ => {}
            }
            argument.extend(std::iter::repeat_n('\\', backslashes));
            backslashes = 0;
            if matches!(c, ' ' | '\t') && !quoted {
                break;
            }
            argument.push(c);
        }
        argument.extend(std::iter::repeat_n('\\', backslashes));
        arguments.push(argument);
    }
    arguments
}

/// Quotes stay where they are: only spaces outside of them separate, and each of two spaces in a row does.
pub(super) fn words(value: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut quoted = false;
    for (at, c) in value.char_indices() {
        quoted ^= c == '"';
        if c.is_whitespace() && !quoted {
            words.extend(value.get(start..at));
            start = at + c.len_utf8();
        }
    }
    if start < value.len() {
        words.extend(value.get(start..));
    }
    words
}
