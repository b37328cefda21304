//! How much may wait, and how long.

/// Bounds of waiting, for each partition. What exceeds them is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParkingBounds {
    /// Records.
    pub records: usize,
    /// Their keys, values and headers together, in bytes.
    pub bytes: usize,
    /// Time, in microseconds, from the end of the batch that parked a record.
    pub wait_micros: i64,
}

const MINUTE_MICROS: i64 = 60_000_000;

impl ParkingBounds {
    /// The bounds where nothing else is said: 10,000 records, 64 MiB, three days.
    pub const DEFAULT: Self = Self { records: 10_000, bytes: 64 << 20, wait_micros: 3 * 24 * 60 * MINUTE_MICROS };

    /// With this time, in minutes.
    #[must_use]
    pub fn waiting_minutes(self, minutes: u32) -> Self {
        Self { wait_micros: i64::from(minutes) * MINUTE_MICROS, ..self }
    }
}

impl Default for ParkingBounds {
    fn default() -> Self {
        Self::DEFAULT
    }
}
