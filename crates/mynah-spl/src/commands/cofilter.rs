//! Which values of a field go together with others, for the same value of another field.
use super::inputlookup::text_rows;
use super::prelude::*;
use crate::plan::finish;
use crate::search::cell_texts;
use std::collections::{BTreeSet, HashMap};

pub(super) static COMMANDS: [Entry; 1] = [command(
    "cofilter FIELD FIELD",
    "A row for each two values of the second field that some value of the first has both: how many values of the first have the one, the other, and both.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/cofilter",
    cofilter,
)];

const COLUMNS: [&str; 5] = ["Item 1", "Item 1 user count", "Item 2", "Item 2 user count", "Pair count"];

/// How many values of the second field there may be: the pairs are the square of it.
const MOST_ITEMS: usize = 2_000;

fn cofilter(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let user = arguments.field()?;
    while arguments.symbol(',') {}
    let item = arguments.last_field()?;
    let needs = Needs::of([&user, &item]).close();
    on_rows(needs, (user.node, item.node), |(user, item), rows, _, planner| {
        let at = planner.at;
        let columns = COLUMNS.map(str::to_owned);
        let texts = [("user", user), ("item", item)];
        let texts =
            texts.map(|(name, field)| (name.to_owned(), Typed::new(rows.column(field).into_text(), Type::Text)));
        let plan = finish(rows.project(texts.to_vec(), planner)?, planner)?;
        let Some(batches) = planner.context.rows(&plan).map_err(|needed| needed.at(at))? else {
            return text_rows(&columns, &[], planner);
        };
        let mut pairs = Pairs::default();
        for batch in &batches {
            let [users, items] = batch.columns() else { continue };
            for row in 0..batch.num_rows() {
                for user in cell_texts(users.as_ref(), row) {
                    cell_texts(items.as_ref(), row).into_iter().for_each(|item| pairs.add(user.clone(), item));
                }
            }
        }
        if pairs.items.len() > MOST_ITEMS {
            let message = format!("`{item}` has {} values, and cofilter pairs at most {MOST_ITEMS}", pairs.items.len());
            return Err(Diagnostic::error("spl/too-many-rows", message, at));
        }
        text_rows(&columns, &pairs.lines(), planner)
    })
}

#[derive(Default)]
struct Pairs {
    /// The values of the second field, in the order in which they first come, and their numbers.
    items: Vec<String>,
    numbers: HashMap<String, usize>,
    /// The numbers of the values that go with each of the first field.
    users: HashMap<String, BTreeSet<usize>>,
}

impl Pairs {
    fn add(&mut self, user: String, item: String) {
        let number = *self.numbers.entry(item).or_insert_with_key(|item| {
            self.items.push(item.clone());
            self.items.len() - 1
        });
        self.users.entry(user).or_default().insert(number);
    }

    fn lines(&self) -> Vec<Vec<Option<String>>> {
        let mut alone: HashMap<usize, usize> = HashMap::new();
        let mut together: HashMap<(usize, usize), usize> = HashMap::new();
        for items in self.users.values() {
            for one in items {
                *alone.entry(*one).or_default() += 1;
                items.range(one + 1..).for_each(|other| *together.entry((*one, *other)).or_default() += 1);
            }
        }
        let mut together: Vec<((usize, usize), usize)> = together.into_iter().collect();
        together.sort_unstable();
        let item = |number: usize| self.items.get(number).cloned();
        let count = |number: usize| Some(alone.get(&number).copied().unwrap_or(0).to_string());
        let line = |((one, other), both): ((usize, usize), usize)| {
            vec![item(one), count(one), item(other), count(other), Some(both.to_string())]
        };
        together.into_iter().map(line).collect()
    }
}
