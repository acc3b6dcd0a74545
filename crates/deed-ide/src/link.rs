//! What a manifest leads to outside of it.

use deed_linter::{Rule, rule};
use deed_model::{FileId, FileRange, Names, Spanned};

use crate::Analysis;

/// A place that leads to something outside of the manifests.
#[derive(Clone, PartialEq, Debug)]
pub struct Link {
    /// What is to be clicked, without quotes.
    pub range: FileRange,
    /// Where it leads.
    pub target: LinkTarget,
}

/// Where a link leads.
#[derive(Clone, PartialEq, Debug)]
pub enum LinkTarget {
    /// A file, by its path below the root; whether it exists is not known here.
    File(String),
    /// An address, as written.
    Url(String),
    /// The documentation of a rule.
    Rule(&'static Rule),
}

impl Analysis<'_> {
    /// Returns the links of a manifest, in its order: documents, pieces of evidence, files with keys, rules.
    pub fn links(&self, file: FileId) -> Vec<Link> {
        let mut links = Vec::new();
        let mut add = |text: &Spanned<String>, target: LinkTarget| {
            if text.span.file == file {
                links.push(Link { range: self.bare(text.span), target });
            }
        };
        let register = self.register();
        register.visit_references(&mut |reference| {
            if reference.names == Names::File && reference.text.span.file == file {
                let name = reference.name;
                let is_url = name.contains("://") || name.starts_with("mailto:");
                let target = if is_url { LinkTarget::Url } else { LinkTarget::File };
                add(reference.text, target(name.to_owned()));
            }
        });
        let own = register.people.definitions().flat_map(|person| &person.keys);
        let forges = register.evidence().into_iter().flat_map(|evidence| &evidence.forges);
        for key in own.chain(forges).filter(|key| is_path(&key.key)) {
            add(&key.key, LinkTarget::File(key.key.value.clone()));
        }
        if let Some(lint) = register.lint() {
            let named = lint.rules.iter().map(|setting| &setting.rule);
            for text in named.chain(lint.ignore.iter().filter_map(|ignore| ignore.rule.as_ref())) {
                if let Some(rule) = rule(text) {
                    add(text, LinkTarget::Rule(rule));
                }
            }
        }
        links.retain(|link| !self.workspace.text(link.range).contains('\n'));
        links.sort_by_key(|link| link.range.range.start());
        links.dedup_by(|a, b| a.range == b.range);
        links
    }
}

/// Whether a key is the path of one, and not written out.
fn is_path(key: &str) -> bool {
    !key.contains(char::is_whitespace) && !key.starts_with("-----") && key.contains(['.', '/'])
}
