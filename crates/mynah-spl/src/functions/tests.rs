use super::tests_support::{at_noon, show};
use super::{FUNCTIONS, INTERNAL, docs};
use crate::expression::{Scope, Type, Typed, lower, lower_assignable, parse};
use datafusion::arrow::array::{ArrayRef, Float64Array, ListBuilder, StringArray, StringBuilder};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::physical_expr::create_physical_expr;
use mynah_dialect::failed_examples;
use proptest::prelude::*;
use std::sync::Arc;

/// One event: `n` is 5, `text` is "007", `word` is "abc", `items` are a1, b2, a3; `nothing` is no field.
fn event() -> (RecordBatch, Scope) {
    let mut items = ListBuilder::new(StringBuilder::new());
    items.append_value([Some("a1"), Some("b2"), Some("a3")]);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("n", Arc::new(Float64Array::from(vec![5.0]))),
        ("text", Arc::new(StringArray::from(vec!["007"]))),
        ("word", Arc::new(StringArray::from(vec!["abc"]))),
        ("a.b", Arc::new(StringArray::from(vec!["dotted"]))),
        ("absent", Arc::new(StringArray::from(vec![None::<&str>]))),
        ("items", Arc::new(items.finish())),
    ];
    let scope = Scope::default()
        .with("n", Type::Number)
        .with("text", Type::Text)
        .with("word", Type::Text)
        .with("a.b", Type::Text)
        .with("absent", Type::Text)
        .with("items", Type::Multi);
    (
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).unwrap(),
        scope,
    )
}

fn typed(text: &str) -> Result<Typed, String> {
    let (expression, diagnostics) = parse(text, 0);
    let Some(expression) = expression else { return Err(diagnostics[0].message.clone()) };
    // Whatever is printed parses to the same again.
    let printed = expression.to_string();
    let again = parse(&printed, 0).0.unwrap_or_else(|| panic!("{printed} does not parse"));
    assert_eq!(again.to_string(), printed);
    let (_, scope) = event();
    lower(&expression, &scope).map_err(|diagnostic| diagnostic.message)
}

pub(super) fn evaluate(text: &str) -> ScalarValue {
    try_evaluate(text).unwrap()
}

/// A value, or why there is none.
fn try_evaluate(text: &str) -> datafusion::common::Result<ScalarValue> {
    let value = typed(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let (batch, _) = event();
    let schema = DFSchema::try_from(batch.schema().as_ref().clone()).unwrap();
    let physical =
        create_physical_expr(&at_noon(value.expr), &schema, &ExecutionProps::new(), &Default::default()).unwrap();
    assert_eq!(physical.data_type(&batch.schema()).unwrap(), value.ty.data_type(), "{text}");
    let array = physical.evaluate(&batch)?.into_array(1)?;
    assert_eq!(array.data_type(), &value.ty.data_type(), "{text}");
    ScalarValue::try_from_array(&array, 0)
}

fn shows(text: &str) -> String {
    show(&evaluate(text))
}

#[test]
fn documented_examples_hold() {
    assert!(docs().all(|doc| !doc.examples.is_empty()));
    let failed = failed_examples(docs(), shows);
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn names_are_listed_once() {
    let names = FUNCTIONS.entries().flat_map(|function| function.aliases.iter().copied().chain([function.doc.name]));
    let mut names: Vec<&str> = names.chain(INTERNAL.iter().map(|internal| internal.name)).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn comparisons_are_of_numbers_where_both_are() {
    for (text, result) in [
        ("text=7", "true"),
        ("text=\"7\"", "true"),
        ("text=\"007\"", "true"),
        ("n=\"5\"", "true"),
        ("n<10", "true"),
        ("text<10", "true"),
        ("word<10", "false"),
        ("word=\"abc\"", "true"),
        ("word=\"ABC\"", "false"),
        ("word=\"a*\"", "false"),
        ("word!=\"x\"", "true"),
        ("word>\"abb\"", "true"),
        ("\"10\"<\"9\"", "false"),
        ("absent=\"a\"", "null"),
        ("NOT absent=\"a\"", "null"),
        ("absent!=\"a\"", "null"),
        ("nothing=1", "null"),
        ("nothing=1 OR n=5", "true"),
        ("items=\"b2\"", "true"),
        ("items=\"c\"", "false"),
        ("items>\"a9\"", "true"),
        ("word LIKE \"a%\"", "true"),
        ("items LIKE \"b_\"", "true"),
        ("word LIKE \"A%\"", "false"),
        ("word IN (\"x\", \"abc\")", "true"),
        ("text IN (\"7\", \"8\")", "true"),
        ("n IN (4, 5)", "true"),
        ("NOT word IN (\"x\")", "true"),
    ] {
        assert_eq!(shows(text), result, "{text}");
    }
}

#[test]
fn operators_bind_as_documented() {
    for (text, result) in [
        ("1=1 OR 1=2 AND 1=2", "true"),
        ("NOT 1=2 AND 1=1", "true"),
        ("1=1 XOR 1=1 OR 1=2", "false"),
        ("!isnull(absent) AND n=5", "false"),
        ("!isnull(word) AND n=5", "true"),
        ("1+2*3", "7"),
        ("(1+2)*3", "9"),
        ("-n+1", "-4"),
        ("7%3", "1"),
        ("10-2-3", "5"),
        ("\"a\".1+1", "null"),
        ("\"n=\".n", "n=5"),
        ("word.\"-\".word", "abc-abc"),
        ("n.n", "55"),
        ("1.\"a\"", "1a"),
        ("'a.b'", "dotted"),
        ("word+\"x\"", "abcx"),
        ("text+1", "8"),
        ("text+text", "14"),
        ("word+1", "null"),
        ("word*2", "null"),
        ("n/0", "null"),
        ("n%0", "null"),
        ("n*2.5", "12.5"),
        ("absent.\"x\"", "null"),
        ("items.\"!\"", r#"["a1!","b2!","a3!"]"#),
    ] {
        assert_eq!(shows(text), result, "{text}");
    }
}

#[test]
fn escapes_leave_regexes_alone() {
    assert_eq!(shows(r#"match("C:\\Windows\\System32", "(?i)\\\\windows\\\\")"#), "true");
    assert_eq!(shows(r#""\d \" \\ \t""#), "\\d \" \\ \t");
    assert_eq!(shows(r#"replace("a\\b", "\\\\", "/")"#), "a/b");
}

#[test]
fn values_of_a_field_are_gone_through() {
    for (text, result) in [
        ("mvcount(items)", "3"),
        ("mvfilter(match(items, \"^a\"))", r#"["a1","a3"]"#),
        ("mvfilter(match(items, \"z\"))", "null"),
        ("mvmap(items, upper(items) . word)", r#"["A1abc","B2abc","A3abc"]"#),
        ("mvmap(items, if(items=\"b2\", null(), items))", r#"["a1","a3"]"#),
        ("mvmap(mvindex(items, 0, 1), items . \"!\")", r#"["a1!","b2!"]"#),
        ("mvfilter(!match(items, \"^a\"))", r#"["b2"]"#),
        ("mvmap(word, word . n)", r#"["abc5"]"#),
        ("mvcount(mvfilter(items!=\"a1\"))", "2"),
        ("upper(items)", r#"["A1","B2","A3"]"#),
        ("len(items)", "null"),
        ("match(items, \"^b\")", "true"),
        ("if(n=5, items, \"x\")", r#"["a1","b2","a3"]"#),
        ("coalesce(absent, items)", r#"["a1","b2","a3"]"#),
        ("mvindex(items, -1)", "a3"),
        ("mvjoin(items, \"\")", "a1b2a3"),
        ("isnum(text)", "true"),
        ("typeof(word)", "String"),
        ("true", "true"),
        ("null", "null"),
        ("MVCOUNT(items)", "3"),
    ] {
        assert_eq!(shows(text), result, "{text}");
    }
}

#[test]
fn searches_match_as_the_search_command_does() {
    assert_eq!(shows("searchmatch(\"word=AB* n=5\")"), "true");
    assert_eq!(shows("searchmatch(\"items=B2\")"), "true");
    assert_eq!(shows("searchmatch(\"word=x OR nothing=*\")"), "false");
    let (expression, _) = parse("searchmatch(\"a=1 NOT b=2 word\")", 0);
    assert_eq!(expression.unwrap().names().into_iter().collect::<Vec<_>>(), ["_raw", "a", "b"]);
}

#[test]
fn refusals_name_what_is_wrong() {
    for (text, message) in [
        ("foo(1)", "there is no function `foo`"),
        ("lookup(\"t\", json_object(), json_array())", "the function `lookup` is not supported"),
        ("if(1=1, 2)", "`if` takes 3 arguments, not 2"),
        ("if(word, 1, 2)", "a condition is wanted here, which is true or false"),
        ("isnull(word)=\"true\"", "`=` compares a truth value with something else"),
        ("\"a\"*2", "`*` takes numbers, not texts"),
        ("1+(1=1)", "`+` takes numbers and texts, not a truth value"),
        (r#"match(word, "(?R)")"#, "recursion `(?R...)` is not supported"),
        ("relative_time(n, \"-1x\")", "`-1x` is no relative time, such as `-1d@d`"),
        ("cidrmatch(\"10.0.0.0/40\", word)", "`10.0.0.0/40` is no network: 10.0.0.0/8, 2001:db8::/32 or an address"),
        ("case(n=1)", "`case` takes at least 2 arguments, not 1"),
        ("mvmap(\"x\", n)", "the first argument of `mvmap` names one field, which the expression can then name"),
        ("a b", "an operator is missing before `b`"),
        ("(a", "a `)` is missing here"),
        ("a +", "an expression is missing here"),
        ("\"abc", "this \" has no closing \""),
    ] {
        assert_eq!(typed(text).unwrap_err(), message, "{text}");
    }
}

#[test]
fn truth_values_cannot_be_assigned() {
    let (expression, _) = parse("isnull(word)", 0);
    let (_, scope) = event();
    let diagnostic = lower_assignable(&expression.unwrap(), &scope).unwrap_err();
    assert_eq!(diagnostic.code, "spl/boolean-field");
    assert_eq!(diagnostic.fix.unwrap().replacement, "if(isnull(word), \"true\", \"false\")");
}

#[test]
fn depth_is_refused_and_long_chains_are_not() {
    let deep = format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000));
    assert_eq!(parse(&deep, 0).1[0].code, "syntax/too-deep");
    assert_eq!(parse(&"-".repeat(10_000), 0).1[0].code, "syntax/too-deep");
    let chain = vec!["word=\"abc\""; 3_000].join(" OR ");
    assert_eq!(shows(&chain), "true");
    assert_eq!(shows(&vec!["1"; 1_500].join("+")), "1500");
    assert_eq!(shows(&format!("{}-1+\"7\"", vec!["word"; 300].join("."))), "null");
    assert_eq!(shows(&format!("1{}.\"x\".2", "+2-1".repeat(100))), "101x2");
    assert_eq!(parse(&vec!["1"; 300].join("*"), 0).1[0].code, "syntax/too-deep");
    assert_eq!(parse(&vec!["1"; 3_000].join("+"), 0).1[0].code, "syntax/too-deep");
}

fn arguments() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("null()".to_owned()),
        Just("items".to_owned()),
        Just("absent".to_owned()),
        Just("n=5".to_owned()),
        Just("\"{\\\"a\\\":{\\\"b\\\":[1,{\\\"c\\\":null}]}}\"".to_owned()),
        Just("\"a.b{}.c\"".to_owned()),
        any::<i32>().prop_map(|number| number.to_string()),
        any::<f64>()
            .prop_filter("written as a number", |number| number.is_finite())
            .prop_map(|number| number.to_string()),
        "[%a-zA-Z0-9.+*?(){}@-]{0,12}".prop_map(|text| format!("\"{text}\"")),
        any::<String>().prop_map(|text| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever a function is called with, it gives a value, a diagnostic or an error.
    #[test]
    fn no_call_panics(at in 0..FUNCTIONS.entries().count(), arguments in prop::collection::vec(arguments(), 0..5)) {
        let call = format!("{}({})", FUNCTIONS.entries().nth(at).unwrap().doc.name, arguments.join(", "));
        if typed(&call).is_ok() {
            let _ = try_evaluate(&call);
        }
    }
}
