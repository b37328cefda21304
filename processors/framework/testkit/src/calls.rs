//! The world outside, as far as calls reach it.

use std::collections::BTreeMap;

use lineside_api::{Answer, CallError, Request, Timestamp};

use crate::dice::Dice;

/// The other side of a processor's calls: does what is asked, at the clock's time, and says what came of it.
pub type OtherSide = Box<dyn FnMut(&Request, Timestamp) -> Result<Vec<u8>, CallError>>;

/// A call on its way.
#[derive(Debug)]
struct Outstanding {
    worker: usize,
    partition: i32,
    request: Request,
    /// There once the other side has done it.
    answer: Option<Result<Vec<u8>, CallError>>,
}

/// The calls of a topology that are on their way, there or back. Each arrives once at most, in any order; its answer arrives once, or never.
#[derive(Default)]
pub(crate) struct Calls {
    other_sides: BTreeMap<&'static str, OtherSide>,
    outstanding: Vec<Outstanding>,
}

impl std::fmt::Debug for Calls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Calls").field("outstanding", &self.outstanding).finish_non_exhaustive()
    }
}

impl Calls {
    pub(crate) fn answer_with(&mut self, processor: &'static str, other_side: OtherSide) {
        self.other_sides.insert(processor, other_side);
    }

    pub(crate) fn len(&self) -> usize {
        self.outstanding.len()
    }

    /// A committed transaction of the worker asked for these.
    pub(crate) fn make(&mut self, worker: usize, requests: Vec<(i32, Request)>) {
        self.outstanding.extend(requests.into_iter().map(|(partition, request)| Outstanding { worker, partition, request, answer: None }));
    }

    /// The call of this index goes on a step: to the other side, or back from it. Gives an answer that arrived: worker, partition, answer.
    pub(crate) fn step(&mut self, index: usize, processor: &str, now: Timestamp, lost: bool) -> Option<(usize, i32, Answer)> {
        let call = self.outstanding.get_mut(index)?;
        match call.answer.take() {
            None => {
                call.answer = Some(if call.request.deadline < now {
                    Err(CallError::NotBegun("its deadline had passed".to_owned()))
                } else {
                    // Without another side there is nobody who could answer.
                    let Some(other_side) = self.other_sides.get_mut(processor) else {
                        self.outstanding.swap_remove(index);
                        return None;
                    };
                    other_side(&call.request, now)
                });
                None
            }
            Some(body) => {
                let Outstanding { worker, partition, request, .. } = self.outstanding.swap_remove(index);
                (!lost).then_some((worker, partition, Answer { id: request.id, body }))
            }
        }
    }

    pub(crate) fn worker_of(&self, index: usize) -> Option<usize> {
        self.outstanding.get(index).map(|call| call.worker)
    }

    /// The worker dies: its calls may have reached the other side or not; nobody hears of it.
    pub(crate) fn lose(&mut self, worker: usize, processor: &str, now: Timestamp, dice: &mut Dice) {
        let (lost, kept) = std::mem::take(&mut self.outstanding).into_iter().partition(|call: &Outstanding| call.worker == worker);
        self.outstanding = kept;
        for call in lost {
            if call.answer.is_none()
                && call.request.deadline >= now
                && dice.one_in(2)
                && let Some(other_side) = self.other_sides.get_mut(processor)
            {
                let _ = other_side(&call.request, now);
            }
        }
    }
}
