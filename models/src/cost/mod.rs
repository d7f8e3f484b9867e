//! Money: amounts that cannot be mixed with other numbers, quantities that carry what they count, and prices in tiers.
//!
//! All arithmetic on amounts is decimal, so that what is added up is exact to the cent. A line of a bill is rounded to
//! the cent before it is added: the sum of the lines as printed *is* the total.
//!
//! Left out: taxes, and free allowances, which belong to an account and not to a design.

pub mod capacity_hours;
pub mod loss;
pub mod tiers;

use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use std::iter::Sum;
use std::marker::PhantomData;
use std::ops::{Add, AddAssign, Sub};

/// An amount of US dollars, exact. Adds to and subtracts from its like only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Usd(#[serde(with = "rust_decimal::serde::float")] pub Decimal);

impl Usd {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// Rounded to the cent, half a cent away from zero, as spreadsheets do.
    pub fn to_the_cent(self) -> Self {
        Self(self.0.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
    }

    /// As a float, for bands and ratios: never for sums.
    pub fn as_f64(self) -> f64 {
        self.0.to_f64().unwrap_or(f64::NAN)
    }

    /// So many times this amount.
    pub fn times(self, factor: Decimal) -> Self {
        Self(self.0 * factor)
    }
}

impl Add for Usd {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Usd {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Usd {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Sum for Usd {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Self::add)
    }
}

/// Something that a provider counts.
pub trait Billed {
    /// Its name in price books and on bills, singular.
    const NAME: &'static str;
}

macro_rules! billed {
    ($($(#[$doc:meta])* $unit:ident = $name:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $unit {}

        impl Billed for $unit {
            const NAME: &'static str = $name;
        }
    )*};
}

billed! {
    /// One request.
    Request = "request";
    /// Memory of one GB held for a second.
    GbSecond = "GB-s";
    /// A GB that was moved.
    Gb = "GB";
    /// A GB kept for a month.
    GbMonth = "GB-month";
    /// An hour of something.
    Hour = "hour";
    /// A database capacity unit for an hour.
    AcuHour = "ACU-hour";
    /// A load balancer capacity unit for an hour.
    LcuHour = "LCU-hour";
    /// Something kept for a month: a zone, a check, a key.
    Month = "month";
    /// A person's work of a day.
    PersonDay = "person-day";
}

/// Bytes of a GB on a bill: the provider counts 2^30.
pub const BYTES_PER_GB: f64 = 1_073_741_824.0;

/// Hours of a month.
pub const HOURS_PER_MONTH: f64 = 730.0;

/// More than this of anything is not sold; larger quantities are held there, so that no product overflows.
const MOST: f64 = 1e18;

/// How much of something is billed, to the millionth.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity<U>(Decimal, PhantomData<U>);

impl<U> Clone for Quantity<U> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<U> Copy for Quantity<U> {}

impl<U: Billed> Quantity<U> {
    /// From a simulated amount; negative and absurd amounts are held at 0 and at 10^18.
    pub fn of(amount: f64) -> Self {
        let held = if amount > 0.0 { amount.min(MOST) } else { 0.0 };
        Self::exactly(Decimal::from_f64(held).unwrap_or_default().round_dp(6))
    }

    /// From an exact amount.
    pub fn exactly(amount: Decimal) -> Self {
        Self(amount.normalize(), PhantomData)
    }

    /// The bare number.
    pub fn amount(self) -> Decimal {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cents_are_exact_where_floats_are_not() {
        let dime = Usd("0.10".parse().unwrap());
        assert_eq!((0..3).map(|_| dime).sum::<Usd>(), Usd("0.30".parse().unwrap()));
        assert_eq!(Usd("0.125".parse().unwrap()).to_the_cent(), Usd("0.13".parse().unwrap()), "as ROUND does");
        assert_eq!(Usd("-0.125".parse().unwrap()).to_the_cent(), Usd("-0.13".parse().unwrap()));
    }

    #[test]
    fn quantities_are_finite_whatever_is_simulated() {
        for (amount, held) in [(f64::NAN, "0"), (-1.0, "0"), (1e300, "1000000000000000000"), (0.1 + 0.2, "0.3")] {
            assert_eq!(Quantity::<Request>::of(amount).amount(), held.parse().unwrap(), "{amount}");
        }
    }
}
