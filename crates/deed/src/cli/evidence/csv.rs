//! One row a decision, for spreadsheets (RFC 4180).

use std::io::{self, Write};

use super::Shown;
use super::json::outdated_by;
use crate::cli::csv::row;

pub(super) fn write(shown: &Shown, out: &mut dyn Write) -> io::Result<()> {
    let header = [
        "decision",
        "by",
        "date",
        "until",
        "level",
        "recorded",
        "commit",
        "author",
        "email",
        "signature",
        "key",
        "signer",
        "adopted",
        "adopted_by",
        "adoption",
        "outdated_by",
        "problems",
    ];
    row(&header, out)?;
    let register = shown.project.workspace.register();
    for evidence in shown.decisions() {
        let decision =
            register.decisions().map(|(_, decision)| decision).find(|decision| decision.range == evidence.at);
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let origin = evidence.origin.as_deref();
        let adoption = evidence.adoption.as_deref();
        let date = |date: Option<deed_model::Date>| date.map(|date| date.to_string()).unwrap_or_default();
        row(
            &[
                evidence.decision.to_string(),
                text(decision.and_then(|it| it.by.as_ref()).map(|by| by.as_str())),
                date(decision.and_then(|it| it.date.as_ref()).map(|date| date.value)),
                date(decision.and_then(|it| it.until.as_ref()).map(|until| until.value)),
                evidence.level.name().to_owned(),
                date(origin.map(|commit| commit.committer.day())),
                text(origin.map(|commit| commit.id.as_str())),
                text(origin.map(|commit| commit.author.name.as_str())),
                text(origin.map(|commit| commit.author.email.as_str())),
                text(origin.map(|commit| commit.signature.status.name())),
                text(origin.and_then(|commit| commit.signature.key.as_deref())),
                text(evidence.proof.signer.as_deref()),
                date(adoption.map(|commit| commit.committer.day())),
                text(adoption.map(|commit| commit.author.name.as_str())),
                text(adoption.map(|commit| commit.id.as_str())),
                outdated_by(evidence).join(" "),
                evidence.problems.iter().map(deed_model::evidence::Problem::rule).collect::<Vec<_>>().join(" "),
            ],
            out,
        )?;
    }
    Ok(())
}
