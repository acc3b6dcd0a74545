//! `deed todo`: what it lists is what `deed check` reports, today and on the days to come.

use std::collections::{BTreeMap, BTreeSet};

use deed_test::{Identity, Repo};
use insta::assert_snapshot;
use serde_json::Value;

use crate::harness::{Dir, Run};
use crate::history::valid;

/// The day the example organisation is judged on.
const EXAMPLE_DAY: &str = "2026-11-24";

/// What is wrong in the example organisation and takes an edit of the manifest, not a person's deed.
const EDITS: &[&str] = &[
    "broken-reporting-line",
    "concentrated-ownership",
    "conflicting-roles",
    "dependent-auditor",
    "duplicate-key",
    "duplicate-subject",
    "missing-control",
    "owner-not-department-head",
    "schema-violation",
    "undated-evidence",
    "unguarded-governance-change",
    "unjustified-exclusion",
    "unknown-control",
    "unknown-reference",
    "unused-suppression",
];

fn example() -> Dir {
    let dir = Dir::new();
    deed_test::example::generate(&dir.path().join("acme")).expect("the example is generated");
    dir
}

fn diagnostics(dir: &Dir, args: &[&str]) -> BTreeMap<String, String> {
    let run = dir.deed(&[&["check", "acme", "--format", "json", "--exit-zero"], args].concat());
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let text = |it: &Value, key: &str| it[key].as_str().unwrap().to_owned();
    let all = report["diagnostics"].as_array().unwrap().iter();
    all.map(|it| (text(it, "fingerprint"), text(it, "rule"))).collect()
}

/// The fingerprints of the diagnostics behind some tasks.
fn reasons<'t>(tasks: impl IntoIterator<Item = &'t Value>) -> BTreeSet<String> {
    let reasons = tasks.into_iter().flat_map(|task| task["reasons"].as_array().unwrap());
    reasons.filter_map(|reason| reason["fingerprint"].as_str()).map(str::to_owned).collect()
}

#[test]
fn whatever_takes_a_person_is_on_the_list() {
    let dir = example();
    let list = valid(&dir, &["todo", "-C", "acme", "--today", EXAMPLE_DAY]);
    let tasks = list["tasks"].as_array().unwrap();
    let is_now = |task: &&Value| task["overdue"] == true || task["due"].is_null();
    let told = reasons(tasks.iter().filter(is_now));
    let wrong = diagnostics(&dir, &["--today", EXAMPLE_DAY]);
    let takes_a_person = |(_, rule): &(&String, &String)| !EDITS.contains(&rule.as_str());
    let expected: BTreeSet<String> = wrong.iter().filter(takes_a_person).map(|(id, _)| id.clone()).collect();
    assert_eq!(told, expected);
    let waits = |task: &&Value| task["waits_for"].as_array().unwrap().is_empty();
    assert_eq!(tasks.iter().filter(waits).count(), 0, "somebody can do each");
    let ids: BTreeSet<_> = tasks.iter().map(|task| task["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), tasks.len());
    // Twice the same subject and decision are one task with two reasons.
    let accept = tasks.iter().find(|task| task["subject"] == "risks.R-24" && task["act"] == "decide").unwrap();
    assert_eq!(reasons([accept]).len(), 2, "{accept}");
    assert_eq!(accept["command"], "deed decide accepted risks.R-24");
}

#[test]
fn the_list_reads_well_in_a_narrow_terminal() {
    let dir = example();
    let args = ["todo", "-C", "acme", "--no-evidence", "--today", EXAMPLE_DAY];
    let narrow = Run::of(dir.command(&args).env("COLUMNS", "80").output().unwrap());
    assert_snapshot!("list", narrow.all());
    assert!(narrow.stdout.lines().all(|line| line.chars().count() <= 80));
    let own =
        Run::of(dir.command(&[&args[..], &["--for", "Chen Wei"]].concat()).env("COLUMNS", "80").output().unwrap());
    assert_snapshot!("own", own.all());
    assert_snapshot!("markdown", dir.deed(&[&args[..], &["--format", "markdown", "--for", "chen"]].concat()).stdout);
    let csv = dir.deed(&[&args[..], &["--format", "csv"]].concat()).stdout;
    assert!(
        csv.contains("2026-10-07,yes,Review control A.5.11,controls.A.5.11,Return of assets,Chen Wei,head-of-it,,"),
        "{csv}"
    );
}

/// People who come and go, and what is passed on for a time; judged on 2026-06-30.
const COMING: &str = "deed: 1
isms: { organization: Acme, model: centralized, owner: ceo, manager: isms-manager }
people:
  ada: { name: Ada Moreau, emails: [ada@acme.example], keys: [{ key: \"ssh-ed25519 AAAA\", until: 2026-08-01 }] }
  ben: { name: Ben Okafor, emails: [ben@acme.example], left: 2026-09-15 }
  chen: { name: Chen Wei, emails: [chen@acme.example] }
  other: { name: chen wei, emails: [other@acme.example] }
roles:
  ceo: { title: CEO, layer: executive, held_by: ada, authority: { accept_risk: high, grant: [exceptions] },
         acknowledged: { by: ada, date: 2026-01-01, until: 2026-07-31 } }
  isms-manager: { title: ISMS Manager, layer: isms, held_by: ben, reports_to: ceo, acknowledged: { by: ben, date: 2026-01-01 } }
  it: { title: Head of IT, layer: owner, held_by: chen, acting_until: 2026-07-10, reports_to: ceo,
        acknowledged: { by: chen, date: 2026-06-01 } }
  desk: { title: Service desk, layer: operator, held_by: ben, reports_to: it }
  hr: { title: Head of HR, layer: owner, reports_to: ceo }
risk_criteria: { likelihood: 5, impact: 5, levels: { low: 1, high: 10 }, tolerance: low, approved: { by: ada, date: 2026-01-01 } }
risks:
  R-1: { title: Fire, owner: it, treatment: mitigate, controls: [A.8.8], residual: { likelihood: 1, impact: 1 },
         plan: [{ action: Buy extinguishers, by: chen, due: 2026-07-20 }],
         accepted: { by: ada, date: 2026-01-10, until: 2026-08-10 } }
  R-2: { title: Flood, owner: hr, treatment: accept, residual: { likelihood: 5, impact: 5 } }
delegations:
  D-1: { from: ceo, to: it, authority: { accept_risk: low }, granted: { by: ada, date: 2026-02-01, until: 2026-07-15 } }
  D-2: { from: ceo, to: it, authority: { accept_risk: low },
         granted: [{ by: ada, date: 2026-02-01, until: 2026-07-15 }, { by: ada, date: 2026-06-01, until: 2027-07-15 }] }
exceptions:
  X-1: { control: A.8.8, reason: Old, owner: it, granted: { by: ada, date: 2026-02-01, until: 2026-07-25 } }
  X-2: { control: A.8.8, reason: Old, owner: it, granted: [{ by: ada, date: 2026-02-01, until: 2026-07-25 }, { by: ada, date: 2026-07-26, until: 2026-12-31 }] }
lint: { ignore: [{ rule: missing-control, reason: later, owner: chen, until: 2026-07-05 }] }
";

fn due(dir: &Dir, args: &[&str]) -> Vec<String> {
    let list = valid(dir, &[&["todo", "--today", "2026-06-30"], args].concat());
    let line = |task: &Value| {
        let who: Vec<_> =
            task["waits_for"].as_array().unwrap().iter().map(|it| it["person"].as_str().unwrap()).collect();
        let above = task["escalates_to"]["person"].as_str().map(|above| format!(" ({above})")).unwrap_or_default();
        let day = task["due"].as_str().unwrap_or("now");
        format!("{day} {}{above}: {}", who.join("/"), task["what"].as_str().unwrap())
    };
    list["tasks"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn whatever_ends_is_on_the_list_before_it_ends() {
    let dir = Dir::with(&[("deed.yaml", COMING)]);
    let all = due(&dir, &["--within", "60d"]);
    let to_come: Vec<&str> = all.iter().filter(|line| !line.starts_with("now")).map(String::as_str).collect();
    assert_eq!(
        to_come,
        [
            "2026-07-05 chen: Mend `missing-control`, or ignore it for longer: ignoring it ends",
            "2026-07-10 ada: Name who holds role `it`: the acting holder's time ends",
            "2026-07-15 ada: Grant delegation `D-1` again, or let it end: it ends",
            "2026-07-20 chen: Finish \"Buy extinguishers\" of risk `R-1`",
            "2026-07-25 ada: Grant exception `X-1` again, or close it: it ends",
            "2026-07-31 ada: Take on role `ceo` again: the acknowledgement ends",
            "2026-08-01 ada: Register a new signing key of Ada Moreau: the last one ends",
            "2026-08-10 ada: Accept risk `R-1` again: its acceptance ends",
        ]
    );
    let leaver = due(&dir, &["--within", "90d"]);
    let leaver: Vec<&String> = leaver.iter().filter(|line| line.starts_with("2026-09-15")).collect();
    assert_eq!(
        leaver,
        [
            "2026-09-15 ada: Name who holds role `isms-manager`: its holder leaves",
            "2026-09-15 chen: Name who holds role `desk`: its holder leaves",
        ]
    );
    // A short horizon cuts it, and includes its last day.
    assert_eq!(due(&dir, &["--within", "5d"]).iter().filter(|line| line.starts_with("2026")).count(), 1);
    assert_eq!(due(&dir, &["--within", "4d"]).iter().filter(|line| line.starts_with("2026")).count(), 0);
}

#[test]
fn what_nobody_can_do_goes_to_who_is_above() {
    let text = COMING.replace("accept_risk: high, ", "");
    let dir = Dir::with(&[("deed.yaml", &text)]);
    let all = due(&dir, &[]);
    assert!(all.contains(&"now  (ada): Accept risk `R-2`: nobody has".to_owned()), "{all:#?}");
    let shown = dir.deed(&["todo", "--today", "2026-06-30"]).stdout;
    assert!(shown.contains("nobody; Ada Moreau (ceo) sees to"), "{shown}");
    let own = dir.deed(&["todo", "--today", "2026-06-30", "--for", "ada@acme.example"]).stdout;
    assert!(own.contains("Accept risk R-2 (Flood)"), "{own}");
    // What is prepared waits too, though nothing is wrong with it.
    let open = text.replace(
        "delegations:\n",
        "reviews: { M-1: { kind: management-review, chair: ceo } }\ndelegations:\n  D-9: { from: ceo, to: it }\n",
    );
    let open = due(&Dir::with(&[("deed.yaml", &open)]), &[]);
    for line in
        ["now ada: Grant delegation `D-9`: nobody has", "now ada: Record that review `M-1` was held: nobody has"]
    {
        assert!(open.iter().any(|known| known == line), "{line}: {open:#?}");
    }
    let vacant = "now ada: Name who holds role `hr`: nobody does";
    assert!(all.iter().any(|line| line == vacant), "{all:#?}");
}

#[test]
fn what_is_alike_is_one_entry_with_one_command() {
    let text = |count: usize| {
        let controls = (1..=count).map(|at| format!("  A.8.{at}: {{ owner: it }}\n"));
        format!("{COMING}controls:\n{}", controls.collect::<String>())
    };
    let args = ["todo", "--today", "2026-06-30", "--no-evidence"];
    let lists = |count: usize| {
        let dir = Dir::with(&[("deed.yaml", &text(count))]);
        let listed = valid(&dir, &args)["tasks"].as_array().unwrap().len();
        (listed, dir.deed(&args).stdout, dir.deed(&[&args[..], &["--for", "chen"]].concat()).stdout)
    };
    let (few, all, _) = lists(4);
    assert_eq!(all.matches("Take on control A.8.").count(), 4, "{all}");
    let (many, all, own) = lists(6);
    assert_eq!(many, few + 2, "programs see each");
    assert!(all.contains("Take on 6 controls (A.8.1, A.8.2, A.8.3 and 3 "), "{all}");
    assert!(!all.contains("Take on control"), "{all}");
    assert!(own.contains("A.8.1, A.8.2, A.8.3, A.8.4, A.8.5, A.8.6\n"), "{own}");
    let command = own.lines().find(|line| line.contains("deed decide accepted controls.A.8.1 "));
    let words: Vec<_> = command.expect("there is a command").split_whitespace().skip(1).collect();
    assert_eq!(words.len(), 2 + 6, "{words:?}");
}

#[test]
fn whose_list_it_is_can_be_said_in_several_ways() {
    let dir = Dir::with(&[("deed.yaml", COMING)]);
    let own = |whose: &str| dir.deed(&["todo", "--today", "2026-06-30", "--for", whose]);
    let ada = own("ada").stdout;
    assert!(ada.starts_with("Ada Moreau on 2026-06-30: "), "{ada}");
    for whose in ["ADA@acme.example", "Ada Moreau", "ada moreau"] {
        assert_eq!(own(whose).stdout, ada);
    }
    let several = own("Chen Wei");
    assert!(several.code == 2 && several.stderr.contains("name one of them: `chen`, `other`"), "{}", several.all());
    let unknown = own("Adda");
    assert!(unknown.code == 2 && unknown.stderr.contains("did you mean `ada`?"), "{}", unknown.all());
    let outside = own("me");
    // What Git guesses there is nobody's address, if it guesses.
    assert!(outside.code == 2 && outside.stderr.starts_with("error: Git "), "{}", outside.all());
    let repo = Repo::init(dir.path());
    repo.git(["config", "user.name", "Ada"]);
    repo.git(["config", "user.email", "ada@acme.example"]);
    repo.commit("All").author(&Identity::new("Ada Moreau", "ada@acme.example")).at("2026-06-01T09:00:00+0000").create();
    assert!(own("me").stdout.starts_with("Ada Moreau on "), "{}", own("me").all());
    repo.git(["config", "user.email", "nobody@acme.example"]);
    assert!(
        own("me").stderr.contains("<nobody@acme.example>, which is no one person's address"),
        "{}",
        own("me").all()
    );
}

#[test]
fn an_approval_asks_again_when_its_text_changed() {
    let ada = Identity::new("Ada Moreau", "ada@acme.example");
    let text = "deed: 1\nisms: { organization: Acme, owner: ceo }\npeople: { ada: { name: Ada Moreau, emails: [ada@acme.example] } }\n\
                roles: { ceo: { layer: executive, held_by: ada, authority: { approve: [policies] } } }\npolicies:\n  P-3: { title: P, document: p.md, owner: ceo, \
                approved: { by: ada, date: 2026-03-01 } }\n";
    let dir = Dir::new();
    let repo = Repo::init(dir.path());
    let on = |message: &str, day: &str, write: (&str, &str)| {
        repo.commit(message).author(&ada).at(&format!("{day}T09:00:00+0000")).write(write.0, write.1).create();
    };
    on("Text", "2026-02-01", ("p.md", "Be careful.\n"));
    on("Policy", "2026-03-01", ("deed.yaml", text));
    let policy = |dir: &Dir| due(dir, &[]).into_iter().filter(|line| line.contains("P-3")).collect::<Vec<_>>();
    assert_eq!(policy(&dir), [] as [String; 0]);
    on("Text", "2026-05-11", ("p.md", "Be bold.\n"));
    assert_eq!(policy(&dir), ["now ada: Approve policy `P-3` again: its text changed on 2026-05-11"]);
    let without = due(&dir, &["--no-evidence"]);
    assert!(without.iter().all(|line| !line.contains("P-3")), "{without:?}");
    // What is suppressed is put up with.
    dir.write("lint.deed.yaml", "lint: { ignore: [{ rule: outdated-approval, reason: a typo, until: 2026-12-31 }] }\n");
    assert_eq!(policy(&dir), [] as [String; 0]);
    dir.write("lint.deed.yaml", "");
    dir.write("deed.yaml", text.replace("2026-03-01", "2026-06-29"));
    assert_eq!(policy(&dir), ["now ada: Commit that policy `P-3` is approved"]);
}

#[test]
fn the_command_of_a_task_does_it() {
    let dir = Dir::new();
    let (text, controls) = (
        "deed: 1\nisms: { organization: Acme, owner: ceo }\npeople: { ada: { name: Ada Moreau, emails: [ada@acme.example] } }\nroles:\n  ceo: { title: CEO, layer: executive, \
         held_by: ada, authority: { accept_risk: high, approve: [policies, risk_criteria], grant: [exceptions] } }\nrisk_criteria: { likelihood: 5, impact: 5, levels: { low: 1, high: 10 }, tolerance: \
         high }\n",
        "policies:\n  P: { title: P, document: p.md, owner: ceo }\ncontrols:\n  A.5.1: { applicable: true, because: [law], status: planned, owner: ceo, review: 6mo, accepted: { by: ada, date: 2025-06-01 } }\n  \
         A.5.2: { applicable: true, because: [law], status: planned, owner: ceo }\nrisks:\n  R-1: { title: Fire, owner: ceo, treatment: accept, inherent: { likelihood: 1, impact: 1 }, residual: { likelihood: 1, impact: 1 \
         } }\n",
    );
    let ada = Identity::new("Ada Moreau", "ada@acme.example");
    let repo = Repo::init(dir.path());
    repo.git(["config", "user.name", "Ada Moreau"]);
    repo.git(["config", "user.email", "ada@acme.example"]);
    repo.commit("All")
        .author(&ada)
        .at("2025-06-01T09:00:00+0000")
        .write("deed.yaml", text)
        .write("more.deed.yaml", controls)
        .write("p.md", "Be careful.\n")
        .create();
    let list = || valid(&dir, &["todo", "--for", "me", "--today", "2026-06-30"])["tasks"].as_array().unwrap().clone();
    let with_command: Vec<Value> = list().into_iter().filter(|task| task["command"].is_string()).collect();
    let subjects: BTreeSet<&str> = with_command.iter().map(|task| task["command"].as_str().unwrap()).collect();
    let expected = [
        "deed decide accepted controls.A.5.2",
        "deed decide accepted risks.R-1",
        "deed decide acknowledged roles.ceo",
        "deed decide approved policies.P",
        "deed decide approved risk_criteria",
        "deed decide reviewed controls.A.5.1",
    ];
    assert_eq!(subjects.into_iter().collect::<Vec<_>>(), expected);
    for task in with_command {
        let command: Vec<&str> = task["command"].as_str().unwrap().split(' ').skip(1).collect();
        let mut run = dir.command(&[&command[..], &["--today", "2026-06-30"]].concat());
        run.env("PATH", std::env::var_os("PATH").unwrap());
        run.env("GIT_AUTHOR_DATE", "2026-06-30T10:00:00+0000").env("GIT_COMMITTER_DATE", "2026-06-30T10:00:00+0000");
        let run = Run::of(run.output().unwrap());
        assert_eq!(run.code, 0, "{command:?}: {}", run.all());
        let left = list();
        assert!(left.iter().all(|it| it["id"] != task["id"]), "{command:?} is left: {left:#?}");
    }
    let left: Vec<Value> = list().into_iter().filter(|task| task["command"].is_string()).collect();
    assert_eq!(left, [] as [Value; 0]);
}

#[test]
fn what_cannot_be_read_is_not_passed_over_in_silence() {
    let dir = Dir::with(&[("deed.yaml", COMING), ("more.deed.yaml", "risks:\n  R-3: { title: \"Frost }\n")]);
    let run = dir.deed(&["todo", "--today", "2026-06-30"]);
    assert_eq!(run.code, 2, "{}", run.all());
    assert!(run.stdout.contains("Accept risk R-2"), "{}", run.all());
    assert!(run.stderr.contains("error: `more.deed.yaml:2` cannot be read: "), "{}", run.all());
    assert_eq!(dir.deed(&["todo", "-C", "nowhere"]).code, 2);
    assert_eq!(Dir::new().deed(&["todo"]).code, 3);
    let clean = Dir::with(&[("deed.yaml", "deed: 1\n")]).deed(&["todo", "--today", "2026-06-30"]);
    assert_eq!(clean.all(), "exit 0\n--- stdout\nDeed on 2026-06-30: nothing to do by 2026-09-28\n");
    let far = dir.deed(&["todo", "--within", "100000y", "--today", "2026-06-30"]);
    assert!(far.stdout.contains("by 9999-12-31"), "{}", far.all());
}

#[test]
fn a_calendar_is_the_same_until_something_is_due() {
    let dir = Dir::with(&[("deed.yaml", COMING)]);
    let calendar = |today: &str| dir.deed(&["todo", "--format", "ics", "--today", today]).stdout;
    let first = calendar("2026-06-30");
    assert_eq!(first, calendar("2026-06-30"));
    assert!(first.ends_with("END:VCALENDAR\r\n") && !first.replace("\r\n", "").contains('\n'));
    assert!(first.split("\r\n").all(|line| line.len() <= 75), "{first}");
    let uids = |text: &str| -> BTreeSet<String> {
        text.split("\r\n").filter_map(|line| line.strip_prefix("UID:")).map(str::to_owned).collect()
    };
    let (first, second) = (uids(&first), uids(&calendar("2026-07-01")));
    assert!(first.is_subset(&second) && first.len() > 8, "{first:?} {second:?}");
}
