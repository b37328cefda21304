//! Where a worker can break.

/// A step of the protocol at which a process can die. What Kafka and the local store hold then differs from step to step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CrashPoint {
    /// Records are processed, nothing is sent.
    BeforeSend,
    /// Some records of the transaction are sent.
    AmidSend,
    /// All records are sent, the transaction is not committed.
    BeforeCommit,
    /// The transaction is committed, the local store does not know it.
    BeforeApply,
    /// The local store has it; the next batch has not begun.
    AfterApply,
    /// Some of the changelog is replayed.
    AmidRestore,
}

impl CrashPoint {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::BeforeSend, Self::AmidSend, Self::BeforeCommit, Self::BeforeApply, Self::AfterApply, Self::AmidRestore];
}

/// How often things break. Each is a chance of one in so many steps; 0 is never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Faults {
    /// A worker dies at the step it is at.
    pub crash_one_in: u32,
    /// A worker is not told whether its transaction was committed; in fact it was, or was not.
    pub doubt_one_in: u32,
    /// A worker that died has lost its local stores too. (Stores in memory are always lost.)
    pub lose_state_one_in: u32,
    /// The answer to a call is lost on its way back.
    pub lose_answer_one_in: u32,
}

impl Faults {
    /// Nothing breaks.
    pub const NONE: Self = Self { crash_one_in: 0, doubt_one_in: 0, lose_state_one_in: 0, lose_answer_one_in: 0 };
    /// Most batches meet a fault.
    pub const MANY: Self = Self { crash_one_in: 8, doubt_one_in: 8, lose_state_one_in: 3, lose_answer_one_in: 6 };
}
