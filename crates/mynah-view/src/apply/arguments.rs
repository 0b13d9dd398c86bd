use std::borrow::Cow;

/// Splits as a Windows program's C runtime does: backslashes count only before a quote, and `""` inside
/// quotes is a quote.
pub(super) fn arguments(value: &str) -> Vec<Cow<'static, str>> {
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
        arguments.push(Cow::Owned(argument));
    }
    arguments
}
