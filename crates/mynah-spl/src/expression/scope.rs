use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What the values of an SPL column or expression are, as far as planning knows.
///
/// Splunk decides at each row; here a column has one type, and text that looks like a number behaves
/// as a number wherever Splunk lets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Type {
    /// Text, Arrow's `Utf8`. Numbers read from logs are text too.
    Text,
    /// A number that was computed, `Float64`.
    Number,
    /// True or false, `Boolean`: inside expressions only, since no field can hold it.
    Boolean,
    /// Several values, `List<Utf8>`.
    Multi,
    /// No value at all, `Null`.
    Null,
}

/// The columns an expression may name.
///
/// ```
/// use mynah_spl::expression::{Scope, Type};
/// let mut scope = Scope::default();
/// scope.set("_time", Type::Number);
/// assert_eq!(scope.get("_time"), Some(Type::Number));
/// assert_eq!(scope.get("_TIME"), None);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Scope {
    columns: Vec<(String, Type)>,
    /// Where each name stands in `columns`.
    places: HashMap<String, usize>,
    /// Whether there may be columns that are not listed: in a check without data, behind a command
    /// whose columns depend on the data.
    pub open: bool,
}

impl Scope {
    /// Adds a column behind the others, or changes the type of the one of that name.
    pub fn set(&mut self, name: impl Into<String>, ty: Type) {
        let name = name.into();
        match self.places.get(&name).and_then(|place| self.columns.get_mut(*place)) {
            Some(column) => column.1 = ty,
            None => {
                self.places.insert(name.clone(), self.columns.len());
                self.columns.push((name, ty));
            }
        }
    }

    /// The same with one column more.
    pub fn with(mut self, name: impl Into<String>, ty: Type) -> Self {
        self.set(name, ty);
        self
    }

    /// The type of the column of exactly this name.
    pub fn get(&self, name: &str) -> Option<Type> {
        self.places.get(name).and_then(|place| self.columns.get(*place)).map(|(_, ty)| *ty)
    }

    /// The columns, in order.
    pub fn columns(&self) -> impl Iterator<Item = (&str, Type)> {
        self.columns.iter().map(|(name, ty)| (name.as_str(), *ty))
    }
}

impl FromIterator<(String, Type)> for Scope {
    fn from_iter<I: IntoIterator<Item = (String, Type)>>(columns: I) -> Self {
        let mut scope = Scope::default();
        for (name, ty) in columns {
            scope.set(name, ty);
        }
        scope
    }
}
