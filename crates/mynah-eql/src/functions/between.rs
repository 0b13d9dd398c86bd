use super::units::{Units, folded};
use super::{Accepts, Function, Parameter, Returns};
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Case, Cell};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "between",
        usage: "between(source, left, right [, greedy])",
        summary: "The text between the first `left` and the next `right`, or the last `right` if greedy. An empty text if either is not there; null if the source is null.",
        page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-function-ref#eql-fn-between",
        examples: &[
            Example { query: r#"between("C:\\Windows\\System32\\cmd.exe", "System32\\", ".exe")"#, result: "cmd" },
            Example { query: r#"between("C:\\Windows\\System32\\cmd.exe", "system32\\", ".exe")"#, result: "" },
            Example { query: r#"between("C:\\Windows\\System32\\cmd.exe", "workspace\\", ".exe")"#, result: "" },
            Example { query: r#"between~("C:\\Windows\\System32\\cmd.exe", "system32\\", ".exe")"#, result: "cmd" },
            Example { query: r#"between("C:\\Windows\\System32\\cmd.exe", "\\", "\\", false)"#, result: "Windows" },
            Example {
                query: r#"between("C:\\Windows\\System32\\cmd.exe", "\\", "\\", true)"#,
                result: r#"Windows\System32"#,
            },
            Example { query: r#"between("", "System32", ".exe")"#, result: "" },
            Example { query: r#"between("", "", "")"#, result: "" },
            Example { query: r#"between(null, "System32", ".exe")"#, result: "null" },
        ],
    },
    folds: true,
    parameters: &[
        Parameter { name: "source", accepts: Accepts::Text, optional: false },
        Parameter { name: "left", accepts: Accepts::Text, optional: false },
        Parameter { name: "right", accepts: Accepts::Text, optional: false },
        Parameter { name: "greedy", accepts: Accepts::Boolean, optional: true },
    ],
    repeats: false,
    returns: Returns::Text,
    pattern: None,
    call,
};

fn call<'a>(row: &[Cell<'a>], case: Case) -> Cell<'a> {
    let [Cell::Text(source), rest @ ..] = row else { return Cell::Null };
    let (left, right) = match rest {
        [Cell::Text(left), Cell::Text(right), ..] if !source.is_empty() && !left.is_empty() && !right.is_empty() => {
            (left, right)
        }
        // Without something to stand between, the source is given back.
        _ => return Cell::Text(source.clone()),
    };
    let greedy = rest.get(2).and_then(Cell::as_boolean).unwrap_or(false);
    let searched = Units::of(&folded(source, case));
    let (left, right) = (Units::of(&folded(left, case)), Units::of(&folded(right, case)));
    let nothing = Cell::text("");
    let Some(start) = searched.find(&left, 0).map(|at| at + left.len()) else { return nothing };
    let end = if greedy { searched.rfind(&right) } else { searched.find(&right, start) };
    match end {
        Some(end) if end >= start => Cell::text(Units::of(source).slice(start, end)),
        _ => nothing,
    }
}
