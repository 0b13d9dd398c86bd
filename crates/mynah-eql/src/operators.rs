//! What EQL's operators and pipes say of themselves, for people to look up.
use mynah_dialect::{FunctionDoc, example};

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

/// Operators whose examples are conditions, and the two pipes, which have none.
pub(crate) static OPERATORS: [FunctionDoc; 11] = [
    FunctionDoc {
        name: "==",
        usage: "value == value; also != < <= > >=",
        summary: "Compares two values in their own case: numbers by size, texts by their characters. Of a field with \
                  several values any will do. Without a value the comparison does not hold, and so `!=` does.",
        page: SYNTAX,
        examples: &[
            example(r#""doc" == "doc""#, "true"),
            example(r#""doc" == "Doc""#, "false"),
            example(r#""doc" == "d*""#, "false"),
            example("1 != 2", "true"),
            example(r#""b" > "B""#, "true"),
            example("2.5 >= 2", "true"),
        ],
    },
    FunctionDoc {
        name: "== null",
        usage: "field == null; field != null",
        summary: "Whether an event has no value of a field, or has one.",
        page: EXISTS,
        examples: &[
            example("?no.such.field == null", "true"),
            example("?no.such.field != null", "false"),
            example(r#"not ?no.such.field == "x""#, "true"),
        ],
    },
    FunctionDoc {
        name: ":",
        usage: "text : pattern, text : (pattern, ...)",
        summary: "Whether a whole text fits a pattern, or one of several, case left aside. `*` stands for any \
                  characters, `?` for one.",
        page: SYNTAX,
        examples: &[
            example(r#""Doc" : "doc""#, "true"),
            example(r#""documents" : "doc?""#, "false"),
            example(r#""C:\\Temp\\a.exe" : ("*\\Windows\\*", "c:\\temp\\*")"#, "true"),
        ],
    },
    FunctionDoc {
        name: "like",
        usage: "text like pattern, text like (pattern, ...); like~",
        summary: "Like `:`, in its own case; `like~` is `:`.",
        page: PATTERNS,
        examples: &[
            example(r#""VALUE1" like "VALUE*""#, "true"),
            example(r#""VALUE1" like "value*""#, "false"),
            example(r#""VALUE1" like~ "value?""#, "true"),
        ],
    },
    FunctionDoc {
        name: "regex",
        usage: "text regex expression, text regex (expression, ...); regex~",
        summary: "Whether a whole text fits one of Lucene's regular expressions; `regex~` leaves case aside, though not \
                  in character classes.",
        page: PATTERNS,
        examples: &[
            example(r#""VALUE1" regex "VALUE[^Z].?""#, "true"),
            example(r#""xVALUE1" regex "VALUE[^Z].?""#, "false"),
            example(r#""value1" regex~ "VALUE[0-9]""#, "true"),
        ],
    },
    FunctionDoc {
        name: "in",
        usage: "value in (value, ...); not in, in~, not in~",
        summary: "Whether a value is equal to one of several; `in~` leaves case aside. `*` is no wildcard here.",
        page: LOOKUP,
        examples: &[
            example(r#""Value-1" in ("Value-1", "VALUE2")"#, "true"),
            example(r#""value2" in ("Value-1", "VALUE2")"#, "false"),
            example(r#""value2" in~ ("Value-1", "VALUE2")"#, "true"),
            example(r#""value2" not in ("Value-1", "VALUE2")"#, "true"),
            example("3 in (1, 2, 3)", "true"),
        ],
    },
    FunctionDoc {
        name: "and",
        usage: "condition and condition; or, not",
        summary: "Joins conditions; `not` binds tighter than `and`, and `and` tighter than `or`.",
        page: LOGIC,
        examples: &[example("true or true and false", "true"), example("not false and false", "false")],
    },
    FunctionDoc {
        name: "+",
        usage: "number + number; also - * / %",
        summary: "Reckons with numbers. The quotient of two whole numbers loses its fraction.",
        page: MATH,
        examples: &[
            example("4 / 3 == 1", "true"),
            example("4.0 / 3 == 1", "false"),
            example("1 + 2 * 3 == 7", "true"),
            example("-7 % 4 == -3", "true"),
        ],
    },
    FunctionDoc {
        name: "?",
        usage: "?field",
        summary: "Marks a field as optional: if no view has it, it is null, and nothing is said of it.",
        page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax#eql-syntax-optional-fields",
        examples: &[example(r#"?no.such.field : "*""#, "false")],
    },
    FunctionDoc {
        name: "| head",
        usage: "| head count",
        summary: "Keeps the earliest events.",
        page: PIPES,
        examples: &[],
    },
    FunctionDoc {
        name: "| tail",
        usage: "| tail count",
        summary: "Keeps the latest events, still the earliest of them first.",
        page: PIPES,
        examples: &[],
    },
];
