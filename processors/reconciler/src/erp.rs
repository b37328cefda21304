//! What the ERP topics and the ERP itself say about a posting: records made from it, and what became of them.

use lineside_api::Context;
use lineside_schemas::records::{AccountSlotStatus, ErpConfirmation, ErpDocumentKind, ErpGoodsMovement, OutcomeLine, OutcomeStatus, PostingOutcome};
use lineside_schemas::{Decimal, Timestamp};
use lineside_topology::topics::{ERP_CONFIRMATIONS, ERP_GOODS_MOVEMENTS, ERP_POSTING_OUTCOMES};

use crate::account::{Account, Answered, Early};
use crate::difference::Class;
use crate::posting::{Posting, Slot, confirmation_keys, erp_confirmation_digest, erp_movement_digest};
use crate::rounding::{minus, plus};
use crate::shelf;

/// Takes in a confirmation. Gives false if its posting has not been read.
pub fn confirmation(cx: &mut Context<'_>, account: &mut Account, record: &ErpConfirmation<'_>, time: Timestamp) -> bool {
    let order = account.key();
    let Some(mut posting) = shelf::posting(cx, &order, record.posting_id) else { return false };
    shelf::advance(cx, |progress| progress.confirmations_of_postings = progress.confirmations_of_postings.max(posting.offset));
    let yields = account.line(confirmation_keys(record.operation, record.unit)[0].clone());
    let at = posting.slots.iter().position(|slot| slot.is_confirmation() && slot.effects.first().is_some_and(|effect| effect.line == yields));
    let subject = format!("confirmation {} of posting {}", record.confirmation_id, record.posting_id);
    match at {
        None => account.stray(Class::ErpDiffers.name(), subject, time, format!("the posting confirms nothing of operation {} in {}", record.operation, record.unit)),
        Some(at) => see(account, &mut posting, at, &Seen { digest: erp_confirmation_digest(record), document_id: record.confirmation_id, line: 0, subject, time }),
    }
    shelf::put_posting(cx, &order, &posting);
    true
}

/// Takes in a goods movement. Gives false if its posting has not been read.
pub fn movement(cx: &mut Context<'_>, account: &mut Account, record: &ErpGoodsMovement<'_>, time: Timestamp) -> bool {
    let order = account.key();
    let Some(mut posting) = shelf::posting(cx, &order, record.posting_id) else { return false };
    shelf::advance(cx, |progress| progress.movements_of_postings = progress.movements_of_postings.max(posting.offset));
    for item in &record.items {
        let subject = format!("item {} of goods movement {} of posting {}", item.item, record.document_id, record.posting_id);
        match posting.slots.iter().position(|slot| slot.number == item.posting_line) {
            None => account.stray(Class::ErpDiffers.name(), subject, time, format!("the posting has no line {}", item.posting_line)),
            Some(at) => {
                see(account, &mut posting, at, &Seen { digest: erp_movement_digest(record, item), document_id: record.document_id, line: item.item, subject, time });
            }
        }
    }
    shelf::put_posting(cx, &order, &posting);
    true
}

/// An ERP record, as far as a slot goes.
struct Seen<'a> {
    digest: i64,
    document_id: &'a str,
    line: i32,
    subject: String,
    time: Timestamp,
}

fn see(account: &mut Account, posting: &mut Posting, at: usize, seen: &Seen<'_>) {
    let slot = &mut posting.slots[at];
    slot.seen = slot.seen.saturating_add(1);
    slot.document_id = Some(seen.document_id.to_owned());
    slot.document_line = seen.line;
    if slot.digest != seen.digest {
        let what = if slot.is_confirmation() { "confirmation".to_owned() } else { format!("line {}", slot.number) };
        account.stray(Class::ErpDiffers.name(), seen.subject.clone(), seen.time, format!("it says something else than the posting's {what}"));
    }
}

/// Takes in what came before its posting, now that the posting is there.
pub fn take_early(cx: &mut Context<'_>, account: &mut Account, posting_id: &str) {
    // An outcome may stand before the record that it is about.
    loop {
        let (mine, rest): (Vec<Early>, Vec<Early>) = std::mem::take(&mut account.early).into_iter().partition(|early| early.posting_id == posting_id);
        account.early = rest;
        let before = mine.len();
        let mut left = 0;
        for early in mine {
            if !take(cx, account, &early) {
                left += 1;
                account.early.push(early);
            }
        }
        if left == 0 || left == before {
            return;
        }
    }
}

/// Takes in one of them; false if it still has to wait.
fn take(cx: &mut Context<'_>, account: &mut Account, early: &Early) -> bool {
    let codec = cx.codec();
    // It was read before, so it can be read again.
    if early.topic == ERP_CONFIRMATIONS.name() {
        codec.decode::<lineside_schemas::contract::ErpConfirmation>(&early.value).is_ok_and(|record| confirmation(cx, account, &record, early.time))
    } else if early.topic == ERP_GOODS_MOVEMENTS.name() {
        codec.decode::<lineside_schemas::contract::ErpGoodsMovement>(&early.value).is_ok_and(|record| movement(cx, account, &record, early.time))
    } else if early.topic == ERP_POSTING_OUTCOMES.name() {
        codec.decode::<lineside_schemas::contract::PostingOutcome>(&early.value).is_ok_and(|record| outcome(cx, account, &record))
    } else {
        false
    }
}

/// Takes in an outcome: line by line it replaces what was known. Gives false if its posting or document has not been read.
pub fn outcome(cx: &mut Context<'_>, account: &mut Account, record: &PostingOutcome<'_>) -> bool {
    let order = account.key();
    let Some(mut posting) = shelf::posting(cx, &order, record.posting_id) else { return false };
    let is_confirmation = record.document_kind == ErpDocumentKind::Confirmation;
    let known = |slot: &Slot| slot.is_confirmation() == is_confirmation && slot.document_id.as_deref() == Some(record.document_id);
    if !posting.slots.iter().any(known) {
        let complete = posting.slots.iter().filter(|slot| slot.is_confirmation() == is_confirmation).all(|slot| slot.document_id.is_some());
        if complete {
            let text = "the posting has all its ERP records, and none is that document".to_owned();
            account.stray(Class::OutcomeWithoutDocument.name(), format!("outcome {} of document {}", record.outcome_id, record.document_id), record.time, text);
        }
        return complete;
    }
    for line in &record.lines {
        let found = posting.slots.iter().position(|slot| known(slot) && (is_confirmation || slot.document_line == line.line));
        match found {
            Some(at) => answer(account, &mut posting, at, record, line),
            None => {
                let subject = format!("outcome {} of document {}", record.outcome_id, record.document_id);
                account.stray(Class::OutcomeWithoutDocument.name(), subject, record.time, format!("the document has no line {}", line.line));
            }
        }
    }
    shelf::put_posting(cx, &order, &posting);
    if !account.open_postings.iter().any(|id| id == record.posting_id) {
        account.open_postings.push(record.posting_id.to_owned());
    }
    true
}

fn answer(account: &mut Account, posting: &mut Posting, at: usize, record: &PostingOutcome<'_>, line: &OutcomeLine<'_>) {
    let slot = &mut posting.slots[at];
    let status = match line.status {
        OutcomeStatus::Posted => AccountSlotStatus::Posted,
        OutcomeStatus::Parked => AccountSlotStatus::Parked,
        OutcomeStatus::Rejected => AccountSlotStatus::Rejected,
        OutcomeStatus::InDoubt => AccountSlotStatus::InDoubt,
        OutcomeStatus::Cancelled => AccountSlotStatus::Cancelled,
        OutcomeStatus::Unknown => AccountSlotStatus::Unknown,
    };
    let document = line.document.map(|document| [Some(document), line.year, line.item].into_iter().flatten().collect::<Vec<_>>().join("/"));
    let other_document = matches!((&slot.document, &document), (Some(known), Some(told)) if known != told);
    // What was parked may be booked or given up by a clerk, what was booked may be cancelled, and a person may say what nobody else can.
    let may_follow = match (slot.status, status) {
        (known, told) if known == told => !(known == AccountSlotStatus::Posted && other_document),
        (AccountSlotStatus::Posted, told) => told == AccountSlotStatus::Cancelled,
        (AccountSlotStatus::Rejected | AccountSlotStatus::Cancelled, _) => !slot.is_final,
        _ => true,
    };
    if !may_follow && record.settled_by.is_none() {
        let what = if slot.is_confirmation() { "the confirmation".to_owned() } else { format!("line {}", slot.number) };
        let text = format!(
            "{what} of posting {}: {} {}, after {} {}",
            posting.posting_id,
            line.status.symbol(),
            document.as_deref().unwrap_or("without a document"),
            slot.status.symbol(),
            slot.document.as_deref().unwrap_or("without a document")
        );
        account.stray(Class::OutcomeContradicts.name(), format!("outcome {} of document {}", record.outcome_id, record.document_id), record.time, text);
    }
    for effect in &slot.effects {
        if let Some(line) = account.lines.get_mut(effect.line) {
            if let Some(sum) = column(&mut line.answered, slot.status) {
                *sum = minus(*sum, effect.amount);
            }
            if let Some(sum) = column(&mut line.answered, status) {
                *sum = plus(*sum, effect.amount);
            }
        }
    }
    slot.status = status;
    slot.is_final = record.is_final;
    slot.document = document.or(slot.document.take());
    slot.answered = Some(record.time);
    let said = [line.error_class, line.error_number, line.error_text].into_iter().flatten().collect::<Vec<_>>().join(" ");
    slot.text = if said.is_empty() { record.text.map(str::to_owned) } else { Some(said) };
}

fn column(answered: &mut Answered, status: AccountSlotStatus) -> Option<&mut Decimal> {
    match status {
        AccountSlotStatus::Posted => Some(&mut answered.confirmed),
        AccountSlotStatus::Parked => Some(&mut answered.parked),
        AccountSlotStatus::Rejected => Some(&mut answered.rejected),
        AccountSlotStatus::InDoubt => Some(&mut answered.in_doubt),
        AccountSlotStatus::Cancelled => Some(&mut answered.cancelled),
        AccountSlotStatus::Unknown => None,
    }
}
