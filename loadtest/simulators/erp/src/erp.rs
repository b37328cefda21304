//! The ERP as it runs: what it holds, its ledger, and its faults.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::command::Command;
use crate::engine::check::period_of;
use crate::engine::{self, Setup, Treatment};
use crate::entry::{Change, Entry};
use crate::faults::{Call, Fault, Faults, Script};
use crate::journal::{Journal, JournalError};
use crate::refusal::Refusal;
use crate::state::{LineState, Receipt, State};

/// How the ERP runs.
#[derive(Debug, Clone)]
pub struct ErpOptions {
    /// Whether orders, materials and stocks that nobody made known are there all the same.
    pub open_world: bool,
    /// The ledger's file; in memory if none.
    pub ledger: Option<PathBuf>,
    /// How it misbehaves.
    pub faults: Faults,
    /// A request that was not answered is booked so late at most.
    pub max_processing: Duration,
}

impl Default for ErpOptions {
    fn default() -> Self {
        Self { open_world: true, ledger: None, faults: Faults::default(), max_processing: Duration::from_millis(1500) }
    }
}

/// How an outage looks from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outage {
    /// 503.
    Unavailable,
    /// Connections close without an answer.
    Dropped,
}

/// What goes wrong with a call, and its number among those with its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drawn {
    /// The fault.
    pub fault: Option<Fault>,
    /// The attempt, from 1.
    pub attempt: u32,
}

/// The ERP.
#[derive(Debug)]
pub struct Erp {
    setup: Setup,
    max_processing: Duration,
    /// Of several locks this one is taken first.
    state: Mutex<State>,
    journal: Journal,
    faults: Mutex<(Faults, Script)>,
    looks: Mutex<HashMap<String, u32>>,
    outage: Mutex<Option<(Timestamp, Outage)>>,
}

impl Erp {
    /// An ERP that holds what its ledger says.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn open(options: ErpOptions) -> Result<Self, JournalError> {
        let (journal, entries) = match &options.ledger {
            Some(path) => Journal::open(path)?,
            None => (Journal::in_memory(), Vec::new()),
        };
        let mut state = State::default();
        for entry in entries {
            state.apply(entry);
        }
        Ok(Self {
            setup: Setup { open_world: options.open_world },
            max_processing: options.max_processing,
            state: Mutex::new(state),
            journal,
            faults: Mutex::new((options.faults, Script::default())),
            looks: Mutex::default(),
            outage: Mutex::default(),
        })
    }

    /// Looks at what it holds.
    pub fn look<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&lock(&self.state))
    }

    /// Waits until everything that was seen is on disk.
    ///
    /// # Errors
    /// [`JournalError::Failed`].
    pub async fn settled(&self) -> Result<(), JournalError> {
        self.journal.settled().await
    }

    /// The ledger.
    #[must_use]
    pub const fn journal(&self) -> &Journal {
        &self.journal
    }

    /// How it misbehaves.
    #[must_use]
    pub fn faults(&self) -> Faults {
        lock(&self.faults).0.clone()
    }

    /// Has it misbehave otherwise from now on.
    pub fn set_faults(&self, faults: Faults) {
        lock(&self.faults).0 = faults;
    }

    /// Changes what is to go wrong next.
    pub fn script(&self, change: impl FnOnce(&mut Script)) {
        change(&mut lock(&self.faults).1);
    }

    /// A request that was not answered is booked so late at most.
    #[must_use]
    pub const fn max_processing(&self) -> Duration {
        self.max_processing
    }

    /// The outage that it is in.
    #[must_use]
    pub fn outage(&self, now: Timestamp) -> Option<Outage> {
        lock(&self.outage).filter(|(until, _)| *until > now).map(|(_, outage)| outage)
    }

    /// Begins an outage; none ends it.
    pub fn set_outage(&self, outage: Option<(Timestamp, Outage)>) {
        *lock(&self.outage) = outage;
    }

    /// Counts a request to book, says what goes wrong with it, and lets it happen as far as it is not the call's own.
    pub fn draw_post(&self, command: &Command, now: Timestamp) -> Drawn {
        let key = command.key();
        let mut state = lock(&self.state);
        let attempt = state.attempts(key) + 1;
        let (fault, faults) = {
            let (faults, script) = &mut *lock(&self.faults);
            let scripted = script.take(Call::Post, key, command.order().as_ref().map(|order| order.order.as_str()), attempt);
            (scripted.or_else(|| faults.draw(Call::Post, key, attempt)), faults.clone())
        };
        let mut changes = vec![Change::Asked { key: key.to_owned(), attempt, fault }];
        changes.extend(fault.and_then(|fault| around(&state, fault, command, &faults, now)));
        self.write(&mut state, changes, now);
        Drawn { fault, attempt }
    }

    /// Counts a look, and says what goes wrong with it.
    pub fn draw_read(&self, key: &str) -> Option<Fault> {
        let attempt = {
            let mut looks = lock(&self.looks);
            let count = looks.entry(key.to_owned()).or_default();
            *count += 1;
            *count
        };
        let fault = {
            let (faults, script) = &mut *lock(&self.faults);
            script.take(Call::Read, key, None, attempt).or_else(|| faults.draw(Call::Read, key, attempt))?
        };
        *lock(&self.state).faults.entry(fault).or_default() += 1;
        Some(fault)
    }

    /// Books, whoever asked, as often as asked.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn book(&self, command: &Command, treatment: Treatment, request_id: Option<&str>, now: Timestamp) -> Result<Receipt, Refusal> {
        let mut state = lock(&self.state);
        let changes = engine::decide(&state, self.setup, command, treatment, request_id, now)?;
        let confirms = matches!(changes.first(), Some(Change::Confirmed(_)));
        let receipt = if confirms { Receipt::Confirmation(state.confirmations().len()) } else { Receipt::Document(state.documents().len()) };
        self.write(&mut state, changes, now);
        Ok(receipt)
    }

    /// Makes changes that no caller asked for.
    pub fn change(&self, changes: Vec<Change>, now: Timestamp) {
        self.write(&mut lock(&self.state), changes, now);
    }

    /// Books or gives up parked movements whose key or document key begins so; says how many.
    pub fn clerk(&self, key: &str, books: bool, now: Timestamp) -> usize {
        let mut state = lock(&self.state);
        let concerns = |(document, line): &(usize, usize)| {
            let record = &state.documents()[*document];
            record.header.key.starts_with(key) || record.lines[*line].movement.text.starts_with(key)
        };
        let parked: Vec<u64> = state.parked().iter().filter(|(_, index)| concerns(index)).map(|(parked, _)| *parked).collect();
        for parked in &parked {
            let change = if books { engine::book_parked(&state, *parked) } else { Some(Change::ParkedDiscarded { parked: *parked }) };
            self.write(&mut state, change.into_iter().collect(), now);
        }
        parked.len()
    }

    /// What clerks do by now of their own accord.
    pub fn clerks(&self, now: Timestamp) {
        let faults = self.faults();
        let mut state = lock(&self.state);
        if let Some(after) = faults.clerk.books_parked_after_ms {
            for (parked, text) in due(&state, now, after) {
                let gives_up = faults.random("clerk", &text, 1).bits() % 1000 < u64::from(faults.clerk.discards_per_mille);
                let change = if gives_up { Some(Change::ParkedDiscarded { parked }) } else { engine::book_parked(&state, parked) };
                self.write(&mut state, change.into_iter().collect(), now);
            }
        }
        if faults.clerk.cancels_per_mille > 0 {
            for command in cancelled(&state, &faults, now) {
                // A period or an order that is closed now may be open in the next round.
                if let Ok(changes) = engine::decide(&state, self.setup, &command, Treatment::default(), None, now) {
                    self.write(&mut state, changes, now);
                }
            }
        }
    }

    fn write(&self, state: &mut State, changes: Vec<Change>, at: Timestamp) {
        for change in changes {
            let entry = Entry { seq: state.last_seq() + 1, at, change };
            self.journal.write(&entry);
            state.apply(entry);
        }
    }
}

/// What a fault changes around the booking: a lock, a period, a material. What is so already does not last longer for it.
fn around(state: &State, fault: Fault, command: &Command, faults: &Faults, now: Timestamp) -> Option<Change> {
    match (fault, command) {
        (Fault::OrderLocked, _) => {
            let order = command.order()?;
            state.lock(&order, now).is_none().then(|| Change::Locked { order, until: after(now, faults.locked_ms), user: "PLANNER".to_owned() })
        }
        (Fault::PeriodCloses, Command::Confirm(confirmation, _)) => closes(state, &confirmation.order.plant, confirmation.posting_date, faults, now),
        (Fault::PeriodCloses, Command::Move(header, lines)) => closes(state, &lines.first()?.plant, header.posting_date, faults, now),
        (Fault::MasterDataLost, Command::Move(_, lines) | Command::Confirm(_, lines)) => {
            let line = lines.first()?;
            let there = state.has_material(&line.plant, &line.material, true, now);
            there.then(|| Change::MaterialLost { plant: line.plant.clone(), material: line.material.clone(), until: after(now, faults.lost_ms) })
        }
        _ => None,
    }
}

fn closes(state: &State, plant: &str, date: jiff::civil::Date, faults: &Faults, now: Timestamp) -> Option<Change> {
    let period = period_of(date);
    let open = state.closed_period(plant, &period, now).is_none();
    open.then(|| Change::PeriodClosed { plant: Some(plant.to_owned()), period: Some(period), until: after(now, faults.closed_ms) })
}

/// Parked movements that a clerk looks at by now, with their keys.
fn due(state: &State, now: Timestamp, after_ms: u64) -> Vec<(u64, String)> {
    let ripe = |(document, line): &(usize, usize)| {
        let record = &state.documents()[*document];
        (after(record.at, after_ms) <= now).then(|| record.lines[*line].movement.text.clone())
    };
    state.parked().iter().filter_map(|(parked, index)| ripe(index).map(|text| (*parked, text))).collect()
}

/// Documents that a clerk takes back by now.
fn cancelled(state: &State, faults: &Faults, now: Timestamp) -> Vec<Command> {
    let drawn = |key: &str| !key.is_empty() && faults.random("cancels", key, 1).bits() % 1000 < u64::from(faults.clerk.cancels_per_mille);
    let due = |at: Timestamp| after(at, faults.clerk.cancels_after_ms) <= now;
    let documents = state.documents().iter().filter(|record| due(record.at) && !record.is_reversal() && drawn(&record.header.key));
    let standing = documents.filter(|record| record.lines.iter().any(|line| line.state() == LineState::Booked));
    let document =
        |record: &crate::state::DocumentRecord| record.number.map(|number| Command::CancelDocument { number, item: None, posting_date: None, key: String::new() });
    let confirmations = state.confirmations().iter().filter(|record| due(record.at) && record.reverses.is_none() && record.reversed_by.is_none());
    let confirmation = confirmations.filter(|record| drawn(&record.confirmation.key)).map(|record| Command::CancelConfirmation {
        number: record.number,
        posting_date: None,
        key: String::new(),
    });
    standing.filter_map(document).chain(confirmation).collect()
}

fn after(time: Timestamp, ms: u64) -> Timestamp {
    time.checked_add(SignedDuration::from_millis(i64::try_from(ms).unwrap_or(i64::MAX))).unwrap_or(Timestamp::MAX)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What a panic left half-done is only ever one change, and the ledger has it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc::channel;

    use super::*;
    use crate::command::DocumentNumber;

    #[test]
    fn bookings_and_looks_at_the_same_time_do_not_wait_for_each_other_for_ever() {
        let erp = Arc::new(Erp::open(ErpOptions { faults: Faults { max_attempt: u32::MAX, ..Faults::every(1, 50) }, ..ErpOptions::default() }).unwrap());
        let (done, ended) = channel();
        for books in [true, false, true, false] {
            let (erp, done) = (Arc::clone(&erp), done.clone());
            std::thread::spawn(move || {
                for number in 0..20_000 {
                    let key = format!("{number}");
                    if books {
                        let number = DocumentNumber { year: 2026, number };
                        let _ = erp.draw_post(&Command::CancelDocument { number, item: None, posting_date: None, key }, Timestamp::UNIX_EPOCH);
                    } else {
                        let _ = erp.draw_read(&key);
                    }
                }
                done.send(()).unwrap();
            });
        }
        for _ in 0..4 {
            ended.recv_timeout(Duration::from_mins(1)).expect("nobody waits for ever");
        }
    }
}
