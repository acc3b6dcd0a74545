//! What the other end of standard output can do.

use std::env::var_os;

use annotate_snippets::renderer::{AnsiColor, Effects, Style};
use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;

/// When to use colour.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, ValueEnum)]
pub(crate) enum Color {
    /// On terminals that can, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// Returns what this means for a stream, having asked the environment where it is left to that.
    fn choice(self, stream: &impl RawStream) -> ColorChoice {
        match self {
            Self::Always => ColorChoice::Always,
            Self::Never => ColorChoice::Never,
            Self::Auto => AutoStream::choice(stream),
        }
    }
}

/// How to print: colours, links, width.
#[derive(Clone, Debug)]
pub(crate) struct Terminal {
    /// Whether escape sequences are wanted.
    pub(crate) styled: bool,
    /// Whether links are understood.
    pub(crate) hyperlinks: bool,
    /// How many columns there are.
    pub(crate) width: usize,
    /// The styles to use; empty where none are wanted.
    pub(crate) paint: Paint,
}

/// The styles in use.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Paint {
    pub(crate) error: Style,
    pub(crate) warning: Style,
    pub(crate) info: Style,
    pub(crate) good: Style,
    pub(crate) strong: Style,
    pub(crate) emphasis: Style,
    pub(crate) faint: Style,
    pub(crate) code: Style,
    pub(crate) added: Style,
    pub(crate) removed: Style,
}

impl Paint {
    pub(crate) const COLORED: Self = Self {
        error: AnsiColor::BrightRed.on_default().effects(Effects::BOLD),
        warning: AnsiColor::Yellow.on_default().effects(Effects::BOLD),
        info: AnsiColor::BrightBlue.on_default().effects(Effects::BOLD),
        good: AnsiColor::Green.on_default().effects(Effects::BOLD),
        strong: Style::new().effects(Effects::BOLD),
        emphasis: Style::new().effects(Effects::ITALIC),
        faint: Style::new().effects(Effects::DIMMED),
        code: AnsiColor::Cyan.on_default(),
        added: AnsiColor::Green.on_default(),
        removed: AnsiColor::Red.on_default(),
    };

    /// Returns the style of a severity.
    pub(crate) const fn severity(&self, severity: deed_linter::Severity) -> Style {
        match severity {
            deed_linter::Severity::Error => self.error,
            deed_linter::Severity::Warning => self.warning,
            deed_linter::Severity::Info => self.info,
        }
    }
}

/// How wide to print where nobody says.
const WIDTH: usize = 100;

impl Terminal {
    /// Finds out about a stream.
    pub(crate) fn of(stream: &impl RawStream, color: Color) -> Self {
        let styled = color.choice(stream) != ColorChoice::Never;
        let is_terminal = stream.is_terminal();
        Self {
            styled,
            hyperlinks: styled && knows_links(is_terminal),
            width: width(is_terminal),
            paint: if styled { Paint::COLORED } else { Paint::default() },
        }
    }

    /// Returns a text that links to an address, where links are understood.
    pub(crate) fn link(&self, text: &str, url: &str) -> String {
        if self.hyperlinks { format!("\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\") } else { text.to_owned() }
    }
}

fn width(is_terminal: bool) -> usize {
    let columns = var_os("COLUMNS").and_then(|columns| columns.to_str()?.parse().ok());
    let size = || is_terminal.then(terminal_size::terminal_size).flatten();
    columns.or_else(|| size().map(|(width, _)| usize::from(width.0))).unwrap_or(WIDTH).clamp(40, 400)
}

/// Whether links (OSC 8) are understood. There is no way to ask; terminals that do not know them print rubbish, so
/// only known ones get any.
fn knows_links(is_terminal: bool) -> bool {
    if let Some(forced) = var_os("FORCE_HYPERLINK") {
        return forced != "0";
    }
    let is = |name: &str, values: &[&str]| var_os(name).is_some_and(|value| values.iter().any(|it| value == *it));
    let set = |name: &str| var_os(name).is_some();
    // Inside a multiplexer the variables speak of the terminal outside.
    if !is_terminal || set("TMUX") || set("STY") || is("TERM", &["dumb", "linux"]) {
        return false;
    }
    let vte = var_os("VTE_VERSION").and_then(|version| version.to_str()?.parse::<u32>().ok());
    vte.is_some_and(|version| version >= 5000)
        || is("TERM_PROGRAM", &["iTerm.app", "WezTerm", "vscode", "Hyper", "ghostty", "rio", "Tabby"])
        || is("TERM", &["xterm-kitty", "alacritty", "foot", "foot-extra", "xterm-ghostty", "contour"])
        || ["KONSOLE_VERSION", "WT_SESSION", "KITTY_WINDOW_ID", "DOMTERM"].into_iter().any(set)
}
