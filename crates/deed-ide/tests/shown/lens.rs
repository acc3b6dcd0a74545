//! Lenses.

use deed_ide::LensTarget;

use crate::hover::{ACCEPTED, ACME};
use crate::stage::Stage;

/// Each lens: what it stands at, what it says, what it leads to.
fn lenses(stage: &Stage) -> String {
    let mut shown = String::new();
    for (file, _) in stage.workspace.files() {
        for lens in stage.analysis().lenses(file) {
            let target = match &lens.target {
                LensTarget::Evidence(address) => address.clone(),
                LensTarget::Places(places) => places.iter().map(|at| stage.text_at(*at)).collect::<Vec<_>>().join(" "),
            };
            shown += &format!("{} | {} | {target}\n", stage.text_at(lens.range), lens.title);
        }
    }
    shown
}

#[test]
fn subjects_say_what_they_own_and_who_names_them() {
    assert_eq!(
        lenses(&Stage::text(ACME)),
        r#"
ada | owns the ISMS, 1 policy | isms access
ada | 7 references | ada ada ada ada ada ada ada
ben | 2 references | ben ben
chen | owns 1 control, 1 risk, 1 exception | A.8.8 R-12 X-3
chen | 3 references | chen chen chen
bots | 1 reference | bots
it | owns 2 controls, 1 risk, 1 exception | A.8.8 R-12 X-3 A.9.2.3
it | 2 references | it it
ceo | owns the ISMS, 1 policy | isms access
ceo | 6 references | ceo ceo ceo ceo ceo ceo
isms-manager | 2 references | isms-manager isms-manager
head-of-it | owns 1 control, 1 risk, 1 exception | A.8.8 R-12 X-3
head-of-it | 6 references | head-of-it head-of-it head-of-it head-of-it head-of-it head-of-it
it-ops | owns 1 control | A.9.2.3
it-ops | 1 reference | it-ops
A.8.8 | 3 references | A.8.8 A.8.8 A.8.8
R-12 | 1 reference | R-12
"#
        .trim_start()
    );
}

#[test]
fn decisions_say_what_proves_them() {
    assert_eq!(
        lenses(&Stage::played(ACCEPTED)),
        r#"
mei | owns 2 risks | R-5 R-6
mei | 3 references | mei mei mei
cto | owns 2 risks | R-5 R-6
cto | 2 references | cto cto
accepted | outdated: residual changed since | risks.R-5.accepted
accepted | recorded only: signed by Ben Ode, who is not the decider | risks.R-6.accepted
"#
        .trim_start()
    );
}
