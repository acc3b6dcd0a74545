//! What the workspace asks for: the model, rules, suppressions, evidence, criteria.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use deed_model::{Date, Level, OwnershipModel, Period, Register, Section, Verb};

use super::{Found, Group, State};
use crate::proof::Required;
use crate::{Config, Default, RULES, Rule, RuleOption, Scope, Setting, Suppression, Weaker};

pub(super) fn compare(found: &mut Found<'_>) {
    model(found);
    rules(found);
    suppressions(found);
    evidence(found);
    criteria(found);
}

fn model(found: &mut Found<'_>) {
    let name = |model: Option<OwnershipModel>| model.map(|model| model.name().to_owned());
    let (was, is) = (name(found.before.register().model()), name(found.after.register().model()));
    // The first one is new with the ISMS.
    if was != is && was.is_some() {
        let text = |name: &Option<String>| name.clone().unwrap_or_else(|| "none".to_owned());
        let what = format!("the ownership model is {}, before {}", text(&is), text(&was));
        found.add(Group::Weakened, "model-changed", "isms", what).values(was, is);
    }
}

fn rules(found: &mut Found<'_>) {
    let (old, new) = (Config::of(found.before.register()), Config::of(found.after.register()));
    for rule in RULES {
        let ((was, set_before), (is, set_now)) = (old.setting(rule), new.setting(rule));
        // What the model changes by itself is told as the model.
        if was == is || !set_before && !set_now {
            continue;
        }
        let rank = |setting: Setting| match setting {
            Setting::Allow => 0,
            Setting::Report(severity) => severity as usize + 1,
        };
        let lowered = rank(is) < rank(was);
        let what = match is {
            Setting::Allow => format!("rule `{}` is turned off, before {}", rule.id, was.name()),
            _ => {
                let how = if lowered { "weaker" } else { "stricter" };
                format!("rule `{}` is {how}: it reports {}, before {}", rule.id, is.name(), was.name())
            }
        };
        let (group, kind) = if lowered { (Group::Weakened, "rule-lowered") } else { (Group::Other, "rule-raised") };
        let (was, is) = (was.name().to_owned(), is.name().to_owned());
        found.add(group, kind, "lint", what).values(Some(was), Some(is));
    }
    let options = |register: &Register| {
        let rules = register.lint().into_iter().flat_map(|lint| &lint.rules);
        let options = rules.flat_map(|rule| {
            rule.options.iter().filter_map(|(name, value)| {
                Some(((rule.rule.value.clone(), name.value.clone()), value.as_ref()?.value.clone()))
            })
        });
        options.collect::<BTreeMap<_, _>>()
    };
    let (was, is) = (options(found.before.register()), options(found.after.register()));
    for key in was.keys().chain(is.keys()).collect::<BTreeSet<_>>() {
        let (was, is) = (was.get(key), is.get(key));
        if was != is {
            option(found, (&old, &new), (&key.0, &key.1), (was, is));
        }
    }
}

/// An option of a rule that is set to something else.
fn option(
    found: &mut Found<'_>,
    (old, new): (&Config, &Config),
    (id, name): (&str, &str),
    (was, is): (Option<&String>, Option<&String>),
) {
    let rule = RULES.iter().copied().find(|rule| rule.id == id);
    let option = rule.and_then(|rule| Some((rule, rule.options.iter().find(|option| option.name == name)?)));
    let day = found.after.day;
    // What applies, in words and as something to compare.
    let applies = |config: &Config, (rule, option): (&Rule, &RuleOption)| match option.default {
        Default::Number(_) => (config.number(rule, name).to_string(), Size::Number(config.number(rule, name))),
        Default::Period(_) => {
            let period = config.period(rule, name);
            (period.to_string(), Size::Until(period.after(day)))
        }
    };
    let before = option.map(|option| applies(old, option));
    let after = option.map(|option| applies(new, option));
    let order = after.as_ref().zip(before.as_ref()).map(|((_, after), (_, before))| after.cmp(before));
    let (group, kind, how) = match (option.map(|(_, option)| option.weaker), order) {
        (Some(Weaker::More), Some(Ordering::Greater)) | (Some(Weaker::Less), Some(Ordering::Less)) => {
            (Group::Weakened, "rule-option-weakened", "is weaker by")
        }
        (Some(Weaker::More), Some(Ordering::Less)) | (Some(Weaker::Less), Some(Ordering::Greater)) => {
            (Group::Other, "rule-option-tightened", "is stricter by")
        }
        _ => (Group::Other, "rule-option-changed", "has another"),
    };
    let text = |set: Option<&String>, applies: Option<&(String, Size)>| match (set, applies) {
        (Some(set), _) => set.clone(),
        (None, Some((default, _))) => format!("{default} by default"),
        (None, None) => "not set".to_owned(),
    };
    let (now, then) = (text(is, after.as_ref()), text(was, before.as_ref()));
    let what = format!("rule `{id}` {how} option `{name}`: {now}, before {then}");
    found.add(group, kind, "lint", what).values(was.cloned(), is.cloned());
}

/// How much an option allows.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Size {
    Number(u32),
    Until(Date),
}

/// What is suppressed: the rule, what of, and why.
type Ignored = (String, String, String);

fn suppressed(state: &State<'_>) -> BTreeMap<Ignored, (usize, Option<Date>)> {
    let workspace = state.workspace;
    let mut all: BTreeMap<Ignored, (usize, Option<Date>)> = BTreeMap::new();
    let mut add = |rule: String, subject: String, suppression: &Suppression| {
        let reason = suppression.reason.clone().unwrap_or_default();
        let entry = all.entry((rule, subject, reason)).or_default();
        entry.0 += 1;
        entry.1 = suppression.until.map(|(until, _)| until);
    };
    for suppression in Suppression::in_settings(workspace.register()) {
        let subject = match &suppression.scope {
            Scope::Subject(subject) => subject.clone(),
            _ => String::new(),
        };
        add(suppression.rule.clone(), subject, &suppression);
    }
    for (file, manifest) in workspace.files() {
        for suppression in Suppression::in_file(file, manifest) {
            let Scope::Lines(lines) = suppression.scope else { continue };
            // Where it stands in the file does not count; which subject it is in does.
            let around = workspace.register().heads_in(file).filter(|head| {
                let subject = head.range.range.cover(head.key.range);
                subject.intersect(lines).is_some_and(|both| !both.is_empty())
            });
            let subject = around.last().map(|head| head.address()).unwrap_or_default();
            add(suppression.rule.clone(), subject, &suppression);
        }
    }
    all
}

fn suppressions(found: &mut Found<'_>) {
    let (old, new) = (suppressed(found.before), suppressed(found.after));
    let told = |(rule, subject, reason): &Ignored| {
        let of = if subject.is_empty() { String::new() } else { format!(" of `{subject}`") };
        let why = if reason.is_empty() { ", without a reason".to_owned() } else { format!(": {reason}") };
        format!("`{rule}`{of} is suppressed{why}")
    };
    for (key, (count, until)) in &new {
        let until_text = |until: Option<Date>| until.map(|until| until.to_string());
        match old.get(key) {
            Some((before, _)) if before < count => {
                found.add(Group::Weakened, "suppression-added", &key.1, told(key));
            }
            Some((_, was)) if until.unwrap_or(Date::MAX) > was.unwrap_or(Date::MAX) => {
                let (was, is) = (until_text(*was), until_text(*until));
                let text =
                    |end: &Option<String>| end.as_ref().map_or("without end".to_owned(), |it| format!("until {it}"));
                let what = format!("`{}` is suppressed {}, before {}", key.0, text(&is), text(&was));
                found.add(Group::Weakened, "suppression-extended", &key.1, what).values(was, is);
            }
            Some(_) => {}
            None => {
                let end = until.map(|until| format!(" (until {until})")).unwrap_or_default();
                found.add(Group::Weakened, "suppression-added", &key.1, told(key) + &end);
            }
        }
    }
    for key in old.keys().filter(|key| !new.contains_key(*key)) {
        let what = told(key).replace("is suppressed", "is no longer suppressed");
        found.add(Group::Other, "suppression-removed", &key.1, what);
    }
}

fn evidence(found: &mut Found<'_>) {
    let (old, new) = (found.before.register(), found.after.register());
    let named = |register: &Register| -> BTreeSet<String> {
        let lines = register.evidence().into_iter().flat_map(|evidence| &evidence.require);
        lines.map(|line| line.decision.value.clone()).collect()
    };
    let level = |register: &Register, kind: &str| -> Option<Level> {
        let (section, verb) = match kind.split_once('.') {
            Some((section, verb)) => (Section::of_key(section)?, Verb::of_key(verb)?),
            // No decision is of this kind, so that the default is what applies.
            None => (Section::People, Verb::Held),
        };
        Some(Required::of(register, register.model(), section, verb).level)
    };
    let mut kinds = named(old);
    kinds.append(&mut named(new));
    kinds.insert("default".to_owned());
    for kind in &kinds {
        let (Some(was), Some(is)) = (level(old, kind), level(new, kind)) else { continue };
        // The model has its own default.
        if was == is || kind == "default" && !named(old).contains(kind) && !named(new).contains(kind) {
            continue;
        }
        let of = if kind == "default" { "of decisions in general".to_owned() } else { format!("of `{kind}`") };
        let what = format!("{of}, proof up to `{}` is asked for, before `{}`", is.name(), was.name());
        let (group, kind) =
            if is < was { (Group::Weakened, "evidence-lowered") } else { (Group::Other, "evidence-raised") };
        let values = (was.name().to_owned(), is.name().to_owned());
        found.add(group, kind, "evidence", what).values(Some(values.0), Some(values.1));
    }
    let (old, new) = (old.evidence(), new.evidence());
    let branch = |settings: Option<&deed_model::EvidenceSettings>| {
        settings.and_then(|settings| settings.branch.as_ref()).map(|branch| branch.value.clone())
    };
    let (was, is) = (branch(old), branch(new));
    if was != is {
        let text = |branch: &Option<String>| branch.as_ref().map_or("the main one".to_owned(), |it| format!("`{it}`"));
        let what = format!("decisions are adopted on branch {}, before {}", text(&is), text(&was));
        found.add(Group::Weakened, "branch-changed", "evidence", what).values(was, is);
    }
    let grace = |settings: Option<&deed_model::EvidenceSettings>| {
        settings.and_then(|settings| settings.grace.as_ref()).map(|grace| grace.value)
    };
    period(found, "evidence", "a decision may be recorded so long after its date", (grace(old), grace(new)));
    let keys = |settings: Option<&'_ deed_model::EvidenceSettings>| {
        settings.map(|settings| settings.forges.iter().map(|key| key.key.value.clone()).collect::<BTreeSet<_>>())
    };
    let (was, is) = (keys(old).unwrap_or_default(), keys(new).unwrap_or_default());
    for _ in is.difference(&was) {
        found.add(Group::Weakened, "forge-added", "evidence", "another key signs for a forge".to_owned());
    }
    for _ in was.difference(&is) {
        found.add(Group::Other, "forge-removed", "evidence", "a key no longer signs for a forge".to_owned());
    }
}

/// A period that grew or shrank; the longer, the less is asked for.
pub(super) fn period(found: &mut Found<'_>, subject: &str, what: &str, (was, is): (Option<Period>, Option<Period>)) {
    if was == is {
        return;
    }
    let from = found.after.day;
    let end = |period: Option<Period>| period.map(|period| period.after(from));
    // Where nothing is set the rule's own applies, which is not known to be longer.
    let longer = end(is).zip(end(was)).is_some_and(|(is, was)| is > was);
    let (group, kind) = if longer { (Group::Weakened, "period-extended") } else { (Group::Other, "period-changed") };
    let text = |period: Option<Period>| period.map_or("not set".to_owned(), Period::words);
    let what = format!("{what}: {}, before {}", text(is), text(was));
    let value = |period: Option<Period>| period.map(|period| period.to_string());
    found.add(group, kind, subject, what).values(value(was), value(is));
}

fn criteria(found: &mut Found<'_>) {
    let (Some(old), Some(new)) = (found.before.register().risk_criteria(), found.after.register().risk_criteria())
    else {
        return;
    };
    let tolerance = |criteria: &deed_model::RiskCriteria| criteria.tolerance.as_ref().map(|it| it.value.clone());
    let (was, is) = (tolerance(old), tolerance(new));
    if was != is {
        let rank = |criteria: &deed_model::RiskCriteria, level: &Option<String>| {
            level.as_ref().and_then(|level| criteria.rank(level)).unwrap_or(usize::MAX)
        };
        let (group, kind) = if rank(new, &is) > rank(old, &was) {
            (Group::Weakened, "tolerance-raised")
        } else {
            (Group::Other, "tolerance-lowered")
        };
        let text = |level: &Option<String>| level.clone().unwrap_or_else(|| "none".to_owned());
        let what = format!("the risk tolerance is `{}`, before `{}`", text(&is), text(&was));
        found.add(group, kind, "risk_criteria", what).values(was, is);
    }
    let bounds = |criteria: &deed_model::RiskCriteria| {
        criteria.levels.iter().map(|level| (level.name.value.clone(), level.from)).collect::<Vec<_>>()
    };
    if bounds(old) != bounds(new) {
        let text = |bounds: &[(String, i64)]| {
            bounds.iter().map(|(name, from)| format!("{name} from {from}")).collect::<Vec<_>>().join(", ")
        };
        let (was, is) = (text(&bounds(old)), text(&bounds(new)));
        let higher = bounds(new)
            .iter()
            .any(|(name, from)| bounds(old).iter().any(|(known, before)| known == name && from > before));
        let group = if higher { Group::Weakened } else { Group::Other };
        let what = format!("the levels of risk are {is}, before {was}");
        found.add(group, "levels-changed", "risk_criteria", what).values(Some(was), Some(is));
    }
    let names: BTreeSet<String> =
        old.max_acceptance.iter().chain(&new.max_acceptance).map(|(name, _)| name.value.clone()).collect();
    for name in names {
        let what = format!("a {name} risk may be accepted for so long");
        period(found, "risk_criteria", &what, (old.max_acceptance(&name), new.max_acceptance(&name)));
    }
}
