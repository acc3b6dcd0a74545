//! The keys of a register: whose each is, and from when until when.

use std::collections::HashMap;

use deed_model::evidence::KeyFlaw;
use deed_model::{Key, Register};

use crate::signature::{Interval, Outside, PublicKey, Seal, Status, Window};

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

impl Owner {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Person(person) => person,
            Self::Forge => "forge",
        }
    }
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
    /// of form speaks of those. `known` has the keys that were read before, by their text.
    pub(super) fn of(
        register: &Register,
        read: &dyn Fn(&str) -> Option<String>,
        known: &mut HashMap<String, Option<PublicKey>>,
    ) -> Self {
        let mut ring = Self::default();
        for person in register.people.iter() {
            for key in &person.keys {
                ring.add(Owner::Person(person.head.id.clone()), key, read, known);
            }
        }
        for key in register.evidence().into_iter().flat_map(|evidence| &evidence.forges) {
            ring.add(Owner::Forge, key, read, known);
        }
        ring
    }

    /// Returns the paths of the files with keys that a register names.
    pub(super) fn paths(register: &Register) -> impl Iterator<Item = &str> {
        let of_people = register.people.iter().flat_map(|person| &person.keys);
        let of_forges = register.evidence().into_iter().flat_map(|evidence| &evidence.forges);
        let texts = of_people.chain(of_forges).map(|key| key.key.as_str());
        texts.filter(|text| PublicKey::is_path(text)).map(str::trim)
    }

    fn add(
        &mut self,
        owner: Owner,
        key: &Key,
        read: &dyn Fn(&str) -> Option<String>,
        known: &mut HashMap<String, Option<PublicKey>>,
    ) {
        let text: &str = &key.key;
        let from_file = PublicKey::is_path(text).then(|| read(text.trim())).flatten();
        let text = from_file.as_deref().unwrap_or(text);
        let parsed = known.entry(text.to_owned()).or_insert_with(|| PublicKey::parse(text).ok());
        let Some(public) = parsed.clone() else { return };
        self.keys.push(public);
        self.owners.push((owner, Window::from(key)));
    }

    /// Verifies a signature made at some time between two.
    pub(super) fn judge(&self, signed: Option<&Seal>, interval: &Interval) -> Finding {
        signed.map_or(Finding::Unsigned, |signed| self.find(signed, interval, None))
    }

    /// Says what this ring has against a signature that is good by another one: the flaw of the key, if it is still
    /// registered to the same owner and would not do by now. `None` where it would, or where the key is not known here.
    pub(super) fn objects(&self, signed: Option<&Seal>, interval: &Interval, owner: &Owner) -> Option<Finding> {
        let finding = self.find(signed?, interval, Some(owner));
        let Finding::Flawed { owner: Some(_), .. } = &finding else { return None };
        Some(finding)
    }

    /// Whether the key of a person made a signature, whenever that was.
    pub(super) fn knows(&self, signed: &Seal) -> bool {
        let Status::Good(good) = signed.verify(&self.keys).status else { return false };
        let mut entries = self.keys.iter().zip(&self.owners);
        entries.any(|(key, (owner, _))| *key == self.keys[good.key] && matches!(owner, Owner::Person(_)))
    }

    /// Verifies a signature, by the keys of one owner or of all.
    fn find(&self, signed: &Seal, interval: &Interval, of: Option<&Owner>) -> Finding {
        let check = signed.verify(&self.keys);
        let format = check.format.name();
        let flawed = |key: Option<String>, flaw| Finding::Flawed { owner: None, key, format, flaw };
        match check.status {
            Status::Good(good) => {
                let (mut outside, mut owners) = (None, Vec::new());
                // One key may be registered with several windows: any that covers will do.
                let material = &self.keys[good.key];
                let entries = self.keys.iter().zip(&self.owners);
                for (_, (owner, window)) in
                    entries.filter(|(key, (owner, _))| *key == material && of.is_none_or(|of| of == owner))
                {
                    match window.covers(interval).and_then(|()| good.lifetime.covers(interval)) {
                        Ok(()) if !owners.contains(owner) => owners.push(owner.clone()),
                        Ok(()) => {}
                        Err(why) => outside = outside.or(Some((owner.clone(), why))),
                    }
                }
                let key = material.fingerprint().to_owned();
                match owners.as_slice() {
                    [owner] => Finding::Good { owner: owner.clone(), key, format },
                    [] => {
                        let (owner, flaw) =
                            outside.map_or((None, KeyFlaw::Unknown), |(owner, why)| (Some(owner), flaw_of(why)));
                        Finding::Flawed { owner, key: Some(key), format, flaw }
                    }
                    // It is one of them, and nobody can tell who.
                    several => {
                        let names: Vec<&str> = several.iter().map(Owner::name).collect();
                        let why = format!("its key is registered to {} alike", names.join(" and "));
                        flawed(Some(key), KeyFlaw::Bad(why))
                    }
                }
            }
            Status::UnknownKey { key } => flawed(Some(key), KeyFlaw::Unknown),
            Status::Bad { why } | Status::Unsupported { why } => flawed(None, KeyFlaw::Bad(why)),
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

    /// The person whose key made the signature, whether it counts or not.
    pub(super) fn owner(&self) -> Option<&str> {
        match self {
            Self::Good { owner: Owner::Person(person), .. }
            | Self::Flawed { owner: Some(Owner::Person(person)), .. } => Some(person),
            _ => None,
        }
    }

    pub(super) fn is_forge(&self) -> bool {
        matches!(self, Self::Good { owner: Owner::Forge, .. })
    }
}
