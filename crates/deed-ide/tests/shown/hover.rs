//! Hover.

use crate::stage::Stage;

/// A register with one of everything.
pub(crate) const ACME: &str = r#"deed: 1
isms:
  organization: Acme Pay Ltd
  framework: iso27001-2022
  model: federated
  owner: ceo
  manager: isms-manager
  review: 12mo
  adopted: { by: ada, date: 2026-01-15 }
risk_criteria:
  likelihood: 5
  impact: 5
  levels: { low: 1, medium: 5, high: 10, critical: 17 }
  tolerance: medium
  max_acceptance: { high: 6mo }
people:
  ada: { name: Ada Moreau, emails: [ada@acme.example], joined: 2021-04-01 }
  ben: { name: "Ben *the* [Ode]", left: 2026-06-20 }
  chen: { name: Chen Li, keys: ["ssh-ed25519 AAAA chen"] }
  bots: { name: Bots, kind: service }
departments:
  it: { title: IT, head: head-of-it }
roles:
  ceo: { title: CEO, layer: executive, held_by: ada, authority: { accept_risk: critical, approve: [isms, policies], grant: [exceptions] } }
  isms-manager: { title: ISMS Manager, layer: isms, held_by: ben, reports_to: ceo }
  head-of-it: { title: Head of IT, layer: owner, department: it, held_by: chen, acting_until: 2026-07-07, deputy: ada, reports_to: ceo, authority: { accept_risk: high } }
  it-ops: { title: IT operations, department: it, held_by: bots, reports_to: head-of-it }
controls:
  A.8.8:
    applicable: true
    because: [risks.R-12]
    status: implemented
    owner: head-of-it
    review: 6mo
    accepted: { by: chen, date: 2026-02-11 }
  A.9.2.3: { owner: it-ops }
  A.7.4: { applicable: false, because: no premises of our own }
policies:
  access: { title: Access control, document: policies/access.md, owner: ceo, version: "3", classification: internal, approved: { by: ada, date: 2026-03-01 }, review: 12mo }
risks:
  R-12:
    title: Unpatched *payment* terminals
    owner: head-of-it
    inherent: { likelihood: 4, impact: 4 }
    treatment: mitigate
    controls: [A.8.8, A.5.1, A.12.6.1]
    plan: [{ action: Replace, by: chen, due: 2026-12-31 }, { action: Patch, done: 2026-05-01 }]
    residual: { likelihood: 2, impact: 3 }
    accepted: { by: ada, date: 2026-03-01, until: 2026-09-01, as: ceo, note: "terminals <b>retired</b>" }
exceptions:
  X-3: { control: A.8.8, reason: Legacy HSM, owner: head-of-it, granted: { by: ada, date: 2026-05-01, until: 2026-06-01 } }
delegations:
  D-1: { from: ceo, to: head-of-it, authority: { accept_risk: medium }, granted: { by: ada, date: 2026-02-01, until: 2026-12-31 } }
reviews:
  IA-1: { kind: internal-audit, lead: isms-manager, covers: [A.8.8], document: audit.md, held: { by: ben, date: 2026-05-12 } }
lint:
  rules: { paper-role: { severity: error, after: 6mo } }
"#;

#[track_caller]
fn check(stage: &Stage, piece: &str, expected: &str) {
    assert_eq!(stage.hover(piece), expected.trim());
}

#[test]
fn a_control_tells_who_answers_for_it() {
    let stage = Stage::text(ACME).quiet();
    check(
        &stage,
        "A.8$0.8:",
        r"
[A.8.8]
**A.8.8** Management of technical vulnerabilities

- *Technological · Preventive · Confidentiality, Integrity, Availability · Identify, Protect · Threat and vulnerability management*
- Accountable: Chen Li, acting, as `head-of-it` (Head of IT)
- Department: IT
- Reports to: CEO (Ada Moreau)
- Status: implemented
- Accepted: by Chen Li on 2026-02-11
- Next review by: 2026-08-11 (in 42 days)
- Named in: risks `R-12`, exceptions `X-3`, reviews `IA-1`",
    );
    check(
        &stage,
        "A.12.$06.1",
        r"
[A.12.6.1]
**A.12.6.1** of the 2013 edition

- Now: `A.8.8` Management of technical vulnerabilities",
    );
}

/// A register with decisions of all sorts of proof.
pub(crate) const ACCEPTED: &str = "
```yaml
people:
  mei: { name: Mei Tan, emails: [mei@acme.example], keys: [{ key: ssh-ed25519 AAAA… mei }] }
  ben: { name: Ben Ode, emails: [ben@acme.example], keys: [{ key: ssh-ed25519 AAAA… ben }] }
roles:
  cto: { layer: executive, held_by: mei, authority: { accept_risk: high } }
risks:
  R-5:
    owner: cto
    residual: { likelihood: 2, impact: 3 }
  R-6:
    owner: cto
```

```diff
commit 2026-06-18 by mei, signed with mei: Accept R-5
     owner: cto
     residual: { likelihood: 2, impact: 3 }
+    accepted: { by: mei, date: 2026-06-18, until: 2027-06-18 }
commit 2026-06-19 by mei, signed with ben: Accept R-6
   R-6:
     owner: cto
+    accepted: { by: mei, date: 2026-06-19 }
commit 2026-06-20 by ben: The new flood map
-    residual: { likelihood: 2, impact: 3 }
+    residual: { likelihood: 4, impact: 3 }
not committed:
+    approved: { by: mei, date: 2026-06-30 }
     residual: { likelihood: 4, impact: 3 }
```
";

#[test]
fn a_decision_tells_its_proof_and_what_would_raise_it() {
    let stage = Stage::played(ACCEPTED).quiet();
    check(
        &stage,
        "acc$0epted: { by: mei, date: 2026-06-18",
        r"
[accepted]
**accepted** by Mei Tan on 2026-06-18 until 2027-06-18 (in 12 months)

- **signed**: The commit carries a valid signature by a key that was the decider's before it.
- Recorded: 2026-06-18 in `32cf9dde85` “Accept R-5”
- Signed by: Mei Tan
- ⚠ outdated: `risks.R-5.residual` changed by Ben \<ben@acme.example\> in e568679f15 on 2026-06-20
- To count again: let Mei Tan accept it anew
- Accepts: 4 × 3 = 12",
    );
    check(
        &stage,
        "acc$0epted: { by: mei, date: 2026-06-19",
        r"
[accepted]
**accepted** by Mei Tan on 2026-06-19

- **recorded**: It is in history: somebody with write access wrote it.
- Recorded: 2026-06-19 in `ba3c7e9087` “Accept R-6”
- ⚠ signed by Ben Ode, who is not the decider
- To be *attributed*: let Mei Tan accept it anew, in a commit signed with a key of their own",
    );
}

#[test]
fn days_and_ratings_say_what_they_come_to() {
    let stage = Stage::text(ACME).quiet();
    check(&stage, "due: 2026$0", "[2026-12-31]\nDue: **2026-12-31**, in 6 months");
    let rated = stage.hover("inh$0erent:");
    assert!(rated.ends_with("- Here: 4 × 4 = 16, **high**"), "{rated}");
}

#[test]
fn whoever_may_not_decide_any_more_is_not_asked_to() {
    let stage = Stage::played(
        "
```yaml
people:
  mei: { name: Mei Tan, emails: [mei@acme.example] }
  ben: { name: Ben Ode, emails: [ben@acme.example] }
roles:
  cto: { title: CTO, held_by: mei }
```

```diff
commit 2026-06-18 by mei: Take the role on
-  cto: { title: CTO, held_by: mei }
+  cto: { title: CTO, held_by: mei, acknowledged: { by: mei, date: 2026-06-18 } }
commit 2026-06-20 by ben: Take it over
-  cto: { title: CTO, held_by: mei, acknowledged: { by: mei, date: 2026-06-18 } }
+  cto: { title: CTO, held_by: ben, acknowledged: { by: mei, date: 2026-06-18 } }
```
",
    )
    .quiet();
    let shown = stage.hover("ackn$0owledged");
    assert!(shown.ends_with("- To count again: let whoever may decide it now acknowledge it anew"), "{shown}");
}
