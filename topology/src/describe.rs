//! The topology in words: plain text that a person reads and a test compares.

use std::fmt::Write;

use lineside_schemas::ContractId;

use crate::environment::Environment;
use crate::plan::PlannedTopic;
use crate::processors::{PROCESSORS, ProcessorSpec, StoreKind};
use crate::topics::{Cleanup, Value, changelog_topic, dead_letter_topic};

/// The processors in the order of the flow, then every topic with its sizes. Ends in a newline.
#[must_use]
pub fn describe(environment: &Environment) -> String {
    let plan = environment.topic_plan();
    let mut text = format!(
        "Topology in environment {}: replication {}, records count as written on {} in-sync {}\n\nProcessors, in the order of the flow\n",
        environment.name,
        environment.replication,
        environment.insync_replicas(),
        if environment.insync_replicas() == 1 { "copy" } else { "copies" },
    );
    for processor in PROCESSORS {
        text.push('\n');
        describe_processor(&mut text, processor, environment, &plan);
    }
    text.push_str("\nTopics\n\n");
    text.push_str(&topic_table(&plan));
    text
}

fn describe_processor(text: &mut String, processor: &ProcessorSpec, environment: &Environment, plan: &[PlannedTopic]) {
    line(text, &format!("  {}: {}", processor.name, processor.purpose));
    line(text, &format!("    group   {}", processor.group));
    for topic in processor.reads.iter().flat_map(|topic| environment.instances(topic)) {
        line(text, &format!("    reads   {}", with_value(&topic, plan)));
    }
    for topic in processor.tables {
        line(text, &format!("    table   {}", with_value(topic, plan)));
    }
    for topic in processor.writes {
        line(text, &format!("    writes  {}", with_value(topic, plan)));
    }
    line(text, &format!("    writes  {}", with_value(&dead_letter_topic(processor), plan)));
    for topic in processor.embeds {
        line(text, &format!("    embeds  {} as bytes, for {topic}", value_of(topic, plan)));
    }
    for store in processor.stores {
        let kind = match store.kind {
            StoreKind::Keyed(contract) => format!("{} by key", contract.name()),
            StoreKind::Ids => "event ids by day".to_owned(),
        };
        line(text, &format!("    store   {}: {kind}; changelog {}", store.name, changelog_topic(processor, store.name)));
    }
}

fn with_value(topic: &str, plan: &[PlannedTopic]) -> String {
    format!("{topic} ({})", value_of(topic, plan))
}

fn value_of(topic: &str, plan: &[PlannedTopic]) -> String {
    plan.iter().find(|planned| planned.name == topic).map_or_else(|| "unknown".to_owned(), |planned| value_name(planned.value))
}

fn value_name(value: Value) -> String {
    match value {
        Value::Raw => "bytes".to_owned(),
        Value::Avro(contract) => ContractId::name(contract).to_owned(),
        Value::Frames(contract) => format!("frames of {}", ContractId::name(contract)),
    }
}

fn topic_table(plan: &[PlannedTopic]) -> String {
    let header = ["topic", "partitions", "key", "value", "kept", "largest batch", "for"].map(str::to_owned);
    let mut rows = vec![header];
    for topic in plan {
        let kept = match (topic.cleanup, topic.retention_days()) {
            (Cleanup::Delete, Some(days)) => format!("{days} {}", if days == 1 { "day" } else { "days" }),
            (Cleanup::Delete, None) => "for ever".to_owned(),
            (Cleanup::Compact, _) => "last by key".to_owned(),
        };
        let kib = format!("{} KiB", topic.max_message_bytes() / 1024);
        rows.push([topic.name.clone(), topic.partitions.to_string(), topic.key.to_owned(), value_name(topic.value), kept, kib, topic.purpose.to_owned()]);
    }
    let mut widths = [0; 7];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.len());
        }
    }
    let mut text = String::new();
    for row in &rows {
        let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        line(&mut text, &format!("  {}", cells.join("  ")));
    }
    text
}

fn line(text: &mut String, line: &str) {
    writeln!(text, "{}", line.trim_end()).expect("writing to a string cannot fail");
}
