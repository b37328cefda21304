//! Text and bytes of a typed record stand in the record's own bytes.

use lineside_schemas::codec::decode_datum;
use lineside_schemas::json::from_json;
use lineside_schemas::{ContractId, contract};

use crate::support::example;

fn lies_within(part: &[u8], whole: &[u8]) -> bool {
    let (part, whole) = (part.as_ptr_range(), whole.as_ptr_range());
    whole.start <= part.start && part.end <= whole.end
}

#[test]
fn text_is_borrowed() {
    let datum = from_json(ContractId::ProductionEvent.schema_text(), &example(ContractId::ProductionEvent, "material-consumed")).unwrap();
    let event = decode_datum::<contract::ProductionEvent>(&datum).unwrap();
    let movement = event.material_consumed.unwrap();
    for text in [event.order, event.envelope.event_id, event.envelope.raw.topic, movement.item, movement.lot.unwrap(), movement.quantity.unit] {
        assert!(lies_within(text.as_bytes(), &datum), "{text}");
    }
}

#[test]
fn bytes_are_borrowed() {
    let datum = from_json(ContractId::NormalizedEvent.schema_text(), &example(ContractId::NormalizedEvent, "with-payload")).unwrap();
    assert!(lies_within(decode_datum::<contract::NormalizedEvent>(&datum).unwrap().payload, &datum));
    let datum = from_json(ContractId::DeadLetter.schema_text(), &example(ContractId::DeadLetter, "data-quality")).unwrap();
    let letter = decode_datum::<contract::DeadLetter>(&datum).unwrap();
    for bytes in [letter.key.unwrap(), letter.value.unwrap(), letter.headers[0].value.unwrap()] {
        assert!(lies_within(bytes, &datum));
    }
}
