//! Files that came of another under another name.

use deed_syntax::Format;
use rustc_hash::FxHashSet;

use super::document::Version;
use super::lineage::Found;
use super::{MAX_SIZE, is_readable};
use crate::tree::Scope;
use crate::value::{self, IDENTITY};
use crate::{ObjectError, ObjectKind, Objects, Oid, Trees};

/// With more files gone in one commit, only those of the same name are compared.
const MANY: usize = 64;

/// Looks for the file that another came of, among those that a commit removed.
pub(super) struct Renames<'a, 'r> {
    objects: &'a Objects<'r>,
    /// What was found out about one step of history; files that moved mostly moved together.
    step: Option<Step>,
}

struct Step {
    trees: (Oid, Oid),
    /// Sorted by path.
    gone: Vec<Gone>,
}

struct Gone {
    path: Box<[u8]>,
    blob: Oid,
    /// The blob is there under another name, so that nothing else came of it.
    moved: bool,
    /// `None` until it is read.
    traits: Option<Result<Traits, ObjectError>>,
}

/// What makes a file that file.
struct Traits {
    /// Path and value of its leaves, sorted.
    leaves: Vec<(u64, u64)>,
    /// The steps of its uppermost fields.
    top: FxHashSet<u64>,
    /// The value of its `id`.
    id: Option<u64>,
}

struct AnyReadable;

impl Scope for AnyReadable {
    fn enters(&self, _: &[u8]) -> bool {
        true
    }

    fn keeps(&self, _: &[u8], name: &[u8]) -> bool {
        is_readable(name)
    }
}

impl<'a, 'r> Renames<'a, 'r> {
    pub(super) fn new(objects: &'a Objects<'r>) -> Self {
        Self { objects, step: None }
    }

    /// Returns what a file that is in the tree `new` and not in `old` was in `old`.
    pub(super) fn source(&mut self, trees: &Trees<'r, 'a>, old: Oid, new: Oid, path: &[u8], blob: Oid) -> Found {
        if self.step.as_ref().is_none_or(|step| step.trees != (old, new)) {
            match Step::look(trees, old, new) {
                Ok(step) => self.step = Some(step),
                Err(_) => return Found::Unknown,
            }
        }
        let step = self.step.as_mut().expect("it was looked up");
        if step.gone.is_empty() {
            return Found::Nothing;
        }
        let same_name = |gone: &Gone| name(&gone.path) == name(path);
        let exact = step.gone.iter().filter(|gone| gone.blob == blob);
        if let Some(gone) = exact.min_by_key(|gone| !same_name(gone)) {
            return Found::File(gone.path.clone(), gone.blob);
        }
        let many = step.gone.iter().filter(|gone| !gone.moved).count() > MANY;
        let mut candidates = step.gone.iter_mut().filter(|gone| !gone.moved && (!many || same_name(gone))).peekable();
        if candidates.peek().is_none() {
            return Found::Nothing;
        }
        let traits = match Traits::read(self.objects, path, blob) {
            Ok(Some(traits)) => traits,
            Ok(None) => return Found::Nothing,
            Err(_) => return Found::Unknown,
        };
        let mut best: Option<((usize, bool), &Gone)> = None;
        for gone in candidates {
            let read = || match Traits::read(self.objects, &gone.path, gone.blob) {
                Ok(traits) => Ok(traits.unwrap_or(Traits { leaves: vec![], top: FxHashSet::default(), id: None })),
                Err(error) => Err(error),
            };
            if gone.traits.is_none() {
                gone.traits = Some(read());
            }
            let Some(Ok(other)) = &gone.traits else { return Found::Unknown };
            let Some(common) = traits.agree(other) else { continue };
            let rank = (common, same_name(gone));
            if best.as_ref().is_none_or(|(best, _)| rank > *best) {
                best = Some((rank, gone));
            }
        }
        best.map_or(Found::Nothing, |(_, gone)| Found::File(gone.path.clone(), gone.blob))
    }
}

impl Step {
    fn look(trees: &Trees<'_, '_>, old: Oid, new: Oid) -> Result<Self, ObjectError> {
        let (mut gone, mut come) = (Vec::new(), FxHashSet::default());
        trees.differing(Some(old), Some(new), &AnyReadable, &mut |path, old, new| match (old, new) {
            (Some(blob), None) => gone.push(Gone { path: path.into(), blob, moved: false, traits: None }),
            (None, Some(blob)) => {
                come.insert(blob);
            }
            _ => {}
        })?;
        gone.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        gone.iter_mut().for_each(|gone| gone.moved = come.contains(&gone.blob));
        Ok(Self { trees: (old, new), gone })
    }
}

impl Traits {
    /// `None` for a file that cannot be read as a document.
    fn read(objects: &Objects<'_>, path: &[u8], blob: Oid) -> Result<Option<Self>, ObjectError> {
        let object = match objects.read_up_to(blob, ObjectKind::Blob, MAX_SIZE) {
            Ok(object) => object,
            Err(ObjectError::TooLarge(..)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let format = Format::of_path(&String::from_utf8_lossy(path));
        let Some(version) = Version::read(object.data(), format, None) else { return Ok(None) };
        let leaves = version.leaves();
        let root = version.documents.first().and_then(|document| document.root.as_deref());
        let top = root.map(|root| root.entries.iter().map(|entry| entry.step).collect()).unwrap_or_default();
        let id = root.and_then(|root| Some(root.field(value::named_field(IDENTITY[0]))?.value));
        Ok(Some(Self { leaves, top, id }))
    }

    /// Returns how many leaves are the same, if these are two forms of one file: most leaves are the same and at least
    /// half of the uppermost keys. Two with different `id`s are two files.
    fn agree(&self, other: &Self) -> Option<usize> {
        if self.id.is_some() && other.id.is_some() && self.id != other.id {
            return None;
        }
        if self.top.intersection(&other.top).count() * 2 < self.top.len().max(other.top.len()) {
            return None;
        }
        let (mut common, mut at) = (0, 0);
        for leaf in &self.leaves {
            while other.leaves.get(at).is_some_and(|other| other < leaf) {
                at += 1;
            }
            if other.leaves.get(at) == Some(leaf) {
                common += 1;
                at += 1;
            }
        }
        (common * 2 > self.leaves.len().max(other.leaves.len())).then_some(common)
    }
}

fn name(path: &[u8]) -> &[u8] {
    path.rsplit(|byte| *byte == b'/').next().unwrap_or(path)
}
