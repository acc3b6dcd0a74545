//! Rule `concentrated-ownership`.

use std::collections::BTreeMap;

use deed_model::{FileRange, Section, Spanned};

use crate::ownership::owned;
use crate::{ByModel, Check, Context, Default, Group, Rule, RuleOption, Setting, Weaker};

pub(super) static RULE: Rule = Rule {
    id: "concentrated-ownership",
    group: Group::People,
    source: "ISO/IEC 27001:2022 A.5.3",
    severity: ByModel::all(Setting::WARNING),
    summary: "one person is accountable for too many controls or risks",
    options: &[
        RuleOption {
            name: "max_percent",
            summary: "the share of all applicable controls, or of all open risks, that one person may be accountable for",
            default: Default::Number(ByModel::all(60).federated(25).executive_led(40)),
            weaker: Weaker::More,
        },
        RuleOption {
            name: "min_subjects",
            summary: "how many applicable controls, or open risks, there must be for a share to mean anything",
            default: Default::Number(ByModel::all(8)),
            weaker: Weaker::More,
        },
    ],
    docs: include_str!("concentrated_ownership.md"),
    check: Check::Register(check),
};

/// How many subjects of one kind a person is accountable for, and through which owner fields.
#[derive(Default)]
struct Share<'r> {
    count: usize,
    through: BTreeMap<&'r str, usize>,
}

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let owned = owned(register, ctx.today);
    let of = |section| owned.iter().filter(|owned| owned.head.section == section).map(|owned| owned.owners).collect();
    let (controls, risks): (Vec<_>, Vec<_>) = (of(Section::Controls), of(Section::Risks));
    let max = ctx.number("max_percent");
    // Person by person, so that one who holds too much of both is told once.
    let mut over: BTreeMap<&str, Vec<(String, Share<'_>)>> = BTreeMap::new();
    for (section, owners, noun) in
        [(Section::Controls, controls, "applicable controls"), (Section::Risks, risks, "open risks")]
    {
        let total = owners.len();
        if ctx.may_lack(section) || total < ctx.number("min_subjects") as usize {
            continue;
        }
        for (person, share) in shares(ctx, &owners) {
            let percent = (share.count * 100 + total / 2) / total;
            if share.count * 100 > max as usize * total {
                let text = format!("{} of {total} {noun} ({percent} percent)", share.count);
                over.entry(person).or_default().push((text, share));
            }
        }
    }
    for (id, shares) in over {
        let Some(person) = register.people.get(id) else { continue };
        let texts: Vec<_> = shares.iter().map(|(text, _)| text.as_str()).collect();
        let name = person.display();
        let message = format!("{name} is accountable for {}, over the limit of {max} percent", texts.join(" and "));
        let diagnostic = ctx.report(person.head.key, message);
        let mut roles: BTreeMap<&str, usize> = BTreeMap::new();
        for (owner, count) in shares.iter().flat_map(|(_, share)| &share.through) {
            *roles.entry(owner).or_default() += count;
        }
        for (owner, count) in roles {
            let held: Option<FileRange> = register.roles.get(owner).and_then(|role| Some(role.held_by.first()?.span));
            if let Some(span) = held {
                diagnostic.label(span, format!("as holder of `{owner}`: {count}"));
            }
        }
        diagnostic.help(
            "spread them over the heads of the departments that operate them, or raise `max_percent` in `lint.rules`",
        );
    }
}

/// What each person is accountable for, of some owner fields; several owners count for none.
fn shares<'r>(ctx: &Context<'r>, owners: &[&'r [Spanned<String>]]) -> BTreeMap<&'r str, Share<'r>> {
    let mut all: BTreeMap<&str, Share<'_>> = BTreeMap::new();
    for owner in owners {
        let [owner] = owner else { continue };
        let Some(person) = ctx.register.accountable(owner, ctx.today) else { continue };
        let share = all.entry(person.head.id.as_str()).or_default();
        share.count += 1;
        *share.through.entry(owner.as_str()).or_default() += 1;
    }
    all
}
