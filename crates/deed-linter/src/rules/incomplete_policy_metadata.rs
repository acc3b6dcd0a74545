//! Rule `incomplete-policy-metadata`.

use std::collections::HashMap;

use deed_model::{Policy, Register};

use crate::{Applicability, ByModel, Check, Context, FileEdit, Group, Rule, Setting, insert};

pub(super) static RULE: Rule = Rule {
    id: "incomplete-policy-metadata",
    group: Group::Policies,
    source: "ISO/IEC 27001:2022 7.5.2 a), A.5.1",
    severity: ByModel::all(Setting::ERROR),
    summary: "a policy lacks what identifies it",
    options: &[],
    docs: include_str!("incomplete_policy_metadata.md"),
    check: Check::Register(check),
};

fn check(ctx: &mut Context<'_>) {
    let register = ctx.register;
    let classification = usual_classification(register);
    for policy in register.policies.iter() {
        let missing = missing(ctx, policy);
        if !missing.is_empty() {
            report(ctx, policy, &missing, classification);
        }
    }
}

/// The fields that are not there, in the order a policy is written.
fn missing(ctx: &Context<'_>, policy: &Policy) -> Vec<&'static str> {
    let fields = [
        ("title", policy.title.as_ref()),
        ("document", policy.document.as_ref()),
        ("owner", policy.owner.first()),
        ("version", policy.version.as_ref()),
        ("classification", policy.classification.as_ref()),
    ];
    let blank = |value: Option<&deed_model::Spanned<String>>| value.is_some_and(|value| value.trim().is_empty());
    fields
        .into_iter()
        .filter(|(key, value)| !ctx.is_written(&policy.head, key) || blank(*value))
        .map(|(key, _)| key)
        .collect()
}

fn report(ctx: &mut Context<'_>, policy: &Policy, missing: &[&'static str], classification: &str) {
    let id = &policy.head.id;
    let path = format!("policies/{id}.md");
    let has_document = missing.contains(&"document") && ctx.file_exists(&path) == Some(true);
    let absent = |key: &&'static str| !ctx.is_written(&policy.head, key);
    let guess = |key: &'static str| {
        Some(match key {
            "title" => (key, title_of(id)),
            "document" if has_document => (key, path.clone()),
            "version" => (key, "1".to_owned()),
            "classification" => (key, classification.to_owned()),
            // Who is accountable, only people can say.
            _ => return None,
        })
    };
    let template: Vec<_> = missing.iter().copied().filter(absent).filter_map(guess).collect();
    let file = policy.head.key.file;
    let node = ctx.workspace.manifest(file).parse.node(policy.head.node);
    let edit = insert::fields(node, &template).filter(|_| !template.is_empty());

    let diagnostic = ctx.report(policy.head.key, format!("policy `{id}` has no {}", listed(missing, "or")));
    for key in missing {
        match *key {
            "owner" => diagnostic.help("name the one role that is accountable for it, as its `owner`"),
            "document" => diagnostic.help(format!("name the file that holds the text: `document: {path}`")),
            _ => continue,
        };
    }
    if let Some(edit) = edit {
        let keys: Vec<_> = template.iter().map(|(key, _)| *key).collect();
        diagnostic.fix(
            format!("add {} as it probably is", listed(&keys, "and")),
            Applicability::Unsafe,
            vec![FileEdit { file, edit }],
        );
    }
}

/// As in "`title`, `owner` or `version`".
fn listed(keys: &[&str], last_word: &str) -> String {
    let quoted: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} {last_word} {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// As in "Access control" for `access-control`.
fn title_of(id: &str) -> String {
    let words = id.replace(['-', '_', '.'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The classification that most policies have.
fn usual_classification(register: &Register) -> &str {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for classification in register.policies.iter().filter_map(|policy| policy.classification.as_ref()) {
        *counts.entry(classification).or_default() += 1;
    }
    let usual = counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(a.0)));
    usual.map_or("internal", |(classification, _)| classification)
}
