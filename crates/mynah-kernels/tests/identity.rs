//! Functions with different parameters are different functions, whatever the parameters are; and a function that was written is read
//! back as the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::prelude::{Expr, lit};
use mynah_kernels::{
    Case, Cell, Code, Function, Matcher, Network, Number, Pattern, Regex, Registry, Resources, WildcardSyntax, call,
};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

/// Every kind of parameter that functions of languages have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Parameters {
    Plain,
    Matcher(Matcher),
    Regex(Regex),
    Networks(Vec<Network>),
    Numbers(Vec<Number>),
    Named { text: String, flag: Option<bool>, count: i64, sign: char },
    Nested(Box<Parameters>, Vec<Parameters>),
}

impl Function for Parameters {
    const NAME: &'static str = "test.parameters";

    fn returns(&self) -> DataType {
        DataType::Boolean
    }

    fn code(&self, _: &Resources) -> Result<Code> {
        Ok(Code::row(|_| Cell::Null))
    }
}

fn pattern() -> impl Strategy<Value = Pattern> {
    "[a%_*]{0,3}".prop_map(|text| Pattern::parse(&text, WildcardSyntax::SQL))
}

fn parameters() -> impl Strategy<Value = Parameters> {
    let number = prop_oneof![
        any::<i32>().prop_map(|whole| f64::from(whole) / 7.0),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(0.1),
        Just(1.0)
    ];
    let case = prop_oneof![Just(Case::Exact), Just(Case::Folded)];
    let network = ("1[0-2]\\.0\\.0\\.[0-2]", 30u8..=32).prop_map(|(ip, bits)| format!("{ip}/{bits}").parse().unwrap());
    let leaf = prop_oneof![
        Just(Parameters::Plain),
        (prop::collection::vec(pattern(), 0..3), case)
            .prop_map(|(patterns, case)| Parameters::Matcher(Matcher::new(patterns, case))),
        "(\\(\\?[is]\\))?[ab]\\+{0,2}".prop_map(|text| Parameters::Regex(Regex::new(&text).unwrap())),
        prop::collection::vec(network, 0..3).prop_map(Parameters::Networks),
        prop::collection::vec(number.prop_map(Number), 0..3).prop_map(Parameters::Numbers),
        ("[a\"\\\\,]{0,2}", any::<Option<bool>>(), -1i64..2, any::<char>())
            .prop_map(|(text, flag, count, sign)| Parameters::Named { text, flag, count, sign }),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        (inner.clone(), prop::collection::vec(inner, 0..3))
            .prop_map(|(first, rest)| Parameters::Nested(Box::new(first), rest))
    })
}

fn call_of(parameters: &Parameters) -> Expr {
    call(parameters.clone(), vec![lit("x")])
}

proptest! {
    #[test]
    fn functions_are_the_same_where_their_parameters_are(left in parameters(), right in parameters()) {
        let same = left == right;
        prop_assert_eq!(call_of(&left) == call_of(&right), same);
        prop_assert_eq!(call_of(&left).schema_name().to_string() == call_of(&right).schema_name().to_string(), same);
    }

    #[test]
    fn a_function_is_read_back_as_it_was_written(parameters in parameters()) {
        let mut registry = Registry::default();
        registry.function::<Parameters>();
        let Expr::ScalarFunction(written) = call_of(&parameters) else { unreachable!() };
        let bytes = registry.write_function(&written.func).unwrap().unwrap();
        let read = registry.read_function(&bytes, &Resources::default()).unwrap();
        prop_assert_eq!(&read, written.func.as_ref());
        let read = mynah_kernels::function_of::<Parameters>(&read).unwrap();
        prop_assert_eq!(read, &parameters);
    }
}
