//! A call from its coming in to its answer, with what goes wrong in between. The same for every dialect.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use super::answer::Answer;
use super::query::Query;
use super::wire::{Break, Wire};
use super::{Profile, Shared, odoo, s4};
use crate::command::Command;
use crate::engine::Treatment;
use crate::erp::Outage;
use crate::faults::{Fault, Faults};
use crate::refusal::Refusal;
use crate::state::{Receipt, State};

/// What comes back, and how.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub answer: Answer,
    pub delivery: Delivery,
}

/// How an answer is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    Whole,
    Broken(Break),
    /// Not at all; the connection closes after a while.
    Never(Duration),
}

impl Outcome {
    pub const fn whole(answer: Answer) -> Self {
        Self { answer, delivery: Delivery::Whole }
    }

    /// Puts it on the wire.
    pub async fn deliver(self, wire: &Wire) -> Response {
        match self.delivery {
            Delivery::Whole => {}
            Delivery::Broken(how) => wire.set(how),
            Delivery::Never(hold) => {
                tokio::time::sleep(hold).await;
                wire.set(Break::Drop);
            }
        }
        self.answer.into_response()
    }
}

/// An answer of the ERP's machinery rather than of its application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    Internal,
    RateLimited,
    Unavailable,
}

impl Profile {
    pub(crate) fn receipt(self, state: &State, receipt: Receipt) -> Answer {
        match self {
            Self::S4 => s4::receipt(state, receipt),
            Self::Odoo => odoo::receipt(state, receipt),
        }
    }

    pub(crate) fn refusal(self, refusal: &Refusal) -> Answer {
        match self {
            Self::S4 => s4::refusal(refusal),
            Self::Odoo => odoo::refusal(refusal),
        }
    }

    pub(crate) fn trouble(self, trouble: Trouble) -> Answer {
        match self {
            Self::S4 => s4::trouble(trouble),
            Self::Odoo => odoo::trouble(trouble),
        }
    }

    fn found(self, state: &State, query: &Query, indices: &[usize]) -> Answer {
        match self {
            Self::S4 => s4::found(state, query, indices),
            Self::Odoo => odoo::found(state, query, indices),
        }
    }
}

/// The answer during an outage, if there is one.
pub(crate) fn outage(shared: &Shared) -> Option<Outcome> {
    let answer = retry_later(shared.options.profile.trouble(Trouble::Unavailable), &shared.erp.faults(), 0);
    match shared.erp.outage(Timestamp::now())? {
        Outage::Unavailable => Some(Outcome::whole(answer)),
        Outage::Dropped => Some(Outcome { answer, delivery: Delivery::Broken(Break::Drop) }),
    }
}

/// A request to book.
pub(crate) async fn post(shared: &Arc<Shared>, command: Command, request_id: Option<String>) -> Outcome {
    let profile = shared.options.profile;
    if let Some(known) = request_id.as_ref().and_then(|id| shared.erp.look(|state| Some(profile.receipt(state, state.request(id)?)))) {
        return settled(shared, known).await;
    }
    let drawn = shared.erp.draw_post(&command, Timestamp::now());
    let faults = shared.erp.faults();
    let Some(fault) = drawn.fault else { return book(shared, &command, Treatment::default(), request_id).await };
    let mut random = faults.random("treatment", command.key(), drawn.attempt);
    let internal = || profile.trouble(Trouble::Internal);
    let never = Delivery::Never(Duration::from_millis(faults.hold_ms));
    let unanswered = |delivery| Outcome { answer: internal(), delivery };
    match fault {
        Fault::Slow => {
            let half = Duration::from_millis(faults.slow_ms / 2);
            let outcome = later(shared, command, half, request_id).await;
            tokio::time::sleep(half).await;
            outcome
        }
        Fault::TimeoutBefore => unanswered(never),
        Fault::DropBefore => unanswered(Delivery::Broken(Break::Drop)),
        Fault::ErrorBefore => Outcome::whole(internal()),
        Fault::RateLimited => Outcome::whole(retry_later(profile.trouble(Trouble::RateLimited), &faults, drawn.attempt)),
        Fault::Unavailable => Outcome::whole(retry_later(profile.trouble(Trouble::Unavailable), &faults, drawn.attempt)),
        Fault::BooksLate => {
            // At most nine tenths of the time that is promised.
            let delay = shared.erp.max_processing().mul_f64(f64::from(u32::try_from(random.between(30, 90)).unwrap_or(90)) / 100.0);
            let (shared, held) = (Arc::clone(shared), never);
            tokio::spawn(async move { later(&shared, command, delay, request_id).await });
            unanswered(held)
        }
        // Without sessions there is nothing to lose but the request.
        Fault::SessionLost if profile == Profile::Odoo => Outcome::whole(internal()),
        Fault::SessionLost => {
            shared.access.forget();
            Outcome::whole(s4::no_token())
        }
        Fault::HalfBooked => {
            let lines = if let Command::Move(_, lines) = &command { i64::try_from(lines.len()).unwrap_or(1) } else { 1 };
            let treatment = Treatment { lines: (lines > 1).then(|| usize::try_from(random.between(1, lines - 1)).unwrap_or(1)), parks: None };
            booked_but(shared, &command, treatment, request_id, internal(), Delivery::Whole).await
        }
        Fault::Parks => book(shared, &command, Treatment { parks: Some(random.bits()), lines: None }, request_id).await,
        Fault::OrderLocked | Fault::PeriodCloses | Fault::MasterDataLost => book(shared, &command, Treatment::default(), request_id).await,
        Fault::TimeoutAfter => booked_but(shared, &command, Treatment::default(), request_id, internal(), never).await,
        Fault::DropAfter => booked_but(shared, &command, Treatment::default(), request_id, internal(), Delivery::Broken(Break::Drop)).await,
        Fault::ErrorAfter => booked_but(shared, &command, Treatment::default(), request_id, internal(), Delivery::Whole).await,
        Fault::BadGateway => booked_but(shared, &command, Treatment::default(), request_id, bad_gateway(), Delivery::Whole).await,
        Fault::WrongAnswer => wrong(shared, &command, request_id).await,
        Fault::Twice => Outcome { delivery: Delivery::Broken(Break::Twice), ..book(shared, &command, Treatment::default(), request_id).await },
        // Faults of looks are not drawn for a request to book.
        _ => Outcome { delivery: Delivery::Broken(cut(&mut random)), ..book(shared, &command, Treatment::default(), request_id).await },
    }
}

/// A look.
pub(crate) async fn read(shared: &Arc<Shared>, query: &Query) -> Outcome {
    let profile = shared.options.profile;
    let show = || shared.erp.look(|state| profile.found(state, query, &query.find(state)));
    let faults = shared.erp.faults();
    let Some(fault) = shared.erp.draw_read(query.key()) else { return settled(shared, show()).await };
    let broken = |delivery| Outcome { answer: profile.trouble(Trouble::Internal), delivery };
    match fault {
        Fault::ReadTimeout => broken(Delivery::Never(Duration::from_millis(faults.hold_ms))),
        Fault::ReadDropped => broken(Delivery::Broken(Break::Drop)),
        Fault::ReadError => broken(Delivery::Whole),
        Fault::ReadRateLimited => Outcome::whole(retry_later(profile.trouble(Trouble::RateLimited), &faults, 0)),
        Fault::ReadUnavailable => Outcome::whole(retry_later(profile.trouble(Trouble::Unavailable), &faults, 0)),
        Fault::ReadTorn => Outcome { delivery: Delivery::Broken(cut(&mut faults.random("torn", query.key(), 0))), ..settled(shared, show()).await },
        Fault::ReadWrongAnswer => {
            let answer = shared.erp.look(|state| profile.found(state, query, &query.find_others(state)));
            settled(shared, answer).await
        }
        // What is left is to be slow: it looks after the wait, as a data base under load does.
        _ => {
            tokio::time::sleep(Duration::from_millis(faults.slow_ms)).await;
            settled(shared, show()).await
        }
    }
}

/// Answers once what the answer says is on disk.
async fn settled(shared: &Shared, answer: Answer) -> Outcome {
    match shared.erp.settled().await {
        Ok(()) => Outcome::whole(answer),
        // Nothing can be promised any more: the caller must not hear of it.
        Err(_) => Outcome { answer, delivery: Delivery::Broken(Break::Drop) },
    }
}

async fn book(shared: &Shared, command: &Command, treatment: Treatment, request_id: Option<String>) -> Outcome {
    let profile = shared.options.profile;
    let answer = match shared.erp.book(command, treatment, request_id.as_deref(), Timestamp::now()) {
        Ok(receipt) => shared.erp.look(|state| profile.receipt(state, receipt)),
        Err(refusal) => profile.refusal(&refusal),
    };
    settled(shared, answer).await
}

/// Books after a delay, also when the caller gives up meanwhile.
async fn later(shared: &Arc<Shared>, command: Command, delay: Duration, request_id: Option<String>) -> Outcome {
    let own = Arc::clone(shared);
    let booking = tokio::spawn(async move {
        tokio::time::sleep(delay).await;
        book(&own, &command, Treatment::default(), request_id).await
    });
    let failed = || Outcome::whole(shared.options.profile.trouble(Trouble::Internal));
    booking.await.unwrap_or_else(|_| failed())
}

/// Books, and says something else.
async fn booked_but(shared: &Shared, command: &Command, treatment: Treatment, request_id: Option<String>, answer: Answer, delivery: Delivery) -> Outcome {
    book(shared, command, treatment, request_id).await;
    Outcome { answer, delivery }
}

/// Books, and shows what was booked before it.
async fn wrong(shared: &Shared, command: &Command, request_id: Option<String>) -> Outcome {
    let profile = shared.options.profile;
    let right = book(shared, command, Treatment::default(), request_id).await;
    let key = command.key();
    let other = shared.erp.look(|state| {
        let receipt = match command {
            Command::Confirm(..) | Command::CancelConfirmation { .. } => {
                state.confirmations().iter().rposition(|record| record.confirmation.key != key).map(Receipt::Confirmation)
            }
            Command::Move(..) | Command::CancelDocument { .. } => state.documents().iter().rposition(|record| record.header.key != key).map(Receipt::Document),
        };
        receipt.map(|receipt| profile.receipt(state, receipt))
    });
    other.map_or(right, Outcome::whole)
}

fn cut(random: &mut lineside_simulators::Random) -> Break {
    Break::Cut(u8::try_from(random.between(1, 99)).unwrap_or(50))
}

fn bad_gateway() -> Answer {
    Answer {
        status: StatusCode::BAD_GATEWAY,
        headers: vec![(CONTENT_TYPE, "text/html".to_owned())],
        body: "<html><body><h1>502 Bad Gateway</h1></body></html>".to_owned(),
    }
}

/// With the time to wait: mostly in seconds, now and then as a date, as both are in use.
fn retry_later(answer: Answer, faults: &Faults, attempt: u32) -> Answer {
    if attempt % 4 == 3 {
        let at = Timestamp::now().checked_add(jiff::SignedDuration::from_secs(i64::try_from(faults.retry_after_s).unwrap_or(1))).unwrap_or(Timestamp::MAX);
        return answer.with(RETRY_AFTER, at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
    }
    answer.with(RETRY_AFTER, faults.retry_after_s.to_string())
}
