//! How operators that hold others, or many options, are written.
use super::super::*;
use super::{flag, list, option, separated};
use std::fmt::{Display, Formatter, Result};

impl Display for Subquery {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("[subquery")?;
        for (word, time) in [("from", &self.from), ("to", &self.to)] {
            if let Some(time) = time {
                write!(f, " {word}=({time})")?;
            }
        }
        write!(f, ": {}", self.query)?;
        list(f, "\n| compose ", &self.compose)?;
        option(f, " maxresults=", &self.max_results)?;
        flag(f, " keywords", self.keywords)?;
        f.write_str("]")
    }
}

fn steps(f: &mut Formatter<'_>, scope: &Option<Scope>, steps: &[Step]) -> Result {
    let scope = scope.iter().map(Scope::to_string);
    let all: Vec<String> = scope.chain(steps.iter().map(|step| step.operator.to_string())).collect();
    write!(f, "({})", all.join(" | "))
}

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        list(f, "filter ", &self.fields)?;
        f.write_str(" in ")?;
        steps(f, &None, &self.steps)
    }
}

impl Display for Join {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (index, table) in self.tables.iter().enumerate() {
            f.write_str(if index > 0 { ", " } else { "join " })?;
            steps(f, &table.scope, &table.steps)?;
            write!(f, " as {}", table.name)?;
        }
        let field = |field: &JoinField| format!("{}.{}", field.table, field.field);
        let on: Vec<String> =
            self.on.iter().map(|(left, right)| format!("{} = {}", field(left), field(right))).collect();
        separated(f, " on ", " and ", &on)?;
        self.window.as_ref().map_or(Ok(()), |(window, _)| write!(f, " timewindow {window}"))
    }
}

impl Display for Shift {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "timeshift {}", self.by)?;
        option(f, " ", &self.times)?;
        option(f, " ", &self.aggregate.map(Over::name))?;
        option(f, " as ", &self.name)
    }
}

impl Display for Outlier {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "outlier {}", self.field)?;
        list(f, " by ", &self.by)?;
        option(f, " window=", &self.window.as_ref().map(plain))?;
        option(f, " threshold=", &self.threshold.as_ref().map(plain))?;
        option(f, " consecutive=", &self.consecutive.as_ref().map(plain))?;
        write!(f, " direction={}{}", if self.direction.0 { "+" } else { "" }, if self.direction.1 { "-" } else { "" })
    }
}

/// A number with its sign.
fn plain(number: &Expression) -> String {
    number.to_string()
}

impl Display for Predict {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "predict {} by {}", self.field, self.by)?;
        option(f, " model=", &self.model.as_ref().map(|(model, _)| model))?;
        option(f, " ar.window=", &self.window)?;
        option(f, " forecast=", &self.forecast)
    }
}

impl Display for Bin {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "bin {} width={}", self.field, self.width)?;
        option(f, ", min=", &self.min)?;
        option(f, ", max=", &self.max)?;
        option(f, " as ", &self.name)
    }
}

impl Display for MergeField {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}", self.field)?;
        match &self.strategy {
            Strategy::Join(text) => option(f, " join with ", text)?,
            Strategy::TakeDistinct => f.write_str(" takeDistinct")?,
            Strategy::TakeFirst => f.write_str(" takeFirst")?,
            Strategy::TakeLast => f.write_str(" takeLast")?,
        }
        option(f, " as ", &self.name)
    }
}

impl Display for SessionPart {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}", self.pattern)?;
        list(f, " as (", &self.names)?;
        flag(f, ")", !self.names.is_empty())
    }
}

pub(super) fn merged(f: &mut Formatter<'_>, fields: &[MergeField]) -> Result {
    f.write_str("merge")?;
    list(f, " ", fields)
}

impl Display for Transactionize {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        list(f, "transactionize ", &self.fields)?;
        option(f, " as ", &self.name)?;
        option(f, " maxspan=", &self.max_span)?;
        option(f, " maxpause=", &self.max_pause)?;
        option(f, " maxlogs=", &self.max_logs)?;
        for (word, text) in [("startswith", &self.starts_with), ("endswith", &self.ends_with)] {
            if let Some((text, strict)) = text {
                write!(f, " {word}={text}{}", if *strict { ";strict" } else { "" })?;
            }
        }
        flag(f, " keeporphans=false", self.drop_orphans)?;
        let Some(fields) = &self.merge else { return Ok(()) };
        f.write_str(" (")?;
        merged(f, fields)?;
        f.write_str(")")
    }
}

impl Display for Transaction {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        list(f, "transaction on ", &self.on)?;
        option(f, " fringe=", &self.fringe)?;
        for (index, state) in self.states.iter().enumerate() {
            // States of one list share its field.
            let shares = |other: Option<&State>| {
                other.is_some_and(|other| {
                    let lists = |state: &State| matches!(state.text, StateText::Value(_));
                    lists(other) && lists(state) && other.field == state.field
                })
            };
            let before = index.checked_sub(1).and_then(|index| self.states.get(index));
            f.write_str(match before {
                None => " with ",
                Some(_) if shares(before) => ", ",
                Some(_) => ", with ",
            })?;
            match &state.text {
                StateText::Pattern(text) => {
                    write!(f, "{text}")?;
                    option(f, " in ", &state.field)?;
                    write!(f, " as {}", state.name)?;
                }
                StateText::Value(value) => {
                    write!(f, "{}{value} as {}", if shares(before) { "" } else { "states " }, state.name)?;
                    if !shares(self.states.get(index + 1)) {
                        option(f, " in ", &state.field)?;
                    }
                }
            }
        }
        f.write_str(match self.results {
            Results::Transactions => " results by transactions",
            Results::States => " results by states",
            Results::Flow => " results by flow",
        })
    }
}
