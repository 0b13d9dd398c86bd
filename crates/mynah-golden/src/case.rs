/// A fenced block, and which lines of the file it covers (between the fences).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Block {
    pub language: String,
    pub text: String,
    first: usize,
    last: usize,
}

/// One behaviour.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub title: String,
    pub log: Option<Block>,
    pub query: String,
    pub now: Option<String>,
    pub expected: Vec<Block>,
}

/// A file of cases.
pub(crate) struct Document {
    lines: Vec<String>,
    pub cases: Vec<Case>,
    replaced: Vec<(usize, usize, String)>,
}

const LOGS: [&str; 5] = ["ndjson", "json", "text", "xml", "csv"];
const EXPECTED: [&str; 4] = ["table", "diagnostics", "spans", "events"];

impl Document {
    pub fn parse(text: &str) -> Document {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut cases: Vec<Case> = Vec::new();
        let mut shared: Option<Block> = None;
        let mut index = 0;
        while index < lines.len() {
            let line = &lines[index];
            if let Some(heading) = line.strip_prefix("## ") {
                cases.push(Case {
                    title: heading.trim().to_owned(),
                    log: None,
                    query: String::new(),
                    now: None,
                    expected: Vec::new(),
                });
            } else if let Some(now) = line.strip_prefix("now: ") {
                if let Some(case) = cases.last_mut() {
                    case.now = Some(now.trim().to_owned());
                }
            } else if let Some(language) = line.strip_prefix("```").filter(|language| !language.is_empty()) {
                let first = index + 1;
                let last = (first..lines.len()).find(|i| lines[*i].starts_with("```")).unwrap_or(lines.len());
                let block = Block {
                    language: language.trim().to_owned(),
                    text: lines[first..last].iter().map(|line| format!("{line}\n")).collect(),
                    first,
                    last,
                };
                index = last;
                match (LOGS.contains(&&*block.language), EXPECTED.contains(&&*block.language), cases.last_mut()) {
                    (true, _, Some(case)) => case.log = Some(block),
                    (true, _, None) => shared = Some(block),
                    (_, true, Some(case)) => case.expected.push(block),
                    (_, _, Some(case)) => case.query = block.text.strip_suffix('\n').unwrap_or("").to_owned(),
                    _ => {}
                }
            }
            index += 1;
        }
        cases.retain(|case| !case.query.is_empty());
        for case in &mut cases {
            case.log = case.log.take().or_else(|| shared.clone());
        }
        Document { lines, cases, replaced: Vec::new() }
    }

    pub fn replace(&mut self, block: &Block, text: &str) {
        self.replaced.push((block.first, block.last, text.to_owned()));
    }

    /// The file with what was replaced.
    pub fn text(mut self) -> String {
        self.replaced.sort_by_key(|(first, ..)| std::cmp::Reverse(*first));
        for (first, last, text) in self.replaced {
            self.lines.splice(first..last, text.lines().map(str::to_owned));
        }
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }
}
