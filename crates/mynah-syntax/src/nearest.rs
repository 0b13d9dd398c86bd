/// The candidate most like `name`, where one is near enough to be what was meant.
///
/// Near enough is an edit distance of a third of the name's length, case left aside.
///
/// ```
/// use mynah_syntax::nearest;
/// assert_eq!(nearest("proces.name", ["process.name", "user.name"]), Some("process.name"));
/// assert_eq!(nearest("zzz", ["process.name"]), None);
/// ```
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    let limit = (wanted.chars().count() / 3).max(1);
    candidates
        .into_iter()
        // A cheap bound first: the distance is at least the difference in length.
        .filter(|candidate| candidate.len().abs_diff(wanted.len()) <= limit)
        .map(|candidate| (edits(&wanted, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(b.1)))
        .map(|(_, candidate)| candidate)
}

/// How many letters must be put in, left out, replaced or swapped with the next to make one text of another, case left aside.
///
/// ```
/// assert_eq!(mynah_syntax::edits("aws:cloudtrial", "AWS:CloudTrail"), 1);
/// ```
pub fn edits(a: &str, b: &str) -> usize {
    strsim::damerau_levenshtein(&a.to_lowercase(), &b.to_lowercase())
}
