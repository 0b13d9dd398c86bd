/// The stages of a search text: split at pipes that stand neither in quotes nor in brackets.
pub(super) fn stages(search: &str) -> Vec<&str> {
    let mut stages = Vec::new();
    let (mut start, mut depth, mut quoted, mut escaped) = (0, 0usize, false, false);
    for (at, c) in search.char_indices() {
        if escaped {
            escaped = false;
            continue;
        }
        match c {
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth = depth.saturating_sub(1),
            '|' if !quoted && depth == 0 => {
                stages.push(search.get(start..at).unwrap_or(""));
                start = at + 1;
            }
            _ => {}
        }
    }
    stages.push(search.get(start..).unwrap_or(""));
    stages
}
