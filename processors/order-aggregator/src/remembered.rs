//! Which event was undone by which, whatever order they arrive in.
//!
//! Single events are not in the books of an order but in a store of their own, so that the books stay small however many there are. A reversal that comes first leaves a place
//! for its event there.

use lineside_schemas::Decimal;
use lineside_schemas::records::RememberedKind;

use crate::error::LedgerError;

/// Reversals of reversals that are followed; a longer chain is refused.
pub const LONGEST_CHAIN: usize = 64;

/// An event that a reversal may still name, or that one named before it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// What it is to a reversal.
    pub kind: RememberedKind,
    /// It counts.
    pub in_effect: bool,
    /// What it adds to which sum of the ledger, while it counts.
    pub effects: Vec<(i32, Decimal)>,
    /// Operation and unit that it finally confirmed.
    pub final_of: Option<(String, String)>,
    /// Serial numbers.
    pub serials: Vec<String>,
    /// Of a reversal: the event that it names.
    pub reverses: Option<String>,
    /// Reversal that names it, and what that is.
    pub reversed_by: Option<(String, RememberedKind)>,
    /// Of a reversal: its rule lets it undo a reversal.
    pub reinstates: bool,
}

impl Remembered {
    /// A place for an event that was not seen.
    pub const NOT_SEEN: Self = Self {
        kind: RememberedKind::NotSeen,
        in_effect: false,
        effects: Vec::new(),
        final_of: None,
        serials: Vec::new(),
        reverses: None,
        reversed_by: None,
        reinstates: false,
    };

    /// True if this reversal undoes events of a kind: those of its own, and reversals where its rule says so.
    #[must_use]
    pub fn undoes(&self, kind: RememberedKind) -> bool {
        match (self.kind, kind) {
            (RememberedKind::ConsumptionReversal, RememberedKind::Consumption)
            | (RememberedKind::ProductReversal, RememberedKind::Product)
            | (RememberedKind::ConfirmationReversal, RememberedKind::Confirmation) => true,
            (by, of) => by == of && is_reversal(by) && self.reinstates,
        }
    }
}

/// True for a kind that undoes others.
#[must_use]
pub const fn is_reversal(kind: RememberedKind) -> bool {
    matches!(kind, RememberedKind::ConsumptionReversal | RememberedKind::ProductReversal | RememberedKind::ConfirmationReversal)
}

/// Where the events of an order are remembered.
pub trait Memory {
    /// An event, by its source and id.
    fn recall(&mut self, source: &str, id: &str) -> Option<Remembered>;
    /// Remembers an event.
    fn remember(&mut self, source: &str, id: &str, event: &Remembered);
}

/// What a reversal came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reversed {
    /// It was seen before.
    Repeated,
    /// It waits: its event was not seen, or is nothing that it undoes.
    Waits {
        /// It names a reversal.
        names_reversal: bool,
    },
    /// It changes nothing, because it is undone itself.
    Undone,
    /// An event counts no more, or counts again.
    Changed {
        /// What changed: its effects, final mark and serial numbers.
        event: Box<Remembered>,
    },
}

/// True if an event of this kind counts, by the reversal that named it before it came.
pub fn counts(kind: RememberedKind, placed: &Remembered, source: &str, memory: &mut dyn Memory) -> bool {
    let Some((by, _)) = &placed.reversed_by else { return true };
    memory.recall(source, by).is_none_or(|by| !by.undoes(kind) || !by.in_effect)
}

/// True if the reversal that named an event before it came is one that undoes its kind: then it waits no more, whether or not it is in effect itself.
pub fn was_awaited(kind: RememberedKind, placed: &Remembered, source: &str, memory: &mut dyn Memory) -> bool {
    placed.reversed_by.as_ref().and_then(|(by, _)| memory.recall(source, by)).is_some_and(|by| by.undoes(kind))
}

/// Remembers a reversal, and undoes what it names.
///
/// # Errors
/// [`LedgerError::AlreadyReversed`], [`LedgerError::ReversalChainTooLong`].
pub fn reverse(source: &str, id: &str, names: &str, kind: RememberedKind, reinstates: bool, memory: &mut dyn Memory) -> Result<Reversed, LedgerError> {
    let placed = memory.recall(source, id).unwrap_or(Remembered::NOT_SEEN);
    if placed.kind != RememberedKind::NotSeen {
        return Ok(Reversed::Repeated);
    }
    let mut target = memory.recall(source, names).unwrap_or(Remembered::NOT_SEEN);
    if let Some((by, _)) = &target.reversed_by {
        return Err(LedgerError::AlreadyReversed { event_id: names.to_owned(), by_event_id: by.clone() });
    }
    let in_effect = counts(kind, &placed, source, memory);
    let reversal = Remembered { kind, in_effect, reverses: Some(names.to_owned()), reversed_by: placed.reversed_by, reinstates, ..Remembered::NOT_SEEN };
    memory.remember(source, id, &reversal);
    if names == id {
        return Ok(Reversed::Waits { names_reversal: true });
    }
    target.reversed_by = Some((id.to_owned(), kind));
    memory.remember(source, names, &target);
    if !reversal.undoes(target.kind) {
        return Ok(Reversed::Waits { names_reversal: is_reversal(target.kind) });
    }
    if !in_effect {
        return Ok(Reversed::Undone);
    }
    set_in_effect(source, names, false, memory).map(|changed| changed.map_or(Reversed::Undone, |event| Reversed::Changed { event: Box::new(event) }))
}

/// Makes an event count or not; where it is a reversal, what it names turns the other way, down to an event that moves amounts. Gives that one, if one changed.
fn set_in_effect(source: &str, id: &str, in_effect: bool, memory: &mut dyn Memory) -> Result<Option<Remembered>, LedgerError> {
    let (mut id, mut in_effect) = (id.to_owned(), in_effect);
    for _ in 0..LONGEST_CHAIN {
        let Some(mut event) = memory.recall(source, &id).filter(|event| event.in_effect != in_effect && event.kind != RememberedKind::NotSeen) else { return Ok(None) };
        event.in_effect = in_effect;
        memory.remember(source, &id, &event);
        let Some(next) = event.reverses.clone() else { return Ok(Some(event)) };
        let undoes = memory.recall(source, &next).is_some_and(|named| event.undoes(named.kind));
        if !undoes {
            return Ok(None);
        }
        (id, in_effect) = (next, !in_effect);
    }
    Err(LedgerError::ReversalChainTooLong { event_id: id, most: LONGEST_CHAIN })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Default)]
    struct Map(BTreeMap<String, Remembered>);

    impl Memory for Map {
        fn recall(&mut self, _source: &str, id: &str) -> Option<Remembered> {
            self.0.get(id).cloned()
        }

        fn remember(&mut self, _source: &str, id: &str, event: &Remembered) {
            self.0.insert(id.to_owned(), event.clone());
        }
    }

    fn consume(memory: &mut Map, id: &str) -> bool {
        let placed = memory.recall("s", id).unwrap_or(Remembered::NOT_SEEN);
        let in_effect = counts(RememberedKind::Consumption, &placed, "s", memory);
        memory.remember("s", id, &Remembered { kind: RememberedKind::Consumption, in_effect, ..placed });
        in_effect
    }

    fn undo(memory: &mut Map, id: &str, names: &str, reinstates: bool) -> Reversed {
        reverse("s", id, names, RememberedKind::ConsumptionReversal, reinstates, memory).unwrap()
    }

    #[test]
    fn a_reversal_of_a_reversal_reinstates_where_the_rule_says_so_in_every_order_of_arrival() {
        for reinstates in [true, false] {
            for order in
                [["use", "undo", "redo"], ["use", "redo", "undo"], ["undo", "use", "redo"], ["undo", "redo", "use"], ["redo", "use", "undo"], ["redo", "undo", "use"]]
            {
                let mut memory = Map::default();
                for id in order {
                    match id {
                        "use" => drop(consume(&mut memory, "use")),
                        "undo" => drop(undo(&mut memory, "undo", "use", reinstates)),
                        _ => drop(undo(&mut memory, "redo", "undo", reinstates)),
                    }
                }
                assert_eq!(memory.0["use"].in_effect, reinstates, "{order:?}");
            }
        }
    }

    #[test]
    fn reversals_that_name_themselves_or_each_other_change_nothing() {
        let mut memory = Map::default();
        assert_eq!(undo(&mut memory, "a", "a", true), Reversed::Waits { names_reversal: true });
        assert_eq!(undo(&mut memory, "b", "c", true), Reversed::Waits { names_reversal: false });
        assert_eq!(undo(&mut memory, "c", "b", true), Reversed::Undone);
        assert_eq!(undo(&mut memory, "c", "b", true), Reversed::Repeated);
    }

    #[test]
    fn a_chain_without_end_is_refused() {
        let mut memory = Map::default();
        consume(&mut memory, "0");
        let result = (1..=LONGEST_CHAIN + 1)
            .map(|number| reverse("s", &number.to_string(), &(number - 1).to_string(), RememberedKind::ConsumptionReversal, true, &mut memory))
            .find(Result::is_err);
        assert!(matches!(result, Some(Err(LedgerError::ReversalChainTooLong { .. }))));
    }

    #[test]
    fn a_reversal_undoes_only_what_is_of_its_kind() {
        let mut memory = Map::default();
        consume(&mut memory, "use");
        let other = reverse("s", "r", "use", RememberedKind::ConfirmationReversal, true, &mut memory);
        assert_eq!(other, Ok(Reversed::Waits { names_reversal: false }));
        assert!(memory.0["use"].in_effect);
        assert!(matches!(reverse("s", "q", "use", RememberedKind::ConsumptionReversal, true, &mut memory), Err(LedgerError::AlreadyReversed { .. })));
    }
}
