//! Running the rules of a plan over a document.

use std::ops::ControlFlow;

use super::{MappedEvent, Reading};
use crate::document::NodeId;
use crate::mapping::{Action, MAX_LEVELS, Path, Rule};
use crate::refusals::{Code, Fault, Known, shown};
use lineside_api::Refusal;

/// A selected node and its numbers, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Binding {
    node: NodeId,
    in_parent: u32,
    in_document: u32,
}

/// The nodes selected so far, outermost first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Selected {
    bindings: [Binding; MAX_LEVELS],
    depth: usize,
}

impl Selected {
    pub(super) const fn none() -> Self {
        Self { bindings: [Binding { node: 0, in_parent: 0, in_document: 0 }; MAX_LEVELS], depth: 0 }
    }

    pub(super) fn innermost(&self) -> NodeId {
        self.bindings[..self.depth].last().map_or(0, |binding| binding.node)
    }

    pub(super) fn node(&self, level: usize) -> NodeId {
        self.bindings[level].node
    }

    pub(super) fn ordinal(&self, level: usize, in_document: bool) -> u32 {
        let binding = self.bindings[level];
        if in_document { binding.in_document } else { binding.in_parent }
    }

    fn with(mut self, binding: Binding) -> Self {
        self.bindings[self.depth] = binding;
        self.depth += 1;
        self
    }
}

/// What the rules have found so far.
struct Found<'a, 'v> {
    event_ids: Vec<&'a str>,
    /// Nodes of each level of the rule at hand that were selected so far.
    counts: [u32; MAX_LEVELS],
    /// A selection that led to nothing, for the message where nothing leads to anything.
    empty_selection: Option<(&'a Path, Selected)>,
    visit: &'v mut dyn FnMut(MappedEvent<'a>),
}

impl<'a> Reading<'a> {
    /// Applies every rule for the type of the document.
    pub(super) fn run(&self, visit: &mut dyn FnMut(MappedEvent<'a>)) -> Result<(), Box<Refusal>> {
        let known = Known { plant: Some(&*self.plan.plant), ..Known::default() };
        let mut found = Found { event_ids: Vec::new(), counts: [0; MAX_LEVELS], empty_selection: None, visit };
        let mut is_mapped = false;
        for rule in &self.plan.rules {
            if !rule.document_types.iter().any(|known| **known == *self.document_type) {
                continue;
            }
            is_mapped = true;
            found.counts = [0; MAX_LEVELS];
            if self.all_hold(&rule.document_conditions, Selected::none()).map_err(|fault| known.refusal(fault))? {
                self.descend(rule, Selected::none(), &mut found)?;
            }
        }
        if found.event_ids.is_empty() {
            return Err(known.refusal(self.nothing_found(is_mapped, found.empty_selection)));
        }
        check_ids(&mut found.event_ids).map_err(|fault| known.refusal(fault))
    }

    fn descend(&self, rule: &'a Rule, selected: Selected, found: &mut Found<'a, '_>) -> Result<(), Box<Refusal>> {
        let Some(level) = rule.levels.get(selected.depth) else { return self.act(rule, selected, found) };
        let mut in_parent = 0;
        let stopped = self.each(&level.path, selected, &mut |node| {
            in_parent += 1;
            let count = &mut found.counts[selected.depth];
            *count += 1;
            let binding = Binding { node, in_parent, in_document: *count };
            match self.descend(rule, selected.with(binding), found) {
                Ok(()) => ControlFlow::Continue(()),
                Err(refusal) => ControlFlow::Break(refusal),
            }
        });
        if let ControlFlow::Break(refusal) = stopped {
            return Err(refusal);
        }
        if in_parent == 0 {
            if level.required {
                let known = Known { plant: Some(&*self.plan.plant), ..Known::default() };
                let fault = Fault::new(Code::MissingField, format!("there is nothing at `{}`", level.path.text)).at(self.place(&level.path, selected));
                return Err(known.refusal(fault));
            }
            found.empty_selection.get_or_insert((&level.path, selected));
        }
        Ok(())
    }

    fn act(&self, rule: &'a Rule, selected: Selected, found: &mut Found<'a, '_>) -> Result<(), Box<Refusal>> {
        let mut known = Known { plant: Some(&*self.plan.plant), ..Known::default() };
        if !self.all_hold(&rule.conditions, selected).map_err(|fault| known.refusal(fault))? {
            return Ok(());
        }
        match &rule.action {
            Action::Refuse(reason) => {
                let value = rule.conditions.first().and_then(|condition| self.operands(&condition.operands, selected).ok().flatten());
                let value = value.map(|found| format!(": {}", shown(found.text))).unwrap_or_default();
                let fault = Fault::new(Code::UnmappedContent, format!("{reason}{value}")).at(self.document.location(selected.innermost()));
                Err(known.refusal(fault))
            }
            Action::Event(plan) => {
                let event = self.event(plan, selected, &mut known).map_err(|fault| known.refusal(fault))?;
                if found.event_ids.len() >= self.limits.events {
                    let fault = Fault::new(Code::TooManyEvents, format!("more than {} events in one document", self.limits.events));
                    return Err(Known { plant: known.plant, ..Known::default() }.refusal(fault));
                }
                found.event_ids.push(event.event.envelope.event_id);
                (found.visit)(event);
                Ok(())
            }
        }
    }

    fn nothing_found(&self, is_mapped: bool, empty_selection: Option<(&Path, Selected)>) -> Fault {
        let (mapping, document_type) = (&self.plan.mapping_version, shown(self.document_type));
        if !is_mapped {
            let place = self.plan.document_type.as_ref().map_or_else(|| "/".to_owned(), |path| self.place(path, Selected::none()));
            return Fault::new(Code::UnmappedDocument, format!("{mapping} reads no documents of type {document_type}")).at(place);
        }
        let fault = Fault::new(Code::UnmappedDocument, format!("{mapping} finds no event in this document of type {document_type}"));
        match empty_selection {
            Some((path, selected)) => fault.at(self.place(path, selected)),
            None => fault,
        }
    }
}

fn check_ids(event_ids: &mut [&str]) -> Result<(), Fault> {
    event_ids.sort_unstable();
    match event_ids.windows(2).find(|pair| pair[0] == pair[1]) {
        None => Ok(()),
        Some(pair) => Err(Fault::new(Code::DuplicateEventId, format!("two events of this document have the id {}", shown(pair[0])))),
    }
}
