//! Which dead letters are wanted.

use lineside_schemas::Timestamp;
use lineside_schemas::records::{DeadLetter, ErrorClass};
use lineside_topology::topics::RAW_PREFIX;

use super::arguments::FilterArguments;

/// What a dead letter must be to be chosen; what is not said admits all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Class.
    pub class: Option<ErrorClass>,
    /// One of these codes; none admits all.
    pub codes: Vec<String>,
    /// Plant.
    pub plant: Option<String>,
    /// Source of the raw record.
    pub source: Option<String>,
    /// Partner.
    pub partner: Option<String>,
    /// Correlation id.
    pub correlation_id: Option<String>,
    /// Refused at that time or later.
    pub since: Option<Timestamp>,
    /// Refused before that time.
    pub until: Option<Timestamp>,
}

impl Filter {
    /// What the arguments say, when the clock shows `now`. Which processor is a matter of topics.
    #[must_use]
    pub fn of(arguments: &FilterArguments, now: Timestamp) -> Self {
        Self {
            class: arguments.class.map(ErrorClass::from),
            codes: arguments.code.clone(),
            plant: arguments.plant.clone(),
            source: arguments.source.clone(),
            partner: arguments.partner.clone(),
            correlation_id: arguments.correlation_id.clone(),
            since: arguments.since.map(|moment| moment.instant(now)),
            until: arguments.until.map(|moment| moment.instant(now)),
        }
    }

    /// Whether a dead letter written at that time is wanted.
    #[must_use]
    pub fn admits(&self, letter: &DeadLetter<'_>, written: Timestamp) -> bool {
        let same = |wanted: &Option<String>, found: Option<&str>| wanted.as_deref().is_none_or(|wanted| found == Some(wanted));
        self.class.is_none_or(|class| letter.class == class)
            && (self.codes.is_empty() || self.codes.iter().any(|code| code == letter.code))
            && same(&self.plant, letter.plant)
            && same(&self.source, source_of(letter))
            && same(&self.partner, letter.partner)
            && same(&self.correlation_id, letter.correlation_id)
            && self.since.is_none_or(|since| written >= since)
            && self.until.is_none_or(|until| written < until)
    }
}

/// Source of the raw record behind a dead letter, from the name of its topic.
#[must_use]
pub fn source_of<'a>(letter: &DeadLetter<'a>) -> Option<&'a str> {
    let of_topic = |topic: &'a str| topic.strip_prefix(RAW_PREFIX);
    of_topic(letter.topic).or_else(|| letter.raw.as_ref().and_then(|raw| of_topic(raw.topic)))
}

#[cfg(test)]
mod tests {
    use super::super::letter::tests::{WRITTEN, letter};
    use super::*;

    fn admits(change: impl FnOnce(&mut Filter)) -> bool {
        let mut filter = Filter::default();
        change(&mut filter);
        filter.admits(&letter(), WRITTEN)
    }

    #[test]
    fn nothing_said_admits_all() {
        assert!(admits(|_| {}));
    }

    #[test]
    fn every_word_narrows() {
        let text = |text: &str| Some(text.to_owned());
        assert!(admits(|filter| filter.class = Some(ErrorClass::DataQuality)) && !admits(|filter| filter.class = Some(ErrorClass::Partner)));
        assert!(admits(|filter| filter.codes = vec!["x".to_owned(), "unknown-unit".to_owned()]) && !admits(|filter| filter.codes = vec!["x".to_owned()]));
        assert!(admits(|filter| filter.plant = text("plant-a")) && !admits(|filter| filter.plant = text("plant-b")));
        assert!(admits(|filter| filter.source = text("plant-a.mes")) && !admits(|filter| filter.source = text("plant-a")));
        assert!(admits(|filter| filter.partner = text("ACME")) && !admits(|filter| filter.partner = text("acme")));
        assert!(admits(|filter| filter.correlation_id = text("plant-a/4711")) && !admits(|filter| filter.correlation_id = text("4711")));
    }

    #[test]
    fn times_hold_their_beginning_and_not_their_end() {
        let after = WRITTEN.saturating_add_micros(1);
        assert!(admits(|filter| filter.since = Some(WRITTEN)) && !admits(|filter| filter.since = Some(after)));
        assert!(admits(|filter| filter.until = Some(after)) && !admits(|filter| filter.until = Some(WRITTEN)));
    }

    #[test]
    fn what_a_dead_letter_does_not_tell_is_not_what_was_asked_for() {
        let bare = DeadLetter { plant: None, partner: None, correlation_id: None, topic: "normalized", raw: None, ..letter() };
        for filter in [
            Filter { plant: Some(String::new()), ..Filter::default() },
            Filter { partner: Some("ACME".to_owned()), ..Filter::default() },
            Filter { source: Some("plant-a.mes".to_owned()), ..Filter::default() },
            Filter { correlation_id: Some("x".to_owned()), ..Filter::default() },
        ] {
            assert!(!filter.admits(&bare, WRITTEN), "{filter:?}");
        }
    }

    #[test]
    fn the_source_is_found_behind_an_internal_topic() {
        assert_eq!(source_of(&DeadLetter { topic: "normalized", ..letter() }), Some("plant-a.mes"));
        assert_eq!(source_of(&DeadLetter { topic: "raw.plant-b.b2mml", ..letter() }), Some("plant-b.b2mml"));
        assert_eq!(source_of(&DeadLetter { topic: "normalized", raw: None, ..letter() }), None);
    }
}
