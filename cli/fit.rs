//! `drsim fit`: measured times to lines of a scenario.

use crate::exit_code::Exit;
use crate::{complain, print};
use clap::Args;
use drsim_experiment::measurements::{self, Wanted};
use drsim_experiment::quantity::{self, Unit};
use drsim_report::fit::Fitted;
use drsim_report::{files, plots};
use std::path::PathBuf;

/// What to fit.
#[derive(Args, Debug)]
pub struct Fit {
    /// A CSV file with a header, such as an export of `CloudWatch`
    pub data: PathBuf,
    /// Column of the values; without it: the only one with numbers
    #[arg(long, value_name = "NAME")]
    pub column: Option<String>,
    /// Unit of the values: s, ms, us, min, h; without it: as the file or the column's name says
    #[arg(long, value_parser = unit)]
    pub unit: Option<f64>,
    /// Column that says which values are only lower bounds, such as outages still open (1, true, yes)
    #[arg(long, value_name = "NAME")]
    pub censored: Option<String>,
    /// Keep the rows that hold this in that column, such as cause=deployment
    #[arg(long, value_name = "COLUMN=VALUE", value_parser = filter)]
    pub only: Option<(String, String)>,
    /// Hold out the latest share of the values, such as 25%, and score the fit to the others on them
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub hold_out: Option<f64>,
    /// What the values are: lag, duration, copy, or a path of the scenario such as recovery.restore
    #[arg(long, value_name = "PATH")]
    pub to: Option<String>,
    /// Also draw quantiles against quantiles, FILE.svg or FILE.png
    #[arg(long, value_name = "FILE")]
    pub plot: Option<PathBuf>,
    /// Samples simulated for p-values and ranges
    #[arg(long, default_value_t = 400, value_parser = clap::value_parser!(u64).range(20..=100_000))]
    pub rounds: u64,
    /// Seed of all randomness
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

fn unit(text: &str) -> Result<f64, String> {
    measurements::unit_seconds(text).ok_or_else(|| "expected s, ms, us, min or h".to_owned())
}

fn share(text: &str) -> Result<f64, String> {
    let expected = || "expected a share between 0 % and 100 %, such as 25%".to_owned();
    let share = quantity::read(text, Unit::Share).map_err(|_| expected())?;
    if 0.0 < share && share < 1.0 { Ok(share) } else { Err(expected()) }
}

fn filter(text: &str) -> Result<(String, String), String> {
    let (column, value) = text.split_once('=').ok_or("expected COLUMN=VALUE")?;
    Ok((column.to_owned(), value.to_owned()))
}

pub fn fit(args: &Fit) -> anyhow::Result<Exit> {
    let file = args.data.display().to_string();
    let text = match std::fs::read_to_string(&args.data) {
        Ok(text) => text,
        Err(error) => {
            complain(&format!("error: cannot read `{file}`: {error}"));
            return Ok(Exit::Invalid);
        }
    };
    let wanted = Wanted {
        column: args.column.clone(),
        censored: args.censored.clone(),
        only: args.only.clone(),
        unit_seconds: args.unit,
    };
    let measured = match measurements::read(&text, &file, &wanted) {
        Ok(measured) => measured,
        Err(problems) => {
            complain(problems.to_string().trim_end());
            return Ok(Exit::Invalid);
        }
    };
    let name = args.data.file_name().map_or(file.clone(), |name| name.to_string_lossy().into_owned());
    let name = args.only.as_ref().map_or(name.clone(), |(column, value)| format!("{name} ({column} = {value})"));
    let column = measured.column.clone();
    let (to, seed, rounds) = (args.to.as_deref(), args.seed, args.rounds);
    let fitted = match args.hold_out {
        None => Fitted::new(name, measured, to, seed, rounds),
        Some(share) => {
            let (earlier, later) = measured.hold_out(share);
            Fitted::new(name, earlier, to, seed, rounds).and_then(|fitted| fitted.scored(later, seed, rounds))
        }
    };
    let fitted = match fitted {
        Ok(fitted) => fitted,
        Err(error) => {
            complain(&format!("error: `{file}`, {column}: {error}"));
            return Ok(Exit::Invalid);
        }
    };
    if let Some(to) = &args.plot {
        let picture = plots::quantiles(&fitted)?;
        let bytes = if to.extension().is_some_and(|e| e == "png") { picture.png()? } else { picture.svg.into_bytes() };
        if let Err(error) = files::write_whole(to, &bytes) {
            complain(&format!("error: {error}"));
            return Ok(Exit::Usage);
        }
    }
    print(&fitted.text())
}
