use crate::error::EngineError;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How much stack a thread has that plans or runs queries: expressions are followed by recursion. Only what is used is taken.
pub(crate) const STACK: usize = 16 << 20;

/// Does something with each of these, as many at a time as there are threads; gives the results in their order. The threads have
/// stack enough to plan and run queries.
///
/// ```
/// assert_eq!(mynah_engine::in_parallel(2, &[1, 2, 3], |number| number * 2), [2, 4, 6]);
/// ```
pub fn in_parallel<T: Sync, R: Send>(threads: usize, all: &[T], each: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((index, one)) = Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|i| Some((i, all.get(i)?))) {
            done.push((index, each(one)));
        }
        done
    };
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let spawn = |_| std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let workers: Vec<_> = (0..threads.clamp(1, all.len().max(1))).map(spawn).collect();
        let mut done = Vec::new();
        for worker in workers {
            match worker.map(std::thread::ScopedJoinHandle::join) {
                Ok(Ok(part)) => done.extend(part),
                Ok(Err(panic)) => std::panic::resume_unwind(panic),
                // Where there can be no more threads, this one does the work.
                Err(_) => done.extend(work()),
            }
        }
        done
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Does the same on so many threads at a time, which share the work among themselves.
///
/// # Errors
/// Where a thread cannot be made, or breaks down.
pub(crate) fn on_each_thread<R: Send>(threads: usize, work: impl Fn() -> R + Sync) -> Result<Vec<R>, EngineError> {
    std::thread::scope(|scope| {
        let spawn = |_| std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, &work);
        let workers: Vec<_> = (0..threads.max(1)).map(spawn).collect();
        let broken = |_| EngineError::Execution("a thread that reads the data broke down".to_owned());
        workers.into_iter().map(|worker| worker?.join().map_err(broken)).collect()
    })
}
