//! The prefilter never drops a record that the filter would keep.
use super::Prefilter;
use crate::extract::{Captures, Columns, Program, RecordContext};
use crate::scan::Data;
use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::datatypes::{Field, Schema};
use datafusion::functions::expr_fn::{coalesce, upper};
use datafusion::logical_expr::when;
use datafusion::prelude::{Expr, lit};
use mynah_event::{EventId, LogSource, Path, Record};
use mynah_kernels::{Case, Matcher, Regex, WildcardSyntax, regex_match, text_match};
use mynah_source::{Chunk, JsonIndex, Members, Recogniser};
use mynah_view::{Apply, Binding, FieldType, Meta, Origin, ScanColumn};
use proptest::prelude::*;
use std::sync::{Arc, LazyLock};

static DATA: LazyLock<Data> = LazyLock::new(|| Data {
    stored: Default::default(),
    files: Arc::new([]),
    recogniser: Recogniser::built_in().unwrap(),
    progress: Arc::default(),
    prefilter: true,
    newest: None,
});

fn column(origin: Origin, apply: Vec<Apply>) -> ScanColumn {
    let binding: Arc<[Binding]> = Arc::new([Binding {
        origin,
        apply,
        when: Vec::new(),
        objects_as_json: true,
        also: false,
        through_arrays: false,
    }]);
    let sources = DATA.recogniser.sources().iter();
    ScanColumn {
        name: "x".to_owned(),
        field_type: FieldType::TEXT,
        bindings: sources.map(|source| (source.log_source().clone(), Arc::clone(&binding))).collect(),
    }
}

/// The column's value in a record.
fn value(column: &ScanColumn, document: &str) -> Option<String> {
    let family = [LogSource::new(LogSource::JSON)];
    let program = Program::new(std::slice::from_ref(column), &family, &[], &|path| vec![path.clone()]);
    let context = RecordContext { raw: document, other_document: None, file: "", log_source: "json", number: 1 };
    let mut out = Columns::new(&[column.field_type]);
    let (members, mut captures) = (Members::default(), Captures::default());
    program.run(JsonIndex::default().of(document), &context, &members, &mut captures, &mut out).unwrap();
    out.end_row(EventId::new(0, 1).unwrap());
    let schema = Arc::new(Schema::new(vec![Field::new("x", column.field_type.data_type(), true)]));
    let batch = out.finish(schema, false).unwrap();
    let values = batch.column(0).as_string::<i32>();
    values.is_valid(0).then(|| values.value(0).to_owned())
}

fn keeps(filter: Expr, column: &ScanColumn, document: &str) -> bool {
    let all = 0..document.len();
    let record = Record { number: 1, line: 1, document: all.clone(), raw: all };
    let chunk = Chunk { text: document.to_owned(), records: vec![record] };
    Prefilter::new(&[filter], std::slice::from_ref(column), &DATA).candidates(&chunk).count() == 1
}

/// A text from pieces that are hard to tell from each other in JSON and in lower case.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec!["kick", "KICK", "Kick", "\u{212A}ic\u{212A}", "\u{130}stanbul", "istanbul", "admin", "Admin"]),
        1 => prop::sample::select(vec!["\"", "\\", "/", "\n", "\u{1}", " ", "é", "É", "ß", "{", "a:"]),
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

/// JSON of a text, each character written in one of the ways that JSON has.
fn json_of(text: &str, escape: u64) -> String {
    let mut out = String::from("\"");
    for (index, c) in text.chars().enumerate() {
        match (escape >> (index % 64)) & 1 {
            1 => {
                let mut units = [0; 2];
                out.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04X}")));
            }
            _ if c == '/' && escape.is_multiple_of(3) => out.push_str("\\/"),
            _ => {
                let quoted = serde_json::Value::from(c.to_string()).to_string();
                out.push_str(&quoted[1..quoted.len() - 1]);
            }
        }
    }
    out.push('"');
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn a_record_that_matches_is_never_dropped(
        texts in prop::collection::vec(text(), 1..3),
        found in text(),
        stars: (bool, bool),
        folded: bool,
        escape: u64,
        how in 0_usize..4,
    ) {
        let pattern = |text: &String| format!("{}{text}{}", if stars.0 { "*" } else { "" }, if stars.1 { "*" } else { "" });
        let patterns: Vec<String> = texts.iter().map(pattern).collect();
        let case = if folded { Case::Folded } else { Case::Exact };
        let matcher = Matcher::wildcards(patterns.iter().map(String::as_str), WildcardSyntax::STARS, case);
        // Half of the time a value that matches for sure.
        let value_text = if escape.is_multiple_of(2) { texts[0].to_uppercase() } else { found };
        let document = format!("{{\"other\": 1, \"a\": {}}}", json_of(&value_text, escape));
        prop_assume!(serde_json::from_str::<serde_json::Value>(&document).is_ok());
        let column = match how {
            0 => column(Origin::Paths(vec![Path::parse("a")]), Vec::new()),
            1 => column(Origin::Paths(vec![Path::parse("a")]), vec![Apply::Basename]),
            2 => column(Origin::Paths(vec![Path::parse("a")]), vec![Apply::Upper]),
            _ => column(Origin::Meta(Meta::Raw), Vec::new()),
        };
        let matches = value(&column, &document).is_some_and(|value| matcher.matches(&value));
        if matches {
            let filter = text_match(matcher, mynah_dialect::column("x"));
            prop_assert!(keeps(filter.clone(), &column, &document), "{document}");
            prop_assert!(keeps(filter.clone().or(lit(false)), &column, &document));
            prop_assert!(keeps(filter.clone().and(lit(true)), &column, &document));
            prop_assert!(keeps(Expr::IsTrue(Box::new(filter)), &column, &document));
        }
    }
}

/// Expressions that have such texts in them, without case or with.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => text().prop_map(|text| regex::escape(&text)),
        1 => prop::sample::select(vec![r"\w+", ".", "[ak]", "[^k]", r"\d?", r"\b", "^", "$"]).prop_map(str::to_owned),
    ];
    let tree = leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| format!("(?:{})", parts.join("|"))),
            (inner, prop::sample::select(vec!["?", "*", "+", "{2}", "{1,2}", "{0}"]))
                .prop_map(|(inner, times)| format!("({inner}){times}")),
        ]
    });
    (tree, any::<bool>()).prop_map(|(tree, folded)| if folded { format!("(?i){tree}") } else { tree })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn a_record_that_an_expression_is_found_in_is_never_dropped(
        expression in expression(),
        found in text(),
        escape: u64,
        how in 0_usize..4,
    ) {
        let regex = Regex::new(&expression).unwrap();
        let wanted: Vec<String> = ["kick", "admin", "istanbul", "a:"].iter().map(|text| text.repeat(2) + &found).collect();
        for text in wanted.iter().chain([&found]) {
            let value_text = json_of(text, escape);
            // Objects are given as compact JSON.
            let document = match how {
                0 => format!("{{\"a\": {value_text}}}"),
                1 => format!("{{\"a\": {{ \"kick\" : [1 , {value_text}, true ] }} }}"),
                _ => format!("{{\"other\": 1, \"a\": {value_text}}}"),
            };
            prop_assume!(serde_json::from_str::<serde_json::Value>(&document).is_ok());
            let column = match how {
                0 | 1 => column(Origin::Paths(vec![Path::parse("a")]), Vec::new()),
                2 => column(Origin::Paths(vec![Path::parse("a")]), vec![Apply::Lower]),
                _ => column(Origin::Meta(Meta::Raw), Vec::new()),
            };
            if value(&column, &document).is_some_and(|value| regex.is_match(&value).unwrap()) {
                let filter = regex_match(regex.clone(), mynah_dialect::column("x"));
                prop_assert!(keeps(filter, &column, &document), "{expression} in {document}");
            }
        }
    }
}

#[test]
fn an_object_is_looked_for_without_its_white_space() {
    let column = column(Origin::Paths(vec![Path::parse("a")]), Vec::new());
    let filter = |text: &str| {
        text_match(Matcher::wildcards([text], WildcardSyntax::STARS, Case::Folded), mynah_dialect::column("x"))
    };
    assert!(keeps(filter("*[10,20,30]*"), &column, r#"{"a": [10, 20, 30]}"#));
    assert!(!keeps(filter("*[1000,20,30]*"), &column, r#"{"a": [10, 20, 30]}"#));
}

#[test]
fn a_record_without_the_literals_of_an_expression_is_dropped() {
    let column = column(Origin::Meta(Meta::Raw), Vec::new());
    let filter = regex_match(Regex::new(r"(?i)\baz\s+(login|logout)\b").unwrap(), mynah_dialect::column("x"));
    assert!(!keeps(filter.clone(), &column, r#"{"a":"az account"}"#));
    assert!(keeps(filter, &column, r#"{"a":"AZ  Login"}"#));
}

#[test]
fn a_record_without_the_literal_is_dropped() {
    let column = column(Origin::Paths(vec![Path::parse("a")]), Vec::new());
    let filter = |text: &str| {
        text_match(Matcher::wildcards([text], WildcardSyntax::STARS, Case::Folded), mynah_dialect::column("x"))
    };
    assert!(!keeps(filter("*az login*"), &column, r#"{"a":"dir"}"#));
    assert!(keeps(filter("*az login*"), &column, r#"{"a":"AZ Login"}"#));
    // Nothing can be demanded of a negation, nor of a literal that nearly every record holds.
    assert!(keeps(!filter("*az login*"), &column, r#"{"a":"dir"}"#));
    assert!(keeps(filter("*a*"), &column, r#"{"x":"b"}"#));
}

#[test]
fn of_several_values_each_is_looked_for() {
    let own = column(Origin::Paths(vec![Path::parse("a")]), Vec::new());
    let none = ScanColumn { name: "none".to_owned(), bindings: Vec::new(), ..own.clone() };
    let (x, nothing) = (mynah_dialect::column("x"), mynah_dialect::column("none"));
    let keeps = |value: Expr, document: &str| {
        let filter = text_match(Matcher::equal(["deploy"], Case::Folded), value);
        let all = 0..document.len();
        let record = Record { number: 1, line: 1, document: all.clone(), raw: all };
        let chunk = Chunk { text: document.to_owned(), records: vec![record] };
        Prefilter::new(&[filter], &[own.clone(), none.clone()], &DATA).candidates(&chunk).count() == 1
    };
    // A column that no log source has is null, and so is what is there under the condition that it is not.
    let never = when(nothing.is_not_null(), upper(x.clone())).end().unwrap();
    assert!(!keeps(coalesce(vec![x.clone(), never.clone()]), r#"{"a":"another"}"#));
    assert!(keeps(coalesce(vec![x.clone(), never]), r#"{"a":"Deploy"}"#));
    // What is calculated may be anything.
    assert!(keeps(coalesce(vec![x.clone(), upper(x)]), r#"{"a":"another"}"#));
}
