//! Bytes that are no record: typed errors, no panic, no memory beyond a multiple of the input.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use lineside_schemas::codec::{decode_datum, split};
use lineside_schemas::json::JsonView;
use lineside_schemas::{CodecError, ContractId, contract};
use proptest::prelude::*;
use serde_json::json;

use crate::evolution::add;
use crate::support::{codec_of_writer, example, examples, reencode, wire};

/// Bytes that decoding and encoding again may hold at once. A typed record is larger than its bytes (an `Option<&str>` of one byte takes 16), and an error has
/// its text.
fn memory_bound(input: usize) -> u64 {
    64 * input as u64 + 4096
}

/// The JSON view of a contract, and its valid examples as Avro binary.
fn contract_of(id: ContractId) -> &'static (JsonView, Vec<Vec<u8>>) {
    type Contracts = BTreeMap<ContractId, (JsonView, Vec<Vec<u8>>)>;
    static ALL: LazyLock<Contracts> = LazyLock::new(|| {
        let contract = |&id: &ContractId| {
            let view = JsonView::new(id.schema_text()).unwrap();
            let records: Vec<Vec<u8>> = examples(id, "valid").iter().map(|example| view.encode(&example.json).unwrap()).collect();
            // Decoding once parses the schema, which is not to count later.
            for datum in &records {
                reencode(id, datum).unwrap();
            }
            (id, (view, records))
        };
        ContractId::ALL.iter().map(contract).collect()
    });
    &ALL[&id]
}

/// Decodes as every reader there is; they must agree whether it is a record.
fn decode_all(id: ContractId, bytes: &[u8]) {
    let (view, _) = contract_of(id);
    let mut typed = None;
    let memory = allocation_counter::measure(|| typed = Some(reencode(id, bytes)));
    assert!(memory.bytes_max <= memory_bound(bytes.len()), "{id:?}: {} bytes of memory for {} bytes of input", memory.bytes_max, bytes.len());
    match (typed.unwrap(), view.show(bytes)) {
        (Ok(again), Ok(shown)) => assert_eq!(view.show(&again), Ok(shown), "{id:?}: both read the same"),
        (Err(CodecError::Malformed { contract, reason }), Err(_)) => assert!(contract == id.name() && !reason.is_empty()),
        (typed, shown) => panic!("{id:?} {bytes:?}: the codec says {typed:?}, the JSON view {shown:?}"),
    }
}

fn contracts() -> impl Strategy<Value = ContractId> {
    proptest::sample::select(ContractId::ALL)
}

/// A valid record with some bytes replaced, inserted or cut off.
fn damaged(id: ContractId) -> impl Strategy<Value = Vec<u8>> {
    let (_, records) = contract_of(id);
    let damages = proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..4);
    (proptest::sample::select(records.as_slice()), damages).prop_map(|(mut bytes, damages)| {
        for (place, byte, kind) in damages {
            let place = place.index(bytes.len() + 1);
            match kind {
                0 => bytes.insert(place, byte),
                1 => bytes.truncate(place),
                _ => bytes.get_mut(place).into_iter().for_each(|old| *old = byte),
            }
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn arbitrary_bytes_are_refused_or_read_alike(id in contracts(), bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        decode_all(id, &bytes);
    }

    #[test]
    fn damaged_records_are_refused_or_read_alike((id, bytes) in contracts().prop_flat_map(|id| (Just(id), damaged(id)))) {
        decode_all(id, &bytes);
    }
}

#[test]
fn a_truncated_record_is_refused_wherever_it_ends() {
    for &id in ContractId::ALL {
        let (view, records) = contract_of(id);
        for datum in records {
            for end in 0..datum.len() {
                assert!(matches!(reencode(id, &datum[..end]), Err(CodecError::Malformed { .. })), "{id:?} {datum:?} cut at {end}");
                assert!(view.show(&datum[..end]).is_err(), "{id:?} {datum:?} cut at {end}");
            }
        }
    }
}

#[test]
fn bytes_after_the_record_are_refused() {
    let (view, _) = contract_of(ContractId::AcceptedIds);
    let datum = [view.encode(&example(ContractId::AcceptedIds, "no-ids")).unwrap(), vec![0, 0, 0]].concat();
    let Err(CodecError::Malformed { reason, .. }) = decode_datum::<contract::AcceptedIds>(&datum) else { panic!("accepted") };
    assert_eq!(reason, "3 bytes after the end of the record");
    assert_eq!(view.show(&datum).unwrap_err().reason, reason);
}

#[test]
fn other_wire_formats_are_refused() {
    for bytes in [&[][..], &[0], &[0, 0, 0, 0], &[1, 0, 0, 0, 0, 0], b"{\"a\":1}", &[0xC3, 0x01, 1, 2, 3, 4, 5, 6, 7, 8]] {
        assert_eq!(split(bytes), Err(CodecError::NotWireFormat), "{bytes:?}");
        let codec = codec_of_writer(ContractId::ProductionEvent.schema_text());
        assert_eq!(codec.decode::<contract::ProductionEvent>(bytes).unwrap_err(), CodecError::NotWireFormat);
    }
    assert_eq!(split(&[0, 1, 2, 3, 4]), Ok((0x0102_0304, &[][..])));
}

/// A number as Avro writes it.
fn long(number: i64) -> Vec<u8> {
    let mut raw = ((number << 1) ^ (number >> 63)).cast_unsigned();
    let mut bytes = Vec::new();
    loop {
        let [low, ..] = raw.to_le_bytes();
        raw >>= 7;
        bytes.push(if raw == 0 { low } else { low | 0x80 });
        if raw == 0 {
            return bytes;
        }
    }
}

#[test]
fn claimed_lengths_and_counts_allocate_nothing() {
    let id = ContractId::AcceptedIds;
    for claim in [1, 1 << 20, 1 << 31, 1 << 40, i64::MAX, -1, -(1 << 40), i64::MIN, i64::MIN + 1] {
        let count = [long(0), long(claim)].concat();
        let text = [long(0), long(1), long(claim)].concat();
        for bytes in [count, text] {
            decode_all(id, &bytes);
            assert!(reencode(id, &bytes).is_err(), "{claim}");
            // The same with some bytes behind it, which a block of zero-sized items would not need.
            decode_all(id, &[bytes, vec![2; 64]].concat());
        }
    }
}

#[test]
fn a_number_beyond_its_type_is_refused() {
    let id_in_bucket = |bucket| [long(0), long(1), long(1), vec![b's'], long(1), vec![b'e'], long(bucket), long(0), long(0)].concat();
    for (bucket, fits) in [(i64::from(i32::MAX), true), (i64::from(i32::MIN), true), (i64::from(i32::MAX) + 1, false), ((1 << 32) + 5, false), (i64::MIN, false)] {
        decode_all(ContractId::AcceptedIds, &id_in_bucket(bucket));
        assert_eq!(reencode(ContractId::AcceptedIds, &id_in_bucket(bucket)).is_ok(), fits, "{bucket}");
    }
    // Eleven bytes, and ten that hold more than 64 bits.
    for time in [[&[0x80; 10][..], &[0]].concat(), [&[0xFF; 9][..], &[0x7F]].concat()] {
        decode_all(ContractId::AcceptedIds, &[time, long(0)].concat());
    }
}

#[test]
fn an_array_of_nothing_is_no_loop() {
    let mut newer: serde_json::Value = serde_json::from_str(ContractId::AcceptedIds.schema_text()).unwrap();
    add(&mut newer, json!({"name": "nothing", "type": {"type": "array", "items": "null"}}));
    let bytes = wire(&[long(0), long(0), long(1 << 40), long(0)].concat());
    let codec = codec_of_writer(&newer.to_string());
    assert!(matches!(codec.decode::<contract::AcceptedIds>(&bytes), Err(CodecError::Malformed { .. })));
}

#[test]
fn a_record_that_nests_too_deep_is_refused() {
    let mut newer: serde_json::Value = serde_json::from_str(ContractId::AcceptedIds.schema_text()).unwrap();
    add(&mut newer, json!({"name": "chain", "type": ["null", {"type": "record", "name": "Link", "fields": [{"name": "next", "type": ["null", "Link"]}]}]}));
    let newer = newer.to_string();
    let codec = codec_of_writer(&newer);
    let nested = |depth| wire(&[long(0), long(0), vec![2; depth], vec![0]].concat());
    assert!(codec.decode::<contract::AcceptedIds>(&nested(10)).is_ok());
    assert!(matches!(codec.decode::<contract::AcceptedIds>(&nested(1_000_000)), Err(CodecError::Malformed { .. })));
    assert!(JsonView::new(&newer).unwrap_err().reason.contains("refers to itself"));
}
