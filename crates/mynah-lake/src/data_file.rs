//! A file of rows, in memory until it is whole.
use crate::columns::{DOCUMENT, RAW};
use crate::statistics::Statistics;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::Result;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

/// How many rows a group has. A run reads and searches groups one by one, on all cores.
pub(crate) const GROUP: usize = 16_384;
/// How many bytes of texts a group has about, of long records.
const GROUP_BYTES: usize = 32 << 20;

/// Writes rows.
pub(crate) struct DataFile {
    writer: ArrowWriter<Vec<u8>>,
    statistics: Statistics,
}

impl DataFile {
    pub fn new(schema: SchemaRef) -> Result<DataFile> {
        let text = |name: &str| ColumnPath::from(name);
        let properties = WriterProperties::builder()
            .set_created_by(concat!("mynah ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
            .set_max_row_group_row_count(Some(GROUP))
            .set_max_row_group_bytes(Some(GROUP_BYTES))
            // Whole records are all different, and nobody looks for the first or the last of them.
            .set_column_dictionary_enabled(text(RAW), false)
            .set_column_dictionary_enabled(text(DOCUMENT), false)
            .set_column_statistics_enabled(text(RAW), EnabledStatistics::None)
            .set_column_statistics_enabled(text(DOCUMENT), EnabledStatistics::None)
            .build();
        let writer = ArrowWriter::try_new(Vec::new(), schema, Some(properties))?;
        Ok(DataFile { writer, statistics: Statistics::default() })
    }

    pub fn write(&mut self, rows: &RecordBatch) -> Result<()> {
        self.statistics.add(rows);
        self.writer.write(rows)
    }

    /// Its bytes, and its statistics as the log has them.
    pub fn finish(self) -> Result<(Vec<u8>, String)> {
        Ok((self.writer.into_inner()?, self.statistics.json()))
    }
}
