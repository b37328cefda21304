//! The topology as a Mermaid flowchart.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::environment::Environment;
use crate::processors::PROCESSORS;
use crate::topics::dead_letter_topic;

/// A flowchart from the raw topics to the last ones: topics as rounded boxes, processors as plain ones, stores as cylinders. Ends in a newline.
#[must_use]
pub fn mermaid(environment: &Environment) -> String {
    let mut drawing = Drawing::default();
    for processor in PROCESSORS {
        let node = id("processor", processor.name);
        drawing.node(&node, &format!("[{}]", quoted(processor.name)));
        for topic in processor.reads.iter().flat_map(|topic| environment.instances(topic)) {
            let topic = drawing.topic(&topic);
            drawing.edge(&format!("{topic} --> {node}"));
        }
        for topic in processor.tables {
            let topic = drawing.topic(topic);
            drawing.edge(&format!("{topic} -. table .-> {node}"));
        }
        for topic in processor.writes {
            let topic = drawing.topic(topic);
            drawing.edge(&format!("{node} --> {topic}"));
        }
        for store in processor.stores {
            let store_node = id("store", &format!("{}-{}", processor.name, store.name));
            drawing.node(&store_node, &format!("[({})]", quoted(store.name)));
            drawing.edge(&format!("{node} <--> {store_node}"));
        }
        let dead_letters = drawing.topic(&dead_letter_topic(processor));
        drawing.edge(&format!("{node} -.-> {dead_letters}"));
    }
    format!("flowchart LR\n{}{}", drawing.nodes, drawing.edges)
}

#[derive(Default)]
struct Drawing {
    drawn: BTreeSet<String>,
    nodes: String,
    edges: String,
}

impl Drawing {
    fn topic(&mut self, name: &str) -> String {
        let topic = id("topic", name);
        self.node(&topic, &format!("([{}])", quoted(name)));
        topic
    }

    fn node(&mut self, id: &str, shape: &str) {
        if self.drawn.insert(id.to_owned()) {
            writeln!(self.nodes, "    {id}{shape}").expect("writing to a string cannot fail");
        }
    }

    fn edge(&mut self, edge: &str) {
        writeln!(self.edges, "    {edge}").expect("writing to a string cannot fail");
    }
}

/// Mermaid takes letters, digits and underscores as an identifier.
fn id(kind: &str, name: &str) -> String {
    let name: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    format!("{kind}_{name}")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "#quot;"))
}
