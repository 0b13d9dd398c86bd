//! The rules that the lexer, the parser and the planner hold a query against while they read it: what Elasticsearch refuses,
//! and Mynah reads as it is meant.
use super::Linted;
use mynah_dialect::Lint;

const fn refused(
    code: &'static str,
    what: &'static str,
    why: &'static str,
    bad: &'static str,
    good: &'static str,
    page: &'static str,
) -> Lint<Linted> {
    Lint::warning(code, what, why, bad, good, page, |_, _| ())
}

const ENDGAME: &str = "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-unsupported-syntax";
const STRINGS: &str =
    "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-escape-characters";

pub(super) static ARGUMENT_TYPE: Lint<Linted> = refused(
    "eql/argument-type",
    "an argument of another type than the function takes",
    "Elasticsearch refuses the search. Here the value is converted.",
    "process where length(process.pid) == 4",
    "process where length(string(process.pid)) == 4",
    "https://www.elastic.co/docs/reference/query-languages/eql/eql-function-ref",
);

pub(super) static BAD_ESCAPE: Lint<Linted> = refused(
    "eql/bad-escape",
    "a backslash in a string before a character that needs none",
    "Elasticsearch refuses the query. A backslash itself is written as two.",
    r#"file where file.path : "C:\Windows\*""#,
    r#"file where file.path : "C:\\Windows\\*""#,
    STRINGS,
);

pub(super) static BY_AFTER_WITH: Lint<Linted> = refused(
    "eql/by-after-with",
    "`by` behind `with maxspan`",
    "Elasticsearch refuses the query: the keys of a sequence stand before its time.",
    "sequence with maxspan=1m by host.id [process where true] [file where true]",
    "sequence by host.id with maxspan=1m [process where true] [file where true]",
    "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-by-keyword",
);

pub(super) static KEYWORD_CASE: Lint<Linted> = refused(
    "eql/keyword-case",
    "a keyword with capitals",
    "Elasticsearch refuses the query: it takes the word for a name.",
    r#"process where process.name : "cmd.exe" AND process.args : "/c""#,
    r#"process where process.name : "cmd.exe" and process.args : "/c""#,
    "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-logical-operators",
);

pub(super) static LIST_EQUALITY: Lint<Linted> = refused(
    "eql/list-equality",
    "a list behind `==` or `!=`",
    "Elasticsearch refuses the query: lists stand behind `in`, `:`, `like` and `regex`.",
    r#"process where process.name == ("cmd.exe", "net.exe")"#,
    r#"process where process.name in ("cmd.exe", "net.exe")"#,
    "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-lookup-operators",
);

pub(super) static NOT_BEFORE_OPERATOR: Lint<Linted> = refused(
    "eql/not-before-operator",
    "`not` right before `:`, `like` or `regex`",
    "Elasticsearch refuses the query: only `in` can have `not` before it.",
    r#"process where process.name not like "cmd*""#,
    r#"process where not process.name like "cmd*""#,
    "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-lookup-operators",
);

pub(super) static OLD_RAW_STRING: Lint<Linted> = refused(
    "eql/old-raw-string",
    "`?` before a string",
    "Elasticsearch refuses the query: it marked raw strings once, which now stand in three double quotes.",
    r#"file where file.path == ?"C:\Temp""#,
    r#"file where file.path == """C:\Temp""""#,
    ENDGAME,
);

pub(super) static SINGLE_EQUALS: Lint<Linted> = refused(
    "eql/single-equals",
    "`=` as a comparison",
    "Elasticsearch refuses the query: equality is `==`, or `:` to leave case aside.",
    r#"process where process.name = "cmd.exe""#,
    r#"process where process.name == "cmd.exe""#,
    ENDGAME,
);

pub(super) static SINGLE_QUOTES: Lint<Linted> = refused(
    "eql/single-quotes",
    "a string in single quotes",
    "Elasticsearch refuses the query: strings stand in double quotes.",
    "process where process.name == 'cmd.exe'",
    r#"process where process.name == "cmd.exe""#,
    ENDGAME,
);
