//! A posting as the order aggregator makes it.

use lineside_schemas::records::{ConfirmationLine, ControlTotal, Coverage, OrderPosting, PostingLine, PostingMode, Quantity};
use lineside_schemas::{Date, Decimal, Timestamp};

/// Posting id of the sample.
pub const POSTING_ID: &str = "00112233445566778899aabbccddeeff";

/// A decimal of that text.
pub fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// A line of that number, movement type and quantity.
pub fn line(number: i32, movement_type: &'static str, item: &'static str, value: Decimal, unit: &'static str) -> PostingLine<'static> {
    PostingLine {
        line: number,
        movement_type,
        item,
        plant: "plant-a",
        operation: Some("0010"),
        storage_location: Some("0001"),
        lot: Some("B-77"),
        reservation: Some("4711"),
        reservation_item: Some("0001"),
        position: Some("0010"),
        quantity: Quantity { value, unit },
        ..PostingLine::default()
    }
}

/// A control total.
pub fn total(movement_type: &'static str, unit: &'static str, lines: i32, quantity: Decimal) -> ControlTotal<'static> {
    ControlTotal { movement_type, unit, lines, quantity }
}

/// Two issues, an issue taken back, a receipt; two operations, the first in two units.
pub fn posting() -> OrderPosting<'static> {
    let confirmation = |operation, unit, good: &str, is_final| ConfirmationLine {
        operation,
        unit,
        r#yield: decimal(good),
        scrap: decimal("1"),
        rework: decimal("0.5"),
        is_final,
        ..ConfirmationLine::default()
    };
    OrderPosting {
        posting_id: POSTING_ID,
        plant: "plant-a",
        order: "000100012",
        sequence: 2,
        correlation_id: "plant-a/000100012",
        caused_by_event_id: "A-9",
        mode: PostingMode::ExplicitMovements,
        rule_version: "default/1",
        posting_date: Date::from_days(20_777),
        document_date: Date::from_days(20_776),
        confirmations: vec![confirmation("0010", "C62", "10", true), confirmation("0010", "KGM", "0", false), confirmation("0020", "C62", "9", false)],
        lines: vec![
            line(1, "261", "RM-1", decimal("1.25"), "KGM"),
            line(2, "262", "RM-2", decimal("3"), "C62"),
            line(3, "261", "RM-3", decimal("0.75"), "KGM"),
            line(4, "101", "FG-1", decimal("10"), "C62"),
        ],
        r#final: true,
        clear_reservations: true,
        control_totals: vec![total("101", "C62", 1, decimal("10")), total("261", "KGM", 2, decimal("2")), total("262", "C62", 1, decimal("3"))],
        covers: Coverage {
            event_count: 7,
            fingerprint: "ffeeddccbbaa99887766554433221100",
            first_source_time: Timestamp::EPOCH,
            last_source_time: Timestamp::EPOCH,
            positions: vec![],
        },
        ..OrderPosting::default()
    }
}
