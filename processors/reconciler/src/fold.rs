//! The lines as postings count them: what was reported in another unit, or at no operation, is part of the line that it is posted on.

use lineside_schemas::Decimal;

use crate::account::{Account, Effect, Kind, Line, LineKey};
use crate::rounding::{Exact, Ratio, plus, scaled};

/// A line of an account has its place in one of the folded lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    line: usize,
    ratio: Ratio,
}

/// Lines as postings count them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folded {
    /// Lines; amounts to nine digits.
    pub lines: Vec<Line>,
    /// What postings are made of, by line, exactly: covered and surplus, less what the ERP booked on its own.
    pub bases: Vec<Exact>,
    /// The same with everything that is accepted.
    pub alls: Vec<Exact>,
    places: Vec<Place>,
}

impl Folded {
    /// The lines of an account.
    #[must_use]
    pub fn of(account: &Account) -> Self {
        let mut folded = Self::default();
        for line in &account.lines {
            let (key, ratio) = target(account, &line.key);
            let at = folded.lines.iter().position(|known| known.key == key).unwrap_or_else(|| {
                folded.lines.push(Line::new(key));
                folded.bases.push(Exact::ZERO);
                folded.alls.push(Exact::ZERO);
                folded.lines.len() - 1
            });
            folded.places.push(Place { line: at, ratio });
            add(&mut folded.lines[at], line, ratio);
            for amount in [line.covered, line.surplus, line.booked.negated()] {
                folded.bases[at] = folded.bases[at].plus(amount, ratio);
            }
            for amount in [line.net, line.surplus, line.booked.negated()] {
                folded.alls[at] = folded.alls[at].plus(amount, ratio);
            }
        }
        // What no posting covers is no part of what may be posted.
        for effect in account.exclusions.iter().filter(|exclusion| exclusion.is_missed).flat_map(|exclusion| &exclusion.effects) {
            if let Some(place) = folded.places.get(effect.line) {
                folded.alls[place.line] = folded.alls[place.line].plus(effect.amount.negated(), place.ratio);
            }
        }
        folded
    }

    /// An effect on a line of the account, as one on a folded line.
    #[must_use]
    pub fn effect(&self, effect: Effect) -> Option<Effect> {
        self.places.get(effect.line).map(|place| Effect { line: place.line, amount: scaled(effect.amount, place.ratio) })
    }

    /// Sum of effects on a folded line.
    pub fn sum<'e>(&self, line: usize, effects: impl Iterator<Item = &'e Effect>) -> Decimal {
        effects.filter_map(|effect| self.effect(*effect)).filter(|effect| effect.line == line).fold(Decimal::ZERO, |sum, effect| plus(sum, effect.amount))
    }
}

/// The line that a line is posted on, and how its unit counts there.
fn target(account: &Account, key: &LineKey) -> (LineKey, Ratio) {
    let of_operation = matches!(key.kind, Kind::Yield | Kind::Scrap | Kind::Rework);
    if of_operation {
        let named = key.operation.as_deref().is_some_and(|operation| !operation.is_empty());
        return match (&account.last_operation, named) {
            (Some(last), false) => (LineKey { operation: Some(last.clone()), ..key.clone() }, Ratio::ONE),
            _ => (key.clone(), Ratio::ONE),
        };
    }
    let item = key.item.as_deref().unwrap_or_default();
    match account.conversions.iter().rev().find(|conversion| conversion.item == item && conversion.unit == key.unit) {
        Some(conversion) => (LineKey { unit: conversion.counted_unit.clone(), ..key.clone() }, conversion.ratio),
        None => (key.clone(), Ratio::ONE),
    }
}

fn add(sum: &mut Line, line: &Line, ratio: Ratio) {
    let counted = |amount| scaled(amount, ratio);
    for (into, amount) in [
        (&mut sum.net, line.net),
        (&mut sum.covered, line.covered),
        (&mut sum.surplus, line.surplus),
        (&mut sum.posted, line.posted),
        (&mut sum.matched, line.matched),
        (&mut sum.held, line.held),
        (&mut sum.booked, line.booked),
        (&mut sum.answered.confirmed, line.answered.confirmed),
        (&mut sum.answered.parked, line.answered.parked),
        (&mut sum.answered.rejected, line.answered.rejected),
        (&mut sum.answered.in_doubt, line.answered.in_doubt),
        (&mut sum.answered.cancelled, line.answered.cancelled),
    ] {
        *into = plus(*into, counted(amount));
    }
    if line.held_reason.is_some() {
        sum.held_reason.clone_from(&line.held_reason);
    }
    sum.finals += line.finals;
    sum.posted_final |= line.posted_final;
    sum.is_unjudged |= line.is_unjudged;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Conversion;

    #[test]
    fn what_was_reported_in_another_unit_is_part_of_the_line_that_it_is_posted_on() {
        let mut account = Account::new("p", "o", "p/o");
        for (unit, net) in [("KGM", "1.5"), ("GRM", "250")] {
            let line = account.line(LineKey::output(Kind::Receipt, "RM-1", None, None, unit));
            (account.lines[line].net, account.lines[line].covered) = (net.parse().unwrap(), net.parse().unwrap());
        }
        assert_eq!(Folded::of(&account).lines.len(), 2);
        let ratio = Ratio { quantity: Decimal::from_int(1000), counted: Decimal::ONE };
        account.conversions.push(Conversion { item: "RM-1".to_owned(), unit: "GRM".to_owned(), counted_unit: "KGM".to_owned(), ratio });
        let folded = Folded::of(&account);
        assert_eq!((folded.lines.len(), folded.lines[0].net, folded.bases[0].nine_digits()), (1, "1.75".parse().unwrap(), "1.75".parse().unwrap()));
        let effect = folded.effect(Effect { line: 1, amount: Decimal::from_int(100) }).unwrap();
        assert_eq!((effect.line, effect.amount), (0, "0.1".parse().unwrap()));
    }

    #[test]
    fn what_names_no_operation_belongs_to_the_last_one_of_the_plan() {
        let mut account = Account::new("p", "o", "p/o");
        account.line(LineKey::operation(Kind::Scrap, "", "C62"));
        account.last_operation = Some("0020".to_owned());
        assert_eq!(Folded::of(&account).lines[0].key.operation.as_deref(), Some("0020"));
    }
}
