//! A table that fits: columns know how far they may shrink and which of them may go.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What a cell says about a verdict; decides its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// No colour.
    Plain,
    /// Holds.
    Good,
    /// Fails.
    Bad,
    /// Not decided.
    Open,
}

impl Tone {
    /// The text in its colour.
    pub(crate) fn paint(self, text: &str, colour: bool) -> String {
        let code = match self {
            Self::Plain => return text.into(),
            Self::Good => "32",
            Self::Bad => "1;31",
            Self::Open => "33",
        };
        if colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.into() }
    }
}

/// One cell.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) tone: Tone,
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self { text: clean(&text.into()), tone: Tone::Plain }
    }
}

/// One column: two lines of heading, and how it gives way when the table is too wide.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    heading: [String; 2],
    left: bool,
    /// The heading runs over the next column too, which has none.
    spans: bool,
    /// Narrowest it may become; its natural width if 0.
    shrinks_to: usize,
    /// Columns with the highest number go first when shrinking does not suffice; 0 stays.
    goes: u8,
}

impl Column {
    /// A column of numbers, aligned to the right.
    pub(crate) fn number(first: &str, second: &str) -> Self {
        Self { heading: [clean(first), clean(second)], left: false, spans: false, shrinks_to: 0, goes: 0 }
    }

    /// A column of words, aligned to the left, that may shrink.
    pub(crate) fn words(first: &str, second: &str, shrinks_to: usize) -> Self {
        Self { left: true, shrinks_to, ..Self::number(first, second) }
    }

    /// May be left out; the highest number goes first.
    pub(crate) fn goes(self, goes: u8) -> Self {
        Self { goes, ..self }
    }

    /// Its heading runs over the next column too.
    pub(crate) fn spans(self) -> Self {
        Self { spans: true, ..self }
    }

    /// May shrink to this width.
    pub(crate) fn shrinks_to(self, shrinks_to: usize) -> Self {
        Self { shrinks_to, ..self }
    }
}

/// Columns and rows.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

impl Table {
    /// The lines of the table, none wider than `width`.
    pub(crate) fn text(&self, width: usize, colour: bool) -> Vec<String> {
        let mut table = self.clone();
        loop {
            if let Some((widths, gap)) = table.fit(width) {
                return table.lines(&widths, gap, width, colour);
            }
            let Some(gone) =
                (0..table.columns.len()).filter(|i| table.columns[*i].goes > 0).max_by_key(|i| table.columns[*i].goes)
            else {
                let widths = table.widths();
                return table.lines(&widths, 1, width, false);
            };
            table.columns.remove(gone);
            for row in &mut table.rows {
                row.remove(gone);
            }
        }
    }

    /// The columns of this heading do not shrink.
    pub(crate) fn kept_whole(mut self, heading: &str) -> Self {
        for column in self.columns.iter_mut().filter(|c| c.heading[0] == heading) {
            column.shrinks_to = 0;
        }
        self
    }

    /// Whether it fits with every column there.
    pub(crate) fn fits(&self, width: usize) -> bool {
        self.fit(width).is_some()
    }

    /// Leaves out the columns of this heading.
    pub(crate) fn leave_out(&mut self, heading: &str) {
        while let Some(gone) = self.columns.iter().position(|c| c.heading[0] == heading) {
            self.columns.remove(gone);
            for row in &mut self.rows {
                row.remove(gone);
            }
        }
    }

    /// GitHub's Markdown, every column in full.
    pub(crate) fn markdown(&self) -> String {
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let escape = |text: &str| {
            text.replace('\\', "\\\\").replace('|', "\\|").replace('*', "\\*").replace('_', "\\_").replace('<', "&lt;")
        };
        let mut text = line(self.columns.iter().map(|c| escape(c.heading.join(" ").trim())).collect());
        text += &line(self.columns.iter().map(|c| if c.left { "---" } else { "---:" }.into()).collect());
        for row in &self.rows {
            text += &line(row.iter().map(|cell| escape(&cell.text)).collect());
        }
        text
    }

    fn widths(&self) -> Vec<usize> {
        let cells = |i: usize| self.rows.iter().map(move |row| row[i].text.width());
        let heading = |c: &Column| {
            if c.spans { 0 } else { c.heading.iter().map(|h| h.width()).max().unwrap_or(0) }
        };
        let mut widths: Vec<usize> =
            self.columns.iter().enumerate().map(|(i, c)| cells(i).max().unwrap_or(0).max(heading(c))).collect();
        for (i, column) in self.columns.iter().enumerate().filter(|(_, c)| c.spans) {
            let next = widths.get(i + 1).map_or(0, |w| w + 1);
            widths[i] = widths[i].max(column.heading[0].width().saturating_sub(next));
        }
        widths
    }

    /// Widths and gap with which it fits, if any.
    fn fit(&self, width: usize) -> Option<(Vec<usize>, usize)> {
        let natural = self.widths();
        // Columns move together before one of them shrinks.
        for (gap, may_shrink) in [(2, false), (1, false), (1, true)] {
            let mut widths = natural.clone();
            let mut excess =
                (widths.iter().sum::<usize>() + gap * widths.len().saturating_sub(1)).saturating_sub(width);
            while excess > 0 && may_shrink {
                // The one that can give most gives one character.
                let give = |i: usize| match self.columns[i].shrinks_to {
                    0 => 0,
                    least => widths[i].saturating_sub(least),
                };
                let Some(widest) = (0..widths.len()).filter(|i| give(*i) > 0).max_by_key(|i| give(*i)) else { break };
                widths[widest] -= 1;
                excess -= 1;
            }
            if excess == 0 {
                return Some((widths, gap));
            }
        }
        None
    }

    fn lines(&self, widths: &[usize], gap: usize, width: usize, colour: bool) -> Vec<String> {
        let line = |cells: Vec<(&str, Tone)>| {
            let cells: Vec<String> = cells
                .iter()
                .enumerate()
                .map(|(i, (text, tone))| {
                    let text = shorten(text, widths[i]);
                    let pad = " ".repeat(widths[i].saturating_sub(text.width()));
                    let text = tone.paint(&text, colour);
                    if self.columns[i].left { text + &pad } else { pad + &text }
                })
                .collect();
            let joined = cells.join(&" ".repeat(gap));
            let joined = joined.trim_end();
            if colour { joined.to_owned() } else { shorten(joined, width) }
        };
        let heading = |k: usize| {
            let plain =
                line(self.columns.iter().map(|c| (if c.spans { "" } else { &c.heading[k] }, Tone::Plain)).collect());
            let Some(i) = self.columns.iter().position(|c| c.spans) else {
                return plain;
            };
            let start = widths[..i].iter().map(|w| w + gap).sum::<usize>();
            let text = shorten(&self.columns[i].heading[k], widths[i] + gap + widths.get(i + 1).unwrap_or(&0));
            // The cells under the heading are blank and a character wide each.
            let rest: String = plain.chars().skip(start + text.width()).collect();
            let lead: String = plain.chars().take(start).collect();
            format!("{lead:start$}{text}{rest}").trim_end().to_owned()
        };
        let mut lines: Vec<String> = [heading(0), heading(1)].into_iter().filter(|h| !h.is_empty()).collect();
        lines.extend(self.rows.iter().map(|row| line(row.iter().map(|c| (c.text.as_str(), c.tone)).collect())));
        lines
    }
}

/// Words on lines no wider than `width`, the first after `lead`, the others indented to the same column.
pub(crate) fn wrap(lead: &str, text: &str, width: usize) -> Vec<String> {
    let indent = lead.width();
    let mut lines = vec![lead.to_owned()];
    let mut used = indent;
    let mut fresh = true;
    for word in words(&clean(text)) {
        let word = shorten(&word, width.saturating_sub(indent).max(1));
        if !fresh && used + 1 + word.width() > width {
            lines.push(" ".repeat(indent));
            used = indent;
            fresh = true;
        }
        let line = lines.last_mut().expect("never empty");
        if !fresh {
            line.push(' ');
            used += 1;
        }
        used += word.width();
        line.push_str(&word);
        fresh = false;
    }
    lines.iter().map(|line| shorten(line.trim_end(), width)).collect()
}

/// A command on lines no wider than `width`, each but the last ending in a backslash: copied, it is still the command.
pub(crate) fn wrap_command(lead: &str, command: &str, width: usize) -> Vec<String> {
    let room = width.saturating_sub(2).max(1);
    let mut lines = vec![lead.to_owned()];
    let mut fresh = true;
    for word in clean(command).split_whitespace() {
        let last = lines.last_mut().expect("never empty");
        if !fresh && last.width() + 1 + word.width() > room {
            last.push_str(" \\");
            lines.push(" ".repeat(lead.width()));
        } else if !fresh {
            last.push(' ');
        }
        fresh = false;
        for letter in word.chars() {
            let last = lines.last_mut().expect("never empty");
            // A word too long for a line goes on at the margin: blanks would break it.
            if last.width() + letter.width().unwrap_or(0) > room {
                last.push('\\');
                lines.push(String::new());
            }
            lines.last_mut().expect("never empty").push(letter);
        }
    }
    lines
}

/// The words of a text; a unit stays with its number, and so do the thousands that a narrow space parts.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![];
    let parts = |c: char| c.is_whitespace() && c != '\u{202f}';
    for word in text.split(parts).filter(|word| !word.is_empty()) {
        let is_unit =
            ["ms", "s", "min", "h", "d", "y", "%"].contains(&word.trim_end_matches([',', ';', '.', ':', ')']));
        match words.last_mut() {
            Some(last) if is_unit && last.ends_with(|c: char| c.is_ascii_digit()) => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// The text cut to a width: names in the middle, since their ends tell them apart, sentences at their end.
pub(crate) fn shorten(text: &str, width: usize) -> String {
    cut_to(text, width, UnicodeWidthStr::width)
}

/// The same by another measure of width.
pub(crate) fn cut_to<W: PartialOrd + Copy>(text: &str, width: W, width_of: impl Fn(&str) -> W) -> String {
    if width_of(text) <= width {
        return text.into();
    }
    let is_name = !text.trim_start_matches(['*', '!', ' ']).contains(' ');
    let chars: Vec<char> = text.chars().collect();
    let kept = |kept: usize| {
        let tail = if is_name { kept / 2 } else { 0 };
        let (head, tail) = (&chars[..kept - tail], &chars[chars.len() - tail..]);
        head.iter().chain(&['…']).chain(tail).collect::<String>()
    };
    (0..chars.len()).rev().map(kept).find(|text| width_of(text) <= width).unwrap_or_default()
}

/// Text without control characters, so that a name in a scenario cannot command the terminal.
pub(crate) fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thousands_of_a_spanish_number_stay_on_one_line() {
        let lines = wrap("- ", "capacity en eu-west-1 1\u{202f}635.20, y 3 min", 26);
        assert_eq!(lines, ["- capacity en eu-west-1", "  1\u{202f}635.20, y 3 min"]);
    }
}
