//! `haversine`.
use super::{Function, Make};
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::Cell;

const DOC: FunctionDoc = FunctionDoc {
    name: "haversine",
    usage: "haversine(latitude, longitude, latitude, longitude)",
    summary: "The distance between two places on the globe in kilometres.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/haversine/",
    examples: &[Example { query: "round(haversine(52.52, 13.405, 48.8566, 2.3522))", result: "877" }],
};

pub(crate) const FUNCTIONS: &[Function] = &[Function {
    doc: &DOC,
    names: &["haversine"],
    arguments: (4, 4),
    make: Make::Rows(&[Kind::Number], Kind::Number, distance),
}];

const EARTH: f64 = 6371.0;

fn distance<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    let [Cell::Float(lat1), Cell::Float(lon1), Cell::Float(lat2), Cell::Float(lon2)] = row else { return Cell::Null };
    let half = |a: f64, b: f64| ((b - a).to_radians() / 2.0).sin().powi(2);
    let a = half(*lat1, *lat2) + lat1.to_radians().cos() * lat2.to_radians().cos() * half(*lon1, *lon2);
    Cell::Float(2.0 * EARTH * a.sqrt().asin())
}
