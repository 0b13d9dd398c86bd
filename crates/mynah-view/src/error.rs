/// A view file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// The file is not the TOML that `docs/views.md` describes.
    #[error("{file}: {message}")]
    Syntax {
        /// The file, as it was named.
        file: String,
        /// What is wrong, with line and column.
        message: String,
    },
    /// A field's entry makes no sense.
    #[error("{file}: field `{field}`: {message}")]
    Field {
        /// The file, as it was named.
        file: String,
        /// The field's name.
        field: String,
        /// What is wrong with it.
        message: String,
    },
    /// The file stands where no platform's views do.
    #[error("{file}: a view belongs in a folder named elastic, qradar, sigma, splunk or sumologic")]
    Place {
        /// The file, as it was named.
        file: String,
    },
    /// `extends` names no view of the same platform, or goes in a circle.
    #[error("{file}: extends `{base}`, which is no view of {platform}, or extends this one")]
    Extends {
        /// The file, as it was named.
        file: String,
        /// The log source whose view it wants to extend.
        base: String,
        /// The platform.
        platform: String,
    },
    /// A file or folder could not be read.
    #[error("{file}: {source}")]
    Read {
        /// The file or folder.
        file: String,
        /// Why.
        source: std::io::Error,
    },
}
