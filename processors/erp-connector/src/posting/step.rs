//! From one state of a document to the next.
//!
//! One rule holds it all together: **a document is sent again only after a reading by its key found nothing of it, and that reading was asked for when
//! nothing that was sent before could still be booked.** So a call that was recorded and whose end is not known, one that was refused and one that was
//! answered with somebody else's answer are all treated alike.

use lineside_schemas::Timestamp;

use super::event::{Answer, Effect, Event, Stepped, Verdict};
use super::line::{Fate, FoundLine, Refusal, merge};
use super::policy::{Policy, Proof, after};
use super::state::{Posting, Refused, Remedy, Settler, State};

/// Class of what a person rejected.
pub const SETTLED: &str = "SETTLED";
/// Later than anything: for what only a person can move.
const NEVER: Timestamp = Timestamp::from_micros(i64::MAX);

/// What `event` makes of `posting` at `now`, and what is to be done.
///
/// The effects are to be carried out once the new state is committed, not before. An event that does not fit the state, such as the answer to a call that was given up, changes nothing.
#[must_use]
pub fn step(posting: Posting, event: Event, now: Timestamp, policy: &Policy) -> Stepped {
    let mut step = Step { posting, effects: Vec::new(), now, policy };
    step.take(event);
    (step.posting, step.effects)
}

struct Step<'p> {
    posting: Posting,
    effects: Vec<Effect>,
    now: Timestamp,
    policy: &'p Policy,
}

impl Step<'_> {
    fn take(&mut self, event: Event) {
        match event {
            Event::First => self.first(),
            Event::Overtaken => {
                let sent = self.posting.attempts > 0 || self.posting.readings > 0;
                if !sent && matches!(self.posting.state, State::Queued { .. } | State::Doubt { .. }) {
                    self.posting.state = State::Waiting;
                }
            }
            Event::Admitted => self.admitted(),
            Event::Answered { attempt, answer } => self.answered(attempt, answer),
            Event::Read { reading, found } => self.read(reading, found),
            Event::Overdue => self.overdue(),
            Event::Settled { by, verdict } => self.settled_by(by, verdict),
        }
    }

    fn first(&mut self) {
        if self.posting.state == State::Waiting {
            let due = self.now.max(after(self.posting.arrived, self.policy.gather));
            let reads = self.policy.read_first && self.policy.proof == Proof::ReadBack;
            self.posting.state = if reads { State::Doubt { due } } else { State::Queued { due } };
        }
    }

    fn admitted(&mut self) {
        let deadline = after(self.now, self.policy.call);
        let posting = &mut self.posting;
        match posting.state {
            State::Queued { .. } | State::Held { .. } => {
                posting.attempts += 1;
                posting.tries += 1;
                posting.first_sent = posting.first_sent.or(Some(self.now));
                posting.refusal = None;
                posting.state = State::Intent { deadline };
                self.effects.push(Effect::Send { attempt: posting.attempts, deadline });
            }
            State::Doubt { .. } | State::Settled { .. } if self.policy.proof == Proof::ReadBack => {
                posting.readings += 1;
                posting.state = if matches!(posting.state, State::Doubt { .. }) { State::Reading { deadline } } else { State::Watching { deadline } };
                self.effects.push(Effect::Read { reading: posting.readings, deadline });
            }
            State::Settled { .. } => posting.state = State::Over,
            State::Doubt { .. } | State::Waiting | State::Intent { .. } | State::Reading { .. } | State::Watching { .. } | State::Over => {}
        }
    }

    fn answered(&mut self, attempt: u32, answer: Answer) {
        let waits = matches!(self.posting.state, State::Intent { .. });
        // That it is booked is worth knowing even when the call was given up already.
        let welcome = waits || (matches!(answer, Answer::Booked(_)) && matches!(self.posting.state, State::Doubt { .. } | State::Reading { .. }));
        if attempt != self.posting.attempts || !welcome {
            return;
        }
        let settled_by_then = after(self.now, self.policy.processing);
        match answer {
            Answer::Booked(found) => {
                let doubled = merge(&mut self.posting.lines, &found);
                if self.posting.is_settled() {
                    self.settle(&doubled);
                } else if waits {
                    self.doubt(settled_by_then);
                }
            }
            Answer::Refused(refused) => {
                self.posting.refusal = Some(refused);
                self.doubt(after(self.now, self.policy.refused));
            }
            Answer::Lost => self.doubt(settled_by_then),
            Answer::Unsent { not_before } => {
                // It does not count: the ERP did not see it.
                self.posting.tries = self.posting.tries.saturating_sub(1);
                let due = after(self.now, self.policy.retry.after(1, self.posting.seed));
                self.posting.state = State::Queued { due: not_before.map_or(due, |time| time.max(due)) };
            }
        }
    }

    /// An attempt ended in a way that proves nothing; what came of it can be read from `due` on.
    fn doubt(&mut self, due: Timestamp) {
        self.posting.doubtful_since = self.posting.doubtful_since.or(Some(self.now));
        match self.policy.proof {
            Proof::ReadBack => self.posting.state = State::Doubt { due },
            // Where nothing can be read back, the ERP's own word is all there is.
            Proof::Person if self.posting.refusal.is_some() => self.absent(),
            Proof::Person => {
                self.posting.state = State::Doubt { due: NEVER };
                self.tell_doubt();
            }
            #[cfg(debug_assertions)]
            Proof::Blind => self.absent(),
        }
    }

    fn tell_doubt(&mut self) {
        if !self.posting.doubt_told {
            self.posting.doubt_told = true;
            self.tell(false, true, None);
        }
    }

    fn overdue(&mut self) {
        match self.posting.state {
            State::Intent { deadline } if self.now >= deadline => self.doubt(after(after(deadline, self.policy.processing), self.policy.skew)),
            State::Reading { deadline } | State::Watching { deadline } if self.now >= deadline => self.read(self.posting.readings, None),
            _ => {}
        }
    }

    fn read(&mut self, reading: u32, found: Option<Vec<FoundLine>>) {
        if reading != self.posting.readings {
            return;
        }
        match (self.posting.state, found) {
            (State::Reading { .. }, None) => {
                self.posting.fruitless += 1;
                self.posting.state = State::Doubt { due: after(self.now, self.policy.read.after(self.posting.fruitless, self.posting.seed)) };
                if self.posting.fruitless >= self.policy.doubt_after {
                    self.tell_doubt();
                }
            }
            (State::Reading { .. }, Some(found)) => {
                let doubled = merge(&mut self.posting.lines, &found);
                if self.posting.is_settled() { self.settle(&doubled) } else { self.absent() }
            }
            (State::Watching { .. }, found) => self.watched(found),
            _ => {}
        }
    }

    /// It is certain that the open lines are not in the ERP, and will not come to be there by what was sent.
    fn absent(&mut self) {
        self.posting.doubtful_since = None;
        self.posting.doubt_told = false;
        self.posting.fruitless = 0;
        let tries = self.posting.tries;
        if tries == 0 {
            // It was only looked for, to be sure that it is not there yet.
            self.posting.state = State::Queued { due: self.now };
            return;
        }
        let spent = tries >= self.policy.attempts;
        match &self.posting.refusal {
            Some(Refused { remedy: Remedy::Reject, refusal, .. }) => {
                let refusal = refusal.clone();
                self.reject(&refusal);
            }
            Some(Refused { remedy: Remedy::Owner, .. }) => self.hold(),
            _ if spent => self.hold(),
            refused => {
                let not_before = refused.as_ref().and_then(|refused| refused.not_before);
                let due = after(self.now, self.policy.retry.after(tries, self.posting.seed));
                self.posting.state = State::Queued { due: not_before.map_or(due, |time| time.max(due)) };
            }
        }
    }

    fn hold(&mut self) {
        let told = self.posting.held_since.is_some();
        let since = *self.posting.held_since.get_or_insert(self.now);
        let owned = self.posting.refusal.as_ref().filter(|refused| refused.remedy == Remedy::Owner).map(|refused| refused.refusal.clone());
        if let Some(refusal) = owned.filter(|_| self.now >= after(since, self.policy.held_for)) {
            return self.reject(&refusal);
        }
        self.posting.state = State::Held { due: after(self.now, self.policy.held.after(self.posting.tries, self.posting.seed)) };
        if !told {
            self.tell(false, false, None);
        }
    }

    fn reject(&mut self, refusal: &Refusal) {
        for line in self.posting.lines.iter_mut().filter(|line| !line.fate.is_settled()) {
            line.fate = Fate::Rejected(refusal.clone());
        }
        self.settle(&[]);
    }

    /// Every line is settled.
    fn settle(&mut self, doubled: &[i32]) {
        let posting = &mut self.posting;
        posting.doubtful_since = None;
        posting.doubt_told = false;
        posting.held_since = None;
        posting.refusal = None;
        posting.fruitless = 0;
        posting.settled_since = Some(self.now);
        let waits = posting.is_parked() && self.policy.proof == Proof::ReadBack && self.policy.parked_for > 0;
        self.posting.final_told |= !waits;
        self.tell(!waits, false, note_of(doubled));
        self.watch_on();
    }

    /// A look at a settled document told something, or nothing.
    fn watched(&mut self, found: Option<Vec<FoundLine>>) {
        let Some(found) = found else {
            self.posting.fruitless += 1;
            self.posting.state = State::Settled { due: after(self.now, self.policy.read.after(self.posting.fruitless, self.posting.seed)) };
            return;
        };
        let before = self.posting.lines.clone();
        let doubled = merge(&mut self.posting.lines, &found);
        let changed = before != self.posting.lines;
        if !self.posting.final_told && !self.posting.is_parked() {
            return self.settle(&doubled);
        }
        let given_up = !self.posting.final_told && self.posting.settled_since.is_some_and(|since| self.now >= after(since, self.policy.parked_for));
        if given_up {
            self.posting.final_told = true;
            self.posting.settled_since = Some(self.now);
        }
        if changed || given_up {
            self.tell(given_up, false, note_of(&doubled));
        }
        self.watch_on();
    }

    /// When to look next.
    fn watch_on(&mut self) {
        let since = self.posting.settled_since.unwrap_or(self.now);
        if !self.posting.final_told {
            self.posting.fruitless += 1;
            self.posting.state = State::Settled { due: after(self.now, self.policy.parked.after(self.posting.fruitless, self.posting.seed)) };
            return;
        }
        self.posting.fruitless = 0;
        let next = self.policy.watch.iter().map(|wait| after(since, *wait)).find(|time| *time > self.now);
        self.posting.state = next.map_or(State::Over, |due| State::Settled { due });
    }

    fn settled_by(&mut self, by: Settler, verdict: Verdict) {
        let free = match self.posting.state {
            State::Queued { due } | State::Doubt { due } | State::Held { due } => due,
            State::Reading { .. } => self.now,
            State::Waiting | State::Intent { .. } | State::Settled { .. } | State::Watching { .. } | State::Over => return self.effects.push(Effect::Declined),
        };
        let was_held = matches!(self.posting.state, State::Held { .. });
        let why = by.why.clone();
        self.posting.settled_by = Some(by);
        match verdict {
            Verdict::Posted(place) => {
                for line in self.posting.lines.iter_mut().filter(|line| !line.fate.is_settled()) {
                    line.fate = Fate::Posted(place.clone());
                }
                self.settle(&[]);
            }
            Verdict::Rejected => self.reject(&Refusal { class: SETTLED.to_owned(), number: None, text: Some(why) }),
            Verdict::NotPosted => {
                self.posting.doubtful_since = None;
                self.posting.doubt_told = false;
                self.posting.held_since = None;
                self.posting.refusal = None;
                self.posting.fruitless = 0;
                self.posting.tries = 0;
                // What was sent last may still be booked until then, whatever a person sees now.
                let due = if was_held || free == NEVER { self.now } else { free.max(self.now) };
                self.posting.state = State::Queued { due };
            }
        }
    }

    fn tell(&mut self, is_final: bool, in_doubt: bool, note: Option<String>) {
        self.posting.told += 1;
        self.effects.push(Effect::Tell { is_final, in_doubt, note });
    }
}

fn note_of(doubled: &[i32]) -> Option<String> {
    let lines: Vec<String> = doubled.iter().map(i32::to_string).collect();
    (!lines.is_empty()).then(|| format!("booked more than once in the ERP, not by this connector's rules: line {}", lines.join(", ")))
}
