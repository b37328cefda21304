//! Following paths through a document.

use std::cell::Cell;
use std::ops::ControlFlow;

use bumpalo::collections::Vec as BumpVec;

use super::Reading;
use super::select::Selected;
use crate::document::{ANY_NAMESPACE, Kind, NO_NAMESPACE, Node, NodeId};
use crate::mapping::{Path, Predicate, Start, Step, Test};
use crate::refusals::{Checked, Code, Fault};

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    One(NodeId),
    /// Several nodes; the second of them.
    Several(NodeId),
}

/// What a path led to last: the node it started at, and what it found.
#[derive(Debug, Default)]
pub(super) struct Answer<'a> {
    single: Cell<Option<(NodeId, Found)>>,
    all: Cell<Option<(NodeId, &'a [NodeId])>>,
}

/// The last answers of each path.
pub(super) type Cache<'a> = [Answer<'a>];

impl<'a> Reading<'a> {
    /// The one node at a path, if there is one. Several are an error: none of them is better than the others.
    pub(super) fn single(&self, path: &Path, selected: Selected) -> Checked<Option<NodeId>> {
        match self.look_up(path, selected) {
            Found::Nothing => Ok(None),
            Found::One(id) => Ok(Some(id)),
            Found::Several(id) => {
                Err(Fault::new(Code::RepeatedField, format!("`{}` stands several times where it can stand once", path.text)).at(self.document.location(id)))
            }
        }
    }

    /// What stands at a path. The last answer of each path is kept with where it started: fields of one parent are asked for by each of its children,
    /// and without that a document of n children would take n * n steps.
    pub(super) fn look_up(&self, path: &Path, selected: Selected) -> Found {
        let start = start_of(path, selected);
        let cached = &self.cache[path.index].single;
        if let Some((of, found)) = cached.get()
            && of == start
        {
            return found;
        }
        let found = self.descend_by_names(start, &path.steps).unwrap_or_else(|| {
            let mut found = Found::Nothing;
            let _ = self.walk(start, &path.steps, &mut |id| {
                if found == Found::Nothing {
                    found = Found::One(id);
                    return ControlFlow::Continue(());
                }
                found = Found::Several(id);
                ControlFlow::Break(())
            });
            found
        });
        cached.set(Some((start, found)));
        found
    }

    /// What [`Self::walk`] leads to, for most of all paths: nothing but names, in a document that has each of them once. None for others.
    fn descend_by_names(&self, from: NodeId, steps: &[Step]) -> Option<Found> {
        if !self.document.unique_names {
            return None;
        }
        let mut at = from;
        for step in steps {
            let (Test::Named { name, namespace }, None, false) = (&step.test, &step.predicate, step.deep) else { return None };
            let is_it = |id: &NodeId| is_named(self.document.node(*id), name, *namespace);
            let Some(child) = self.document.children(at).find(is_it) else { return Some(Found::Nothing) };
            self.note_twin(child);
            at = child;
        }
        Some(Found::One(at))
    }

    /// Visits the nodes at a path, in document order. As with [`Self::look_up`], the last answer is kept: rules select alike.
    pub(super) fn each<B>(&self, path: &Path, selected: Selected, visit: &mut dyn FnMut(NodeId) -> ControlFlow<B>) -> ControlFlow<B> {
        self.all_at(path, selected).iter().try_for_each(|id| visit(*id))
    }

    /// The nodes at a path.
    pub(super) fn all_at(&self, path: &Path, selected: Selected) -> &'a [NodeId] {
        self.all(path, start_of(path, selected))
    }

    /// The nodes at a path that starts at a node.
    pub(super) fn all(&self, path: &Path, start: NodeId) -> &'a [NodeId] {
        let cached = &self.cache[path.index].all;
        if let Some((of, found)) = cached.get()
            && of == start
        {
            return found;
        }
        let mut found = BumpVec::new_in(self.arena);
        let _ = self.walk::<()>(start, &path.steps, &mut |id| {
            found.push(id);
            ControlFlow::Continue(())
        });
        let found: &[NodeId] = found.into_bump_slice();
        cached.set(Some((start, found)));
        found
    }

    /// Where a path that leads to nothing would lead, for people.
    pub(super) fn place(&self, path: &Path, selected: Selected) -> String {
        let start = self.document.location(start_of(path, selected));
        let steps = match path.start {
            Start::Root => path.text.trim_start_matches('/'),
            Start::Level(_) => path.text.split_once('/').map_or("", |(_, steps)| steps),
            Start::Innermost => &path.text,
        };
        format!("{}/{steps}", start.trim_end_matches('/'))
    }

    fn walk<B>(&self, from: NodeId, steps: &[Step], visit: &mut dyn FnMut(NodeId) -> ControlFlow<B>) -> ControlFlow<B> {
        let Some((step, rest)) = steps.split_first() else { return visit(from) };
        if step.test == Test::Value {
            return self.walk_values(from, step.deep, visit);
        }
        if self.document.lone_parts && self.document.node(from).kind == Kind::Text && is_first_part(step) {
            return self.walk(from, rest, visit);
        }
        let mut number = 0;
        for child in self.document.children(from) {
            let takes = self.takes(step, child);
            if takes {
                self.note_twin(child);
                number += 1;
                match step.predicate {
                    Some(Predicate::Position(wanted)) if wanted != number => {}
                    Some(Predicate::Items) if self.document.node(child).kind == Kind::List => {
                        self.document.children(child).try_for_each(|item| self.walk(item, rest, visit))?;
                    }
                    _ => self.walk(child, rest, visit)?,
                }
            }
            if step.deep {
                self.note_twin(child);
                self.walk(child, steps, visit)?;
            } else if takes && self.document.unique_names && !step.test.takes_several() {
                break;
            }
        }
        ControlFlow::Continue(())
    }

    /// Visits a node if it is a scalar, and with `deep` the scalars below it.
    fn walk_values<B>(&self, from: NodeId, deep: bool, visit: &mut dyn FnMut(NodeId) -> ControlFlow<B>) -> ControlFlow<B> {
        if !matches!(self.document.node(from).kind, Kind::Record | Kind::List) {
            visit(from)?;
        }
        if deep {
            for child in self.document.children(from).filter(|child| self.document.node(*child).kind != Kind::Attribute) {
                self.note_twin(child);
                self.walk_values(child, true, visit)?;
            }
        }
        ControlFlow::Continue(())
    }

    fn takes(&self, step: &Step, id: NodeId) -> bool {
        let node = self.document.node(id);
        let is_attribute = node.kind == Kind::Attribute;
        let fits = match &step.test {
            Test::Any => !is_attribute,
            Test::Named { name, namespace } => is_named(node, name, *namespace),
            Test::Attribute { name, namespace } => is_attribute && *node.name == **name && (node.namespace == *namespace || *namespace == ANY_NAMESPACE),
            Test::Qualified => !is_attribute && (node.namespace != NO_NAMESPACE || (self.document.prefixed_names && node.name.contains(':'))),
            Test::AnyAttribute => is_attribute,
            // Not a matter of children.
            Test::Value => false,
        };
        fits && match &step.predicate {
            Some(Predicate::Value(below, text)) => {
                let mut has_text = |id| if self.text(id) == &**text { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
                self.walk(id, below, &mut has_text).is_break()
            }
            Some(Predicate::Position(_) | Predicate::Items) | None => true,
        }
    }

    /// Takes note that a member was read whose name its object has twice: nobody knows which of them is meant.
    pub(super) fn note_twin(&self, id: NodeId) {
        if self.document.node(id).is_twin && self.memo.twin.get().is_none() {
            self.memo.twin.set(Some(id));
        }
    }

    /// Text of a scalar, without the white space that the mapping says is none of it.
    pub(super) fn text(&self, id: NodeId) -> &str {
        let text = self.document.node(id).text;
        if self.plan.trim { trimmed(text) } else { text }
    }
}

fn is_named(node: &Node<'_>, name: &str, namespace: u16) -> bool {
    node.kind != Kind::Attribute && is_same(node.name, name) && (node.namespace == namespace || namespace == ANY_NAMESPACE)
}

/// Equality of names. Those of one length differ mostly in their end, which is looked at without a call.
fn is_same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.as_bytes().last() == other.as_bytes().last() && one == other
}

/// Whether a step goes to the first part of a composite element.
fn is_first_part(step: &Step) -> bool {
    step.predicate.is_none() && matches!(&step.test, Test::Named { name, .. } if **name == *"01")
}

fn start_of(path: &Path, selected: Selected) -> NodeId {
    match path.start {
        Start::Root => 0,
        Start::Innermost => selected.innermost(),
        Start::Level(level) => selected.node(level),
    }
}

/// Without white space, as XML defines it.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
}
