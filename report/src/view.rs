//! What a verb found, as people and programs read it: the same six ways for all of them.

use crate::files::{self, ReportError};
use crate::plots::Picture;
use crate::words::Lang;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// An answer.
pub trait View: Serialize {
    /// What its files are called: `NAME.json`, `NAME.csv`.
    const NAME: &'static str;

    /// For people at a terminal of so many columns.
    fn text(&self, lang: Lang, width: usize, colour: bool) -> String;

    /// For a document.
    fn markdown(&self, lang: Lang) -> String;

    /// Its numbers, a row each: a heading, then the rows.
    fn rows(&self) -> (Vec<String>, Vec<Vec<String>>);

    /// Its figures, as files.
    ///
    /// # Errors
    /// [`ReportError::Format`] should a figure refuse to be drawn.
    fn pictures(&self, _lang: Lang) -> Result<Vec<Picture>, ReportError> {
        Ok(Vec::new())
    }

    /// Everything.
    ///
    /// # Errors
    /// Should a value refuse to be written.
    fn json(&self) -> Result<String, ReportError> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| ReportError::Format { what: Self::NAME, reason: error.to_string() })?;
        Ok(text + "\n")
    }

    /// Its numbers as CSV.
    ///
    /// # Errors
    /// Should a value refuse to be written.
    fn csv(&self) -> Result<String, ReportError> {
        let format = |reason: String| ReportError::Format { what: Self::NAME, reason };
        let mut writer = csv::Writer::from_writer(Vec::new());
        let (head, rows) = self.rows();
        writer.write_record(&head).map_err(|e| format(e.to_string()))?;
        rows.iter().try_for_each(|row| writer.write_record(row)).map_err(|e| format(e.to_string()))?;
        let bytes = writer.into_inner().map_err(|e| format(e.to_string()))?;
        String::from_utf8(bytes).map_err(|e| format(e.to_string()))
    }

    /// Its files: `NAME.csv`, `NAME.json`, `plots/`.
    ///
    /// # Errors
    /// When one of them cannot be made.
    fn files(&self, lang: Lang) -> Result<Vec<(PathBuf, Vec<u8>)>, ReportError> {
        let name = PathBuf::from(Self::NAME);
        let mut files = vec![
            (name.with_extension("csv"), self.csv()?.into_bytes()),
            (name.with_extension("json"), self.json()?.into_bytes()),
        ];
        for picture in self.pictures(lang)? {
            files.extend(picture.files()?);
        }
        Ok(files)
    }

    /// Writes its files into a directory, which is made if need be; returns what was written.
    ///
    /// # Errors
    /// When one of them cannot be made or written.
    fn write_all(&self, dir: &Path, lang: Lang) -> Result<Vec<PathBuf>, ReportError> {
        files::write_into(dir, &self.files(lang)?)
    }
}

/// A number of a CSV; empty where there is none.
pub(crate) fn cell(x: Option<f64>) -> String {
    x.filter(|x| x.is_finite()).map_or(String::new(), |x| format!("{x}"))
}
