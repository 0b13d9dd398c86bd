use crate::arguments::Generate;
use crate::exit::{Failure, Status};
use mynah_generate::Generator;
use std::io::Write as _;

/// `mynah generate`.
pub(crate) fn generate(arguments: &Generate) -> Result<Status, Failure> {
    let mut out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let records = Generator::new(arguments.source, arguments.seed, arguments.start);
    // A count beyond what memory can address would take centuries to write.
    for record in records.take(usize::try_from(arguments.events).unwrap_or(usize::MAX)) {
        out.write_all(record.line.as_bytes())?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(Status::Ran)
}
