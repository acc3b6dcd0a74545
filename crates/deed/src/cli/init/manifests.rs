//! The manifests that are written: what people fill in, with what it takes to know how.

use std::fmt::Write as _;

use clap::ValueEnum as _;
use deed_model::Section;
use deed_model::catalogue::{self, AnnexControl};
use deed_syntax::Format;
use deed_syntax::edit::quote;

use super::Model;
use super::answers::Answers;
use super::plan::Names;

/// The role that owns the ISMS.
pub(super) const OWNER: &str = "top-management";
/// The role of the custodian.
pub(super) const MANAGER: &str = "isms-manager";
/// The policy of clause 5.2.
pub(super) const POLICY: &str = "information-security";

const HEAD: &str = "\
# The root of a register: who owns what in an information security management system by ISO/IEC 27001.
# Every manifest below (*.deed.yaml) is part of it. `deed check` says what is missing, `deed explain RULE` why.
deed: 1
";

const RISK_CRITERIA: &str = "\
# What counts as how bad, and who may accept it (clause 6.1.2 a). A proposal: top management approves it.
risk_criteria:
  likelihood: 5 # scales from 1 to 5
  impact: 5
  levels: { low: 1, medium: 5, high: 10, critical: 17 } # the lowest score, likelihood × impact, of each level
  tolerance: medium # what is left above it is for executives to accept
  max_acceptance: { low: 24mo, medium: 12mo, high: 6mo, critical: 3mo } # for how long
";

const RISKS: &str = "\
# Risks by id (clauses 6.1.2, 6.1.3). Put entries in the place of the braces, such as
#
#   R-1:
#     title: Unpatched payment terminals
#     owner: head-of-it # who may say yes or no to it, never a custodian
#     inherent: { likelihood: 4, impact: 4 }
#     treatment: mitigate # or accept, transfer, avoid
#     controls: [A.8.8] # which is also why these controls are in
#     residual: { likelihood: 2, impact: 3 } # what is left
risks: {}
";

const SOA: &str = "\
# The Statement of Applicability as a whole (clause 6.1.3 d): its lines are the controls below.
soa:
  version: \"1\"
";

const CONTROLS: &str = "\
# All controls of Annex A. Each takes the one role that is accountable for it, and a reason to be in:
#
#   A.5.15:
#     applicable: true
#     because: [risks.R-1, \"PCI DSS 7\"] # risks, law, contracts; not needed where a risk names the control
#     status: partial # planned, partial or implemented
#     owner: head-of-it
";

const SPONSOR: &str = "#     sponsor: top-management # the executive who stands behind it\n";

const EXCLUDED: &str = "\
#
# One that is not necessary says `applicable: false` and why not: `because: No software is developed here.`
# Below each title: how the control works, what it belongs to, and its ids in the edition of 2013.
controls:
";

const SECOND: &str = "
  # This model takes two executives or more: an entry like the one above for each.
";

const HEADS: &str = "
  # Whoever heads a department owns controls and risks. An entry each, such as
  #
  # head-of-it:
  #   title: Head of IT
  #   layer: owner
  #   held_by: chen
  #   deputy: dana
  #   reports_to: top-management
  #   authority: { accept_risk: medium }
";

/// The text of a manifest with these sections.
pub(super) fn text(sections: &[Section], is_root: bool, names: &Names, answers: &Answers) -> String {
    let head = is_root.then(|| HEAD.to_owned());
    let sections = sections.iter().map(|section| match section {
        Section::Isms => isms(names, answers),
        Section::Evidence => evidence(names),
        Section::People => people(names),
        Section::Roles => roles(names, answers),
        Section::Policies => policies(names),
        Section::RiskCriteria => RISK_CRITERIA.to_owned(),
        Section::Risks => RISKS.to_owned(),
        Section::Soa => SOA.to_owned(),
        Section::Controls => controls(answers),
        _ => String::new(),
    });
    head.into_iter().chain(sections).collect::<Vec<_>>().join("\n")
}

/// What such a manifest is about, in a line.
pub(super) fn about(sections: &[Section], answers: &Answers, names: &Names) -> String {
    let about = sections.iter().filter_map(|section| match section {
        Section::Isms => Some(format!("the ISMS, {}", model(answers).0)),
        Section::People => Some(match names.people.len() {
            0 => "nobody yet".to_owned(),
            1 => "1 person".to_owned(),
            number => format!("{number} people"),
        }),
        Section::Roles => Some("2 roles".to_owned()),
        Section::Policies => Some("the information security policy, still without a text".to_owned()),
        Section::RiskCriteria => Some("criteria to accept risk by".to_owned()),
        Section::Risks => Some("no risks yet".to_owned()),
        Section::Controls => Some(format!("the {} controls of Annex A", catalogue::controls().len())),
        _ => None,
    });
    let about = about.collect::<Vec<_>>().join("; ");
    if about.is_empty() { "the root of the register".to_owned() } else { about }
}

/// The name of the ownership model, and what it means.
fn model(answers: &Answers) -> (String, String) {
    let value = answers.model.to_possible_value();
    let help = value.as_ref().and_then(|value| value.get_help()).map(ToString::to_string);
    (value.map(|value| value.get_name().to_owned()).unwrap_or_default(), help.unwrap_or_default())
}

/// A field, or where nobody knows its value a comment that says what belongs there.
fn field(name: &str, value: Option<&str>, about: &str) -> String {
    match value {
        Some(value) => format!("  {name}: {value} # {about}\n"),
        None => format!("  # {name}: {about}\n"),
    }
}

fn isms(names: &Names, answers: &Answers) -> String {
    let (model, meaning) = model(answers);
    let mut letters = meaning.chars();
    let meaning = letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_else(String::new);
    let mut text = format!(
        "isms:
  organization: {}
  framework: iso27001-2022
  # scope: What the ISMS covers and where it ends, in a sentence or two (4.3).
  model: {model} # {meaning}
",
        quote(&answers.organization, Format::Yaml)
    );
    let (owner, manager) = (names.owner.as_deref(), names.manager.as_deref());
    text += &field("owner", owner, "accountable (5.1)");
    text += &field("manager", manager, "custodian: runs it, and owns no risk (5.3)");
    text += &field("conformity", manager, "sees that it conforms to the standard (5.3 a)");
    text += &field("reporting", manager, "reports to top management how it does (5.3 b)");
    text += &field("policy", names.policy.as_deref(), "the policy of clause 5.2");
    text + "  review: 12mo # how often management reviews it (9.3)\n"
}

fn evidence(names: &Names) -> String {
    format!(
        "# What history has to prove of decisions.
evidence:
  branch: {} # where they are adopted
  # require: {{ default: attributed, risks.accepted: signed }} # how far the proof has to go
",
        quote(&names.branch, Format::Yaml)
    )
}

fn people(names: &Names) -> String {
    let mut text = String::from(
        "# People, with the addresses they commit with: by these history tells who made a decision.
# Who signs commits has `keys: [{ key: \"ssh-ed25519 AAAA…\", from: 2026-01-15 }]` as well.
",
    );
    if names.people.is_empty() {
        return text
            + "# Put entries in the place of the braces, such as `ada: { name: Ada Moreau, emails: [ada@acme.example] }`.\npeople: {}\n";
    }
    text += "people:\n";
    for (id, person) in &names.people {
        let [id, name, email] = [id, &person.name, &person.email].map(|it| quote(it, Format::Yaml));
        let _ = writeln!(text, "  {id}:\n    name: {name}\n    emails: [{email}]");
    }
    text
}

fn roles(names: &Names, answers: &Answers) -> String {
    let second = if answers.model == Model::ExecutiveLed { SECOND } else { "" };
    let holder = |id: Option<&str>| match id {
        Some(id) => format!("    held_by: {}\n", quote(id, Format::Yaml)),
        None => "    # held_by: whose id in `people`?\n".to_owned(),
    };
    format!(
        "# Roles. What one may decide stands in `authority`, and nowhere else.
roles:
  # Call it what it is, such as ceo, here and wherever it is named.
  {OWNER}:
    title: Top management
    layer: executive
{}    authority:
      accept_risk: critical
      approve: [isms, soa, risk_criteria, policies]
      grant: [exceptions, delegations]
  {MANAGER}:
    title: ISMS Manager
    layer: isms
{}    reports_to: {OWNER}
    responsibilities: [coordinate the ISMS, keep this register, prepare decisions]
{second}{HEADS}",
        holder(names.executive.as_deref()),
        holder(names.custodian.as_deref())
    )
}

fn policies(names: &Names) -> String {
    let owner = names.owner.as_deref();
    let owner = owner.map_or_else(|| "# owner: a role".to_owned(), |owner| format!("owner: {owner}"));
    let policy = names.policy.as_deref().unwrap_or(POLICY);
    format!(
        "# Policies (clause 5.2, A.5.1). The text of one is a file of this repository; when it changes, it is approved anew.
policies:
  {policy}:
    title: Information security policy
    {owner}
    review: 12mo
    # document: policies/information-security.md
    # version: \"1\"
    # classification: internal
"
    )
}

fn controls(answers: &Answers) -> String {
    let sponsor = if answers.model == Model::ExecutiveLed { SPONSOR } else { "" };
    let mut text = [CONTROLS, sponsor, EXCLUDED].concat();
    for theme in catalogue::controls().chunk_by(|a, b| a.theme == b.theme) {
        let _ = writeln!(text, "  # ---- {} ----", theme[0].theme);
        theme.iter().for_each(|control| text += &entry(control));
    }
    text
}

fn entry(control: &AnnexControl) -> String {
    let words =
        |list: &[&str]| list.iter().map(|word| word.replace('_', " ").to_lowercase()).collect::<Vec<_>>().join(", ");
    let (kind, capabilities) = (words(&control.control_type), words(&control.capabilities));
    let before = if control.iso2013.is_empty() { "new in 2022".to_owned() } else { control.iso2013.join(", ") };
    format!(
        "  {}: # {}\n    # {kind}; {capabilities}; {before}\n    applicable: true\n    status: planned\n",
        control.id, control.title
    )
}
