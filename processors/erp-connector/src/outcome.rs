//! What is told of a document, and how its lines are kept.

use lineside_schemas::Timestamp;
use lineside_schemas::ids::deterministic_id;
use lineside_schemas::records::{OutcomeLine, OutcomeStatus, PostingOutcome, SettledBy};

use crate::ledger::{Entry, stored_kind};
use crate::posting::{Fate, Line, Place, Refusal, Refused};

/// Class of what was sent as often as allowed without an answer.
pub const NO_ANSWER: &str = "NO_ANSWER";

/// Calls `with` with the outcome as the entry stands. Open lines are in doubt, or refused for now.
pub fn tell<T>(entry: &Entry, is_final: bool, in_doubt: bool, note: Option<&str>, now: Timestamp, with: impl FnOnce(&PostingOutcome<'_>) -> T) -> T {
    let posting = &entry.posting;
    let outcome_id = deterministic_id(&[entry.id.as_bytes(), &posting.told.to_be_bytes()]);
    let open = |line: &mut OutcomeLine<'_>| line.status = if in_doubt { OutcomeStatus::InDoubt } else { OutcomeStatus::Rejected };
    let unanswered = Refusal { class: NO_ANSWER.to_owned(), number: None, text: None };
    let refusal = posting.refusal.as_ref().map_or(&unanswered, |Refused { refusal, .. }| refusal);
    let lines = posting.lines.iter().map(|line| {
        let mut told = stored_line(line);
        if line.fate == Fate::Open {
            open(&mut told);
            if !in_doubt {
                put_refusal(&mut told, Some(refusal));
            }
        }
        told
    });
    with(&PostingOutcome {
        outcome_id: &outcome_id,
        document_id: &entry.id,
        document_kind: stored_kind(entry.kind),
        posting_id: &entry.posting_id,
        plant: &entry.plant,
        order: &entry.order,
        sequence: entry.sequence,
        correlation_id: &entry.correlation_id,
        time: now,
        attempts: i32::try_from(posting.attempts).unwrap_or(i32::MAX),
        idempotency_key: &entry.key,
        is_final,
        settled_by: posting.settled_by.as_ref().map(|by| SettledBy { who: &by.who, why: &by.why }),
        text: note,
        lines: lines.collect(),
    })
}

fn put_refusal<'a>(line: &mut OutcomeLine<'a>, refusal: Option<&'a Refusal>) {
    line.error_class = refusal.map(|refusal| refusal.class.as_str());
    line.error_number = refusal.and_then(|refusal| refusal.number.as_deref());
    line.error_text = refusal.and_then(|refusal| refusal.text.as_deref());
}

/// A line as the contracts have it; one that is open has no status yet.
#[must_use]
pub fn stored_line(line: &Line) -> OutcomeLine<'_> {
    let (status, place, refusal) = match &line.fate {
        Fate::Open => (OutcomeStatus::Unknown, None, None),
        Fate::Posted(place) => (OutcomeStatus::Posted, Some(place), None),
        Fate::Parked(place, refusal) => (OutcomeStatus::Parked, Some(place), refusal.as_ref()),
        Fate::Rejected(refusal) => (OutcomeStatus::Rejected, None, Some(refusal)),
        Fate::Cancelled(place) => (OutcomeStatus::Cancelled, Some(place), None),
    };
    let mut told = OutcomeLine {
        line: line.line,
        posting_line: line.posting_line,
        status,
        document: place.and_then(|place| place.document.as_deref()),
        year: place.and_then(|place| place.year.as_deref()),
        item: place.and_then(|place| place.item.as_deref()),
        ..OutcomeLine::default()
    };
    put_refusal(&mut told, refusal);
    told
}

/// A line as it was kept.
#[must_use]
pub fn line_of(stored: &OutcomeLine<'_>) -> Line {
    let own = |text: Option<&str>| text.map(str::to_owned);
    let place = Place { document: own(stored.document), year: own(stored.year), item: own(stored.item) };
    let refusal = Refusal { class: stored.error_class.unwrap_or_default().to_owned(), number: own(stored.error_number), text: own(stored.error_text) };
    let fate = match stored.status {
        OutcomeStatus::Posted => Fate::Posted(place),
        OutcomeStatus::Parked => Fate::Parked(place, stored.error_class.is_some().then_some(refusal)),
        OutcomeStatus::Rejected => Fate::Rejected(refusal),
        OutcomeStatus::Cancelled => Fate::Cancelled(place),
        OutcomeStatus::Unknown | OutcomeStatus::InDoubt => Fate::Open,
    };
    Line { line: stored.line, posting_line: stored.posting_line, fate }
}
