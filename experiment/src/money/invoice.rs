//! An invoice by service, from a CSV file: a column `service` and one of amounts, whose name says the currency
//! (`amount_usd`, `Cost (USD)`), or a column `amount` beside a column `currency`. Rows of one service are added up.
//! What AWS Cost Explorer downloads when costs are grouped by service is read as it is: a column per service, `S3($)`, and
//! a row per month or day. Taxes are left out, as they are on the bill.

use super::items::SERVICES;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::measurements::CsvReader;
use crate::quantity::Currency;
use crate::scenario_file::reader::similar;
use csv::StringRecord;
use std::path::Path;

/// An invoice is never larger: one row per service and account.
const LARGEST: u64 = 4 << 20;

/// What the bill calls what AWS calls otherwise, without "Amazon" or "AWS" before it, letters and digits only: the names of
/// Cost Explorer's API (sample of costs by service in Amazon's own cloudscape-design/components, file
/// popover-drilldown-sample-data.ts, 2023), those of its CSV downloads (public samples of 2022 and later, where load
/// balancers are also `EC2-ELB`), and the service codes of the price list. Names that only lose their spaces need no entry.
const ALIASES: [(&str, &str); 10] = [
    ("relationaldatabaseservice", "Aurora"),
    ("rds", "Aurora"),
    ("simplestorageservice", "S3"),
    ("elasticloadbalancing", "Load balancer"),
    ("elb", "Load balancer"),
    ("ec2elb", "Load balancer"),
    ("keymanagementservice", "KMS"),
    ("certificatemanager", "Certificates"),
    ("datatransfer", "Transfer"),
    ("premiumsupport", "Contract"),
];

/// What begins so is a contract of the provider's: `Support (Business)`, `Savings Plans for AWS Compute usage`.
const CONTRACTS: [&str; 3] = ["support", "savingsplans", "computesavingsplans"];

/// Rows of taxes, in the languages of the console that people here read.
const TAXES: [&str; 4] = ["tax", "vat", "impuesto", "impuestos"];

/// Amounts by service, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct ByService {
    /// Service as the bill names it, or as the invoice does where the model has no such line; amount of a month.
    pub amounts: Vec<(String, f64)>,
    /// Of the amounts.
    pub currency: Currency,
}

/// Reads an invoice; `name` is the file's in messages, `as_of` the month that is wanted of several, or empty.
///
/// # Errors
/// The first problem, with its place and what was expected.
pub fn load(path: &Path, name: &str, as_of: &str) -> Result<ByService, Diagnostics> {
    let problem = |message: String| {
        let (severity, file, hint) = (Severity::Error, name.to_owned(), Some(EXAMPLE.to_owned()));
        Diagnostics::one(Diagnostic { severity, file, line: 0, column: 0, message, hint })
    };
    let unreadable = |error: std::io::Error| problem(format!("cannot read the invoice: {error}"));
    if std::fs::metadata(path).map_err(unreadable)?.len() > LARGEST {
        return Err(problem(format!("the file is larger than {} MiB, which no invoice by service is", LARGEST >> 20)));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    read(&String::from_utf8_lossy(&bytes), name, as_of)
}

const EXAMPLE: &str = "a first line `service,amount_usd`, then such as `CloudFront,612.40`";

/// An amount and the cell it stands in.
struct Entry<'r> {
    service: &'r str,
    value: f64,
    row: &'r StringRecord,
    cell: usize,
}

/// Reads the text of an invoice.
///
/// # Errors
/// The first problem, with its place and what was expected.
pub fn read(text: &str, file: &str, as_of: &str) -> Result<ByService, Diagnostics> {
    let reader = CsvReader { file };
    let text = text.trim_start_matches('\u{feff}');
    let mut csv =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let rows: Vec<StringRecord> = csv
        .records()
        .collect::<Result<_, _>>()
        .map_err(|error| reader.problem(0, 0, format!("this is no CSV: {error}"), Some(EXAMPLE.to_owned())))?;
    let Some((names, rows)) = rows.split_first() else {
        let message = "the file is empty; expected a CSV file with a header".into();
        return Err(reader.problem(0, 0, message, Some(EXAMPLE.to_owned())));
    };
    let across = names.iter().skip(1).any(|name| name.ends_with("($)"));
    let (entries, currency) =
        if across { (columns(&reader, names, rows, as_of)?, Currency::Usd) } else { listed(&reader, names, rows)? };
    let mut found = ByService { amounts: Vec::new(), currency };
    for entry in entries.into_iter().filter(|entry| !TAXES.contains(&squeezed(entry.service).as_str())) {
        let name = on_the_bill(entry.service).ok_or_else(|| {
            let message = format!(
                "no service is called `{}`; expected one of the bill, or another name for what the model leaves out",
                entry.service
            );
            reader.at(entry.row, entry.cell, message, similar(bare(entry.service), SERVICES.into_iter()))
        })?;
        match found.amounts.iter_mut().find(|(other, _)| *other == name) {
            Some((_, sum)) => *sum += entry.value,
            None => found.amounts.push((name, entry.value)),
        }
    }
    // Cost Explorer has a column for whatever was ever used.
    found.amounts.retain(|(_, amount)| amount.abs() >= 0.005);
    if found.amounts.iter().map(|(_, amount)| amount).sum::<f64>() <= 0.0 {
        let message = "the amounts add up to nothing; expected a month's invoice".into();
        return Err(reader.problem(0, 0, message, Some(EXAMPLE.to_owned())));
    }
    Ok(found)
}

fn amount(reader: &CsvReader<'_>, row: &StringRecord, cell: usize) -> Result<f64, Diagnostics> {
    let text = row.get(cell).unwrap_or("");
    text.parse::<f64>().ok().filter(|value| value.is_finite()).ok_or_else(|| {
        let message = format!("`{text}` is not an amount; expected a number such as 612.40, without a unit");
        reader.at(row, cell, message, Some("write 1234.56, not 1,234.56 or $1234.56".into()))
    })
}

/// A row per service.
fn listed<'r>(
    reader: &CsvReader<'_>,
    names: &StringRecord,
    rows: &'r [StringRecord],
) -> Result<(Vec<Entry<'r>>, Currency), Diagnostics> {
    let column = |name: &str| names.iter().position(|n| n.eq_ignore_ascii_case(name));
    let service = column("service").ok_or_else(|| reader.no_column(names, "service"))?;
    let of_name =
        names.iter().enumerate().find_map(|(i, name)| Some((i, currency(name)?))).filter(|(i, _)| *i != service);
    let (cell, stated) = match (of_name, column("amount"), column("currency")) {
        (Some((at, currency)), ..) => (at, Some(currency)),
        (None, Some(at), Some(_)) => (at, None),
        (None, Some(at), None) => {
            let message = "the currency of `amount` is not known; expected a name such as `amount_usd`".into();
            return Err(reader.at(names, at, message, Some(EXAMPLE.to_owned())));
        }
        (None, None, _) => return Err(reader.no_column(names, "amount_usd")),
    };
    let mut known = stated;
    let mut entries = Vec::new();
    for row in rows {
        let value = amount(reader, row, cell)?;
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
        entries.push(Entry { service: row.get(service).unwrap_or(""), value, row, cell: service });
    }
    Ok((entries, known.unwrap_or(Currency::Usd)))
}

/// A column per service, a row per month or day, and totals of both: as Cost Explorer downloads.
fn columns<'r>(
    reader: &CsvReader<'_>,
    names: &'r StringRecord,
    rows: &'r [StringRecord],
    as_of: &str,
) -> Result<Vec<Entry<'r>>, Diagnostics> {
    let is_total = |text: &str| text.to_lowercase().contains("total");
    let date = |row: &&'r StringRecord| row.get(0).unwrap_or("");
    let dated: Vec<&StringRecord> = rows.iter().filter(|row| !date(row).is_empty() && !is_total(date(row))).collect();
    let mut wanted: Vec<&StringRecord> = dated.iter().copied().filter(|row| date(row).starts_with(as_of)).collect();
    if dated.is_empty() {
        // A single month may have its total alone.
        wanted = rows.iter().filter(|row| is_total(date(row))).take(1).collect();
    }
    let (Some(first), Some(last)) = (wanted.first(), wanted.last()) else {
        let there: Vec<&str> = dated.iter().map(date).collect();
        return Err(reader.at(names, 0, format!("no row is of {as_of}; there are: {}", there.join(", ")), None));
    };
    let month = |row: &&'r StringRecord| date(row).get(..7).unwrap_or("").to_owned();
    if wanted.iter().any(|row| month(row) != month(first)) {
        let message = format!("the file holds several months, {} to {}; expected one", date(first), date(last));
        let hint = "say which: money.invoice_check.as_of = \"2026-10\"".to_owned();
        return Err(reader.at(first, 0, message, Some(hint)));
    }
    let mut entries = Vec::new();
    for row in wanted {
        for (cell, name) in names.iter().enumerate().skip(1).filter(|(_, name)| !is_total(name)) {
            if row.get(cell).is_some_and(|text| !text.is_empty()) {
                let service = name.strip_suffix("($)").unwrap_or(name).trim();
                entries.push(Entry { service, value: amount(reader, row, cell)?, row: names, cell });
            }
        }
    }
    Ok(entries)
}

/// The currency that a column's name, or a cell, ends with.
fn currency(name: &str) -> Option<Currency> {
    let word = name.split(|c: char| !c.is_ascii_alphanumeric()).rfind(|word| !word.is_empty())?;
    Currency::ALL.into_iter().find(|currency| currency.code().eq_ignore_ascii_case(word))
}

/// A name without the provider's before it.
fn bare(name: &str) -> &str {
    let name = name.trim();
    let start = |start: &&str| name.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start));
    let start = ["Amazon", "AWS"].iter().find(|word| start(word)).map_or(0, |word| word.len());
    name[start..].trim_start()
}

/// Its letters and digits, small.
fn squeezed(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
}

/// What the bill calls a service; its own name where the bill has none like it; `None` for what looks misspelt.
fn on_the_bill(name: &str) -> Option<String> {
    let short = squeezed(bare(name));
    let bill = || SERVICES.into_iter().chain(["Contract"]);
    let same = bill().find(|service| squeezed(service) == short);
    let alias = || ALIASES.iter().find(|(other, _)| *other == short).map(|(_, service)| *service);
    let contract = || CONTRACTS.iter().any(|start| short.starts_with(start)).then_some("Contract");
    if let Some(service) = same.or_else(alias).or_else(contract) {
        return Some(service.to_owned());
    }
    // Short names are near to anything: only one slip in a long one is taken for one.
    let slip = |service: &str| strsim::damerau_levenshtein(&short, &squeezed(service)) <= 1;
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
        let found = read(text, "i.csv", "").unwrap();
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
        let beside = read("service,amount,currency\nS3,5,EUR\n", "i.csv", "").unwrap();
        assert_eq!(beside, ByService { amounts: vec![("S3".into(), 5.0)], currency: Currency::Eur });
    }

    #[test]
    fn names_of_cost_explorer_of_its_downloads_and_of_the_price_list_are_known() {
        for (bill, names) in [
            ("API Gateway", &["Amazon API Gateway", "API Gateway", "AmazonApiGateway"][..]),
            ("Lambda", &["AWS Lambda", "Lambda", "AWSLambda"]),
            ("Aurora", &["Amazon Relational Database Service", "Relational Database Service", "AmazonRDS"]),
            ("S3", &["Amazon Simple Storage Service", "S3", "AmazonS3"]),
            ("Transfer", &["AWS Data Transfer", "AWSDataTransfer"]),
            ("CloudFront", &["Amazon CloudFront", "CloudFront", "AmazonCloudFront"]),
            ("Global Accelerator", &["AWS Global Accelerator", "AWSGlobalAccelerator"]),
            ("Load balancer", &["Amazon Elastic Load Balancing", "Elastic Load Balancing", "EC2-ELB", "AWSELB"]),
            ("Route 53", &["Amazon Route 53", "Route 53", "AmazonRoute53"]),
            ("CloudWatch", &["AmazonCloudWatch", "CloudWatch"]),
            ("KMS", &["AWS Key Management Service", "Key Management Service", "awskms"]),
            ("Certificates", &["AWS Certificate Manager", "AWSCertificateManager"]),
            (
                "Contract",
                &[
                    "AWS Premium Support",
                    "AWS Support (Enterprise)",
                    "Support (Developer)",
                    "AWSSupportBusiness",
                    "Savings Plans for AWS Compute usage",
                    "ComputeSavingsPlans",
                ],
            ),
        ] {
            for name in names {
                assert_eq!(on_the_bill(name).as_deref(), Some(bill), "{name}");
            }
        }
        for other in ["EC2 - Other", "CloudWatch Events", "AWS WAF", "Amazon Registrar"] {
            assert_eq!(on_the_bill(other).as_deref(), Some(other));
        }
    }

    #[test]
    fn a_download_of_cost_explorer_is_read_as_it_is() {
        let text = "\"Service\",\"Relational Database Service($)\",\"CloudFront($)\",\"Tax($)\",\"Glue($)\",\"EC2-ELB($)\",\"Total costs($)\"\n\
                    \"Service total\",\"3400.5\",\"1200\",\"966\",\"0.0001\",\"40\",\"5606.5\"\n\
                    \"2026-09-01\",\"1700.5\",\"600\",\"483\",\"\",\"20\",\"2803.5\"\n\
                    \"2026-10-01\",\"1700\",\"600\",\"483\",\"0.0001\",\"20\",\"2803\"\n";
        let of = |amounts: [f64; 3]| {
            let names = ["Aurora", "CloudFront", "Load balancer"].map(str::to_owned);
            let amounts = names.into_iter().zip(amounts).collect();
            ByService { amounts, currency: Currency::Usd }
        };
        assert_eq!(
            read(text, "i.csv", "2026-10").unwrap(),
            of([1700.0, 600.0, 20.0]),
            "without tax and what is nothing"
        );
        let days = text.replace("2026-09-01", "2026-10-02");
        assert_eq!(read(&days, "i.csv", "2026-10").unwrap(), of([3400.5, 1200.0, 40.0]), "days are added up");
        for as_of in ["", "2026"] {
            let several = read(text, "i.csv", as_of).unwrap_err().to_string();
            assert!(
                several.contains("several months, 2026-09-01 to 2026-10-01") && several.contains("as_of"),
                "{several}"
            );
        }
        let absent = read(text, "i.csv", "2026-11").unwrap_err().to_string();
        assert!(absent.contains("no row is of 2026-11; there are: 2026-09-01, 2026-10-01"), "{absent}");
        let lines: Vec<&str> = text.lines().collect();
        let alone = |rows: &[&str]| read(&rows.join("\n"), "i.csv", "").unwrap();
        assert_eq!(alone(&[lines[0], lines[1], lines[3]]), of([1700.0, 600.0, 20.0]), "one month");
        assert_eq!(alone(&lines[..2]), of([3400.5, 1200.0, 40.0]), "its total alone");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let wrong = |text: &str| read(text, "i.csv", "").unwrap_err().to_string();
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
        let missing = load(Path::new("/nowhere/i.csv"), "i.csv", "").unwrap_err().to_string();
        assert!(missing.contains("cannot read the invoice") && missing.contains("hint: a first line"), "{missing}");
    }
}
