//! Money: what each architecture costs, and what its outages do.
//!
//! `prices` says what things cost, `month` how much the simulated demand takes, `bill` multiplies them line by line, and
//! `costs` does so at the base case and in every world. Expected values are the base case, in decimals, and add up to
//! the cent; bands are P10 and P90 over worlds, which do not add up.

pub mod bill;
pub mod budget;
pub mod commitment;
pub mod contract;
pub mod costs;
pub mod inputs;
pub mod invoice;
pub mod items;
pub mod loss;
pub mod month;
pub mod prices;
pub mod rows;
