//! `metrics.csv`, tidy, and the incidents, as CSV or Parquet, written row by row so that memory does not grow with the years.

use crate::files::{Pending, ReportError, directory, part_of, remove_stale_parts};
use crate::parquet;
use drsim_experiment::outcome::{IncidentRow, Outcome};
use std::path::{Path, PathBuf};

/// Columns of `metrics.csv`.
pub const METRICS_HEADER: &str = "architecture,metric,population,operation,store,cause,per,statistic,estimate,ci_low,ci_high,range_low,range_high,n,unit";

/// The text of `metrics.csv`. Cells are empty where there is no number.
///
/// # Errors
/// [`ReportError::Format`] should a row refuse to be written.
pub fn metrics(outcome: &Outcome) -> Result<String, ReportError> {
    let format = |reason: String| ReportError::Format { what: "metrics.csv", reason };
    let mut writer = csv::Writer::from_writer(vec![]);
    writer.write_record(METRICS_HEADER.split(',')).map_err(|error| format(error.to_string()))?;
    for row in &outcome.metrics {
        let number = |value: Option<f64>| value.filter(|v| v.is_finite()).map_or(String::new(), |v| v.to_string());
        let (interval, range) = (row.figure.interval.unzip(), row.figure.range.unzip());
        let numbers = [row.figure.estimate, interval.0, interval.1, range.0, range.1].map(number);
        let words = [
            &row.architecture,
            &row.metric,
            &row.population,
            &row.operation,
            &row.store,
            &row.cause,
            &row.per,
            &row.statistic,
        ];
        let n = row.figure.n.to_string();
        let cells = words.into_iter().chain(&numbers).chain([&n, &row.unit]);
        writer.write_record(cells).map_err(|error| format(error.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|error| format(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| format(error.to_string()))
}

/// What the file of incidents is called unless something else is said.
pub const INCIDENTS: &str = "incidents.csv";

/// Writes the incidents as they come; the file appears when it is finished, or not at all. Its name says the format.
#[derive(Debug)]
pub struct IncidentsWriter {
    writer: Format,
    path: PathBuf,
    rows: u64,
}

#[derive(Debug)]
enum Format {
    Csv(csv::Writer<Pending>),
    Parquet(parquet::Rows),
}

impl IncidentsWriter {
    /// Where this process keeps the rows until they are finished; for a caller that must leave at once to delete.
    pub fn part_path(dir: &Path, name: &str) -> PathBuf {
        part_of(&dir.join(name))
    }

    /// The name of a file of incidents.
    ///
    /// # Errors
    /// Unless it is a plain name that ends in .csv or .parquet.
    pub fn name(text: &str) -> Result<String, String> {
        let plain = Path::new(text).file_name().is_some_and(|name| name == text);
        let known = text.strip_suffix(".csv").or_else(|| text.strip_suffix(".parquet")).is_some_and(|n| !n.is_empty());
        if plain && known {
            Ok(text.to_owned())
        } else {
            Err("expected a name such as incidents.parquet or incidents.csv".into())
        }
    }

    /// Opens the file in a directory, which is made if need be; what killed runs left there a day ago goes.
    ///
    /// # Errors
    /// When the directory cannot be written to.
    pub fn create(dir: &Path, name: &str) -> Result<Self, ReportError> {
        directory(dir)?;
        let path = dir.join(name);
        remove_stale_parts(&path);
        let writer = if name.ends_with(".parquet") {
            Format::Parquet(parquet::Rows::create(&path)?)
        } else {
            Format::Csv(csv::Writer::from_writer(Pending::create(&path)?))
        };
        Ok(Self { writer, path, rows: 0 })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// [`ReportError::NotFinite`] for a row with a number that is none; otherwise as the system reports.
    pub fn write(&mut self, row: &IncidentRow) -> Result<(), ReportError> {
        let seconds = [
            row.onset_seconds,
            row.undetected_seconds,
            row.undecided_seconds,
            row.promoting_seconds,
            row.reconnecting_seconds,
            row.routing_seconds,
            row.draining_seconds,
            row.warming_seconds,
            row.waiting_for_repair_seconds,
            row.downtime_seconds,
            row.failed_requests,
        ];
        let maybe = [
            row.recovery_time_seconds,
            row.client_recovery_time_seconds,
            row.objects_window_seconds,
            row.rows_window_seconds,
        ];
        if !seconds.iter().chain(maybe.iter().flatten()).all(|value| value.is_finite()) {
            return Err(ReportError::NotFinite {
                what: format!("incident {} of replication {}", row.incident, row.replication),
            });
        }
        self.rows += 1;
        match &mut self.writer {
            Format::Csv(writer) => writer.serialize(row).map_err(|error| error_of(&self.path, error)),
            Format::Parquet(rows) => rows.write(row),
        }
    }

    /// Gives the file its name. Without a single row it holds the header alone.
    ///
    /// # Errors
    /// As the system reports; then nothing is left.
    pub fn finish(self) -> Result<PathBuf, ReportError> {
        match self.writer {
            Format::Csv(mut writer) => {
                if self.rows == 0 {
                    writer.write_record(INCIDENTS_HEADER.split(',')).map_err(|error| error_of(&self.path, error))?;
                }
                let pending = writer.into_inner().map_err(|error| ReportError::io(&self.path, error.into_error()))?;
                pending.finish()?;
            }
            Format::Parquet(rows) => rows.finish()?,
        }
        Ok(self.path)
    }
}

/// Columns of `incidents.csv`: the fields of [`IncidentRow`].
pub const INCIDENTS_HEADER: &str = "architecture,replication,incident,cause,regions,onset_seconds,population,operation,\
recovery_time_seconds,client_recovery_time_seconds,undetected_seconds,undecided_seconds,promoting_seconds,reconnecting_seconds,\
routing_seconds,draining_seconds,warming_seconds,waiting_for_repair_seconds,downtime_seconds,failed_requests,\
objects_window_seconds,objects_at_risk,object_bytes_at_risk,rows_window_seconds,rows_lost";

fn error_of(path: &Path, error: csv::Error) -> ReportError {
    let reason = error.to_string();
    match error.into_kind() {
        csv::ErrorKind::Io(source) => ReportError::io(path, source),
        _ => ReportError::Format { what: "incidents.csv", reason },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{files, sample};

    fn row() -> IncidentRow {
        IncidentRow {
            architecture: "invented".into(),
            replication: 3,
            incident: 0,
            cause: "region".into(),
            regions: "here+there".into(),
            onset_seconds: 12.5,
            population: "europe".into(),
            operation: "write".into(),
            recovery_time_seconds: None,
            client_recovery_time_seconds: None,
            undetected_seconds: 29.0,
            undecided_seconds: 0.0,
            promoting_seconds: 0.0,
            reconnecting_seconds: 0.0,
            routing_seconds: 0.0,
            draining_seconds: 0.0,
            warming_seconds: 0.0,
            waiting_for_repair_seconds: 0.0,
            downtime_seconds: 0.0,
            failed_requests: 1.0,
            objects_window_seconds: None,
            objects_at_risk: 0,
            object_bytes_at_risk: 0,
            rows_window_seconds: Some(0.3),
            rows_lost: 1,
        }
    }

    #[test]
    fn metrics_have_the_promised_header_and_empty_cells_where_nothing_is_known() {
        let mut outcome = sample::outcome();
        outcome.metrics.truncate(2);
        outcome.metrics[1].figure =
            drsim_experiment::outcome::Figure { n: 7, estimate: Some(f64::INFINITY), ..Default::default() };
        assert_eq!(
            metrics(&outcome).expect("plain data"),
            "architecture,metric,population,operation,store,cause,per,statistic,estimate,ci_low,ci_high,range_low,range_high,n,unit\n\
             single_region,recovery_time_seconds,overall,read,,,incident,p50,18400,18216,18584,,,31900,s\n\
             single_region,recovery_time_seconds,overall,write,,,incident,p50,,,,,,7,s\n"
        );
    }

    #[test]
    fn incidents_appear_when_finished_and_never_hold_what_is_no_number() {
        let dir = files::tests::scratch("incidents");
        let mut writer = IncidentsWriter::create(&dir, INCIDENTS).expect("writable");
        writer.write(&row()).expect("plain");
        assert!(writer.write(&IncidentRow { downtime_seconds: f64::NAN, ..row() }).is_err());
        assert!(!dir.join("incidents.csv").exists());
        assert!(IncidentsWriter::part_path(&dir, INCIDENTS).exists());
        let path = writer.finish().expect("writable");
        let text = std::fs::read_to_string(&path).expect("written");
        assert_eq!(text.lines().next(), Some(INCIDENTS_HEADER));
        assert_eq!(
            text.lines().nth(1),
            Some(
                "invented,3,0,region,here+there,12.5,europe,write,,,29.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,1.0,,0,0,0.3,1"
            )
        );
        for wrong in ["incidents", "a/incidents.csv", ".parquet", "incidents.xlsx", ""] {
            assert!(IncidentsWriter::name(wrong).is_err(), "{wrong}");
        }
        IncidentsWriter::create(&dir, INCIDENTS).expect("writable").finish().expect("writable");
        assert_eq!(std::fs::read_to_string(&path).expect("written"), format!("{INCIDENTS_HEADER}\n"));
        drop(IncidentsWriter::create(&dir, INCIDENTS).expect("writable"));
        assert_eq!(std::fs::read_dir(&dir).expect("readable").count(), 1);
        std::fs::remove_dir_all(dir).expect("own");
    }
}
