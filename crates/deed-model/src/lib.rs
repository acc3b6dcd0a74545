//! The register: who owns what, and who decided what, as typed subjects that know where they stand.
//!
//! In: parsed manifests ([`deed_syntax::Parse`]) with their paths. Out: a [`Workspace`] whose [`Register`] holds every
//! subject of every section, each field with its [`FileRange`]; questions of authority answered for any date
//! ([`Register::hats`] and what follows from it); the Annex A [`catalogue`].
//!
//! Lowering is lenient: a wrong `rating` does not hide the owner. What is missing or malformed is absent here and
//! reported by the schema or by a rule.
//!
//! Knows nothing of Git, rules, files on disk or the present day.
//!
//! Start at [`Workspace::new`], then [`register`], then [`authority`].

#![warn(clippy::disallowed_methods, reason = "the model does no I/O and reads no clock")]

pub mod authority;
pub mod catalogue;
mod changes;
mod date;
mod decision;
pub mod evidence;
mod lower;
mod organization;
mod people;
pub mod reads;
pub mod references;
pub mod register;
mod risks;
mod section;
mod span;
mod statement;
mod table;
mod workspace;

pub use changes::{Changes, OfFile};
pub use date::{Date, Period, PeriodUnit, parse_date};
pub use decision::{Decision, Verb};
pub use evidence::Level;
pub use organization::{EvidenceSettings, Ignore, Isms, LintSettings, OwnershipModel, Requirement, RuleSetting, Soa};
pub use people::{Authority, Competence, Department, Key, Layer, Person, PersonKind, Role};
pub use references::{Definition, Names, Reference};
pub use register::Register;
pub use risks::{Action, Delegation, Exception, LevelBound, Rating, Review, ReviewKind, Risk, RiskCriteria, Treatment};
pub use section::Section;
pub use span::{FileId, FileRange, Head, Spanned};
pub use statement::{Communication, Control, ControlStatus, EvidenceItem, Policy};
pub use table::{Place, Subject, Table};
pub use workspace::{Manifest, ROOT_MANIFESTS, Workspace, is_hidden, is_manifest, is_root_manifest};
