//! Keys in the aggregator's stores. What varies is escaped, so that no name can reach into another's place, and times are written so that byte order is order of time.

use lineside_schemas::Timestamp;

/// How far stream time is.
pub const CLOCK: &str = "clock";
/// Since when stream time stands still.
pub const STILL: &str = "still";
/// Before every timer.
pub const DUE: &str = "due/";
/// Before every order that waits for a source.
pub const GATE: &str = "gate/";

/// `plant/order`, as records are keyed.
#[must_use]
pub fn order(plant: &str, order: &str) -> String {
    format!("{plant}/{order}")
}

/// Before every event of an order.
#[must_use]
pub fn events_of(plant: &str, order: &str) -> String {
    format!("{}/{}/", escaped(plant), escaped(order))
}

/// An event of an order.
#[must_use]
pub fn event(plant: &str, order: &str, source: &str, id: &str) -> String {
    format!("{}{}/{}", events_of(plant, order), escaped(source), escaped(id))
}

/// A posting of an order.
#[must_use]
pub fn posting(plant: &str, order: &str, sequence: i32) -> String {
    format!("{}{sequence:010}", events_of(plant, order))
}

/// A timer of an order.
#[must_use]
pub fn due(at: Timestamp, plant: &str, order: &str) -> String {
    format!("{DUE}{}/{}/{}", time(at), escaped(plant), escaped(order))
}

/// The first timer after a time.
#[must_use]
pub fn due_after(at: Timestamp) -> String {
    format!("{DUE}{}", time(at.saturating_add_micros(1)))
}

/// Before every order that waits for a source.
#[must_use]
pub fn gates_of(source: &str) -> String {
    format!("{GATE}{}/", escaped(source))
}

/// Behind every order that waits for a source.
#[must_use]
pub fn behind_gates_of(source: &str) -> String {
    // The character after the slash.
    format!("{GATE}{}0", escaped(source))
}

/// An order that waits for a source to pass a time.
#[must_use]
pub fn gate(source: &str, at: Timestamp, plant: &str, order: &str) -> String {
    format!("{}{}/{}/{}", gates_of(source), time(at), escaped(plant), escaped(order))
}

/// How far a source is.
#[must_use]
pub fn source(name: &str) -> String {
    format!("source/{}", escaped(name))
}

/// The source that a gate is about.
#[must_use]
pub fn source_of_gate(key: &str) -> Option<String> {
    let rest = key.strip_prefix(GATE)?;
    Some(rest.split('/').next()?.replace("%2F", "/").replace("%25", "%"))
}

/// Microseconds as 19 digits; what is before 1970 comes first.
fn time(at: Timestamp) -> String {
    format!("{:019}", at.micros().max(0))
}

fn escaped(text: &str) -> String {
    if text.contains(['/', '%']) { text.replace('%', "%25").replace('/', "%2F") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_reaches_into_the_place_of_another() {
        assert_ne!(event("p", "o", "a/b", "c"), event("p", "o", "a", "b/c"));
        assert_ne!(event("p", "o", "a%2Fb", "c"), event("p", "o", "a/b", "c"));
        assert!(!event("p", "o/x", "a", "b").starts_with(&events_of("p", "o")));
        assert_eq!(source_of_gate(&gate("a/b%", Timestamp::EPOCH, "p", "o")).as_deref(), Some("a/b%"));
    }

    #[test]
    fn timers_are_sorted_by_time() {
        let at = |micros| due(Timestamp::from_micros(micros), "z", "z");
        assert!(at(9) < at(10) && at(10) < due_after(Timestamp::from_micros(10)) && due_after(Timestamp::from_micros(10)) <= at(11));
        assert!(gate("s", Timestamp::EPOCH, "p", "o").as_str() < behind_gates_of("s").as_str());
    }
}
