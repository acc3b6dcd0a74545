//! Rule `weak-evidence`.

use deed_model::evidence::Problem;
use deed_model::{Level, Person, PersonKind};

use crate::account::{author, commit, infinitive};
use crate::proof::Proven;
use crate::{ByModel, Check, Context, Group, Rule, Setting};

pub(super) static RULE: Rule = Rule {
    id: "weak-evidence",
    group: Group::Proof,
    source: "ISO/IEC 27001:2022 7.5.2 c), 7.5.3 b)",
    severity: ByModel::all(Setting::ERROR),
    summary: "history proves less of a decision than is asked for",
    options: &[],
    docs: include_str!("weak_evidence.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    for proven in ctx.proven().iter().filter(|proven| proven.is_weak && proven.is_current) {
        let (Some(origin), Some(person)) = (&proven.evidence.origin, register.people.get(proven.by())) else {
            continue;
        };
        // That a team cannot decide is `impersonal-accountability`'s.
        if person.kind != PersonKind::Person {
            continue;
        }
        let (level, required) = (proven.evidence.level, proven.required);
        let message = format!(
            "{}, which {} proves to be `{}` only; `{}` is asked for",
            proven.decided(register),
            commit(origin),
            level.name(),
            required.level.name()
        );
        let advice =
            if person.can_decide(ctx.today) { advice(proven, person, author(origin)) } else { vec![proven.anew(ctx)] };
        let diagnostic = ctx.report(proven.by_place(), message);
        if let Some(said) = required.said {
            diagnostic.label(said.span, format!("asks for `{}`", said.name()));
        } else if let Some(model) = register.isms().and_then(|isms| isms.model.as_ref())
            && required.level > Level::Attributed
        {
            diagnostic.label(model.span, format!("asks for `{}`", required.level.name()));
        }
        if level < Level::Signed && required.level >= Level::Vouched && person.keys.is_empty() {
            diagnostic.label(person.head.key, "has no `keys`");
        }
        for line in advice {
            diagnostic.help(line);
        }
    }
}

/// What would raise the level, next step first.
fn advice(proven: &Proven<'_>, person: &Person, author: &str) -> Vec<String> {
    let who = person.display();
    let verb = infinitive(proven.decision.verb);
    let by = proven.by();
    let mut all = Vec::new();
    let (level, required) = (proven.evidence.level, proven.required.level);
    if level < Level::Attributed {
        let trailer = proven.evidence.problems.iter().find_map(|problem| match problem {
            Problem::TrailerOnly { line } => Some(line),
            _ => None,
        });
        all.extend(trailer.map(|line| format!("the line `{line}` in its message is free text and proves nothing")));
        if person.emails.is_empty() {
            all.push(format!("say under which e-mail {who} commits: `people.{by}.emails`"));
        } else if author == who {
            all.push(format!("if it is {who}'s, register the e-mail of the commit in `people.{by}.emails`"));
        }
    }
    if required <= Level::Attributed {
        all.push(format!("let {who} commit it, or merge what somebody else prepared"));
        return all;
    }
    if level < Level::Signed {
        if person.keys.is_empty() {
            all.push(format!("register a key in `people.{by}.keys` first, in a commit that somebody else merges"));
        }
        let how = if required == Level::Vouched {
            "or let a forge that `evidence.forges` lists sign for it"
        } else {
            "with a key that is registered before"
        };
        all.push(format!("let {who} {verb} it anew in a signed commit (`git commit -S`), {how}"));
    } else if level < Level::Decided {
        all.push("sign a commit whose message names the decision: `Deed-Decision: …`".to_owned());
    } else if level < Level::Witnessed {
        all.push("let another registered person merge it in a signed commit, or sign a checkpoint".to_owned());
    } else {
        all.push("make a checkpoint with a trusted time stamp".to_owned());
    }
    all
}
