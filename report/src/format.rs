//! Numbers as people read them: durations in the unit one would say aloud, shares with the digits their interval bears.
//!
//! Nothing here prints "NaN" or "inf": what is not a finite number is printed as [`NONE`].

use drsim_experiment::outcome::Figure;
use drsim_models::cost::Usd;

/// Printed where there is no number.
pub const NONE: &str = "-";

/// Units of time: name, seconds, and up to which value (in seconds) it is the one people would use.
const UNITS: [(&str, f64, f64); 6] = [
    ("ms", 1e-3, 0.9995),
    ("s", 1.0, 179.5),
    ("min", 60.0, 119.5 * 60.0),
    ("h", 3600.0, 47.5 * 3600.0),
    ("d", 86_400.0, 729.5 * 86_400.0),
    ("y", 365.25 * 86_400.0, f64::INFINITY),
];

/// A duration in seconds in words: "102 s", "19 min", "5.1 h". At most eight characters.
pub fn duration(seconds: f64) -> String {
    duration_borne(seconds, 0.0)
}

/// A duration in seconds with no more digits than a half-width in seconds of its interval bears.
fn duration_borne(seconds: f64, half_width: f64) -> String {
    if !seconds.is_finite() {
        return NONE.into();
    }
    let (sign, size) = if seconds < 0.0 { ("-", -seconds) } else { ("", seconds) };
    if size < 0.5e-3 {
        return "0 s".into();
    }
    let (name, unit, _) = UNITS.iter().find(|(_, _, up_to)| size < *up_to).unwrap_or(&UNITS[5]);
    let value = size / unit;
    if value >= 999.5 {
        return format!("{sign}>999 {name}");
    }
    let decimals = usize::from(value < 9.95 && *name != "ms").min(decimals_borne(half_width / unit));
    let text = format!("{value:.decimals$}");
    format!("{sign}{} {name}", text.strip_suffix(".0").unwrap_or(&text))
}

/// A percentile or mean of a duration; [`NONE`] where the sample does not bear it.
pub fn duration_figure(figure: &Figure) -> String {
    match (figure.estimate, bounds(figure.interval)) {
        (Some(value), Some((low, high))) => duration_borne(value, half_width(value, (low, high))),
        _ => NONE.into(),
    }
}

/// A percentile of a duration; its interval where that spans more than a factor of two: "111 s..2.9 h".
pub fn duration_or_interval(figure: &Figure) -> String {
    match (figure.estimate, bounds(figure.interval)) {
        (Some(_), Some((low, high))) if low > 0.0 && high > 2.0 * low => {
            format!("{}..{}", duration(low), duration(high))
        }
        _ => duration_figure(figure),
    }
}

/// A share between 0 and 1 as a percentage with the digits that its interval bears; without the percent sign.
///
/// A share that is not exactly 0 or 1 is never rounded to it: "<0.1", ">99.9".
pub fn share(found: f64, interval: Option<(f64, f64)>) -> String {
    let Some(interval) = bounds(interval).filter(|_| found.is_finite()) else {
        return NONE.into();
    };
    percent(found, decimals_borne(100.0 * half_width(found, interval)).min(6))
}

/// A share that somebody set, with the digits it was given.
pub fn share_asked(asked: Option<f64>) -> String {
    match asked {
        None => "always".into(),
        Some(share) if share.is_finite() => {
            format!("{} %", number(100.0 * share.clamp(0.0, 1.0), 6))
        }
        Some(_) => NONE.into(),
    }
}

/// Half-width of the interval of a share, in percentage points, rounded up to one digit.
pub fn share_half_width(found: f64, interval: Option<(f64, f64)>) -> String {
    let Some(interval) = bounds(interval).filter(|_| found.is_finite()) else {
        return NONE.into();
    };
    let half = (100.0 * half_width(found, interval)).min(100.0);
    if half < 1e-6 {
        return "0".into();
    }
    let decimals = decimals_borne(half).min(6);
    let unit = 10_f64.powi(i32::try_from(decimals).unwrap_or(0));
    format!("{:.decimals$}", (half * unit - 1e-9).ceil() / unit)
}

/// P10 and P90 of a share over worlds, with at most one decimal and no more than the found share bears.
pub fn share_range(range: Option<(f64, f64)>, found: f64, interval: Option<(f64, f64)>) -> String {
    let (Some((low, high)), Some(interval)) = (bounds(range), bounds(interval)) else {
        return NONE.into();
    };
    let decimals = decimals_borne(100.0 * half_width(found, interval)).min(1);
    format!("{} .. {}", percent(low, decimals), percent(high, decimals))
}

/// A rate or an amount with two significant digits, or fewer where the interval bears fewer: "0.26", "12", "1,234".
pub fn amount(figure: &Figure) -> String {
    let Some(value) = figure.estimate.filter(|v| v.is_finite()) else {
        return NONE.into();
    };
    let half = bounds(figure.interval).map_or(0.0, |interval| half_width(value, interval));
    if value.abs() < 1e-6 {
        return "0".into();
    }
    let significant = (1.0 - value.abs().log10().floor()).clamp(0.0, 6.0) as usize;
    let decimals = significant.min(decimals_borne(half));
    if decimals > 0 { format!("{value:.decimals$}") } else { signed_count(value) }
}

/// An amount in thousands or millions where it is that large: "52 k", "1.3 M".
pub fn amount_short(figure: &Figure) -> String {
    let size = figure.estimate.map_or(0.0, f64::abs);
    let (unit, name) = match size {
        s if s >= 999_500.0 => (1e6, " M"),
        s if s >= 999.5 => (1e3, " k"),
        _ => return amount(figure),
    };
    let scaled = Figure {
        estimate: figure.estimate.map(|v| v / unit),
        interval: figure.interval.map(|(low, high)| (low / unit, high / unit)),
        ..*figure
    };
    match amount(&scaled) {
        text if text == NONE => text,
        text => text + name,
    }
}

/// An amount in full, to the cent, thousands separated: "1,635.20".
pub fn usd(amount: Usd) -> String {
    let cents = format!("{:.2}", amount.0.abs());
    let (whole, rest) = cents.split_once('.').unwrap_or((&cents, "00"));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), count);
    format!("{}{whole}.{rest}", if amount < Usd::ZERO { "-" } else { "" })
}

/// An amount without cents, as an end of a band: "2,906".
pub fn usd_rounded(usd: f64) -> String {
    if usd.is_finite() { signed_count(usd) } else { NONE.into() }
}

/// P10 and P90 of a share that may exceed 1: "43..57 %".
pub fn share_between(range: Option<(f64, f64)>) -> String {
    bounds(range).map_or(NONE.into(), |(low, high)| format!("{:.0}..{:.0} %", 100.0 * low, 100.0 * high))
}

/// An amount of money in thousands: "39", "+20", "0.43".
pub fn thousands(amount: f64) -> String {
    let thousands = amount / 1e3;
    let text = match thousands.abs() {
        size if !size.is_finite() => return NONE.into(),
        size if size < 0.005 => return "0".into(),
        size if size < 0.095 => format!("{thousands:.2}"),
        size if size < 9.95 => format!("{thousands:.1}"),
        _ => signed_count(thousands),
    };
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

/// P10 and P90 of an amount in thousands: "31 .. 44"; nothing where they read the same.
pub fn thousands_between(range: Option<(f64, f64)>) -> Option<String> {
    let (low, high) = bounds(range)?;
    let (low, high) = (thousands(low), thousands(high));
    (low != high).then(|| format!("{low} .. {high}"))
}

/// A mean amount in thousands with no more digits than its interval bears; [`NONE`] where it has none.
pub fn thousands_figure(figure: &Figure) -> String {
    let scale = |x: f64| x / 1e3;
    let (Some(value), Some((low, high))) = (figure.estimate, bounds(figure.interval)) else { return NONE.into() };
    if value == 0.0 {
        return "0".into();
    }
    amount(&Figure { estimate: Some(scale(value)), interval: Some((scale(low), scale(high))), ..*figure })
}

/// A whole number with thousands separated: "100,000".
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn signed_count(value: f64) -> String {
    if value.abs() >= 1e9 {
        return format!("{value:.1e}");
    }
    format!("{}{}", if value <= -0.5 { "-" } else { "" }, count(value.abs().round() as u64))
}

/// A number with up to so many decimals, none of them a trailing zero.
pub(crate) fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    if decimals == 0 { text } else { text.trim_end_matches('0').trim_end_matches('.').into() }
}

fn percent(share: f64, decimals: usize) -> String {
    let value = 100.0 * share.clamp(0.0, 1.0);
    let text = format!("{value:.decimals$}");
    let step = 10_f64.powi(-i32::try_from(decimals).unwrap_or(0));
    match text.parse::<f64>() {
        Ok(0.0) if value > 0.0 => format!("<{step:.decimals$}"),
        Ok(100.0) if value < 100.0 => format!(">{:.decimals$}", 100.0 - step),
        _ if value <= 0.0 || value >= 100.0 => format!("{value:.0}"),
        _ => text,
    }
}

/// Decimals up to the first digit that the half-width leaves in doubt; many for a half-width of 0.
fn decimals_borne(half_width: f64) -> usize {
    if half_width > 0.0 { (-half_width.log10().floor()).clamp(0.0, 9.0) as usize } else { 9 }
}

fn half_width(value: f64, (low, high): (f64, f64)) -> f64 {
    (value - low).abs().max((high - value).abs())
}

fn bounds(interval: Option<(f64, f64)>) -> Option<(f64, f64)> {
    interval.filter(|(low, high)| low.is_finite() && high.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn durations_read_as_people_say_them() {
        for (seconds, words) in [
            (0.0, "0 s"),
            (0.04, "40 ms"),
            (0.9996, "1 s"),
            (8.39, "8.4 s"),
            (102.0, "102 s"),
            (1140.0, "19 min"),
            (18_360.0, "5.1 h"),
            (61_200.0, "17 h"),
            (604_800.0, "7 d"),
            (1e18, ">999 y"),
            (f64::NAN, "-"),
            (f64::INFINITY, "-"),
        ] {
            assert_eq!(duration(seconds), words);
        }
    }

    #[test]
    fn a_duration_carries_no_digit_that_its_interval_leaves_in_doubt() {
        let figure = |interval| Figure { estimate: Some(18_360.0), interval, range: None, n: 100 };
        assert_eq!(duration_figure(&figure(Some((18_000.0, 18_700.0)))), "5.1 h");
        assert_eq!(duration_figure(&figure(Some((12_000.0, 25_000.0)))), "5 h");
        assert_eq!(duration_figure(&figure(None)), "-", "the sample does not bear it");
    }

    #[test]
    fn shares_carry_the_digits_that_their_interval_bears() {
        assert_eq!(share(0.015_123, Some((0.0141, 0.0161))), "1.5");
        assert_eq!(share(0.999_93, Some((0.9998, 0.999_97))), "99.99");
        assert_eq!(share(0.999_999, Some((0.998, 1.0))), ">99.9", "never rounded to certainty");
        assert_eq!(share(1e-9, Some((0.0, 0.02))), "<1");
        assert_eq!(share(0.0, Some((0.0, 0.0001))), "0");
        assert_eq!(share(0.5, None), "-");
        assert_eq!(share_half_width(0.0151, Some((0.0141, 0.0161))), "0.1");
        assert_eq!(share_range(Some((0.001, 0.41)), 0.015, Some((0.014, 0.016))), "0.1 .. 41.0");
        assert_eq!(share_asked(Some(0.95)), "95 %");
        assert_eq!(share_asked(Some(0.999)), "99.9 %");
        assert_eq!(share_asked(None), "always");
    }

    #[test]
    fn amounts_have_two_digits_and_thousands_are_separated() {
        let figure = |v| Figure { estimate: Some(v), interval: Some((v, v)), range: None, n: 1 };
        assert_eq!(amount(&figure(0.2613)), "0.26");
        assert_eq!(amount(&figure(0.0321)), "0.032");
        assert_eq!(amount(&figure(12.4)), "12");
        assert_eq!(amount(&figure(12_345.6)), "12,346");
        assert_eq!(count(32_500), "32,500");
        assert_eq!((number(-40.2, 0), number(40.0, 2), number(1.50, 2)), ("-40".into(), "40".into(), "1.5".into()));
    }

    #[test]
    fn money_is_written_to_the_cent_and_bands_without() {
        let amount = |text: &str| Usd(text.parse().unwrap());
        assert_eq!(usd(amount("1635.2")), "1,635.20");
        assert_eq!(usd(amount("-0.5")), "-0.50");
        assert_eq!(usd_rounded(2906.4), "2,906");
        let shown = [38_770.0, 430.0, 43.0, 0.0, -2_000.0, f64::NAN].map(thousands);
        assert_eq!(shown, ["39", "0.4", "0.04", "0", "-2", "-"]);
        assert_eq!(thousands_between(Some((31_000.0, 44_000.0))).as_deref(), Some("31 .. 44"));
    }

    proptest! {
        #[test]
        fn any_number_prints_narrow_and_finite(value in proptest::num::f64::ANY, low in proptest::num::f64::ANY, high in proptest::num::f64::ANY) {
            let figure = Figure { estimate: Some(value), interval: Some((low, high)), range: None, n: 1 };
            let texts = [
                (duration(value), 8), (duration_figure(&figure), 8), (share(value, Some((low, high))), 11),
                (share_half_width(value, Some((low, high))), 8), (share_range(Some((low, high)), value, Some((low, high))), 14),
                (amount(&figure), 14), (share_asked(Some(value)), 12),
            ];
            for (text, width) in texts {
                prop_assert!(text.len() <= width, "{text}");
                prop_assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
            }
        }
    }
}
