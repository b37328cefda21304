//! Every transition, by name of the state it starts from.

use lineside_schemas::Timestamp;

use super::*;

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3600 * SECOND;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * SECOND)
}

fn policy() -> Policy {
    Policy {
        gather: SECOND,
        call: 10 * SECOND,
        processing: 20 * SECOND,
        refused: 5 * SECOND,
        skew: SECOND,
        retry: Backoff { first: 2 * SECOND, most: 2 * SECOND },
        attempts: 3,
        read: Backoff { first: 4 * SECOND, most: 4 * SECOND },
        doubt_after: 2,
        held: Backoff { first: 60 * SECOND, most: 60 * SECOND },
        held_for: HOUR,
        parked: Backoff { first: 100 * SECOND, most: 100 * SECOND },
        parked_for: HOUR,
        watch: vec![HOUR, 2 * HOUR],
        read_first: false,
        proof: Proof::ReadBack,
    }
}

fn line(line: i32) -> Line {
    Line { line, posting_line: Some(line), fate: Fate::Open }
}

fn new() -> Posting {
    Posting::new("d", vec![line(1), line(2)], at(0))
}

fn place(document: &str) -> Place {
    Place { document: Some(document.to_owned()), ..Place::default() }
}

fn posted(line: i32) -> FoundLine {
    FoundLine { line, fate: Fate::Posted(place("49")) }
}

fn parked(line: i32) -> FoundLine {
    FoundLine { line, fate: Fate::Parked(Place::default(), None) }
}

fn refused(remedy: Remedy) -> Answer {
    Answer::Refused(Refused { refusal: Refusal { class: format!("{remedy:?}"), number: None, text: None }, remedy, not_before: None })
}

fn tell(is_final: bool, in_doubt: bool) -> Effect {
    Effect::Tell { is_final, in_doubt, note: None }
}

/// Steps through events, each at its second; gives the last effects.
fn run(mut posting: Posting, policy: &Policy, events: Vec<(i64, Event)>) -> (Posting, Vec<Effect>) {
    let mut effects = Vec::new();
    for (seconds, event) in events {
        (posting, effects) = step(posting, event, at(seconds), policy);
    }
    (posting, effects)
}

/// A wait that was shortened by up to a half.
fn within(due: Timestamp, from: i64, wait: i64) -> bool {
    (at(from).saturating_add_micros(wait * SECOND / 2)..=at(from + wait)).contains(&due)
}

fn intent() -> Posting {
    run(new(), &policy(), vec![(0, Event::First), (1, Event::Admitted)]).0
}

fn doubt() -> Posting {
    run(intent(), &policy(), vec![(2, answered(1, Answer::Lost))]).0
}

fn reading() -> Posting {
    run(doubt(), &policy(), vec![(22, Event::Admitted)]).0
}

fn held() -> Posting {
    run(intent(), &policy(), vec![(2, answered(1, refused(Remedy::Owner))), (22, Event::Admitted), (23, read(1, Some(vec![])))]).0
}

fn settled() -> Posting {
    run(intent(), &policy(), vec![(2, answered(1, Answer::Booked(vec![posted(1), posted(2)])))]).0
}

fn with_parked() -> Posting {
    run(intent(), &policy(), vec![(2, answered(1, Answer::Booked(vec![posted(1), parked(2)])))]).0
}

const fn answered(attempt: u32, answer: Answer) -> Event {
    Event::Answered { attempt, answer }
}

const fn read(reading: u32, found: Option<Vec<FoundLine>>) -> Event {
    Event::Read { reading, found }
}

fn person(verdict: Verdict) -> Event {
    Event::Settled { by: Settler { who: "r.meier".to_owned(), why: "seen in CO14".to_owned() }, verdict }
}

#[test]
fn waiting_becomes_queued_when_it_is_the_first_of_its_order_and_had_time_to_be_overtaken() {
    let (posting, effects) = run(new(), &policy(), vec![(0, Event::First)]);
    assert_eq!((posting.state, effects), (State::Queued { due: at(1) }, vec![]));
    assert_eq!(run(new(), &policy(), vec![(9, Event::First)]).0.state, State::Queued { due: at(9) });
    assert_eq!(run(posting, &policy(), vec![(0, Event::Overtaken)]).0.state, State::Waiting);
    assert_eq!(run(intent(), &policy(), vec![(1, Event::Overtaken)]).0.state, intent().state, "what was sent is not overtaken");
}

#[test]
fn where_the_ledger_may_be_lost_a_document_is_looked_for_before_it_is_sent() {
    let policy = Policy { read_first: true, ..policy() };
    let (posting, effects) = run(new(), &policy, vec![(0, Event::First), (1, Event::Admitted)]);
    assert_eq!(effects, [Effect::Read { reading: 1, deadline: at(11) }]);
    assert_eq!(run(posting.clone(), &policy, vec![(2, read(1, Some(vec![])))]).0.state, State::Queued { due: at(2) });
    let (posting, effects) = run(posting, &policy, vec![(2, read(1, Some(vec![posted(1), posted(2)])))]);
    assert_eq!((posting.attempts, effects), (0, vec![tell(true, false)]), "it was booked before");
}

#[test]
fn queued_is_recorded_as_intent_and_sent_with_a_deadline() {
    let (posting, effects) = run(new(), &policy(), vec![(0, Event::First), (1, Event::Admitted)]);
    assert_eq!(posting.state, State::Intent { deadline: at(11) });
    assert_eq!(effects, [Effect::Send { attempt: 1, deadline: at(11) }]);
    assert_eq!((posting.attempts, posting.first_sent), (1, Some(at(1))));
}

#[test]
fn intent_ends_settled_when_every_line_is_booked() {
    let (posting, effects) = run(intent(), &policy(), vec![(2, answered(1, Answer::Booked(vec![posted(1), posted(2)])))]);
    assert_eq!((posting.state, effects), (State::Settled { due: at(2 + 3600) }, vec![tell(true, false)]));
    assert!(posting.lets_pass() && posting.final_told);
}

#[test]
fn intent_becomes_doubt_after_every_other_end_until_nothing_sent_can_still_be_booked() {
    let answers = [Answer::Lost, refused(Remedy::Retry), refused(Remedy::Owner), refused(Remedy::Reject), Answer::Booked(vec![posted(1)]), Answer::Booked(vec![])];
    for answer in answers {
        let (posting, effects) = run(intent(), &policy(), vec![(3, answered(1, answer.clone()))]);
        let due = if matches!(answer, Answer::Refused(_)) { at(3 + 5) } else { at(3 + 20) };
        assert_eq!((posting.state, effects), (State::Doubt { due }, vec![]), "{answer:?}");
        assert_eq!(posting.doubtful_since, Some(at(3)));
    }
    let (posting, effects) = run(intent(), &policy(), vec![(11, Event::Overdue)]);
    assert_eq!((posting.state, effects), (State::Doubt { due: at(11 + 20 + 1) }, vec![]), "deadline, processing, skew");
    assert_eq!(run(intent(), &policy(), vec![(10, Event::Overdue)]).0, intent(), "not before the deadline");
}

#[test]
fn intent_that_never_left_is_queued_again_and_does_not_count() {
    let not_before = Some(at(60));
    let (posting, effects) = run(intent(), &policy(), vec![(2, answered(1, Answer::Unsent { not_before: None }))]);
    let State::Queued { due } = posting.state else { panic!("{posting:?}") };
    assert!(within(due, 2, 2) && effects.is_empty() && posting.tries == 0 && posting.attempts == 1);
    assert_eq!(run(intent(), &policy(), vec![(2, answered(1, Answer::Unsent { not_before }))]).0.state, State::Queued { due: at(60) });
}

#[test]
fn an_answer_to_another_attempt_and_one_that_comes_too_late_change_nothing() {
    for state in [intent(), doubt(), reading(), held(), settled()] {
        for event in [answered(7, Answer::Booked(vec![posted(1), posted(2)])), read(7, Some(vec![]))] {
            assert_eq!(run(state.clone(), &policy(), vec![(30, event)]), (state.clone(), vec![]));
        }
    }
    for state in [doubt(), reading(), held(), settled()] {
        assert_eq!(run(state.clone(), &policy(), vec![(30, answered(1, Answer::Lost))]), (state.clone(), vec![]));
    }
}

#[test]
fn doubt_and_reading_take_a_late_word_that_it_is_booked() {
    for state in [doubt(), reading()] {
        let (posting, effects) = run(state, &policy(), vec![(25, answered(1, Answer::Booked(vec![posted(1), posted(2)])))]);
        assert_eq!((posting.state, effects, posting.doubtful_since), (State::Settled { due: at(25 + 3600) }, vec![tell(true, false)], None));
    }
    let partly = run(reading(), &policy(), vec![(25, answered(1, Answer::Booked(vec![posted(1)])))]).0;
    assert_eq!(partly.state, reading().state, "the reading will tell the rest");
}

#[test]
fn doubt_is_read_back() {
    let (posting, effects) = run(doubt(), &policy(), vec![(22, Event::Admitted)]);
    assert_eq!((posting.state, effects), (State::Reading { deadline: at(32) }, vec![Effect::Read { reading: 1, deadline: at(32) }]));
}

#[test]
fn reading_that_finds_nothing_sends_again() {
    let (posting, effects) = run(reading(), &policy(), vec![(23, read(1, Some(vec![])))]);
    let State::Queued { due } = posting.state else { panic!("{posting:?}") };
    assert!(within(due, 23, 2) && effects.is_empty() && posting.doubtful_since.is_none());
    let (again, effects) = run(posting, &policy(), vec![(25, Event::Admitted)]);
    assert_eq!((again.state, effects), (State::Intent { deadline: at(35) }, vec![Effect::Send { attempt: 2, deadline: at(35) }]));
}

#[test]
fn reading_that_finds_everything_settles_and_one_that_finds_a_part_sends_the_rest() {
    let (posting, effects) = run(reading(), &policy(), vec![(23, read(1, Some(vec![posted(1), posted(2)])))]);
    assert_eq!((posting.state, effects), (State::Settled { due: at(23 + 3600) }, vec![tell(true, false)]));
    let (posting, effects) = run(reading(), &policy(), vec![(23, read(1, Some(vec![posted(2)])))]);
    assert!(matches!(posting.state, State::Queued { .. }) && effects.is_empty());
    assert_eq!(posting.open_lines().map(|line| line.line).collect::<Vec<_>>(), [1]);
}

#[test]
fn reading_that_finds_a_line_cancelled_does_not_send_it_again() {
    let found = vec![posted(1), FoundLine { line: 2, fate: Fate::Cancelled(place("49")) }];
    let (posting, effects) = run(reading(), &policy(), vec![(23, read(1, Some(found)))]);
    assert_eq!(effects, [tell(true, false)]);
    assert!(posting.is_settled());
}

#[test]
fn reading_that_tells_nothing_is_done_again_and_the_doubt_is_told_once() {
    let (posting, effects) = run(reading(), &policy(), vec![(23, read(1, None))]);
    let State::Doubt { due } = posting.state else { panic!("{posting:?}") };
    assert!(within(due, 23, 4) && effects.is_empty());
    let (posting, effects) = run(posting, &policy(), vec![(27, Event::Admitted), (37, Event::Overdue)]);
    assert!(matches!(posting.state, State::Doubt { .. }));
    assert_eq!(effects, [tell(false, true)]);
    let (posting, effects) = run(posting, &policy(), vec![(45, Event::Admitted), (46, read(3, None))]);
    assert!(effects.is_empty() && posting.doubtful_since == Some(at(2)), "told already; the age counts from the beginning");
    assert_eq!(run(reading(), &policy(), vec![(31, Event::Overdue)]).0, reading(), "not before the deadline");
}

#[test]
fn a_refusal_is_believed_only_when_the_reading_agrees() {
    let after = |remedy, found| run(intent(), &policy(), vec![(2, answered(1, refused(remedy))), (22, Event::Admitted), (23, read(1, Some(found)))]);
    for remedy in [Remedy::Retry, Remedy::Owner, Remedy::Reject] {
        let (posting, _) = after(remedy, vec![posted(1), posted(2)]);
        assert!(posting.lines.iter().all(|line| matches!(line.fate, Fate::Posted(_))), "the answer was another document's");
    }
    let (posting, effects) = after(Remedy::Reject, vec![]);
    assert!(posting.lines.iter().all(|line| matches!(line.fate, Fate::Rejected(_))));
    assert_eq!(effects, [tell(true, false)]);
    let (posting, effects) = after(Remedy::Reject, vec![posted(1)]);
    assert!(matches!((&posting.lines[0].fate, &posting.lines[1].fate), (Fate::Posted(_), Fate::Rejected(_))));
    assert_eq!(effects, [tell(true, false)]);
    let (posting, effects) = after(Remedy::Retry, vec![]);
    assert!(matches!(posting.state, State::Queued { .. }) && effects.is_empty());
    let (posting, effects) = after(Remedy::Owner, vec![]);
    assert!(matches!(posting.state, State::Held { .. }));
    assert_eq!(effects, [tell(false, false)]);
}

#[test]
fn the_erp_is_not_called_before_it_wants_to_be() {
    let refused = Refused { refusal: Refusal::default(), remedy: Remedy::Retry, not_before: Some(at(100)) };
    let (posting, _) = run(intent(), &policy(), vec![(2, answered(1, Answer::Refused(refused))), (22, Event::Admitted), (23, read(1, Some(vec![])))]);
    assert_eq!(posting.state, State::Queued { due: at(100) });
}

#[test]
fn held_is_tried_again_and_told_once_and_rejected_in_the_end() {
    let State::Held { due } = held().state else { panic!() };
    assert!(within(due, 23, 60));
    let again = |posting, from| {
        run(
            posting,
            &policy(),
            vec![(from, Event::Admitted), (from + 1, answered(2, refused(Remedy::Owner))), (from + 21, Event::Admitted), (from + 22, read(2, Some(vec![])))],
        )
    };
    let (posting, effects) = again(held(), 90);
    assert!(matches!(posting.state, State::Held { .. }) && effects.is_empty());
    assert_eq!(posting.held_since, Some(at(23)));
    let (posting, effects) = again(held(), 23 + 3600);
    assert!(posting.is_settled() && posting.lines.iter().all(|line| matches!(&line.fate, Fate::Rejected(refusal) if refusal.class == "Owner")));
    assert_eq!(effects, [tell(true, false)]);
    let (posting, effects) = run(held(), &policy(), vec![(90, Event::Admitted), (91, answered(2, Answer::Booked(vec![posted(1), posted(2)])))]);
    assert_eq!((effects, posting.held_since), (vec![tell(true, false)], None));
}

#[test]
fn attempts_that_are_spent_end_with_the_owner_and_what_was_never_answered_is_never_given_up() {
    let mut posting = new();
    posting = run(posting, &policy(), vec![(0, Event::First)]).0;
    let mut now = 1;
    for number in 1..=200 {
        posting = run(
            posting,
            &policy(),
            vec![(now, Event::Admitted), (now + 1, answered(number, Answer::Lost)), (now + 21, Event::Admitted), (now + 22, read(number, Some(vec![])))],
        )
        .0;
        let waits = if number < 3 { matches!(posting.state, State::Queued { .. }) } else { matches!(posting.state, State::Held { .. }) };
        assert!(waits, "{number}: {posting:?}");
        now += 100;
    }
    assert!(!posting.is_settled());
}

#[test]
fn settled_looks_for_news_by_its_schedule_and_then_it_is_over() {
    let (watching, effects) = run(settled(), &policy(), vec![(3602, Event::Admitted)]);
    assert_eq!((watching.state, effects), (State::Watching { deadline: at(3612) }, vec![Effect::Read { reading: 1, deadline: at(3612) }]));
    let all = vec![posted(1), posted(2)];
    let (posting, effects) = run(watching.clone(), &policy(), vec![(3603, read(1, Some(all.clone())))]);
    assert_eq!((posting.state, effects), (State::Settled { due: at(7202) }, vec![]));
    let (posting, effects) = run(posting, &policy(), vec![(7202, Event::Admitted), (7203, read(2, Some(all)))]);
    assert_eq!((posting.state, effects), (State::Over, vec![]));
    let (posting, effects) = run(watching.clone(), &policy(), vec![(3603, read(1, None))]);
    assert!(matches!(posting.state, State::Settled { due } if within(due, 3603, 4)) && effects.is_empty());
    let (posting, effects) = run(watching, &policy(), vec![(3612, Event::Overdue)]);
    assert!(matches!(posting.state, State::Settled { .. }) && effects.is_empty());
}

#[test]
fn a_cancellation_in_the_erp_is_news_after_the_final_outcome() {
    let found = vec![posted(1), FoundLine { line: 2, fate: Fate::Cancelled(place("49")) }];
    let (posting, effects) = run(settled(), &policy(), vec![(3602, Event::Admitted), (3603, read(1, Some(found)))]);
    assert_eq!(effects, [tell(false, false)]);
    assert!(matches!(posting.lines[1].fate, Fate::Cancelled(_)) && matches!(posting.state, State::Settled { .. }));
}

#[test]
fn a_parked_line_lets_its_order_pass_and_is_final_when_a_clerk_decided() {
    let (posting, effects) = run(intent(), &policy(), vec![(2, answered(1, Answer::Booked(vec![posted(1), parked(2)])))]);
    assert_eq!(effects, [tell(false, false)]);
    assert!(matches!(posting.state, State::Settled { due } if within(due, 2, 100)) && posting.lets_pass() && !posting.final_told);
    let look = |found| run(with_parked(), &policy(), vec![(102, Event::Admitted), (103, read(1, Some(found)))]);
    let (posting, effects) = look(vec![posted(1), parked(2)]);
    assert!(matches!(posting.state, State::Settled { .. }) && effects.is_empty());
    let (posting, effects) = look(vec![posted(1), posted(2)]);
    assert_eq!((posting.state, effects), (State::Settled { due: at(103 + 3600) }, vec![tell(true, false)]));
    let (posting, effects) = look(vec![posted(1), FoundLine { line: 2, fate: Fate::Rejected(Refusal::default()) }]);
    assert_eq!(effects, [tell(true, false)]);
    assert!(posting.final_told);
}

#[test]
fn a_line_that_stays_parked_is_final_as_such_in_the_end() {
    let (posting, effects) = run(with_parked(), &policy(), vec![(3602, Event::Admitted), (3603, read(1, Some(vec![posted(1), parked(2)])))]);
    assert_eq!(effects, [tell(true, false)]);
    assert!(posting.final_told && matches!(posting.state, State::Settled { .. }));
}

#[test]
fn a_person_settles_what_is_in_doubt_held_or_queued_and_nothing_that_is_under_way_or_settled() {
    let queued = run(new(), &policy(), vec![(0, Event::First)]).0;
    for state in [doubt(), reading(), held(), queued] {
        let (posting, effects) = run(state.clone(), &policy(), vec![(40, person(Verdict::Posted(place("77"))))]);
        assert!(posting.lines.iter().all(|line| line.fate == Fate::Posted(place("77"))));
        assert_eq!((effects, posting.settled_by.unwrap().who), (vec![tell(true, false)], "r.meier".to_owned()));
        let (posting, effects) = run(state.clone(), &policy(), vec![(40, person(Verdict::Rejected))]);
        assert!(posting.lines.iter().all(|line| matches!(&line.fate, Fate::Rejected(refusal) if refusal.class == "SETTLED")));
        assert_eq!(effects, [tell(true, false)]);
        let (posting, effects) = run(state, &policy(), vec![(40, person(Verdict::NotPosted))]);
        assert_eq!((posting.state, effects, posting.tries), (State::Queued { due: at(40) }, vec![], 0));
    }
    let over = Posting { state: State::Over, ..settled() };
    for state in [new(), intent(), settled(), over] {
        assert_eq!(run(state.clone(), &policy(), vec![(2, person(Verdict::NotPosted))]), (state, vec![Effect::Declined]));
    }
    let early = run(doubt(), &policy(), vec![(3, person(Verdict::NotPosted))]).0;
    assert_eq!(early.state, State::Queued { due: at(22) }, "what was sent may still be booked until then, whatever a person sees");
}

#[test]
fn where_nothing_can_be_read_back_refusals_are_believed_and_doubt_waits_for_a_person() {
    let policy = Policy { proof: Proof::Person, ..policy() };
    let (posting, effects) = run(intent(), &policy, vec![(2, answered(1, Answer::Lost))]);
    assert_eq!(effects, [tell(false, true)]);
    assert!(matches!(posting.state, State::Doubt { due } if due > at(1_000_000_000)));
    assert_eq!(run(posting.clone(), &policy, vec![(9, Event::Admitted)]), (posting.clone(), vec![]));
    assert_eq!(run(posting, &policy, vec![(9, person(Verdict::NotPosted))]).0.state, State::Queued { due: at(9) });
    let (posting, _) = run(intent(), &policy, vec![(2, answered(1, refused(Remedy::Retry)))]);
    assert!(matches!(posting.state, State::Queued { .. }));
    let (posting, effects) = run(intent(), &policy, vec![(2, answered(1, Answer::Booked(vec![posted(1), parked(2)])))]);
    assert_eq!(effects, [tell(true, false)]);
    assert_eq!(run(posting, &policy, vec![(3700, Event::Admitted)]).0.state, State::Over, "there is nothing to look with");
}

#[test]
fn a_line_that_stands_twice_in_the_erp_is_told() {
    let (_, effects) = run(reading(), &policy(), vec![(23, read(1, Some(vec![posted(1), posted(1), posted(2)])))]);
    assert!(matches!(&effects[..], [Effect::Tell { is_final: true, note: Some(note), .. }] if note.ends_with("line 1")), "{effects:?}");
}

#[test]
fn waits_are_the_same_after_a_restart_and_differ_between_documents() {
    let backoff = Backoff { first: SECOND, most: 64 * SECOND };
    let of = |id| (1..12).map(|tries| backoff.after(tries, state::seed_of(id))).collect::<Vec<_>>();
    assert_eq!(of("a"), of("a"));
    assert_ne!(of("a"), of("b"));
    for (tries, wait) in (1..).zip(of("a")) {
        let full = SECOND << (tries - 1).min(6);
        assert!((full / 2..=full).contains(&wait), "{tries}: {wait}");
    }
    assert_eq!(Backoff { first: 0, most: 0 }.after(3, 1), 0);
}
