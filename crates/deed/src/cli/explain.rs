//! `deed explain`

use std::io;

use anyhow::Result;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Args, ValueEnum};
use deed_linter::{RULES, Rule, rule};

use super::rules::severities;
use super::terminal::{Color, Terminal};
use super::{markdown, output, print};
use crate::exit::{Exit, Mistake};

/// Explain a rule: what it reports, why that matters, what to write instead
#[derive(Args)]
#[command(after_help = "`deed rules` lists the rules.")]
pub(super) struct ExplainArgs {
    /// The rule, as in `unowned-control`
    #[arg(value_parser = RuleNames, hide_possible_values = true)]
    rule: String,

    /// Format of the text
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For the terminal
    #[default]
    Text,
    /// As it was written
    Markdown,
}

pub(super) fn run(args: &ExplainArgs, color: Color) -> Result<Exit> {
    let Some(rule) = rule(&args.rule) else {
        let mistake = Mistake::new(format!("there is no rule `{}`", args.rule));
        let mistake = match nearest(&args.rule) {
            Some(near) => mistake.hint(format!("did you mean `{near}`?")),
            None => mistake,
        };
        return Err(mistake.hint("`deed rules` lists them").into());
    };
    let terminal = Terminal::of(&io::stdout(), color);
    print(|out| match args.format {
        Format::Markdown => out.write_all(rule.docs.as_bytes()),
        Format::Text => out.write_all(page(rule, &terminal).as_bytes()),
    })?;
    Ok(Exit::Clean)
}

fn page(rule: &Rule, terminal: &Terminal) -> String {
    let (strong, faint) = (terminal.paint.strong, terminal.paint.faint);
    let title = terminal.link(rule.id, &output::url(rule));
    let facts = format!("{} · {} · {}", rule.group.name(), severities(rule), rule.source);
    let body = rule.docs.split_once('\n').map_or(rule.docs, |(_, body)| body);
    format!(
        "{strong}{title}{strong:#}: {}\n{faint}{facts}{faint:#}\n\n{}",
        rule.summary,
        markdown::render(body, terminal)
    )
}

/// The rule whose id is most like a name that is none.
fn nearest(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase().replace('_', "-");
    let scored = RULES.iter().map(|rule| (strsim::jaro_winkler(rule.id, &name), rule.id));
    scored.filter(|(score, _)| *score > 0.8).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, id)| id)
}

/// Takes any name, and tells shells which there are.
#[derive(Clone)]
struct RuleNames;

impl TypedValueParser for RuleNames {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(RULES.iter().map(|rule| PossibleValue::new(rule.id).help(rule.summary))))
    }
}
