use super::{Type, Typed};
use crate::functions::companions;
use mynah_dialect::column;
use mynah_event::LogSource;
use mynah_view::{PlatformView, ScanColumn};
use std::cell::RefCell;

/// A column that a query can name.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// The name that the query uses.
    pub name: String,
    /// The name in the plan.
    pub plan_name: String,
    pub ty: Type,
    /// The property of the events that it passes on as it is, in small letters, if it does.
    pub field: Option<String>,
    /// What the names behind its ids are, by the view's name (`QIDNAME(qid)`) and the plan's.
    pub companions: Vec<(String, String)>,
}

/// What the names in a `SELECT` can mean.
pub(super) enum Scope<'v> {
    /// The properties of the events, and which of them the query has named.
    Events { view: &'v PlatformView, scanned: RefCell<Vec<(String, ScanColumn)>> },
    /// The columns of a query in FROM.
    Relation(Vec<Column>),
}

/// What a name turned out to be.
pub(super) struct Found {
    pub value: Typed,
    pub field: Option<String>,
    /// Whether the name is one that a log source lists.
    pub known: bool,
    /// Whether no log source has a value for it.
    pub is_empty: bool,
    /// The log sources of the events that list it.
    pub sources: Vec<String>,
    pub suggestion: Option<String>,
}

impl Found {
    /// A column of a query in FROM.
    fn column(plan_name: &str, ty: Type, field: Option<String>) -> Found {
        let value = Typed::new(column(plan_name), ty);
        Found { value, field, known: true, is_empty: false, sources: Vec::new(), suggestion: None }
    }
}

impl<'v> Scope<'v> {
    pub fn events(view: &'v PlatformView) -> Scope<'v> {
        Scope::Events { view, scanned: RefCell::new(Vec::new()) }
    }

    /// Finds a property or a column. Of the events every name is one, though maybe not a known one.
    pub fn find(&self, name: &str) -> Option<Found> {
        let folded = name.to_lowercase();
        match self {
            Scope::Events { view, scanned } => {
                let mut scanned = scanned.borrow_mut();
                let named = scanned.iter().find(|(known, _)| *known == folded);
                let mut resolution = view.resolve(named.map_or(name, |(_, column)| &column.name));
                let value = Typed::new(column(&resolution.column.name), property_type(&folded, &resolution.column));
                let is_empty = !resolution.listed;
                if named.is_none() {
                    // A property has one value in QRadar.
                    resolution.column.field_type.many = false;
                    scanned.push((folded.clone(), resolution.column));
                }
                let (known, suggestion) = (resolution.known, resolution.suggestion);
                let lists = |source: &&LogSource| view.names_of(source).any(|known| known.to_lowercase() == folded);
                let sources = view.log_sources().filter(lists).map(|source| source.as_str().to_owned()).collect();
                Some(Found { value, field: Some(folded), known, is_empty, sources, suggestion })
            }
            Scope::Relation(columns) => {
                let found = columns.iter().find(|column| column.name.to_lowercase() == folded)?;
                Some(Found::column(&found.plan_name, found.ty, found.field.clone()))
            }
        }
    }

    /// Whether a name is one that is known here, without taking it up.
    pub fn knows(&self, name: &str) -> bool {
        match self {
            Scope::Events { view, .. } => view.resolve(name).known,
            Scope::Relation(columns) => columns.iter().any(|column| column.name.eq_ignore_ascii_case(name)),
        }
    }

    /// The name behind an id: the companion `wanted` (`QIDNAME(qid)`) of the column `name`.
    pub fn companion(&self, name: &str, wanted: &str) -> Option<Found> {
        match self {
            Scope::Events { .. } => self.find(wanted),
            Scope::Relation(columns) => {
                let owner = columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))?;
                let (_, plan_name) = owner.companions.iter().find(|(known, _)| known == wanted)?;
                Some(Found::column(plan_name, Type::Text, None))
            }
        }
    }

    /// The companions that a column which passes a property on should take along.
    pub fn companions_of(&self, name: &str, field: &str) -> Vec<(String, Typed)> {
        companions(field)
            .filter(|wanted| match self {
                Scope::Events { view, .. } => view.resolve(wanted).known,
                Scope::Relation(_) => true,
            })
            .filter_map(|wanted| self.companion(name, wanted).map(|found| (wanted.to_owned(), found.value)))
            .collect()
    }

    /// The names to choose from, for suggestions.
    pub fn names(&self) -> Vec<String> {
        match self {
            Scope::Events { view, .. } => view.names().into_iter().map(str::to_owned).collect(),
            Scope::Relation(columns) => columns.iter().map(|column| column.name.clone()).collect(),
        }
    }
}

fn property_type(folded: &str, column: &ScanColumn) -> Type {
    if folded == "payload" { Type::Bytes } else { Type::of(column.field_type.kind) }
}
