//! The bytes that were signed are those that Git would verify.

use deed_history::signature::{Place, split};
use deed_test::{Key, Repo};

use crate::craft::with_header;
use crate::{ada, check, git_accepts, git_accepts_tag, is_good, public};

const SIGNATURE: &str = "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n";
const HEADERS: [(&str, &str); 6] = [
    ("gpgsig", SIGNATURE),
    ("gpgsig-sha256", SIGNATURE),
    ("gpgsigother", "one\ntwo"),
    ("encoding", "ISO-8859-1"),
    ("mergetag", "object 1234\ntype commit\n\n-----BEGIN PGP SIGNATURE-----\n"),
    ("x-long", "one\n\ntwo"),
];

/// Calls with `raw` and up to three more headers, in all orders.
fn with_all_headers(raw: &[u8], mut judge: impl FnMut(Vec<u8>)) {
    for (n, first) in HEADERS.iter().enumerate() {
        for second in &HEADERS {
            // Pairs once each, triples around a signature.
            let thirds = if n < 2 { &HEADERS[..] } else { &HEADERS[..0] };
            judge([first, second].iter().fold(raw.to_vec(), |raw, (name, value)| with_header(&raw, name, value)));
            for third in thirds {
                let headers = [first, second, third];
                judge(headers.iter().fold(raw.to_vec(), |raw, (name, value)| with_header(&raw, name, value)));
            }
        }
    }
}

/// What Git takes for the signed bytes: `--verbose` prints them, whatever it makes of the signature.
#[track_caller]
fn agrees_with_git(repo: &Repo, kind: &str, raw: &[u8]) {
    let id = repo.write_object(kind, raw);
    let output = repo.try_git([&format!("verify-{kind}"), "--verbose", &id]);
    // Of an unsigned tag Git prints all, of an unsigned commit nothing.
    let unsigned = if kind == "tag" { raw.to_vec() } else { Vec::new() };
    let payload = split(raw).map_or(unsigned, |signed| signed.payload);
    let (ours, git) = (String::from_utf8_lossy(&payload), String::from_utf8_lossy(&output.stdout));
    assert_eq!(ours, git, "{}\n{}", String::from_utf8_lossy(raw), String::from_utf8_lossy(&output.stderr));
}

#[test]
fn whatever_the_headers_of_a_commit_the_payload_is_gits() {
    let repo = Repo::temporary();
    repo.commit("Start\n\ngpgsig not a header\n here\n").create();
    with_all_headers(&repo.read_object("HEAD"), |raw| {
        if split(&raw).is_some() {
            agrees_with_git(&repo, "commit", &raw);
        }
    });
}

#[test]
fn whatever_the_headers_of_a_tag_the_payload_is_gits() {
    let repo = Repo::temporary();
    repo.commit("Start").create();
    let message = format!("Checkpoint\n\n{SIGNATURE}and more\n-----BEGIN PGP MESSAGE-----\n{SIGNATURE}");
    let tag = repo.tag("checkpoint", &message).create();
    with_all_headers(&repo.read_object(&tag), |raw| agrees_with_git(&repo, "tag", &raw));
    agrees_with_git(&repo, "tag", &repo.read_object(&repo.tag("plain", "Not signed").create()));
}

#[test]
fn what_is_signed_is_told_from_what_is_not() {
    let repo = Repo::temporary();
    repo.commit("Start").write("a.yaml", "a: 1\n").create();
    let plain = repo.read_object("HEAD");
    assert_eq!(split(&plain), None);
    assert_eq!(split(&repo.read_object("HEAD:a.yaml")), None);
    assert_eq!(split(b""), None);
    // In a SHA-1 repository the other header signs another object.
    assert_eq!(split(&with_header(&plain, "gpgsig-sha256", SIGNATURE)), None);
    let signed = split(&with_header(&plain, "gpgsig", SIGNATURE)).expect("it is signed");
    assert_eq!((signed.payload, signed.armor.as_slice()), (plain, SIGNATURE.as_bytes()));
    assert_eq!(signed.place, Place::Gpgsig);
}

#[test]
fn merges_tags_and_foreign_encodings_verify_in_both_kinds_of_repositories() {
    let key = Key::ed25519("ada-1");
    for format in ["sha1", "sha256"] {
        let dir = tempfile::tempdir().expect("a directory");
        let repo = Repo::init_with(dir.path(), &[&format!("--object-format={format}")]);
        let mut commits = vec![repo.commit("Start").author(&ada()).signed(&key).create()];
        commits.push(repo.commit("").author(&ada()).signed(&key).create());
        commits.push(repo.commit("Windows\r\n\r\nline breaks\r\n").author(&ada()).signed(&key).create());
        repo.git(["config", "i18n.commitEncoding", "ISO-8859-1"]);
        commits.push(repo.commit("Gr\u{fc}\u{df}e").author(&ada()).signed(&key).create());
        repo.git(["config", "--unset", "i18n.commitEncoding"]);
        repo.branch("side");
        commits.push(repo.commit("Side").author(&ada()).write("side", "").signed(&key).create());
        let tag = repo.tag("side-done", "Done\n").author(&ada()).signed(&key).create();
        repo.switch("main");
        // Merging a tag puts it into the commit, signature and all.
        commits.push(repo.merge("side-done", "Merge tag 'side-done'").author(&ada()).signed(&key).create());
        assert!(String::from_utf8_lossy(&repo.read_object("HEAD")).contains("\nmergetag object "));
        assert!(String::from_utf8_lossy(&repo.read_object(&commits[3])).contains("\nencoding ISO-8859-1\n"));

        let place = if format == "sha1" { Place::Gpgsig } else { Place::GpgsigSha256 };
        for commit in &commits {
            let raw = repo.read_object(commit);
            assert_eq!(split(&raw).expect("signed").place, place);
            assert!(git_accepts(&repo, commit, &ada(), &key.public_line()));
            assert!(is_good(&check(&raw, &[public(&key)])), "{}", String::from_utf8_lossy(&raw));
        }
        let raw = repo.read_object(&tag);
        assert_eq!(split(&raw).expect("signed").place, Place::TagTail);
        assert!(git_accepts_tag(&repo, &tag, &ada(), &key.public_line()));
        assert!(is_good(&check(&raw, &[public(&key)])));
    }
}
