//! What holds for any history of a document, whatever is said in whatever order, fitting or not.

use lineside_api::Timestamp;
use lineside_erp_connector::posting::{
    Answer, Backoff, Effect, Event, Fate, FoundLine, Line, Place, Policy, Posting, Refusal, Refused, Remedy, Settler, State, Verdict, step,
};
use proptest::prelude::*;

const SECOND: i64 = 1_000_000;

fn policy() -> Policy {
    let soon = Backoff { first: SECOND, most: 4 * SECOND };
    Policy {
        gather: 0,
        call: 2 * SECOND,
        processing: 5 * SECOND,
        retry: soon,
        read: soon,
        held: soon,
        parked: soon,
        attempts: 4,
        held_for: 60 * SECOND,
        ..Policy::default()
    }
}

fn found() -> impl Strategy<Value = Vec<FoundLine>> {
    let place = || Place { document: Some("49".to_owned()), ..Place::default() };
    let fate = prop_oneof![Just(Fate::Posted(place())), Just(Fate::Parked(place(), None)), Just(Fate::Cancelled(place()))];
    prop::collection::vec((1..4_i32, fate).prop_map(|(line, fate)| FoundLine { line, fate }), 0..4)
}

fn event() -> impl Strategy<Value = Event> {
    let remedy = prop_oneof![Just(Remedy::Retry), Just(Remedy::Owner), Just(Remedy::Reject)];
    let refused = remedy.prop_map(|remedy| Answer::Refused(Refused { refusal: Refusal::default(), remedy, not_before: None }));
    let answer = prop_oneof![found().prop_map(Answer::Booked), refused, Just(Answer::Lost), Just(Answer::Unsent { not_before: None })];
    let verdict = prop_oneof![Just(Verdict::Posted(Place::default())), Just(Verdict::NotPosted), Just(Verdict::Rejected)];
    prop_oneof![
        3 => Just(Event::Admitted),
        2 => (1..6_u32, answer).prop_map(|(attempt, answer)| Event::Answered { attempt, answer }),
        2 => (1..6_u32, prop::option::of(found())).prop_map(|(reading, found)| Event::Read { reading, found }),
        1 => Just(Event::Overdue),
        1 => Just(Event::First),
        1 => Just(Event::Overtaken),
        1 => verdict.prop_map(|verdict| Event::Settled { by: Settler { who: "w".to_owned(), why: "y".to_owned() }, verdict }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn nothing_is_sent_again_before_it_is_certain_that_it_is_not_there(events in prop::collection::vec((0..4_i64, event()), 1..60)) {
        let (mut posting, mut now) = (Posting::new("d", (1..3).map(|line| Line { line, posting_line: None, fate: Fate::Open }).collect(), Timestamp::EPOCH), 0);
        // The last attempt may be in the ERP.
        let mut open = false;
        let mut finals = 0;
        for (wait, event) in events {
            now += wait;
            let at = Timestamp::from_micros(now * SECOND);
            let before = posting.clone();
            let (next, effects) = step(posting, event.clone(), at, &policy());
            posting = next;
            let certain = match (&event, before.state) {
                (Event::Read { reading, found: Some(_) }, State::Reading { .. }) => *reading == before.readings,
                (Event::Answered { attempt, answer: Answer::Unsent { .. } }, State::Intent { .. }) => *attempt == before.attempts,
                (Event::Settled { verdict: Verdict::NotPosted, .. }, State::Doubt { .. } | State::Reading { .. } | State::Held { .. } | State::Queued { .. }) => true,
                _ => false,
            };
            open &= !certain;
            for effect in &effects {
                match effect {
                    Effect::Send { attempt, deadline } => {
                        prop_assert!(!open, "attempt {attempt} while the one before may be booked");
                        prop_assert_eq!(*attempt, before.attempts + 1);
                        prop_assert_eq!(posting.state, State::Intent { deadline: *deadline }, "what is sent is recorded");
                        prop_assert!(posting.open_lines().count() > 0);
                        open = true;
                    }
                    Effect::Read { reading, .. } => prop_assert_eq!(*reading, before.readings + 1),
                    Effect::Tell { is_final, .. } => finals += usize::from(*is_final),
                    Effect::Declined => prop_assert_eq!(&posting, &before, "what is declined changes nothing"),
                }
            }
            // What is booked stays booked, or is cancelled; it is never open again.
            for (was, is) in before.lines.iter().zip(&posting.lines) {
                prop_assert!(!was.fate.is_settled() || is.fate.is_settled());
                prop_assert!(!matches!((&was.fate, &is.fate), (Fate::Posted(_), Fate::Parked(..) | Fate::Rejected(_))));
            }
            prop_assert!(!posting.lets_pass() || posting.is_settled(), "the next of its order waits until it is settled");
            prop_assert!(finals <= 1, "one final outcome");
            prop_assert!(!posting.final_told || finals == 1);
        }
    }
}
