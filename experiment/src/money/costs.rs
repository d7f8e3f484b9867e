//! The bills of all architectures: expected, and in every world.

use super::bill::{CLOUD, Line, bill};
use super::contract;
use super::inputs::Amount;
use super::month::{Demand, Month};
use crate::outcome::{Bill, CostLine, Figure, InvoiceCheck, ServiceCheck};
use crate::scenario::{Architecture, Claim, Input, Scenario};
use crate::world::WorldDraws;
use drsim_models::cost::Usd;
use drsim_sim::statistics::{RatioSums, StratifiedRatio, spread};
use rust_decimal::prelude::ToPrimitive;

/// What every architecture costs.
#[derive(Clone, Debug)]
pub struct Costs {
    /// Lines at the base case, by architecture.
    expected: Vec<Vec<Line>>,
    /// By architecture, world and line \[USD per month\].
    amounts: Vec<Vec<Vec<f64>>>,
    /// Own currency for a US dollar, at the base case and in each world.
    rate: f64,
    rates: Vec<f64>,
    baseline: usize,
}

impl Costs {
    /// Bills at the base case and in `worlds` worlds.
    pub fn new(scenario: &Scenario, seed: u64, worlds: u64) -> Self {
        Self::of(scenario, (0..worlds).map(|world| WorldDraws::new(seed, world)))
    }

    /// Bills at the base case and in these worlds.
    pub fn of<'d>(scenario: &Scenario, worlds: impl Iterator<Item = WorldDraws<'d>>) -> Self {
        let demand = Demand::of(scenario);
        let listed = |draws: &WorldDraws| -> Vec<Vec<Line>> {
            let month = Month::new(scenario, &demand, draws);
            let one = |a: &Architecture| bill(scenario, a, &month, draws.number(&a.standby_share));
            scenario.architectures.iter().map(one).collect()
        };
        let expected = listed(&WorldDraws::base_case());
        let all = |draws: &WorldDraws| -> Vec<Vec<Line>> {
            let one = |((i, a), mut lines): ((usize, &Architecture), Vec<Line>)| {
                contract::terms(scenario, draws, &expected[i], &mut lines);
                lines.extend(contract::people(scenario, a, i == scenario.baseline, draws));
                lines
            };
            scenario.architectures.iter().enumerate().zip(listed(draws)).map(one).collect()
        };
        let mut amounts = vec![Vec::new(); scenario.architectures.len()];
        let mut rates = Vec::new();
        for draws in worlds {
            for (own, lines) in amounts.iter_mut().zip(all(&draws)) {
                own.push(lines.iter().map(|line| line.amount.as_f64()).collect());
            }
            rates.push(scenario.money.rate(&draws));
        }
        let base = WorldDraws::base_case();
        let (rate, baseline) = (scenario.money.rate(&base), scenario.baseline);
        Self { expected: all(&base), amounts, rate, rates, baseline }
    }

    /// What a database that is never smaller than so many units adds to a year of the cloud, in the scenario's own currency.
    pub fn of_a_larger_database(&self, scenario: &Scenario, architecture: usize, units: f64) -> f64 {
        let mut larger = scenario.clone();
        larger.capacity.database_units_at_least.value = units;
        let found = Self::of(&larger, std::iter::empty());
        12.0 * self.rate * (found.expected(architecture, true).as_f64() - self.expected(architecture, true).as_f64())
    }

    /// A month of the cloud, or of people's work, at the base case.
    pub fn expected(&self, architecture: usize, cloud: bool) -> Usd {
        let of = self.expected[architecture].iter().filter(|line| (line.kind == CLOUD) == cloud);
        of.map(|line| line.amount).sum()
    }

    /// The same in each world \[USD\].
    pub fn by_world(&self, architecture: usize, cloud: bool) -> Vec<f64> {
        let lines = &self.expected[architecture];
        let sum = |amounts: &Vec<f64>| -> f64 {
            amounts.iter().zip(lines).filter(|(_, line)| (line.kind == CLOUD) == cloud).map(|(amount, _)| amount).sum()
        };
        self.amounts[architecture].iter().map(sum).collect()
    }

    /// A year of the cloud (`true`), of people (`false`) or of both in each world, in the scenario's own currency. Above
    /// the baseline's if asked.
    pub fn a_year_by_world(&self, architecture: usize, kinds: &[bool], above: bool) -> Vec<f64> {
        let sums = |a: usize| -> Vec<f64> {
            let of: Vec<Vec<f64>> = kinds.iter().map(|cloud| self.by_world(a, *cloud)).collect();
            (0..self.rates.len()).map(|world| of.iter().map(|by_world| by_world[world]).sum()).collect()
        };
        let (own, base) = (sums(architecture), sums(self.baseline));
        let one = |((own, base), rate): ((f64, f64), &f64)| 12.0 * rate * (own - if above { base } else { 0.0 });
        own.into_iter().zip(base).zip(&self.rates).map(one).collect()
    }

    /// The same: expected, and its range over worlds.
    pub fn a_year(&self, architecture: usize, kinds: &[bool], above: bool) -> Figure {
        let month = |a: usize| kinds.iter().map(|cloud| self.expected(a, *cloud).as_f64()).sum::<f64>();
        let base = if above { month(self.baseline) } else { 0.0 };
        let value = 12.0 * self.rate * (month(architecture) - base);
        Figure {
            estimate: Some(value),
            interval: Some((value, value)),
            range: range(&self.a_year_by_world(architecture, kinds, above)),
            n: self.rates.len() as u64,
        }
    }

    /// Entries of the price book, item and place, that stand on a bill of any architecture with a quantity, each once.
    pub fn entries(&self) -> Vec<(&'static str, String)> {
        let used = |line: &&Line| line.quantity.is_some_and(|quantity| !quantity.is_zero());
        let lines = self.expected.iter().flatten().filter(used);
        let mut found: Vec<_> = lines.filter_map(|line| line.price.as_ref()?.entry.clone()).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Lines with a quantity that no price was found for.
    fn unpriced(&self, architecture: usize) -> impl Iterator<Item = &Line> {
        self.expected[architecture].iter().filter(|l| l.price.is_none() && l.quantity.is_some_and(|q| !q.is_zero()))
    }

    /// Words on what no price was found for, if anything.
    pub fn lacks(&self, architecture: usize) -> Option<String> {
        let mut missing = self.unpriced(architecture);
        let first = missing.next()?;
        let more = missing.count();
        let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
        Some(format!("no price: {} {} in {}{tail}", first.service, first.item, first.place))
    }

    /// Yearly bill above the baseline's as a share of it, in each world.
    pub(crate) fn premiums(&self, architecture: usize) -> Vec<f64> {
        let pairs = self.by_world(architecture, true).into_iter().zip(self.by_world(self.baseline, true));
        pairs.map(|(own, base)| (own - base) / base).collect()
    }

    /// Years in which the premium meets a claim: all of a world's years or none, since the bill follows from the world.
    /// `years` are the replications of each world.
    pub fn claim(&self, architecture: usize, claim: &Claim, years: impl Fn(u64) -> u64) -> StratifiedRatio {
        let stratum = |(world, premium): (usize, f64)| {
            let met = if claim.inclusive { premium <= claim.bound } else { premium < claim.bound };
            let mut sums = RatioSums::default();
            sums.add_n(u64::from(met), 1, years(world as u64));
            sums
        };
        StratifiedRatio::new(self.premiums(architecture).into_iter().enumerate().map(stratum).collect())
    }

    /// The service that adds most to the baseline's bill, and its share of all that is added.
    pub fn largest_addition(&self, architecture: usize) -> Option<(&'static str, f64)> {
        let of = |a: usize, service: &str| -> f64 {
            self.expected[a].iter().filter(|l| l.kind == CLOUD && l.service == service).map(|l| l.amount.as_f64()).sum()
        };
        let mut services: Vec<&'static str> = self.expected[architecture].iter().map(|l| l.service).collect();
        services.sort_unstable();
        services.dedup();
        let added = |service: &&'static str| (*service, of(architecture, service) - of(self.baseline, service));
        let added: Vec<(&'static str, f64)> = services.iter().map(added).collect();
        let all: f64 = added.iter().map(|(_, usd)| usd.max(0.0)).sum();
        let (service, most) = added.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
        (most > 0.0).then(|| (service, most / all))
    }

    /// The bill of an architecture in a few figures.
    pub fn summary(&self, scenario: &Scenario, architecture: usize) -> Bill {
        let own = self.by_world(architecture, true);
        let base = self.by_world(self.baseline, true);
        let more: Vec<f64> = own.iter().zip(&base).map(|(own, base)| own - base).collect();
        let (expected, baseline) = (self.expected(architecture, true), self.expected(self.baseline, true));
        let premium = expected - baseline;
        let worked = self.expected[architecture].iter().any(|l| l.kind != CLOUD && l.price.is_some());
        Bill {
            architecture: scenario.architectures[architecture].name.clone(),
            usd_per_month: expected,
            range: cents(range(&own)),
            premium_usd_per_month: premium,
            premium_range: cents(range(&more)),
            premium_share: (baseline > Usd::ZERO).then(|| premium.as_f64() / baseline.as_f64()),
            premium_share_range: range(&self.premiums(architecture)),
            people_usd_per_month: worked.then(|| self.expected(architecture, false)),
            cloud_a_year: self.a_year(architecture, &[true], false),
            cloud_more_a_year: self.a_year(architecture, &[true], true),
            people_more_a_year: worked.then(|| self.a_year(architecture, &[false], true)),
            not_estimated: self.expected[architecture].iter().filter(|l| l.quantity.is_none()).count(),
            unpriced: self.unpriced(architecture).count(),
        }
    }

    /// The modelled bill against the invoice, where there is one.
    pub fn invoice(&self, scenario: &Scenario) -> Option<InvoiceCheck> {
        let invoice = scenario.money.invoice.as_ref()?;
        let index = scenario.architectures.iter().position(|a| a.name == invoice.architecture)?;
        let base = WorldDraws::base_case();
        let usd = |value: f64| {
            let input = Input { value, range: None, ..invoice.amount.input.clone() };
            scenario.money.usd(&Amount { input, currency: invoice.amount.currency }, &base)
        };
        let invoiced_usd = usd(invoice.amount.input.value);
        let mut modelled: Vec<(&str, Usd)> = Vec::new();
        for line in self.expected[index].iter().filter(|l| l.kind == CLOUD && l.price.is_some()) {
            match modelled.iter_mut().find(|(service, _)| *service == line.service) {
                Some((_, sum)) => *sum += line.amount,
                None => modelled.push((line.service, line.amount)),
            }
        }
        modelled.retain(|(_, sum)| *sum != Usd::ZERO);
        let of = |service: &str| modelled.iter().find(|(other, _)| *other == service).map(|(_, sum)| sum.as_f64());
        let on_it = |service: &str| invoice.services.iter().any(|(other, _)| other == service);
        let check = |service: &str, modelled_usd: Option<f64>, invoiced_usd: Option<f64>| ServiceCheck {
            service: service.to_owned(),
            modelled_usd,
            invoiced_usd,
            ratio: invoiced_usd.filter(|usd| *usd > 0.0).and_then(|usd| Some(modelled_usd? / usd)),
        };
        let listed = invoice.services.iter().map(|(s, amount)| check(s, of(s), Some(usd(*amount))));
        let others = modelled.iter().filter(|(s, _)| !invoice.services.is_empty() && !on_it(s));
        let services = listed.chain(others.map(|(s, sum)| check(s, Some(sum.as_f64()), None))).collect();
        let ratio = self.expected(index, true).as_f64() / invoiced_usd.max(0.01);
        Some(InvoiceCheck {
            architecture: invoice.architecture.clone(),
            as_of: invoice.as_of.clone(),
            invoiced_usd,
            ratio,
            agrees: (0.8..=1.25).contains(&ratio),
            services,
        })
    }

    /// The lines of `costs.csv`: those with a quantity in some world, then what is not estimated.
    pub fn lines(&self, scenario: &Scenario, architecture: usize) -> Vec<CostLine> {
        let worlds = &self.amounts[architecture];
        let line = |(i, line): (usize, &Line)| {
            let amounts: Vec<f64> = worlds.iter().map(|lines| lines[i]).collect();
            let never = line.quantity.is_some_and(|q| q.is_zero()) && amounts.iter().all(|a| *a == 0.0);
            if never {
                return None;
            }
            let estimated = line.price.is_some();
            let price = line.price.as_ref();
            let band = range(&amounts).filter(|_| estimated);
            let reason = if line.quantity.is_some() { "no price found" } else { "not modelled" };
            Some(CostLine {
                architecture: scenario.architectures[architecture].name.clone(),
                kind: line.kind.into(),
                service: line.service.into(),
                region: line.place.clone(),
                item: line.item.clone(),
                quantity: line.quantity.and_then(|q| q.to_f64()),
                unit: line.unit.into(),
                unit_price: price.map(|p| p.unit_price),
                usd_per_month_expected: estimated.then_some(line.amount),
                usd_per_month_p10: band.map(|b| b.0),
                usd_per_month_p90: band.map(|b| b.1),
                basis: price.map(|p| p.basis),
                source: price.map_or_else(|| reason.into(), |p| p.source.clone()),
                price_date: price.map_or_else(String::new, |p| p.date.clone()),
                status: if estimated { "estimated" } else { "not_estimated" }.into(),
            })
        };
        self.expected[architecture].iter().enumerate().filter_map(line).collect()
    }
}

/// Bands are floats; cents are all they bear.
fn cents(range: Option<(f64, f64)>) -> Option<(f64, f64)> {
    let cent = |usd: f64| (usd * 100.0).round() / 100.0;
    range.map(|(low, high)| (cent(low), cent(high)))
}

/// P10 and P90 over worlds, which are known without noise.
pub fn range(values: &[f64]) -> Option<(f64, f64)> {
    let known: Vec<(f64, f64)> = values.iter().filter(|v| v.is_finite()).map(|v| (*v, 0.0)).collect();
    spread(&known).map(|ends| (ends.low, ends.high))
}
