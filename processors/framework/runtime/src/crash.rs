//! Places of the protocol at which a test can end the process, as `kill -9` would. Only builds with debug assertions have them: in what ships they are nothing at all.

/// A step of the protocol, with a crash just there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A batch is processed; nothing of it is with Kafka.
    BeforeBegin,
    /// The transaction is begun, and nothing sent.
    AfterBegin,
    /// Outputs and changelog records are being sent; the input offsets are not.
    AfterSends,
    /// The input offsets are part of the transaction; some records may not have arrived.
    AfterOffsets,
    /// Everything has arrived; the commit is not asked for.
    AfterFlush,
    /// The commit is asked for, and not answered.
    DuringCommit,
    /// The commit is answered; no local store knows.
    AfterCommit,
    /// Some tasks' stores have it, others not.
    DuringStoreWrite,
    /// Some records of a changelog are applied, others not.
    DuringRestore,
    /// Partitions are assigned; their committed offsets are known, their stores not opened.
    OnAssign,
    /// Partitions are to be let go; what was open is committed, they are still held.
    OnRevoke,
}

impl Place {
    /// All of them, in the order of the protocol.
    pub const ALL: &'static [Self] = &[
        Self::OnAssign,
        Self::DuringRestore,
        Self::BeforeBegin,
        Self::AfterBegin,
        Self::AfterSends,
        Self::AfterOffsets,
        Self::AfterFlush,
        Self::DuringCommit,
        Self::AfterCommit,
        Self::DuringStoreWrite,
        Self::OnRevoke,
    ];
}

/// Ends the process here, if a test wants that.
#[cfg(not(debug_assertions))]
pub(crate) const fn point(_place: Place) {}

#[cfg(debug_assertions)]
pub use armed::arm;
#[cfg(debug_assertions)]
pub(crate) use armed::point;

#[cfg(debug_assertions)]
mod armed {
    use std::sync::Mutex;
    use std::time::Duration;

    use super::Place;

    /// A commit takes longer than this, and hardly ever less.
    const INTO_COMMIT: Duration = Duration::from_micros(300);

    /// Where to end the process, and how often the place is passed before that.
    static ARMED: Mutex<Option<(Place, u32)>> = Mutex::new(None);

    /// The process ends at this place once it was passed so many times.
    pub fn arm(place: Place, passes: u32) {
        if let Ok(mut armed) = ARMED.lock() {
            *armed = Some((place, passes));
        }
    }

    /// Ends the process here, if a test wants that.
    pub(crate) fn point(place: Place) {
        let Ok(mut armed) = ARMED.lock() else { return };
        let Some((wanted, passes)) = armed.as_mut() else { return };
        if *wanted != place {
            return;
        }
        if *passes > 0 {
            *passes -= 1;
        } else if place == Place::DuringCommit {
            *armed = None;
            std::thread::spawn(|| {
                std::thread::sleep(INTO_COMMIT);
                std::process::abort();
            });
        } else {
            std::process::abort();
        }
    }
}
