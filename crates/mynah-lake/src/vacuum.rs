use crate::error::LakeError;
use crate::lake::{FILES, Lake, events_of};
use deltalake_core::operations::vacuum::VacuumMode;

/// What a [`vacuum`] did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Vacuumed {
    /// How many tables were gone through.
    pub tables: usize,
    /// How many files were deleted, or would be.
    pub files: usize,
}

/// Deletes the files that no table has had for so many hours: what was compacted, and what was written and never entered in a log. Whoever
/// reads a state of the lake that is older loses its files.
///
/// ```
/// use mynah_lake::{Lake, vacuum};
///
/// let folder = tempfile::tempdir()?;
/// let done = vacuum(&Lake::create(folder.path())?, 168, true)?;
/// assert_eq!((done.tables, done.files), (1, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Where a table cannot be read, or a file not be deleted.
pub fn vacuum(lake: &Lake, hours: u32, dry_run: bool) -> Result<Vacuumed, LakeError> {
    let mut done = Vacuumed::default();
    let names = lake.log_sources()?.iter().map(events_of).collect::<Vec<_>>();
    for name in std::iter::once(FILES.to_owned()).chain(names) {
        let Some(table) = lake.table(&name)? else { continue };
        let vacuum = table
            .vacuum()
            .with_mode(VacuumMode::Full)
            .with_retention_period(chrono::Duration::hours(hours.into()))
            .with_enforce_retention_duration(false)
            .with_dry_run(dry_run);
        let (_, metrics) = lake.wait(vacuum.into_future())?.map_err(LakeError::of_table(&name))?;
        done.tables += 1;
        done.files += metrics.files_deleted.len();
    }
    Ok(done)
}
