//! What Git proves: which commit gave a value, who made it, whose key signed it.
//!
//! In: a repository and a revision. Out: for any YAML and JSON files the commit that gave each value its present form
//! (semantic blame), and for a register the evidence of each decision.
//!
//! Git is read in process through libgit2 and never run. Of what a local clone can say about history, only objects are
//! believed: never `.mailmap`, replace refs, grafts, reflogs or notes.
//!
//! Knows nothing of rules, rendering or the present day.
