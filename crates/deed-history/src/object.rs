//! Reading objects, byte for byte as they are stored.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use git2::{ErrorCode, ObjectFormat, ObjectType};

use crate::Oid;
use crate::pack::{Packed, Packs, Reader};

/// What an object is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ObjectKind {
    /// A commit.
    Commit,
    /// A directory.
    Tree,
    /// The bytes of a file.
    Blob,
    /// An annotated tag.
    Tag,
}

/// Why an object could not be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ObjectError {
    /// It is not there: the clone is shallow or partial, or damaged.
    Missing(Oid),
    /// It is there and cannot be read, is of another kind, or has other bytes than its id says.
    Damaged(Oid, String),
    /// It is longer than asked for.
    TooLarge(Oid, usize),
}

impl fmt::Display for ObjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(id) => write!(f, "the object {id} is missing"),
            Self::Damaged(id, reason) => write!(f, "the object {id} cannot be read: {reason}"),
            Self::TooLarge(id, size) => write!(f, "the object {id} is too large, {size} bytes"),
        }
    }
}

impl std::error::Error for ObjectError {}

/// The objects of a repository.
pub struct Objects<'r> {
    git: git2::Odb<'r>,
    packs: RefCell<Reader>,
}

/// An object in memory.
pub struct Object<'o> {
    kind: ObjectKind,
    data: Data<'o>,
}

enum Data<'o> {
    Packed(Rc<Vec<u8>>),
    Git(git2::OdbObject<'o>),
}

impl Object<'_> {
    /// Returns what it is.
    #[must_use]
    pub fn kind(&self) -> ObjectKind {
        self.kind
    }

    /// Returns its bytes, without the header that is hashed with them.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        match &self.data {
            Data::Packed(bytes) => bytes,
            Data::Git(object) => object.data(),
        }
    }
}

impl<'r> Objects<'r> {
    pub(crate) fn new(git: git2::Odb<'r>, packs: Arc<Packs>) -> Self {
        Self { git, packs: RefCell::new(Reader::new(packs)) }
    }

    /// Reads an object of that kind. Its bytes are not checked against its id.
    pub fn read(&self, id: Oid, expected: ObjectKind) -> Result<Object<'_>, ObjectError> {
        self.read_up_to(id, expected, usize::MAX)
    }

    /// Reads an object as [`Objects::read`] does, unless it is longer than `limit` bytes.
    pub fn read_up_to(&self, id: Oid, expected: ObjectKind, limit: usize) -> Result<Object<'_>, ObjectError> {
        let (found, data) = match self.packs.borrow_mut().read(id, limit) {
            Packed::Object(kind, bytes) => (Some(kind), Data::Packed(bytes)),
            Packed::TooLarge(size) => return Err(ObjectError::TooLarge(id, size)),
            Packed::Elsewhere => {
                if limit < usize::MAX {
                    let (size, _) = self.git.read_header(id.to_git()).map_err(|error| reason(id, &error))?;
                    if size > limit {
                        return Err(ObjectError::TooLarge(id, size));
                    }
                }
                let object = self.git.read(id.to_git()).map_err(|error| reason(id, &error))?;
                (kind(object.kind()), Data::Git(object))
            }
        };
        match found {
            Some(kind) if kind == expected => Ok(Object { kind, data }),
            found => Err(ObjectError::Damaged(id, format!("it is {found:?}, not {expected:?}"))),
        }
    }

    /// Reads an object and hashes it: what comes back has the bytes that its id was made from, and no known way of
    /// making two objects of one SHA-1 id was used on it. Evidence is taken from such objects only.
    pub fn read_verified(&self, id: Oid, expected: ObjectKind) -> Result<Object<'_>, ObjectError> {
        let object = self.read(id, expected)?;
        let format = if id.as_bytes().len() == 20 { ObjectFormat::Sha1 } else { ObjectFormat::Sha256 };
        let kind = match expected {
            ObjectKind::Commit => ObjectType::Commit,
            ObjectKind::Tree => ObjectType::Tree,
            ObjectKind::Blob => ObjectType::Blob,
            ObjectKind::Tag => ObjectType::Tag,
        };
        match git2::Oid::hash_object_ext(kind, object.data(), format) {
            Ok(hash) if Oid::from_git(hash) == id => Ok(object),
            Ok(hash) => Err(ObjectError::Damaged(id, format!("its bytes hash to {hash}"))),
            Err(error) => Err(ObjectError::Damaged(id, error.message().to_owned())),
        }
    }

    /// Says whether an object is there.
    #[must_use]
    pub fn contains(&self, id: Oid) -> bool {
        self.git.exists(id.to_git())
    }
}

fn kind(kind: ObjectType) -> Option<ObjectKind> {
    match kind {
        ObjectType::Commit => Some(ObjectKind::Commit),
        ObjectType::Tree => Some(ObjectKind::Tree),
        ObjectType::Blob => Some(ObjectKind::Blob),
        ObjectType::Tag => Some(ObjectKind::Tag),
        ObjectType::Any => None,
    }
}

fn reason(id: Oid, error: &git2::Error) -> ObjectError {
    match error.code() {
        ErrorCode::NotFound => ObjectError::Missing(id),
        _ => ObjectError::Damaged(id, error.message().to_owned()),
    }
}
