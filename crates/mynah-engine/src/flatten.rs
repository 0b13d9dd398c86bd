//! Columns of records outside of any query, for whoever keeps them.
use crate::extract::{Captures, Columns, Program, RecordContext};
use crate::raw_events::time_binding;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::common::Result;
use mynah_event::{EventId, LogSource, Path, Shape, Timestamp};
use mynah_source::{JsonError, JsonText, Members, SourceDefinition};
use mynah_view::{Binding, FieldType, Kind, ScanColumn};
use std::sync::Arc;

/// Takes the values at some paths out of the records of one log source, whatever their shapes.
///
/// ```
/// use mynah_engine::Flattener;
/// use mynah_event::Path;
/// use mynah_source::{JsonIndex, Members, Recogniser};
///
/// let recogniser = Recogniser::built_in()?;
/// let mut index = JsonIndex::default();
/// let document = index.of(r#"{"eventVersion":"1.09","eventSource":"iam.amazonaws.com","eventName":"CreateUser","#);
/// let found = recogniser.recognise(document);
/// let paths = [("eventName".to_owned(), Path::parse("eventName"), false)];
/// let mut flattener = Flattener::new(&recogniser.sources()[found.source], &paths);
/// // What breaks off has no values, and an error says so.
/// assert!(flattener.add(found.shape, document, &Members::default()).is_err());
/// let batch = flattener.finish()?;
/// assert_eq!((batch.num_rows(), batch.schema().field(0).name().as_str()), (1, "eventName"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Flattener {
    definition: SourceDefinition,
    columns: Vec<ScanColumn>,
    programs: Vec<(Shape, Program)>,
    captures: Captures,
    values: Columns,
    schema: SchemaRef,
}

impl Flattener {
    /// For paths of a log source, each with the name of its column and whether it takes all values that are there. Objects, and arrays
    /// where one value is wanted, are taken as JSON text.
    pub fn new(definition: &SourceDefinition, paths: &[(String, Path, bool)]) -> Flattener {
        let log_source = definition.log_source();
        let column = |name: &str, field_type, binding: Binding| ScanColumn {
            name: name.to_owned(),
            field_type,
            bindings: vec![(log_source.clone(), [binding].into())],
        };
        let flat = paths.iter().map(|(name, path, many)| {
            let field_type = if *many { FieldType::TEXTS } else { FieldType::TEXT };
            column(name, field_type, Binding::path(path.clone()))
        });
        let mut columns: Vec<ScanColumn> = flat.collect();
        let fields = columns.iter().map(|column| Field::new(&column.name, column.field_type.data_type(), true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let types: Vec<FieldType> = columns.iter().map(|column| column.field_type).collect();
        // The last one is not kept: it makes the programs look for the time.
        columns.push(column("time", FieldType::one(Kind::Milliseconds), time_binding()));
        Flattener {
            definition: definition.clone(),
            columns,
            programs: Vec::new(),
            captures: Captures::default(),
            values: Columns::new(&types),
            schema,
        }
    }

    /// Adds a record of a shape, some members of which are known, and gives its time.
    ///
    /// # Errors
    /// Where its JSON is broken. A row without values is added all the same.
    pub fn add(
        &mut self,
        shape: Shape,
        document: JsonText<'_>,
        members: &Members,
    ) -> std::result::Result<Option<Timestamp>, JsonError> {
        let known = self.programs.iter().position(|(known, _)| *known == shape);
        let index = known.unwrap_or_else(|| {
            let family: [LogSource; 1] = [self.definition.log_source().clone()];
            let physical = |path: &Path| self.definition.physical(shape, path);
            let program = Program::new(&self.columns, &family, self.definition.time_paths(), &physical);
            self.programs.push((shape, program));
            self.programs.len() - 1
        });
        let Some((_, program)) = self.programs.get(index) else { return Ok(None) };
        let nothing = RecordContext { raw: "", other_document: None, file: "", log_source: "", number: 0 };
        let run = program.run(document, &nothing, members, &mut self.captures, &mut self.values);
        if run.is_err() {
            (0..self.schema.fields().len()).for_each(|column| self.values.append(column, std::iter::empty()));
        }
        self.values.end_row(EventId(0));
        run.map(|()| program.time_found(document, &self.captures))
    }

    /// The rows so far, and a fresh start.
    ///
    /// # Errors
    /// Where they make no batch, which would be a mistake of this type.
    pub fn finish(&mut self) -> Result<RecordBatch> {
        self.values.finish(Arc::clone(&self.schema), false)
    }

    /// The columns.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }
}
