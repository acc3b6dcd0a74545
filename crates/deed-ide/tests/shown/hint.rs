//! Inlay hints.

use deed_ide::HintKind;
use deed_model::FileId;
use deed_syntax::{TextRange, TextSize};

use crate::hover::ACME;
use crate::stage::Stage;

/// The lines of a manifest with the hints in them.
fn hinted(stage: &Stage, kinds: &[HintKind]) -> String {
    let text = stage.workspace.manifest(FileId(0)).parse.text().to_owned();
    let all = stage.analysis().hints(FileId(0), TextRange::up_to(TextSize::of(text.as_str())));
    let mut shown = text.clone();
    for hint in all.iter().rev().filter(|hint| kinds.contains(&hint.kind)) {
        let more = hint.tooltip.as_ref().map(|more| format!("|{more}")).unwrap_or_default();
        shown.insert_str(hint.offset.into(), &format!("«{}{more}»", hint.label));
    }
    shown.lines().filter(|line| line.contains('«')).map(|line| line.trim().to_owned() + "\n").collect()
}

#[test]
fn ids_have_their_titles_behind_them() {
    assert_eq!(hinted(&Stage::text(ACME), &[HintKind::Title]), r#"
owner: ceo«CEO (Ada Moreau)»
manager: isms-manager«ISMS Manager»
adopted: { by: ada«Ada Moreau», date: 2026-01-15 }
it: { title: IT, head: head-of-it«Head of IT (Chen Li)» }
ceo: { title: CEO, layer: executive, held_by: ada«Ada Moreau», authority: { accept_risk: critical, approve: [isms, policies], grant: [exceptions] } }
isms-manager: { title: ISMS Manager, layer: isms, held_by: ben«Ben *the* [Ode]», reports_to: ceo«CEO (Ada Moreau)» }
head-of-it: { title: Head of IT, layer: owner, department: it, held_by: chen«Chen Li», acting_until: 2026-07-07, deputy: ada«Ada Moreau», reports_to: ceo«CEO (Ada Moreau)», authority: { accept_risk: high } }
it-ops: { title: IT operations, department: it, held_by: bots, reports_to: head-of-it«Head of IT (Chen Li)» }
because: [risks.R-12«Unpatched *payment* terminals»]
owner: head-of-it«Head of IT (Chen Li)»
accepted: { by: chen«Chen Li», date: 2026-02-11 }
A.9.2.3: { owner: it-ops«IT operations» }
access: { title: Access control, document: policies/access.md, owner: ceo«CEO (Ada Moreau)», version: "3", classification: internal, approved: { by: ada«Ada Moreau», date: 2026-03-01 }, review: 12mo }
owner: head-of-it«Head of IT (Chen Li)»
controls: [A.8.8«Management of technical vulnerabilities», A.5.1«Policies for information security», A.12.6.1]
plan: [{ action: Replace, by: chen«Chen Li», due: 2026-12-31 }, { action: Patch, done: 2026-05-01 }]
accepted: { by: ada«Ada Moreau», date: 2026-03-01, until: 2026-09-01, as: ceo«CEO (Ada Moreau)», note: "terminals <b>retired</b>" }
X-3: { control: A.8.8«Management of technical vulnerabilities», reason: Legacy HSM, owner: head-of-it«Head of IT (Chen Li)», granted: { by: ada«Ada Moreau», date: 2026-05-01, until: 2026-06-01 } }
D-1: { from: ceo«CEO (Ada Moreau)», to: head-of-it«Head of IT (Chen Li)», authority: { accept_risk: medium }, granted: { by: ada«Ada Moreau», date: 2026-02-01, until: 2026-12-31 } }
IA-1: { kind: internal-audit, lead: isms-manager«ISMS Manager», covers: [A.8.8«Management of technical vulnerabilities»], document: audit.md, held: { by: ben«Ben *the* [Ode]», date: 2026-05-12 } }
"#.trim_start());
}

#[test]
fn ratings_have_their_levels_and_days_their_distance() {
    assert_eq!(hinted(&Stage::text(ACME), &[HintKind::Level, HintKind::Distance]), r#"
ben: { name: "Ben *the* [Ode]", left: 2026-06-20«10 days ago» }
head-of-it: { title: Head of IT, layer: owner, department: it, held_by: chen, acting_until: 2026-07-07«in 7 days», deputy: ada, reports_to: ceo, authority: { accept_risk: high } }
inherent: { likelihood: 4, impact: 4 }«16 · high|likelihood × impact»
plan: [{ action: Replace, by: chen, due: 2026-12-31«in 6 months» }, { action: Patch, done: 2026-05-01 }]
residual: { likelihood: 2, impact: 3 }«6 · medium|likelihood × impact»
accepted: { by: ada, date: 2026-03-01, until: 2026-09-01«in 2 months», as: ceo, note: "terminals <b>retired</b>" }
X-3: { control: A.8.8, reason: Legacy HSM, owner: head-of-it, granted: { by: ada, date: 2026-05-01, until: 2026-06-01«expired 29 days ago» } }
D-1: { from: ceo, to: head-of-it, authority: { accept_risk: medium }, granted: { by: ada, date: 2026-02-01, until: 2026-12-31«in 6 months» } }
"#.trim_start());
}
