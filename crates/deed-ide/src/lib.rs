//! What an editor asks about manifests.
//!
//! In: one [`Analysis`], which borrows a workspace as it stands in the editor, what the rules said of it, and what history
//! shows of it; a [`Place`] in it. Out: plain data with byte ranges.
//!
//! Knows nothing of the protocol, lines and columns, Git, files on disk or the clock. Nothing here changes anything: what
//! would change a manifest is handed out as edits.
//!
//! Start at [`Analysis`]; each feature is one module with one or two methods on it.

#![warn(clippy::disallowed_methods, reason = "what a feature says depends on nothing but the analysis")]

mod actions;
mod analysis;
mod completion;
mod decide;
mod distance;
mod hierarchy;
mod hint;
mod hover;
mod lens;
mod link;
mod markdown;
mod name;
mod navigation;
mod overview;
mod recording;
mod rename;
mod structure;
mod symbols;
mod token;

pub use actions::{Action, ActionKind};
pub use analysis::{Analysis, Place};
pub use completion::{Completion, CompletionKind, CompletionOptions};
pub use hierarchy::{ReportingRole, ReportingStep};
pub use hint::{Hint, HintKind};
pub use hover::Hover;
pub use lens::{Lens, LensTarget};
pub use link::{Link, LinkTarget};
pub use markdown::plain_text;
pub use name::{Named, Thing};
pub use navigation::Highlight;
pub use overview::{DecisionRow, Item, Overview};
pub use recording::{Beside, decision_text, record};
pub use rename::RenameError;
pub use symbols::{Symbol, SymbolKind};
pub use token::{Modifiers, Token, TokenKind};
