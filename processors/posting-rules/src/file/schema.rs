//! The JSON Schema of rule files (draft 2020-12), for editors: every key with what it means. Words come from the contract's enums; a test compares the keys with those that
//! files are read by.

use lineside_schemas::records::{
    CancelledOrderAction, ClosedDateAction, ClosedOrderAction, DateBasis, DoubleConsumptionGuard, LateEventAction, MeanwhileAction, NegativeNetAction, OutputBooking,
    OverdueAction, PostingMode, PostingUnits, ReversalOfReversalAction, ReversalStyle, RoundingMode, ScrapBooking, ToleranceAction, ToleranceCheck, TrackingRule,
    WatermarkKind,
};
use lineside_schemas::unit::UNITS;
use serde_json::{Map, Value, json};

use super::words::Word;

const LENGTH: &str = "^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$";

/// The schema.
#[must_use]
pub fn json_schema() -> Value {
    let mut schema = section(
        "A Lineside posting rule set: for which orders, from when, and how they are posted",
        &["rule_set", "version", "effective_from", "mode"],
        [
            ("rule_set", text("Name of the rule set. Postings name their rule as name/version.", Some("^[A-Za-z0-9._-]{1,100}$"))),
            ("version", whole("Version, from 1. What was published does not change: raise it.", 1, i64::from(i32::MAX))),
            ("description", text("What it is for, in words.", None)),
            ("applies_to", applies_to()),
            ("effective_from", text("From when it holds, by the time of the events, with its offset: 2026-01-01T00:00:00+01:00.", None)),
            ("effective_to", text("Until when it holds, that instant not included. Until the next version when absent.", None)),
            ("protected", flag("A second person has to approve it, and later versions of the name. Default: false.")),
            ("mode", word::<PostingMode>("Who books the goods movements: we do, the ERP at confirmation, or nobody here.")),
            ("milestones", names("Operations that are milestones; \"*\" for each.")),
            ("post", triggers()),
            ("completeness", completeness()),
            (
                "late_events",
                word::<LateEventAction>("Events after the posting of the completion: each a posting of its own, or together at the next trigger. Default: delta."),
            ),
            ("tolerances", tolerances()),
            ("rounding", rounding()),
            ("units", word::<PostingUnits>("The unit that lines are posted in: that of the plan, or as reported. Default: planned.")),
            ("posting_date", posting_date()),
            ("lots", word::<TrackingRule>("Lots: a line without one is held, they are kept, or left out. Default: keep.")),
            ("serials", word::<TrackingRule>("Serial numbers, likewise. Default: keep.")),
            ("scrap", scrap()),
            ("by_products", word::<OutputBooking>("By-products: booked as 531, or only confirmed. Default: book.")),
            ("co_products", word::<OutputBooking>("Co-products: booked as 101, or only confirmed. Default: book.")),
            ("double_consumption", word::<DoubleConsumptionGuard>("A component that the ERP issues itself: not posted, or posted and shown. Default: block.")),
            (
                "reversals",
                word::<ReversalStyle>(
                    "How what was posted is taken back: by reference to the document where it is known, or always by the opposite movement. Default: document-reference.",
                ),
            ),
            ("reversal_of_reversal", word::<ReversalOfReversalAction>("A reversal that names a reversal: shown, or what was reversed counts again. Default: hold.")),
            ("cancelled_orders", word::<CancelledOrderAction>("What a cancelled order has booked: taken back, or kept and shown. Default: take-back.")),
            ("closed_orders", word::<ClosedOrderAction>("Events after an order was closed: posted and shown, or held. Default: reopen.")),
            ("negative_net", word::<NegativeNetAction>("A line with a negative net: held until it is compensated.")),
            (
                "keep_closed_orders",
                text("How long the state of a closed order is kept after its last event, in days (90d), or for-ever. Default: 90d.", Some("^([0-9]+d|for-ever)$")),
            ),
        ],
    );
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    let title = schema.as_object_mut().and_then(|members| members.remove("description"));
    schema["title"] = title.unwrap_or_default();
    schema
}

fn applies_to() -> Value {
    section(
        "Which orders it holds for. Of several rule sets the most specific counts: the one that names more of the three.",
        &[],
        [
            ("plants", names("Plants. Default: \"*\", every one.")),
            ("order_types", names("Order types. Default: \"*\".")),
            ("item_groups", names("Groups of the order's product. Default: \"*\".")),
        ],
    )
}

fn triggers() -> Value {
    let shift_end = section(
        "When a shift ends: of a calendar of the plant, or at times of day.",
        &[],
        [
            ("calendar", text("Shift calendar of the plant, as master data has it.", None)),
            ("times", names("Times of day, such as \"06:00\".")),
            ("time_zone", text("IANA time zone of the times, such as Europe/Paris.", None)),
        ],
    );
    section(
        "What makes a posting due. Each does.",
        &[],
        [
            ("on_completion", flag("When the order is completed. Default: true.")),
            ("at_milestones", flag("When a milestone is finally confirmed. Default: false.")),
            ("after_events", whole("When so many events are open.", 1, 1_000_000)),
            ("after_wait", text("When so much stream time has passed since the first open event: 4h, 1h30m, 90s, 7d.", Some(LENGTH))),
            ("at_shift_end", shift_end),
        ],
    )
}

fn completeness() -> Value {
    section(
        "When the posting of a completed order is final: when every source has passed the end.",
        &["watermark"],
        [
            ("watermark", word::<WatermarkKind>("By what a source is known to have passed: its running numbers, the time of its events, or nothing is waited for.")),
            ("sources", names("Sources waited for. Default: those that have reported on the order.")),
            ("meanwhile", word::<MeanwhileAction>("What is done while a source is waited for. Default: post-provisionally.")),
            ("wait", text("How long a source is waited for: 2h. For ever when absent.", Some(LENGTH))),
            ("overdue", word::<OverdueAction>("What is done when the wait is over. Default: post-provisionally.")),
        ],
    )
}

fn tolerances() -> Value {
    let tolerance = section(
        "A tolerance. One for the item goes before one for every item.",
        &["check", "beyond"],
        [
            ("check", word::<ToleranceCheck>("What is compared with its plan.")),
            ("item", text("Material; every one when absent.", None)),
            ("percent", number_like("Deviation allowed, in percent of the plan.")),
            ("absolute", text("Deviation allowed, with its unit: 2.5 LTR. With percent: neither may be exceeded.", Some("^[0-9.]+ [0-9A-Z]+$"))),
            ("beyond", word::<ToleranceAction>("What becomes of what is beyond.")),
        ],
    );
    json!({"description": "How far actual quantities may be from their plan.", "anyOf": [tolerance, {"type": "array", "items": tolerance}]})
}

fn rounding() -> Value {
    let units: Vec<&str> = UNITS.iter().map(|unit| unit.code).collect();
    let digits = json!({
        "description": "Fractional digits by unit, where they differ from the table of units.",
        "type": "object",
        "propertyNames": {"enum": units},
        "additionalProperties": whole("Fractional digits.", 0, 9),
    });
    section(
        "How finely quantities are posted. Sums are rounded, never single events, and the remainder is carried.",
        &[],
        [("mode", word::<RoundingMode>("How a sum is rounded. Default: half-even.")), ("digits", digits)],
    )
}

fn posting_date() -> Value {
    let period = section("Days that are closed.", &["from", "to"], [("from", text("First day.", Some(DATE))), ("to", text("Last day, closed too.", Some(DATE)))]);
    section(
        "Which date a posting is booked on.",
        &[],
        [
            ("basis", word::<DateBasis>("What the date is taken from: the event, the day its shift began on, or the posting. Default: event-date.")),
            ("shift_calendar", text("Shift calendar for shift-date; that of at_shift_end when absent.", None)),
            ("open_from", text("First open day; all before it is closed.", Some(DATE))),
            ("closed_periods", json!({"description": "Further closed days.", "anyOf": [period, {"type": "array", "items": period}]})),
            (
                "month_end_cutoff",
                text("Time on the first day of a month until which what happens is booked on the last day of the month before: \"06:00\".", Some("^[0-9]{2}:[0-9]{2}$")),
            ),
            ("month_open_days", whole("Days that a month stays open after its end.", 0, 366)),
            ("closed", word::<ClosedDateAction>("What becomes of a posting whose date is closed. Default: first-open-day.")),
        ],
    )
}

fn scrap() -> Value {
    let by_reason = json!({"description": "By reason code.", "type": "object", "additionalProperties": word::<ScrapBooking>("How scrap of that reason is booked.")});
    let full = section(
        "How scrap is booked, by reason.",
        &[],
        [("book", word::<ScrapBooking>("How, where no reason says otherwise. Default: confirmation-only.")), ("reasons", by_reason)],
    );
    json!({
        "description": "How scrap is booked: as the confirmation's quantity, or as 551 from stock. Default: confirmation-only.",
        "anyOf": [word::<ScrapBooking>("How."), full],
    })
}

const DATE: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";

fn section<const N: usize>(description: &str, required: &[&str], members: [(&str, Value); N]) -> Value {
    let properties: Map<String, Value> = members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    json!({"description": description, "type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

fn word<W: Word>(description: &str) -> Value {
    json!({"description": description, "enum": W::words()})
}

fn flag(description: &str) -> Value {
    json!({"description": description, "type": "boolean"})
}

fn whole(description: &str, least: i64, most: i64) -> Value {
    json!({"description": description, "type": "integer", "minimum": least, "maximum": most})
}

/// Numbers, quoted or not: files are read as text.
fn number_like(description: &str) -> Value {
    json!({"description": description, "anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": "^[0-9.]+$"}]})
}

fn text(description: &str, pattern: Option<&str>) -> Value {
    let mut text = json!({"description": description, "type": "string"});
    if let Some(pattern) = pattern {
        text["pattern"] = json!(pattern);
    }
    text
}

/// A name, or a list of them. A number is one too: files are read as text.
fn names(description: &str) -> Value {
    let name = json!({"type": ["string", "number"]});
    json!({"description": description, "anyOf": [name, {"type": "array", "items": name, "uniqueItems": true}]})
}
