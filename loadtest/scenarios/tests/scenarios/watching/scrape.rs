//! `/metrics` and `/health`, read as Prometheus and an orchestrator do.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use lineside_scenarios::pipeline::Pipeline;
use serde_json::Value;

const PATIENCE: Duration = Duration::from_mins(1);

/// Labels of a series.
pub type Labels = BTreeMap<String, String>;

/// What a process showed.
#[derive(Debug, Default)]
pub struct Scrape {
    /// Kinds by name.
    pub kinds: BTreeMap<String, String>,
    series: Vec<(String, Labels, f64)>,
}

impl Scrape {
    /// Of a running process.
    pub fn of(pipeline: &Pipeline, label: &str) -> Self {
        let (status, text) = get(pipeline, label, "/metrics");
        assert_eq!(status, 200, "{text}");
        let mut scrape = Self::default();
        for line in text.lines() {
            if let Some((name, kind)) = line.strip_prefix("# TYPE ").and_then(|rest| rest.split_once(' ')) {
                scrape.kinds.insert(name.to_owned(), kind.to_owned());
            } else if !line.starts_with('#') && !line.is_empty() {
                scrape.series.push(series(line));
            }
        }
        scrape
    }

    /// Names of what is shown.
    pub fn names(&self) -> BTreeSet<&str> {
        self.kinds.keys().map(String::as_str).collect()
    }

    /// Series of a name.
    pub fn series(&self, name: &str) -> impl Iterator<Item = (&Labels, f64)> {
        self.series.iter().filter(move |(known, ..)| known == name).map(|(_, labels, value)| (labels, *value))
    }

    /// Sum of the series of a name that have these labels.
    pub fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let has = |series: &Labels| labels.iter().all(|(key, value)| series.get(*key).is_some_and(|known| known == value));
        self.series(name).filter(|(series, _)| has(series)).map(|(_, value)| value).sum()
    }
}

fn series(line: &str) -> (String, Labels, f64) {
    let (name, value) = line.rsplit_once(' ').unwrap();
    let (name, labels) = name.split_once('{').map_or((name, ""), |(name, labels)| (name, labels.trim_end_matches('}')));
    let labels = labels.split("\",").filter(|label| !label.is_empty()).map(|label| {
        let (key, value) = label.split_once("=\"").unwrap();
        (key.to_owned(), value.trim_end_matches('"').to_owned())
    });
    (name.to_owned(), labels.collect(), value.parse().unwrap())
}

/// Status and body.
pub fn get(pipeline: &Pipeline, label: &str, path: &str) -> (u16, String) {
    let started = Instant::now();
    loop {
        // Before it has said its address there is nobody to ask.
        if let Some(address) = pipeline.http_address(label) {
            let client = reqwest::blocking::Client::builder().no_proxy().build().unwrap();
            if let Ok(answer) = client.get(format!("http://{address}{path}")).send() {
                return (answer.status().as_u16(), answer.text().unwrap());
            }
        }
        assert!(started.elapsed() < PATIENCE, "{label} does not answer");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Waits until what a health page says is `wanted`; gives the status that it came with.
pub fn await_health(pipeline: &Pipeline, label: &str, path: &str, wanted: impl Fn(&Value) -> bool) -> u16 {
    await_that(&format!("{path} of {label}"), || {
        let (status, text) = get(pipeline, label, path);
        let body = serde_json::from_str(&text).unwrap();
        if wanted(&body) { Ok(status) } else { Err(text) }
    })
}

/// Waits until `look` gives something.
pub fn await_that<T>(what: &str, mut look: impl FnMut() -> Result<T, String>) -> T {
    let started = Instant::now();
    loop {
        match look() {
            Ok(seen) => return seen,
            Err(other) => assert!(started.elapsed() < PATIENCE, "{what} is still: {other}"),
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}
