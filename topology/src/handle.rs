//! Typed handles: what a processor names when it sends a record or keeps state.

use std::fmt;
use std::marker::PhantomData;

use lineside_schemas::Contract;

/// A topic whose values are of the contract `C`.
pub struct Topic<C> {
    name: &'static str,
    contract: PhantomData<fn() -> C>,
}

impl<C: Contract> Topic<C> {
    /// The handle of the topic of that name; a test holds the table and the handles together.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, contract: PhantomData }
    }

    /// Name of the topic.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl<C> Clone for Topic<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Topic<C> {}

impl<C: Contract> fmt::Debug for Topic<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Topic<{}>({})", C::NAME, self.name)
    }
}

/// A keyed store whose values are of the contract `C`; keys are UTF-8 text.
pub struct StoreHandle<C> {
    name: &'static str,
    contract: PhantomData<fn() -> C>,
}

impl<C: Contract> StoreHandle<C> {
    /// The handle of the store of that name.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, contract: PhantomData }
    }

    /// Name of the store within its processor.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl<C> Clone for StoreHandle<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for StoreHandle<C> {}

impl<C: Contract> fmt::Debug for StoreHandle<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreHandle<{}>({})", C::NAME, self.name)
    }
}

/// A store of event ids in buckets by day.
#[derive(Debug, Clone, Copy)]
pub struct IdStoreHandle {
    name: &'static str,
}

impl IdStoreHandle {
    /// The handle of the store of that name.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name }
    }

    /// Name of the store within its processor.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }
}
