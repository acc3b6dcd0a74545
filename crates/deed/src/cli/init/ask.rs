//! Questions on a terminal: asked on standard error, answered on standard input.

use std::io::{self, BufRead as _, Write as _};

use anyhow::{Context as _, Result};
use clap::ValueEnum;

use crate::cli::terminal::{Color, Terminal};
use crate::cli::wrap::wrap;
use crate::exit::Mistake;

/// A talk with whoever sits at the terminal.
pub(super) struct Dialogue;

impl Dialogue {
    /// Says something.
    pub(super) fn say(&mut self, text: &str) -> Result<()> {
        let mut stderr = io::stderr().lock();
        stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush()).context("cannot write to the terminal")
    }

    /// Asks until an answer can be read; `None` is Enter alone, which takes what stands in brackets.
    pub(super) fn ask<T>(
        &mut self,
        question: &str,
        brackets: &str,
        read: impl Fn(Option<&str>) -> Result<T, String>,
    ) -> Result<T> {
        let brackets = if brackets.is_empty() { String::new() } else { format!(" [{brackets}]") };
        loop {
            self.say(&format!("{question}{brackets}: "))?;
            let answer = self.line()?.ok_or_else(|| "that is not UTF-8".to_owned());
            match answer.and_then(|answer| read(Some(answer.as_str()).filter(|it| !it.is_empty()))) {
                Ok(read) => return Ok(read),
                Err(why) => self.say(&format!("  {why}\n"))?,
            }
        }
    }

    /// Asks for yes or no.
    pub(super) fn confirm(&mut self, question: &str, suggested: bool) -> Result<bool> {
        self.ask(question, if suggested { "Y/n" } else { "y/N" }, |answer| {
            match answer.map(str::to_lowercase).as_deref() {
                None => Ok(suggested),
                Some("y" | "yes") => Ok(true),
                Some("n" | "no") => Ok(false),
                Some(_) => Err("answer y or n".to_owned()),
            }
        })
    }

    /// Asks for one of several things, by name or number.
    pub(super) fn choice<T: ValueEnum>(&mut self, question: &str, suggested: T) -> Result<T> {
        let named = |value: &T| value.to_possible_value().map(|it| it.get_name().to_owned()).unwrap_or_default();
        let all = T::value_variants();
        let width = all.iter().map(|value| named(value).len()).max().unwrap_or(0);
        self.say(&format!("{question}:\n"))?;
        for (number, value) in (1..).zip(all) {
            let help = value.to_possible_value().and_then(|it| it.get_help().map(ToString::to_string));
            let head = format!("  {number} {:width$}  ", named(value));
            let room = Terminal::of(&io::stderr(), Color::default()).width.saturating_sub(head.len());
            let below = format!("\n{}", " ".repeat(head.len()));
            self.say(&format!("{head}{}\n", wrap(&help.unwrap_or_default(), room).join(&below)))?;
        }
        self.ask("Which", &named(&suggested), |answer| {
            let Some(answer) = answer else { return Ok(suggested.clone()) };
            let by_number = answer.parse::<usize>().ok().and_then(|number| all.get(number.checked_sub(1)?));
            let found = by_number.cloned().or_else(|| T::from_str(answer, true).ok());
            found.ok_or_else(|| "answer with a name or a number of the list".to_owned())
        })
    }

    /// A line without its end; `None` where it is no text.
    fn line(&mut self) -> Result<Option<String>> {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().read_until(b'\n', &mut bytes).context("cannot read from the terminal")?;
        if read == 0 {
            self.say("\n")?;
            return Err(Mistake::new("the questions were broken off: nothing was written").into());
        }
        Ok(String::from_utf8(bytes).ok().map(|line| line.trim().to_owned()))
    }
}
