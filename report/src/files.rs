//! Files are written whole or not at all: under a temporary name in the same directory, then renamed.
//!
//! A run that is killed may leave a hidden `.NAME.PID.part`, never a half file under its real name.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

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
    /// A file is no `results.json` of this version.
    #[error("not a results.json that can be read: {reason}")]
    NotResults {
        /// Why not.
        reason: String,
    },
    /// A file that lies beside a `results.json` cannot be read.
    #[error("`{}` cannot be read: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
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

/// Makes the directory for the outputs of a run, and its parents, unless it is there.
///
/// # Errors
/// When something else has its name or that of its folder `plots`, or it may not be made.
pub fn directory(path: &Path) -> Result<(), ReportError> {
    for place in [path.to_owned(), path.join("plots")] {
        // A dangling link is in the way too.
        if place.symlink_metadata().is_ok() && !place.is_dir() {
            return Err(ReportError::NotADirectory { path: place });
        }
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

/// Writes files into a directory, which is made if need be, as are its folders; returns what was written.
///
/// # Errors
/// As of [`directory`] and [`write_whole`].
pub fn write_into(dir: &Path, files: &[(PathBuf, Vec<u8>)]) -> Result<Vec<PathBuf>, ReportError> {
    directory(dir)?;
    if files.iter().any(|(name, _)| name.starts_with("plots")) {
        directory(&dir.join("plots"))?;
    }
    let write = |(name, bytes): &(PathBuf, Vec<u8>)| {
        let path = dir.join(name);
        write_whole(&path, bytes).map(|()| path)
    };
    files.iter().map(write).collect()
}

/// Where this process keeps a file until it is finished.
pub fn part_of(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.part", std::process::id()))
}

/// Removes what runs that were killed left of a file: untouched for a day, and their process is gone as far as one sees.
///
/// Whatever cannot be looked at or removed stays.
pub(crate) fn remove_stale_parts(path: &Path) {
    const DAY: Duration = Duration::from_secs(86_400);
    let lead = format!(".{}.", path.file_name().unwrap_or_default().to_string_lossy());
    let Some(Ok(entries)) = path.parent().map(fs::read_dir) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(process) =
            name.to_str().and_then(|n| n.strip_prefix(&lead)?.strip_suffix(".part")?.parse::<u32>().ok())
        else {
            continue;
        };
        let lives = process == std::process::id() || Path::new(&format!("/proc/{process}")).exists();
        let age = entry.metadata().ok().filter(fs::Metadata::is_file).and_then(|m| m.modified().ok()?.elapsed().ok());
        if !lives && age.is_some_and(|age| age > DAY) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// A file that gets its name when it is finished; dropped before, it vanishes.
#[derive(Debug)]
pub struct Pending {
    path: PathBuf,
    temporary: PathBuf,
    /// `None` once finished.
    file: Option<BufWriter<File>>,
}

impl Pending {
    /// Opens the file under its temporary name.
    ///
    /// # Errors
    /// As the system reports them.
    pub fn create(path: &Path) -> Result<Self, ReportError> {
        let temporary = part_of(path);
        let file = File::create(&temporary).map_err(|source| ReportError::io(path, source))?;
        Ok(Self { path: path.to_owned(), temporary, file: Some(BufWriter::new(file)) })
    }

    /// Gives it its name.
    ///
    /// # Errors
    /// As the system reports them; then nothing is left.
    pub fn finish(mut self) -> Result<(), ReportError> {
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
    fn only_old_parts_of_dead_runs_are_removed() {
        let dir = scratch("stale");
        let path = dir.join("incidents.csv");
        // No process has a number this high.
        let [old, fresh, foreign] = [4_294_967_294_u32, 4_294_967_293, 4_294_967_292]
            .map(|process| dir.join(format!(".incidents.csv.{process}.part")));
        for part in [&old, &fresh, &part_of(&path), &dir.join(".incidents.csv.x.part")] {
            fs::write(part, b"half").expect("writable");
        }
        fs::create_dir(&foreign).expect("writable");
        for part in [&old, &part_of(&path)] {
            let file = File::options().append(true).open(part).expect("there");
            file.set_modified(std::time::SystemTime::now() - Duration::from_secs(2 * 86_400)).expect("own file");
        }
        remove_stale_parts(&path);
        assert!(!old.exists() && fresh.exists() && foreign.exists() && part_of(&path).exists());
        assert_eq!(fs::read_dir(&dir).expect("readable").count(), 4);
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
        write_whole(&dir.join("plots"), b"").expect("writable");
        let error = directory(&dir).expect_err("a file has the name of the folder").to_string();
        assert!(error.contains("plots") && error.contains("not a directory"), "{error}");
        fs::remove_dir_all(dir).expect("own");
    }
}
