//! The files of ids, one per bucket (UTC day of the source time), and their expiry.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use tracing::warn;

use super::fingerprints::{FILE_BYTES_MAX, Fingerprints, Location, SHARDS, SLOTS};
use super::record::{self, IdRecord, RECORD_HEADER};
use crate::fault::Fault;

/// Files kept open. Nearly all reads and writes are of the last days; the others open theirs anew.
const OPEN_FILES_MAX: usize = 8;
/// First read of a record, bytes: most are shorter than this.
const FIRST_READ: usize = 256;

/// What a slot of the fingerprint table stands for.
#[derive(Debug)]
enum Slot {
    Free,
    /// Expired; entries that name it are swept away shard by shard, and until then nothing else may take it.
    Dying {
        sweeps_left: usize,
    },
    Live(Bucket),
}

#[derive(Debug)]
struct Bucket {
    number: i32,
    /// Committed bytes; what stands behind them in the file is worth nothing.
    len: u64,
    /// What the commit log says of `len`.
    logged: u64,
    contents: Contents,
}

#[derive(Debug)]
enum Contents {
    Memory(Vec<u8>),
    Disk { file: Option<File>, last_used: u64 },
}

/// All live buckets of a store.
#[derive(Debug)]
pub(crate) struct Buckets {
    /// Folder of the files; absent in memory.
    home: Option<PathBuf>,
    slots: Vec<Slot>,
    by_number: BTreeMap<i32, u16>,
    dying: usize,
    next_shard: usize,
    open_files: usize,
    uses: u64,
    scratch: Vec<u8>,
}

/// File of a bucket.
pub(crate) fn path_of(home: &Path, bucket: i32) -> PathBuf {
    home.join(format!("{bucket}.ids"))
}

impl Buckets {
    /// No buckets yet, to live in `home` or in memory.
    pub(crate) fn new(home: Option<PathBuf>) -> Self {
        Self { home, slots: Vec::new(), by_number: BTreeMap::new(), dying: 0, next_shard: 0, open_files: 0, uses: 0, scratch: Vec::new() }
    }

    /// The slot of a bucket, new and empty if there was none.
    pub(crate) fn slot_for(&mut self, number: i32) -> Result<u16, Fault> {
        if let Some(slot) = self.by_number.get(&number) {
            return Ok(*slot);
        }
        let contents = if self.home.is_some() { Contents::Disk { file: None, last_used: 0 } } else { Contents::Memory(Vec::new()) };
        let bucket = Slot::Live(Bucket { number, len: 0, logged: 0, contents });
        let free = self.slots.iter().position(|slot| matches!(slot, Slot::Free)).unwrap_or(self.slots.len());
        let slot = u16::try_from(free).ok().filter(|slot| *slot < SLOTS);
        let Some(slot) = slot else { return Err(Fault::Full(format!("{SLOTS} days with ids are live, no further one can be added"))) };
        if free == self.slots.len() {
            self.slots.push(bucket);
        } else {
            self.slots[free] = bucket;
        }
        self.by_number.insert(number, slot);
        Ok(slot)
    }

    /// Writes behind the committed bytes and gives the place. Counts for nothing before [`Self::grow`].
    pub(crate) fn write(&mut self, slot: u16, bytes: &[u8]) -> Result<u64, Fault> {
        let bucket = self.bucket(slot)?;
        let (number, len) = (bucket.number, bucket.len);
        if len + bytes.len() as u64 > FILE_BYTES_MAX {
            return Err(Fault::Full(format!("ids of day {number} take {FILE_BYTES_MAX} bytes, no further one can be added")));
        }
        if let Contents::Memory(contents) = &mut bucket.contents {
            contents.truncate(in_memory(len));
            contents.extend_from_slice(bytes);
        } else {
            let home = self.home.clone().unwrap_or_default();
            self.file(slot)?.write_all_at(bytes, len).map_err(Fault::io("write", &path_of(&home, number)))?;
        }
        Ok(len)
    }

    /// Counts written bytes as committed.
    pub(crate) fn grow(&mut self, slot: u16, to: u64) {
        if let Some(Slot::Live(bucket)) = self.slots.get_mut(usize::from(slot)) {
            bucket.len = to;
        }
    }

    /// Number of a live slot's bucket.
    pub(crate) fn number(&self, slot: u16) -> Option<i32> {
        match self.slots.get(usize::from(slot)) {
            Some(Slot::Live(bucket)) => Some(bucket.number),
            _ => None,
        }
    }

    /// The record at a location of a live slot.
    pub(crate) fn read(&mut self, location: Location) -> Result<IdRecord<'_>, Fault> {
        let Location { slot, offset } = location;
        let home = self.home.clone();
        let bucket = self.bucket(slot)?;
        let number = bucket.number;
        let rest = bucket.len.saturating_sub(offset);
        let on_disk = matches!(bucket.contents, Contents::Disk { .. });
        if on_disk {
            self.fill_scratch(slot, offset, in_memory(rest.min(FIRST_READ as u64)))?;
            let whole = record::record_len(&self.scratch).unwrap_or(RECORD_HEADER);
            if whole > self.scratch.len() && whole as u64 <= rest {
                self.fill_scratch(slot, offset, whole)?;
            }
        }
        let bytes = match (&self.slots[usize::from(slot)], on_disk) {
            (Slot::Live(Bucket { contents: Contents::Memory(contents), .. }), false) => contents.get(in_memory(offset)..).unwrap_or_default(),
            _ => &self.scratch,
        };
        record::decode(bytes).ok_or_else(|| match home {
            Some(home) => Fault::damaged(&path_of(&home, number), &format!("no id at byte {offset}")),
            None => Fault::Damaged(format!("no id at byte {offset} of bucket {number}")),
        })
    }

    fn fill_scratch(&mut self, slot: u16, offset: u64, length: usize) -> Result<(), Fault> {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.resize(length, 0);
        let read = self.file(slot)?.read_exact_at(&mut scratch, offset);
        self.scratch = scratch;
        read.map_err(|error| {
            let path = path_of(self.home.as_deref().unwrap_or(Path::new("")), self.number(slot).unwrap_or_default());
            if error.kind() == io::ErrorKind::UnexpectedEof { Fault::damaged(&path, "shorter than it was written") } else { Fault::io("read", &path)(error) }
        })
    }

    fn bucket(&mut self, slot: u16) -> Result<&mut Bucket, Fault> {
        match self.slots.get_mut(usize::from(slot)) {
            Some(Slot::Live(bucket)) => Ok(bucket),
            _ => Err(Fault::Damaged(format!("slot {slot} is not live"))),
        }
    }

    /// The open file of a slot.
    fn file(&mut self, slot: u16) -> Result<&File, Fault> {
        self.uses += 1;
        let (now, home) = (self.uses, self.home.clone().unwrap_or_default());
        if matches!(&self.bucket(slot)?.contents, Contents::Disk { file: None, .. }) {
            if self.open_files >= OPEN_FILES_MAX {
                self.close_least_used();
            }
            self.open_files += 1;
        }
        let bucket = self.bucket(slot)?;
        let Contents::Disk { file, last_used } = &mut bucket.contents else { return Err(Fault::Damaged(format!("slot {slot} has no file"))) };
        *last_used = now;
        if let Some(file) = file {
            return Ok(file);
        }
        let path = path_of(&home, bucket.number);
        // Only an empty bucket may lack its file.
        let opened = File::options().read(true).write(true).create(bucket.len == 0).truncate(false).open(&path);
        let gone = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
        let opened = opened.map_err(|error| if gone(&error) { Fault::damaged(&path, "is gone") } else { Fault::io("open", &path)(error) })?;
        Ok(file.insert(opened))
    }

    fn close_least_used(&mut self) {
        let open = self.slots.iter_mut().filter_map(|slot| match slot {
            Slot::Live(Bucket { contents: Contents::Disk { file: file @ Some(_), last_used }, .. }) => Some((*last_used, file)),
            _ => None,
        });
        if let Some((_, file)) = open.min_by_key(|(last_used, _)| *last_used) {
            *file = None;
            self.open_files -= 1;
        }
    }

    /// Committed bytes by bucket.
    pub(crate) fn lengths(&self) -> impl Iterator<Item = (i32, u64)> {
        self.live().map(|bucket| (bucket.number, bucket.len))
    }

    /// Committed bytes of the buckets for which the commit log says something else.
    pub(crate) fn unlogged(&self) -> impl Iterator<Item = (i32, u64)> {
        self.live().filter(|bucket| bucket.len != bucket.logged).map(|bucket| (bucket.number, bucket.len))
    }

    /// The commit log says what is.
    pub(crate) fn logged(&mut self) {
        for slot in &mut self.slots {
            if let Slot::Live(bucket) = slot {
                bucket.logged = bucket.len;
            }
        }
    }

    fn live(&self) -> impl Iterator<Item = &Bucket> {
        self.slots.iter().filter_map(|slot| match slot {
            Slot::Live(bucket) => Some(bucket),
            _ => None,
        })
    }

    /// Drops every bucket before `oldest`: its file at once, its fingerprints by later sweeps.
    pub(crate) fn expire(&mut self, oldest: i32) {
        let kept = self.by_number.split_off(&oldest);
        for (number, slot) in std::mem::replace(&mut self.by_number, kept) {
            let expired = std::mem::replace(&mut self.slots[usize::from(slot)], Slot::Dying { sweeps_left: SHARDS });
            self.dying += 1;
            if matches!(expired, Slot::Live(Bucket { contents: Contents::Disk { file: Some(_), .. }, .. })) {
                self.open_files -= 1;
            }
            let Some(home) = &self.home else { continue };
            let path = path_of(home, number);
            match fs::remove_file(&path) {
                // The commit log no longer names it, so the next start removes what could not be removed now.
                Err(error) if error.kind() != io::ErrorKind::NotFound => warn!(path = %path.display(), %error, "expired ids stay on disk for now"),
                _ => {}
            }
        }
    }

    /// Sweeps one shard if anything is dying, so that a day's expiry is spread over many commits.
    pub(crate) fn sweep(&mut self, fingerprints: &mut Fingerprints) {
        if self.dying == 0 {
            return;
        }
        fingerprints.sweep(self.next_shard, |slot| matches!(self.slots.get(usize::from(slot)), Some(Slot::Live(_))));
        self.next_shard = (self.next_shard + 1) % SHARDS;
        for slot in &mut self.slots {
            if let Slot::Dying { sweeps_left } = slot {
                *sweeps_left -= 1;
                if *sweeps_left == 0 {
                    *slot = Slot::Free;
                    self.dying -= 1;
                }
            }
        }
    }

    /// Main memory, bytes.
    pub(crate) fn memory_bytes(&self) -> u64 {
        let contents: usize = self.live().map(|bucket| if let Contents::Memory(contents) = &bucket.contents { contents.capacity() } else { 0 }).sum();
        (contents + self.slots.capacity() * size_of::<Slot>() + self.scratch.capacity()) as u64
    }
}

fn in_memory(bytes: u64) -> usize {
    usize::try_from(bytes).expect("a length of something held in memory")
}
