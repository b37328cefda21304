//! Frames: on an internal topic, the records that a transaction has for a partition travel as one Kafka record.
//!
//! Reading a record costs a client about half a microsecond and writing one the double, before any work; a frame pays that once for all its records. Processors
//! know nothing of frames: they send and are given records. The runtime and the testkit share this, so that both write and read the same.

use lineside_schemas::records::{FramedRecord, RecordFrame};
use lineside_schemas::{Codec, CodecError, SchemaSourceError, contract};
use lineside_topology::partitioner::partition_of;

use crate::effects::{Failure, Outgoing};
use crate::record::RawRecord;
use crate::refusal::Refusal;

/// Bytes of keys and values at which a frame ends. A record that is larger by itself has a frame of its own.
pub const FRAME_BYTES: usize = 512 * 1024;
/// What Avro adds to a record in a frame, at most: the union's branch and two lengths. Bytes.
const RECORD_OVERHEAD: usize = 1 + 5 + 5;

/// Puts the records of one topic into frames and gives each with its partition. Within a partition, records and frames keep their order.
///
/// A record's partition is that of its key among `partitions`; without a key, the first.
///
/// # Errors
/// The first error of `emit`.
pub fn frames<'a, E>(records: impl Iterator<Item = Outgoing<'a>>, partitions: i32, mut emit: impl FnMut(i32, &RecordFrame<'a>) -> Result<(), E>) -> Result<(), E> {
    let mut open: Vec<(usize, RecordFrame<'a>)> = (0..partitions.max(1)).map(|_| (0, RecordFrame { records: Vec::new() })).collect();
    // Frames stand on topics that are not compacted: nothing deletes a key there.
    for (key, value) in records.filter_map(|Outgoing { key, value, .. }| Some((key, value?))) {
        let partition = key.map_or(0, |key| partition_of(key, partitions));
        let Some((bytes, frame)) = usize::try_from(partition).ok().and_then(|index| open.get_mut(index)) else { continue };
        let more = key.map_or(0, <[u8]>::len) + value.len() + RECORD_OVERHEAD;
        if *bytes + more > FRAME_BYTES && !frame.records.is_empty() {
            emit(partition, frame)?;
            frame.records.clear();
            *bytes = 0;
        }
        *bytes += more;
        frame.records.push(FramedRecord { key, value });
    }
    for (partition, (_, frame)) in (0_i32..).zip(&open) {
        if !frame.records.is_empty() {
            emit(partition, frame)?;
        }
    }
    Ok(())
}

/// Calls `process` for what a Kafka record holds: once for a plain one; for a frame once for each record in it, with its [`RawRecord::index`]. A frame that cannot
/// be read is given whole, with the refusal that it has earned.
///
/// # Errors
/// The first error of `process`, or a [`Failure`] when the registry does not answer.
pub fn each<'a, E: From<Failure>>(
    framed: bool,
    codec: &Codec,
    raw: &RawRecord<'a>,
    mut process: impl FnMut(&RawRecord<'a>, Option<Refusal>) -> Result<(), E>,
) -> Result<(), E> {
    if !framed {
        return process(raw, None);
    }
    match codec.decode::<contract::RecordFrame>(raw.value.unwrap_or_default()) {
        Ok(frame) => (0..)
            .zip(frame.records)
            .try_for_each(|(index, FramedRecord { key, value })| process(&RawRecord { index: Some(index), key, value: Some(value), headers: &[], ..*raw }, None)),
        Err(error) => match unreadable(error) {
            Ok(refusal) => process(raw, Some(refusal)),
            Err(failure) => Err(failure.into()),
        },
    }
}

/// What bytes that cannot be decoded come to: a refusal of the record, or a failure where another try may help.
///
/// # Errors
/// The [`Failure`].
pub(crate) fn unreadable(error: CodecError) -> Result<Refusal, Failure> {
    match error {
        error @ CodecError::Schema { reason: SchemaSourceError::Unavailable(_), .. } => Err(error.into()),
        error => Ok(Refusal::application("undecodable-record", error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use lineside_schemas::Timestamp;
    use proptest::prelude::*;

    use super::*;

    type Framed = Vec<(i32, Vec<(Option<Vec<u8>>, Vec<u8>)>)>;

    fn framed(records: &[(Option<Vec<u8>>, Vec<u8>)], partitions: i32) -> Framed {
        let outgoing = records.iter().map(|(key, value)| Outgoing { topic: "t", key: key.as_deref(), value: Some(value) });
        let mut all = Framed::new();
        frames::<Failure>(outgoing, partitions, |partition, frame| {
            all.push((partition, frame.records.iter().map(|record| (record.key.map(<[u8]>::to_vec), record.value.to_vec())).collect()));
            Ok(())
        })
        .unwrap();
        all
    }

    #[test]
    fn a_frame_ends_before_it_outgrows_its_bound_and_a_large_record_has_its_own() {
        let record = |len: usize| (Some(b"k".to_vec()), vec![7; len]);
        let counts = |lens: &[usize]| framed(&lens.iter().map(|len| record(*len)).collect::<Vec<_>>(), 1).iter().map(|(_, records)| records.len()).collect::<Vec<_>>();
        assert_eq!(counts(&[]), [0_usize; 0]);
        assert_eq!(counts(&[FRAME_BYTES / 2 - 12, FRAME_BYTES / 2 - 12]), [2]);
        assert_eq!(counts(&[FRAME_BYTES / 2 - 12, FRAME_BYTES / 2 - 11]), [1, 1]);
        assert_eq!(counts(&[10, 2 * FRAME_BYTES, 10]), [1, 1, 1]);
    }

    #[test]
    fn the_first_error_ends_it() {
        let key = b"k".as_slice();
        let outgoing = [Outgoing { topic: "t", key: Some(key), value: Some(b"v") }];
        let mut calls = 0;
        let outcome = frames(outgoing.into_iter(), 1, |_, _| {
            calls += 1;
            Err("full")
        });
        assert_eq!((outcome, calls), (Err("full"), 1));
    }

    #[test]
    fn a_plain_record_is_given_as_it_is() {
        let codec = Codec::new(Box::new(NoSource));
        let raw = RawRecord { topic: "t", partition: 1, offset: 2, index: None, time: Timestamp::EPOCH, key: None, value: Some(b"v"), headers: &[] };
        let mut seen = Vec::new();
        each::<Failure>(false, &codec, &raw, |record, refusal| {
            seen.push((*record, refusal));
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, [(raw, None)]);
    }

    #[test]
    fn a_frame_that_cannot_be_read_is_refused_whole_and_a_silent_registry_refuses_nothing() {
        let codec = Codec::new(Box::new(NoSource));
        let raw = |value| RawRecord { topic: "t", partition: 1, offset: 2, index: None, time: Timestamp::EPOCH, key: Some(b"k"), value, headers: &[] };
        for bytes in [None, Some(&b"\x01garbage"[..])] {
            let mut seen = Vec::new();
            each::<Failure>(true, &codec, &raw(bytes), |record, refusal| {
                seen.push((*record, refusal.map(|refusal| refusal.code)));
                Ok(())
            })
            .unwrap();
            assert_eq!(seen, [(raw(bytes), Some("undecodable-record"))]);
        }
        let outcome = each::<Failure>(true, &codec, &raw(Some(&[0, 0, 0, 0, 9, 0])), |_, _| panic!("nothing is to be processed"));
        assert!(matches!(outcome, Err(Failure::Codec(CodecError::Schema { id: 9, .. }))));
    }

    struct NoSource;

    impl lineside_schemas::SchemaSource for NoSource {
        fn id_of(&self, _: &str, _: &str) -> Result<u32, SchemaSourceError> {
            Err(SchemaSourceError::Unavailable("silent".to_owned()))
        }
        fn schema_of(&self, _: u32) -> Result<String, SchemaSourceError> {
            Err(SchemaSourceError::Unavailable("silent".to_owned()))
        }
    }

    proptest! {
        #[test]
        fn every_record_is_in_the_frame_of_its_keys_partition_in_order(
            records in prop::collection::vec((prop::option::of(prop::collection::vec(any::<u8>(), 0..6)), prop::collection::vec(any::<u8>(), 0..9)), 0..60),
            partitions in 1_i32..6,
        ) {
            let all = framed(&records, partitions);
            for partition in 0..partitions {
                let there: Vec<_> = all.iter().filter(|(number, _)| *number == partition).flat_map(|(_, records)| records.clone()).collect();
                let meant: Vec<_> = records.iter().filter(|(key, _)| key.as_deref().map_or(0, |key| partition_of(key, partitions)) == partition).cloned().collect();
                prop_assert_eq!(there, meant);
            }
        }
    }
}
