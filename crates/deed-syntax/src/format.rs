//! Which of the two notations a file is in.

/// The notation of a text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Format {
    /// YAML 1.2, core schema.
    Yaml,
    /// JSON as of RFC 8259, without extensions.
    Json,
}

impl Format {
    /// Returns the format a path's name asks for: JSON for `.json`, YAML for anything else.
    #[must_use]
    pub fn of_path(path: &str) -> Self {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        match name.rsplit_once('.') {
            Some((_, extension)) if extension.eq_ignore_ascii_case("json") => Self::Json,
            _ => Self::Yaml,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_json_extension_means_json() {
        assert_eq!(Format::of_path("a/deed.json"), Format::Json);
        assert_eq!(Format::of_path("DEED.JSON"), Format::Json);
        assert_eq!(Format::of_path("a.json/deed"), Format::Yaml);
        assert_eq!(Format::of_path("deed.json.yaml"), Format::Yaml);
        assert_eq!(Format::of_path("deed.yml"), Format::Yaml);
    }
}
