#!/bin/sh
# Has programs that we did not write read what `deed check` and `deed todo` say of the example organisation, in each format.
#
#   tests/formats/run.sh
#
# SARIF goes to Microsoft's validator (schema and rules of the specification), JUnit XML and the calendar to parsers of PyPI,
# and the Code Quality report of GitLab is held against what GitLab demands.
# They are installed below target/formats, once, in fixed versions (110 MB). DEED and EXAMPLE_ORG name the programs to use.
set -eu
cd "$(dirname "$0")/../.."
. tests/setup.sh
need node nodejs
need npm npm
need python3 python3-venv

MULTITOOL_VERSION=5.7.0
JUNITPARSER_VERSION=5.0.3
ICALENDAR_VERSION=7.3.2
HOME_OF_TOOLS=$PWD/target/formats
READY=$HOME_OF_TOOLS/ready-$MULTITOOL_VERSION-$JUNITPARSER_VERSION-$ICALENDAR_VERSION
if [ ! -f "$READY" ]; then
    rm -rf "$HOME_OF_TOOLS"
    mkdir -p "$HOME_OF_TOOLS"
    echo '{ "private": true }' >"$HOME_OF_TOOLS/package.json"
    npm install --silent --prefix "$HOME_OF_TOOLS" "@microsoft/sarif-multitool-linux@$MULTITOOL_VERSION"
    chmod +x "$HOME_OF_TOOLS/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
    python3 -m venv "$HOME_OF_TOOLS/python"
    "$HOME_OF_TOOLS/python/bin/pip" install --quiet --disable-pip-version-check "junitparser==$JUNITPARSER_VERSION" \
        "icalendar==$ICALENDAR_VERSION"
    touch "$READY"
fi

[ -n "${DEED:-}" ] || { cargo build --locked --quiet && DEED=$PWD/target/debug/deed; }
[ -n "${EXAMPLE_ORG:-}" ] || { cargo build --locked --quiet -p deed-test --bin example-org && EXAMPLE_ORG=$PWD/target/debug/example-org; }
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
"$EXAMPLE_ORG" "$WORK/org" >/dev/null
say() { # FORMAT FILE
    code=0
    "$DEED" check --format "$1" "$WORK/org" >"$WORK/$2" || code=$?
    [ "$code" = 1 ] || { echo "deed check --format $1 ended with $code" >&2; exit 1; }
}

say sarif deed.sarif
# The validator reports what breaks the schema or the specification as errors, what hampers consumers as warnings.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
"$HOME_OF_TOOLS/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool" validate "$WORK/deed.sarif" \
    --output "$WORK/validation.sarif" --level "Error;Warning" >"$WORK/validation.log" || { cat "$WORK/validation.log"; exit 1; }
say junit deed.xml
say gitlab deed.gitlab.json
say json deed.json
for format in ics json; do
    "$DEED" todo --format "$format" --today 2026-11-24 --directory "$WORK/org" >"$WORK/todo.$format"
done
"$HOME_OF_TOOLS/python/bin/python" - "$WORK" <<'PYTHON'
import datetime, json, pathlib, sys
import icalendar, junitparser

work = pathlib.Path(sys.argv[1])
complaints = [result for run in json.loads((work / "validation.sarif").read_text())["runs"] for result in run.get("results", [])]
for complaint in complaints:
    print("sarif:", complaint["ruleId"], complaint.get("message"))
said = json.loads((work / "deed.json").read_text())
results = json.loads((work / "deed.sarif").read_text())["runs"][0]["results"]
shown = [result for result in results if not result.get("suppressions")]
assert len(shown) == len(said["diagnostics"]), "SARIF has as many results"
suites = junitparser.JUnitXml.fromfile(work / "deed.xml")
failures = sum(1 for suite in suites for case in suite for result in case.result if isinstance(result, junitparser.Failure))
assert failures == suites.failures == said["summary"]["errors"], "JUnit XML has as many failures as there are errors"
# What GitLab wants of a Code Quality report (`codeclimate.json` among its schemas, and the severities it knows).
quality = json.loads((work / "deed.gitlab.json").read_text())
for entry in quality:
    assert all(isinstance(entry[key], str) and entry[key] for key in ("description", "check_name", "fingerprint")), entry
    assert entry["severity"] in ("info", "minor", "major", "critical", "blocker"), entry
    path = pathlib.PurePosixPath(entry["location"]["path"])
    assert not path.is_absolute() and (work / "org" / path).is_file(), path
    assert type(entry["location"]["lines"]["begin"]) is int and entry["location"]["lines"]["begin"] > 0, entry
assert len({entry["fingerprint"] for entry in quality}) == len(quality) == len(said["diagnostics"]), "one entry each"
written = (work / "todo.ics").read_bytes()
assert all(len(line) <= 75 for line in written.split(b"\r\n")) and b"\n" not in written.replace(b"\r\n", b"")
calendar = icalendar.Calendar.from_ical(written)
tasks, events = json.loads((work / "todo.json").read_text())["tasks"], calendar.events
assert not calendar.errors and not any(event.errors for event in events), "the calendar is well-formed"
assert {event["UID"] for event in events} == {task["id"] + "@deed" for task in tasks} and len(events) == len(tasks)
today = datetime.date(2026, 11, 24)
for event, task in zip(events, tasks):
    due = datetime.date.fromisoformat(task["due"]) if task["due"] else today
    assert event.start == max(due, today) and event.end == event.start + datetime.timedelta(days=1), event
    assert event["DTSTAMP"].dt == datetime.datetime(2026, 11, 24, tzinfo=datetime.timezone.utc), event
    summary, what = str(event["SUMMARY"]), task["what"].replace("`", "")
    # The title of the subject stands in between.
    assert what.split(":")[0] in summary and summary.startswith("Overdue: ") == task["overdue"], (summary, what)
    described = str(event["DESCRIPTION"]).split("\n")
    assert all(reason["message"].replace("`", "") in described for reason in task["reasons"]), described
print(f"gitlab: {len(quality)} entries; ics: {len(events)} events")
print(f"sarif: {len(results)} results, {len(complaints)} complaints; junit: {suites.tests} cases, {failures} failures")
sys.exit(1 if complaints else 0)
PYTHON
