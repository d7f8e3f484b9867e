//! `drsim catalogue`: what is built in, with where it comes from and how old it is.

use crate::exit_code::Exit;
use crate::{complain, print};
use drsim_experiment::availability::commitments::Commitment;
use drsim_experiment::catalogue::{OUTAGE_LIBRARY, months};
use drsim_experiment::money::items;
use drsim_experiment::money::prices::PriceBook;
use drsim_experiment::schema::built_in;
use drsim_report::catalogue::{self, PriceLine, SlaLine};
use std::time::{SystemTime, UNIX_EPOCH};

/// What to list.
#[derive(clap::Args, Debug)]
pub struct Catalogue {
    /// Which part; without it, what parts there are
    #[arg(value_enum)]
    pub what: Option<Part>,
    /// Only entries whose name contains this
    pub name: Option<String>,
}

/// A part of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Kinds of architecture, and what they start from
    Presets,
    /// The price book
    Prices,
    /// What a region has
    Quotas,
    /// What the provider commits to, and what it pays back
    Slas,
    /// Real outages
    Outages,
    /// What requests take of each service
    Usage,
}

pub fn catalogue(args: &Catalogue) -> anyhow::Result<Exit> {
    let Some(what) = args.what else {
        let book = PriceBook::built_in();
        let prices: usize = book.prices.values().map(std::collections::BTreeMap::len).sum();
        return print(&format!(
            "prices   {prices} of {} items, {} (collected {})\npresets  {} values\nquotas   {} values\n\
             usage    {} values\nslas     {} commitments\noutages  {} real events\nNext: drsim catalogue prices aurora\n",
            book.prices.len(),
            book.name,
            book.collected,
            built_in("architectures").len(),
            built_in("capacity").len(),
            built_in("usage").len(),
            book.commitments.len(),
            OUTAGE_LIBRARY.len(),
        ));
    };
    let wanted = |name: &str| args.name.as_ref().is_none_or(|part| name.contains(part.as_str()));
    let text = match what {
        Part::Prices => catalogue::prices(&price_lines().into_iter().filter(|l| wanted(&l.name)).collect::<Vec<_>>()),
        Part::Slas => catalogue::slas(&sla_lines().into_iter().filter(|l| wanted(&l.name)).collect::<Vec<_>>()),
        Part::Outages => catalogue::outages(OUTAGE_LIBRARY.iter().filter(|o| wanted(&o.name) || wanted(&o.title))),
        Part::Presets | Part::Quotas | Part::Usage => {
            let prefix = match what {
                Part::Presets => "architectures",
                Part::Quotas => "capacity",
                _ => "usage",
            };
            catalogue::values(&built_in(prefix).into_iter().filter(|row| wanted(&row.concat())).collect::<Vec<_>>())
        }
    };
    if text.is_empty() {
        complain(&format!("error: nothing there is called `{}`", args.name.as_deref().unwrap_or_default()));
        return Ok(Exit::Usage);
    }
    print(&text)
}

fn price_lines() -> Vec<PriceLine> {
    let book = PriceBook::built_in();
    let this_month = this_month();
    let unit = |item: &str| items::ALL.iter().find(|(key, ..)| *key == item).map_or("", |(.., unit)| unit);
    let line = |item: &str, place: &str, price: &drsim_experiment::money::prices::Price| PriceLine {
        name: format!("{item}.{place}"),
        prices: price.tiers.iter().map(|tier| (tier.price, tier.up_to)).collect(),
        unit: unit(item),
        basis: price.basis,
        source: price.source.clone(),
        date: price.date.clone(),
        months_old: months(&price.date).map(|then| this_month - then),
    };
    let rows = book.prices.iter().flat_map(|(item, rows)| rows.iter().map(move |(place, price)| (item, place, price)));
    rows.map(|(item, place, price)| line(item, place, price)).collect()
}

fn sla_lines() -> Vec<SlaLine> {
    let this_month = this_month();
    let line = |(name, commitment): (String, Commitment)| SlaLine {
        name,
        months_old: months(&commitment.date).map(|then| this_month - then),
        commitment,
    };
    PriceBook::built_in().commitments.into_iter().map(line).collect()
}

fn this_month() -> i64 {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    // Months of equal length: right to a few days, which is as near as an age in months can be.
    1970 * 12 + (seconds as f64 / (365.2425 / 12.0 * 86_400.0)) as i64
}
