//! The commit log of an id store: what counts of the buckets' files.
//!
//! A transaction appends to the files of several buckets and then one entry here. The entry makes it count, all of it or nothing: at a start every
//! file is cut to the length that the last whole entry gives, which also says the position and the clock. Now and then the log is replaced by one
//! entry with everything in it.
//!
//! Integers are little-endian. Entry: bytes of the rest u32, CRC-32 of the rest u32; then 1 if it says everything and 0 if it says what changed u8,
//! position i64 (the smallest one for none), stream time i64, oldest live bucket i32, count u32, and as many times bucket i32, length u64.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use lineside_schemas::Timestamp;

use super::pending::Clock;
use crate::fault::Fault;

const NAME: &str = "commits";
const HEADER: usize = 8;
const FIXED: usize = 1 + 8 + 8 + 4 + 4;
const PER_BUCKET: usize = 4 + 8;
const NO_POSITION: i64 = i64::MIN;
/// The log is replaced when it is longer than this and than some times its replacement.
const REPLACE_BYTES: u64 = 64 << 10;
const REPLACE_FACTOR: u64 = 8;

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Says everything, not only what changed.
    pub(crate) full: bool,
    /// Changelog offset up to which the store reaches (next to read).
    pub(crate) position: Option<i64>,
    pub(crate) clock: Clock,
    /// Bucket and committed bytes of its file.
    pub(crate) lengths: Vec<(i32, u64)>,
}

/// What all entries up to one say together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) position: Option<i64>,
    pub(crate) clock: Clock,
    pub(crate) lengths: BTreeMap<i32, u64>,
}

impl State {
    /// Follows the entries in order.
    pub(crate) fn of(entries: &[(u64, Entry)]) -> Self {
        let mut state = Self::default();
        for (_, entry) in entries {
            if entry.full {
                state.lengths.clear();
            }
            state.position = entry.position;
            state.clock = entry.clock;
            state.lengths.extend(entry.lengths.iter().copied());
            state.lengths = state.lengths.split_off(&entry.clock.oldest_bucket);
        }
        state
    }
}

impl Entry {
    fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![0; HEADER];
        bytes.push(u8::from(self.full));
        bytes.extend_from_slice(&self.position.unwrap_or(NO_POSITION).to_le_bytes());
        bytes.extend_from_slice(&self.clock.stream_time.micros().to_le_bytes());
        bytes.extend_from_slice(&self.clock.oldest_bucket.to_le_bytes());
        bytes.extend_from_slice(&length(self.lengths.len()).to_le_bytes());
        for (bucket, bytes_committed) in &self.lengths {
            bytes.extend_from_slice(&bucket.to_le_bytes());
            bytes.extend_from_slice(&bytes_committed.to_le_bytes());
        }
        let rest = length(bytes.len() - HEADER);
        let crc = crc32fast::hash(&bytes[HEADER..]);
        bytes[..4].copy_from_slice(&rest.to_le_bytes());
        bytes[4..8].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// The entry at the start of `bytes` and its length; `None` if there is none that was written whole.
    fn decode(bytes: &[u8]) -> Option<(Self, usize)> {
        let (header, rest) = bytes.split_first_chunk::<HEADER>()?;
        let payload = rest.get(..usize::try_from(u32::from_le_bytes(header[..4].try_into().ok()?)).ok()?)?;
        if u32::from_le_bytes(header[4..].try_into().ok()?) != crc32fast::hash(payload) {
            return None;
        }
        let (fixed, buckets) = payload.split_at_checked(FIXED)?;
        let position = i64::from_le_bytes(fixed[1..9].try_into().ok()?);
        let stream_time = Timestamp::from_micros(i64::from_le_bytes(fixed[9..17].try_into().ok()?));
        let oldest_bucket = i32::from_le_bytes(fixed[17..21].try_into().ok()?);
        let count = usize::try_from(u32::from_le_bytes(fixed[21..25].try_into().ok()?)).ok()?;
        if buckets.len() != count.checked_mul(PER_BUCKET)? {
            return None;
        }
        let lengths = buckets
            .chunks_exact(PER_BUCKET)
            .map(|pair| Some((i32::from_le_bytes(pair[..4].try_into().ok()?), u64::from_le_bytes(pair[4..].try_into().ok()?))))
            .collect::<Option<_>>()?;
        let position = (position != NO_POSITION).then_some(position);
        Some((Self { full: fixed[0] == 1, position, clock: Clock { stream_time, oldest_bucket }, lengths }, HEADER + payload.len()))
    }
}

/// The log, open for appending.
#[derive(Debug)]
pub(crate) struct CommitLog {
    path: PathBuf,
    file: File,
    len: u64,
}

impl CommitLog {
    /// A new log in `home`, whose only entry says that there is nothing.
    pub(crate) fn create(home: &Path) -> Result<Self, Fault> {
        let path = home.join(NAME);
        let file = File::create(&path).map_err(Fault::io("make", &path))?;
        let mut log = Self { path, file, len: 0 };
        log.append(&Entry { full: true, position: None, clock: Clock::default(), lengths: Vec::new() }.encode())?;
        Ok(log)
    }

    /// The log in `home`, cut to `len` bytes.
    pub(crate) fn open(home: &Path, len: u64) -> Result<Self, Fault> {
        let path = home.join(NAME);
        let file = File::options().write(true).open(&path).map_err(Fault::io("open", &path))?;
        file.set_len(len).map_err(Fault::io("cut", &path))?;
        Ok(Self { path, file, len })
    }

    /// The entries in `home` that were written whole, up to the first that was not, each with the log's length after it.
    pub(crate) fn read(home: &Path) -> Result<Vec<(u64, Entry)>, Fault> {
        let path = home.join(NAME);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Fault::io("read", &path)(error)),
        };
        let mut entries = Vec::new();
        let mut place = 0;
        while let Some((entry, taken)) = Entry::decode(&bytes[place..]) {
            // Changes to something that is not there say nothing.
            if entries.is_empty() && !entry.full {
                break;
            }
            place += taken;
            entries.push((place as u64, entry));
        }
        Ok(entries)
    }

    /// Commits: appends what changed, or replaces the log by `everything`.
    pub(crate) fn commit(&mut self, changed: &Entry, everything: impl FnOnce() -> Entry) -> Result<(), Fault> {
        if self.len > REPLACE_BYTES {
            let whole = everything().encode();
            if self.len > whole.len() as u64 * REPLACE_FACTOR {
                return self.replace(&whole);
            }
        }
        self.append(&changed.encode())
    }

    /// Appends at the end that counts; a piece that a failed write left there is overwritten.
    fn append(&mut self, entry: &[u8]) -> Result<(), Fault> {
        self.file.write_all_at(entry, self.len).map_err(Fault::io("write", &self.path))?;
        self.len += entry.len() as u64;
        Ok(())
    }

    fn replace(&mut self, entry: &[u8]) -> Result<(), Fault> {
        let fresh = self.path.with_extension("new");
        let file = File::create(&fresh).map_err(Fault::io("make", &fresh))?;
        file.write_all_at(entry, 0).map_err(Fault::io("write", &fresh))?;
        fs::rename(&fresh, &self.path).map_err(Fault::io("rename", &fresh))?;
        self.file = file;
        self.len = entry.len() as u64;
        Ok(())
    }
}

fn length(length: usize) -> u32 {
    u32::try_from(length).expect("an entry names some thousand buckets at most")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(position: i64, oldest_bucket: i32, lengths: &[(i32, u64)]) -> Entry {
        Entry { full: false, position: Some(position), clock: Clock { stream_time: Timestamp::from_micros(position), oldest_bucket }, lengths: lengths.to_vec() }
    }

    fn written(root: &Path, entries: &[Entry]) -> CommitLog {
        let mut log = CommitLog::create(root).unwrap();
        for entry in entries {
            log.commit(entry, || unreachable!("a short log is not replaced")).unwrap();
        }
        log
    }

    #[test]
    fn entries_add_up_and_expired_buckets_leave() {
        let root = tempfile::tempdir().unwrap();
        written(root.path(), &[entry(1, i32::MIN, &[(4, 80), (5, 16)]), entry(2, i32::MIN, &[(5, 96)]), entry(3, 5, &[(6, 32)])]);
        let state = State::of(&CommitLog::read(root.path()).unwrap());
        assert_eq!((state.position, state.lengths), (Some(3), BTreeMap::from([(5, 96), (6, 32)])));
    }

    #[test]
    fn a_torn_or_flipped_entry_ends_the_log_before_it() {
        let root = tempfile::tempdir().unwrap();
        let log = written(root.path(), &[entry(1, 0, &[(4, 80)]), entry(2, 0, &[(4, 96)])]);
        let good = fs::read(root.path().join(NAME)).unwrap();
        assert_eq!(log.len, good.len() as u64);
        let ends: Vec<usize> = CommitLog::read(root.path()).unwrap().iter().map(|(end, _)| usize::try_from(*end).unwrap()).collect();
        for length in 0..good.len() {
            fs::write(root.path().join(NAME), &good[..length]).unwrap();
            assert_eq!(CommitLog::read(root.path()).unwrap().len(), ends.iter().filter(|end| **end <= length).count(), "cut at {length}");
        }
        for byte in 0..good.len() {
            let mut bad = good.clone();
            bad[byte] ^= 0x40;
            fs::write(root.path().join(NAME), &bad).unwrap();
            assert_eq!(CommitLog::read(root.path()).unwrap().len(), ends.iter().filter(|end| **end <= byte).count(), "flipped at {byte}");
        }
    }

    #[test]
    fn a_log_that_has_grown_is_replaced_and_says_the_same() {
        let root = tempfile::tempdir().unwrap();
        let mut log = CommitLog::create(root.path()).unwrap();
        let mut longest = 0;
        for position in 0..10_000 {
            let changed = entry(position, 0, &[(4, 80 * position.unsigned_abs())]);
            let everything = || Entry { full: true, ..changed.clone() };
            log.commit(&changed, everything).unwrap();
            longest = longest.max(log.len);
        }
        assert!(longest < 2 * REPLACE_BYTES, "{longest}");
        let state = State::of(&CommitLog::read(root.path()).unwrap());
        assert_eq!((state.position, state.lengths), (Some(9_999), BTreeMap::from([(4, 80 * 9_999)])));
    }
}
