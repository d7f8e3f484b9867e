//! The budget: what each month from go-live on costs, by kind, in the scenario's own currency.
//!
//! Building falls into the month of go-live, leaving into the last one, drills are spread evenly over the year, the cloud bill grows from month
//! to month. Contingency of a fiscal year is P90 - expected of all of it together, from the joint worlds: never a sum of
//! percentiles.

use super::contract::DRILL;
use super::costs::Costs;
use crate::outcome::BudgetRow;
use crate::scenario::Scenario;
use crate::world::WorldDraws;
use drsim_models::outage::YEAR_SECONDS;
use drsim_sim::statistics::spread;
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

/// What a month is made of, at the base case or in a world.
struct Plan {
    /// Cloud bill of the first month.
    run: f64,
    /// Its growth in a year.
    growth: f64,
    /// To build it.
    build: f64,
    /// To leave it, in its month.
    exit: (f64, u32),
    /// Upkeep and on-call of a month.
    people: f64,
    /// One drill, and how many a year.
    drill: (f64, f64),
}

impl Plan {
    fn new(scenario: &Scenario, a: usize, bill: f64, draws: &WorldDraws) -> Self {
        let (money, design) = (&scenario.money, &scenario.architectures[a]);
        let day = money.person_day.as_ref().map_or(0.0, |day| money.own(day, draws));
        let days = |input: &Option<_>| input.as_ref().map_or(0.0, |days| draws.number(days)) * day;
        let drills = if design.second_region { YEAR_SECONDS / draws.number(&design.drill_every) } else { 0.0 };
        Self {
            run: bill * money.rate(draws),
            growth: draws.number(&money.growth),
            build: days(&design.work.build),
            exit: (days(&design.work.exit), money.budget_years * 12 - 1),
            people: (days(&design.work.upkeep) + days(&design.work.on_call)) / 12.0,
            drill: (draws.number(&money.drill_days) * day, drills),
        }
    }

    /// Build, cloud, people, drills and exit of a month, counted from 0.
    fn month(&self, month: u32) -> [f64; 5] {
        let m = f64::from(month);
        let grown = libm::pow(1.0 + self.growth, m / 12.0);
        let until = |m: f64| (m * self.drill.1 / 12.0 + 1e-9).floor();
        let drills = until(m + 1.0) - until(m);
        let once = |in_month: u32, amount: f64| if month == in_month { amount } else { 0.0 };
        let exit = once(self.exit.1, self.exit.0);
        [once(0, self.build), self.run * grown, self.people, drills * self.drill.0, exit]
    }
}

/// Kinds of the rows of a month, in the order of [`Plan::month`].
const KINDS: [(&str, &str); 5] = [
    ("one_off", "build"),
    ("run", "cloud bill"),
    ("people", "upkeep and on-call"),
    (DRILL, "drills"),
    ("one_off", "exit"),
];

/// The budget of an architecture.
pub fn budget(scenario: &Scenario, costs: &Costs, a: usize, seed: u64, worlds: u64) -> Vec<BudgetRow> {
    let money = &scenario.money;
    let expected = Plan::new(scenario, a, costs.expected(a, true).as_f64(), &WorldDraws::base_case());
    let plan = |(w, bill)| Plan::new(scenario, a, bill, &WorldDraws::new(seed, w));
    let plans: Vec<Plan> = (0..worlds).zip(costs.by_world(a, true)).map(plan).collect();
    let cents = |x: f64| Decimal::from_f64(x).unwrap_or_default().round_dp(2);
    let row = |label: &str, month: &str, kind: &str, item: &str, expected: f64, range: Option<(f64, f64)>| BudgetRow {
        architecture: scenario.architectures[a].name.clone(),
        fiscal_year: label.to_owned(),
        month: month.to_owned(),
        kind: kind.to_owned(),
        item: item.to_owned(),
        currency: money.currency.code().to_owned(),
        expected: cents(expected),
        range: range.map(|(low, high)| (cents(low), cents(high))),
    };
    let months = money.budget_years * 12;
    let mut rows = Vec::new();
    let mut first = 0;
    for month in 0..months {
        let (label, name) = (fiscal_year(money.go_live, month, money.fiscal_year_starts), name(money.go_live, month));
        let of_worlds: Vec<[f64; 5]> = plans.iter().map(|plan| plan.month(month)).collect();
        for (k, ((kind, item), amount)) in KINDS.into_iter().zip(expected.month(month)).enumerate() {
            if amount > 0.0 {
                let range = ends(of_worlds.iter().map(|world| world[k]));
                rows.push(row(&label, &name, kind, item, amount, range));
            }
        }
        let last = month + 1 == months || fiscal_year(money.go_live, month + 1, money.fiscal_year_starts) != label;
        if last {
            let year = |plan: &Plan| -> f64 { (first..=month).map(|m| plan.month(m).iter().sum::<f64>()).sum() };
            if let Some((_, high)) = ends(plans.iter().map(year)) {
                let more = (high - year(&expected)).max(0.0);
                rows.push(row(&label, &name, "contingency", "P90 - expected of the fiscal year", more, None));
            }
            first = month + 1;
        }
    }
    rows
}

fn ends(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    spread(&values.map(|value| (value, 0.0)).collect::<Vec<_>>()).map(|ends| (ends.low, ends.high))
}

/// Year and month, `months` after another.
fn later((year, month): (i16, i8), months: u32) -> (i32, i32) {
    let all = i32::from(year) * 12 + i32::from(month) - 1 + months as i32;
    (all.div_euclid(12), all.rem_euclid(12) + 1)
}

fn name(from: (i16, i8), months: u32) -> String {
    let (year, month) = later(from, months);
    format!("{year}-{month:02}")
}

/// `FY2027`, or `FY2027/28` where it does not start in January.
fn fiscal_year(from: (i16, i8), months: u32, starts: i8) -> String {
    let (year, month) = later(from, months);
    let start = if month < i32::from(starts) { year - 1 } else { year };
    if starts == 1 { format!("FY{start}") } else { format!("FY{start}/{:02}", (start + 1) % 100) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fiscal_years_start_where_they_are_told() {
        let go_live = (2027, 11);
        let labels: Vec<String> = [0, 2, 5, 17].iter().map(|m| fiscal_year(go_live, *m, 4)).collect();
        assert_eq!(labels, ["FY2027/28", "FY2027/28", "FY2028/29", "FY2029/30"]);
        assert_eq!(fiscal_year(go_live, 2, 1), "FY2028");
        assert_eq!(name(go_live, 2), "2028-01");
    }

    #[test]
    fn a_year_has_its_drills_and_the_bill_grows() {
        let plan = Plan { run: 100.0, growth: 0.21, build: 7.0, exit: (9.0, 35), people: 5.0, drill: (3.0, 2.0) };
        let year: Vec<[f64; 5]> = (0..12).map(|m| plan.month(m)).collect();
        let sum = |kind: usize| year.iter().map(|month| month[kind]).sum::<f64>();
        assert!((sum(3) - 6.0).abs() < 1e-12 && (sum(0) - 7.0).abs() < 1e-12);
        assert!((plan.month(24)[1] - 146.41).abs() < 1e-9);
        let left: Vec<u32> = (0..36).filter(|m| plan.month(*m)[4] > 0.0).collect();
        assert_eq!(left, [35], "the exit falls into the last month alone");
    }
}
