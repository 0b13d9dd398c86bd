//! `<` and its like.
use super::Lowering;
use super::condition::unknown;
use super::equality::number;
use super::value::{Kind, Value};
use crate::ast::Comparison;
use crate::functions::spread;
use datafusion::arrow::datatypes::DataType;
use datafusion::prelude::{Expr as Plan, lit};
use mynah_kernels::{Cell, row_function};
use mynah_syntax::Diagnostic;
use std::cmp::Ordering;
use std::net::IpAddr;

impl Lowering<'_> {
    /// Whether two values that are not null stand in an order.
    pub(super) fn ordered(&mut self, left: Value, operator: Comparison, right: Value) -> Option<Plan> {
        if left.kind == Kind::Boolean || right.kind == Kind::Boolean {
            let side = if left.kind == Kind::Boolean { &left } else { &right };
            let message = format!("`{}` cannot compare true and false", operator.text());
            return self.report(Diagnostic::error("eql/type", message, side.span));
        }
        // The constant as a value of the other side's kind.
        let right = match (&right.constant, left.kind) {
            (Some(Cell::Text(text)), Kind::Date) => {
                let (first, last) = self.date(&text.clone(), &right)?;
                // Not later than a day means not later than its end.
                let end = matches!(operator, Comparison::Greater | Comparison::LessOrEqual);
                Value::constant(Cell::Integer(if end { last } else { first }), right.span)
            }
            (Some(Cell::Text(text)), Kind::Integer | Kind::Float) => match number(text) {
                Some(cell) => Value::constant(cell, right.span),
                None => return Some(unknown()),
            },
            (Some(Cell::Integer(_) | Cell::Float(_)), Kind::Text) => self.as_text(right),
            _ => right,
        };
        let numbers = |kind: Kind| kind.is_number() || kind == Kind::Date;
        let texts = |kind: Kind| matches!(kind, Kind::Text | Kind::Ip);
        let comparable = (numbers(left.kind) && numbers(right.kind)) || (texts(left.kind) && texts(right.kind));
        let (left, right) = if comparable { (left, right) } else { (self.as_text(left), self.as_text(right)) };
        if left.kind == Kind::Ip || right.kind == Kind::Ip {
            return Some(ordered_cells("eql_ip", operator, left.plan, right.plan, |left, right| {
                let address = |cell: &Cell<'_>| {
                    cell.as_text().and_then(|text| text.parse::<IpAddr>().ok()).map(|address| address.to_canonical())
                };
                // All addresses in one row, IPv4 as they are mapped into IPv6.
                let key = |address: IpAddr| match address {
                    IpAddr::V4(address) => address.to_ipv6_mapped(),
                    IpAddr::V6(address) => address,
                };
                Some(key(address(left)?).cmp(&key(address(right)?)))
            }));
        }
        let whole = |kind: Kind| matches!(kind, Kind::Integer | Kind::Date);
        if let (false, Some(cell)) = (left.many, &right.constant)
            && left.constant.is_none()
        {
            return Some(match cell {
                Cell::Integer(number) if whole(left.kind) => native(left.plan, operator, lit(*number)),
                Cell::Integer(number) => native(left.plan, operator, lit(*number as f64)),
                Cell::Float(number) if left.kind == Kind::Float => native(left.plan, operator, lit(*number)),
                Cell::Text(text) => native(left.plan, operator, lit(text.as_ref())),
                _ => natural(operator, left.plan, right.plan),
            });
        }
        Some(natural(operator, left.plan, right.plan))
    }
}

fn native(left: Plan, operator: Comparison, right: Plan) -> Plan {
    match operator {
        Comparison::Less => left.lt(right),
        Comparison::LessOrEqual => left.lt_eq(right),
        Comparison::Greater => left.gt(right),
        Comparison::GreaterOrEqual => left.gt_eq(right),
        Comparison::Equal => left.eq(right),
        Comparison::NotEqual => left.not_eq(right),
    }
}

/// Numbers by size, texts by their bytes.
fn natural(operator: Comparison, left: Plan, right: Plan) -> Plan {
    ordered_cells("eql", operator, left, right, |left, right| match (left, right) {
        (Cell::Integer(left), Cell::Integer(right)) => Some(left.cmp(right)),
        (Cell::Text(left), Cell::Text(right)) => Some(left.cmp(right)),
        _ => left.as_float()?.partial_cmp(&right.as_float()?),
    })
}

fn ordered_cells(
    name: &str,
    operator: Comparison,
    left: Plan,
    right: Plan,
    compare: impl Fn(&Cell<'_>, &Cell<'_>) -> Option<Ordering> + Send + Sync + 'static,
) -> Plan {
    let udf = row_function(format!("{name}{}", operator.text()), DataType::Boolean, move |row| {
        spread(row, true, &|row| match row {
            [left, right] => compare(left, right).map(|ordering| Cell::Boolean(holds(operator, ordering))).into(),
            _ => Cell::Null,
        })
    });
    udf.call(vec![left, right])
}

fn holds(operator: Comparison, ordering: Ordering) -> bool {
    match operator {
        Comparison::Less => ordering.is_lt(),
        Comparison::LessOrEqual => ordering.is_le(),
        Comparison::Greater => ordering.is_gt(),
        Comparison::GreaterOrEqual => ordering.is_ge(),
        Comparison::Equal => ordering.is_eq(),
        Comparison::NotEqual => ordering.is_ne(),
    }
}
