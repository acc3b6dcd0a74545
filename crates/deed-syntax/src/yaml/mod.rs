//! YAML text to a tree.
//!
//! A text without errors is read in one go (`reader`). At the first error `recover` takes over: a `trial` of each
//! `repair` that might do shows which loses least, and reading goes on behind it, `part` by part.

mod lines;
mod message;
mod part;
pub(crate) mod reader;
mod recover;
mod repair;
mod scan;
mod trial;

use crate::build::Builder;
use crate::parse::Tree;
use crate::yaml::reader::{Failure, Reader};
use crate::yaml::recover::Recovery;
use crate::{alias, duplicate};

/// Reads a whole text.
pub(crate) fn read(text: &str) -> Tree {
    let mut builder = Builder::new(text);
    let mut tree = match read_valid(text, &mut builder) {
        Ok(()) => builder.finish(),
        Err(failure) => Recovery::new(text, builder).run(failure),
    };
    alias::resolve(text, &mut tree);
    duplicate::find(text, &mut tree);
    tree
}

/// Reads a whole text without mending it; `None` at the first error.
pub(crate) fn read_sound(text: &str) -> Option<Tree> {
    let mut builder = Builder::new(text);
    read_valid(text, &mut builder).ok()?;
    let mut tree = builder.finish();
    alias::resolve(text, &mut tree);
    duplicate::find(text, &mut tree);
    Some(tree)
}

fn read_valid(text: &str, builder: &mut Builder<'_>) -> Result<(), Failure> {
    let mut reader = Reader::new(text, 0, text.len());
    while let Some(event) = reader.next() {
        let event = event?;
        let start = event.start();
        builder.event(event).map_err(|_| reader.too_deep(start))?;
    }
    Ok(())
}
