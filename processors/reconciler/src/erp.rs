//! What the ERP topics say about a posting: records made from it.

use lineside_api::Context;
use lineside_schemas::Timestamp;
use lineside_schemas::records::{ErpConfirmation, ErpGoodsMovement};
use lineside_topology::topics::{ERP_CONFIRMATIONS, ERP_GOODS_MOVEMENTS};

use crate::account::{Account, Early};
use crate::difference::Class;
use crate::posting::{Posting, confirmation_keys, erp_confirmation_digest, erp_movement_digest};
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
    let occurrences = posting.occurrences;
    let slot = &mut posting.slots[at];
    slot.seen = slot.seen.saturating_add(1);
    slot.document_id = Some(seen.document_id.to_owned());
    slot.document_line = seen.line;
    if slot.digest != seen.digest {
        let what = if slot.is_confirmation() { "confirmation".to_owned() } else { format!("line {}", slot.number) };
        account.stray(Class::ErpDiffers.name(), seen.subject.clone(), seen.time, format!("it says something else than the posting's {what}"));
    } else if slot.seen > occurrences {
        account.stray(Class::ErpDoubled.name(), seen.subject.clone(), seen.time, "it stands on its topic a second time".to_owned());
    }
}

/// Takes in what came before its posting, now that the posting is there.
pub fn take_early(cx: &mut Context<'_>, account: &mut Account, posting_id: &str) {
    let (mine, rest): (Vec<Early>, Vec<Early>) = std::mem::take(&mut account.early).into_iter().partition(|early| early.posting_id == posting_id);
    account.early = rest;
    for early in mine {
        let taken = take(cx, account, &early);
        if !taken {
            account.early.push(early);
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
    } else {
        false
    }
}
