//! Calls to the world outside, made for processors once the transaction that asked for them has committed.
//!
//! A call that is on its way is known here and nowhere else: a crash forgets it, and so does a partition that moves away. What is to survive is the processor's
//! state, which says that a call was meant and until when (`docs/EXACTLY_ONCE.md`).

use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::Thread;

use lineside_api::{Answer, CallError, Request, Timestamp};
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use crate::metrics::Metrics;

/// A call on its way.
pub type CallFuture = Pin<Box<dyn Future<Output = Result<Vec<u8>, CallError>> + Send>>;

/// Makes the calls of a processor: one for the process, shared by its stream threads.
pub trait Caller: Send + Sync + 'static {
    /// Makes a call; runs on the process's tokio runtime. How many run at once is its own matter, and that none is begun after its deadline: whoever waits for
    /// a free place asks the clock again when it has one. Dropped, it is to stop.
    fn call(self: Arc<Self>, request: Request) -> CallFuture;
}

/// Number of a call, for the life of a stream thread.
type CallId = u64;

/// The calls of a hosted processor in one stream thread.
pub struct Calls {
    processor: &'static str,
    caller: Arc<dyn Caller>,
    runtime: Handle,
    metrics: Metrics,
    sender: Sender<(CallId, Answer)>,
    receiver: Receiver<(CallId, Answer)>,
    next: CallId,
    /// Asked for by the open batch, by partition.
    staged: Vec<(i32, Request)>,
    outstanding: HashMap<CallId, (i32, AbortHandle)>,
    /// Answers to be processed, by partition.
    waiting: VecDeque<(i32, Answer)>,
    /// Answers that the open batch processed.
    processed: Vec<(i32, Answer)>,
}

impl std::fmt::Debug for Calls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Calls").field("processor", &self.processor).field("outstanding", &self.outstanding.len()).finish_non_exhaustive()
    }
}

/// Sends the answer of a call, whatever becomes of it.
struct Reply {
    id: CallId,
    request: String,
    sender: Sender<(CallId, Answer)>,
    thread: Thread,
    body: Result<Vec<u8>, CallError>,
}

impl Drop for Reply {
    fn drop(&mut self) {
        let body = std::mem::replace(&mut self.body, Ok(Vec::new()));
        // Nobody listens once the stream thread has ended.
        let _ = self.sender.send((self.id, Answer { id: std::mem::take(&mut self.request), body }));
        self.thread.unpark();
    }
}

impl Calls {
    /// Calls of this processor by that caller, on that tokio runtime.
    #[must_use]
    pub fn new(processor: &'static str, caller: Arc<dyn Caller>, runtime: Handle, metrics: &Metrics) -> Self {
        let (sender, receiver) = channel();
        Self {
            processor,
            caller,
            runtime,
            metrics: metrics.clone(),
            sender,
            receiver,
            next: 0,
            staged: Vec::new(),
            outstanding: HashMap::new(),
            waiting: VecDeque::new(),
            processed: Vec::new(),
        }
    }

    /// The open batch asks for a call.
    pub fn stage(&mut self, partition: i32, request: Request) {
        self.staged.push((partition, request));
    }

    /// The open batch has asked for something or processed an answer.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !(self.staged.is_empty() && self.processed.is_empty())
    }

    /// The next answer to be processed, if its partition is one that `can` be processed now.
    pub fn take_answer(&mut self, can: impl Fn(i32) -> bool) -> Option<(i32, Answer)> {
        while let Ok((id, answer)) = self.receiver.try_recv() {
            // What is not known any more belongs to a partition that left.
            if let Some((partition, _)) = self.outstanding.remove(&id) {
                self.note_end(match &answer.body {
                    Ok(_) => "answered",
                    Err(CallError::NotBegun(_)) => "not-begun",
                    Err(CallError::InDoubt(_)) => "in-doubt",
                });
                self.waiting.push_back((partition, answer));
            }
        }
        let place = self.waiting.iter().position(|(partition, _)| can(*partition))?;
        self.waiting.remove(place)
    }

    /// The open batch processed this answer.
    pub fn processed(&mut self, partition: i32, answer: Answer) {
        self.processed.push((partition, answer));
    }

    /// The batch is committed: what it asked for is made.
    pub fn committed(&mut self, now: Timestamp) {
        self.processed.clear();
        for (partition, request) in std::mem::take(&mut self.staged) {
            let id = self.next;
            self.next += 1;
            let lost = Err(CallError::InDoubt("the call broke off".to_owned()));
            let reply = Reply { id, request: request.id.clone(), sender: self.sender.clone(), thread: std::thread::current(), body: lost };
            let late = request.deadline < now;
            let caller = Arc::clone(&self.caller);
            let task = self.runtime.spawn(async move {
                // Moved in as a whole, so that it is dropped, and sent, with the task.
                let mut reply = reply;
                reply.body = if late { Err(CallError::NotBegun("its deadline had passed".to_owned())) } else { caller.call(request).await };
            });
            self.outstanding.insert(id, (partition, task.abort_handle()));
            self.metrics.calls_outstanding.with_label_values(&[self.processor]).inc();
        }
    }

    /// The batch came to nothing; its commit was `asked` for or not. What it asked for is not made. Its answers are processed again unless it may have been
    /// committed after all: an answer is given twice to nobody.
    pub fn aborted(&mut self, asked: bool) {
        self.staged.clear();
        let processed = std::mem::take(&mut self.processed);
        if !asked {
            processed.into_iter().rev().for_each(|answer| self.waiting.push_front(answer));
        }
    }

    /// Partitions left: nothing of theirs is waited for any more, and what was not begun is not begun.
    pub fn remove(&mut self, is_gone: impl Fn(i32) -> bool) {
        self.waiting.retain(|(partition, _)| !is_gone(*partition));
        let gone: Vec<CallId> = self.outstanding.iter().filter(|(_, (partition, _))| is_gone(*partition)).map(|(id, _)| *id).collect();
        for id in gone {
            if let Some((_, task)) = self.outstanding.remove(&id) {
                task.abort();
                self.note_end("dropped");
            }
        }
    }

    fn note_end(&self, outcome: &str) {
        self.metrics.calls_outstanding.with_label_values(&[self.processor]).dec();
        self.metrics.calls.with_label_values(&[self.processor, outcome]).inc();
    }
}

impl Drop for Calls {
    fn drop(&mut self) {
        self.remove(|_| true);
    }
}
