use std::io;
use tokio::runtime::{Builder, Runtime};

/// Waits for what is read and written. Nobody who waits is a task of a runtime.
#[derive(Debug)]
pub(crate) struct Io(Option<Runtime>);

impl Io {
    pub fn new() -> io::Result<Io> {
        // Whoever waits drives the work; the thread is for what goes on meanwhile.
        Ok(Io(Some(Builder::new_multi_thread().worker_threads(1).enable_all().build()?)))
    }

    /// What comes of it.
    ///
    /// # Errors
    /// Once the runtime is shut down, which only dropping it does.
    pub fn wait<F: Future>(&self, work: F) -> io::Result<F::Output> {
        match &self.0 {
            Some(runtime) => Ok(runtime.block_on(work)),
            None => Err(io::Error::other("what reads the lake is shut down")),
        }
    }
}

impl Drop for Io {
    fn drop(&mut self) {
        // A plan that reads the lake may be dropped by a task, in which a runtime must not wait for its own end.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
