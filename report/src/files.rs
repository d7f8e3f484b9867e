//! Files are written whole or not at all: under a temporary name in the same directory, then renamed.
//!
//! A run that is killed may leave a hidden `.NAME.PID.part`, never a half file under its real name.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Why an output could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The place for the files is taken by something that is no directory.
    #[error("cannot write to `{}`: it is not a directory", path.display())]
    NotADirectory {
        /// The place.
        path: PathBuf,
    },
    /// Writing is not allowed there.
    #[error("cannot write `{}`: permission denied", path.display())]
    NoPermission {
        /// The file or directory.
        path: PathBuf,
    },
    /// No space left.
    #[error("cannot write `{}`: the disk is full", path.display())]
    DiskFull {
        /// The file.
        path: PathBuf,
    },
    /// Anything else that the system reports.
    #[error("cannot write `{}`: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system reports.
        source: io::Error,
    },
    /// A row holds a number that is none.
    #[error("{what} is not a finite number")]
    NotFinite {
        /// Which row.
        what: String,
    },
    /// A value could not be put into its format.
    #[error("cannot format {what}: {reason}")]
    Format {
        /// Which output.
        what: &'static str,
        /// What the formatter reports.
        reason: String,
    },
}

impl ReportError {
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::NoPermission { path },
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull { path },
            ErrorKind::NotADirectory => Self::NotADirectory { path },
            _ => Self::Io { path, source },
        }
    }
}

/// Makes the directory, and its parents, unless it is there.
///
/// # Errors
/// When something else has its name, or it may not be made.
pub fn directory(path: &Path) -> Result<(), ReportError> {
    if path.exists() && !path.is_dir() {
        return Err(ReportError::NotADirectory { path: path.to_owned() });
    }
    fs::create_dir_all(path).map_err(|source| ReportError::io(path, source))
}

/// Writes a file whole or not at all.
///
/// # Errors
/// As the system reports them; then nothing new is left.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), ReportError> {
    let mut file = Pending::create(path)?;
    file.write_all(bytes).map_err(|source| ReportError::io(path, source))?;
    file.finish()
}

/// A file that gets its name when it is finished; dropped before, it vanishes.
#[derive(Debug)]
pub(crate) struct Pending {
    path: PathBuf,
    temporary: PathBuf,
    /// `None` once finished.
    file: Option<BufWriter<File>>,
}

impl Pending {
    pub(crate) fn create(path: &Path) -> Result<Self, ReportError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let temporary = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
        let file = File::create(&temporary).map_err(|source| ReportError::io(path, source))?;
        Ok(Self { path: path.to_owned(), temporary, file: Some(BufWriter::new(file)) })
    }

    pub(crate) fn finish(mut self) -> Result<(), ReportError> {
        let Some(file) = self.file.take() else {
            return Ok(());
        };
        let done = file
            .into_inner()
            .map_err(io::IntoInnerError::into_error)
            // Errors of a late write (a full network disk) show here at the latest.
            .and_then(|file| file.sync_all())
            .and_then(|()| fs::rename(&self.temporary, &self.path));
        done.map_err(|source| {
            let _ = fs::remove_file(&self.temporary);
            ReportError::io(&self.path, source)
        })
    }
}

impl Write for Pending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.as_mut().map_or(Ok(0), |file| file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            let _ = file.into_parts();
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// An empty directory of this test's own.
    pub(crate) fn scratch(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("drsim-report-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("temporary directories can be made");
        path
    }

    #[test]
    fn an_unfinished_file_leaves_the_old_one_and_nothing_else() {
        let dir = scratch("unfinished");
        write_whole(&dir.join("a"), b"old").expect("writable");
        let mut file = Pending::create(&dir.join("a")).expect("writable");
        file.write_all(b"half").expect("buffered");
        drop(file);
        assert_eq!(fs::read(dir.join("a")).expect("still there"), b"old");
        assert_eq!(fs::read_dir(&dir).expect("readable").count(), 1);
        write_whole(&dir.join("a"), b"new").expect("writable");
        assert_eq!(fs::read(dir.join("a")).expect("replaced"), b"new");
        fs::remove_dir_all(dir).expect("own");
    }

    #[test]
    fn a_place_that_is_no_directory_is_called_so() {
        let dir = scratch("no-directory");
        write_whole(&dir.join("file"), b"").expect("writable");
        for place in [dir.join("file"), dir.join("file/below")] {
            let error = directory(&place).expect_err("a file is in the way").to_string();
            assert!(error.contains("not a directory"), "{error}");
        }
        assert!(write_whole(&dir.join("missing/file"), b"").is_err());
        fs::remove_dir_all(dir).expect("own");
    }
}
