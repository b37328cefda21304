//! How long things may take and how often they are tried.

use lineside_schemas::Timestamp;

/// Durations in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// How long a document waits for others of its order that were written with it, before the first call.
    pub gather: i64,
    /// How long a call may take.
    pub call: i64,
    /// How long after a call ended without an answer the ERP may still book it.
    pub processing: i64,
    /// How long after a refusal it is read back. An answer comes when the ERP is done with the call, so this may be short.
    pub refused: i64,
    /// How far apart the clocks of two instances may be.
    pub skew: i64,
    /// Waits before a document is sent again.
    pub retry: Backoff,
    /// How often it is sent before its owner is told.
    pub attempts: u32,
    /// Waits between readings that told nothing.
    pub read: Backoff,
    /// Readings without a word after which the doubt is told.
    pub doubt_after: u32,
    /// Waits between attempts while the cause is with its owner.
    pub held: Backoff,
    /// How long that goes on before the document is rejected for good.
    pub held_for: i64,
    /// Waits between looks at a parked line.
    pub parked: Backoff,
    /// How long one looks for what becomes of a parked line.
    pub parked_for: i64,
    /// When one looks whether a booked document was cancelled, counted from the end of the posting.
    pub watch: Vec<i64>,
    /// Whether a document is read back before it is sent for the first time: the ledger may have been lost, and with it what was booked.
    pub read_first: bool,
    /// What doubt is resolved by.
    pub proof: Proof,
}

/// What proves that a document is not in the ERP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// A reading by its key, once nothing sent can still be booked.
    ReadBack,
    /// Nothing: the ERP cannot be asked. A person has to say.
    Person,
    /// Nothing is proved: it is sent again blindly. To show what that does; what ships cannot.
    #[cfg(debug_assertions)]
    Blind,
}

/// Waits that double from `first` to `most`, each shortened by up to a half.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The first.
    pub first: i64,
    /// The longest.
    pub most: i64,
}

impl Backoff {
    /// The wait after that many tries (from 1). What it is shortened by follows from `seed` and the number alone, so that it is the same after a restart.
    #[must_use]
    pub fn after(self, tries: u32, seed: u64) -> i64 {
        let doubled = self.first.saturating_mul(1_i64.checked_shl(tries.saturating_sub(1).min(40)).unwrap_or(i64::MAX));
        let full = doubled.clamp(0, self.most.max(0));
        let dice = spread(seed ^ u64::from(tries).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        full - i64::try_from((u128::from(dice) * (u128::from(full.unsigned_abs()) / 2)) >> 64).unwrap_or(0)
    }
}

/// `SplitMix64`'s finalizer: every bit of the seed moves every bit of the result.
const fn spread(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

impl Default for Policy {
    fn default() -> Self {
        Self {
            gather: SECOND,
            call: 30 * SECOND,
            processing: 10 * MINUTE,
            refused: 2 * SECOND,
            skew: SECOND,
            retry: Backoff { first: 2 * SECOND, most: 5 * MINUTE },
            attempts: 12,
            read: Backoff { first: SECOND, most: 5 * MINUTE },
            doubt_after: 3,
            held: Backoff { first: 5 * MINUTE, most: HOUR },
            held_for: 14 * DAY,
            parked: Backoff { first: 5 * MINUTE, most: HOUR },
            parked_for: 30 * DAY,
            watch: vec![HOUR, DAY, 7 * DAY, 30 * DAY],
            read_first: false,
            proof: Proof::ReadBack,
        }
    }
}

/// Later by so many microseconds.
pub(crate) const fn after(time: Timestamp, micros: i64) -> Timestamp {
    time.saturating_add_micros(micros)
}
