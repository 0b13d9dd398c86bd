//! Which columns a query shows.
use super::names::metadata;
use super::timeslice::SLICE_END;
use super::{Draft, Level, PlanColumn, Role, Typed};
use crate::ast::{Name, Place};
use mynah_syntax::Diagnostic;

impl Draft<'_> {
    /// What a field of the logs is called in a result: metadata as the vendor spells it, all else as the query does.
    pub fn spelling(&self, name: &str) -> String {
        metadata(name).unwrap_or(name).to_owned()
    }

    /// `fields a, b`.
    pub fn allow(&mut self, names: &[Name]) -> Result<(), Diagnostic> {
        match self.level {
            Level::Messages => {
                self.values(names)?;
                self.allowed = Some(names.iter().map(|name| name.text.clone()).collect());
            }
            Level::Groups => {
                self.values(names)?;
                let mut kept: Vec<PlanColumn> = Vec::new();
                for field in names.iter().filter_map(|name| self.field(&name.text)) {
                    if kept.iter().all(|other| other.name != field.name) {
                        kept.push(field.clone());
                    }
                }
                let is_kept = |column: &PlanColumn| kept.iter().any(|other| other.name == column.name);
                self.demote(|column| !is_kept(column));
                let rest: Vec<PlanColumn> = self.columns.iter().filter(|column| !is_kept(column)).cloned().collect();
                kept.extend(rest);
                self.columns = kept;
            }
        }
        Ok(())
    }

    /// `fields - a, b`.
    pub fn deny(&mut self, names: &[Name]) {
        let keys: Vec<String> = names.iter().map(Name::key).collect();
        if self.level == Level::Messages {
            self.denied.extend(keys.iter().cloned());
        }
        self.demote(|column| keys.contains(&column.name.to_lowercase()));
    }

    /// Hides fields from the query.
    fn demote(&mut self, which: impl Fn(&PlanColumn) -> bool) {
        for column in &mut self.columns {
            if column.role == Role::Field && which(column) {
                column.role = Role::Hidden;
            }
        }
        // A hidden column must not stand in the way of a field made later.
        self.columns.retain(|column| {
            let in_the_way = !column.name.starts_with("__") || column.name == SLICE_END;
            let orders = self.order.iter().any(|key| key.column == column.name);
            column.role != Role::Hidden || !in_the_way || orders
        });
    }

    /// The columns of the result and what they are called.
    ///
    /// Messages show their time, their fields in the order of the alphabet (or of `fields`), and themselves;
    /// aggregates show what they were asked for, in that order.
    pub fn shown_columns(&mut self) -> Result<Vec<(String, String)>, Diagnostic> {
        if self.level == Level::Groups {
            return Ok(self.fields().map(|column| (column.name.clone(), column.name.clone())).collect());
        }
        let names = self.allowed.clone().unwrap_or_else(|| self.message_fields());
        let mut shown: Vec<(String, String)> = Vec::new();
        let names = std::iter::once("_messageTime".to_owned()).chain(names).chain(["_raw".to_owned()]);
        let mut missing: Vec<(String, Role, Typed)> = Vec::new();
        for name in names {
            if shown.iter().any(|(_, label)| label.eq_ignore_ascii_case(&name)) {
                continue;
            }
            let is_scanned = metadata(&name).is_some() || !self.finds_names();
            let present = self.field(&name).or_else(|| {
                let mut scanned = self.columns.iter().filter(|c| is_scanned && c.role == Role::Scan && !c.many);
                scanned.find(|c| c.name.eq_ignore_ascii_case(&name))
            });
            match present {
                Some(column) => shown.push((column.name.clone(), name)),
                None => {
                    let hidden = self.hidden_name("shown");
                    let value = self.resolve(&Name::implied(name.as_str(), Place::default()))?;
                    missing.push((hidden.clone(), Role::Hidden, value));
                    shown.push((hidden, name));
                }
            }
        }
        if !missing.is_empty() {
            self.add(missing)?;
        }
        Ok(shown)
    }

    /// The fields of messages, where `fields` does not say which.
    fn message_fields(&self) -> Vec<String> {
        let is_read = |column: &&PlanColumn| column.role == Role::Scan && self.read.contains(&column.name);
        let scanned = self.columns.iter().filter(is_read).map(|column| &column.name);
        let scanned = scanned.filter(|name| !name.starts_with('_') && !name.starts_with("json "));
        let mut names: Vec<String> = self.fields().map(|column| &column.name).chain(scanned).cloned().collect();
        names.retain(|name| !self.denied.contains(&name.to_lowercase()) && name != SLICE_END);
        names.sort_by_key(|name| name.to_lowercase());
        names.dedup_by_key(|name| name.to_lowercase());
        names
    }
}
