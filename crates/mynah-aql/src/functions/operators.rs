//! The operators, for people to look up; the planner lowers them.
use mynah_dialect::{Example, FunctionDoc};

const OPERATORS_PAGE: &str = "https://www.ibm.com/docs/SS42VS_latest/com.ibm.qradar.doc/r_aql_operators.html";

pub(super) static OPERATORS: &[FunctionDoc] = &[
    FunctionDoc {
        name: "AND",
        usage: "condition AND condition",
        summary: "Whether both hold. It binds tighter than OR.",
        page: OPERATORS_PAGE,
        examples: &[Example { query: r#"1 = 1 AND 1 = 2"#, result: r#"false"# }],
    },
    FunctionDoc {
        name: "OR",
        usage: "condition OR condition",
        summary: "Whether one of them holds.",
        page: OPERATORS_PAGE,
        examples: &[Example { query: r#"1 = 1 OR 1 = 2"#, result: r#"true"# }],
    },
    FunctionDoc {
        name: "NOT",
        usage: "NOT condition",
        summary: "Whether it does not hold. What is unknown stays unknown, and is not selected.",
        page: OPERATORS_PAGE,
        examples: &[
            Example { query: r#"NOT 1 = 2"#, result: r#"true"# },
            Example { query: r#"NOT NULL ILIKE 'x%'"#, result: r#"null"# },
        ],
    },
    FunctionDoc {
        name: "=",
        usage: "value = value",
        summary: "Whether they are equal: texts in their own case, a number and a text if the number is written so. Unknown where one has no value.",
        page: OPERATORS_PAGE,
        examples: &[
            Example { query: r#"'a' = 'A'"#, result: r#"false"# },
            Example { query: r#"5 = '5'"#, result: r#"true"# },
        ],
    },
    FunctionDoc {
        name: "!=",
        usage: "value != value, value <> value",
        summary: "Whether they differ. Unknown where one has no value.",
        page: OPERATORS_PAGE,
        examples: &[
            Example { query: r#"1 != 2"#, result: r#"true"# },
            Example { query: r#"1 <> 1"#, result: r#"false"# },
        ],
    },
    FunctionDoc {
        name: "<",
        usage: "value < value",
        summary: "Whether it is less; also <=, > and >=. Addresses are ordered as the numbers they are.",
        page: OPERATORS_PAGE,
        examples: &[
            Example { query: r#"9 < 10"#, result: r#"true"# },
            Example { query: r#"sourceip < '192.0.2.10'"#, result: r#"true"# },
        ],
    },
    FunctionDoc {
        name: "BETWEEN",
        usage: "value BETWEEN low AND high",
        summary: "Whether it is neither less than `low` nor greater than `high`.",
        page: OPERATORS_PAGE,
        examples: &[
            Example { query: r#"5 BETWEEN 1 AND 5"#, result: r#"true"# },
            Example { query: r#"5 NOT BETWEEN 1 AND 5"#, result: r#"false"# },
        ],
    },
    FunctionDoc {
        name: "IN",
        usage: "value IN (value, …), value IN (SELECT …)",
        summary: "Whether it equals one of the values, or one of those that another query gives.",
        page: OPERATORS_PAGE,
        examples: &[
            Example { query: r#"'a' IN ('a', 'b')"#, result: r#"true"# },
            Example { query: r#"3 NOT IN (1, 2)"#, result: r#"true"# },
        ],
    },
    FunctionDoc {
        name: "IS NULL",
        usage: "value IS NULL, value IS NOT NULL",
        summary: "Whether it has no value.",
        page: OPERATORS_PAGE,
        examples: &[
            Example { query: r#"NULL IS NULL"#, result: r#"true"# },
            Example { query: r#"username IS NOT NULL"#, result: r#"true"# },
        ],
    },
    FunctionDoc {
        name: "LIKE",
        usage: "text LIKE pattern",
        summary: "Whether a whole text fits a pattern in which `%` is any text and `_` any character. Case counts. Nothing takes their meaning from `%` and `_`, and a backslash is an ordinary character.",
        page: OPERATORS_PAGE,
        examples: &[
            Example { query: r#"'C:\Temp' LIKE 'C:\%'"#, result: r#"true"# },
            Example { query: r#"'Admin' LIKE 'admin'"#, result: r#"false"# },
            Example { query: r#"'abc' LIKE 'a_c'"#, result: r#"true"# },
        ],
    },
    FunctionDoc {
        name: "ILIKE",
        usage: "text ILIKE pattern",
        summary: "LIKE without case.",
        page: OPERATORS_PAGE,
        examples: &[Example { query: r#"'Admin' ILIKE 'ADM%'"#, result: r#"true"# }],
    },
    FunctionDoc {
        name: "MATCHES",
        usage: "text MATCHES expression",
        summary: "Whether a regular expression is found in a text.",
        page: OPERATORS_PAGE,
        examples: &[Example { query: r#"'cmd.exe /c dir' MATCHES '/[ck]\s'"#, result: r#"true"# }],
    },
    FunctionDoc {
        name: "IMATCHES",
        usage: "text IMATCHES expression",
        summary: "MATCHES without case.",
        page: OPERATORS_PAGE,
        examples: &[Example { query: r#"'CMD.EXE' IMATCHES '^cmd'"#, result: r#"true"# }],
    },
    FunctionDoc {
        name: "TEXT SEARCH",
        usage: "TEXT SEARCH 'words'",
        summary: "Whether the payload holds words, in any case: all of them, or as AND, OR, NOT and parentheses say; phrases in double quotes, `*` and `?` within words.",
        page: OPERATORS_PAGE,
        examples: &[
            Example { query: r#"TEXT SEARCH 'consolelogin AND alice'"#, result: r#"true"# },
            Example { query: r#"TEXT SEARCH 'console'"#, result: r#"false"# },
        ],
    },
    FunctionDoc {
        name: "CASE",
        usage: "CASE WHEN condition THEN value … [ELSE value] END, CASE value WHEN value THEN value … END",
        summary: "The value of the first condition that holds; without ELSE and a condition that holds, none.",
        page: OPERATORS_PAGE,
        examples: &[
            Example { query: r#"CASE WHEN 1 = 2 THEN 'a' ELSE 'b' END"#, result: r#"b"# },
            Example { query: r#"CASE 2 WHEN 1 THEN 'one' WHEN 2 THEN 'two' END"#, result: r#"two"# },
        ],
    },
    FunctionDoc {
        name: "IF",
        usage: "IF condition THEN value ELSE value",
        summary: "One of two values.",
        page: OPERATORS_PAGE,
        examples: &[Example { query: r#"IF 1 = 1 THEN 'yes' ELSE 'no'"#, result: r#"yes"# }],
    },
    FunctionDoc {
        name: "+",
        usage: "number + number",
        summary: "Arithmetic: also -, * and %, on whole numbers with a whole result, and /, always with a fraction; ^ is the power. A text counts as the number it holds.",
        page: OPERATORS_PAGE,
        examples: &[
            Example { query: r#"2 + 3 * 4"#, result: r#"14"# },
            Example { query: r#"7 / 2"#, result: r#"3.5"# },
            Example { query: r#"2 ^ 10"#, result: r#"1024.0"# },
            Example { query: r#"7 % 4"#, result: r#"3"# },
        ],
    },
    FunctionDoc {
        name: "&",
        usage: "number & number",
        summary: "The bits that two whole numbers share; | those that either has.",
        page: OPERATORS_PAGE,
        examples: &[
            Example { query: r#"6 & 3"#, result: r#"2"# },
            Example { query: r#"LONG(sourceip) & 0xFF"#, result: r#"7"# },
        ],
    },
];
