//! What is found out or counted about a record while it is read, kept for the next time that it is asked for.

use std::cell::{Cell, OnceCell};

use bumpalo::Bump;

use crate::document::{Ancestry, NodeId};

/// Prefixes and what they stand for, sorted by prefix; of one prefix the last counts.
pub(super) type Bindings<'a> = &'a [(&'a str, &'a str)];

/// Notes of one record.
#[derive(Debug)]
pub(super) struct Memo<'a> {
    /// What lists selected so far.
    pub(super) list_items: Cell<usize>,
    /// A member that was read though its object has another one of its name.
    pub(super) twin: Cell<Option<NodeId>>,
    /// Made when a name is first asked for with its way.
    pub(super) ancestry: OnceCell<Ancestry<'a>>,
    /// Prefixes that the record binds, and those that the document of that node does.
    pub(super) prefixes: OnceCell<Bindings<'a>>,
    pub(super) own_prefixes: Cell<Option<(NodeId, Bindings<'a>)>>,
    /// Of each kind of digest the last one, with the node that it is of.
    pub(super) digests: &'a [Cell<Option<(NodeId, &'a str)>>],
    /// Values that digests were made of so far.
    pub(super) digested: Cell<usize>,
}

impl<'a> Memo<'a> {
    pub(super) fn new(digests: usize, arena: &'a Bump) -> Self {
        Self {
            list_items: Cell::new(0),
            twin: Cell::new(None),
            ancestry: OnceCell::new(),
            prefixes: OnceCell::new(),
            own_prefixes: Cell::new(None),
            digests: arena.alloc_slice_fill_default(digests),
            digested: Cell::new(0),
        }
    }
}
