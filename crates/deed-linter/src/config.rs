//! What the workspace sets: severities and options of rules.

use std::collections::HashMap;

use deed_model::{OwnershipModel, Period, Register};

use crate::{Default, Rule, Setting};

/// Severities and options, from `lint.rules` and the ownership model.
///
/// What is not understood there (an unknown rule, a severity that is none) counts as not set; the schema reports it.
#[derive(PartialEq, Debug, Default)]
pub struct Config {
    model: Option<OwnershipModel>,
    rules: HashMap<String, Set>,
}

#[derive(PartialEq, Debug, Default)]
struct Set {
    severity: Option<Setting>,
    options: HashMap<String, String>,
}

impl Config {
    /// Reads the configuration of a register.
    pub fn of(register: &Register) -> Self {
        let mut rules: HashMap<String, Set> = HashMap::new();
        for setting in register.lint().into_iter().flat_map(|lint| &lint.rules) {
            let options = setting
                .options
                .iter()
                .filter_map(|(name, value)| Some((name.value.clone(), value.as_ref()?.value.clone())));
            let severity = setting.severity.as_ref().and_then(|name| Setting::of_name(name));
            rules.insert(setting.rule.value.clone(), Set { severity, options: options.collect() });
        }
        Self { model: register.model(), rules }
    }

    /// Leaves a rule as it is by itself, whatever the workspace sets.
    pub(crate) fn unset(&mut self, rule: &str) {
        self.rules.remove(rule);
    }

    /// Returns the ownership model in force.
    pub const fn model(&self) -> Option<OwnershipModel> {
        self.model
    }

    /// Returns what a rule does, and whether the workspace says so itself.
    pub fn setting(&self, rule: &Rule) -> (Setting, bool) {
        match self.rules.get(rule.id).and_then(|set| set.severity) {
            Some(setting) => (setting, true),
            None => (rule.severity.under(self.model), false),
        }
    }

    /// Returns a rule's number option.
    ///
    /// # Panics
    /// Panics if the rule declares no such option.
    pub fn number(&self, rule: &Rule, name: &str) -> u32 {
        let set = self.set(rule, name).and_then(|value| value.parse().ok()).filter(|number| *number > 0);
        match declared(rule, name) {
            Default::Number(default) => set.unwrap_or_else(|| default.under(self.model)),
            Default::Period(_) => panic!("`{name}` of `{}` is a period", rule.id),
        }
    }

    /// Returns a rule's period option.
    ///
    /// # Panics
    /// Panics if the rule declares no such option, or its default is no period.
    pub fn period(&self, rule: &Rule, name: &str) -> Period {
        let set = self.set(rule, name).and_then(Period::parse);
        match declared(rule, name) {
            Default::Period(default) => {
                set.unwrap_or_else(|| Period::parse(default.under(self.model)).expect("a declared default is a period"))
            }
            Default::Number(_) => panic!("`{name}` of `{}` is a number", rule.id),
        }
    }

    fn set(&self, rule: &Rule, name: &str) -> Option<&str> {
        self.rules.get(rule.id)?.options.get(name).map(String::as_str)
    }
}

fn declared(rule: &Rule, name: &str) -> Default {
    let option = rule.options.iter().find(|option| option.name == name);
    option.unwrap_or_else(|| panic!("`{}` declares no option `{name}`", rule.id)).default
}
