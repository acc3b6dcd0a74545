//! What the client calls files: one that was reached by a symbolic link, or is spelt in an unusual way, is called in
//! answers what the client called it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use tower_lsp::ls_types::Uri;

use super::documents::Documents;
use crate::load;

/// What the client calls files.
#[derive(Clone, Default, Debug)]
pub(super) struct Names {
    /// Open documents by where they lie, with their version.
    open: HashMap<PathBuf, (Uri, i32)>,
    /// Directories, the deepest first.
    directories: Vec<Directory>,
}

/// A directory that the client has a name for.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Directory {
    /// Where it lies.
    place: PathBuf,
    /// Its address, and what the client calls it: both without a slash at the end.
    plain: String,
    called: String,
}

impl Directory {
    /// A folder of the client's, if it is there.
    pub(super) fn of(uri: &Uri) -> Option<Self> {
        Self::new(load::without_links(&written(uri)?).ok()?, uri)
    }

    fn new(place: PathBuf, called: &Uri) -> Option<Self> {
        let bare = |uri: &Uri| uri.as_str().trim_end_matches('/').to_owned();
        let plain = bare(&uri_of(&place)?);
        Some(Self { place, plain, called: bare(called) })
    }
}

impl Names {
    /// Takes note of open documents and of folders.
    pub(super) fn of(documents: &Documents, folders: &[Directory]) -> Self {
        // What lies below two of the same depth is called by the first: folders count more than documents.
        let mut names = Self { open: HashMap::new(), directories: folders.to_vec() };
        for (place, written, document) in documents.iter() {
            names.open.insert(place.clone(), (document.uri.clone(), document.version));
            if written != place {
                let directory = apart(place, written)
                    .and_then(|(place, written)| Directory::new(place.to_owned(), &uri_of(written)?));
                names.directories.extend(directory);
            }
        }
        names.directories.sort_by_key(|directory| std::cmp::Reverse(directory.place.components().count()));
        names
    }

    /// What the client calls a file or directory.
    pub(super) fn uri(&self, path: &Path) -> Option<Uri> {
        if let Some((uri, _)) = self.open.get(path) {
            return Some(uri.clone());
        }
        let plain = uri_of(path)?;
        let around = self.directories.iter().find(|directory| path.starts_with(&directory.place));
        let called = around.filter(|it| it.plain != it.called).and_then(|directory| {
            let rest = plain.as_str().strip_prefix(&directory.plain)?;
            format!("{}{rest}", directory.called).parse().ok()
        });
        called.or(Some(plain))
    }

    /// The version of a document, if it is open.
    pub(super) fn version(&self, path: &Path) -> Option<i32> {
        self.open.get(path).map(|(_, version)| *version)
    }

    /// Where the open documents lie.
    pub(super) fn open(&self) -> impl Iterator<Item = &PathBuf> {
        self.open.keys()
    }

    /// Whether no document is open.
    pub(super) fn is_closed(&self) -> bool {
        self.open.is_empty()
    }
}

/// The path that a URI spells; `None` where it leads to no file.
pub(super) fn written(uri: &Uri) -> Option<PathBuf> {
    uri.scheme().as_str().eq_ignore_ascii_case("file").then(|| uri.to_file_path().map(std::borrow::Cow::into_owned))?
}

/// The address of a file, where the client has no other name for it.
fn uri_of(path: &Path) -> Option<Uri> {
    Uri::from_file_path(path)
}

/// Two paths of one file without what they end in alike.
fn apart<'p>(mut one: &'p Path, mut other: &'p Path) -> Option<(&'p Path, &'p Path)> {
    while one.file_name().is_some() && one.file_name() == other.file_name() {
        (one, other) = (one.parent()?, other.parent()?);
    }
    Some((one, other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    fn called(documents: &[&str], folders: &[(&str, &str)], path: &str) -> String {
        let mut all = Documents::default();
        for uri in documents {
            assert!(all.open(uri.parse().expect("a URI"), 1, String::new()));
        }
        let folder = |(place, uri): &(&str, &str)| Directory::new(PathBuf::from(place), &uri.parse().ok()?);
        let folders: Vec<_> = folders.iter().filter_map(folder).collect();
        Names::of(&all, &folders).uri(Path::new(path)).expect("it has one").as_str().to_owned()
    }

    #[cfg(unix)]
    #[test]
    fn what_lies_in_a_folder_is_called_as_the_client_calls_the_folder() {
        let folders = [("/real/a b", "file:///link/a%20b"), ("/real/a b/c", "file:///c%3A")];
        assert_eq!(called(&[], &folders, "/real/a b/deed.yaml"), "file:///link/a%20b/deed.yaml");
        assert_eq!(called(&[], &folders, "/real/a b/c/ä#.deed.yaml"), "file:///c%3A/%C3%A4%23.deed.yaml");
        assert_eq!(called(&[], &folders, "/real/a b"), "file:///link/a%20b");
        assert_eq!(called(&[], &folders, "/real/a bc/deed.yaml"), "file:///real/a%20bc/deed.yaml");
        assert_eq!(called(&[], &[("/", "file:///")], "/tmp/deed.yaml"), "file:///tmp/deed.yaml");
    }

    #[cfg(unix)]
    #[test]
    fn an_open_document_is_called_what_the_client_calls_it() {
        let uri = "file:///%74mp/deed.yaml";
        assert_eq!(called(&[uri], &[("/tmp", "file:///other")], "/tmp/deed.yaml"), uri);
    }

    #[test]
    fn paths_part_where_they_differ() {
        let parted = apart(Path::new("/real/x/deed.yaml"), Path::new("/link/x/deed.yaml"));
        assert_eq!(parted, Some((Path::new("/real"), Path::new("/link"))));
    }
}
