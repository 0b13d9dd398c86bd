/// The first line of `text`, from 1, that holds all of `words`; else the first that holds the first word.
pub(super) fn line_of(text: &str, words: &[&str]) -> Option<usize> {
    let holds = |words: &[&str]| {
        text.lines().position(|line| words.iter().all(|word| line.contains(word))).map(|index| index + 1)
    };
    holds(words).or_else(|| words.first().and_then(|first| holds(&[first])))
}
