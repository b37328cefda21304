//! Stacks take turns: a machine stands no more than a few Kafkas at a time.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// So many stacks may run at once.
const STACKS: usize = 2;

static TAKEN: Mutex<usize> = Mutex::new(0);
static LET_GO: Condvar = Condvar::new();

/// The right to run a stack, until it is dropped.
#[derive(Debug)]
pub struct Turn(usize);

impl Turn {
    /// Waits for a place beside others.
    pub fn shared() -> Self {
        Self::wait(1)
    }

    /// Waits until nobody else runs one: for what looks at how fast members of a group are.
    pub fn alone() -> Self {
        Self::wait(STACKS)
    }

    fn wait(places: usize) -> Self {
        let mut taken = taken();
        while *taken + places > STACKS {
            taken = LET_GO.wait(taken).unwrap_or_else(PoisonError::into_inner);
        }
        *taken += places;
        Self(places)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *taken() -= self.0;
        LET_GO.notify_all();
    }
}

fn taken() -> MutexGuard<'static, usize> {
    // Whoever failed while holding it changed nothing halfway.
    TAKEN.lock().unwrap_or_else(PoisonError::into_inner)
}
