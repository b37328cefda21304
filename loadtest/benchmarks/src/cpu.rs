//! CPU time: of this process, of another, of the whole machine.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::error::BenchError;

/// CPU time of this process, user and system, all threads.
#[must_use]
pub fn own() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or_default(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// CPU time of a running process, user and system, all threads; to the clock tick, which is 10 ms.
///
/// # Errors
/// When there is no such process.
pub fn of_process(pid: u32) -> Result<Duration, BenchError> {
    let path = format!("/proc/{pid}/stat");
    let text = std::fs::read_to_string(&path).map_err(BenchError::io(format!("read {path}")))?;
    process_ticks(&text).map(ticks).ok_or_else(|| BenchError::Failed(format!("{path} is not as expected")))
}

/// CPU time that the whole machine has spent on anything.
///
/// # Errors
/// When `/proc/stat` cannot be read.
pub fn of_machine() -> Result<Duration, BenchError> {
    let text = std::fs::read_to_string("/proc/stat").map_err(BenchError::io("read /proc/stat"))?;
    machine_ticks(&text).map(ticks).ok_or_else(|| BenchError::Failed("/proc/stat is not as expected".to_owned()))
}

/// `utime` and `stime`, fields 14 and 15. The second field is the name in parentheses and may hold anything.
fn process_ticks(stat: &str) -> Option<u64> {
    let mut fields = stat.rsplit_once(") ")?.1.split(' ').skip(11);
    Some(fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?)
}

/// The first line's user, nice, system, irq, softirq and steal: all but idle and waiting for a disk.
fn machine_ticks(stat: &str) -> Option<u64> {
    let line = stat.lines().next()?.strip_prefix("cpu ")?;
    let fields: Vec<u64> = line.split_whitespace().filter_map(|field| field.parse().ok()).collect();
    Some([0, 1, 2, 5, 6].iter().filter_map(|index| fields.get(*index)).sum())
}

fn ticks(ticks: u64) -> Duration {
    Duration::from_secs_f64(ticks_to_seconds(ticks))
}

#[expect(clippy::cast_precision_loss, reason = "ticks of a machine's life are far below 2^52")]
fn ticks_to_seconds(ticks: u64) -> f64 {
    ticks as f64 / rustix::param::clock_ticks_per_second() as f64
}

/// Clocks at one moment.
#[derive(Debug, Clone, Copy)]
pub struct Clocks {
    at: Instant,
    clients: Duration,
    broker: Duration,
    machine: Duration,
}

/// CPU and wall time between two moments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spent {
    /// Wall time.
    pub wall: Duration,
    /// CPU of the processes that are measured.
    pub clients: Duration,
    /// CPU of Kafka.
    pub broker: Duration,
    /// CPU of everything else on the machine: what may have disturbed the measurement.
    pub others: Duration,
}

impl Clocks {
    /// Now. `clients` are process ids; this process itself is measured when there are none.
    ///
    /// # Errors
    /// When a process is not there.
    pub fn read(clients: &[u32], broker: u32) -> Result<Self, BenchError> {
        let clients = if clients.is_empty() {
            own()
        } else {
            let times: Result<Vec<Duration>, BenchError> = clients.iter().map(|pid| of_process(*pid)).collect();
            times?.iter().sum()
        };
        Ok(Self { at: Instant::now(), clients, broker: of_process(broker)?, machine: of_machine()? })
    }

    /// What was spent until `later`.
    #[must_use]
    pub fn until(&self, later: &Self) -> Spent {
        let (clients, broker) = (later.clients.saturating_sub(self.clients), later.broker.saturating_sub(self.broker));
        let others = later.machine.saturating_sub(self.machine).saturating_sub(clients + broker);
        Spent { wall: later.at.duration_since(self.at), clients, broker, others }
    }
}

impl Spent {
    /// Cores that everything else kept busy.
    #[must_use]
    pub fn others_cores(&self) -> f64 {
        self.others.as_secs_f64() / self.wall.as_secs_f64().max(f64::MIN_POSITIVE)
    }
}

/// Microseconds per item.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn per_item_us(time: Duration, items: u64) -> f64 {
    time.as_secs_f64() * 1e6 / items.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_name_with_spaces_and_parentheses_does_not_shift_the_fields() {
        assert_eq!(process_ticks("7 (a) b (c)) S 1 7 7 0 -1 4194560 1 0 0 0 123 45 6 7 20 0 1 0 9"), Some(168));
        assert_eq!(process_ticks("nothing"), None);
    }

    #[test]
    fn idle_and_waiting_for_a_disk_are_no_work() {
        assert_eq!(machine_ticks("cpu  1 2 4 1000 2000 8 16 32 0 0\ncpu0 1 1 1 1"), Some(1 + 2 + 4 + 8 + 16));
    }

    #[test]
    fn own_time_and_that_in_proc_agree_and_grow_with_work() {
        let before = own();
        let mut sum = 0_u64;
        while own() < before + Duration::from_millis(60) {
            sum = sum.wrapping_add(std::hint::black_box(1));
        }
        let (earlier, proc, later) = (own(), of_process(std::process::id()).unwrap(), own());
        // The kernel counts user and system time each in whole ticks, and those of a running thread when the next one ends.
        let ticks = Duration::from_millis(100);
        assert!(sum > 0 && proc + ticks >= earlier && proc <= later + ticks, "{earlier:?} {proc:?} {later:?}");
    }
}
