//! Between which times the events of a scan lie, as far as its filters say.
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Between, BinaryExpr, Operator};
use datafusion::prelude::Expr;
use mynah_event::Timestamp;
use mynah_view::{Binding, Kind, Meta, Origin, ScanColumn};

/// A stretch of time, in milliseconds since 1970, with both its ends. It is never too short, and may be too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    from: i64,
    to: i64,
}

impl Span {
    /// All of time.
    pub const ALL: Span = Span { from: i64::MIN, to: i64::MAX };
    const NONE: Span = Span { from: i64::MAX, to: i64::MIN };

    /// What all of these filters, which read these columns, allow.
    pub fn of(filters: &[Expr], columns: &[ScanColumn]) -> Span {
        filters.iter().map(|filter| Span::allowed(filter, columns)).fold(Span::ALL, Span::and)
    }

    /// Whether an event between two moments can lie in it.
    pub fn meets(self, first: Timestamp, last: Timestamp) -> bool {
        first.milliseconds() <= self.to && self.from <= last.milliseconds()
    }

    fn and(self, other: Span) -> Span {
        Span { from: self.from.max(other.from), to: self.to.min(other.to) }
    }

    fn or(self, other: Span) -> Span {
        Span { from: self.from.min(other.from), to: self.to.max(other.to) }
    }

    fn allowed(filter: &Expr, columns: &[ScanColumn]) -> Span {
        match filter {
            Expr::Alias(alias) => Span::allowed(&alias.expr, columns),
            Expr::IsTrue(inner) => Span::allowed(inner, columns),
            Expr::Literal(ScalarValue::Boolean(Some(false) | None), _) => Span::NONE,
            Expr::BinaryExpr(BinaryExpr { left, op: Operator::And, right }) => {
                Span::allowed(left, columns).and(Span::allowed(right, columns))
            }
            Expr::BinaryExpr(BinaryExpr { left, op: Operator::Or, right }) => {
                Span::allowed(left, columns).or(Span::allowed(right, columns))
            }
            Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
                if let Some(at) = moment(left, right, columns) {
                    return Span::compared(*op, at);
                }
                match (moment(right, left, columns), op.swap()) {
                    (Some(at), Some(op)) => Span::compared(op, at),
                    _ => Span::ALL,
                }
            }
            Expr::Between(Between { expr, negated: false, low, high }) => {
                let from = moment(expr, low, columns).map(|at| Span::compared(Operator::GtEq, at));
                let to = moment(expr, high, columns).map(|at| Span::compared(Operator::LtEq, at));
                from.unwrap_or(Span::ALL).and(to.unwrap_or(Span::ALL))
            }
            _ => Span::ALL,
        }
    }

    /// What a comparison with a moment allows.
    fn compared(op: Operator, (low, high): (i64, i64)) -> Span {
        match op {
            Operator::Gt | Operator::GtEq => Span { from: low, ..Span::ALL },
            Operator::Lt | Operator::LtEq => Span { to: high, ..Span::ALL },
            Operator::Eq => Span { from: low, to: high },
            _ => Span::ALL,
        }
    }
}

/// The millisecond, or the two around it, that a column of events' times is compared with.
fn moment(column: &Expr, literal: &Expr, columns: &[ScanColumn]) -> Option<(i64, i64)> {
    let (Expr::Column(column), Expr::Literal(value, _)) = (column, literal) else { return None };
    let column = columns.iter().find(|known| known.name == column.name).filter(|column| is_time(column))?;
    match (column.field_type.kind, value) {
        (Kind::Milliseconds, ScalarValue::Int64(Some(at))) => Some((*at, *at)),
        (Kind::Milliseconds | Kind::Seconds, ScalarValue::Float64(Some(at))) => {
            let at = if column.field_type.kind == Kind::Seconds { at * 1e3 } else { *at };
            // A number this large is a whole one, and a conversion that would not fit gives the end of all time. One more to each
            // side is for what the multiplication rounds.
            at.is_finite().then(|| ((at.floor() as i64).saturating_sub(1), (at.ceil() as i64).saturating_add(1)))
        }
        _ => None,
    }
}

/// Whether a column is the events' time, in all log sources that have it, and nothing else.
fn is_time(column: &ScanColumn) -> bool {
    let plain = |binding: &Binding| {
        binding.origin == Origin::Meta(Meta::Time) && binding.apply.is_empty() && binding.when.is_empty()
    };
    !column.field_type.many
        && !column.bindings.is_empty()
        && column.bindings.iter().all(|(_, bindings)| matches!(&**bindings, [binding] if plain(binding)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::prelude::{col, lit};
    use mynah_event::LogSource;
    use mynah_view::FieldType;

    #[test]
    fn filters_on_the_time_bound_it_and_others_do_not() {
        let column = |name: &str, kind, meta| ScanColumn {
            name: name.to_owned(),
            field_type: FieldType::one(kind),
            bindings: vec![(LogSource::new("json"), [Binding::meta(meta)].into())],
        };
        let columns = [
            column("ms", Kind::Milliseconds, Meta::Time),
            column("s", Kind::Seconds, Meta::Time),
            column("record", Kind::Integer, Meta::Record),
        ];
        let of = |filter| Span::of(&[filter], &columns);
        assert_eq!(of(col("ms").gt_eq(lit(5_i64)).and(col("ms").lt(lit(9_i64)))), Span { from: 5, to: 9 });
        assert_eq!(of(lit(5_i64).lt_eq(col("ms"))), Span { from: 5, ..Span::ALL });
        assert_eq!(of(col("ms").between(lit(5_i64), lit(9_i64))), Span { from: 5, to: 9 });
        assert_eq!(of(col("s").lt(lit(2.5_f64))), Span { to: 2501, ..Span::ALL });
        let either = col("ms").lt(lit(5_i64)).or(col("ms").eq(lit(9_i64)));
        assert_eq!(of(either), Span { to: 9, ..Span::ALL });
        assert_eq!(of(col("ms").lt(lit(5_i64)).or(col("record").eq(lit(9_i64)))), Span::ALL);
        assert_eq!(of(col("record").lt(lit(5_i64))), Span::ALL);
        assert!(!of(lit(false)).meets(Timestamp::from_milliseconds(0), Timestamp::from_milliseconds(1)));
    }
}
