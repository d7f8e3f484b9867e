//! Quantities as people write them: a number and a unit, read into base units and written back.

/// Money that amounts may be given in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    /// US dollars: what the provider bills.
    Usd,
    /// Euros.
    Eur,
    /// Pounds sterling.
    Gbp,
    /// Swiss francs.
    Chf,
}

impl Currency {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Usd, Self::Eur, Self::Gbp, Self::Chf];

    /// ISO 4217.
    pub const fn code(self) -> &'static str {
        ["USD", "EUR", "GBP", "CHF"][self as usize]
    }
}

/// What a field measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Bytes.
    Bytes,
    /// Bits per second.
    BitsPerSecond,
    /// A share between 0 and 1, written in per cent.
    Share,
    /// A plain number.
    Count,
    /// Minutes (for claims on downtime).
    Minutes,
    /// An amount of money.
    Amount(Currency),
    /// Money per hour.
    AmountPerHour(Currency),
    /// So much of a currency for a US dollar.
    Exchange(Currency),
}

/// A unit's spellings and what each is worth in base units; the largest first.
type Spellings = &'static [(&'static str, f64)];

impl Unit {
    /// How it may be written.
    pub const fn spellings(self) -> Spellings {
        match self {
            Self::Seconds => &[("d", 86_400.0), ("h", 3600.0), ("min", 60.0), ("s", 1.0), ("ms", 1e-3), ("us", 1e-6)],
            Self::Bytes => &[
                ("TB", 1e12),
                ("TiB", 1_099_511_627_776.0),
                ("GB", 1e9),
                ("GiB", 1_073_741_824.0),
                ("MB", 1e6),
                ("MiB", 1_048_576.0),
                ("kB", 1e3),
                ("KiB", 1024.0),
                ("B", 1.0),
            ],
            Self::BitsPerSecond => &[
                ("Gbps", 1e9),
                ("Mbps", 1e6),
                ("kbps", 1e3),
                ("bps", 1.0),
                ("GB/s", 8e9),
                ("MB/s", 8e6),
                ("kB/s", 8e3),
            ],
            Self::Share => &[("%", 0.01)],
            Self::Count => &[("", 1.0)],
            Self::Minutes => &[("h", 60.0), ("min", 1.0), ("s", 1.0 / 60.0)],
            Self::Amount(currency) => {
                [&[("USD", 1.0)], &[("EUR", 1.0)], &[("GBP", 1.0)], &[("CHF", 1.0)]][currency as usize]
            }
            Self::AmountPerHour(currency) => {
                [&[("USD/h", 1.0)], &[("EUR/h", 1.0)], &[("GBP/h", 1.0)], &[("CHF/h", 1.0)]][currency as usize]
            }
            Self::Exchange(currency) => {
                [&[("USD/USD", 1.0)], &[("EUR/USD", 1.0)], &[("GBP/USD", 1.0)], &[("CHF/USD", 1.0)]][currency as usize]
            }
        }
    }

    /// An example for messages.
    pub const fn example(self) -> &'static str {
        match self {
            Self::Seconds => "a duration such as \"30 s\", \"8 min\" or \"5 h\"",
            Self::Bytes => "a size such as \"10 MB\" or \"10 MiB\"",
            Self::BitsPerSecond => "a throughput such as \"10 Mbps\"",
            Self::Share => "a share such as \"95 %\"",
            Self::Count => "a plain number such as 180_000",
            Self::Minutes => "a duration such as \"30 min\"",
            Self::Amount(_) => "an amount such as \"15 EUR\"",
            Self::AmountPerHour(_) => "an amount such as \"8000 EUR/h\"",
            Self::Exchange(_) => "a rate such as \"0.86 EUR/USD\"",
        }
    }

    /// What is absurd, in base units: a field accepts at most this.
    pub const fn most(self) -> f64 {
        match self {
            Self::Seconds => 100.0 * 365.0 * 86_400.0,
            Self::Bytes => 1e15,
            Self::BitsPerSecond => 1e15,
            Self::Share => 1.0,
            Self::Count | Self::Amount(_) | Self::AmountPerHour(_) => 1e12,
            Self::Exchange(_) => 1e6,
            Self::Minutes => 366.0 * 1440.0,
        }
    }
}

/// Why a text is not a quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// What is wrong, and what was expected.
    pub message: String,
    /// What was probably meant.
    pub hint: Option<String>,
}

/// Reads a text such as `"30 s"` into base units; finite and not negative.
///
/// # Errors
/// [`Misread`] for anything else.
pub fn read(text: &str, unit: Unit) -> Result<f64, Misread> {
    let trimmed = text.trim();
    let end =
        trimmed.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '_' | '-' | '+'))).unwrap_or(trimmed.len());
    let (digits, suffix) = trimmed.split_at(end);
    let suffix = suffix.trim();
    let misread = |message: String, hint: Option<String>| Misread { message, hint };
    let Ok(number) = digits.replace('_', "").parse::<f64>() else {
        return Err(misread(format!("`{text}` is not a quantity; expected {}", unit.example()), None));
    };
    if suffix.is_empty() && unit != Unit::Count {
        let hint = unit.spellings().iter().map(|(s, _)| *s).collect::<Vec<_>>().join(", ");
        return Err(misread(
            format!("`{text}` has no unit; expected {}", unit.example()),
            Some(format!("units are {hint}")),
        ));
    }
    let Some((_, worth)) = unit.spellings().iter().find(|(spelling, _)| *spelling == suffix) else {
        return Err(misread(
            format!("`{suffix}` is not a unit of this field; expected {}", unit.example()),
            meant(suffix, unit).map(|spelling| format!("did you mean `{digits} {spelling}`?")),
        ));
    };
    in_domain(base(number, *worth), unit).map_err(|message| misread(format!("`{text}` {message}"), None))
}

/// A number of a spelling in base units: 95 % is 0.95, not 95 times the nearest double to 0.01.
fn base(number: f64, worth: f64) -> f64 {
    if worth < 1.0 { number / (1.0 / worth) } else { number * worth }
}

/// Reads a text of whatever unit it is written in: the unit, and the value in its base units.
pub fn read_any(text: &str) -> Option<(Unit, f64)> {
    let units = [Unit::Count, Unit::Seconds, Unit::Bytes, Unit::BitsPerSecond, Unit::Share];
    units.into_iter().find_map(|unit| read(text, unit).ok().map(|value| (unit, value)))
}

/// The value itself, if it is finite, not negative and not absurd.
///
/// # Errors
/// What is wrong with it.
pub fn in_domain(value: f64, unit: Unit) -> Result<f64, String> {
    if !value.is_finite() {
        Err(format!("is not a number that can be used; expected {}", unit.example()))
    } else if value < 0.0 {
        Err(format!("is negative; expected {}", unit.example()))
    } else if value > unit.most() {
        Err(format!("is larger than this field accepts, {}", write(unit.most(), unit)))
    } else {
        Ok(value)
    }
}

/// The spelling that was probably meant by an ambiguous or misspelt one.
fn meant(suffix: &str, unit: Unit) -> Option<&'static str> {
    let by_case = |(spelling, _): &&(&'static str, f64)| spelling.eq_ignore_ascii_case(suffix);
    let known = match (unit, suffix) {
        (Unit::Seconds | Unit::Minutes, "m" | "mins" | "minute" | "minutes") => Some("min"),
        (Unit::Seconds | Unit::Minutes, "sec" | "secs" | "second" | "seconds") => Some("s"),
        (Unit::Seconds | Unit::Minutes, "hour" | "hours" | "hr" | "hrs") => Some("h"),
        (Unit::Seconds, "day" | "days") => Some("d"),
        (Unit::Bytes, "Mb" | "mb" | "M") => Some("MB"),
        (Unit::Bytes, "Gb" | "gb" | "G") => Some("GB"),
        (Unit::Bytes, "k" | "kb" | "KB") => Some("kB"),
        (Unit::BitsPerSecond, "Mb/s" | "Mbit/s" | "mbps" | "Mb") => Some("Mbps"),
        (Unit::BitsPerSecond, "Gb/s" | "Gbit/s" | "gbps") => Some("Gbps"),
        (Unit::Share, _) => Some("%"),
        _ => None,
    };
    known.or_else(|| unit.spellings().iter().find(by_case).map(|(spelling, _)| *spelling))
}

/// A value in base units as people write it; [`read`] gives it back.
pub fn write(value: f64, unit: Unit) -> String {
    if unit == Unit::Count {
        return format!("{value}");
    }
    let decimal = |spelling: &str| !matches!(spelling, "TiB" | "GiB" | "MiB" | "KiB" | "GB/s" | "MB/s" | "kB/s");
    let fits = |(spelling, worth): &&(&str, f64)| {
        decimal(spelling) && value >= *worth && read_back(value / worth, *worth, value)
    };
    let spellings = unit.spellings();
    let base = spellings.iter().find(|(_, worth)| (*worth - 1.0).abs() < 1e-12).unwrap_or(&spellings[0]);
    let (spelling, worth) = spellings.iter().find(fits).unwrap_or(base);
    format!("{} {spelling}", tidy(value / worth))
}

/// Whether a short number in this unit gives the value back.
fn read_back(number: f64, worth: f64, value: f64) -> bool {
    let shown = tidy(number);
    shown.len() <= 6 && shown.parse::<f64>().is_ok_and(|n| (base(n, worth) - value).abs() <= 1e-12 * value.abs())
}

/// Up to twelve significant digits, without the noise of the last bits.
fn tidy(number: f64) -> String {
    let rounded: f64 = format!("{number:.11e}").parse().unwrap_or(number);
    format!("{rounded}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const UNITS: [Unit; 8] = [
        Unit::Seconds,
        Unit::Bytes,
        Unit::BitsPerSecond,
        Unit::Share,
        Unit::Count,
        Unit::Minutes,
        Unit::AmountPerHour(Currency::Eur),
        Unit::Exchange(Currency::Gbp),
    ];

    #[test]
    fn units_are_worth_what_they_say() {
        for (text, unit, value) in [
            ("30 s", Unit::Seconds, 30.0),
            ("8min", Unit::Seconds, 480.0),
            ("10 MB", Unit::Bytes, 1e7),
            ("10 MiB", Unit::Bytes, 10_485_760.0),
            ("10 Mbps", Unit::BitsPerSecond, 1e7),
            ("1 MB/s", Unit::BitsPerSecond, 8e6),
            ("95 %", Unit::Share, 0.95),
            ("180_000", Unit::Count, 180_000.0),
            ("8_000 EUR/h", Unit::AmountPerHour(Currency::Eur), 8000.0),
        ] {
            assert!((read(text, unit).unwrap() - value).abs() < 1e-9 * value, "{text}");
        }
    }

    #[test]
    fn ambiguous_and_impossible_quantities_say_what_was_meant() {
        let hint = |text, unit| read(text, unit).unwrap_err().hint.unwrap_or_default();
        assert_eq!(hint("10 m", Unit::Seconds), "did you mean `10 min`?");
        assert_eq!(hint("10 Mb", Unit::Bytes), "did you mean `10 MB`?");
        assert_eq!(hint("10 mbps", Unit::BitsPerSecond), "did you mean `10 Mbps`?");
        assert!(read("15 USD", Unit::Amount(Currency::Eur)).unwrap_err().message.contains("not a unit of this field"));
        assert!(read("30", Unit::Seconds).unwrap_err().message.contains("no unit"));
        assert!(read("-3 s", Unit::Seconds).unwrap_err().message.contains("negative"));
        assert!(read("1e999 s", Unit::Seconds).is_err());
        assert!(read("120 %", Unit::Share).unwrap_err().message.contains("larger"));
        assert!(read("nan s", Unit::Seconds).is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*", unit in 0..8_usize) {
            _ = read(&text, UNITS[unit]);
        }

        #[test]
        fn what_is_written_reads_back(value in 0.0..1.0_f64, unit in 0..8_usize) {
            let unit = UNITS[unit];
            let value = value * unit.most();
            let back = read(&write(value, unit), unit).unwrap();
            prop_assert!((back - value).abs() <= 1e-11 * value.max(1e-9), "{value} {back}");
        }
    }
}
