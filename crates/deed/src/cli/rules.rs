//! `deed rules`

use std::io::{self, Write};

use anyhow::Result;
use clap::{Args, ValueEnum};
use deed_linter::{ByModel, Group, RULES, Rule, Setting};
use deed_model::OwnershipModel;
use serde_json::{Value, json};

use super::output::url;
use super::print;
use super::terminal::{Color, Terminal};
use super::wrap::wrap;
use crate::exit::Exit;

/// List the rules
#[derive(Args)]
#[command(after_help = "`deed explain RULE` says more about one. `lint.rules` in `deed.yaml` sets severities.")]
pub(super) struct RulesArgs {
    /// Format of the list
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: Format,

    /// Show the severities of one ownership model: centralized, federated or executive-led
    #[arg(long, value_name = "MODEL", value_parser = model)]
    model: Option<OwnershipModel>,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// A table for the terminal
    #[default]
    Text,
    /// One array, a rule each
    Json,
    /// A table for each group, as in the rule index
    Markdown,
}

fn model(name: &str) -> Result<OwnershipModel, String> {
    OwnershipModel::of_name(name).ok_or_else(|| {
        let names = OwnershipModel::ALL.map(|model| format!("`{}`", model.name()));
        format!("the models are {}", names.join(", "))
    })
}

pub(super) fn run(args: &RulesArgs, color: Color) -> Result<Exit> {
    let terminal = Terminal::of(&io::stdout(), color);
    print(|out| match args.format {
        Format::Text => text(args.model, &terminal, out),
        Format::Json => {
            let rules: Vec<_> = RULES.iter().map(|rule| value(rule)).collect();
            serde_json::to_writer_pretty(&mut *out, &rules)?;
            writeln!(out)
        }
        Format::Markdown => markdown(args.model, out),
    })?;
    Ok(Exit::Clean)
}

/// The groups that have rules, each with them.
fn groups() -> impl Iterator<Item = (Group, Vec<&'static Rule>)> {
    let of = |group| RULES.iter().copied().filter(|rule| rule.group == group).collect::<Vec<_>>();
    Group::ALL.into_iter().map(move |group| (group, of(group))).filter(|(_, rules)| !rules.is_empty())
}

fn text(model: Option<OwnershipModel>, terminal: &Terminal, out: &mut dyn Write) -> io::Result<()> {
    let paint = &terminal.paint;
    let name_width = RULES.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let (strong, faint) = (paint.strong, paint.faint);
    for (group, rules) in groups() {
        writeln!(out, "{strong}{}{strong:#}", group.name())?;
        for rule in rules {
            let setting = rule.severity.under(model);
            let style = match setting {
                Setting::Allow => faint,
                Setting::Report(severity) => paint.severity(severity),
            };
            let name = format!("{}{}", terminal.link(rule.id, &url(rule)), " ".repeat(name_width - rule.id.len()));
            let fixable = if is_fixable(rule) { "[*]" } else { "   " };
            let differs = if model.is_none() { exceptions(&rule.severity) } else { String::new() };
            let differs = if differs.is_empty() { differs } else { format!(" ({differs})") };
            let indent = 2 + name_width + 2 + 7 + 2 + 3 + 2;
            let mut lines =
                wrap(&format!("{}{differs}", rule.summary), terminal.width.saturating_sub(indent).max(30)).into_iter();
            let first = lines.next().unwrap_or_default();
            writeln!(out, "  {name}  {style}{:7}{style:#}  {fixable}  {first}", setting.name())?;
            lines.try_for_each(|line| writeln!(out, "{:indent$}{line}", ""))?;
        }
        writeln!(out)?;
    }
    writeln!(out, "[*] has fixes. `deed explain RULE` says more about one.")
}

fn markdown(model: Option<OwnershipModel>, out: &mut dyn Write) -> io::Result<()> {
    for (number, (group, rules)) in groups().enumerate() {
        let gap = if number == 0 { "" } else { "\n" };
        writeln!(
            out,
            "{gap}## {}\n\n| rule | reports | severity | fixes | source |\n|---|---|---|---|---|",
            group.name()
        )?;
        for rule in rules {
            let severity =
                model.map_or_else(|| severities(rule), |model| rule.severity.under(Some(model)).name().to_owned());
            let fixes = if is_fixable(rule) { "yes" } else { "" };
            let (id, url) = (rule.id, url(rule));
            writeln!(out, "| [`{id}`]({url}) | {} | {severity} | {fixes} | {} |", rule.summary, rule.source)?;
        }
    }
    Ok(())
}

fn value(rule: &Rule) -> Value {
    let ByModel { default, centralized, federated, executive_led } = rule.severity;
    let options = rule.options.iter().map(|option| json!({ "name": option.name, "summary": option.summary }));
    json!({
        "rule": rule.id,
        "group": rule.group.name(),
        "summary": rule.summary,
        "source": rule.source,
        "severity": {
            "default": default.name(),
            "centralized": centralized.name(),
            "federated": federated.name(),
            "executive-led": executive_led.name(),
        },
        "fixable": is_fixable(rule),
        "options": options.collect::<Vec<_>>(),
        "url": url(rule),
    })
}

/// Whether the rule's documentation shows what its fixes give.
fn is_fixable(rule: &Rule) -> bool {
    rule.docs.lines().any(|line| line == "## Fixed")
}

/// Returns a rule's severity, with the models under which it is another.
pub(super) fn severities(rule: &Rule) -> String {
    match exceptions(&rule.severity).as_str() {
        "" => rule.severity.default.name().to_owned(),
        exceptions => format!("{} ({exceptions})", rule.severity.default.name()),
    }
}

fn exceptions(severity: &ByModel<Setting>) -> String {
    let models = OwnershipModel::ALL.into_iter().filter(|model| severity.under(Some(*model)) != severity.default);
    let all: Vec<_> = models.map(|model| format!("{}: {}", model.name(), severity.under(Some(model)).name())).collect();
    all.join(", ")
}
