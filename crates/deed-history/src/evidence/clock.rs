//! What the order of commits says of their times, which are claims.
//!
//! A commit was made after everything it stands on, however far back its clock was set. So it happened no earlier than
//! the latest time that it or any of its ancestors claims. Only who claims a day that has not come yet is not believed:
//! one clock that ran ahead would make liars of all that came after.

use deed_model::Date;

use crate::signature::Interval;
use crate::{Graph, MISSING, Time};

/// How many seconds apart the clocks of two honest machines may be.
pub(super) const SKEW: i64 = 5 * 60;

const DAY: i64 = 86_400;

/// The earliest that each commit can have been made.
pub(super) struct Clock {
    /// By commit, whether its own time is believed.
    believed: Vec<bool>,
    /// By commit, whose time that is: its own or an ancestor's; [`MISSING`] where none is believed.
    by: Vec<u32>,
    today: Option<Date>,
}

impl Clock {
    /// Reads the clocks of a graph on some day; `None` believes any.
    pub(super) fn new(graph: &Graph, today: Option<Date>) -> Self {
        let all = 0..u32::try_from(graph.len()).unwrap_or(MISSING);
        let believed = all.map(|commit| !is_future(graph.time(commit), today)).collect();
        let mut clock = Self { believed, by: Vec::new(), today };
        clock.read(graph);
        clock
    }

    fn read(&mut self, graph: &Graph) {
        let mut by = vec![MISSING; graph.len()];
        for commit in (0..u32::try_from(graph.len()).unwrap_or(MISSING)).rev() {
            let before = graph.parents(commit).iter().filter(|parent| **parent != MISSING);
            let before = before.map(|parent| by[*parent as usize]).filter(|latest| *latest != MISSING);
            let own = Some(commit).filter(|commit| self.is_believed(*commit));
            // Of equal times a commit's own comes last, and counts.
            by[commit as usize] = before.chain(own).max_by_key(|at| graph.time(*at)).unwrap_or(MISSING);
        }
        self.by = by;
    }

    pub(super) fn is_believed(&self, commit: u32) -> bool {
        self.believed[commit as usize]
    }

    /// Believes the time of a commit no longer.
    pub(super) fn disbelieve(&mut self, graph: &Graph, commit: u32) {
        self.believed[commit as usize] = false;
        self.read(graph);
    }

    /// Returns the commit below a commit that claims to be younger, and is believed.
    pub(super) fn contradicted_by(&self, graph: &Graph, commit: u32) -> Option<u32> {
        let bound = self.bound(commit).filter(|_| self.is_believed(commit))?;
        (graph.time(bound).saturating_sub(graph.time(commit)) > SKEW).then_some(bound)
    }

    /// Returns between when something was made upon what was made at a time, by its own account. One that contradicts the
    /// order, or claims a day that has not come, tells nothing: it was made by today.
    pub(super) fn between(&self, not_before: Time, claimed: Time) -> Interval {
        let is_lie =
            claimed.seconds.saturating_add(SKEW) < not_before.seconds || is_future(claimed.seconds, self.today);
        let now = self.today.filter(|_| is_lie).map(|today| {
            let days = Date::constant(1970, 1, 1).until(today).map_or(0, |span| i64::from(span.get_days()));
            Time { seconds: days * DAY, offset_minutes: 0 }
        });
        Interval::between(not_before, now.unwrap_or(claimed))
    }

    /// Returns the commit whose time is the earliest that a commit can have been made; itself if its clock is believed.
    pub(super) fn bound(&self, commit: u32) -> Option<u32> {
        Some(self.by[commit as usize]).filter(|by| *by != MISSING)
    }

    /// Whether a commit's own time proves nothing: one it stands on is younger, or it is yet to come.
    pub(super) fn is_wrong(&self, graph: &Graph, commit: u32) -> bool {
        let bound = self.by[commit as usize];
        if bound == commit {
            return false;
        }
        let ahead = if bound == MISSING { i64::MIN } else { graph.time(bound).saturating_sub(graph.time(commit)) };
        // Where what it stands on is older all the same, its own time was not believed.
        !(0..=SKEW).contains(&ahead)
    }
}

/// Whether a time lies on a day that has not come yet, wherever.
fn is_future(time: i64, today: Option<Date>) -> bool {
    let day = deed_model::evidence::day_of(time, 0);
    // Today has begun elsewhere.
    today.is_some_and(|today| day > today.tomorrow().unwrap_or(today))
}

/// Returns which of some times, in order of events, are believed if as few clocks as possible are to be wrong: a longest
/// row of times that do not go back.
pub(super) fn believed(times: &[i64]) -> Vec<bool> {
    // The ends of the rows of each length, and what stands before each time in its row.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(times.len());
    for (at, time) in times.iter().enumerate() {
        let len = ends.partition_point(|end| times[*end] <= *time);
        before.push(len.checked_sub(1).map(|last| ends[last]));
        match ends.get_mut(len) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut believed = vec![false; times.len()];
    let mut next = ends.last().copied();
    while let Some(at) = next {
        believed[at] = true;
        next = before[at];
    }
    believed
}

/// The moment of a commit as its committer claims it.
pub(super) fn moment(facts: &deed_model::evidence::CommitFacts) -> Time {
    Time { seconds: facts.committer.time, offset_minutes: facts.committer.offset }
}

#[cfg(test)]
mod tests {
    use super::believed;

    #[test]
    fn the_few_clocks_that_contradict_the_many_are_wrong() {
        assert!(believed(&[]).is_empty());
        assert_eq!(believed(&[1, 2, 99, 3, 4]), [true, true, false, true, true]);
        assert_eq!(believed(&[5, 6, 0, 7]), [true, true, false, true]);
        assert_eq!(believed(&[5, 5, 6]), [true, true, true]);
    }
}
