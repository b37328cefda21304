//! What is looked for, whatever the dialect it was asked in.

use crate::command::{ConfirmationNumber, DocumentNumber};
use crate::state::State;

/// Matches that are shown at most.
const MAX_FOUND: usize = 100;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Query {
    pub what: What,
    /// One by its number, which is there or not, rather than a list.
    pub single: bool,
    /// All of these must hold.
    pub conditions: Vec<Condition>,
    /// Whether lines are shown with their head.
    pub expanded: bool,
}

/// Kind of what is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Confirmations,
    Documents,
    /// Lines: found by their documents, shown one by one.
    Lines,
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    Key(String),
    Number(String, ConfirmationNumber),
    Document(String, DocumentNumber),
    Index(String, usize),
    LineText(String),
    Reference(String),
    Order(String),
    Plant(String),
}

impl Condition {
    fn text(&self) -> &str {
        match self {
            Self::Key(text)
            | Self::Number(text, _)
            | Self::Document(text, _)
            | Self::Index(text, _)
            | Self::LineText(text)
            | Self::Reference(text)
            | Self::Order(text)
            | Self::Plant(text) => text,
        }
    }
}

impl Query {
    /// What stands for it when faults are drawn.
    pub fn key(&self) -> &str {
        self.conditions.first().map_or("", Condition::text)
    }

    /// Indices of the confirmations, or of the documents, that meet every condition, oldest first.
    pub fn find(&self, state: &State) -> Vec<usize> {
        let candidates: Vec<usize> = match (self.what, self.conditions.first()) {
            (What::Confirmations, Some(Condition::Key(key))) => state.confirmations_with(key).to_vec(),
            (What::Confirmations, Some(Condition::Number(_, number))) => state.confirmation(*number).into_iter().collect(),
            (What::Confirmations, _) => (0..state.confirmations().len()).collect(),
            (_, Some(Condition::Key(key))) => state.documents_with(key).to_vec(),
            (_, Some(Condition::LineText(text))) => distinct(state.lines_with(text).iter().map(|(document, _)| *document)),
            (_, Some(Condition::Document(_, number))) => distinct(state.lines_of(*number).iter().map(|(document, _)| *document)),
            _ => (0..state.documents().len()).collect(),
        };
        candidates.into_iter().filter(|index| self.conditions.iter().all(|condition| self.meets(state, *index, condition))).take(MAX_FOUND).collect()
    }

    /// Indices of one that does not: the last.
    pub fn find_others(&self, state: &State) -> Vec<usize> {
        let own = self.find(state);
        let count = if self.what == What::Confirmations { state.confirmations().len() } else { state.documents().len() };
        (0..count).rev().find(|index| !own.contains(index)).map_or(own, |other| vec![other])
    }

    fn meets(&self, state: &State, index: usize, condition: &Condition) -> bool {
        if self.what == What::Confirmations {
            let record = &state.confirmations()[index];
            return match condition {
                Condition::Key(key) => record.confirmation.key == *key,
                Condition::Number(_, number) => record.number == *number,
                Condition::Index(_, wanted) => index == *wanted,
                Condition::Order(order) => record.confirmation.order.order == *order,
                Condition::Plant(plant) => record.confirmation.order.plant == *plant,
                Condition::Document(..) | Condition::LineText(_) | Condition::Reference(_) => false,
            };
        }
        let record = &state.documents()[index];
        match condition {
            Condition::Key(key) => record.header.key == *key,
            Condition::Document(_, number) => record.number == Some(*number) || record.lines.iter().any(|line| line.number().is_some_and(|own| own.document == *number)),
            Condition::Index(_, wanted) => index == *wanted,
            Condition::Reference(reference) => record.header.reference == *reference,
            Condition::LineText(text) => record.lines.iter().any(|line| line.movement.text == *text),
            Condition::Order(order) => record.lines.iter().any(|line| line.movement.order == *order),
            Condition::Plant(plant) => record.lines.iter().any(|line| line.movement.plant == *plant),
            Condition::Number(..) => false,
        }
    }
}

fn distinct(indices: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut indices: Vec<usize> = indices.collect();
    indices.sort_unstable();
    indices.dedup();
    indices
}
