//! Fields taken out of a text: what `parse`, `parse regex`, `csv`, `split` and `keyvalue` have in common.
use super::{Kind, Role, Stage, Typed};
use crate::ast::Name;
use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::common::UnnestOptions;
use datafusion::logical_expr::{ScalarUDF, when};
use datafusion::prelude::Expr;
use mynah_dialect::column;
use mynah_kernels::{Cell, row_function};
use mynah_syntax::Diagnostic;
use std::sync::Arc;

/// The texts of one match, in the order of the fields.
pub(crate) type Found = Vec<Option<String>>;

/// Finds matches in a text; only the first is wanted unless the flag says all.
pub(crate) type Extract = dyn Fn(&str, bool) -> Vec<Found> + Send + Sync;

/// Where an operator reads.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Source {
    /// The message.
    Message,
    /// `field=name`.
    Field(Name),
}

impl Source {
    /// The text to read.
    pub fn text(&self, stage: &mut Stage<'_>) -> Result<Expr, Diagnostic> {
        match self {
            Source::Field(name) if !name.text.eq_ignore_ascii_case("_raw") => {
                Ok(stage.resolve(name)?.to(Kind::Text).expr)
            }
            _ => Ok(stage.raw().expr),
        }
    }

    /// What tells two sources apart.
    fn key(&self) -> String {
        match self {
            Source::Field(name) => name.key(),
            Source::Message => "_raw".into(),
        }
    }
}

/// Fields to be taken out of a text.
pub(crate) struct Captures {
    /// Tells the extraction apart from any other that may give something else.
    pub key: String,
    /// The fields; `None` for a capture that nobody wants.
    pub names: Vec<Option<Name>>,
    pub source: Source,
    /// Keep rows without a match.
    pub nodrop: bool,
    /// A row for every match.
    pub multi: bool,
    /// Whether `nodrop` reaches to the next operator of this kind, as it does between `parse` operators.
    pub chained: bool,
    pub extract: Arc<Extract>,
}

impl Captures {
    /// Adds the fields, and drops the rows without a match unless they are to stay.
    ///
    /// Source: <https://www.sumologic.com/help/docs/search/search-query-language/parse-operators/parse-nodrop-option/>
    pub fn lower(self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        let text = self.source.text(stage)?;
        let packed = stage.hidden_name("match");
        let extract = Arc::clone(&self.extract);
        if self.multi {
            let list = DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true)));
            let all = row_function(format!("all {}", self.key), list, move |row| match row {
                [Cell::Text(text)] => match extract(text, true) {
                    found if found.is_empty() => Cell::Null,
                    found => Cell::texts(found.iter().map(pack)),
                },
                _ => Cell::Null,
            });
            stage.add(vec![(packed.clone(), Role::Hidden, Typed::new(all.call(vec![text]), Kind::Text))])?;
            let name = packed.clone();
            stage.replan(|builder| {
                builder.unnest_column_with_options(name, UnnestOptions::new().with_preserve_nulls(true))
            })?;
        } else {
            let first = row_function(self.key.clone(), DataType::Utf8, move |row| match row {
                [Cell::Text(text)] => extract(text, false).first().map(|found| Cell::text(pack(found))).into(),
                _ => Cell::Null,
            });
            stage.add(vec![(packed.clone(), Role::Hidden, Typed::new(first.call(vec![text]), Kind::Text))])?;
        }
        let found = column(&packed).is_not_null();
        keep(stage, found, self.nodrop, self.chained.then(|| self.source.key()))?;
        let mut fields: Vec<(String, Role, Typed)> = Vec::new();
        for (index, name) in self.names.iter().enumerate() {
            let Some(name) = name else { continue };
            let value = item(index).call(vec![column(&packed)]);
            let value = unless_missing(stage, name, column(&packed).is_not_null(), value)?;
            fields.retain(|(other, _, _)| !other.eq_ignore_ascii_case(&name.text));
            fields.push((name.text.clone(), Role::Field, value));
        }
        stage.add(fields)
    }
}

/// The new value where there was a match, else what an earlier operator found under the same name.
pub(crate) fn unless_missing(stage: &Stage<'_>, name: &Name, found: Expr, value: Expr) -> Result<Typed, Diagnostic> {
    match stage.field(&name.text) {
        None => Ok(Typed::new(value, Kind::Text)),
        Some(old) => {
            let old = Typed::new(column(&old.name), old.kind).to(Kind::Text).expr;
            let value = when(found, value).otherwise(old).map_err(|error| stage.refused(&error))?;
            Ok(Typed::new(value, Kind::Text))
        }
    }
}

/// Drops the rows in which nothing was `found`, unless `nodrop`. In a row of operators that are `chained` by
/// a common key, a message stays if any of them found something, as long as all before the last say `nodrop`.
pub(crate) fn keep(
    stage: &mut Stage<'_>,
    found: Expr,
    nodrop: bool,
    chained: Option<String>,
) -> Result<(), Diagnostic> {
    let before = match (&stage.passed, &chained) {
        (Some((source, passed)), Some(key)) if source == key => Some(column(passed)),
        _ => None,
    };
    let passes = match before {
        Some(before) => before.or(found),
        None => found,
    };
    if !nodrop {
        stage.passed = None;
        return stage.filter(passes);
    }
    if let Some(key) = chained {
        let name = stage.hide("passed", Typed::new(passes, Kind::Boolean))?;
        stage.passed = Some((key, name));
    }
    Ok(())
}

/// Texts and gaps as one text: `3:abc` for a text of three bytes, `-` for none.
fn pack(found: &Found) -> String {
    let mut packed = String::new();
    for text in found {
        match text {
            Some(text) => {
                packed.push_str(&text.len().to_string());
                packed.push(':');
                packed.push_str(text);
            }
            None => packed.push('-'),
        }
    }
    packed
}

/// The function that takes one text out of what [`Captures`] packed.
pub(crate) fn item(index: usize) -> ScalarUDF {
    row_function(format!("match {index}"), DataType::Utf8, move |row| match row {
        [Cell::Text(packed)] => unpack(packed, index).map(Cell::text).into(),
        _ => Cell::Null,
    })
}

fn unpack(packed: &str, index: usize) -> Option<&str> {
    let mut rest = packed;
    let mut at = 0;
    while !rest.is_empty() {
        let (text, after) = match rest.strip_prefix('-') {
            Some(after) => (None, after),
            None => {
                let (length, after) = rest.split_once(':')?;
                let (text, after) = after.split_at_checked(length.parse().ok()?)?;
                (Some(text), after)
            }
        };
        if at == index {
            return text;
        }
        at += 1;
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_packed_and_unpacked() {
        let packed = pack(&vec![Some("a:b".into()), None, Some(String::new()), Some("é".into())]);
        assert_eq!(unpack(&packed, 0), Some("a:b"));
        assert_eq!(unpack(&packed, 1), None);
        assert_eq!(unpack(&packed, 2), Some(""));
        assert_eq!(unpack(&packed, 3), Some("é"));
        assert_eq!(unpack(&packed, 4), None);
    }
}
