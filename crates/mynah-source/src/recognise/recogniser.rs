use crate::recognise::Members;
use crate::recognise::definition::{ShapeDefinition, SourceDefinition};
use crate::recognise::rules::{Rules, Test};
use crate::recognise::spec::{OneOrMany, SourceFile};
use crate::{DefinitionError, JsonText, TextFormats};
use include_dir::{Dir, include_dir};
use mynah_event::{LogSource, Path, Shape};
use serde::{Deserialize, Serialize, Serializer};
use std::collections::BTreeMap;
use std::path::Path as FilePath;
use std::sync::{Arc, OnceLock};

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/sources");

/// Tells the log source and the shape of a record.
///
/// ```
/// use mynah_source::{JsonIndex, Recogniser};
/// let recogniser = Recogniser::built_in()?;
/// let found = recogniser.recognise(JsonIndex::default().of(r#"{"level":"info","msg":"listening"}"#));
/// assert_eq!(recogniser.sources()[found.source].log_source().as_str(), "json");
/// # Ok::<(), mynah_source::DefinitionError>(())
/// ```
///
/// Its serialised form is the definitions of its log sources, so that whoever reads it takes the same records for the
/// same log sources.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Vec<(String, SourceFile)>")]
pub struct Recogniser {
    /// What it was made of: the definitions by the names of their files.
    definitions: Vec<(String, SourceFile)>,
    sources: Vec<SourceDefinition>,
    rules: Rules,
    texts: TextFormats,
    /// For each source itself and all it extends.
    chains: Vec<Vec<usize>>,
    fallback: usize,
}

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Recognised {
    /// Its log source: an index into [`Recogniser::sources`].
    pub source: usize,
    /// Its shape in that log source.
    pub shape: Shape,
}

impl Recogniser {
    /// With the log sources that come with Mynah, made once in a process.
    ///
    /// # Errors
    /// Where one of them is broken, which a test of this crate rules out.
    pub fn built_in() -> Result<Arc<Recogniser>, DefinitionError> {
        static SHARED: OnceLock<Arc<Recogniser>> = OnceLock::new();
        if let Some(recogniser) = SHARED.get() {
            return Ok(Arc::clone(recogniser));
        }
        let recogniser = Arc::new(Recogniser::parse(built_in_files())?);
        Ok(Arc::clone(SHARED.get_or_init(|| recogniser)))
    }

    /// With the log sources that come with Mynah, and those that the `.toml` files of `folder` define:
    /// one of a known name takes the place of the built-in one.
    ///
    /// # Errors
    /// Where a file cannot be read or used.
    pub fn with_folder(folder: &FilePath) -> Result<Recogniser, DefinitionError> {
        let read = |file: &FilePath, source| DefinitionError::Read { file: file.display().to_string(), source };
        let mut own = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(|e| read(folder, e))? {
            let path = entry.map_err(|e| read(folder, e))?.path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                let text = std::fs::read_to_string(&path).map_err(|e| read(&path, e))?;
                own.push((path.display().to_string(), text));
            }
        }
        own.sort();
        let own: Vec<(String, SourceFile)> = own
            .into_iter()
            .map(|(file, text)| Ok((file.clone(), parse_file(&file, &text)?)))
            .collect::<Result<_, _>>()?;
        let mut all = Vec::new();
        for (file, text) in built_in_files() {
            let spec = parse_file(file, text)?;
            if !own.iter().any(|(_, replacement)| replacement.name == spec.name) {
                all.push((file.to_owned(), spec));
            }
        }
        all.extend(own);
        Recogniser::build(all)
    }

    /// With the log sources that definition files, given as `(name, text)`, define. The one named
    /// [`LogSource::JSON`], which takes what no other claims, is added where they have none.
    ///
    /// # Errors
    /// At the first file that cannot be used.
    pub fn parse<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Recogniser, DefinitionError> {
        let files = files.into_iter().map(|(file, text)| Ok((file.to_owned(), parse_file(file, text)?)));
        Recogniser::build(files.collect::<Result<_, _>>()?)
    }

    fn build(files: Vec<(String, SourceFile)>) -> Result<Recogniser, DefinitionError> {
        let definitions = files.clone();
        let mut waiting: BTreeMap<String, (String, SourceFile)> = BTreeMap::new();
        for (file, spec) in files {
            let name = spec.name.clone();
            if let Some((other, _)) = waiting.insert(name.clone(), (file.clone(), spec)) {
                return Err(DefinitionError::Twice { file, other, name });
            }
        }
        let mut builder = Builder::default();
        while !waiting.is_empty() {
            // A log source is built after the one it extends.
            let ready = waiting
                .iter()
                .find(|(_, (_, spec))| spec.extends.as_ref().is_none_or(|base| builder.index(base).is_some()))
                .map(|(name, _)| name.clone());
            match ready.and_then(|name| waiting.remove(&name)) {
                Some((file, spec)) => builder.add(file, spec)?,
                None => {
                    if let Some((_, (file, spec))) = waiting.pop_first() {
                        return Err(DefinitionError::Extends { file, base: spec.extends.unwrap_or_default() });
                    }
                }
            }
        }
        builder.finish(definitions)
    }

    /// The log sources.
    pub fn sources(&self) -> &[SourceDefinition] {
        &self.sources
    }

    /// How lines of text are taken apart.
    pub fn texts(&self) -> &TextFormats {
        &self.texts
    }

    /// The index of a log source.
    pub fn index(&self, log_source: &LogSource) -> Option<usize> {
        self.sources.iter().position(|source| source.log_source == *log_source)
    }

    /// What the text of a record holds that [`Recogniser::recognise`] takes for the log source of this index: for
    /// each way to be recognised some sets of texts, ASCII case aside, of each of which at least one is there.
    /// No way at all for the log source that takes what no other claims.
    pub fn marks(&self, source: usize) -> Vec<Vec<Vec<String>>> {
        self.rules.marks(source)
    }

    /// Whether records can be recognised as the log source of this index; else they are what the user says they are.
    pub fn recognises(&self, source: usize) -> bool {
        source == self.fallback || !self.rules.marks(source).is_empty()
    }

    /// A log source and those it extends, nearest first.
    pub fn family(&self, log_source: &LogSource) -> Vec<LogSource> {
        let mut family = vec![log_source.clone()];
        let mut next = self.index(log_source);
        while let Some(base) = next.and_then(|index| self.sources.get(index)).and_then(SourceDefinition::extends) {
            family.push(base.clone());
            next = self.index(base);
        }
        family
    }

    /// What the record with this document is. Reads no more of it than it takes to tell.
    pub fn recognise(&self, document: JsonText<'_>) -> Recognised {
        self.recognise_as(None, document, &mut Members::default())
    }

    /// The same, and notes in `members` which members of the document it went over. Where the user says that the record
    /// is of a log source, of this index, only its shape is found: where none fits, its first.
    pub fn recognise_as(&self, source: Option<usize>, document: JsonText<'_>, members: &mut Members) -> Recognised {
        let chain = source.map(|source| self.chains.get(source).map_or(&[][..], Vec::as_slice));
        let found = self.rules.find(document, members, |rule| chain.is_none_or(|chain| chain.contains(&rule.source)));
        Recognised {
            source: source.or(found.map(|rule| rule.source)).unwrap_or(self.fallback),
            shape: found.map_or(Shape(0), |rule| rule.shape),
        }
    }
}

impl TryFrom<Vec<(String, SourceFile)>> for Recogniser {
    type Error = DefinitionError;

    fn try_from(definitions: Vec<(String, SourceFile)>) -> Result<Recogniser, DefinitionError> {
        Recogniser::build(definitions)
    }
}

impl Serialize for Recogniser {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.definitions.serialize(serializer)
    }
}

fn built_in_files() -> impl Iterator<Item = (&'static str, &'static str)> {
    BUILT_IN.files().filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)))
}

fn parse_file(file: &str, text: &str) -> Result<SourceFile, DefinitionError> {
    toml::from_str(text).map_err(|error: toml::de::Error| DefinitionError::Syntax {
        file: file.to_owned(),
        message: error.to_string().trim().to_owned(),
    })
}

#[derive(Default)]
struct Builder {
    sources: Vec<SourceDefinition>,
    chains: Vec<Vec<usize>>,
    rules: Vec<RuleToAdd>,
    /// For each source's shapes their alternatives.
    wheres: Vec<Vec<Vec<Conditions>>>,
    /// For each source what sets it apart from those it extends, in canonical paths.
    whens: Vec<Vec<(Path, Test)>>,
}

/// What must hold: for each condition the places to look at and what must stand there.
type Conditions = Vec<(Vec<Path>, Test)>;

struct RuleToAdd {
    file: String,
    source: usize,
    shape: usize,
    conditions: Conditions,
}

impl Builder {
    fn index(&self, name: &str) -> Option<usize> {
        self.sources.iter().position(|source| source.log_source.as_str() == name)
    }

    fn add(&mut self, file: String, spec: SourceFile) -> Result<(), DefinitionError> {
        let number = self.sources.len();
        let base = spec.extends.as_deref().and_then(|base| self.index(base));
        let inherited = base.and_then(|base| self.sources.get(base));
        let mut shapes = inherited.map(|base| base.shapes.clone()).unwrap_or_default();
        let mut time = inherited.map(|base| base.time.clone()).unwrap_or_default();
        let inherited_shapes = shapes.len();
        let mut wheres = base.and_then(|base| self.wheres.get(base)).cloned().unwrap_or_default();
        let mut when = base.and_then(|base| self.whens.get(base)).cloned().unwrap_or_default();
        let mut chain = base.and_then(|base| self.chains.get(base)).cloned().unwrap_or_default();
        chain.push(number);
        if !spec.time.is_empty() {
            time = spec.time.iter().map(|path| Path::parse(path)).collect();
        }
        for text in &spec.texts {
            // The mark of the format is all that lines of this shape are told by.
            let mark = format!("{}/{}", spec.name, text.name);
            wheres.push(vec![vec![(vec![Path::keys(["@format"])], Test::OneOf(vec![mark]))]]);
            shapes.push(ShapeDefinition { name: text.name.clone(), prefixes: Vec::new(), dotted: false });
        }
        for shape in spec.shapes {
            let alternatives = shape.conditions.into_vec();
            wheres.push(alternatives.iter().map(|table| table.iter().map(condition).collect()).collect());
            let prefixes = shape.paths.iter().map(|(prefix, places)| {
                (Path::parse(prefix), places.as_slice().iter().map(|place| Path::parse(place)).collect())
            });
            let mut prefixes: Vec<(Path, Vec<Path>)> = prefixes.collect();
            prefixes.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.0.len()));
            shapes.push(ShapeDefinition { name: shape.name, prefixes, dotted: shape.dotted });
        }
        when.extend(spec.when.iter().map(|(path, values)| (Path::parse(path), Test::parse(values.as_slice()))));
        let definition = SourceDefinition {
            log_source: LogSource::new(&spec.name),
            extends: spec.extends.as_deref().map(LogSource::new),
            time,
            shapes,
        };
        // What sets these records apart from those of the wider log source is their own shapes, or `when`.
        let first = if spec.when.is_empty() { inherited_shapes } else { 0 };
        for (shape, alternatives) in wheres.iter().enumerate().skip(first).filter(|_| !spec.by_name) {
            for alternative in alternatives {
                let mut conditions = alternative.clone();
                for (path, test) in &when {
                    let places =
                        u16::try_from(shape).map_or(Vec::new(), |shape| definition.physical(Shape(shape), path));
                    conditions.push((places, test.clone()));
                }
                self.rules.push(RuleToAdd { file: file.clone(), source: number, shape, conditions });
            }
        }
        self.sources.push(definition);
        self.chains.push(chain);
        self.wheres.push(wheres);
        self.whens.push(when);
        Ok(())
    }

    fn finish(mut self, definitions: Vec<(String, SourceFile)>) -> Result<Recogniser, DefinitionError> {
        // What is narrower takes precedence.
        let depth = |source: usize| self.chains.get(source).map_or(0, Vec::len);
        let mut order = std::mem::take(&mut self.rules);
        order.sort_by_key(|rule| (std::cmp::Reverse(depth(rule.source)), rule.source));
        let mut rules = Rules::new();
        for rule in order {
            let shape = u16::try_from(rule.shape).map_or(Err("too many shapes".to_owned()), |shape| Ok(Shape(shape)));
            shape.and_then(|shape| rules.add(rule.source, shape, rule.conditions)).map_err(|message| {
                let shape = self.sources.get(rule.source).and_then(|source| source.shapes.get(rule.shape));
                let shape = shape.map(|shape| shape.name.clone()).unwrap_or_default();
                DefinitionError::Shape { file: rule.file, shape, message }
            })?;
        }
        let texts = texts(&definitions)?;
        let fallback = match self.index(LogSource::JSON) {
            Some(fallback) => fallback,
            None => {
                self.sources.push(SourceDefinition {
                    log_source: LogSource::new(LogSource::JSON),
                    extends: None,
                    time: Vec::new(),
                    shapes: Vec::new(),
                });
                self.chains.push(vec![self.sources.len() - 1]);
                self.sources.len() - 1
            }
        };
        Ok(Recogniser { definitions, sources: self.sources, rules, texts, chains: self.chains, fallback })
    }
}

/// The forms of text of all definitions, those of a narrower log source first.
fn texts(definitions: &[(String, SourceFile)]) -> Result<TextFormats, DefinitionError> {
    let mut files: Vec<&(String, SourceFile)> = definitions.iter().collect();
    files.sort_by_key(|(_, spec)| (spec.extends.is_none(), spec.name.clone()));
    let all = files.iter().flat_map(|(file, spec)| spec.texts.iter().map(move |text| (file, spec, text)));
    let specs = all.clone().map(|(_, spec, text)| (format!("{}/{}", spec.name, text.name), text.clone()));
    TextFormats::new(specs.collect()).map_err(|(number, message)| {
        let (file, text) =
            all.clone().nth(number).map_or_else(Default::default, |(file, _, text)| (file.clone(), text.name.clone()));
        DefinitionError::Text { file, text, message }
    })
}

fn condition((path, values): (&String, &OneOrMany)) -> (Vec<Path>, Test) {
    (vec![Path::parse(path)], Test::parse(values.as_slice()))
}
