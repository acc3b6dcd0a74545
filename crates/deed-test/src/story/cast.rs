//! The people who commit: how Git knows them, where they live, which key they use when.

use std::collections::BTreeMap;

use crate::{Identity, Key};

/// One author of the story.
#[derive(Debug)]
pub(super) struct Member {
    /// Name and e-mail as their Git has them.
    pub(super) identity: Identity,
    /// Hours east of Greenwich in winter.
    hours: i32,
    /// Keys with the date from which they sign, oldest first.
    keys: Vec<(Key, String)>,
}

/// All authors by the short name that the story and the manifests use.
#[derive(Debug)]
pub(super) struct Cast {
    members: BTreeMap<String, Member>,
}

impl Cast {
    /// Reads `id,name,email,hours,keys` lines, keys as `ben-1@2023-01-01;ben-2@2025-01-10`.
    pub(super) fn read(csv: &str) -> Self {
        let member = |line: &str| {
            let fields: Vec<&str> = line.split(',').collect();
            let [id, name, email, hours, keys] = fields[..] else { panic!("the cast has five fields: {line}") };
            let hours = hours.parse().unwrap_or_else(|_| panic!("hours are a number: {line}"));
            let keys = keys.split(';').filter_map(|key| key.split_once('@'));
            let keys = keys.map(|(key, from)| (Key::ed25519(key), from.to_owned())).collect();
            (id.to_owned(), Member { identity: Identity::new(name, email), hours, keys })
        };
        Self { members: csv.lines().skip(1).map(member).collect() }
    }

    pub(super) fn member(&self, id: &str) -> &Member {
        self.members.get(id).unwrap_or_else(|| panic!("{id} is not in the cast"))
    }

    /// Returns a key of any member by its name.
    pub(super) fn key(&self, name: &str) -> &Key {
        self.find(name).1
    }

    /// Returns the public line of a key with its member's e-mail as comment, as people paste it into a manifest.
    pub(super) fn public_line(&self, name: &str) -> String {
        let (owner, key) = self.find(name);
        key.public_line().replace(&format!(" {name}"), &format!(" {}", owner.identity.email))
    }

    fn find(&self, name: &str) -> (&Member, &Key) {
        let mut keys = self.members.values().flat_map(|member| member.keys.iter().map(move |(key, _)| (member, key)));
        keys.find(|(_, key)| key.name() == name).unwrap_or_else(|| panic!("the key {name} is nobody's"))
    }
}

impl Member {
    /// Returns the key the member signs with on a day.
    pub(super) fn key(&self, date: &str) -> &Key {
        let key = self.keys.iter().rfind(|(_, from)| from.as_str() <= date);
        &key.unwrap_or_else(|| panic!("{} has no key on {date}", self.identity.name)).0
    }

    /// Returns a local time as Git reads it, with summer time from April to October.
    pub(super) fn time(&self, date: &str, time: &str) -> String {
        let summer = matches!(&date[5..7], "04" | "05" | "06" | "07" | "08" | "09" | "10");
        format!("{date}T{time}:00+{:02}00", self.hours + i32::from(summer))
    }
}
