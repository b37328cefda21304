//! A posting, and what it asks of the ERP.

use lineside_schemas::Timestamp;
use lineside_schemas::ids::{deterministic_id, id_fingerprint};
use lineside_schemas::records::{
    AccountEffect, AccountHold, AccountPosting, AccountPostingState, AccountSlot, AccountSlotStatus, ConfirmationLine, ErpConfirmation, ErpGoodsMovement,
    GoodsMovementItem, OrderPosting, PostingLine, PostingMode, UnitRatioUsed,
};

use crate::account::{Account, Conversion, Effect, Kind, LineKey};
use crate::fingerprint::Fingerprint;
use crate::rounding::Ratio;

/// What a posting asks of the ERP: a goods movement, or a confirmation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Line of the posting; confirmations count from -1 down.
    pub number: i32,
    /// Of everything that the ERP record has to say.
    pub digest: i64,
    /// Amounts; of a confirmation yield, scrap and rework.
    pub effects: Vec<Effect>,
    /// ERP records seen for it.
    pub seen: i32,
    /// ERP record that carries it.
    pub document_id: Option<String>,
    /// Its line there; 0 for a confirmation.
    pub document_line: i32,
    /// What the ERP made of it.
    pub status: AccountSlotStatus,
    /// That is final.
    pub is_final: bool,
    /// Document of the ERP.
    pub document: Option<String>,
    /// When the outcome was learned.
    pub answered: Option<Timestamp>,
    /// What the ERP said.
    pub text: Option<String>,
}

impl Slot {
    /// True for a confirmation.
    #[must_use]
    pub const fn is_confirmation(&self) -> bool {
        self.number < 0
    }
}

/// An amount that a posting says is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Line and amount.
    pub effect: Effect,
    /// Why.
    pub reason: String,
}

/// A posting of the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// Its id.
    pub posting_id: String,
    /// Number within the order.
    pub sequence: i32,
    /// Its offset.
    pub offset: i64,
    /// Its time.
    pub time: Timestamp,
    /// Count of events that it says it covers.
    pub event_count: i64,
    /// Their fingerprint, as it says.
    pub fingerprint: Fingerprint,
    /// Event that made it due.
    pub caused_by: String,
    /// Rule that it was made by.
    pub rule_version: String,
    /// How often it stands on the topic.
    pub occurrences: i32,
    /// Whether its events were found.
    pub state: AccountPostingState,
    /// Its id follows from what it says.
    pub has_own_id: bool,
    /// Its lines go to the ERP.
    pub moves_goods: bool,
    /// What it asks of the ERP.
    pub slots: Vec<Slot>,
    /// What a rule holds as of it.
    pub held: Vec<Hold>,
    /// Unit ratios that it used.
    pub conversions: Vec<Conversion>,
}

impl Posting {
    /// A posting as it is read; its lines get their place in the account.
    #[must_use]
    pub fn read(account: &mut Account, posting: &OrderPosting<'_>, offset: i64, time: Timestamp) -> Self {
        let sequence = posting.sequence.to_string();
        let own_id = deterministic_id(&[posting.plant.as_bytes(), posting.order.as_bytes(), sequence.as_bytes(), posting.covers.fingerprint.as_bytes()]);
        let mut slots: Vec<Slot> = (1..)
            .zip(&posting.confirmations)
            .map(|(number, line): (i32, _)| {
                let effects = confirmation_keys(line.operation, line.unit).into_iter().zip([line.r#yield, line.scrap, line.rework]);
                slot(-number, confirmation_digest(posting, line), effects.map(|(key, amount)| Effect { line: account.line(key), amount }).collect())
            })
            .collect();
        slots.extend(posting.lines.iter().map(|line| {
            let (key, amount) = LineKey::of_posting_line(line);
            slot(line.line, movement_digest(posting, line), vec![Effect { line: account.line(key), amount }])
        }));
        let mut held = Vec::new();
        for line in &posting.held {
            if let Some(key) = LineKey::of_held(line) {
                held.push(Hold { effect: Effect { line: account.line(key), amount: line.quantity }, reason: line.reason.symbol().to_owned() });
            }
        }
        Self {
            posting_id: posting.posting_id.to_owned(),
            sequence: posting.sequence,
            offset,
            time,
            event_count: posting.covers.event_count,
            fingerprint: Fingerprint::from_hex(posting.covers.fingerprint).unwrap_or_default(),
            caused_by: posting.caused_by_event_id.to_owned(),
            rule_version: posting.rule_version.to_owned(),
            occurrences: 1,
            state: AccountPostingState::Pending,
            has_own_id: own_id == posting.posting_id,
            moves_goods: posting.mode != PostingMode::ConfirmOnly,
            slots,
            held,
            conversions: posting.conversions.iter().map(conversion).collect(),
        }
    }

    /// What it adds to the lines, once for each time that it stands on the topic.
    pub fn effects(&self) -> impl Iterator<Item = Effect> + '_ {
        self.slots.iter().flat_map(|slot| slot.effects.iter().copied())
    }

    /// The slots that the ERP has to hear of.
    pub fn expected(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(|slot| slot.is_confirmation() || self.moves_goods)
    }

    /// Nothing more is to come of it.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.state == AccountPostingState::Matched
            && self.occurrences == 1
            && self.has_own_id
            && self.expected().all(|slot| slot.seen == 1 && slot.status == AccountSlotStatus::Posted && slot.is_final)
    }

    /// As the state keeps it. Borrows.
    #[must_use]
    pub fn record(&self) -> AccountPosting<'_> {
        let (fingerprint_high, fingerprint_low) = self.fingerprint.halves();
        AccountPosting {
            posting_id: &self.posting_id,
            sequence: self.sequence,
            offset: self.offset,
            time: self.time,
            event_count: self.event_count,
            fingerprint_high,
            fingerprint_low,
            caused_by_event_id: &self.caused_by,
            rule_version: &self.rule_version,
            occurrences: self.occurrences,
            state: self.state,
            has_own_id: self.has_own_id,
            moves_goods: self.moves_goods,
            slots: self.slots.iter().map(slot_record).collect(),
            conversions: self.conversions.iter().map(Conversion::record).collect(),
            held: self.held.iter().map(|hold| AccountHold { line: hold.effect.record().line, amount: hold.effect.amount, reason: &hold.reason }).collect(),
        }
    }

    /// As it was kept.
    #[must_use]
    pub fn of(record: &AccountPosting<'_>) -> Self {
        Self {
            posting_id: record.posting_id.to_owned(),
            sequence: record.sequence,
            offset: record.offset,
            time: record.time,
            event_count: record.event_count,
            fingerprint: Fingerprint::from_halves(record.fingerprint_high, record.fingerprint_low),
            caused_by: record.caused_by_event_id.to_owned(),
            rule_version: record.rule_version.to_owned(),
            occurrences: record.occurrences,
            state: record.state,
            has_own_id: record.has_own_id,
            moves_goods: record.moves_goods,
            slots: record.slots.iter().map(slot_of).collect(),
            conversions: record.conversions.iter().map(Conversion::of).collect(),
            held: record
                .held
                .iter()
                .map(|hold| Hold { effect: Effect::of(&AccountEffect { line: hold.line, amount: hold.amount }), reason: hold.reason.to_owned() })
                .collect(),
        }
    }
}

fn conversion(used: &UnitRatioUsed<'_>) -> Conversion {
    Conversion {
        item: used.item.to_owned(),
        unit: used.quantity.unit.to_owned(),
        counted_unit: used.counted_as.unit.to_owned(),
        ratio: Ratio { quantity: used.quantity.value, counted: used.counted_as.value },
    }
}

/// The lines of an operation: yield, scrap, rework.
#[must_use]
pub fn confirmation_keys(operation: &str, unit: &str) -> [LineKey; 3] {
    [Kind::Yield, Kind::Scrap, Kind::Rework].map(|kind| LineKey::operation(kind, operation, unit))
}

fn slot(number: i32, digest: i64, effects: Vec<Effect>) -> Slot {
    Slot {
        number,
        digest,
        effects,
        seen: 0,
        document_id: None,
        document_line: 0,
        status: AccountSlotStatus::Unknown,
        is_final: false,
        document: None,
        answered: None,
        text: None,
    }
}

fn slot_record(slot: &Slot) -> AccountSlot<'_> {
    AccountSlot {
        number: slot.number,
        digest: slot.digest,
        effects: slot.effects.iter().map(Effect::record).collect(),
        seen: slot.seen,
        document_id: slot.document_id.as_deref(),
        document_line: slot.document_line,
        status: slot.status,
        is_final: slot.is_final,
        document: slot.document.as_deref(),
        answered: slot.answered,
        text: slot.text.as_deref(),
    }
}

fn slot_of(record: &AccountSlot<'_>) -> Slot {
    Slot {
        number: record.number,
        digest: record.digest,
        effects: record.effects.iter().map(Effect::of).collect(),
        seen: record.seen,
        document_id: record.document_id.map(str::to_owned),
        document_line: record.document_line,
        status: record.status,
        is_final: record.is_final,
        document: record.document.map(str::to_owned),
        answered: record.answered,
        text: record.text.map(str::to_owned),
    }
}

/// Hash of texts, each behind its length, so that none runs into the next.
fn digest(parts: &[&str]) -> i64 {
    let mut text = String::with_capacity(128);
    for part in parts {
        text.push_str(&part.len().to_string());
        text.push(':');
        text.push_str(part);
    }
    id_fingerprint("", &text).cast_signed()
}

fn confirmation_digest(posting: &OrderPosting<'_>, line: &ConfirmationLine<'_>) -> i64 {
    digest(&[
        line.operation,
        line.unit,
        &line.r#yield.to_string(),
        &line.scrap.to_string(),
        &line.rework.to_string(),
        if line.is_final { "final" } else { "" },
        if posting.clear_reservations { "clear" } else { "" },
        if posting.mode == PostingMode::ErpBackflush { "moves" } else { "" },
        &posting.posting_date.days().to_string(),
        &posting.document_date.days().to_string(),
    ])
}

/// Of an ERP confirmation: that of the posting's line, if it says the same.
#[must_use]
pub fn erp_confirmation_digest(record: &ErpConfirmation<'_>) -> i64 {
    digest(&[
        record.operation,
        record.unit,
        &record.yield_quantity.to_string(),
        &record.scrap_quantity.to_string(),
        &record.rework_quantity.to_string(),
        if record.is_final_confirmation { "final" } else { "" },
        if record.open_reservations_is_cleared { "clear" } else { "" },
        if record.has_no_goods_movements { "" } else { "moves" },
        &record.posting_date.days().to_string(),
        &record.document_date.days().to_string(),
    ])
}

fn movement_digest(posting: &OrderPosting<'_>, line: &PostingLine<'_>) -> i64 {
    digest(&[
        line.movement_type,
        line.item,
        line.plant,
        line.storage_location.unwrap_or("\0"),
        line.lot.unwrap_or("\0"),
        line.reservation.unwrap_or("\0"),
        line.reservation_item.unwrap_or("\0"),
        &line.quantity.value.to_string(),
        line.quantity.unit,
        &posting.posting_date.days().to_string(),
        &posting.document_date.days().to_string(),
    ])
}

/// Of a line of an ERP goods movement, likewise.
#[must_use]
pub fn erp_movement_digest(record: &ErpGoodsMovement<'_>, item: &GoodsMovementItem<'_>) -> i64 {
    digest(&[
        item.movement_type,
        item.material,
        item.plant,
        item.storage_location.unwrap_or("\0"),
        item.batch.unwrap_or("\0"),
        item.reservation.unwrap_or("\0"),
        item.reservation_item.unwrap_or("\0"),
        &item.quantity_in_entry_unit.to_string(),
        item.entry_unit,
        &record.posting_date.days().to_string(),
        &record.document_date.days().to_string(),
    ])
}
