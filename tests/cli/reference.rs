//! `deed explain`, `rules`, `schema`, `completions`, `man`, `--help`.

use std::collections::HashMap;
use std::fs;

use deed_linter::RULES;
use serde_json::Value;

use crate::harness::Dir;

#[test]
fn every_rule_is_explained_within_the_width() {
    let dir = Dir::new();
    for rule in RULES {
        let run = dir.deed(&["explain", rule.id]);
        assert_eq!(run.code, 0);
        assert!(run.stdout.starts_with(&format!("{}: {}\n", rule.id, rule.summary)), "{}", run.stdout);
        assert!(run.stdout.contains("\nWhy it matters\n--------------\n"), "{}", run.stdout);
        assert!(!run.stdout.contains("```") && !run.stdout.contains("\n#"), "{}", run.stdout);
        let prose = run.stdout.lines().filter(|line| !line.starts_with(' ') && !line.contains(" · "));
        assert!(prose.skip(1).all(|line| line.chars().count() <= 100), "{}", run.stdout);
        assert_eq!(dir.deed(&["explain", rule.id, "--format", "markdown"]).stdout, rule.docs);
    }
}

#[test]
fn every_rule_is_listed_in_each_format() {
    let dir = Dir::new();
    let text = dir.deed(&["rules"]).stdout;
    let markdown = dir.deed(&["rules", "--format", "markdown"]).stdout;
    let json: Value = serde_json::from_str(&dir.deed(&["rules", "--format", "json"]).stdout).unwrap();
    assert_eq!(json.as_array().unwrap().len(), RULES.len());
    for (rule, listed) in RULES.iter().zip(json.as_array().unwrap()) {
        assert_eq!(listed["rule"], rule.id);
        assert_eq!(listed["severity"]["federated"], rule.severity.federated.name());
        assert!(text.lines().any(|line| line.starts_with(&format!("  {} ", rule.id))), "{text}");
        assert!(markdown.contains(&format!("| [`{}`](https://", rule.id)), "{markdown}");
    }
}

#[test]
fn the_list_of_one_model_shows_its_severities() {
    let dir = Dir::new();
    for rule in RULES {
        for (model, setting) in
            [("centralized", rule.severity.centralized), ("executive-led", rule.severity.executive_led)]
        {
            let text = dir.deed(&["rules", "--model", model]).stdout;
            let line = text.lines().find(|line| line.starts_with(&format!("  {} ", rule.id))).unwrap();
            assert_eq!(line.split_whitespace().nth(1), Some(setting.name()), "{model}: {line}");
        }
    }
}

#[test]
fn the_schemas_are_those_of_the_repository() {
    let dir = Dir::new();
    let file = |name: &str| fs::read_to_string(format!("{}/schemas/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    assert_eq!(dir.deed(&["schema"]).stdout.trim_end(), file("deed.schema.json").trim_end());
    let names = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/schemas")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut parts: HashMap<String, Value> = HashMap::new();
    for name in names.filter(|name| name.ends_with(".schema.json")) {
        let of = name.trim_end_matches(".schema.json").replace("deed", "manifest");
        let text = dir.deed(&["schema", &of]).stdout;
        assert_eq!(text.trim_end(), file(&name).trim_end(), "{name}");
        if of == "manifest" {
            continue;
        }
        // What several outputs have is the same in all of them.
        let schema: Value = serde_json::from_str(&text).unwrap();
        for part in ["change", "commit", "signatory", "range", "place"] {
            let Some(definition) = schema["$defs"].get(part) else { continue };
            let known = parts.entry(part.to_owned()).or_insert_with(|| definition.clone());
            assert_eq!(known, definition, "`{part}` in {name}");
        }
    }
    assert_eq!(parts.len(), 5);
}

#[test]
fn every_shell_gets_completions_with_the_rules() {
    let dir = Dir::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = dir.deed(&["completions", shell]);
        assert_eq!(run.code, 0, "{shell}");
        assert!(run.stdout.contains("stdin-path"), "{shell}: {}", run.stdout);
    }
    assert!(dir.deed(&["completions", "bash"]).stdout.contains("unowned-control"));
}

#[test]
fn every_command_has_a_manual_page() {
    let dir = Dir::new();
    assert!(dir.deed(&["man"]).stdout.contains(".SH SUBCOMMANDS"));
    assert!(dir.deed(&["man", "check"]).stdout.contains("\\-\\-unsafe\\-fixes"));
    let run = dir.deed(&["man", "--dir", "."]);
    assert_eq!(run.code, 0, "{}", run.all());
    for page in ["deed", "deed-check", "deed-explain", "deed-rules", "deed-schema", "deed-completions", "deed-man"] {
        assert!(dir.read(&format!("{page}.1")).contains(".SH NAME"), "{page}");
    }
    assert_eq!(dir.deed(&["man", "--dir", "nowhere"]).code, 2);
}

#[test]
fn help_and_version_are_there() {
    let dir = Dir::new();
    assert_eq!(dir.deed(&["--version"]).stdout, format!("deed {}\n", env!("CARGO_PKG_VERSION")));
    for command in ["check", "decide", "explain", "rules", "schema", "completions", "man"] {
        assert!(dir.deed(&["--help"]).stdout.contains(&format!("\n  {command}")), "{command}");
        let run = dir.deed(&[command, "--help"]);
        assert!(run.code == 0 && run.stdout.contains("Usage: deed "), "{}", run.all());
    }
}
