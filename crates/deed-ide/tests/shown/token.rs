//! Semantic tokens.

use deed_ide::TokenKind;
use deed_model::FileId;

use crate::stage::Stage;

/// Each token: its word, what it is, and what more is to be seen of it.
fn tokens(stage: &Stage) -> Vec<String> {
    let text = stage.workspace.manifest(FileId(0)).parse.text();
    let all = stage.analysis().tokens(FileId(0));
    let show = |token: &deed_ide::Token| {
        let kind = match token.kind {
            TokenKind::Subject(section) => section.noun().to_owned(),
            other => format!("{other:?}").to_lowercase(),
        };
        let modifiers = token.modifiers;
        let more = [(modifiers.definition, " def"), (modifiers.deprecated, " 2013"), (modifiers.unresolved, " ?")];
        let more: String = more.iter().filter(|(is, _)| *is).map(|(_, said)| *said).collect();
        format!("{}:{kind}{more}", &text[token.range])
    };
    all.iter().map(show).collect()
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let found = tokens(&Stage::text(text));
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(found, expected.join(" ; ").split(" ; ").collect::<Vec<_>>());
}

#[test]
fn words_are_what_they_mean() {
    check(
        "
deed: 1
risk_criteria: { levels: { low: 1, high: 9 }, tolerance: low, max_acceptance: { high: 6mo, hgh: 6mo } }
people: { ada: { joined: 2021-04-01, kind: person, x-shoe: { size: 2021-04-01 } } }
roles:
  ceo: { title: Chief, layer: executive, held_by: 'ada', authority: { grant: [exceptions, delegations.D-9] } }
controls:
  A.8.8: { because: [risks.R-1, law], owner: ceo, accepted: { by: ada, date: 2026-02-11 } }
  \"A.9.2.3\": { owner: nobody }
risks:
  R-1: { controls: [A.8.8, A.12.6.1], treatment: mitigate, note: mitigate }
lint:
  rules: { paper-role: { severity: error } }
  ignore: [{ rule: unowned-risk, subject: risks.R-1 }]
x-notes: { owner: ceo }
",
        "
deed:field
risk_criteria:section ; levels:field ; low:level def ; high:level def ; tolerance:field ; low:level
max_acceptance:field ; high:level ; hgh:level ?
people:section ; ada:person def ; joined:field ; 2021-04-01:date ; kind:field ; person:word
roles:section ; ceo:role def ; title:field ; layer:field ; executive:word ; held_by:field ; ada:person
authority:field ; grant:field ; exceptions:word ; D-9:delegation ?
controls:section ; A.8.8:control def ; because:field ; R-1:risk ; owner:field ; ceo:role
accepted:decision ; by:field ; ada:person ; date:field ; 2026-02-11:date
A.9.2.3:control def 2013 ; owner:field ; nobody:role ?
risks:section ; R-1:risk def ; controls:field ; A.8.8:control ; A.12.6.1:control 2013 ?
treatment:field ; mitigate:word ; note:field
lint:section ; rules:field ; paper-role:rule ; severity:field ; error:word
ignore:field ; rule:field ; unowned-risk:rule ; subject:field ; R-1:risk
",
    );
}

#[test]
fn what_is_merged_or_broken_is_coloured_where_it_stands() {
    check(
        "
roles:
  ceo: &chief { held_by: ada, layer: executive }
  cto: { <<: *chief, title: CTO }
people:
  ada: { name: \"Ada
    Moreau\", joined: 2020-01-01
",
        "
roles:section ; ceo:role def ; held_by:field ; ada:person ; layer:field ; executive:word
cto:role def ; title:field
people:section ; ada:person def ; name:field
",
    );
}
