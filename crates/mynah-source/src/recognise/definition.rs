use mynah_event::{LogSource, Path, Segment, Shape};

/// What is known of one log source: its name, where its events' time stands, and the shapes it comes in.
///
/// Views name a log source's fields by *canonical* paths, which are the same whatever container a
/// record came in. [`SourceDefinition::physical`] leads from there to where a record has them.
#[derive(Debug, Clone)]
pub struct SourceDefinition {
    pub(crate) log_source: LogSource,
    pub(crate) extends: Option<LogSource>,
    pub(crate) time: Vec<Path>,
    pub(crate) shapes: Vec<ShapeDefinition>,
}

/// One shape of a log source.
#[derive(Debug, Clone)]
pub(crate) struct ShapeDefinition {
    pub name: String,
    /// Canonical prefix to physical prefixes, the longest canonical prefix first.
    pub prefixes: Vec<(Path, Vec<Path>)>,
    pub dotted: bool,
}

impl SourceDefinition {
    /// Its name.
    pub fn log_source(&self) -> &LogSource {
        &self.log_source
    }

    /// The wider log source that its records belong to as well (`windows.eventlog` for `windows.sysmon`).
    pub fn extends(&self) -> Option<&LogSource> {
        self.extends.as_ref()
    }

    /// Where an event's time stands, in order of preference: canonical paths.
    pub fn time_paths(&self) -> &[Path] {
        &self.time
    }

    /// How many shapes it has: [`Shape`] numbers below this are its own.
    pub fn shape_count(&self) -> usize {
        self.shapes.len()
    }

    /// A shape's name, for people.
    pub fn shape_name(&self, shape: Shape) -> &str {
        self.shapes.get(usize::from(shape.0)).map_or("", |shape| shape.name.as_str())
    }

    /// The paths, in order of preference, at which records of this shape have what `path` stands for.
    ///
    /// A key `*` in them stands for any one key: Windows keeps the members of `UserData` under an
    /// element whose name every provider chooses for itself.
    ///
    /// ```
    /// use mynah_event::{Path, Shape};
    /// use mynah_source::{JsonIndex, Recogniser};
    ///
    /// let recogniser = Recogniser::built_in()?;
    /// let flat = r#"{"EventID":4624,"Channel":"Security","Hostname":"DC-1","LogonType":"3"}"#;
    /// let found = recogniser.recognise(JsonIndex::default().of(flat));
    /// let security = &recogniser.sources()[found.source];
    /// assert_eq!(security.log_source().as_str(), "windows.security");
    /// assert_eq!(security.physical(found.shape, &Path::parse("EventData.LogonType"))[0], Path::parse("LogonType"));
    /// # Ok::<(), mynah_source::DefinitionError>(())
    /// ```
    pub fn physical(&self, shape: Shape, path: &Path) -> Vec<Path> {
        let Some(shape) = self.shapes.get(usize::from(shape.0)) else { return vec![path.clone()] };
        let nested = shape
            .prefixes
            .iter()
            .find_map(|(prefix, places)| {
                let rest = Path(path.0.strip_prefix(prefix.0.as_slice())?.to_vec());
                Some(places.iter().map(|place| place.join(&rest)).collect())
            })
            .unwrap_or_else(|| vec![path.clone()]);
        if !shape.dotted {
            return nested;
        }
        nested
            .into_iter()
            .flat_map(|path| dotted(&path).map_or(vec![path.clone()], |dotted| vec![path, dotted]))
            .collect()
    }
}

/// The same path with its keys as one, dots between them.
fn dotted(path: &Path) -> Option<Path> {
    let keys: Vec<&str> = path
        .0
        .iter()
        .map_while(|segment| match segment {
            Segment::Key(key) => Some(&**key),
            _ => None,
        })
        .collect();
    if keys.len() < 2 {
        return None;
    }
    let rest = path.0.get(keys.len()..)?;
    Some(Path(std::iter::once(Segment::Key(keys.join(".").into())).chain(rest.iter().cloned()).collect()))
}
