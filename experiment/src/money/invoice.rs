//! An invoice by service, from a CSV file: a column `service` and one of amounts, whose name says the currency
//! (`amount_usd`, `Cost (USD)`), or a column `amount` beside a column `currency`. Rows of one service are added up.

use super::items::SERVICES;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::measurements::CsvReader;
use crate::quantity::Currency;
use crate::scenario_file::reader::similar;
use csv::StringRecord;
use std::path::Path;

/// An invoice is never larger: one row per service and account.
const LARGEST: u64 = 4 << 20;

/// What the bill calls what a provider's invoice calls so, without "Amazon" or "AWS" before it. Names of AWS Cost
/// Explorer; recalled, unverified.
const ALIASES: [(&str, &str); 12] = [
    ("relational database service", "Aurora"),
    ("simple storage service", "S3"),
    ("elastic load balancing", "Load balancer"),
    ("elb", "Load balancer"),
    ("key management service", "KMS"),
    ("certificate manager", "Certificates"),
    ("data transfer", "Transfer"),
    ("support", "Contract"),
    ("support (business)", "Contract"),
    ("support (developer)", "Contract"),
    ("support (enterprise)", "Contract"),
    ("savings plans", "Contract"),
];

/// Amounts by service, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct ByService {
    /// Service as the bill names it, or as the invoice does where the model has no such line; amount of a month.
    pub amounts: Vec<(String, f64)>,
    /// Of the amounts.
    pub currency: Currency,
}

/// Reads an invoice; `name` is the file's in messages.
///
/// # Errors
/// The first problem, with its place and what was expected.
pub fn load(path: &Path, name: &str) -> Result<ByService, Diagnostics> {
    let problem = |message: String| {
        let (severity, file, hint) = (Severity::Error, name.to_owned(), Some(EXAMPLE.to_owned()));
        Diagnostics::one(Diagnostic { severity, file, line: 0, column: 0, message, hint })
    };
    let unreadable = |error: std::io::Error| problem(format!("cannot read the invoice: {error}"));
    if std::fs::metadata(path).map_err(unreadable)?.len() > LARGEST {
        return Err(problem(format!("the file is larger than {} MiB, which no invoice by service is", LARGEST >> 20)));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    read(&String::from_utf8_lossy(&bytes), name)
}

const EXAMPLE: &str = "a first line `service,amount_usd`, then such as `CloudFront,612.40`";

/// Reads the text of an invoice.
///
/// # Errors
/// The first problem, with its place and what was expected.
pub fn read(text: &str, file: &str) -> Result<ByService, Diagnostics> {
    let reader = CsvReader { file };
    let example = || Some(EXAMPLE.to_owned());
    let text = text.trim_start_matches('\u{feff}');
    let mut csv =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let rows: Vec<StringRecord> = csv
        .records()
        .collect::<Result<_, _>>()
        .map_err(|error| reader.problem(0, 0, format!("this is no CSV: {error}"), example()))?;
    let Some((names, rows)) = rows.split_first() else {
        return Err(reader.problem(0, 0, "the file is empty; expected a CSV file with a header".into(), example()));
    };
    let column = |name: &str| names.iter().position(|n| n.eq_ignore_ascii_case(name));
    let service = column("service").ok_or_else(|| reader.no_column(names, "service"))?;
    let of_name =
        names.iter().enumerate().find_map(|(i, name)| Some((i, currency(name)?))).filter(|(i, _)| *i != service);
    let (amount, stated) = match (of_name, column("amount"), column("currency")) {
        (Some((at, currency)), ..) => (at, Some((at, currency))),
        (None, Some(at), Some(_)) => (at, None),
        (None, Some(at), None) => {
            let message = "the currency of `amount` is not known; expected a name such as `amount_usd`".into();
            return Err(reader.at(names, at, message, example()));
        }
        (None, None, _) => return Err(reader.no_column(names, "amount_usd")),
    };
    let mut found = ByService { amounts: Vec::new(), currency: Currency::Usd };
    let mut known = stated.map(|(_, currency)| currency);
    for row in rows {
        let (name, cell) = (row.get(service).unwrap_or(""), row.get(amount).unwrap_or(""));
        let Some(value) = cell.parse::<f64>().ok().filter(|v| v.is_finite()) else {
            let message = format!("`{cell}` is not an amount; expected a number such as 612.40, without a unit");
            return Err(reader.at(row, amount, message, Some("write 1234.56, not 1,234.56 or $1234.56".into())));
        };
        if let (None, Some(at)) = (stated, column("currency")) {
            let word = row.get(at).unwrap_or("");
            let own = currency(word).filter(|own| known.is_none_or(|known| known == *own));
            let Some(own) = own else {
                let codes = Currency::ALL.map(Currency::code).join(", ");
                let message = format!("the currency is `{word}`; expected one of {codes}, the same in every row");
                return Err(reader.at(row, at, message, None));
            };
            known = Some(own);
        }
        let name = on_the_bill(name).ok_or_else(|| {
            let message = format!(
                "no service is called `{name}`; expected one of the bill, or another name for what the model leaves out"
            );
            reader.at(row, service, message, similar(bare(name), SERVICES.into_iter()))
        })?;
        match found.amounts.iter_mut().find(|(other, _)| *other == name) {
            Some((_, sum)) => *sum += value,
            None => found.amounts.push((name, value)),
        }
    }
    found.currency = known.unwrap_or(Currency::Usd);
    if found.amounts.iter().map(|(_, amount)| amount).sum::<f64>() <= 0.0 {
        let message = "the amounts add up to nothing; expected a month's invoice".into();
        return Err(reader.problem(0, 0, message, example()));
    }
    Ok(found)
}

/// The currency that a column's name, or a cell, ends with.
fn currency(name: &str) -> Option<Currency> {
    let word = name.split(|c: char| !c.is_ascii_alphanumeric()).rfind(|word| !word.is_empty())?;
    Currency::ALL.into_iter().find(|currency| currency.code().eq_ignore_ascii_case(word))
}

fn bare(name: &str) -> &str {
    let name = name.trim();
    let start = ["Amazon ", "AWS ", "Amazon", "AWS"].iter().find_map(|start| name.strip_prefix(start));
    start.unwrap_or(name)
}

/// What the bill calls a service; its own name where the bill has none like it; `None` for what looks misspelt.
fn on_the_bill(name: &str) -> Option<String> {
    let short = bare(name);
    let bill = || SERVICES.into_iter().chain(["Contract"]);
    let same = bill().find(|service| service.eq_ignore_ascii_case(short));
    let alias = || ALIASES.iter().find(|(other, _)| other.eq_ignore_ascii_case(short)).map(|(_, service)| *service);
    if let Some(service) = same.or_else(alias) {
        return Some(service.to_owned());
    }
    // Short names are near to anything: only one slip in a long one is taken for one.
    let slip = |service: &str| strsim::damerau_levenshtein(&short.to_lowercase(), &service.to_lowercase()) <= 1;
    let misspelt = short.len() > 4 && bill().any(slip);
    (!short.is_empty() && !misspelt).then(|| name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_added_up_by_service_whatever_the_provider_calls_it() {
        let text = "Service,Cost (USD)\nAmazon CloudFront,600.5\nAmazonCloudWatch,70\nAmazon Relational Database Service,1700\n\
                    cloudfront,12\nAWS WAF,35\nAWS Support (Business),300\nRefund,-1\n";
        let found = read(text, "i.csv").unwrap();
        let expected = [
            ("CloudFront", 612.5),
            ("CloudWatch", 70.0),
            ("Aurora", 1700.0),
            ("AWS WAF", 35.0),
            ("Contract", 300.0),
            ("Refund", -1.0),
        ];
        assert_eq!(found.amounts, expected.map(|(name, amount)| (name.to_owned(), amount)));
        assert_eq!(found.currency, Currency::Usd);
        let beside = read("service,amount,currency\nS3,5,EUR\n", "i.csv").unwrap();
        assert_eq!(beside, ByService { amounts: vec![("S3".into(), 5.0)], currency: Currency::Eur });
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let wrong = |text: &str| read(text, "i.csv").unwrap_err().to_string();
        for (text, message, place) in [
            ("", "the file is empty", "i.csv "),
            ("service,amount\nS3,5\n", "the currency of `amount` is not known", "i.csv:1:9"),
            ("service,usd\nS3,5\nLambda,\"1,234\"\n", "`1,234` is not an amount", "i.csv:3:8"),
            ("service,usd\nLamda,5\n", "no service is called `Lamda`", "i.csv:2:1"),
            ("sevice,usd\nS3,5\n", "no column `service`", "i.csv:1:1"),
            ("service,cost\nS3,5\n", "no column `amount_usd`", "i.csv:1:1"),
            ("service,amount,currency\nS3,5,EUR\nS3,5,USD\n", "the same in every row", "i.csv:3:6"),
            ("service,amount,currency\nS3,5,yen\n", "the currency is `yen`", "i.csv:2:6"),
            ("service,usd\nS3,0\n", "add up to nothing", "i.csv "),
        ] {
            let said = wrong(text);
            assert!(said.contains(message) && said.contains(place), "{said}");
        }
        assert!(wrong("service,usd\nLamda,5\n").contains("did you mean `Lambda`?"));
        let missing = load(Path::new("/nowhere/i.csv"), "i.csv").unwrap_err().to_string();
        assert!(missing.contains("cannot read the invoice") && missing.contains("hint: a first line"), "{missing}");
    }
}
