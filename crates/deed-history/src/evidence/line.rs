//! The evidence branch: which commits are on it, on which of them the others stand, which brought the others in.

use crate::{Graph, MISSING};

/// The first-parent line of the evidence branch, seen from every commit.
pub(super) struct Line {
    /// The tip of the branch, or else what is judged.
    pub(super) tip: u32,
    /// Whether a commit is on the line.
    pub(super) on: Vec<bool>,
    /// By commit, the youngest commit of the line it stands on and is not; [`MISSING`] where there is none.
    base: Vec<u32>,
    /// By commit, the commit of the line that brought it in; [`MISSING`] where none has.
    landed: Vec<u32>,
}

impl Line {
    /// `floor` is the youngest commit that anything may stand on: what came later counts for none of what is judged.
    pub(super) fn new(graph: &Graph, tip: u32, floor: Option<u32>) -> Self {
        let mut line: Vec<u32> = graph.first_parents_of(tip).collect();
        let mut on = vec![false; graph.len()];
        line.iter().for_each(|commit| on[*commit as usize] = true);
        let mut base = vec![MISSING; graph.len()];
        for commit in (0..graph.len()).rev() {
            let parents = graph.parents(u32::try_from(commit).unwrap_or(MISSING));
            base[commit] = if on[commit] {
                parents.first().copied().unwrap_or(MISSING)
            } else {
                // Of two commits on a line the one with the smaller index is the younger.
                let here = parents.iter().filter(|parent| **parent != MISSING);
                here.map(|parent| if on[*parent as usize] { *parent } else { base[*parent as usize] })
                    .min()
                    .unwrap_or(MISSING)
            };
            if let Some(floor) = floor.filter(|floor| base[commit] < *floor) {
                base[commit] = floor;
            }
        }
        let mut landed = vec![MISSING; graph.len()];
        line.reverse();
        for adopting in line {
            let mut pending = vec![adopting];
            while let Some(commit) = pending.pop() {
                if landed[commit as usize] == MISSING {
                    landed[commit as usize] = adopting;
                    pending.extend(graph.parents(commit).iter().filter(|parent| **parent != MISSING));
                }
            }
        }
        Self { tip, on, base, landed }
    }

    /// Returns the youngest commit of the line that a commit stands on.
    pub(super) fn base(&self, commit: u32) -> Option<u32> {
        Some(self.base[commit as usize]).filter(|base| *base != MISSING)
    }

    /// Returns the commit of the line that brought a commit in.
    pub(super) fn landed(&self, commit: u32) -> Option<u32> {
        Some(self.landed[commit as usize]).filter(|landed| *landed != MISSING)
    }
}
