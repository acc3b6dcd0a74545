//! What a diagnostic asks for.

use deed_model::Verb;

use super::Act;
use crate::{Diagnostic, Inputs};

/// Something a diagnostic asks for.
pub(super) struct Asked {
    pub(super) act: Act,
    /// Which of several things in the subject it is about; empty where there is one.
    pub(super) item: String,
}

/// Returns what a diagnostic asks somebody to do; `None` where it is the manifest that has to be mended.
pub(super) fn of(diagnostic: &Diagnostic, inputs: &Inputs<'_>) -> Option<Asked> {
    let whole = |act| Some(Asked { act, item: String::new() });
    let place = field(diagnostic);
    let decided = || place.split(['.', '[']).next().and_then(Verb::of_key);
    let item = |act| Some(Asked { act, item: place.to_owned() });
    match diagnostic.rule.id {
        "undeclared-model" => whole(Act::Decide(Verb::Adopted)).filter(|_| place == "model" || decided().is_some()),
        // Where no policy is named at all the manifest has to say which.
        "unapproved-security-policy" => {
            whole(Act::Decide(Verb::Approved)).filter(|_| diagnostic.subject.starts_with("policies."))
        }
        "unapproved-isms" | "unapproved-soa" | "unapproved-risk-criteria" | "unapproved-treatment-plan" => {
            whole(Act::Decide(Verb::Approved)).filter(|_| exists(diagnostic, inputs))
        }
        "unaccepted-risk" | "expired-acceptance" => whole(Act::Decide(Verb::Accepted)),
        "expired-exception" => whole(Act::Decide(Verb::Granted)),
        "self-granted-exception" => whole(Act::Decide(decided().unwrap_or(Verb::Granted))),
        "unacknowledged-role" => whole(Act::Decide(Verb::Acknowledged)),
        "overdue-policy-review" => {
            let ended = place.ends_with("until");
            whole(Act::Decide(if ended { Verb::Approved } else { Verb::Reviewed }))
        }
        "overdue-ownership-review" => {
            whole(Act::Decide(if never_confirmed(diagnostic, inputs) { Verb::Accepted } else { Verb::Reviewed }))
        }
        "vanished-decision" => {
            let history = inputs.history?;
            let told = |verb: Verb| diagnostic.message.contains(&format!(" was {} ", verb.key()));
            let of_subject = history.vanished.iter().filter(|gone| gone.decision.subject() == *diagnostic.subject);
            let gone = of_subject.map(|gone| gone.decision.verb).find(|verb| told(*verb))?;
            whole(Act::Decide(gone)).filter(|_| exists(diagnostic, inputs))
        }
        "uncommitted-decision" => whole(Act::Commit(decided()?)),
        "acceptance-above-tolerance"
        | "acceptance-beyond-authority"
        | "acceptance-without-expiry"
        | "acceptance-without-rationale"
        | "altered-decision"
        | "approval-without-authority"
        | "backdated-decision"
        | "decider-without-role"
        | "exception-without-expiry"
        | "forge-signed-only"
        | "insufficient-approvers"
        | "outdated-acceptance"
        | "outdated-approval"
        | "outdated-decision"
        | "outdated-soa-approval"
        | "postdated-decision"
        | "self-approved-policy"
        | "self-introduced-key"
        | "self-requested-acceptance"
        | "silently-renewed-exception"
        | "untrusted-key"
        | "weak-evidence"
        | "wrong-signer" => whole(Act::Decide(decided()?)),
        "custodian-owns-risk" => whole(decided().map_or(Act::Appoint, Act::Decide)),
        "impersonal-accountability" => whole(decided().map_or(Act::Appoint, Act::Decide)),
        "inactive-role-holder" | "owned-by-leaver" | "unowned-control" | "unowned-risk" | "vacant-role" => {
            whole(Act::Appoint)
        }
        "missed-management-review" => whole(Act::Hold),
        "unaudited-control" => whole(Act::Audit),
        "implemented-without-evidence" | "stale-evidence" => item(Act::Collect),
        "overdue-treatment" => item(Act::Finish),
        "paper-role" => whole(Act::Exercise),
        "expired-suppression" => item(Act::Settle),
        _ => None,
    }
}

/// The place in the subject, as in `accepted.by`; empty for the subject itself.
pub(super) fn field(diagnostic: &Diagnostic) -> &str {
    let rest = diagnostic.key_path.strip_prefix(&*diagnostic.subject).unwrap_or(&diagnostic.key_path);
    rest.strip_prefix('.').unwrap_or(rest)
}

fn exists(diagnostic: &Diagnostic, inputs: &Inputs<'_>) -> bool {
    inputs.workspace.register().at_address(&diagnostic.subject).is_some()
}

/// Whether nobody has confirmed a control yet: then it is to be taken on, not reviewed.
fn never_confirmed(diagnostic: &Diagnostic, inputs: &Inputs<'_>) -> bool {
    let register = inputs.workspace.register();
    let control = register.at_address(&diagnostic.subject).and_then(|head| register.controls.get(&head.id));
    let made = |control: &deed_model::Control| {
        control.accepted.iter().chain(&control.reviewed).any(|decision| decision.made_by(inputs.today))
    };
    diagnostic.subject.starts_with("controls.") && control.is_some_and(|control| !made(control))
}

/// Which item of a list a place is in, as in `plan[2].due`.
pub(super) fn nth(place: &str, list: &str) -> Option<usize> {
    place.strip_prefix(list)?.strip_prefix('[')?.split(']').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use crate::rule;

    #[test]
    fn every_rule_that_is_named_exists() {
        let is_id =
            |text: &&str| text.contains('-') && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        for source in [include_str!("asked.rs"), include_str!("say.rs"), include_str!("whom.rs")] {
            let quoted = source.split('"').skip(1).step_by(2).filter(is_id);
            let unknown: Vec<_> = quoted.filter(|id| rule(id).is_none()).collect();
            assert_eq!(unknown, [] as [&str; 0]);
        }
    }
}
