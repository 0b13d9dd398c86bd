use indicatif::{ProgressBar, ProgressStyle};
use mynah::{Engine, Progress};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// A progress bar on standard error, if that is a terminal.
pub(crate) struct Bar {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Bar {
    /// Shows how much of its files an engine has read.
    pub fn start(engine: &Engine, quiet: bool) -> Bar {
        let stop = Arc::new(AtomicBool::new(false));
        if quiet || !std::io::IsTerminal::is_terminal(&std::io::stderr()) {
            return Bar { stop, thread: None };
        }
        let total = engine.bytes();
        let progress = engine.progress();
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || show(total, &progress, &stopped));
        Bar { stop, thread: Some(thread) }
    }

    /// Removes it, which must be done before anything is written to a terminal.
    pub fn finish(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn show(total: u64, progress: &Progress, stop: &AtomicBool) {
    let mut bar: Option<ProgressBar> = None;
    for tick in 0_u64.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
        // Half a second without a bar: most runs are over by then.
        if tick < 10 {
            continue;
        }
        let bar = bar.get_or_insert_with(|| {
            let bar = ProgressBar::new(total);
            let style = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes}  {msg}  {eta}");
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        let events = progress.events();
        let rate = events as f64 / (tick as f64 * 0.05);
        // A plan with several scans reads the files several times.
        bar.set_position(progress.bytes() % total.max(1));
        bar.set_message(format!("{events} events, {rate:.0}/s"));
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
}
