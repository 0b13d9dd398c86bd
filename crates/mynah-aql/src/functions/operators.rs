//! The operators, for people to look up; the planner lowers them.
use mynah_dialect::{Example, FunctionDoc, example};

const fn operator(
    name: &'static str,
    usage: &'static str,
    summary: &'static str,
    examples: &'static [Example],
) -> FunctionDoc {
    let page = "https://www.ibm.com/docs/SS42VS_latest/com.ibm.qradar.doc/r_aql_operators.html";
    FunctionDoc { name, usage, summary, page, examples }
}

pub(super) static OPERATORS: [FunctionDoc; 18] = [
    operator(
        "AND",
        "condition AND condition",
        "Whether both hold. It binds tighter than OR.",
        &[example("1 = 1 AND 1 = 2", "false")],
    ),
    operator("OR", "condition OR condition", "Whether one of them holds.", &[example("1 = 1 OR 1 = 2", "true")]),
    operator(
        "NOT",
        "NOT condition",
        "Whether it does not hold. What is unknown stays unknown, and is not selected.",
        &[example("NOT 1 = 2", "true"), example("NOT NULL ILIKE 'x%'", "null")],
    ),
    operator(
        "=",
        "value = value",
        "Whether they are equal: texts in their own case, a number and a text if the number is written so. Unknown where one has no value.",
        &[example("'a' = 'A'", "false"), example("5 = '5'", "true")],
    ),
    operator(
        "!=",
        "value != value, value <> value",
        "Whether they differ. Unknown where one has no value.",
        &[example("1 != 2", "true"), example("1 <> 1", "false")],
    ),
    operator(
        "<",
        "value < value",
        "Whether it is less; also <=, > and >=. Addresses are ordered as the numbers they are.",
        &[example("9 < 10", "true"), example("sourceip < '192.0.2.10'", "true")],
    ),
    operator(
        "BETWEEN",
        "value BETWEEN low AND high",
        "Whether it is neither less than `low` nor greater than `high`.",
        &[example("5 BETWEEN 1 AND 5", "true"), example("5 NOT BETWEEN 1 AND 5", "false")],
    ),
    operator(
        "IN",
        "value IN (value, …), value IN (SELECT …)",
        "Whether it equals one of the values, or one of those that another query gives.",
        &[example("'a' IN ('a', 'b')", "true"), example("3 NOT IN (1, 2)", "true")],
    ),
    operator(
        "IS NULL",
        "value IS NULL, value IS NOT NULL",
        "Whether it has no value.",
        &[example("NULL IS NULL", "true"), example("username IS NOT NULL", "true")],
    ),
    operator(
        "LIKE",
        "text LIKE pattern",
        "Whether a whole text fits a pattern in which `%` is any text and `_` any character. Case counts. Nothing takes their meaning from `%` and `_`, and a backslash is an ordinary character.",
        &[
            example(r"'C:\Temp' LIKE 'C:\%'", "true"),
            example("'Admin' LIKE 'admin'", "false"),
            example("'abc' LIKE 'a_c'", "true"),
        ],
    ),
    operator("ILIKE", "text ILIKE pattern", "LIKE without case.", &[example("'Admin' ILIKE 'ADM%'", "true")]),
    operator(
        "MATCHES",
        "text MATCHES expression",
        "Whether a regular expression is found in a text.",
        &[example(r"'cmd.exe /c dir' MATCHES '/[ck]\s'", "true")],
    ),
    operator(
        "IMATCHES",
        "text IMATCHES expression",
        "MATCHES without case.",
        &[example("'CMD.EXE' IMATCHES '^cmd'", "true")],
    ),
    operator(
        "TEXT SEARCH",
        "TEXT SEARCH 'words'",
        "Whether the payload holds words, in any case: all of them, or as AND, OR, NOT and parentheses say; phrases in double quotes, `*` and `?` within words.",
        &[example("TEXT SEARCH 'consolelogin AND alice'", "true"), example("TEXT SEARCH 'console'", "false")],
    ),
    operator(
        "CASE",
        "CASE WHEN condition THEN value … [ELSE value] END, CASE value WHEN value THEN value … END",
        "The value of the first condition that holds; without ELSE and a condition that holds, none.",
        &[
            example("CASE WHEN 1 = 2 THEN 'a' ELSE 'b' END", "b"),
            example("CASE 2 WHEN 1 THEN 'one' WHEN 2 THEN 'two' END", "two"),
        ],
    ),
    operator(
        "IF",
        "IF condition THEN value ELSE value",
        "One of two values.",
        &[example("IF 1 = 1 THEN 'yes' ELSE 'no'", "yes")],
    ),
    operator(
        "+",
        "number + number",
        "Arithmetic: also -, * and %, on whole numbers with a whole result, and /, always with a fraction; ^ is the power. A text counts as the number it holds.",
        &[
            example("2 + 3 * 4", "14"),
            example("7 / 2", "3"),
            example("7 / 2.0", "3.5"),
            example("2 ^ 10", "1024.0"),
            example("7 % 4", "3"),
        ],
    ),
    operator(
        "&",
        "number & number",
        "The bits that two whole numbers share; | those that either has.",
        &[example("6 & 3", "2"), example("LONG(sourceip) & 0xFF", "7")],
    ),
];
