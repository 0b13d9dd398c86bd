use crate::expression::parse_number;
use mynah_kernels::Cell;

/// What the informational functions say of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    None,
    Boolean,
    Integer,
    Double,
    Text,
}

impl Kind {
    /// A value's kind. A field's text that looks like a number is one; a text that the query itself has in
    /// quotes (`written_as_text`) is not.
    pub(super) fn of(cell: &Cell<'_>, written_as_text: bool) -> Kind {
        let number = |number: f64| if number.fract() == 0.0 { Kind::Integer } else { Kind::Double };
        match cell {
            Cell::Null => Kind::None,
            Cell::Boolean(_) => Kind::Boolean,
            Cell::Integer(_) => Kind::Integer,
            Cell::Float(value) => number(*value),
            Cell::Text(text) if !written_as_text => match parse_number(text) {
                Some(_) if text.contains('.') => Kind::Double,
                Some(value) => number(value),
                None => Kind::Text,
            },
            Cell::Text(_) => Kind::Text,
            Cell::List(cells) => match cells.as_slice() {
                [] => Kind::None,
                [one] => Kind::of(one, written_as_text),
                _ => Kind::Text,
            },
        }
    }
}
