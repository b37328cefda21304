//! The ledger's file: entries appended, and on disk before anybody is answered.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use crate::entry::Entry;

/// Why a ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The operating system.
    #[error("{action} {}: {source}", .path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
    /// Another process writes it.
    #[error("{} is in use by another process", .0.display())]
    InUse(PathBuf),
    /// A line in the middle is no entry.
    #[error("{} line {line}: {reason}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// An entry could not be written, so nothing can be promised any more.
    #[error("the ledger can no longer be written")]
    Failed,
}

enum Job {
    Write(String),
    Sync(oneshot::Sender<bool>),
}

/// Where entries go.
#[derive(Debug)]
pub struct Journal(Place);

#[derive(Debug)]
enum Place {
    Memory(Arc<Mutex<Vec<String>>>),
    File { path: PathBuf, jobs: Sender<Job> },
}

impl Journal {
    /// Keeps the ledger in memory, where it ends with the process.
    #[must_use]
    pub fn in_memory() -> Self {
        Self(Place::Memory(Arc::default()))
    }

    /// Opens a ledger's file, or makes it, and gives what stands in it. A last line that was torn by a crash was never promised to anybody, and goes.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn open(path: &Path) -> Result<(Self, Vec<Entry>), JournalError> {
        let io = |action| move |source| JournalError::Io { action, path: path.to_owned(), source };
        let file = File::options().create(true).read(true).append(true).open(path).map_err(io("open"))?;
        file.try_lock().map_err(|_| JournalError::InUse(path.to_owned()))?;
        let (entries, whole) = read(&file, path)?;
        file.set_len(whole).map_err(io("shorten"))?;
        let (jobs, queue) = channel();
        let thread = std::thread::Builder::new().name("ledger".to_owned()).spawn(move || write(file, &queue));
        thread.map_err(io("start a thread for"))?;
        Ok((Self(Place::File { path: path.to_owned(), jobs }), entries))
    }

    /// Takes an entry. It is on disk once [`Self::settled`] says so.
    pub fn write(&self, entry: &Entry) {
        // Entries are made of strings and numbers: they always have a JSON form.
        let line = serde_json::to_string(entry).unwrap_or_default();
        match &self.0 {
            Place::Memory(lines) => lines.lock().unwrap_or_else(PoisonError::into_inner).push(line),
            // A thread that is gone shows in `settled`.
            Place::File { jobs, .. } => drop(jobs.send(Job::Write(line))),
        }
    }

    /// Waits until everything taken so far is on disk.
    ///
    /// # Errors
    /// [`JournalError::Failed`].
    pub async fn settled(&self) -> Result<(), JournalError> {
        let Place::File { jobs, .. } = &self.0 else { return Ok(()) };
        let (done, wait) = oneshot::channel();
        jobs.send(Job::Sync(done)).map_err(|_| JournalError::Failed)?;
        if wait.await == Ok(true) { Ok(()) } else { Err(JournalError::Failed) }
    }

    /// Lines of the entries whose number is `from` or above.
    ///
    /// # Errors
    /// [`JournalError::Io`].
    pub fn lines(&self, from: u64) -> Result<Vec<String>, JournalError> {
        // Entries are numbered from 1 without a gap, so a line's place is its number.
        let skipped = usize::try_from(from.saturating_sub(1)).unwrap_or(usize::MAX);
        match &self.0 {
            Place::Memory(lines) => Ok(lines.lock().unwrap_or_else(PoisonError::into_inner).iter().skip(skipped).cloned().collect()),
            Place::File { path, .. } => {
                let io = |action| move |source| JournalError::Io { action, path: path.clone(), source };
                let text = std::fs::read_to_string(path).map_err(io("read"))?;
                let whole = text.rfind('\n').map_or("", |end| &text[..end]);
                Ok(whole.lines().skip(skipped).map(str::to_owned).collect())
            }
        }
    }
}

fn read(mut file: &File, path: &Path) -> Result<(Vec<Entry>, u64), JournalError> {
    let io = |action| move |source| JournalError::Io { action, path: path.to_owned(), source };
    file.seek(SeekFrom::Start(0)).map_err(io("read"))?;
    let (mut reader, mut entries, mut whole, mut line) = (BufReader::new(file), Vec::new(), 0, Vec::new());
    loop {
        line.clear();
        let read = reader.read_until(b'\n', &mut line).map_err(io("read"))?;
        if line.last() != Some(&b'\n') {
            return Ok((entries, whole));
        }
        let entry = serde_json::from_slice(&line);
        entries.push(entry.map_err(|error| JournalError::Unreadable { path: path.to_owned(), line: entries.len() + 1, reason: error.to_string() })?);
        whole += read as u64;
    }
}

/// Writes what comes, many entries by one write, and syncs once for all who wait for it.
fn write(mut file: File, jobs: &Receiver<Job>) {
    let (mut dirty, mut good) = (false, true);
    while let Ok(first) = jobs.recv() {
        let (mut text, mut waiting) = (String::new(), Vec::new());
        for job in std::iter::once(first).chain(jobs.try_iter()) {
            match job {
                Job::Write(line) => {
                    text.push_str(&line);
                    text.push('\n');
                }
                Job::Sync(done) => waiting.push(done),
            }
        }
        if !text.is_empty() {
            good = good && file.write_all(text.as_bytes()).is_ok();
            dirty = true;
        }
        if dirty && !waiting.is_empty() {
            good = good && file.sync_data().is_ok();
            dirty = false;
        }
        for done in waiting {
            // Whoever does not wait any more needs no answer.
            let _ = done.send(good);
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::entry::Change;

    fn entry(seq: u64) -> Entry {
        Entry { seq, at: Timestamp::UNIX_EPOCH, change: Change::ParkedDiscarded { parked: seq } }
    }

    #[test]
    fn what_was_written_is_there_at_the_next_opening_and_a_torn_line_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.jsonl");
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (journal, before) = Journal::open(&path).unwrap();
        assert_eq!(before, []);
        assert!(matches!(Journal::open(&path), Err(JournalError::InUse(_))));
        journal.write(&entry(1));
        journal.write(&entry(2));
        runtime.block_on(journal.settled()).unwrap();
        assert_eq!(journal.lines(2).unwrap(), [serde_json::to_string(&entry(2)).unwrap()]);
        drop(journal);
        std::fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"seq\":3,\"at").unwrap();
        // The thread lets go of the file a moment after its journal is gone.
        let opened = std::iter::repeat_with(|| Journal::open(&path)).find(|opened| !matches!(opened, Err(JournalError::InUse(_)))).unwrap();
        let (journal, entries) = opened.unwrap();
        assert_eq!(entries, [entry(1), entry(2)]);
        journal.write(&entry(3));
        runtime.block_on(journal.settled()).unwrap();
        assert_eq!(journal.lines(0).unwrap().len(), 3);
    }

    #[test]
    fn a_line_in_the_middle_that_is_no_entry_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.jsonl");
        std::fs::write(&path, "{}\n{\n").unwrap();
        assert!(matches!(Journal::open(&path), Err(JournalError::Unreadable { line: 1, .. })));
    }
}
