//! Looking up what an event refers to.

use std::cell::{Cell, RefCell};

use lineside_api::Refusal;
use lineside_schemas::{Decimal, Timestamp};

use super::Reading;
use super::evaluate::Found;
use super::recorder::Origin;
use super::select::Selected;
use crate::document::Kind;
use crate::mapping::{OnMissing, PerItem, Referring};
use crate::master::{Answer, MasterData, MasterEntity, Match, MissingReference, Ratio, Reference};
use crate::refusals::{Checked, Code, Fault, shown};

/// Missing references of one record that are told apart; beyond that only those found first are waited for.
const MISSING_MAX: usize = 32;

/// Whose key a waiting event has, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Aggregate {
    /// Canonical topic.
    pub topic: &'static str,
    /// Plant.
    pub plant: Box<str>,
    /// Key; `None` where it needs what is missing, so that it may be any of the plant's.
    pub key: Option<Box<str>>,
}

/// Master data at hand, and what of it a record lacks.
pub(super) struct Consulted<'a> {
    data: &'a dyn MasterData,
    /// Plant and source time of the event that is being made.
    event: Cell<Option<(&'a str, Timestamp)>>,
    lacking: RefCell<Lacking>,
}

/// What a record lacks.
#[derive(Debug, Default)]
pub(super) struct Lacking {
    pub(super) missing: Vec<MissingReference>,
    /// Aggregates of the events that cannot be made yet.
    pub(super) aggregates: Vec<Aggregate>,
    /// Why the first of them cannot.
    pub(super) refusal: Option<Box<Refusal>>,
}

impl<'a> Consulted<'a> {
    pub(super) fn new(data: &'a dyn MasterData) -> Self {
        Self { data, event: Cell::new(None), lacking: RefCell::default() }
    }

    pub(super) fn take_lacking(&self) -> Lacking {
        self.lacking.take()
    }

    /// Says which event comes now.
    pub(super) fn at(&self, plant: &'a str, time: Timestamp) {
        self.event.set(Some((plant, time)));
    }

    /// Takes note of an event that has to wait for a reference; `refuse` says why the record is refused if it may not.
    pub(super) fn note(&self, aggregate: Aggregate, missing: MissingReference, refuse: impl FnOnce() -> Box<Refusal>) {
        let mut lacking = self.lacking.borrow_mut();
        if lacking.missing.len() < MISSING_MAX && !lacking.missing.contains(&missing) {
            lacking.missing.push(missing);
        }
        if !lacking.aggregates.contains(&aggregate) {
            lacking.aggregates.push(aggregate);
        }
        lacking.refusal.get_or_insert_with(refuse);
    }
}

impl<'a> Reading<'a> {
    /// The value that master data has for an identifier; nothing where there is no identifier.
    pub(super) fn referred(&self, referring: &'a Referring, selected: Selected) -> Checked<Option<Found<'a>>> {
        let Some(scheme) = self.evaluate(&referring.scheme, selected)? else { return Ok(None) };
        let Some(id) = self.evaluate(&referring.source, selected)? else { return Ok(None) };
        let (scheme, text) = (self.checked_text(&scheme, false)?, self.checked_text(&id, false)?);
        let found = match self.looked_up(referring.entity, scheme, text, |reference| reference.kind = referring.kind) {
            Ok(found) => found,
            Err(Unanswered { fault, .. }) if fault.code == Code::AmbiguousReference => return Err(self.at(*fault, &id)),
            Err(_) if referring.missing == OnMissing::Keep => return Ok(Some(id)),
            Err(unanswered) => return Err(self.at(unanswered.under(referring.missing), &id)),
        };
        let value = if referring.gives_operation { found.operation } else { Some(found.value) };
        let Some(value) = value.filter(|value| !value.is_empty()) else { return Ok(None) };
        if let Some(recorder) = self.recorder {
            recorder.found_within(|source| origin(referring.entity, scheme, text, value, &found, source));
        }
        Ok(Some(Found { text: value, kind: Kind::Text, ..id }))
    }

    /// An amount of an item's own unit in the base unit, or in the unit's common code where it is to be left so.
    pub(super) fn converted(&self, per_item: &'a PerItem, amount: (Decimal, &Found<'a>), unit: &Found<'a>, selected: Selected) -> Checked<(Decimal, &'a str)> {
        let mark = self.recorder.map_or(0, super::recorder::Recorder::height);
        let item = self.needed(&per_item.item, "item", selected)?;
        let item = self.checked_text(&item, false)?;
        if let Some(recorder) = self.recorder {
            recorder.found_as(mark, |_| None);
        }
        let text = self.checked_text(unit, false)?;
        let found = self.looked_up(MasterEntity::Unit, item, text, |_| {}).map_err(|unanswered| self.at(unanswered.under(per_item.missing), unit))?;
        let Some(ratio) = found.ratio else { return Err(Fault::new(Code::ContractMismatch, "a unit without a ratio")) };
        let (value, code) = match in_base_units(amount.0, ratio) {
            Ok(value) => (value, &*ratio.base_unit),
            Err(Code::NumberTooFine) if per_item.keeps_inexact => (amount.0, &*ratio.unit),
            Err(code) => {
                let Ratio { quantity, unit: code_of_unit, base_quantity, base_unit } = ratio;
                let message = format!(
                    "{} {} of item {} are no exact number of {base_unit}: {quantity} {code_of_unit} are {base_quantity} {base_unit}",
                    amount.0,
                    shown(text),
                    shown(item)
                );
                return Err(self.at(Fault::new(code, message), amount.1));
            }
        };
        if let Some(recorder) = self.recorder {
            let said = format!("{} {} = {} {}", ratio.quantity, ratio.unit, ratio.base_quantity, ratio.base_unit);
            recorder.noted_within("value", |source| origin(MasterEntity::Unit, item, text, &said, &found, source));
            recorder.found_within(|source| origin(MasterEntity::Unit, item, text, code, &found, source));
        }
        Ok((value, code))
    }

    fn looked_up(&self, entity: MasterEntity, scheme: &str, id: &str, more: impl FnOnce(&mut Reference<'_>)) -> Result<Match<'a>, Unanswered> {
        let event = self.master.and_then(|master| Some((master.data, master.event.get()?)));
        let (plant, at) = event.map_or((&*self.plan.plant, Timestamp::EPOCH), |(_, event)| event);
        let mut reference = Reference { entity, plant, scheme, id, kind: None, at };
        more(&mut reference);
        let answer = event.map_or(Answer::Missing { is_known: false }, |(data, _)| data.find(&reference));
        let missing = MissingReference::of(&reference);
        match answer {
            Answer::Found(found) => Ok(found),
            Answer::Ambiguous(keys) => {
                let message = format!("{} is claimed by several at {at}: {}", missing.key, keys.join(", "));
                Err(Unanswered { fault: Box::new(Fault::new(Code::AmbiguousReference, message)), missing })
            }
            Answer::Missing { is_known } => {
                let when = match (event, is_known) {
                    (None, _) => " is not known: there is no master data here".to_owned(),
                    (Some(_), true) => format!(" does not hold at {at}; master data has it for other times"),
                    (Some(_), false) => " is not in the master data".to_owned(),
                };
                Err(Unanswered { fault: Box::new(Fault::new(Code::ReferenceMissing, format!("{}{when}", missing.key))), missing })
            }
        }
    }
}

/// A reference without an answer.
struct Unanswered {
    fault: Box<Fault>,
    missing: MissingReference,
}

impl Unanswered {
    /// The fault, which a record can wait for unless it is to be refused.
    fn under(self, missing: OnMissing) -> Fault {
        let waits = missing == OnMissing::Park && self.fault.code == Code::ReferenceMissing;
        if waits { self.fault.waiting_for(self.missing) } else { *self.fault }
    }
}

fn origin(entity: MasterEntity, scheme: &str, id: &str, value: &str, found: &Match<'_>, source: Origin) -> Origin {
    let version = found.version;
    Origin::Master {
        entity: entity.name(),
        scheme: scheme.to_owned(),
        id: id.to_owned(),
        value: value.to_owned(),
        key: version.key.to_owned(),
        version: version.source_time,
        raw: (version.raw.0.to_owned(), version.raw.1, version.raw.2),
        source: Box::new(source),
    }
}

/// `value * base / quantity`, exact or not at all.
fn in_base_units(value: Decimal, ratio: &Ratio) -> Result<Decimal, Code> {
    let (base, quantity) = (ratio.base_quantity.unscaled(), ratio.quantity.unscaled());
    let common = gcd(base, quantity);
    let (base, quantity) = (base / common, quantity / common);
    // Both have no common factor any more, so the quotient is whole just where the amount alone can be divided.
    if value.unscaled() % quantity != 0 {
        return Err(Code::NumberTooFine);
    }
    (value.unscaled() / quantity).checked_mul(base).and_then(Decimal::from_unscaled).ok_or(Code::NumberTooLarge)
}

/// Greatest common divisor of two numbers above zero.
const fn gcd(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ratio(quantity: &str, base: &str) -> Ratio {
        Ratio { quantity: quantity.parse().unwrap(), unit: "XBX".into(), base_quantity: base.parse().unwrap(), base_unit: "KGM".into() }
    }

    #[test]
    fn amounts_convert_exactly_or_not_at_all() {
        let converted = |value: &str, quantity: &str, base: &str| in_base_units(value.parse().unwrap(), &ratio(quantity, base)).map(|value| value.to_string());
        assert_eq!(converted("2", "1", "25").as_deref(), Ok("50"));
        assert_eq!(converted("-0.5", "2", "25").as_deref(), Ok("-6.25"));
        assert_eq!(converted("3", "3", "1").as_deref(), Ok("1"));
        assert_eq!(converted("1", "3", "1"), Err(Code::NumberTooFine));
        assert_eq!(converted("0.000000001", "2", "1"), Err(Code::NumberTooFine));
        assert_eq!(converted("99999999999999999999999999999", "1", "1000"), Err(Code::NumberTooLarge));
    }

    proptest! {
        #[test]
        fn what_is_converted_is_so_to_the_last_digit(value in -10_i64.pow(12)..10_i64.pow(12), quantity in 1_i64..100_000, base in 1_i64..100_000) {
            let decimal = |unscaled: i64| Decimal::from_unscaled(unscaled.into()).unwrap();
            let ratio = Ratio { quantity: decimal(quantity), unit: "XBX".into(), base_quantity: decimal(base), base_unit: "KGM".into() };
            match in_base_units(decimal(value), &ratio) {
                Ok(converted) => prop_assert_eq!(converted.unscaled() * i128::from(quantity), i128::from(value) * i128::from(base)),
                Err(code) => {
                    prop_assert_eq!(code, Code::NumberTooFine);
                    prop_assert!((i128::from(value) * i128::from(base)) % i128::from(quantity) != 0);
                }
            }
        }
    }
}
