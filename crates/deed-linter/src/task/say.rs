//! What to do and why, in one line.

use deed_model::evidence::DecisionEvidence;
use deed_model::{Decision, Register, Section, Verb};

use super::Act;
use super::asked::{field, nth};
use crate::ownership::described;
use crate::{Diagnostic, Inputs, words};

/// Returns the latest decision of a kind about a subject.
pub(super) fn latest<'r>(register: &'r Register, subject: &str, verb: Verb) -> Option<&'r Decision> {
    let head = register.at_address(subject)?;
    let own = register.decisions().filter(|(of, decision)| of.key == head.key && decision.verb == verb);
    own.map(|(_, decision)| decision).max_by_key(|decision| decision.date.as_ref().map(|date| date.value))
}

/// Returns what to do, imperative; `again` where it was decided before.
pub(super) fn what(register: &Register, act: Act, subject: &str, item: &str, again: bool) -> String {
    let head = register.at_address(subject);
    let it = head.map_or_else(|| format!("`{subject}`"), described);
    match act {
        Act::Decide(verb) => {
            let what = head.map_or(it, |head| words::imperative(head.section, &head.id, verb));
            match (head.map(|head| head.section), verb) {
                // A review is always one more.
                (_, Verb::Reviewed) => what,
                (Some(Section::Delegations), _) if again => format!("{what} again, or let it end"),
                (Some(Section::Exceptions), _) if again => format!("{what} again, or close it"),
                _ if again => format!("{what} again"),
                _ => what,
            }
        }
        Act::Commit(verb) => format!("Commit that {it} is {}", verb.key()),
        Act::Appoint => match head.map(|head| head.section) {
            Some(Section::Roles) => format!("Name who holds {it}"),
            _ => format!("Name who owns {it}"),
        },
        Act::Hold => "Hold the management review".to_owned(),
        Act::Audit => "Audit the controls that no internal audit covered".to_owned(),
        Act::Collect => format!("Collect evidence for {it}"),
        Act::Finish => format!("Finish {} of {it}", action(register, subject, item)),
        Act::Exercise => format!("Decide or review something as {it}"),
        Act::Settle => format!("Mend {}, or ignore it for longer", ignored(register, item)),
        Act::Renew => format!("Register a new signing key of {}", name(register, subject)),
    }
}

fn name(register: &Register, subject: &str) -> String {
    let person = subject.strip_prefix("people.").unwrap_or(subject);
    words::name(person, register).to_owned()
}

/// What `lint.ignore` suppresses, as in "`overdue-treatment` of `risks.R-12`".
fn ignored(register: &Register, item: &str) -> String {
    let entry = nth(item, "ignore").and_then(|at| register.lint()?.ignore.get(at));
    let rule = entry.and_then(|entry| entry.rule.as_ref());
    let subject = entry.and_then(|entry| entry.subject.as_ref());
    match (rule, subject) {
        (Some(rule), Some(subject)) => format!("`{}` of `{}`", rule.value, subject.value),
        (Some(rule), None) => format!("`{}`", rule.value),
        _ => "what is ignored".to_owned(),
    }
}

/// An action of a treatment plan, in its own words.
fn action(register: &Register, subject: &str, item: &str) -> String {
    let risk = register.at_address(subject).and_then(|head| register.risks.get(&head.id));
    let action = risk.zip(nth(item, "plan")).and_then(|(risk, at)| risk.plan.get(at));
    action.map_or_else(|| "an action".to_owned(), crate::acceptance::action_in_words)
}

/// Returns why there is something to do, in a few words; empty where that is plain.
pub(super) fn because(inputs: &Inputs<'_>, diagnostic: &Diagnostic, act: Act) -> String {
    let ahead = diagnostic.due.is_some_and(|due| due >= inputs.today);
    let fixed = |text: &str| text.to_owned();
    let ends = |what: &str| format!("{what} {}", if ahead { "ends" } else { "has ended" });
    let undecided = |what: &str| if diagnostic.due.is_some() { ends(what) } else { "nobody has".to_owned() };
    match diagnostic.rule.id {
        "outdated-acceptance" | "outdated-approval" | "outdated-decision" | "outdated-soa-approval" => {
            changed(inputs, diagnostic, act).unwrap_or_else(|| fixed("it changed since"))
        }
        "expired-acceptance" => ends("its acceptance"),
        "expired-exception" => ends("it"),
        "unaccepted-risk" => fixed("nobody has"),
        "undeclared-model" => match field(diagnostic) {
            "model" => fixed("nobody has"),
            place if place.ends_with("until") => ends("its adoption"),
            _ => fixed("it takes an executive"),
        },
        "unapproved-isms" | "unapproved-soa" | "unapproved-risk-criteria" => undecided("the approval"),
        "unapproved-security-policy" | "unapproved-treatment-plan" => match field(diagnostic) {
            "" => fixed("nobody has"),
            place if place.ends_with("until") => ends("the approval"),
            _ => fixed("it is not by who has to"),
        },
        "unacknowledged-role" => match field(diagnostic) {
            place if place.ends_with("until") => ends("the acknowledgement"),
            "" => String::new(),
            _ => fixed("somebody else did"),
        },
        "overdue-policy-review" if matches!(act, Act::Decide(Verb::Approved)) => ends("the approval"),
        "overdue-ownership-review" if matches!(act, Act::Decide(Verb::Accepted)) => fixed("nobody has confirmed it"),
        "overdue-ownership-review" if diagnostic.due.is_none() => fixed("its owner has not yet"),
        "acceptance-above-tolerance" => fixed("it takes an executive"),
        "acceptance-beyond-authority" | "approval-without-authority" | "decider-without-role" => {
            fixed("the last was by somebody without the authority")
        }
        "acceptance-without-expiry" | "exception-without-expiry" => fixed("it needs an end in time"),
        "acceptance-without-rationale" => fixed("it needs a reason"),
        "altered-decision" => fixed("somebody else changed it"),
        "backdated-decision" => fixed("it was recorded too long after its date"),
        "postdated-decision" => fixed("it bears a later day than its commit"),
        "custodian-owns-risk" if act == Act::Appoint => fixed("a custodian owns no risk"),
        "custodian-owns-risk" => fixed("a custodian accepts no risk"),
        "forge-signed-only" => fixed("only the forge signed"),
        "impersonal-accountability" => fixed("only a person can be accountable"),
        "insufficient-approvers" => fixed("it is not proven of all who decided"),
        "self-approved-policy" => fixed("only its author approved it"),
        "self-granted-exception" if field(diagnostic).is_empty() => fixed("nobody has"),
        "self-granted-exception" => fixed("it was not by who may"),
        "self-introduced-key" => fixed("it leans on what came with it"),
        "self-requested-acceptance" => fixed("who asked for it accepted it"),
        "silently-renewed-exception" => fixed("its end was moved"),
        "untrusted-key" => fixed("the key it is signed with does not count"),
        "vanished-decision" => fixed("the decision was removed"),
        "weak-evidence" => weak(inputs, diagnostic).unwrap_or_else(|| fixed("it is not proven enough")),
        "wrong-signer" => fixed("somebody else signed it"),
        "inactive-role-holder" | "owned-by-leaver" => match (diagnostic.due, ahead) {
            (Some(_), true) => fixed("its holder leaves"),
            (Some(_), false) => fixed("its holder has left"),
            (None, _) => fixed("its holder has not joined yet"),
        },
        "vacant-role" if diagnostic.due.is_some() => ends("the acting holder's time"),
        "vacant-role" | "unowned-control" | "unowned-risk" => fixed("nobody does"),
        "implemented-without-evidence" => fixed("nothing shows that it is implemented"),
        "stale-evidence" if ahead => fixed("what there is expires"),
        "stale-evidence" => fixed("what there is has expired"),
        "paper-role" => fixed("it exists on paper only"),
        "expired-suppression" => ends("ignoring it"),
        _ => String::new(),
    }
}

/// What changed since a decision, and when.
fn changed(inputs: &Inputs<'_>, diagnostic: &Diagnostic, act: Act) -> Option<String> {
    let (register, verb) = (inputs.workspace.register(), act.verb()?);
    let evidence = decided_at(inputs, diagnostic).filter(|evidence| evidence.decision.verb == verb)?;
    let field = |what: &str| {
        let own = what.strip_prefix(&*diagnostic.subject).and_then(|rest| rest.strip_prefix('.'));
        match own.map(|own| own.split(['.', '[']).next().unwrap_or(own)) {
            Some("inherent" | "residual") => "its rating".to_owned(),
            Some("owner") => "its owner".to_owned(),
            Some(own) => format!("its `{own}`"),
            None if register.at_address(what).is_some() => format!("`{what}`"),
            None => "its text".to_owned(),
        }
    };
    match (evidence.outdated_by.last(), evidence.outdated_here.first()) {
        (Some(change), _) => Some(format!("{} changed on {}", field(&change.what), change.commit.committer.day())),
        (None, Some(what)) => Some(format!("{} changed in the working tree", field(what))),
        (None, None) if evidence.is_transplanted => {
            Some("a rebase or the like moved it onto something else".to_owned())
        }
        (None, None) => None,
    }
}

/// How far the proof of a decision goes.
fn weak(inputs: &Inputs<'_>, diagnostic: &Diagnostic) -> Option<String> {
    Some(format!("it is proven to be `{}` only", decided_at(inputs, diagnostic)?.level.name()))
}

/// What history shows of the decision that a diagnostic stands in.
fn decided_at<'h>(inputs: &Inputs<'h>, diagnostic: &Diagnostic) -> Option<&'h DecisionEvidence> {
    let is_it = |evidence: &&DecisionEvidence| {
        evidence.at.file == diagnostic.span.file && evidence.at.range.contains_range(diagnostic.span.range)
    };
    inputs.history?.decisions.iter().map(|evidence| &**evidence).find(is_it)
}
