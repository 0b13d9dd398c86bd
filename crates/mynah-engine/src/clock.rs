use crate::scan::{Data, Scanner};
use mynah_event::Timestamp;

/// Just after the newest event: what `now` means over files, unless the run says otherwise.
///
/// Events whose time lies in the future by this machine's clock count too: logs may be staged.
pub(crate) fn after_newest(data: &Data) -> Option<Timestamp> {
    let columns = [crate::raw_events::time_column(data)];
    let mut scanner = Scanner::new(data, &columns);
    let mut newest: Option<Timestamp> = None;
    for file in 0..data.files.len() {
        let read = scanner.file(file as u32, |scanner, records| {
            for record in &records.chunk.records {
                newest = newest.max(scanner.time(records, record).1);
            }
            Ok(true)
        });
        if read.is_err() {
            break;
        }
    }
    newest.map(|at| Timestamp::from_milliseconds(at.milliseconds().saturating_add(1)))
}
