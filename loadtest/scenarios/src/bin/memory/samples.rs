//! Memory of a process, and the most that its documentation allows.

use anyhow::Context as _;

const KIB_PER_MIB: f64 = 1024.0;

/// What `--print-config` says of memory, MiB.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Documented {
    /// Sum of what does not grow.
    pub total: f64,
    /// What a million ids or keys take.
    pub per_million: f64,
}

impl Documented {
    /// Reads the table at the end of a printed configuration.
    pub fn read(config: &str) -> Option<Self> {
        let of = |line: &str| line.strip_suffix("MiB")?.split_whitespace().last()?.parse::<f64>().ok();
        let lines: Vec<&str> = config.lines().filter_map(|line| line.strip_prefix("#   ")).collect();
        let total = lines.iter().find(|line| line.starts_with("total"))?;
        Some(Self {
            total: of(total)?,
            per_million: lines.iter().filter(|line| line.contains("a million")).filter_map(|line| of(line)).fold(0.0, |sum, value| sum + value),
        })
    }
}

/// Resident memory, second by second, MiB.
#[derive(Debug, Default)]
pub struct Samples(Vec<f64>);

impl Samples {
    /// Takes one now.
    pub fn take(&mut self, pid: u32) -> anyhow::Result<()> {
        self.0.push(status(pid, "VmRSS:")?);
        Ok(())
    }

    /// Least, median and most of the last ones, in words.
    pub fn of_last(&self, count: u64) -> String {
        let count = usize::try_from(count).unwrap_or(usize::MAX).min(self.0.len());
        let mut last = self.0[self.0.len() - count..].to_vec();
        last.sort_by(f64::total_cmp);
        match (last.first(), last.get(last.len() / 2), last.last()) {
            (Some(fewest), Some(median), Some(most)) => format!("least {fewest:.0}, median {median:.0}, most {most:.0} MiB"),
            _ => "nothing".to_owned(),
        }
    }
}

/// The most that a process ever had, MiB.
pub fn high_water(pid: u32) -> anyhow::Result<f64> {
    status(pid, "VmHWM:")
}

fn status(pid: u32, field: &str) -> anyhow::Result<f64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).context("read the status of the process")?;
    let line = text.lines().find_map(|line| line.strip_prefix(field)).context("the status tells no memory")?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().context("the status tells no number")?;
    Ok(kib / KIB_PER_MIB)
}

/// Ids or keys in all stores of a process, as its metrics say; 0 if it has no stores.
pub fn store_entries(http: &str) -> anyhow::Result<f64> {
    let text = reqwest::blocking::Client::builder().no_proxy().build()?.get(format!("http://{http}/metrics")).send()?.text()?;
    Ok(text
        .lines()
        .filter(|line| line.starts_with("lineside_store_entries{"))
        .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
        .fold(0.0, |sum, value| sum + value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_the_configuration_is_read() {
        let config =
            "threads = 1  # default\n# Memory at most:\n#   the process itself   32.0 MiB\n#   total                91.5 MiB\n#   p: a million ids of s  19.1 MiB\n";
        assert_eq!(Documented::read(config), Some(Documented { total: 91.5, per_million: 19.1 }));
        assert_eq!(Documented::read("threads = 1\n"), None);
    }
}
