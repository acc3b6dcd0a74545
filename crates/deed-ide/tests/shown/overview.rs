//! The overview of the evidence.

use deed_ide::{DecisionRow, Item};

use crate::hover::{ACCEPTED, ACME};
use crate::stage::Stage;

fn items(stage: &Stage, items: &[Item]) -> String {
    let show = |item: &Item| format!("{} ({}): {} @ {}\n", item.address, item.title, item.why, stage.text_at(item.at));
    items.iter().map(show).collect()
}

#[track_caller]
fn waiting(me: &str, expected: &str) {
    let stage = Stage::text(ACME).by(me);
    assert_eq!(items(&stage, &stage.analysis().overview().waiting), expected.trim_start(), "{me}");
}

#[test]
fn what_waits_for_somebody_is_what_they_may_decide() {
    waiting(
        "ada",
        "
exceptions.X-3.granted (Legacy HSM): it has ended (2026-06-01) @ 2026-06-01
isms.approved (ISMS): nobody has @ isms
roles.ceo.acknowledged (CEO): not acknowledged yet @ ceo
",
    );
    waiting(
        "chen",
        "
roles.head-of-it.acknowledged (Head of IT): not acknowledged yet @ head-of-it
risks.R-12.approved (Unpatched *payment* terminals): nobody has @ R-12
",
    );
    waiting("ben", "");
    waiting("nobody-knows-me", "");
}

#[test]
fn what_comes_down_to_nobody_is_unowned() {
    let stage = Stage::text(
        "
people: { ada: { name: Ada }, bots: { kind: service }, gone: { name: Gone, left: 2026-01-01 } }
roles: { ceo: { held_by: ada }, ops: { held_by: bots }, free: {} }
controls: { A.5.1: { owner: ceo }, A.5.2: { owner: ops }, A.5.3: { applicable: false }, A.5.4: {} }
policies: { access: { title: Access, owner: gone }, backup: { owner: typo } }
risks: { R-1: { owner: [ada, ceo] }, R-2: { owner: free }, R-3: { closed: 2026-01-01 } }
",
    );
    assert_eq!(
        items(&stage, &stage.analysis().overview().unowned),
        "
controls.A.5.2 (Information security roles and responsibilities): `ops` is held by bots, who is no person @ ops
controls.A.5.4 (Management responsibilities): nobody owns it @ A.5.4
policies.access (Access): Gone cannot answer for anything today @ gone
policies.backup (policy): nobody knows `typo` @ typo
risks.R-1 (risk): several are named, so that none is accountable @ ada
risks.R-2 (risk): `free` is held by nobody @ free
"
        .trim_start()
    );
}

#[test]
fn decisions_come_with_their_proof() {
    let stage = Stage::played(ACCEPTED).by("mei");
    let overview = stage.analysis().overview();
    let show = |row: &DecisionRow| {
        let level = row.level.map_or("?", |level| level.name());
        let (commit, recorded) = (row.commit.as_deref().unwrap_or("-"), row.recorded.map(|day| day.to_string()));
        format!(
            "{} by {} on {}: {level} {} {}{} {:?}\n",
            row.address,
            row.by.as_deref().unwrap_or("-"),
            row.date.map(|date| date.to_string()).unwrap_or_default(),
            &commit[..7],
            recorded.unwrap_or_default(),
            if row.outdated { ", outdated" } else { "" },
            row.problems
        )
    };
    assert_eq!(
        overview.decisions.iter().map(show).collect::<String>(),
        "
risks.R-5.accepted by Mei Tan on 2026-06-18: signed 32cf9dd 2026-06-18, outdated [\"outdated: `risks.R-5.residual` changed by Ben <ben@acme.example> in e568679f15 on 2026-06-20\"]
risks.R-6.accepted by Mei Tan on 2026-06-19: recorded ba3c7e9 2026-06-19 [\"signed by Ben Ode, who is not the decider\"]
"
        .trim_start()
    );
    assert_eq!(overview.branch.as_deref(), Some("main"));
    // Mei's role lets her decide nothing about risks here that is not hers already but anew.
    let ids: Vec<_> = overview.waiting.iter().map(|item| item.address.as_str()).collect();
    assert_eq!(ids, ["roles.cto.acknowledged"]);
}
