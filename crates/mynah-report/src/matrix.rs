//! The ATT&CK matrix as columns of a page: a tactic each, and under it techniques.
use crate::navigator::{Cell, Cells};
use mynah_detection::attack;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The columns of a matrix in ATT&CK's order; those of tactics without techniques are left out. With `every`, techniques without
/// a score are there too, with 0; of sub-techniques, only those with a score are.
pub(crate) fn columns(cells: Cells, every: bool) -> Vec<Value> {
    let mut columns: BTreeMap<Option<usize>, BTreeMap<String, Cell>> = BTreeMap::new();
    let place = |tag: &str| attack::tactics().iter().position(|tactic| tactic.tag == tag);
    if every {
        for (id, technique) in attack::techniques().filter(|(id, _)| attack::parent(id).is_none()) {
            for column in technique.tactics.iter().filter_map(|tag| place(tag)) {
                columns.entry(Some(column)).or_default().entry(id.to_owned()).or_default();
            }
        }
    }
    for (id, tactic, cell) in cells.into_cells() {
        let own = || attack::technique(&id).map(|known| known.tactics.iter().map(String::as_str).collect());
        let under: Vec<&str> = tactic.map(|tactic| vec![tactic]).or_else(own).unwrap_or_default();
        let mut places: Vec<Option<usize>> = under.into_iter().map(place).collect();
        if places.is_empty() {
            places.push(None);
        }
        for column in places {
            let known = columns.entry(column).or_default().entry(id.clone()).or_default();
            known.score += cell.score;
            known.level = known.level.max(cell.level);
            known.metadata.extend(cell.metadata.iter().cloned());
        }
    }
    let mut columns: Vec<_> = columns.into_iter().collect();
    // What is of no known tactic comes last.
    columns.sort_by_key(|(place, _)| place.unwrap_or(usize::MAX));
    columns.into_iter().map(|(place, techniques)| column(place, techniques)).collect()
}

fn column(place: Option<usize>, techniques: BTreeMap<String, Cell>) -> Value {
    let tactic = place.and_then(|place| attack::tactics().get(place));
    let found = techniques.values().filter(|cell| cell.score > 0).count();
    let mut entries: Vec<(String, Value)> = techniques
        .into_iter()
        .map(|(id, cell)| {
            let name = attack::full_name(&id);
            let entry = json!({
                "id": id,
                "name": name,
                "score": cell.score,
                "level": cell.level.map(|level| level.name()),
                "of": cell.metadata,
            });
            (name.unwrap_or(id), entry)
        })
        .collect();
    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
    json!({
        "name": tactic.map_or_else(|| format!("Not in ATT&CK {}", attack::version()), |tactic| tactic.name.clone()),
        "techniques": entries.into_iter().map(|(_, entry)| entry).collect::<Vec<_>>(),
        "found": found,
    })
}

#[cfg(test)]
mod tests {
    use super::columns;
    use crate::navigator::Cells;

    #[test]
    fn techniques_stand_under_their_tactics() {
        let mut cells = Cells::default();
        let persistence = mynah_detection::attack::tactic_of("attack.persistence").unwrap();
        for (techniques, tactics) in [(["T1078.004"], vec![persistence]), (["T1059.001"], vec![]), (["T9999"], vec![])]
        {
            let techniques = techniques.map(str::to_owned);
            cells.of(&techniques, &tactics).for_each(|cell| cell.score += 1);
        }
        let matrix = columns(cells, false);
        let of = |name: &str| matrix.iter().find(|column| column["name"] == name).unwrap()["techniques"][0].clone();
        assert_eq!(matrix.len(), 3);
        assert_eq!(of("Persistence")["name"], "Valid Accounts: Cloud Accounts");
        assert_eq!(of("Execution")["id"], "T1059.001");
        assert_eq!(matrix[2]["techniques"][0]["id"], "T9999");
        let all = columns(Cells::default(), true);
        assert!(all.len() > 12 && all.iter().all(|column| column["found"] == 0));
    }
}
