//! Buckets of times and numbers.
use super::continuous::{Choice, chosen};
use super::prelude::*;
use super::span::{AlignTime, Buckets, align_time, span};

pub(super) static COMMANDS: [Entry; 1] = [aliased(
    &["bucket", "discretize"],
    command(
        "bin [span=SPAN | bins=N [minspan=SPAN] [start=N] [end=N]] [aligntime=TIME] FIELD [AS NAME]",
        "The bucket that a time or number falls into: of a time its beginning, of another number its range.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/bin",
        bin,
    ),
)];

#[derive(Debug)]
struct Bin {
    field: String,
    name: String,
    buckets: Option<Buckets>,
    align: Option<AlignTime>,
    choice: Choice,
}

fn bin(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let (mut field, mut name): (Option<Spanned<String>>, Option<Spanned<String>>) = (None, None);
    let mut bin =
        Bin { field: String::new(), name: String::new(), buckets: None, align: None, choice: Choice::default() };
    while !arguments.is_empty() {
        if let Some((option, value)) = arguments.option(&["span", "bins", "minspan", "start", "end", "aligntime"])? {
            match option {
                "span" if value.node.eq_ignore_ascii_case("auto") => {}
                "span" => bin.buckets = Some(span(&value)?),
                "aligntime" => bin.align = Some(align_time(&value)?),
                _ => bin.choice.option(option, &value)?,
            }
        } else if arguments.keyword("as") {
            name = Some(arguments.field()?);
        } else if let Some(before) = &field {
            return Err(arguments.wrong(before.span.to(arguments.rest()), "one field"));
        } else {
            field = Some(arguments.field()?);
        }
    }
    let Some(field) = field else { return Err(arguments.wrong(arguments.name.span, "the name of a field")) };
    let needs = Needs::of([&field]).make_all(name.iter().map(|name| &name.node));
    bin.name = name.unwrap_or_else(|| field.clone()).node;
    bin.field = field.node;
    on_rows(needs, bin, |bin, rows, _, planner| {
        let old = rows.column(&bin.field);
        if old.ty == Type::Null {
            return Ok(rows);
        }
        let buckets = match &bin.buckets {
            Some(buckets) => buckets.clone(),
            None => chosen(&rows, &bin.field, &bin.choice, planner)?.into(),
        };
        let buckets = buckets.aligned(bin.align.as_ref(), &planner.range);
        let new = buckets.of(old);
        let new = if bin.field == "_time" { new } else { buckets.range(new) };
        rows.with(vec![(bin.name.clone(), new)], planner)
    })
}
