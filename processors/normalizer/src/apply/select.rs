//! Running the rules of a plan over the documents of a record.

use std::ops::ControlFlow;

use bumpalo::collections::Vec as BumpVec;

use super::find::Found as At;
use super::master::Aggregate;
use super::recorder::Ignored;
use super::{MappedEvent, Reading};
use crate::document::{Kind, NodeId};
use crate::mapping::{Action, DocumentType, EventPlan, Level, MAX_LEVELS, Operand, Path, Rule};
use crate::refusals::{Checked, Code, Fault, Known, shown};
use lineside_api::Refusal;

/// A selected node and its numbers, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Binding {
    pub(super) node: NodeId,
    pub(super) in_parent: u32,
    pub(super) in_document: u32,
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

    /// How many nodes are selected.
    pub(super) const fn depth(&self) -> usize {
        self.depth
    }

    /// The outermost so many of them.
    pub(super) fn truncated(mut self, depth: usize) -> Self {
        self.depth = self.depth.min(depth);
        self
    }

    pub(super) fn node(&self, level: usize) -> NodeId {
        self.bindings[level].node
    }

    pub(super) fn ordinal(&self, level: usize, in_document: bool) -> u32 {
        let binding = self.bindings[level];
        if in_document { binding.in_document } else { binding.in_parent }
    }

    /// The outermost of them.
    pub(super) fn outer(mut self, depth: usize) -> Self {
        self.depth = self.depth.min(depth);
        self
    }

    pub(super) fn with(mut self, binding: Binding) -> Self {
        self.bindings[self.depth] = binding;
        self.depth += 1;
        self
    }
}

/// What becomes of the places where a rule makes an event.
pub(super) enum Made<'v> {
    /// The event, in this memory, is handed over.
    Events { datum: &'v mut Vec<u8>, visit: &'v mut dyn FnMut(MappedEvent<'_>) },
    /// They are counted.
    Count(&'v mut usize),
}

/// What the rules have found so far.
struct Found<'a, 'v> {
    event_ids: BumpVec<'a, &'a str>,
    documents: u32,
    /// Nodes of each level that were selected so far: in the record those of documents, in the document those of the rule at hand.
    counts: [u32; MAX_LEVELS],
    /// Of the document at hand: whether a rule made an event of it, or ignores something in it.
    is_covered: bool,
    /// Of the document at hand: a selection that led to nothing, for the message where nothing leads to anything.
    empty_selection: Option<(&'a Level, Selected)>,
    made: Made<'v>,
}

type Done = Result<(), Box<Refusal>>;

impl<'a> Reading<'a> {
    /// Applies the rules to every document of the record.
    pub(super) fn run(&self, made: Made<'_>) -> Done {
        let done = self.read_all(made);
        let Some(id) = self.memo.twin.get() else { return done };
        // Whatever else is wrong may come from this.
        let message = format!("one object has the member {} twice, and the mapping reads it", shown(self.document.node(id).name));
        Err(self.naming_first_sender(self.of_plant(Fault::new(Code::DuplicateMember, message).at(self.document.location(id)))))
    }

    fn read_all(&self, made: Made<'_>) -> Done {
        let mut found = Found { event_ids: BumpVec::new_in(self.arena), documents: 0, counts: [0; MAX_LEVELS], is_covered: false, empty_selection: None, made };
        self.each_document(Selected::none(), &mut found).map_err(|refusal| self.naming_first_sender(refusal))?;
        if found.documents == 0 {
            let level = found.empty_selection.map(|(level, selected)| self.place_of(level, selected));
            let fault = Fault::new(Code::UnmappedDocument, format!("{} finds no document in this record", self.plan.mapping_version));
            return Err(self.naming_first_sender(self.of_plant(fault.at(level.unwrap_or_else(|| "/".to_owned())))));
        }
        check_ids(&mut found.event_ids).map_err(|fault| self.naming_first_sender(self.of_plant(fault)))
    }

    /// Whether there is a document of a type that a rule names.
    pub(super) fn is_recognized(&self) -> bool {
        let mut nodes = vec![Selected::none()];
        for level in &self.plan.documents {
            let mut below = Vec::new();
            for selected in nodes {
                let _ = self.each_of::<()>(level, selected, &mut |node| {
                    below.push(selected.with(Binding { node, in_parent: 0, in_document: 0 }));
                    ControlFlow::Continue(())
                });
            }
            nodes = below;
        }
        let is_named = |name: &str| self.plan.rules_of.contains_key(name);
        nodes.into_iter().any(|selected| self.type_of_document(selected).is_ok_and(is_named))
    }

    fn each_document(&self, selected: Selected, found: &mut Found<'a, '_>) -> Done {
        match self.plan.documents.get(selected.depth()) {
            None => self.document(selected, found),
            Some(level) => self.each_selected(level, selected, found, &mut |inner, found| self.each_document(inner, found)),
        }
    }

    fn document(&self, selected: Selected, found: &mut Found<'a, '_>) -> Done {
        self.typed_document(selected, found).map_err(|refusal| self.naming_sender(selected, refusal))
    }

    fn typed_document(&self, selected: Selected, found: &mut Found<'a, '_>) -> Done {
        let document_type = self.type_of_document(selected).map_err(|fault| self.of_plant(fault))?;
        Reading { document_type, ..*self }.apply_rules(selected, found)
    }

    fn type_of_document(&self, selected: Selected) -> Checked<&'a str> {
        match &self.plan.document_type {
            DocumentType::Fixed(name) => Ok(name),
            DocumentType::Made(expression) => match self.evaluate(expression, selected)? {
                Some(found) => self.checked_text(&found, false),
                None => Err(Fault::new(Code::MissingField, "nothing in the document says of what type it is").at(self.document.location(selected.innermost()))),
            },
            DocumentType::Root => {
                let root = self.document.node(0);
                if root.namespace == self.plan.namespaces.of_unprefixed() {
                    return Ok(root.name);
                }
                Err(Fault::new(Code::UnmappedDocument, format!("{} reads no documents of type {} in its namespace", self.plan.mapping_version, shown(root.name))).at("/"))
            }
            DocumentType::Operands(operands) => {
                for operand in operands {
                    let Operand::Path(path) = operand else {
                        if let Some(name) = self.operands(std::slice::from_ref(operand), selected)? {
                            return Ok(name.text);
                        }
                        continue;
                    };
                    match self.single(path, selected)? {
                        Some(id) if self.document.node(id).kind == Kind::Text => return Ok(self.document.node(id).text),
                        Some(id) => return Err(self.wrong_kind(id, "the type of the document")),
                        None => {}
                    }
                }
                Err(Fault::new(Code::MissingField, "the document does not name its type").at(self.place_of_type(operands, selected)))
            }
        }
    }

    /// Applies every rule for the type of the document.
    fn apply_rules(&self, document: Selected, found: &mut Found<'a, '_>) -> Done {
        found.documents += 1;
        found.is_covered = false;
        found.empty_selection = None;
        let rules = self.plan.rules_of.get(self.document_type);
        for rule in rules.into_iter().flatten().map(|index| &self.plan.rules[*index]) {
            found.counts[document.depth()..].fill(0);
            if self.all_hold(&rule.document_conditions, document).map_err(|fault| self.of_plant(fault))? {
                self.descend(rule, document, found)?;
            }
        }
        if found.is_covered { Ok(()) } else { Err(self.of_plant(self.nothing_found(rules.is_some(), document, found.empty_selection))) }
    }

    fn descend(&self, rule: &'a Rule, selected: Selected, found: &mut Found<'a, '_>) -> Done {
        match rule.levels.get(selected.depth() - self.plan.documents.len()) {
            None => self.act(rule, selected, found),
            Some(level) => self.each_selected(level, selected, found, &mut |inner, found| self.descend(rule, inner, found)),
        }
    }

    /// Does something for every node that a level selects.
    fn each_selected<'v>(&self, level: &'a Level, selected: Selected, found: &mut Found<'a, 'v>, act: &mut dyn FnMut(Selected, &mut Found<'a, 'v>) -> Done) -> Done {
        let mut in_parent = 0;
        let stopped = self.each_of(level, selected, &mut |node| {
            in_parent += 1;
            let count = &mut found.counts[selected.depth()];
            *count += 1;
            let binding = Binding { node, in_parent, in_document: *count };
            match act(selected.with(binding), found) {
                Ok(()) => ControlFlow::Continue(()),
                Err(refusal) => ControlFlow::Break(refusal),
            }
        });
        if let ControlFlow::Break(refusal) = stopped {
            return Err(refusal);
        }
        if in_parent == 0 {
            if level.required {
                return Err(self.of_plant(self.nothing_at(level, selected)));
            }
            found.empty_selection.get_or_insert((level, selected));
        }
        Ok(())
    }

    fn act(&self, rule: &'a Rule, selected: Selected, found: &mut Found<'a, '_>) -> Done {
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
            Action::Ignore(reason) => {
                if let Some(recorder) = self.recorder {
                    recorder.ignored(Ignored { rule_line: rule.line, path: self.document.location(selected.innermost()), reason: reason.to_string() });
                }
                found.is_covered = true;
                Ok(())
            }
            Action::Event(plan) => {
                if let Some(recorder) = self.recorder {
                    recorder.start(rule.line);
                }
                let (datum, visit) = match &mut found.made {
                    Made::Events { datum, visit } => (&mut **datum, &mut **visit),
                    Made::Count(count) => {
                        **count += 1;
                        found.is_covered = true;
                        return Ok(());
                    }
                };
                let made = match self.event(plan, selected, &mut known, datum) {
                    Ok(made) => Some(made),
                    Err(fault) => {
                        self.note_waiting(plan, known, selected, fault)?;
                        None
                    }
                };
                if found.event_ids.len() >= self.limits.events {
                    let fault = Fault::new(Code::TooManyEvents, format!("more than {} events in one document", self.limits.events));
                    return Err(Known { plant: known.plant, ..Known::default() }.refusal(fault));
                }
                found.event_ids.extend(known.event_id);
                found.is_covered = true;
                let Some(made) = made else { return Ok(()) };
                visit(MappedEvent {
                    contract: plan.contract.topic.contract,
                    topic: plan.contract.topic.topic,
                    key: made.key,
                    event_id: made.event_id,
                    plant: made.plant,
                    correlation_id: made.correlation_id,
                    source_time: made.source_time,
                    type_name: plan.type_name,
                    datum,
                    content_start: made.content_start,
                });
                Ok(())
            }
        }
    }

    /// An event that cannot be made: it may wait for the reference that it lacks, or the record is refused.
    fn note_waiting(&self, plan: &EventPlan, known: Known<'a>, selected: Selected, fault: Fault) -> Done {
        match (self.master, fault.missing.as_deref()) {
            (Some(master), Some(missing)) => {
                let topic = plan.contract.topic.topic;
                let aggregate = Aggregate { topic, plant: known.plant.unwrap_or_default().into(), key: known.key.map(Into::into) };
                let missing = missing.clone();
                master.note(aggregate, missing, || self.naming_sender(selected.outer(self.plan.documents.len()), known.refusal(fault)));
                Ok(())
            }
            _ => Err(known.refusal(fault)),
        }
    }

    fn nothing_found(&self, is_mapped: bool, document: Selected, empty_selection: Option<(&'a Level, Selected)>) -> Fault {
        let (mapping, document_type) = (&self.plan.mapping_version, shown(self.document_type));
        if !is_mapped {
            let place = match &self.plan.document_type {
                DocumentType::Operands(operands) => self.place_of_type(operands, document),
                DocumentType::Root | DocumentType::Fixed(_) | DocumentType::Made(_) => self.document.location(document.innermost()),
            };
            return Fault::new(Code::UnmappedDocument, format!("{mapping} reads no documents of type {document_type}")).at(place);
        }
        let fault = Fault::new(Code::UnmappedDocument, format!("{mapping} finds no event in this document of type {document_type}"));
        match empty_selection {
            Some((level, selected)) => fault.at(self.place_of(level, selected)),
            None => fault,
        }
    }

    /// That a selection which has to find something finds nothing.
    pub(super) fn nothing_at(&self, level: &Level, selected: Selected) -> Fault {
        let text = level.paths.first().map_or("", |path| &path.text);
        Fault::new(Code::MissingField, format!("there is nothing at `{text}`")).at(self.place_of(level, selected))
    }

    /// Visits what the paths of a level lead to: all of them, or the first that leads anywhere.
    pub(super) fn each_of<B>(&self, level: &'a Level, selected: Selected, visit: &mut dyn FnMut(NodeId) -> ControlFlow<B>) -> ControlFlow<B> {
        match &*level.paths {
            [path] => self.each(path, selected, visit),
            paths if level.all => paths.iter().try_for_each(|path| self.each(path, selected, visit)),
            paths => {
                let first = paths.iter().find(|path| self.look_up(path, selected) != At::Nothing);
                first.map_or(ControlFlow::Continue(()), |path| self.each(path, selected, visit))
            }
        }
    }

    fn place_of(&self, level: &Level, selected: Selected) -> String {
        level.paths.first().map_or_else(|| "/".to_owned(), |path| self.place(path, selected))
    }

    fn place_of_type(&self, operands: &[Operand], selected: Selected) -> String {
        let path: Option<&Path> = operands.iter().find_map(Operand::as_path);
        path.map_or_else(|| self.document.location(selected.innermost()), |path| self.place(path, selected))
    }

    fn of_plant(&self, fault: Fault) -> Box<Refusal> {
        Known { plant: Some(&*self.plan.plant), ..Known::default() }.refusal(fault)
    }
}

fn check_ids(event_ids: &mut [&str]) -> Result<(), Fault> {
    event_ids.sort_unstable();
    match event_ids.windows(2).find(|pair| pair[0] == pair[1]) {
        None => Ok(()),
        Some(pair) => Err(Fault::new(Code::DuplicateEventId, format!("two events of this document have the id {}", shown(pair[0])))),
    }
}
