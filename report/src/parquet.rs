//! Incidents as Parquet: the columns of `incidents.csv`, for whoever reads millions of them.
//!
//! Rows come in replication order and are cut into groups of a fixed size, so that the bytes do not depend on threads.

use crate::files::{Pending, ReportError};
use drsim_experiment::outcome::IncidentRow;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows of a group: so many are held in memory.
const GROUP: usize = 1 << 15;

/// What a column takes of a row.
enum Column {
    Text(fn(&IncidentRow) -> &str),
    Whole(fn(&IncidentRow) -> u64),
    Float(fn(&IncidentRow) -> f64),
    MaybeFloat(fn(&IncidentRow) -> Option<f64>),
}

use Column::{Float, MaybeFloat, Text, Whole};

/// The columns, under their names in `incidents.csv`.
const COLUMNS: [(&str, Column); 25] = [
    ("architecture", Text(|r| &r.architecture)),
    ("replication", Whole(|r| r.replication)),
    ("incident", Whole(|r| u64::from(r.incident))),
    ("cause", Text(|r| &r.cause)),
    ("regions", Text(|r| &r.regions)),
    ("onset_seconds", Float(|r| r.onset_seconds)),
    ("population", Text(|r| &r.population)),
    ("operation", Text(|r| &r.operation)),
    ("recovery_time_seconds", MaybeFloat(|r| r.recovery_time_seconds)),
    ("client_recovery_time_seconds", MaybeFloat(|r| r.client_recovery_time_seconds)),
    ("undetected_seconds", Float(|r| r.undetected_seconds)),
    ("undecided_seconds", Float(|r| r.undecided_seconds)),
    ("promoting_seconds", Float(|r| r.promoting_seconds)),
    ("reconnecting_seconds", Float(|r| r.reconnecting_seconds)),
    ("routing_seconds", Float(|r| r.routing_seconds)),
    ("draining_seconds", Float(|r| r.draining_seconds)),
    ("warming_seconds", Float(|r| r.warming_seconds)),
    ("waiting_for_repair_seconds", Float(|r| r.waiting_for_repair_seconds)),
    ("downtime_seconds", Float(|r| r.downtime_seconds)),
    ("failed_requests", Float(|r| r.failed_requests)),
    ("objects_window_seconds", MaybeFloat(|r| r.objects_window_seconds)),
    ("objects_at_risk", Whole(|r| r.objects_at_risk)),
    ("object_bytes_at_risk", Whole(|r| r.object_bytes_at_risk)),
    ("rows_window_seconds", MaybeFloat(|r| r.rows_window_seconds)),
    ("rows_lost", Whole(|r| r.rows_lost)),
];

/// A file that is being written.
pub struct Rows {
    writer: SerializedFileWriter<Pending>,
    path: PathBuf,
    held: Vec<IncidentRow>,
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").field("held", &self.held.len()).finish_non_exhaustive()
    }
}

impl Rows {
    pub fn create(path: &Path) -> Result<Self, ReportError> {
        let properties = WriterProperties::builder()
            .set_created_by(concat!("drsim ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_compression(Compression::GZIP(parquet::basic::GzipLevel::default()));
        let schema = Arc::new(schema().map_err(|e| error_of(path, e))?);
        let writer = SerializedFileWriter::new(Pending::create(path)?, schema, Arc::new(properties.build()));
        let writer = writer.map_err(|e| error_of(path, e))?;
        Ok(Self { writer, path: path.to_owned(), held: Vec::with_capacity(GROUP) })
    }

    pub fn write(&mut self, row: &IncidentRow) -> Result<(), ReportError> {
        self.held.push(row.clone());
        if self.held.len() == GROUP { self.flush() } else { Ok(()) }
    }

    pub fn finish(mut self) -> Result<(), ReportError> {
        self.flush()?;
        self.writer.into_inner().map_err(|e| error_of(&self.path, e))?.finish()
    }

    fn flush(&mut self) -> Result<(), ReportError> {
        group(&mut self.writer, &self.held).map_err(|e| error_of(&self.path, e))?;
        self.held.clear();
        Ok(())
    }
}

fn schema() -> Result<Type, ParquetError> {
    let field = |(name, column): &(&str, Column)| {
        let (physical, logical, repetition) = match column {
            Text(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String), Repetition::REQUIRED),
            Whole(_) => (Physical::INT64, None, Repetition::REQUIRED),
            Float(_) => (Physical::DOUBLE, None, Repetition::REQUIRED),
            MaybeFloat(_) => (Physical::DOUBLE, None, Repetition::OPTIONAL),
        };
        let field = Type::primitive_type_builder(name, physical).with_repetition(repetition);
        field.with_logical_type(logical).build().map(Arc::new)
    };
    let fields = COLUMNS.iter().map(field).collect::<Result<_, _>>()?;
    Type::group_type_builder("incidents").with_fields(fields).build()
}

fn group(writer: &mut SerializedFileWriter<Pending>, rows: &[IncidentRow]) -> Result<(), ParquetError> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut group = writer.next_row_group()?;
    for (_, column) in &COLUMNS {
        let Some(mut to) = group.next_column()? else { break };
        match column {
            Text(of) => {
                let values: Vec<ByteArray> = rows.iter().map(|row| ByteArray::from(of(row))).collect();
                to.typed::<ByteArrayType>().write_batch(&values, None, None)?;
            }
            Whole(of) => {
                // Counts are far below 2^63.
                let values: Vec<i64> = rows.iter().map(|row| of(row) as i64).collect();
                to.typed::<Int64Type>().write_batch(&values, None, None)?;
            }
            Float(of) => {
                let values: Vec<f64> = rows.iter().map(of).collect();
                to.typed::<DoubleType>().write_batch(&values, None, None)?;
            }
            MaybeFloat(of) => {
                let values: Vec<f64> = rows.iter().filter_map(of).collect();
                let present: Vec<i16> = rows.iter().map(|row| i16::from(of(row).is_some())).collect();
                to.typed::<DoubleType>().write_batch(&values, Some(&present), None)?;
            }
        }
        to.close()?;
    }
    group.close()?;
    Ok(())
}

/// A full disk is called so.
fn error_of(path: &Path, error: ParquetError) -> ReportError {
    let format = |reason: String| ReportError::Format { what: "incidents.parquet", reason };
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(source) => ReportError::io(path, *source),
            Err(other) => format(other.to_string()),
        },
        other => format(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_those_of_the_csv_in_its_order() {
        let names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
        assert_eq!(names.join(","), crate::csv::INCIDENTS_HEADER);
        assert_eq!(schema().expect("sound").get_fields().len(), COLUMNS.len());
    }
}
