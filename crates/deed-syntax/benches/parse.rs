//! Text to tree: `cargo bench -p deed-syntax`.

use std::fmt::Write as _;
use std::sync::Arc;

use deed_syntax::{Format, Parse, parse};
use divan::counter::BytesCount;
use divan::{AllocProfiler, Bencher};

#[global_allocator]
static ALLOC: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// A manifest of so many controls, about 600 bytes each.
fn yaml(controls: usize) -> String {
    let mut text = String::from("# generated\ndeed: 1\ncontrols:\n");
    for i in 0..controls {
        write!(
            text,
            "  # control {i}\n  A.{i}:\n    applicable: true\n    because: [risks.R-{i}, \"PCI DSS 7\", law]\n    status: implemented\n    owner: head-of-it\n    title: Access to system {i} is reviewed quarterly by its owner\n    evidence:\n      - path: evidence/{i:04}.pdf\n        date: 2026-0{}-1{}\n        ttl: 12mo\n      - {{ kind: ticket, ref: \"OPS-{i}\" }}\n    rationale: |\n      We decided this because the previous approach\n      did not scale beyond {i} teams.\n    accepted: {{ by: chen, date: 2026-02-11 }}\n    reviewed: {{ by: 'chen', date: 2026-08-01 }}\n",
            i % 9 + 1,
            i % 9
        )
        .expect("a string takes all");
    }
    text
}

fn json(controls: usize) -> String {
    let mut text = String::from("{\n  \"deed\": 1,\n  \"controls\": {\n");
    for i in 0..controls {
        let comma = if i + 1 < controls { "," } else { "" };
        write!(
            text,
            "    \"A.{i}\": {{\n      \"applicable\": true,\n      \"because\": [\"risks.R-{i}\", \"PCI DSS 7\"],\n      \"title\": \"Access to system {i} is reviewed\\nquarterly by its owner\",\n      \"accepted\": {{\"by\": \"chen\", \"date\": \"2026-02-11\"}}\n    }}{comma}\n"
        )
        .expect("a string takes all");
    }
    text + "  }\n}\n"
}

fn bench(bencher: Bencher<'_, '_>, text: String, format: Format) {
    let text: Arc<str> = text.into();
    bencher.counter(BytesCount::of_str(&text)).bench(|| -> Parse { parse(Arc::clone(&text), format) });
}

#[divan::bench(args = [2, 200, 16_000], sample_count = 10)]
fn yaml_of_controls(bencher: Bencher<'_, '_>, controls: usize) {
    bench(bencher, yaml(controls), Format::Yaml);
}

#[divan::bench(args = [2, 200, 40_000], sample_count = 10)]
fn json_of_controls(bencher: Bencher<'_, '_>, controls: usize) {
    bench(bencher, json(controls), Format::Json);
}

/// A line of a file that is being written.
#[divan::bench(args = [2, 200, 16_000], sample_count = 10)]
fn yaml_with_one_error(bencher: Bencher<'_, '_>, controls: usize) {
    let text = yaml(controls);
    let middle = text[..text.len() / 2].rfind("    status:").expect("each control has one");
    bench(bencher, format!("{}    ow\n{}", &text[..middle], &text[middle..]), Format::Yaml);
}

#[divan::bench(args = [200, 10_000], sample_count = 3)]
fn yaml_with_an_error_in_each_control(bencher: Bencher<'_, '_>, controls: usize) {
    bench(bencher, yaml(controls).replace("owner: ", "owner: @"), Format::Yaml);
}
