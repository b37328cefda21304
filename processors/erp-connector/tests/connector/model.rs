//! A model of the posting's state machine among an ERP that books what it is asked, a network that loses and delays, crashes, and owners that wake up late;
//! checked by Stateright over every order in which things can happen.
//!
//! The state machine is the real one ([`step`]); the ledger is what Kafka holds of it. The ERP has no idea of keys: it books each call that reaches it.

use std::time::Instant;

use lineside_api::Timestamp;
use lineside_erp_connector::posting::{
    Answer, Backoff, Effect, Event, Fate, FoundLine, Line, Place, Policy, Posting, Proof, Refusal, Refused, Remedy, State as At, step,
};
use stateright::{Checker as _, HasDiscoveries, Model, Property};

/// What is left out of the protocol, to see that it is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Without {
    Nothing,
    /// After doubt it is taken for absent.
    ReadBack,
    /// What is about to be sent is not recorded before it is sent.
    Intent,
    /// Read back at once, while a call may still be on its way or in the ERP.
    Waiting,
    /// A call leaves whenever its process wakes up.
    Deadline,
    /// A refusal is believed without reading back.
    DoubtOfRefusals,
}

#[derive(Debug, Clone)]
struct Erp {
    without: Without,
    lines: i32,
    faults: u8,
    end: i64,
}

/// A call: an attempt, or a reading.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Call {
    owner: u8,
    number: u32,
    reads: bool,
    /// Lines that it is to book.
    lines: Vec<i32>,
    /// Not sent after it; once it is sent: not booked from then on.
    until: i64,
    /// It takes its time, here or on its way or at the ERP.
    slow: bool,
}

/// An answer on its way back.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Back {
    event: Event,
    slow: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct World {
    now: i64,
    /// What Kafka holds.
    ledger: Posting,
    /// What the owner believes. The same, but where the intent is not recorded.
    belief: Posting,
    /// Who owns the partition; earlier owners may still have calls to make.
    owner: u8,
    /// Handed over after the commit, not sent yet.
    staged: Vec<Call>,
    /// Sent, not at the ERP yet, or not worked on.
    sent: Vec<Call>,
    /// Answers on their way.
    back: Vec<Back>,
    /// How often each line is booked.
    booked: Vec<u8>,
    faults: u8,
    finals: u8,
    doubted: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Action {
    /// Time passes, when nothing but what is slow is left to do now.
    Wait,
    /// A call takes its time before it leaves; or on its way, or at the ERP; or its answer does.
    Delay(usize),
    DelayOnItsWay(usize),
    DelayAnswer(usize),
    /// The owner does what its time has come for, commits it, and hands the call over.
    Act,
    /// A call leaves its process.
    Leave(usize),
    /// A call reaches the ERP, which does what it asks and answers.
    Arrive(usize),
    /// The same, and something goes wrong.
    ArriveBadly(usize, Fault),
    /// The owner gets an answer.
    Hear(usize),
    /// The owner gets an answer, and will get it again.
    HearTwice(usize),
    /// The owner gives up waiting for an answer: reset, time-out, torn.
    Lose(usize),
    /// The owner dies or loses its partition. What it handed over may still leave it: it may be a process that was only frozen.
    Crash,
    /// A process that was to make a call is really dead.
    Die(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// The answer never comes.
    Unanswered,
    /// Only the first line is booked, and the answer says nothing.
    Half,
    /// Refused: try again; an owner has to act; never.
    Refuse(Remedy),
    /// Booked, and the answer is another document's refusal.
    OthersRefusal,
}

/// How long the ERP may take with a call, in the unit of the model's time; the policy waits as long.
const PROCESSING: i64 = 2;
const CALL: i64 = 1;

impl Erp {
    fn policy(&self) -> Policy {
        let soon = Backoff { first: 1, most: 1 };
        Policy {
            gather: 0,
            call: CALL,
            processing: if self.without == Without::Waiting { 0 } else { PROCESSING },
            refused: 0,
            skew: 0,
            retry: soon,
            attempts: 9,
            read: soon,
            doubt_after: 1,
            held: soon,
            held_for: 3,
            parked: soon,
            parked_for: 3,
            watch: vec![],
            read_first: false,
            proof: if self.without == Without::DoubtOfRefusals { Proof::Person } else { Proof::ReadBack },
        }
    }

    fn step(&self, world: &mut World, event: Event) {
        let now = Timestamp::from_micros(world.now);
        let (next, effects) = step(world.belief.clone(), event, now, &self.policy());
        let sends = effects.iter().any(|effect| matches!(effect, Effect::Send { .. }));
        world.belief = next;
        if !(sends && self.without == Without::Intent) {
            world.ledger = world.belief.clone();
        }
        world.doubted |= matches!(world.belief.state, At::Doubt { .. });
        for effect in effects {
            match effect {
                Effect::Send { attempt, deadline } => {
                    let lines = world.belief.open_lines().map(|line| line.line).collect();
                    world.staged.push(Call { owner: world.owner, number: attempt, reads: false, lines, until: deadline.micros(), slow: false });
                }
                Effect::Read { reading, .. } if self.without == Without::ReadBack => {
                    self.step(world, Event::Read { reading, found: Some(Vec::new()) });
                }
                Effect::Read { reading, deadline } => {
                    world.staged.push(Call { owner: world.owner, number: reading, reads: true, lines: Vec::new(), until: deadline.micros(), slow: false });
                }
                Effect::Tell { is_final, .. } => world.finals += u8::from(is_final),
                Effect::Declined => {}
            }
        }
    }

    /// What the owner may do now.
    fn due(world: &World) -> Option<Event> {
        let now = world.now;
        match world.belief.state {
            At::Waiting => Some(Event::First),
            At::Queued { due } | At::Doubt { due } | At::Held { due } | At::Settled { due } => (due.micros() <= now).then_some(Event::Admitted),
            At::Intent { deadline } | At::Reading { deadline } | At::Watching { deadline } => (deadline.micros() <= now).then_some(Event::Overdue),
            At::Over => None,
        }
    }

    fn book(world: &mut World, lines: &[i32]) -> Vec<FoundLine> {
        for line in lines {
            world.booked[usize::try_from(*line).unwrap() - 1] += 1;
        }
        lines.iter().map(|line| posted(*line)).collect()
    }

    fn arrive(world: &mut World, index: usize, fault: Option<Fault>) -> Option<()> {
        let call = world.sent.remove(index);
        let answer = |answer| Event::Answered { attempt: call.number, answer };
        let event = if call.reads {
            let found = (1..).zip(&world.booked).flat_map(|(line, times)| (0..*times).map(move |_| posted(line))).collect();
            match fault {
                None => Some(Event::Read { reading: call.number, found: Some(found) }),
                Some(Fault::Unanswered) => None,
                Some(_) => return None,
            }
        } else {
            let refusal = |remedy| Answer::Refused(Refused { refusal: Refusal::default(), remedy, not_before: None });
            match fault {
                None => Some(answer(Answer::Booked(Self::book(world, &call.lines)))),
                Some(Fault::Unanswered) => {
                    Self::book(world, &call.lines);
                    None
                }
                Some(Fault::Half) => {
                    Self::book(world, &call.lines[..call.lines.len().min(1)]);
                    Some(answer(Answer::Lost))
                }
                Some(Fault::Refuse(remedy)) => Some(answer(refusal(remedy))),
                Some(Fault::OthersRefusal) => {
                    Self::book(world, &call.lines);
                    Some(answer(refusal(Remedy::Retry)))
                }
            }
        };
        if call.owner == world.owner {
            world.back.extend(event.map(|event| Back { event, slow: false }));
        }
        Some(())
    }
}

fn posted(line: i32) -> FoundLine {
    FoundLine { line, fate: Fate::Posted(Place { document: Some("49".to_owned()), ..Place::default() }) }
}

impl Model for Erp {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        let lines = (1..=self.lines).map(|line| Line { line, posting_line: None, fate: Fate::Open }).collect();
        let posting = Posting::new("d", lines, Timestamp::EPOCH);
        let booked = vec![0; usize::try_from(self.lines).unwrap()];
        vec![World {
            now: 0,
            ledger: posting.clone(),
            belief: posting,
            owner: 0,
            staged: vec![],
            sent: vec![],
            back: vec![],
            booked,
            faults: self.faults,
            finals: 0,
            doubted: false,
        }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        let settled = matches!(world.belief.state, At::Over) && world.staged.is_empty() && world.sent.is_empty();
        let urgent = Self::due(world).is_some()
            || world.staged.iter().any(|call| call.owner == world.owner && !call.slow)
            || world.sent.iter().any(|call| !call.slow)
            || world.back.iter().any(|back| !back.slow);
        if world.now < self.end && !settled && !urgent {
            actions.push(Action::Wait);
        }
        if Self::due(world).is_some() {
            actions.push(Action::Act);
        }
        for (index, call) in world.staged.iter().enumerate() {
            actions.push(Action::Leave(index));
            // Who was frozen makes its call some time, or is dead.
            if call.owner != world.owner {
                actions.push(Action::Die(index));
            } else if world.faults > 0 && !call.slow {
                actions.push(Action::Delay(index));
            }
        }
        for (index, call) in world.sent.iter().enumerate() {
            actions.push(Action::Arrive(index));
            if world.faults > 0 {
                let faults: &[Fault] = if call.reads {
                    &[Fault::Unanswered]
                } else {
                    &[Fault::Unanswered, Fault::Half, Fault::OthersRefusal, Fault::Refuse(Remedy::Retry), Fault::Refuse(Remedy::Owner), Fault::Refuse(Remedy::Reject)]
                };
                actions.extend(faults.iter().map(|fault| Action::ArriveBadly(index, *fault)));
                if call.owner == world.owner {
                    actions.push(Action::Lose(index));
                }
                if !call.slow {
                    actions.push(Action::DelayOnItsWay(index));
                }
            }
        }
        for (index, back) in world.back.iter().enumerate() {
            actions.push(Action::Hear(index));
            if world.faults > 0 {
                actions.push(Action::HearTwice(index));
                if !back.slow {
                    actions.push(Action::DelayAnswer(index));
                }
            }
        }
        if world.faults > 0 && !settled {
            actions.push(Action::Crash);
        }
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let mut next = world.clone();
        let blame = |next: &mut World| next.faults -= 1;
        match action {
            Action::Wait => {
                next.now += 1;
                // What the ERP has not worked on by then, it never will.
                next.sent.retain(|call| call.until > next.now);
                // What may not leave any more need not be followed.
                let (now, owner, late) = (next.now, next.owner, self.without == Without::Deadline);
                next.staged.retain(|call| call.owner == owner || call.until >= now || late);
            }
            Action::Delay(index) => {
                blame(&mut next);
                next.staged[index].slow = true;
            }
            Action::DelayOnItsWay(index) => {
                blame(&mut next);
                next.sent[index].slow = true;
            }
            Action::DelayAnswer(index) => {
                blame(&mut next);
                next.back[index].slow = true;
            }
            Action::Act => self.step(&mut next, Self::due(world)?),
            Action::Leave(index) => {
                let call = next.staged.remove(index);
                if world.now <= call.until || self.without == Without::Deadline {
                    next.sent.push(Call { until: world.now + PROCESSING, slow: false, ..call });
                    next.sent.sort();
                } else if call.owner == world.owner {
                    let event = if call.reads {
                        Event::Read { reading: call.number, found: None }
                    } else {
                        Event::Answered { attempt: call.number, answer: Answer::Unsent { not_before: None } }
                    };
                    self.step(&mut next, event);
                }
            }
            Action::Arrive(index) => Self::arrive(&mut next, index, None)?,
            Action::ArriveBadly(index, fault) => {
                blame(&mut next);
                Self::arrive(&mut next, index, Some(fault))?;
            }
            Action::Hear(index) => {
                let Back { event, .. } = next.back.remove(index);
                self.step(&mut next, event);
            }
            Action::HearTwice(index) => {
                blame(&mut next);
                let Back { event, .. } = next.back[index].clone();
                self.step(&mut next, event);
            }
            Action::Lose(index) => {
                blame(&mut next);
                let call = next.sent[index].clone();
                // Given up here, it goes its way all the same.
                next.sent[index].slow = true;
                let event = if call.reads { Event::Read { reading: call.number, found: None } } else { Event::Answered { attempt: call.number, answer: Answer::Lost } };
                self.step(&mut next, event);
            }
            Action::Crash => {
                blame(&mut next);
                next.owner += 1;
                // Answers to who is gone are heard by nobody, and what is on its way may take its time.
                next.back.clear();
                next.sent.iter_mut().for_each(|call| call.slow = true);
                next.belief = next.ledger.clone();
            }
            Action::Die(index) => {
                next.staged.remove(index);
            }
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(ONCE, |_, world: &World| world.booked.iter().all(|times| *times <= 1)),
            Property::always(TRUE, |_, world: &World| {
                let mut lines = world.belief.lines.iter().zip(&world.booked);
                lines.all(|(line, times)| match line.fate {
                    Fate::Posted(_) => *times == 1,
                    Fate::Rejected(_) => *times == 0,
                    _ => true,
                })
            }),
            Property::always(ONE_FINAL, |_, world: &World| world.finals <= 1),
            Property::always(ENDS, |erp: &Erp, world: &World| world.now < erp.end || (matches!(world.belief.state, At::Over) && world.finals == 1)),
            Property::sometimes("booked after a doubt", |_, world: &World| world.doubted && world.finals == 1 && world.booked.iter().all(|times| *times == 1)),
            Property::sometimes("booked by a second attempt", |_, world: &World| world.belief.attempts == 2 && world.booked.iter().all(|times| *times == 1)),
            Property::sometimes("rejected", |_, world: &World| world.finals == 1 && world.booked.iter().all(|times| *times == 0)),
            Property::sometimes("half booked, then the rest", |erp: &Erp, world: &World| {
                erp.lines < 2 || (world.finals == 1 && world.belief.attempts == 2 && world.booked == [1, 1])
            }),
        ]
    }
}

const ONCE: &str = "each line is booked once at most";
const TRUE: &str = "what is said to be booked is booked, what is said to be rejected is not";
const ONE_FINAL: &str = "there is one final outcome at most";
const ENDS: &str = "each posting ends, with its final outcome";

/// Checks it and says what was explored; gives the properties that do not hold.
fn check(model: &Erp) -> Vec<&'static str> {
    let started = Instant::now();
    let finish = if model.without == Without::Nothing { HasDiscoveries::All } else { HasDiscoveries::AnyFailures };
    let checker = model.clone().checker().threads(2).finish_when(finish).spawn_bfs().join();
    let failed: Vec<&'static str> = checker.discoveries().into_keys().filter(|name| [ONCE, TRUE, ONE_FINAL, ENDS].contains(name)).collect();
    println!(
        "{:?}, {} lines, {} faults: {} states, {} unique, depth {}, {:.1} s; broken: {failed:?}",
        model.without,
        model.lines,
        model.faults,
        checker.state_count(),
        checker.unique_state_count(),
        checker.max_depth(),
        started.elapsed().as_secs_f64(),
    );
    if model.without == Without::Nothing {
        checker.assert_properties();
    } else if let Some(path) = failed.first().and_then(|name| checker.discovery(name)) {
        println!("  {}", path.into_actions().iter().map(|action| format!("{action:?}")).collect::<Vec<_>>().join(", "));
    }
    failed
}

fn model(without: Without, lines: i32, faults: u8) -> Erp {
    // Each fault costs a call, what the ERP may take, a reading and two waits at most.
    Erp { without, lines, faults, end: i64::from(faults + 1) * (2 * CALL + PROCESSING + 2) + 2 }
}

#[test]
fn each_line_is_booked_once_and_each_posting_ends_whatever_happens() {
    for (lines, faults) in [(1, 1), (2, 2), (2, 3)] {
        assert_eq!(check(&model(Without::Nothing, lines, faults)), [] as [&str; 0]);
    }
}

#[test]
#[ignore = "a quarter of a minute, and a gigabyte: four faults"]
fn the_same_with_more_faults() {
    assert_eq!(check(&model(Without::Nothing, 1, 4)), [] as [&str; 0]);
}

#[test]
fn without_reading_back_a_line_is_booked_twice() {
    assert!(check(&model(Without::ReadBack, 1, 1)).contains(&ONCE));
}

#[test]
fn without_the_recorded_intent_a_line_is_booked_twice() {
    assert!(check(&model(Without::Intent, 1, 1)).contains(&ONCE));
}

#[test]
fn reading_back_too_early_a_line_is_booked_twice() {
    assert!(check(&model(Without::Waiting, 1, 1)).contains(&ONCE));
}

#[test]
fn a_process_that_wakes_up_late_books_twice_unless_its_call_has_a_deadline() {
    assert!(check(&model(Without::Deadline, 1, 1)).contains(&ONCE));
}

#[test]
fn a_refusal_that_was_another_documents_books_twice_unless_it_is_doubted() {
    assert!(check(&model(Without::DoubtOfRefusals, 1, 1)).contains(&ONCE));
}
