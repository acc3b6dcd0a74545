//! All files, one after the other, on several threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use deed_syntax::{Format, parse_sound};

use super::advance::Boundary;
use super::compare::Head;
use super::document::Version;
use super::flow::{Flow, Origin, Source};
use super::lineage::Lineage;
use super::{BlameEntry, MAX_SIZE, Unreadable};
use crate::value::{Leaf, Values};
use crate::{HistoryError, ObjectError, ObjectKind, Objects, Repository};

/// Fewer files than this for each thread are not worth one.
const ENOUGH: usize = 512;

/// The leaves of a file with their sources.
pub(super) struct Leaves {
    pub(super) text: Box<str>,
    pub(super) outcome: Result<Vec<(BlameEntry, Source)>, Unreadable>,
    /// More of history is needed than could be seen.
    pub(super) deep: bool,
}

impl Leaves {
    fn none(why: Unreadable) -> Self {
        Self { text: "".into(), outcome: Err(why), deep: false }
    }
}

/// Follows the leaves of all files that were asked for.
pub(super) fn follow(
    repository: &Repository,
    lineage: &Lineage,
    boundary: Option<&Boundary<'_>>,
    threads: usize,
) -> Result<Vec<Leaves>, HistoryError> {
    let threads = threads.min(lineage.heads.len() / ENOUGH + 1);
    let next = AtomicUsize::new(0);
    let found: Mutex<Vec<(usize, Leaves)>> = Mutex::new(Vec::with_capacity(lineage.heads.len()));
    let work = |repository: &Repository| -> Result<(), HistoryError> {
        let objects = repository.objects()?;
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(&head) = lineage.heads.get(index) else { return Ok(()) };
            let leaves = file(&objects, lineage, head, boundary);
            found.lock().unwrap_or_else(PoisonError::into_inner).push((index, leaves));
        }
    };
    if threads <= 1 {
        work(repository)?;
    } else {
        let others = (1..threads).map(|_| repository.reopen()).collect::<Result<Vec<_>, _>>()?;
        std::thread::scope(|scope| {
            let work = &work;
            let others: Vec<_> = others.into_iter().map(|other| scope.spawn(move || work(&other))).collect();
            work(repository)?;
            others
                .into_iter()
                .try_for_each(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        })?;
    }
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort_unstable_by_key(|(index, _)| *index);
    Ok(found.into_iter().map(|(_, leaves)| leaves).collect())
}

fn file(objects: &Objects<'_>, lineage: &Lineage, head: u32, boundary: Option<&Boundary<'_>>) -> Leaves {
    let point = lineage.point(head);
    let object = match objects.read_up_to(point.blob, ObjectKind::Blob, MAX_SIZE) {
        Ok(object) => object,
        Err(ObjectError::TooLarge(_, size)) => return Leaves::none(Unreadable::TooLarge(size)),
        Err(_) => return Leaves::none(Unreadable::Missing),
    };
    let Ok(text) = std::str::from_utf8(object.data()) else { return Leaves::none(Unreadable::Syntax) };
    let format = Format::of_path(&String::from_utf8_lossy(&lineage.paths[point.path as usize]));
    let broken = || Leaves { text: text.into(), outcome: Err(Unreadable::Syntax), deep: false };
    let Some(parse) = parse_sound(text, format) else { return broken() };
    // A file that nothing else came before has all its values from one commit.
    let is_first = lineage.edges(head).is_empty() && boundary.is_none_or(|boundary| !boundary.is_known(point.commit));
    let version = if is_first { None } else { Version::of(&parse) };
    let mut identities = version.iter().flat_map(Version::identities);
    let mut values = Values::new(&parse);
    let (mut leaves, mut documents, mut ends) = (Vec::new(), Vec::new(), Vec::new());
    for root in parse.documents() {
        documents.push((identities.next().flatten(), values.outline(root, &mut leaves)));
        ends.push(leaves.len());
    }
    drop(identities);
    let head_values = Head { documents };
    let (sources, deep) = match version {
        Some(version) => Flow::run(objects, lineage, boundary, &head_values, head, version, leaves.len()),
        None if is_first => {
            let source = Source { origin: Some(Origin::Point(head)), adoption: Some(point.commit) };
            (vec![source; leaves.len()], false)
        }
        None => return broken(),
    };
    let entry = |(index, leaf): (usize, Leaf)| BlameEntry {
        path: leaf.display,
        document: ends.partition_point(|end| *end <= index) as u32,
        range: leaf.range,
        commit: None,
        adoption: None,
        origin_path: None,
    };
    let entries = leaves.into_iter().enumerate().map(entry).zip(sources).collect();
    Leaves { text: text.into(), outcome: Ok(entries), deep }
}
