//! Queries made to break what reads them: each is planned, or refused with a place, in bounded time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How long one query may take, on a machine that does other things as well.
const LONGEST: Duration = Duration::from_secs(60);
/// How much memory.
const MEMORY: u64 = 4_000_000;

/// The languages, each with how its queries are built.
struct Language {
    extension: &'static str,
    /// A query with this condition.
    query: fn(&str) -> String,
    /// A condition on a field's text, already escaped.
    equal: fn(&str) -> String,
    and: &'static str,
    or: &'static str,
    not: &'static str,
    /// A list of values.
    list: fn(&[String]) -> String,
    regex: fn(&str) -> String,
    like: fn(&str) -> String,
    call: &'static str,
    comment: &'static str,
}

const LANGUAGES: [Language; 5] = [
    Language {
        extension: "aql",
        query: |condition| format!("SELECT sourceip FROM events WHERE {condition} LAST 24 HOURS"),
        equal: |text| format!("username = '{text}'"),
        and: " AND ",
        or: " OR ",
        not: "NOT ",
        list: |values| format!("username IN ('{}')", values.join("','")),
        regex: |text| format!("username MATCHES '{text}'"),
        like: |text| format!("username ILIKE '{}'", text.replace('*', "%")),
        call: "LOWER",
        comment: "/*",
    },
    Language {
        extension: "eql",
        query: |condition| format!("any where {condition}"),
        equal: |text| format!("user.name == \"{text}\""),
        and: " and ",
        or: " or ",
        not: "not ",
        list: |values| format!("user.name in (\"{}\")", values.join("\",\"")),
        regex: |text| format!("user.name regex \"{text}\""),
        like: |text| format!("user.name like~ \"{text}\""),
        call: "length",
        comment: "/*",
    },
    Language {
        extension: "spl",
        query: |condition| format!("index=* | where {condition}"),
        equal: |text| format!("user=\"{text}\""),
        and: " AND ",
        or: " OR ",
        not: "NOT ",
        list: |values| format!("user IN (\"{}\")", values.join("\",\"")),
        regex: |text| format!("match(user, \"{text}\")"),
        like: |text| format!("like(user, \"{}\")", text.replace('*', "%")),
        call: "lower",
        comment: "```",
    },
    Language {
        extension: "sumo",
        query: |condition| format!("* | where {condition}"),
        equal: |text| format!("user = \"{text}\""),
        and: " and ",
        or: " or ",
        not: "!",
        list: |values| format!("user in (\"{}\")", values.join("\",\"")),
        regex: |text| format!("user matches /{text}/"),
        like: |text| format!("user matches \"{text}\""),
        call: "toLowerCase",
        comment: "/*",
    },
    Language {
        extension: "kuery",
        query: str::to_owned,
        equal: |text| format!("user.name: \"{text}\""),
        and: " and ",
        or: " or ",
        not: "not ",
        list: |values| format!("user.name: (\"{}\")", values.join("\" or \"")),
        regex: |text| format!("user.name: /{text}/"),
        like: |text| format!("user.name: {text}"),
        call: "length",
        comment: "//",
    },
];

/// Regular expressions that take other engines long, or much memory.
const REGEXES: [&str; 9] = [
    "(a+)+$",
    "(a|a)*b",
    "(.*)*x",
    "a{1000}{1000}{1000}",
    "(?=(a+)+$)a",
    "(a*)*\\\\1",
    "[",
    "(?:(?:(?:(?:a?){50}){50}){50}){50}",
    "\\\\p{Nonsense}",
];

impl Language {
    /// What is broken in any language.
    fn hostile(&self) -> Vec<(&'static str, Vec<u8>)> {
        let (query, equal) = (self.query, self.equal);
        let many = |n: usize, by: &str| (0..n).map(|i| equal(&format!("v{i}"))).collect::<Vec<_>>().join(by);
        let values: Vec<String> = (0..20_000).map(|i| format!("value-{i}")).collect();
        let nested = |n: usize| format!("{}{}{}", "(".repeat(n), equal("x"), ")".repeat(n));
        let calls = |n: usize| format!("{}user{}", format!("{}(", self.call).repeat(n), ")".repeat(n));
        let text = |condition: String| query(&condition).into_bytes();
        let whole = query(&equal("x"));
        let half = whole.len() / 2;
        let cut = |at: usize| whole.as_bytes().get(..at).unwrap_or_default().to_vec();
        let mut all: Vec<(&'static str, Vec<u8>)> = vec![
            ("nested", text(nested(150))),
            ("nested-deep", text(nested(20_000))),
            ("nested-open", text("(".repeat(50_000))),
            ("nots", text(format!("{}{}", self.not.repeat(5_000), equal("x")))),
            ("ands", text(many(4_000, self.and))),
            ("ors", text(many(4_000, self.or))),
            (
                "mixed",
                text(
                    (0..1_500)
                        .map(|i| format!("({}{}{})", equal(&format!("a{i}")), self.or, equal("b")))
                        .collect::<Vec<_>>()
                        .join(self.and),
                ),
            ),
            ("list", text((self.list)(&values))),
            ("calls", text(calls(100))),
            ("calls-deep", text(calls(20_000))),
            ("wildcards", text((self.like)(&"*a".repeat(5_000)))),
            ("stars", text((self.like)(&"*".repeat(100_000)))),
            ("long-text", text(equal(&"x".repeat(1 << 20)))),
            ("long-name", text(equal("x").replace("user", &"n".repeat(1 << 20)))),
            ("controls", text(equal("\u{1}\u{7}\u{1b}[2J\u{7f}\u{9b}"))),
            ("bidirectional", text(equal("\u{202e}\u{2066}txt.exe\u{2069}"))),
            ("zero", text(equal("a\0b"))),
            ("astral", text(equal("🦜𝕏\u{10ffff}"))),
            ("combining", text(equal(&format!("a{}", "\u{301}".repeat(10_000))))),
            ("backslashes", text(equal(&"\\".repeat(9_999)))),
            ("escapes", text(equal("\\u{110000}\\x\\u12"))),
            ("quotes", text(equal("\"'`\"'`"))),
            ("unclosed-text", cut(whole.len().saturating_sub(1))),
            ("half", cut(half)),
            ("comment", [whole.as_bytes(), b" ", self.comment.as_bytes()].concat()),
            ("comments", format!("{}{whole}", format!("{} ", self.comment).repeat(3_000)).into_bytes()),
            ("empty", Vec::new()),
            ("blank", b" \t\r\n\x0b\x0c ".to_vec()),
            ("mark", [b"\xef\xbb\xbf", whole.as_bytes()].concat()),
            ("marks", [b"\xef\xbb\xbf\xef\xbb\xbf", whole.as_bytes()].concat()),
            ("not-utf8", [whole.as_bytes(), b"\xff\xfe\xc3"].concat()),
            ("surrogate", [whole.as_bytes(), b"\xed\xa0\x80"].concat()),
            ("utf16", whole.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            ("numbers", text(equal("x").replace("\"x\"", "1e999").replace("'x'", "1e999"))),
            ("digits", text(equal("x").replace("\"x\"", &"9".repeat(5_000)).replace("'x'", &"9".repeat(5_000)))),
            ("operators", text("== != <= >= && || !! ~= =~ :: .. ?? -> => ** ++ --".to_owned())),
            ("commas", text(",".repeat(30_000))),
            ("dots", text(".".repeat(30_000))),
            ("pipes", format!("{whole}{}", " | ".repeat(3_000)).into_bytes()),
            ("brackets", text(format!("{}{}", "[".repeat(9_999), "]".repeat(9_999)))),
            ("braces", text(format!("{}{}", "{".repeat(9_999), "}".repeat(9_999)))),
            ("lines", text(many(200, &format!("\r\n{}\r\n", self.and)))),
            ("twice", format!("{whole}\n{whole}").into_bytes()),
        ];
        all.extend(REGEXES.iter().map(|regex| ("regex", text((self.regex)(regex)))));
        all
    }
}

/// What belongs to one language.
fn of_one_language() -> Vec<(&'static str, &'static str, String)> {
    let mut spl_evals = String::from("index=*");
    (0..300).for_each(|i| write!(spl_evals, " | eval x{i}=x{}+1", i.max(1) - 1).unwrap());
    let rule = |detection: &str| format!("title: t\nlogsource:\n    product: windows\ndetection:\n{detection}");
    let mut laughs = String::from("a: &a [x,x,x,x,x,x,x,x,x]\n");
    for (before, name) in ('a'..'j').zip('b'..='j') {
        writeln!(laughs, "{name}: &{name} [{}]", vec![format!("*{before}"); 9].join(",")).unwrap();
    }
    let values: String = (0..20_000).fold(String::new(), |all, i| all + &format!("            - v{i}\n"));
    let names: Vec<String> = (0..2_000).map(|i| format!("s{i}")).collect();
    let selections: String =
        names.iter().fold(String::new(), |all, name| all + &format!("    {name}:\n        User: {name}\n"));
    vec![
        ("eql", "steps", format!("sequence {}", "[any where true] ".repeat(300))),
        ("eql", "sample", format!("sample by user.name {}", "[any where true] ".repeat(20))),
        ("eql", "runs", "sequence [any where true] with runs=999999999 [any where true]".to_owned()),
        ("eql", "maxspan", "sequence with maxspan=99999999999999999999d [any where true] [any where true]".to_owned()),
        ("eql", "keys", format!("sequence by {} [any where true] [any where true]", vec!["user.name"; 300].join(","))),
        ("eql", "heads", format!("any where true{}", " | head 1".repeat(1_000))),
        ("spl", "subsearches", format!("index=* {}{}", "[search index=* ".repeat(300), "]".repeat(300))),
        ("spl", "evals", spl_evals),
        ("spl", "macro", "`a`".repeat(500)),
        ("spl", "range", "index=* | eval x=mvrange(0,1000000000)".to_owned()),
        ("spl", "divide", "index=* | eval x=1/0, y=pow(9,999999), z=5%0".to_owned()),
        ("spl", "time", format!("index=* | eval x=strftime(_time, \"{}\")", "%Y".repeat(50_000))),
        ("spl", "rex", "index=* | rex \"(?<a>(?<b>(?<a>x)))\" | rex mode=sed \"s/(a+)+$/x/g\"".to_owned()),
        ("aql", "subqueries", format!("{}SELECT sourceip FROM events{}", "SELECT sourceip FROM (".repeat(300), ")".repeat(300))),
        ("aql", "columns", format!("SELECT {} FROM events LAST 1 DAYS", vec!["username"; 3_000].join(","))),
        ("aql", "date", format!("SELECT DATEFORMAT(starttime, '{}') FROM events LAST 1 DAYS", "y".repeat(100_000))),
        ("aql", "last", "SELECT * FROM events LAST 99999999999999999 DAYS".to_owned()),
        ("sumo", "parses", format!("*{}", " | parse \"a*b\" as x nodrop".repeat(300))),
        ("sumo", "parse-stars", format!("* | parse \"{}\" as {}", "*,".repeat(500), (0..500).map(|i| format!("f{i}")).collect::<Vec<_>>().join(","))),
        ("sumo", "slice", "* | timeslice 1ms | count by _timeslice".to_owned()),
        ("yml", "laughs", format!("{laughs}{}", rule("    s:\n        User: *j\n    condition: s\n"))),
        ("yml", "itself", rule("    s: &s\n        User: *s\n    condition: s\n")),
        ("yml", "flow", rule(&format!("    s: {}{}\n    condition: s\n", "[".repeat(5_000), "]".repeat(5_000)))),
        ("yml", "indent", (0..2_000).map(|i| format!("{}k:\n", " ".repeat(i))).collect()),
        ("yml", "list", rule(&format!("    s:\n        User:\n{values}    condition: s\n"))),
        ("yml", "condition", rule(&format!("    s:\n        User: x\n    condition: {}s{}\n", "(".repeat(9_999), ")".repeat(9_999)))),
        ("yml", "nots", rule(&format!("    s:\n        User: x\n    condition: {}s\n", "not ".repeat(9_999)))),
        ("yml", "ands", rule(&format!("{selections}    condition: {}\n", names.join(" and ")))),
        ("yml", "all", rule(&format!("{selections}    condition: 1 of s*\n"))),
        ("yml", "wildcards", rule(&format!("    s:\n        User: '{}'\n    condition: s\n", "*a?".repeat(3_000)))),
        ("yml", "backslashes", rule(&format!("    s:\n        User|contains: '{}'\n    condition: s\n", "\\".repeat(9_999)))),
        ("yml", "regex", rule("    s:\n        User|re: '(a+)+$'\n        Image|re: 'a{1000}{1000}{1000}'\n    condition: s\n")),
        ("yml", "modifiers", rule(&format!("    s:\n        User|{}: x\n    condition: s\n", vec!["base64offset|contains"; 200].join("|")))),
        ("yml", "windash", rule("    s:\n        CommandLine|windash|contains: '- - - - - - - - - - - - - - - - - - - -'\n    condition: s\n")),
        ("yml", "cidr", rule("    s:\n        SourceIp|cidr: [0.0.0.0/0, '::/999', 1.2.3.4/33, x/y]\n    condition: s\n")),
        ("yml", "keys", rule("    s:\n        User: a\n        User: b\n    s:\n        User: c\n    condition: s\n")),
        ("yml", "merge", "<<: *x\ntitle: !!binary x\n? [a, b]\n: c\n".to_owned()),
        ("yml", "documents", "---\n".repeat(5_000)),
        ("yml", "tabs", "title:\tt\n\tlogsource: x\n".to_owned()),
        ("yml", "circle", "title: a\nname: a\ncorrelation:\n    type: temporal\n    rules: [b]\n    group-by: [User]\n    timespan: 1d\n---\ntitle: b\nname: b\ncorrelation:\n    type: temporal\n    rules: [a]\n    group-by: [User]\n    timespan: 1d\n".to_owned()),
        ("yml", "timespan", "title: a\ncorrelation:\n    type: event_count\n    rules: [x]\n    timespan: 99999999999999d\n    condition:\n        gte: 99999999999999999999\n".to_owned()),
        ("yml", "nothing", "~\n".to_owned()),
        ("yml", "scalar", "title".to_owned()),
    ]
}

/// Writes all of them; gives their number.
fn write_all(folder: &Path) -> usize {
    let mut count = 0;
    let mut write = |name: &str, extension: &str, text: &[u8]| {
        count += 1;
        fs::write(folder.join(format!("{count:03}-{name}.{extension}")), text).unwrap();
    };
    for language in &LANGUAGES {
        language.hostile().iter().for_each(|(name, text)| write(name, language.extension, text));
    }
    of_one_language().iter().for_each(|(extension, name, text)| write(name, extension, text.as_bytes()));
    count
}

/// Waits for a process; kills it when its time is over.
fn wait(mut child: Child) -> Option<i32> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status.code().unwrap_or(-1));
        }
        if started.elapsed() > LONGEST {
            child.kill().unwrap();
            child.wait().unwrap();
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// What is wrong with how a query is run, if anything is.
fn trouble(query: &Path, log: &Path, said: &Path) -> Option<String> {
    let mynah = env!("CARGO_BIN_EXE_mynah");
    let stderr = fs::File::create(said).unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -v {MEMORY}; exec \"$@\""), "sh", mynah, "run"]);
    command.arg(query).arg("--data").arg(log).args(["--format", "ndjson", "--threads", "1"]);
    command.current_dir(std::env::temp_dir()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(stderr);
    let status = wait(command.spawn().unwrap());
    let mut text = Vec::new();
    fs::File::open(said).unwrap().read_to_end(&mut text).unwrap();
    let text = String::from_utf8_lossy(&text);
    let name = query.file_name().unwrap_or_default().to_string_lossy();
    let first: String = text.lines().find(|line| !line.is_empty()).unwrap_or_default().chars().take(160).collect();
    match status {
        None => Some(format!("{name}: takes more than {} s", LONGEST.as_secs())),
        Some(0) if !text.contains("panicked") => None,
        // What is refused says so; nothing in it acts on the terminal.
        Some(2)
            if text.contains("error")
                && !text.contains("panicked")
                && !text.contains(['\u{1b}', '\u{202e}', '\u{9b}']) =>
        {
            None
        }
        Some(status) => Some(format!("{name}: exit status {status}: {first}")),
    }
}

#[test]
fn no_query_crashes_or_hangs() {
    let folder = tempfile::tempdir().unwrap();
    let queries = folder.path().join("queries");
    fs::create_dir(&queries).unwrap();
    let count = write_all(&queries);
    assert!(count >= 300, "{count}");
    let log = folder.path().join("log.ndjson");
    let record = |i: usize| {
        format!(
            "{{\"@timestamp\":\"2026-03-02T06:00:{i:02}Z\",\"user\":{{\"name\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{i}\"}},\"event\":{{\"action\":\"x\"}}}}\n"
        )
    };
    fs::write(&log, (0..20).map(record).collect::<String>()).unwrap();
    let mut files: Vec<_> = fs::read_dir(&queries).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let next = AtomicUsize::new(0);
    let troubles: Vec<String> = std::thread::scope(|scope| {
        let work = |worker: usize| {
            let said = folder.path().join(format!("said-{worker}"));
            let (next, files, log) = (&next, &files, &log);
            move || {
                let taken = || files.get(next.fetch_add(1, Ordering::Relaxed));
                std::iter::from_fn(taken).filter_map(|query| trouble(query, log, &said)).collect::<Vec<_>>()
            }
        };
        let workers: Vec<_> = (0..2).map(|worker| scope.spawn(work(worker))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert!(troubles.is_empty(), "{} of {count}:\n{}", troubles.len(), troubles.join("\n"));
}
