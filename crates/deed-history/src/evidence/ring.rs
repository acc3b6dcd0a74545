//! The keys of a register: whose each is, and from when until when.

use deed_model::evidence::KeyFlaw;
use deed_model::{Key, Register};

use crate::signature::{Interval, Outside, PublicKey, Signed, Status, Window, verify};

/// The keys of a register.
#[derive(Default)]
pub(super) struct Ring {
    keys: Vec<PublicKey>,
    owners: Vec<(Owner, Window)>,
}

/// Whose key it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Owner {
    /// A person, by id.
    Person(String),
    /// A forge that signs what people do there.
    Forge,
}

/// What a signature is worth to a register.
#[derive(Clone, Debug)]
pub(super) enum Finding {
    /// There is none.
    Unsigned,
    /// A key of the register made it, in its time.
    Good { owner: Owner, key: String, format: &'static str },
    /// It does not count.
    Flawed { owner: Option<Owner>, key: Option<String>, format: &'static str, flaw: KeyFlaw },
}

impl Ring {
    /// Reads the keys of a register; `read` returns a file below the root. Keys that cannot be read are left out: a rule
    /// of form speaks of those.
    pub(super) fn of(register: &Register, read: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut ring = Self::default();
        for person in register.people.iter() {
            for key in &person.keys {
                ring.add(Owner::Person(person.head.id.clone()), key, read);
            }
        }
        for key in register.evidence().into_iter().flat_map(|evidence| &evidence.forges) {
            ring.add(Owner::Forge, key, read);
        }
        ring
    }

    fn add(&mut self, owner: Owner, key: &Key, read: &dyn Fn(&str) -> Option<String>) {
        let text: &str = &key.key;
        let from_file = PublicKey::is_path(text).then(|| read(text.trim())).flatten();
        let Ok(public) = PublicKey::parse(from_file.as_deref().unwrap_or(text)) else { return };
        self.keys.push(public);
        self.owners.push((owner, Window::from(key)));
    }

    /// Verifies a signature made at some time between two.
    pub(super) fn judge(&self, signed: Option<&Signed>, interval: &Interval) -> Finding {
        let Some(signed) = signed else { return Finding::Unsigned };
        let check = verify(signed, &self.keys);
        let format = check.format.name();
        let flawed = |key: Option<String>, flaw| Finding::Flawed { owner: None, key, format, flaw };
        match check.status {
            Status::Good(good) => {
                let mut outside = None;
                // One key may be registered with several windows: any that covers will do.
                let material = &self.keys[good.key];
                for (key, (owner, window)) in self.keys.iter().zip(&self.owners).filter(|(key, _)| *key == material) {
                    match window.covers(interval).and_then(|()| good.lifetime.covers(interval)) {
                        Ok(()) => {
                            return Finding::Good { owner: owner.clone(), key: key.fingerprint().to_owned(), format };
                        }
                        Err(why) => outside = outside.or(Some((owner.clone(), why))),
                    }
                }
                let (owner, flaw) =
                    outside.map_or((None, KeyFlaw::Unknown), |(owner, why)| (Some(owner), flaw_of(why)));
                Finding::Flawed { owner, key: Some(good.fingerprint), format, flaw }
            }
            Status::UnknownKey { key } => flawed(Some(key), KeyFlaw::Unknown),
            Status::Bad { why } => flawed(None, KeyFlaw::Bad(why)),
            Status::Unsupported { why } => flawed(None, KeyFlaw::Bad(why)),
        }
    }
}

fn flaw_of(outside: Outside) -> KeyFlaw {
    match outside {
        Outside::Before(day) => KeyFlaw::NotYetValid(day),
        Outside::After(day) => KeyFlaw::Expired(day),
        Outside::Revoked(day, _) => KeyFlaw::Revoked(day),
    }
}

impl Finding {
    /// Whose good signature it is, if it is a person's.
    pub(super) fn person(&self) -> Option<&str> {
        match self {
            Self::Good { owner: Owner::Person(person), .. } => Some(person),
            _ => None,
        }
    }

    pub(super) fn is_forge(&self) -> bool {
        matches!(self, Self::Good { owner: Owner::Forge, .. })
    }
}
