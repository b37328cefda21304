//! What is written about metrics names those that there are: the documentation each of them, dashboard and alerts no other.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use lineside_runtime::metrics::Metrics;
use lineside_runtime::metrics::names::{ALL, Kind, Metric};
use prometheus::proto::MetricType;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_documentation_has_a_row_for_each_metric_and_no_other() {
    let page = read("docs/metrics.md");
    let rows: Vec<Vec<String>> = page
        .lines()
        .filter(|line| line.starts_with("| `lineside_") || line.starts_with("| `process_"))
        .map(|line| line.split('|').skip(1).map(|cell| cell.trim().trim_matches('`').to_owned()).collect())
        .collect();
    let documented: Vec<[&str; 3]> = rows.iter().map(|cells| [cells[0].as_str(), &cells[1], &cells[2]]).collect();
    let labels: Vec<String> = ALL.iter().map(|metric| metric.labels.join(", ")).collect();
    let there: Vec<[&str; 3]> = ALL.iter().zip(&labels).map(|(metric, labels)| [metric.name, metric.kind.word(), labels]).collect();
    assert_eq!(documented, there);
    for cells in rows {
        // The last one stands behind the row's end.
        assert_eq!(cells.len(), 7, "{cells:?}");
        assert!(!cells[4].is_empty(), "{} is not explained", cells[0]);
    }
}

#[test]
fn what_a_process_shows_without_a_label_has_the_documented_kind() {
    for family in Metrics::new().unwrap().registry.gather() {
        let kind = match family.get_field_type() {
            MetricType::COUNTER => Kind::Counter,
            MetricType::HISTOGRAM => Kind::Histogram,
            _ => Kind::Gauge,
        };
        let metric = ALL.iter().find(|metric| metric.name == family.name());
        assert_eq!(metric.map(|metric| (metric.kind, metric.help)), Some((kind, family.help())), "{}", family.name());
    }
}

#[test]
fn names_follow_prometheus_conventions() {
    for Metric { name, kind, .. } in ALL {
        assert_eq!(name.ends_with("_total"), *kind == Kind::Counter, "{name}");
        assert!(name.starts_with("lineside_") || name.starts_with("process_"), "{name}");
    }
    assert_eq!(ALL.iter().map(|metric| metric.name).collect::<BTreeSet<_>>().len(), ALL.len());
}

/// The words of a query outside of quotes.
fn words(query: &str) -> impl Iterator<Item = &str> {
    let outside = query.split('"').step_by(2);
    outside.flat_map(|part| part.split(|character: char| !character.is_ascii_alphanumeric() && character != '_')).filter(|word| !word.is_empty())
}

/// The metric that a query means by a word.
fn meant(word: &str) -> Option<&'static Metric> {
    let histogram = ["_bucket", "_sum", "_count"].iter().find_map(|suffix| word.strip_suffix(suffix));
    ALL.iter().find(|metric| match metric.kind {
        Kind::Histogram => histogram == Some(metric.name),
        _ => word == metric.name,
    })
}

/// The metrics of a query, which must all be there, and have each label that it groups or selects by.
fn metrics_of(query: &str) -> BTreeSet<&'static str> {
    /// Added by Prometheus when it scrapes, or by a histogram's buckets.
    const GIVEN: &[&str] = &["instance", "job", "le"];
    let metrics: Vec<&Metric> = words(query)
        .filter(|word| word.starts_with("lineside_") || word.starts_with("process_"))
        .map(|word| meant(word).unwrap_or_else(|| panic!("{word} is no metric: {query}")))
        .collect();
    let groups = ["by (", "on ("].into_iter().flat_map(|word| query.split(word).skip(1)).filter_map(|rest| rest.split(')').next());
    let matchers = query.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    for label in groups.flat_map(|list| list.split(',')).chain(matchers.flat_map(|list| list.split(',').filter_map(|matcher| matcher.split(['=', '!']).next()))) {
        let label = label.trim();
        let known = GIVEN.contains(&label) || metrics.iter().any(|metric| metric.labels.contains(&label));
        assert!(known || metrics.is_empty(), "no metric has the label {label}: {query}");
    }
    metrics.into_iter().map(|metric| metric.name).collect()
}

#[test]
fn words_of_a_query_are_found() {
    let query = r#"histogram_quantile(0.99, sum by (le, processor) (rate(lineside_ingest_latency_seconds_bucket{processor=~"lineside_x"}[5m])))"#;
    assert_eq!(metrics_of(query), ["lineside_ingest_latency_seconds"].into());
    assert!(std::panic::catch_unwind(|| metrics_of("rate(lineside_ingest_latency_seconds[5m])")).is_err(), "a histogram has no value of its own");
    assert!(std::panic::catch_unwind(|| metrics_of("sum by (topic) (lineside_commit_seconds_count)")).is_err(), "no such label");
    assert!(std::panic::catch_unwind(|| metrics_of(r#"lineside_assigned_partitions{code="x"}"#)).is_err(), "no such label");
}

#[test]
fn the_dashboard_shows_what_there_is() {
    let dashboard: serde_json::Value = serde_json::from_str(&read("topology/deploy/grafana/dashboards/lineside.json")).unwrap();
    let mut shown = BTreeSet::new();
    for panel in dashboard["panels"].as_array().unwrap() {
        for target in panel["targets"].as_array().unwrap() {
            let metrics = metrics_of(target["expr"].as_str().unwrap());
            assert!(!metrics.is_empty(), "{panel}");
            shown.extend(metrics);
        }
    }
    for variable in dashboard["templating"]["list"].as_array().unwrap() {
        assert!(!metrics_of(variable["query"]["query"].as_str().unwrap()).is_empty(), "{variable}");
    }
    let wanted = [
        "lineside_consumer_lag_records",
        "lineside_event_latency_seconds",
        "lineside_ingest_latency_seconds",
        "lineside_dead_letters_total",
        "lineside_restore_remaining_records",
        "lineside_store_disk_bytes",
        "process_resident_memory_bytes",
        "process_cpu_seconds_total",
    ];
    for name in wanted {
        assert!(shown.contains(name), "no panel for {name}");
    }
}

#[test]
fn alerts_watch_over_what_there_is() {
    let rules: serde_yaml_ng::Value = serde_yaml_ng::from_str(&read("topology/deploy/alerts.yml")).unwrap();
    let mut names = BTreeSet::new();
    for rule in rules["groups"].as_sequence().unwrap().iter().flat_map(|group| group["rules"].as_sequence().unwrap()) {
        let (name, query) = (rule["alert"].as_str().unwrap(), rule["expr"].as_str().unwrap());
        // Prometheus' own `up` tells that a process is not there to tell.
        assert!(!metrics_of(query).is_empty() || words(query).any(|word| word == "up"), "{name}");
        assert!(rule["annotations"]["summary"].is_string() && rule["annotations"]["description"].is_string() && rule["labels"]["severity"].is_string(), "{name}");
        names.insert(name.to_owned());
    }
    for wanted in ["LinesideLagGrowing", "LinesideStuckThread", "LinesideAborts", "LinesideDeadLetters"] {
        assert!(names.contains(wanted), "no alert {wanted}");
    }
    let prometheus = read("topology/deploy/prometheus.yml");
    let mounted = read("docker-compose.yml").contains("./topology/deploy/alerts.yml:/etc/prometheus/alerts.yml:ro");
    assert!(prometheus.contains("rule_files: [/etc/prometheus/alerts.yml]") && mounted);
}
