//! What running processes say about themselves, over HTTP.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use lineside_scenarios::pipeline::{Hosting, Pipeline};
use lineside_topology::Environment;
use lineside_topology::processors::{ProcessorSpec, processor};
use lineside_topology::topics::RAW_TEMPLATE;

const PATIENCE: Duration = Duration::from_mins(1);
const INTERVAL: Duration = Duration::from_millis(20);

/// Asks processes for /health and /metrics.
pub struct Probe(reqwest::blocking::Client);

impl Probe {
    pub fn new() -> Self {
        Self(reqwest::blocking::Client::builder().no_proxy().timeout(Duration::from_secs(5)).build().unwrap())
    }

    fn get(&self, pipeline: &Pipeline, label: &str, path: &str) -> Option<(bool, String)> {
        let answer = self.0.get(format!("http://{}{path}", pipeline.http_address(label)?)).send().ok()?;
        Some((answer.status().is_success(), answer.text().ok()?))
    }

    /// Waits until the process has its share of the partitions and their stores.
    pub fn await_ready(&self, pipeline: &Pipeline, label: &str) {
        let started = Instant::now();
        while !self.get(pipeline, label, "/health/ready").is_some_and(|(good, _)| good) {
            assert!(started.elapsed() < PATIENCE, "{label} is not ready after {PATIENCE:?}");
            std::thread::sleep(INTERVAL);
        }
    }

    /// Waits until every partition has an owner and none has more than its share.
    pub fn await_balance(&self, pipeline: &Pipeline, hostings: &BTreeMap<String, Hosting>) {
        let environment = Environment::builtin("local").unwrap();
        let plan = environment.topic_plan();
        let inputs = |spec: &ProcessorSpec| -> f64 {
            let topics = spec.reads.iter().flat_map(|topic| if *topic == RAW_TEMPLATE { environment.raw_topics() } else { vec![(*topic).to_owned()] });
            topics.map(|topic| f64::from(plan.iter().find(|row| row.name == topic).unwrap().partitions)).sum()
        };
        let started = Instant::now();
        loop {
            let mut shares: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
            for (label, hosting) in hostings {
                let Hosting::Alone(name) = hosting else { continue };
                shares.entry(name).or_default().push(self.sum(pipeline, label, "lineside_assigned_partitions"));
            }
            let even = |(name, shares): (&&str, &Vec<f64>)| {
                let (spec, members) = (processor(name).unwrap(), f64::from(u32::try_from(shares.len()).unwrap()));
                let all = inputs(spec);
                // Where inputs share tasks, these are shared out evenly, whatever partitions each of them has.
                let fair = match spec.task_topic() {
                    None => (all / members).ceil(),
                    Some(topic) => {
                        let tasks = f64::from(plan.iter().find(|row| row.name == topic).unwrap().partitions);
                        let topics = spec.reads.iter().map(|topic| environment.instances(topic).len()).sum::<usize>();
                        (tasks / members).ceil() * f64::from(u32::try_from(topics).unwrap())
                    }
                };
                (shares.iter().sum::<f64>() - all).abs() < 0.5 && shares.iter().all(|share| *share <= fair)
            };
            if shares.iter().all(even) {
                return;
            }
            assert!(started.elapsed() < PATIENCE, "the partitions are not shared out after {PATIENCE:?}: {shares:?}");
            std::thread::sleep(INTERVAL);
        }
    }

    /// Rebalances that the process went through.
    pub fn rebalances(&self, pipeline: &Pipeline, label: &str) -> f64 {
        self.sum(pipeline, label, "lineside_rebalances_total")
    }

    /// Sum of a metric over its labels.
    pub fn sum(&self, pipeline: &Pipeline, label: &str, metric: &str) -> f64 {
        let (_, text) = self.get(pipeline, label, "/metrics").unwrap_or_else(|| panic!("{label} serves no metrics"));
        let of_metric = text.lines().filter(|line| line.strip_prefix(metric).is_some_and(|rest| rest.starts_with(['{', ' '])));
        of_metric.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
    }
}
