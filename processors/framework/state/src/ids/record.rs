//! Ids as they stand in a bucket's file: records, in one frame per transaction.
//!
//! Integers are little-endian. Frames and records start at multiples of 8 bytes.
//! * frame: bytes of its records u32, count of them u32, bucket i32, CRC-32 of all that stands before and after it u32; then the records.
//! * record: check u32, length of the source u32, length of the event id u32, content fingerprint i64, source, event id, zeros up to a multiple of 8.
//!
//! The check is the lower half of XXH3 over the rest of the record (without the zeros), because a look-up reads the record alone.

use xxhash_rust::xxh3::xxh3_64;

use super::fingerprints::UNIT;

/// Bytes before a record's text.
pub(crate) const RECORD_HEADER: usize = 20;
/// Bytes before a frame's records.
pub(crate) const FRAME_HEADER: usize = 16;
/// The table's unit, as a length.
const ALIGNMENT: usize = 8;
const _: () = assert!(ALIGNMENT as u64 == UNIT);

/// An id as it was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IdRecord<'a> {
    pub(crate) source: &'a str,
    pub(crate) event_id: &'a str,
    pub(crate) content: i64,
}

impl IdRecord<'_> {
    /// Appends the record. Texts are shorter than 4 GiB, as no Kafka record is longer.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(&length(self.source.len()).to_le_bytes());
        out.extend_from_slice(&length(self.event_id.len()).to_le_bytes());
        out.extend_from_slice(&self.content.to_le_bytes());
        out.extend_from_slice(self.source.as_bytes());
        out.extend_from_slice(self.event_id.as_bytes());
        let check = check(&out[start + 4..]);
        out[start..start + 4].copy_from_slice(&check.to_le_bytes());
        out.resize(start + (out.len() - start).next_multiple_of(ALIGNMENT), 0);
    }
}

/// Bytes of the record that starts with `header`, its zeros included.
pub(crate) fn record_len(header: &[u8]) -> Option<usize> {
    let source = usize::try_from(integer(header, 4)?).ok()?;
    let event_id = usize::try_from(integer(header, 8)?).ok()?;
    RECORD_HEADER.checked_add(source)?.checked_add(event_id)?.checked_next_multiple_of(ALIGNMENT)
}

/// The record at the start of `bytes`; `None` if there is none that was written whole.
pub(crate) fn decode(bytes: &[u8]) -> Option<IdRecord<'_>> {
    let source = usize::try_from(integer(bytes, 4)?).ok()?;
    let event_id = usize::try_from(integer(bytes, 8)?).ok()?;
    let body = bytes.get(4..RECORD_HEADER.checked_add(source)?.checked_add(event_id)?)?;
    if integer(bytes, 0)? != check(body) {
        return None;
    }
    let content = i64::from_le_bytes(body.get(8..16)?.try_into().ok()?);
    let (source, event_id) = std::str::from_utf8(body.get(16..)?).ok()?.split_at_checked(source)?;
    Some(IdRecord { source, event_id, content })
}

/// Starts a frame in an empty buffer; records follow, then [`finish_frame`].
pub(crate) fn start_frame(out: &mut Vec<u8>) {
    out.clear();
    out.resize(FRAME_HEADER, 0);
}

/// Fills in the header of a frame of `count` records.
pub(crate) fn finish_frame(frame: &mut [u8], count: u32, bucket: i32) -> Result<(), std::num::TryFromIntError> {
    let payload = u32::try_from(frame.len() - FRAME_HEADER)?;
    frame[..4].copy_from_slice(&payload.to_le_bytes());
    frame[4..8].copy_from_slice(&count.to_le_bytes());
    frame[8..12].copy_from_slice(&bucket.to_le_bytes());
    let crc = frame_crc(&frame[..12], &frame[FRAME_HEADER..]);
    frame[12..16].copy_from_slice(&crc.to_le_bytes());
    Ok(())
}

/// Length of the records of the frame that starts with `header`.
pub(crate) fn frame_payload_len(header: &[u8; FRAME_HEADER]) -> u64 {
    u64::from(u32::from_le_bytes([header[0], header[1], header[2], header[3]]))
}

/// The records of a frame with their places in it, header included; `None` if it is not a frame of this bucket as it was written.
pub(crate) fn frame_records<'a>(header: &[u8; FRAME_HEADER], payload: &'a [u8], bucket: i32) -> Option<Vec<(u64, IdRecord<'a>)>> {
    if integer(header, 12)? != frame_crc(&header[..12], payload) || header[8..12] != bucket.to_le_bytes() {
        return None;
    }
    let count = usize::try_from(integer(header, 4)?).ok()?;
    let mut records = Vec::new();
    let mut place = 0;
    while place < payload.len() {
        let rest = &payload[place..];
        records.push(((FRAME_HEADER + place) as u64, decode(rest)?));
        place += record_len(rest)?;
    }
    (records.len() == count).then_some(records)
}

fn frame_crc(header: &[u8], payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(header);
    hasher.update(payload);
    hasher.finalize()
}

fn integer(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn length(length: usize) -> u32 {
    u32::try_from(length).expect("text of a Kafka record, whose length is an i32")
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is what is wanted")]
fn check(body: &[u8]) -> u32 {
    xxh3_64(body) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDS: [IdRecord<'_>; 3] = [
        IdRecord { source: "mes-a", event_id: "e-1", content: i64::MIN },
        IdRecord { source: "", event_id: "", content: 0 },
        IdRecord { source: "mes-ü", event_id: "a rather long event id, longer than one unit", content: -1 },
    ];

    fn frame(bucket: i32) -> Vec<u8> {
        let mut frame = Vec::new();
        start_frame(&mut frame);
        for record in &RECORDS {
            record.encode(&mut frame);
        }
        finish_frame(&mut frame, 3, bucket).unwrap();
        frame
    }

    fn read(frame: &[u8], bucket: i32) -> Option<Vec<(u64, IdRecord<'_>)>> {
        let (header, payload) = frame.split_first_chunk()?;
        frame_records(header, payload, bucket)
    }

    #[test]
    fn a_frame_reads_back_and_each_record_alone() {
        let frame = frame(20_000);
        let records = read(&frame, 20_000).unwrap();
        assert_eq!(records.iter().map(|(_, record)| *record).collect::<Vec<_>>(), RECORDS);
        for (place, record) in records {
            assert!(place.is_multiple_of(UNIT));
            assert_eq!(decode(&frame[usize::try_from(place).unwrap()..]), Some(record));
        }
    }

    #[test]
    fn a_frame_of_another_bucket_is_refused() {
        assert!(read(&frame(5), 6).is_none());
    }

    #[test]
    fn no_flipped_bit_and_no_cut_goes_unnoticed() {
        let good = frame(-3);
        for bit in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            // A flipped length is noticed because the reader takes that many bytes, no more and no less.
            let header: &[u8; FRAME_HEADER] = bad.first_chunk().unwrap();
            let whole = frame_payload_len(header) == (bad.len() - FRAME_HEADER) as u64;
            assert!(!whole || read(&bad, -3).is_none(), "bit {bit}");
        }
        for length in 0..good.len() {
            assert!(read(&good[..length], -3).is_none(), "cut at {length}");
        }
        let mut alone = Vec::new();
        RECORDS[0].encode(&mut alone);
        for bit in 0..(RECORD_HEADER + RECORDS[0].source.len() + RECORDS[0].event_id.len()) * 8 {
            let mut bad = alone.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(decode(&bad), None, "bit {bit}");
        }
    }
}
