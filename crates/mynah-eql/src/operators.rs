//! What EQL's operators and pipes say of themselves, for people to look up.
use mynah_dialect::{Example, FunctionDoc, example};

const SYNTAX: &str =
    "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-comparison-operators";
const PATTERNS: &str =
    "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-pattern-comparison-keywords";
const LOOKUP: &str = "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-lookup-operators";
const MATH: &str = "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-math-operators";
const LOGIC: &str = "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-logical-operators";
const EXISTS: &str =
    "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-check-field-exists";
const PIPES: &str = "https://www.elastic.co/docs/reference/query-languages/eql/eql-pipe-ref";

const fn operator(
    name: &'static str,
    usage: &'static str,
    summary: &'static str,
    page: &'static str,
    examples: &'static [Example],
) -> FunctionDoc {
    FunctionDoc { name, usage, summary, page, examples }
}

/// Operators whose examples are conditions, and the two pipes, which have none.
pub(crate) static OPERATORS: [FunctionDoc; 11] = [
    operator(
        "==",
        "value == value; also != < <= > >=",
        "Compares two values in their own case: numbers by size, texts by their characters. Of a field with \
                  several values any will do. Without a value the comparison does not hold, and so `!=` does.",
        SYNTAX,
        &[
            example(r#""doc" == "doc""#, "true"),
            example(r#""doc" == "Doc""#, "false"),
            example(r#""doc" == "d*""#, "false"),
            example("1 != 2", "true"),
            example(r#""b" > "B""#, "true"),
            example("2.5 >= 2", "true"),
        ],
    ),
    operator(
        "== null",
        "field == null; field != null",
        "Whether an event has no value of a field, or has one.",
        EXISTS,
        &[
            example("?no.such.field == null", "true"),
            example("?no.such.field != null", "false"),
            example(r#"not ?no.such.field == "x""#, "true"),
        ],
    ),
    operator(
        ":",
        "text : pattern, text : (pattern, ...)",
        "Whether a whole text fits a pattern, or one of several, case left aside. `*` stands for any \
                  characters, `?` for one.",
        SYNTAX,
        &[
            example(r#""Doc" : "doc""#, "true"),
            example(r#""documents" : "doc?""#, "false"),
            example(r#""C:\\Temp\\a.exe" : ("*\\Windows\\*", "c:\\temp\\*")"#, "true"),
        ],
    ),
    operator(
        "like",
        "text like pattern, text like (pattern, ...); like~",
        "Like `:`, in its own case; `like~` is `:`.",
        PATTERNS,
        &[
            example(r#""VALUE1" like "VALUE*""#, "true"),
            example(r#""VALUE1" like "value*""#, "false"),
            example(r#""VALUE1" like~ "value?""#, "true"),
        ],
    ),
    operator(
        "regex",
        "text regex expression, text regex (expression, ...); regex~",
        "Whether a whole text fits one of Lucene's regular expressions; `regex~` leaves case aside, though not \
                  in character classes.",
        PATTERNS,
        &[
            example(r#""VALUE1" regex "VALUE[^Z].?""#, "true"),
            example(r#""xVALUE1" regex "VALUE[^Z].?""#, "false"),
            example(r#""value1" regex~ "VALUE[0-9]""#, "true"),
        ],
    ),
    operator(
        "in",
        "value in (value, ...); not in, in~, not in~",
        "Whether a value is equal to one of several; `in~` leaves case aside. `*` is no wildcard here.",
        LOOKUP,
        &[
            example(r#""Value-1" in ("Value-1", "VALUE2")"#, "true"),
            example(r#""value2" in ("Value-1", "VALUE2")"#, "false"),
            example(r#""value2" in~ ("Value-1", "VALUE2")"#, "true"),
            example(r#""value2" not in ("Value-1", "VALUE2")"#, "true"),
            example("3 in (1, 2, 3)", "true"),
        ],
    ),
    operator(
        "and",
        "condition and condition; or, not",
        "Joins conditions; `not` binds tighter than `and`, and `and` tighter than `or`.",
        LOGIC,
        &[example("true or true and false", "true"), example("not false and false", "false")],
    ),
    operator(
        "+",
        "number + number; also - * / %",
        "Reckons with numbers. The quotient of two whole numbers loses its fraction.",
        MATH,
        &[
            example("4 / 3 == 1", "true"),
            example("4.0 / 3 == 1", "false"),
            example("1 + 2 * 3 == 7", "true"),
            example("-7 % 4 == -3", "true"),
        ],
    ),
    operator(
        "?",
        "?field",
        "Marks a field as optional: if no view has it, it is null, and nothing is said of it.",
        "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-optional-fields",
        &[example(r#"?no.such.field : "*""#, "false")],
    ),
    operator("| head", "| head count", "Keeps the earliest events.", PIPES, &[]),
    operator("| tail", "| tail count", "Keeps the latest events, still the earliest of them first.", PIPES, &[]),
];
