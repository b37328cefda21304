use super::*;

const SECOND: i64 = 1_000_000;

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros)
}

fn gate(limits: Limits) -> Gate {
    Gate::new(limits)
}

fn admit(gate: &mut Gate, call: &str, plant: &str, now: i64) -> Result<(), Shut> {
    gate.admit(call, plant, at(now + 30 * SECOND), at(now))
}

#[test]
fn calls_are_bounded_in_all_and_per_plant() {
    let mut gate = gate(Limits { calls: 3, calls_per_plant: 2, ..Limits::default() });
    assert_eq!(admit(&mut gate, "1", "a", 0), Ok(()));
    assert_eq!(admit(&mut gate, "2", "a", 0), Ok(()));
    assert_eq!(admit(&mut gate, "3", "a", 0), Err(Shut::Plant));
    assert_eq!(admit(&mut gate, "3", "b", 0), Ok(()));
    assert_eq!(admit(&mut gate, "4", "c", 0), Err(Shut::All));
    gate.ended("1", Health::Well, at(1));
    assert_eq!(admit(&mut gate, "4", "c", 1), Ok(()));
    assert_eq!(gate.under_way(), 3);
}

#[test]
fn plants_that_want_more_than_there_is_get_equal_shares() {
    let mut gate = gate(Limits { calls: 8, calls_per_plant: 8, ..Limits::default() });
    for call in 0..4 {
        assert_eq!(admit(&mut gate, &format!("a{call}"), "a", 0), Ok(()));
    }
    assert_eq!(admit(&mut gate, "b0", "b", 0), Ok(()));
    assert_eq!(admit(&mut gate, "a4", "a", 0), Err(Shut::Plant), "b asks too, so that a has four of eight");
    for call in 1..4 {
        assert_eq!(admit(&mut gate, &format!("b{call}"), "b", 0), Ok(()));
    }
    assert_eq!(admit(&mut gate, "b4", "b", 0), Err(Shut::All));
    // A plant that is silent for a while leaves its share to the others.
    for call in 0..4 {
        gate.ended(&format!("b{call}"), Health::Well, at(1));
    }
    assert_eq!(admit(&mut gate, "a4", "a", 10 * SECOND), Ok(()));
}

#[test]
fn no_more_than_so_many_calls_go_per_second() {
    let mut gate = gate(Limits { calls: 1000, calls_per_plant: 1000, per_second: Some(50), ..Limits::default() });
    let mut made = Vec::new();
    for milli in 0..4000_i64 {
        let call = milli.to_string();
        if admit(&mut gate, &call, "a", milli * 1000) == Ok(()) {
            gate.ended(&call, Health::Well, at(milli * 1000));
            made.push(milli);
        }
    }
    assert!((195..=206).contains(&made.len()), "{} in four seconds", made.len());
    let most = (0..3000).map(|from| made.iter().filter(|milli| (from..from + 1000).contains(*milli)).count()).max().unwrap();
    assert!(most <= 55, "{most} within a second");
}

#[test]
fn an_erp_that_does_not_answer_is_left_in_peace_and_tried_with_one_call() {
    let mut gate = gate(Limits { calls: 8, calls_per_plant: 8, trip_after: 3, ..Limits::default() });
    for call in ["1", "2", "3"] {
        admit(&mut gate, call, "a", 0).unwrap();
        gate.ended(call, Health::Failing(None), at(1));
    }
    assert_eq!((gate.phase(), admit(&mut gate, "4", "a", 2)), (Phase::Open, Err(Shut::All)));
    assert_eq!(admit(&mut gate, "4", "a", SECOND + 1), Ok(()));
    assert_eq!((gate.phase(), admit(&mut gate, "5", "a", SECOND + 1)), (Phase::HalfOpen, Err(Shut::All)));
    gate.ended("4", Health::Failing(None), at(SECOND + 2));
    assert_eq!(admit(&mut gate, "5", "a", SECOND + 3), Err(Shut::All));
    assert_eq!(admit(&mut gate, "5", "a", 4 * SECOND), Ok(()));
    gate.ended("5", Health::Well, at(4 * SECOND));
    let together = (0..8).filter(|call| admit(&mut gate, &format!("n{call}"), "a", 4 * SECOND).is_ok()).count();
    assert_eq!((gate.phase(), together), (Phase::Closed, 2), "it is not flooded with what waited");
    gate.ended("n0", Health::Well, at(4 * SECOND));
    gate.ended("n1", Health::Well, at(4 * SECOND));
    assert_eq!((0..8).filter(|call| admit(&mut gate, &format!("m{call}"), "a", 4 * SECOND).is_ok()).count(), 4);
}

#[test]
fn a_call_of_which_nothing_is_heard_counts_as_a_failure_and_frees_its_place() {
    let mut gate = gate(Limits { calls: 1, calls_per_plant: 1, trip_after: 1, ..Limits::default() });
    admit(&mut gate, "1", "a", 0).unwrap();
    assert_eq!(admit(&mut gate, "2", "a", 30 * SECOND), Err(Shut::All));
    assert_eq!(admit(&mut gate, "2", "a", 31 * SECOND), Err(Shut::All));
    assert_eq!(gate.phase(), Phase::Open);
    assert_eq!(admit(&mut gate, "2", "a", 33 * SECOND), Ok(()));
}

#[test]
fn the_erp_is_silent_for_as_long_as_it_asks_for() {
    let mut gate = gate(Limits::default());
    admit(&mut gate, "1", "a", 0).unwrap();
    gate.ended("1", Health::Busy(at(7 * SECOND)), at(1));
    assert_eq!(gate.phase(), Phase::Closed);
    assert_eq!(admit(&mut gate, "2", "b", 7 * SECOND - 1), Err(Shut::All));
    assert_eq!(admit(&mut gate, "2", "b", 7 * SECOND), Ok(()));
}

#[test]
fn a_call_that_is_withdrawn_leaves_its_place_to_another() {
    let mut gate = gate(Limits { calls: 1, calls_per_plant: 1, trip_after: 1, ..Limits::default() });
    admit(&mut gate, "1", "a", 0).unwrap();
    gate.withdrawn("1");
    assert_eq!(admit(&mut gate, "2", "a", 0), Ok(()));
    gate.ended("2", Health::Failing(None), at(0));
    assert_eq!(admit(&mut gate, "3", "a", 2 * SECOND), Ok(()));
    gate.withdrawn("3");
    assert_eq!(admit(&mut gate, "4", "a", 2 * SECOND), Ok(()), "the try is still to be made");
}
