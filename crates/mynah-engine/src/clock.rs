use crate::feed::{Feed, Worker};
use crate::raw_events::time_column;
use crate::scan::{Data, Scanner};
use mynah_event::Timestamp;

/// Just after the newest event: what `now` means over files, unless the run says otherwise.
///
/// Events whose time lies in the future by this machine's clock count too: logs may be staged.
pub(crate) fn after_newest(data: &Data, threads: usize) -> Option<Timestamp> {
    let columns = [time_column(data)];
    let feed = Feed::new(data.clone());
    let newest = || {
        let mut scanner = Scanner::new(&feed, &columns);
        let mut worker = Worker::default();
        let mut newest: Option<Timestamp> = None;
        while let Some(from) = feed.next(&mut worker) {
            for record in &from.chunk.records {
                newest = newest.max(scanner.time(from, record).1);
            }
        }
        newest
    };
    let newest = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(newest)).collect();
        workers.into_iter().filter_map(|worker| worker.join().ok().flatten()).max()
    });
    newest.map(|at| Timestamp::from_milliseconds(at.milliseconds().saturating_add(1)))
}
