//! One run on several machines: each simulates a range of whole blocks and keeps what counting needs; merging counts
//! the blocks of all of them in order, through the same code as an undivided run, and so gives the same bytes.
//!
//! A part holds incidents, not sums: floating-point sums depend on where they begin, incidents do not. It is a word that
//! names the format, then a gzip stream (which carries a checksum) of messages, each its length and then postcard: the
//! header, one message per block, and an empty one as the end. Written once and merged by the same version; no archive.

use crate::assemble::Worlds;
use crate::diagnostic::Diagnostics;
use crate::run::{BLOCK, Block, Count, Drawn, Finished, Options, Progress, Reason, Rows, WORLDS, simulate};
use crate::scenario_file::{self, Loaded, Source};
use drsim_sim::replications::{Stopped, run_blocks_cancellable};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{self, BufReader, Read, Write};
use std::ops::{ControlFlow, Range};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// The first bytes of a part; the digit is the version of the format.
const FORMAT: &[u8; 12] = b"drsim part 1";

/// More than this are a mistake.
pub const MOST_PARTS: u32 = 1_000_000;

/// One of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Which one, from 1.
    pub number: u32,
    /// How many there are.
    pub of: u32,
}

impl Shard {
    /// Its range of the replications `0..n`: whole blocks, as even as they come; empty when there are too few.
    pub fn range(self, n: u64) -> Range<u64> {
        let blocks = n.div_ceil(BLOCK);
        let start = |shard: u32| {
            let block = u128::from(blocks) * u128::from(shard) / u128::from(self.of);
            (block as u64 * BLOCK).min(n)
        };
        start(self.number - 1)..start(self.number)
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {}", self.number, self.of)
    }
}

/// The run that a part is a part of: the same in all of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Run {
    version: String,
    commit: String,
    generator: String,
    digest: String,
    source: Source,
    command: String,
    seed: u64,
    replications: u64,
    confidence: f64,
}

impl Run {
    fn new(loaded: &Loaded, options: &Options, replications: u64) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").into(),
            commit: env!("DRSIM_COMMIT").into(),
            generator: drsim_sim::random_stream::GENERATOR.into(),
            digest: loaded.scenario.digest.clone(),
            source: loaded.source.clone(),
            command: options.command.clone(),
            seed: options.seed,
            replications,
            confidence: options.confidence,
        }
    }

    /// Why a part of another run is none of this one. The name of the file may differ: machines have their own folders.
    fn difference(&self, other: &Self) -> Option<String> {
        let differ = |what: &str, a: &dyn ToString, b: &dyn ToString| {
            let (a, b) = (a.to_string(), b.to_string());
            (a != b).then(|| format!("{what} {b} there, {a} in the others"))
        };
        differ("drsim", &self.version, &other.version)
            .or_else(|| differ("built from commit", &self.commit, &other.commit))
            .or_else(|| differ("generator", &self.generator, &other.generator))
            .or_else(|| differ("seed", &self.seed, &other.seed))
            .or_else(|| differ("simulated years", &self.replications, &other.replications))
            .or_else(|| differ("confidence", &self.confidence, &other.confidence))
            .or_else(|| differ("--set", &self.source.overrides.join(" "), &other.source.overrides.join(" ")))
            .or_else(|| differ("scenario digest", &self.digest, &other.digest))
            .or_else(|| (!self.source.says_what(&other.source)).then(|| "the scenario's words differ".into()))
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Header {
    run: Run,
    shard: Shard,
}

/// Why parts cannot be merged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShardError {
    /// It cannot be read.
    #[error("cannot read `{part}`: {source}")]
    Unreadable {
        /// The part.
        part: String,
        /// What the system reports.
        source: io::Error,
    },
    /// It is something else.
    #[error("`{part}` is not a part that `drsim run --shard` of this version wrote")]
    NotAPart {
        /// The part.
        part: String,
    },
    /// It ends early or its checksum is wrong.
    #[error("`{part}` is damaged ({reason}): run its shard again")]
    Damaged {
        /// The part.
        part: String,
        /// What was found.
        reason: String,
    },
    /// It belongs to another run.
    #[error("`{part}` is part of another run than `{other}`: {reason}")]
    Foreign {
        /// The part.
        part: String,
        /// The one it was compared with.
        other: String,
        /// What differs.
        reason: String,
    },
    /// Twice the same shard.
    #[error("`{part}` and `{other}` are both shard {shard}: leave one out")]
    Doubled {
        /// The part.
        part: String,
        /// The other.
        other: String,
        /// Which shard.
        shard: Shard,
    },
    /// Some are not there.
    #[error("{} missing of {of} parts: shard {}", .numbers.len(), list(.numbers))]
    Missing {
        /// Their numbers.
        numbers: Vec<u32>,
        /// How many there should be.
        of: u32,
    },
    /// Nothing to merge.
    #[error("no parts to merge")]
    None,
    /// The scenario in the parts is refused: they come from another version.
    #[error("the scenario in the parts is refused: {0}")]
    Scenario(Diagnostics),
    /// Whoever receives the incidents failed.
    #[error(transparent)]
    Rows(io::Error),
}

fn list(numbers: &[u32]) -> String {
    let shown: Vec<String> = numbers.iter().take(10).map(u32::to_string).collect();
    shown.join(", ") + if numbers.len() > 10 { ", …" } else { "" }
}

/// What a shard did.
#[derive(Debug)]
pub struct Sharded {
    /// Replications simulated.
    pub range: Range<u64>,
    /// Incidents kept.
    pub incidents: u64,
    /// How it ended; the part is complete only when [`Reason::Finished`].
    pub reason: Reason,
}

/// Simulates one shard of a run of `replications` and writes its part. The caller throws the part away unless it is
/// complete.
///
/// # Errors
/// What `out` returns.
pub fn run(
    loaded: &Loaded,
    options: &Options,
    replications: u64,
    shard: Shard,
    cancel: &AtomicBool,
    mut progress: impl FnMut(Progress),
    out: impl Write,
) -> io::Result<Sharded> {
    let worlds = Worlds::draw(&loaded.scenario, options.seed, WORLDS);
    let mut writer = Writer::new(out)?;
    writer.message(&Header { run: Run::new(loaded, options, replications), shard })?;
    let range = shard.range(replications);
    let mut incidents = 0;
    let mut failure = None;
    let report = run_blocks_cancellable(
        range.clone(),
        BLOCK,
        options.threads,
        cancel,
        |range| simulate(&worlds, options.seed, range, |_| true),
        |block_range, block: Block| {
            incidents += block.records.len() as u64;
            if let Err(error) = writer.message(&block) {
                failure = Some(error);
                return ControlFlow::Break(());
            }
            progress(Progress { done: block_range.end - range.start, most: range.end - range.start });
            ControlFlow::Continue(())
        },
    );
    if let Some(error) = failure {
        return Err(error);
    }
    let reason = match report.stopped {
        Stopped::Panicked { replication, message } => Reason::Panicked { replication, message },
        Stopped::Cancelled => Reason::Cancelled,
        _ => Reason::Finished,
    };
    if reason == Reason::Finished {
        writer.finish()?;
    }
    Ok(Sharded { range, incidents, reason })
}

/// All parts of one run, checked: none missing, doubled or foreign.
#[derive(Debug)]
pub struct Parts<F> {
    /// In the order of their numbers.
    names: Vec<(usize, String)>,
    open: F,
    run: Run,
    /// The scenario they carry.
    pub loaded: Loaded,
}

impl<F, R> Parts<F>
where
    F: Fn(usize) -> io::Result<R>,
    R: Read,
{
    /// Looks at the parts, given in any order by their names and by what opens each.
    ///
    /// # Errors
    /// [`ShardError`] with the reason, when they are not exactly the parts of one run.
    pub fn gather(names: &[String], open: F) -> Result<Self, ShardError> {
        let mut found = Vec::with_capacity(names.len());
        for (i, name) in names.iter().enumerate() {
            let header: Header = Reader::open(name, open(i))?.header()?;
            found.push((header.shard, i, header.run));
        }
        found.sort_by_key(|(shard, i, _)| (shard.number, *i));
        let (first, loaded) = Self::checked(names, &found)?;
        let names = found.iter().map(|(_, i, _)| (*i, names[*i].clone())).collect();
        Ok(Self { names, open, run: first, loaded })
    }

    fn checked(names: &[String], found: &[(Shard, usize, Run)]) -> Result<(Run, Loaded), ShardError> {
        let Some((shard, first, run)) = found.first() else { return Err(ShardError::None) };
        let name = |i: usize| names[i].clone();
        for (other, i, theirs) in &found[1..] {
            let count = (other.of != shard.of).then(|| format!("one of {} parts, not of {}", other.of, shard.of));
            if let Some(reason) = run.difference(theirs).or(count) {
                return Err(ShardError::Foreign { part: name(*i), other: name(*first), reason });
            }
        }
        for pair in found.windows(2) {
            if pair[0].0 == pair[1].0 {
                let (part, other) = (name(pair[1].1), name(pair[0].1));
                return Err(ShardError::Doubled { part, other, shard: pair[0].0 });
            }
        }
        let has = |number: &u32| found.binary_search_by_key(number, |(s, ..)| s.number).is_ok();
        let numbers: Vec<u32> = (1..=shard.of).filter(|n| !has(n)).collect();
        if !numbers.is_empty() {
            return Err(ShardError::Missing { numbers, of: shard.of });
        }
        let loaded = scenario_file::check(&run.source).map_err(ShardError::Scenario)?;
        // Equal parts of another version of drsim: then their numbers are not what this one would find.
        let here = Options { seed: run.seed, confidence: run.confidence, ..Options::new(run.command.clone()) };
        let here = Run::new(&loaded, &here, run.replications);
        if let Some(reason) = here.difference(run) {
            let other = "this drsim".to_owned();
            return Err(ShardError::Foreign { part: name(*first), other, reason });
        }
        Ok((run.clone(), loaded))
    }

    /// Counts the blocks of all parts in order: the outcome of the undivided run.
    ///
    /// # Errors
    /// [`ShardError::Damaged`] or [`ShardError::Unreadable`] for a part, and what `rows` returns.
    pub fn merge(
        &self,
        mut progress: impl FnMut(Progress),
        mut rows: Option<Rows<'_>>,
    ) -> Result<Finished, ShardError> {
        let started = Instant::now();
        let (run, most) = (&self.run, self.run.replications);
        let mut count = Count::new(&self.loaded.scenario, run.seed);
        let of = self.names.len() as u32;
        for (number, (i, name)) in (1..).zip(&self.names) {
            let mut reader = Reader::open(name, (self.open)(*i))?;
            reader.header()?;
            let range = Shard { number, of }.range(most);
            let mut done = range.start;
            while let Some(block) = reader.message::<Block>()? {
                done = (done + BLOCK).min(most);
                if done > range.end {
                    break;
                }
                count.add(done, &block, &mut rows).map_err(ShardError::Rows)?;
                progress(Progress { done, most });
            }
            if done != range.end {
                return Err(reader.damaged("blocks are missing"));
            }
        }
        let options = Options {
            seed: run.seed,
            replications: Some(most),
            confidence: run.confidence,
            ..Options::new(run.command.clone())
        };
        let drawn = Drawn::new(&self.loaded.scenario, &options);
        Ok(count.finish(&drawn, &options, Reason::Finished, started))
    }
}

struct Writer<W: Write> {
    out: GzEncoder<W>,
}

impl<W: Write> Writer<W> {
    fn new(mut out: W) -> io::Result<Self> {
        out.write_all(FORMAT)?;
        Ok(Self { out: GzEncoder::new(out, Compression::fast()) })
    }

    fn message(&mut self, message: &impl Serialize) -> io::Result<()> {
        let bytes = postcard::to_stdvec(message).map_err(io::Error::other)?;
        self.out.write_all(&(bytes.len() as u64).to_le_bytes())?;
        self.out.write_all(&bytes)
    }

    fn finish(mut self) -> io::Result<()> {
        self.out.write_all(&0_u64.to_le_bytes())?;
        self.out.finish()?.flush()
    }
}

struct Reader<R> {
    part: String,
    source: GzDecoder<BufReader<R>>,
}

impl<R: Read> Reader<R> {
    fn open(part: &str, source: io::Result<R>) -> Result<Self, ShardError> {
        let unreadable = |source| ShardError::Unreadable { part: part.to_owned(), source };
        let mut source = BufReader::new(source.map_err(unreadable)?);
        let mut format = Vec::new();
        source.by_ref().take(FORMAT.len() as u64).read_to_end(&mut format).map_err(unreadable)?;
        if format != FORMAT {
            return Err(ShardError::NotAPart { part: part.to_owned() });
        }
        Ok(Self { part: part.to_owned(), source: GzDecoder::new(source) })
    }

    fn damaged(&self, reason: impl Into<String>) -> ShardError {
        ShardError::Damaged { part: self.part.clone(), reason: reason.into() }
    }

    fn header(&mut self) -> Result<Header, ShardError> {
        let header: Option<Header> = self.message()?;
        let sound = |h: &Header| h.shard.of <= MOST_PARTS && (1..=h.shard.of).contains(&h.shard.number);
        header.filter(sound).ok_or_else(|| self.damaged("its header is not sound"))
    }

    /// The next message; `None` at the end, once the checksum has been found right.
    fn message<T: DeserializeOwned>(&mut self) -> Result<Option<T>, ShardError> {
        let mut length = [0; 8];
        self.source.read_exact(&mut length).map_err(|error| self.damaged(error.to_string()))?;
        let length = u64::from_le_bytes(length);
        if length == 0 {
            let rest = self.source.read(&mut [0]).map_err(|error| self.damaged(error.to_string()))?;
            return if rest == 0 { Ok(None) } else { Err(self.damaged("something follows its end")) };
        }
        // Grows with what is there, whatever a damaged length says.
        let mut bytes = Vec::new();
        self.source.by_ref().take(length).read_to_end(&mut bytes).map_err(|error| self.damaged(error.to_string()))?;
        postcard::from_bytes(&bytes).map(Some).map_err(|error| self.damaged(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn shards_are_whole_blocks_and_cover_the_run_once(n in 1_u64..1_000_000, of in 1_u32..2_000) {
            let mut next = 0;
            for number in 1..=of {
                let range = Shard { number, of }.range(n);
                prop_assert_eq!(range.start, next);
                prop_assert!(range.start.is_multiple_of(BLOCK) || range.is_empty());
                next = range.end;
            }
            prop_assert_eq!(next, n);
        }
    }
}
