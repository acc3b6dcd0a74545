//! Writes a workspace of many manifests, for benchmarks: `corpus DIR COUNT`.
//!
//! About a hundred lines a manifest: a root manifest with people, roles and criteria, and risks that are owned, treated and
//! accepted, so that a linter has to look at everything and has little to say.

#![allow(clippy::print_stderr, reason = "a program for the terminal")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

const RISKS_PER_MANIFEST: usize = 5;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [directory, count] = arguments.as_slice() else {
        eprintln!("usage: corpus DIR COUNT");
        return ExitCode::from(2);
    };
    let written = count.parse().map_err(io::Error::other).and_then(|count| write(Path::new(directory), count));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {directory}: {error}");
            ExitCode::from(2)
        }
    }
}

fn write(directory: &Path, count: usize) -> io::Result<()> {
    fs::create_dir_all(directory.join("risks"))?;
    fs::write(directory.join("deed.yaml"), root())?;
    for number in 1..count {
        fs::write(directory.join(format!("risks/{number:05}.deed.yaml")), risks(number))?;
    }
    Ok(())
}

fn root() -> String {
    let mut text = String::from(
        "deed: 1\nisms:\n  organization: Benchmark Ltd\n  framework: iso27001-2022\n  model: centralized\n  scope: Everything.\n  owner: ceo\n  manager: isms-manager\n  conformity: isms-manager\n  reporting: isms-manager\n  review: 12mo\n  adopted: { by: p0, date: 2026-01-15 }\n  approved: { by: p0, date: 2026-01-15 }\nrisk_criteria:\n  likelihood: 5\n  impact: 5\n  levels: { low: 1, medium: 5, high: 10, critical: 17 }\n  tolerance: high\n  max_acceptance: { low: 24mo, medium: 12mo, high: 6mo, critical: 3mo }\n  approved: { by: p0, date: 2026-01-15 }\nroles:\n  ceo: { title: Chief Executive Officer, layer: executive, held_by: p0, authority: { accept_risk: critical, approve: [isms, soa, risk_criteria, policies], grant: [exceptions, delegations] }, acknowledged: { by: p0, date: 2026-01-15 } }\n  isms-manager: { title: ISMS Manager, layer: isms, held_by: p1, deputy: p2, reports_to: ceo, responsibilities: [coordinate the ISMS], acknowledged: { by: p1, date: 2026-01-15 } }\n",
    );
    for head in 2..40 {
        let _ = writeln!(
            text,
            "  head-{head}: {{ title: Head of department {head}, layer: owner, held_by: p{head}, deputy: p{}, reports_to: ceo, authority: {{ accept_risk: high }}, acknowledged: {{ by: p{head}, date: 2026-01-15 }} }}",
            head + 40
        );
    }
    text.push_str("people:\n");
    for person in 0..80 {
        let _ = writeln!(
            text,
            "  p{person}:\n    name: Person {person}\n    emails: [p{person}@benchmark.example]\n    joined: 2020-01-01"
        );
    }
    text
}

fn risks(manifest: usize) -> String {
    let mut text = format!("# Risks of system {manifest}, reviewed with its owner.\nrisks:\n");
    for risk in 0..RISKS_PER_MANIFEST {
        let head = 2 + (manifest + risk) % 38;
        let (likelihood, impact) = (1 + (manifest + risk) % 2, 1 + risk % 3);
        let _ = write!(
            text,
            "  R-{manifest:05}-{risk}:
    title: Unpatched component {risk} of system {manifest}
    owner: head-{head}
    requested_by: p{}
    inherent:
      likelihood: 3
      impact: 3
    treatment: mitigate
    controls: [A.8.8, A.8.32]
    plan:
      - action: Replace the component
        by: p{}
        due: 2027-06-30
      - action: Watch the vendor's advisories   # weekly
        by: p{}
        due: 2027-01-31
    residual: {{ likelihood: {likelihood}, impact: {impact} }}
    approved: {{ by: p{head}, date: 2026-02-20 }}
    accepted: {{ by: p{head}, date: 2026-03-01, until: 2027-01-31, note: \"retired in Q4\" }}
",
            head + 40,
            head + 40,
            head + 40,
        );
    }
    text
}
