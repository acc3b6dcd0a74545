//! Whole decisions: by whoever sits there, where they may, and never by anybody else.

use crate::Editor;

const RISK: &str = "risks:\n  R-1:\n    owner: it\n    treatment: accept\n    inherent: { likelihood: 2, impact: 3 }\n";

#[test]
fn whoever_may_decide_gets_the_whole_decision() {
    let text = format!("{RISK}    acc$0\n");
    assert_eq!(
        Editor::yaml(&text).me("ada").choose("accepted"),
        format!("{RISK}    accepted: {{ by: ada, date: 2026-06-30, until: 2027-06-30 }}\n")
    );
    let text = format!("{RISK}    accepted: $0\n");
    let editor = Editor::yaml(&text).me("ada");
    assert!(editor.offer("by ada on 2026-06-30").preselect);
    assert_eq!(
        editor.choose("by ada on 2026-06-30"),
        format!("{RISK}    accepted: {{ by: ada, date: 2026-06-30, until: 2027-06-30 }}\n")
    );
    assert_eq!(
        Editor::json("{ \"policies\": { \"p\": { \"owner\": \"ceo\", $0 } } }").me("ada").choose("approved"),
        "{ \"policies\": { \"p\": { \"owner\": \"ceo\", \"approved\": { \"by\": \"ada\", \"date\": \"2026-06-30\" } } } }"
    );
    let snippet = Editor::yaml(&format!("{RISK}    $0\n")).me("ada").snippets().offer("accepted");
    assert_eq!(snippet.edit.new_text, "accepted: { by: ada, date: 2026-06-30, until: 2027-06-30, note: ${1:why} }");
}

#[test]
fn whoever_may_not_decide_gets_nobody_s_name() {
    let text = format!("{RISK}    $0\n");
    let ben = Editor::yaml(&text).me("ben");
    let offer = ben.offer("accepted");
    assert_eq!(offer.edit.new_text, "accepted: { by: , date: , until:  }");
    assert_eq!(offer.detail, "Ben Okafor held no role that may accept a medium risk");
    for editor in [Editor::yaml(&text), Editor::yaml(&text).me("eve"), Editor::yaml(&text).me("nobody")] {
        assert_eq!(editor.offer("accepted").edit.new_text, "accepted: { by: , date: , until:  }");
    }
    // What Ben owns he approves the plan of.
    assert_eq!(ben.offer("approved").edit.new_text, "approved: { by: ben, date: 2026-06-30 }");
}

#[test]
fn below_its_key_a_decision_may_begin_with_any_field() {
    let editor = Editor::yaml(&format!("{RISK}    accepted:\n      $0\n")).me("ada");
    assert_eq!(editor.labels(), ["by ada on 2026-06-30", "by", "date", "until", "as", "note"]);
    assert_eq!(
        editor.choose("by ada on 2026-06-30"),
        format!("{RISK}    accepted:\n      {{ by: ada, date: 2026-06-30, until: 2027-06-30 }}\n")
    );
    assert_eq!(editor.choose("by"), format!("{RISK}    accepted:\n      by: \n"));
}

#[test]
fn the_decider_is_looked_for_among_people() {
    let editor = Editor::yaml("policies:\n  p:\n    approved: { by: $0 }\n").me("ben");
    assert_eq!(editor.labels(), ["ada", "ben", "eve"]);
    let preselected: Vec<_> = editor.offers().into_iter().filter(|offer| offer.preselect).collect();
    assert_eq!(preselected.len(), 1);
    assert_eq!(preselected[0].label, "ben");
    assert_eq!(Editor::yaml("policies:\n  p:\n    approved: { by: ada, as: $0 }\n").labels(), ["ceo", "it"]);
}
