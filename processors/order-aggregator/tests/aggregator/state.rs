//! State that is not to be believed, and state that stays small.

use lineside_order_aggregator::desk::DeskError;
use lineside_order_aggregator::master::Master;
use lineside_order_aggregator::{Desk, Ledger, LedgerError};
use lineside_posting_rules::RuleBook;
use lineside_schemas::codec::encode_datum;
use lineside_schemas::production::ProductionFactRecord;
use lineside_schemas::records::{GoodsKind, GoodsTotal, LedgerPart, OrderCompleted, OrderLedger, ProductionEventType};
use lineside_schemas::{Decimal, Timestamp, contract};

use crate::case;
use crate::support::shelf::InMemory;

const USE: &str = "{id: use, type: MATERIAL_CONSUMED, operation: \"0010\", position: \"0010\", item: RM-1, quantity: 1.25 KGM}";

fn line(row: i32, position: Option<&'static str>, slot: i32) -> GoodsTotal<'static> {
    let part = LedgerPart { slot, unit: "KGM", at: Timestamp::EPOCH, is_booked: false, net: Decimal::ONE };
    GoodsTotal { row, kind: GoodsKind::Component, operation: "0010", position, item: "RM-1", parts: vec![part], ..GoodsTotal::default() }
}

fn with(goods: Vec<GoodsTotal<'static>>, next_number: i32) -> OrderLedger<'static> {
    OrderLedger { plant: "plant-a", order: "1", correlation_id: "plant-a/1", goods, next_number, ..OrderLedger::default() }
}

#[test]
fn state_that_contradicts_itself_is_not_booked_on() {
    let mut unknown = with(vec![line(0, Some("1"), 1)], 2);
    unknown.goods[0].kind = GoodsKind::Unknown;
    for record in [
        with(vec![line(0, Some("2"), 1), line(2, Some("1"), 3)], 4),
        with(vec![line(0, Some("1"), 1), line(2, Some("1"), 3)], 4),
        with(vec![line(0, None, 1)], 2),
        with(vec![line(0, Some("1"), 7)], 2),
        with(vec![line(-1, Some("1"), 1)], 2),
        unknown,
    ] {
        assert!(matches!(Ledger::from_record(&record), Err(LedgerError::LedgerInconsistent(_))), "{record:?}");
    }
    assert!(Ledger::from_record(&with(vec![line(0, Some("1"), 1)], 2)).is_ok());
}

#[test]
fn the_books_of_an_order_stay_small_however_many_movements_it_has() {
    let event = case::event(USE);
    let mut record = event.record();
    let (rules, master) = (RuleBook::new(), Master::default());
    let desk = Desk { rules: &rules, master: &master };
    let mut shelf = InMemory::default();
    let mut ledger = None;
    let ids: Vec<_> = (0..20_000).map(|number| format!("event-{number:0>40}")).collect();
    for id in &ids {
        record.envelope.event_id = id;
        desk.event(&mut ledger, &ProductionFactRecord::try_from(record.clone()).unwrap(), &mut shelf).unwrap();
    }
    let mut bytes = Vec::new();
    encode_datum::<contract::OrderLedger>(&ledger.as_ref().unwrap().record(), &mut bytes).unwrap();
    assert!(bytes.len() < 1024, "{} bytes for 20,000 movements of one line", bytes.len());

    record.r#type = ProductionEventType::OrderCompleted;
    record.material_consumed = None;
    record.order_completed = Some(OrderCompleted::default());
    record.envelope.event_id = "done";
    desk.event(&mut ledger, &ProductionFactRecord::try_from(record).unwrap(), &mut shelf).unwrap();
    let posting = lineside_schemas::codec::decode_datum::<contract::OrderPosting>(&shelf.sent[0]).unwrap();
    assert_eq!((posting.lines[0].quantity.value, posting.covers.event_count), (Decimal::from_int(25_000), 20_001));
}

#[test]
fn an_order_with_more_lines_than_fit_a_record_refuses_further_ones() {
    let event = case::event(USE);
    let mut record = event.record();
    let (rules, master) = (RuleBook::new(), Master::default());
    let desk = Desk { rules: &rules, master: &master };
    let mut shelf = InMemory::default();
    let mut ledger = None;
    let lots: Vec<_> = (0..6_000).map(|number| format!("lot-{number:0>40}")).collect();
    let mut booked = 0;
    let refused = lots.iter().find_map(|lot| {
        record.envelope.event_id = lot;
        record.material_consumed.as_mut().unwrap().lot = Some(lot);
        let result = desk.event(&mut ledger, &ProductionFactRecord::try_from(record.clone()).unwrap(), &mut shelf);
        booked += usize::from(result.is_ok());
        result.err()
    });
    assert!(matches!(refused, Some(DeskError::Ledger(LedgerError::OrderTooLarge { .. }))), "{refused:?}");
    assert!(booked > 1_500, "only {booked} lots were booked");
    let mut bytes = Vec::new();
    encode_datum::<contract::OrderLedger>(&ledger.unwrap().record(), &mut bytes).unwrap();
    assert!(bytes.len() < 1024 * 1024, "{} bytes", bytes.len());
}
