//! Opening an id store: which commit its files still hold, and the fingerprints of what counts.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::Path;

use lineside_schemas::ids::id_fingerprint;
use tracing::warn;

use super::buckets::{Buckets, path_of};
use super::commit_log::{CommitLog, State};
use super::committed::Committed;
use super::fingerprints::{Fingerprints, Location};
use super::record::{FRAME_HEADER, IdRecord, frame_payload_len, frame_records};
use crate::fault::Fault;

const READ_BYTES: usize = 1 << 20;

/// Opens the store in `home` at its last commit, or at an earlier one if the files do not hold the last any more.
///
/// # Errors
/// [`Fault::Damaged`] if they hold none with a position.
pub(crate) fn load(home: &Path) -> Result<Committed, Fault> {
    let entries = CommitLog::read(home)?;
    let mut count = entries.len();
    // Good bytes of every file that was found shorter than some commit says.
    let mut good = BTreeMap::new();
    loop {
        let Some((end, _)) = entries[..count].last() else { return Err(Fault::damaged(home, "no commit that its files hold")) };
        let state = State::of(&entries[..count]);
        let Some(position) = state.position else { return Err(Fault::damaged(home, "no commit that its files hold")) };
        let fits = state.lengths.iter().all(|(bucket, length)| good.get(bucket).is_none_or(|good| length <= good));
        if fits && let Some((fingerprints, buckets)) = read_all(home, &state, &mut good)? {
            if count < entries.len() {
                warn!(path = %home.display(), position, commits_lost = entries.len() - count, "files of ids are damaged at their ends, taking an earlier commit");
            }
            let log = CommitLog::open(home, *end)?;
            cut(home, &state)?;
            return Ok(Committed { fingerprints, buckets, log: Some(log), clock: state.clock, position: state.position });
        }
        count -= 1;
    }
}

/// Reads what a commit says is there; if it is not all there, notes in `good` how much is, and gives `None`.
fn read_all(home: &Path, state: &State, good: &mut BTreeMap<i32, u64>) -> Result<Option<(Fingerprints, Buckets)>, Fault> {
    let mut fingerprints = Fingerprints::default();
    let mut buckets = Buckets::new(Some(home.to_owned()));
    let mut whole = true;
    for (bucket, length) in &state.lengths {
        let slot = buckets.slot_for(*bucket)?;
        let read = scan(home, *bucket, *length, &mut |offset, record| {
            fingerprints.insert(id_fingerprint(record.source, record.event_id), Location { slot, offset });
        })?;
        buckets.grow(slot, *length);
        if read != *length {
            good.insert(*bucket, read);
            whole = false;
        }
    }
    buckets.logged();
    Ok(whole.then_some((fingerprints, buckets)))
}

/// Visits the records in the first `length` bytes of a bucket's file; gives how many bytes are whole frames.
fn scan(home: &Path, bucket: i32, length: u64, visit: &mut dyn FnMut(u64, &IdRecord<'_>)) -> Result<u64, Fault> {
    let path = path_of(home, bucket);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(Fault::io("open", &path)(error)),
    };
    // A damaged length must not make us reserve more than there is to read.
    let length = length.min(file.metadata().map_err(Fault::io("read", &path))?.len());
    let mut reader = BufReader::with_capacity(READ_BYTES, file);
    let mut payload = Vec::new();
    let mut place = 0;
    while length - place >= FRAME_HEADER as u64 {
        let mut header = [0; FRAME_HEADER];
        reader.read_exact(&mut header).map_err(Fault::io("read", &path))?;
        let end = place + FRAME_HEADER as u64 + frame_payload_len(&header);
        if end > length {
            break;
        }
        payload.resize(usize::try_from(frame_payload_len(&header)).expect("a u32"), 0);
        reader.read_exact(&mut payload).map_err(Fault::io("read", &path))?;
        let Some(records) = frame_records(&header, &payload, bucket) else { break };
        for (offset, record) in &records {
            visit(place + offset, record);
        }
        place = end;
    }
    Ok(place)
}

/// Makes the files what the commit says: cuts what stands behind it and removes buckets that it does not have.
fn cut(home: &Path, state: &State) -> Result<(), Fault> {
    for entry in fs::read_dir(home).map_err(Fault::io("list", home))? {
        let path = entry.map_err(Fault::io("list", home))?.path();
        if path.extension().is_none_or(|extension| extension != "ids") {
            continue;
        }
        let bucket = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse().ok());
        match bucket.and_then(|bucket: i32| state.lengths.get(&bucket)) {
            Some(length) => File::options().write(true).open(&path).and_then(|file| file.set_len(*length)).map_err(Fault::io("cut", &path))?,
            None => fs::remove_file(&path).map_err(Fault::io("remove", &path))?,
        }
    }
    Ok(())
}
