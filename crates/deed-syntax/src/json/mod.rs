//! JSON text to a tree: RFC 8259 and nothing more.
//!
//! `lexer` makes tokens, `parser` makes events of them and goes on behind errors.

mod lexer;
mod parser;

use crate::build::Builder;
use crate::json::parser::Parser;
use crate::parse::Tree;
use crate::{duplicate, mask};

/// Reads a whole text.
pub(crate) fn read(text: &str) -> Tree {
    let mut work = None;
    let mut conflicts = Vec::new();
    // No line of JSON starts like this.
    if text.starts_with("<<<<<<<") || text.contains("\n<<<<<<<") || text.contains("\n>>>>>>>") {
        let mut masked = text.to_owned();
        conflicts = mask::conflicts(&mut masked);
        work = Some(masked);
    }
    let work = work.as_deref().unwrap_or(text);
    let mut parser = Parser::new(work, Builder::new(text), false);
    parser.run();
    if parser.has_bracket_errors {
        // Where brackets do not match, the indentation tells which one is missing, if it is regular.
        let mut guided = Parser::new(work, Builder::new(text), true);
        guided.run();
        if guided.errors() <= parser.errors() {
            parser = guided;
        }
    }
    let mut tree = parser.finish();
    tree.errors.append(&mut conflicts);
    duplicate::find(text, &mut tree);
    tree
}
