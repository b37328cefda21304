//! A person settles what the ERP refuses, over a real Kafka: the connector follows, and says who and why.

use std::process::{Command, Output};
use std::time::{Duration, Instant};

use crate::support::TestPipeline;
use lineside_scenarios::books::facts::Outcome;
use lineside_scenarios::erp::client::ErpClient;
use lineside_scenarios::erp::documents::{Document, documents};
use lineside_scenarios::erp::run::{feed, outcomes};
use lineside_scenarios::erp::settings::{Setup, settings};
use lineside_scenarios::pipeline::Hosting;
use serde_json::{Value, json};

const CONNECTOR: &str = "erp-connector";
const WITHIN: Duration = Duration::from_mins(1);

struct Desk {
    test: TestPipeline,
    erp: ErpClient,
}

impl Desk {
    /// An ERP whose period is closed, and a connector that does not try what is held again by itself.
    fn open() -> Self {
        let mut test = TestPipeline::prepare("settling");
        test.pipeline
            .start_erp(|folder| {
                let mut settings = settings(&Setup { seed: 5, ..Setup::default() }, folder)?;
                settings.connector.push(("LINESIDE_ERP_HELD_RETRY_MS".to_owned(), "3600000".to_owned()));
                Ok(settings)
            })
            .unwrap();
        let erp = ErpClient::new(&test.pipeline.erp_url().unwrap()).unwrap();
        erp.tell("/admin/periods", &json!({"closed_for_ms": 3_600_000})).unwrap();
        Self { test, erp }
    }

    fn lineside(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("lineside"));
        let pipeline = &self.test.pipeline;
        command.arg("postings").args(arguments).env("LINESIDE_BOOTSTRAP_SERVERS", pipeline.bootstrap()).env("LINESIDE_SCHEMA_REGISTRY", pipeline.registry_url());
        command.output().unwrap()
    }

    /// The only document that is held, once there is one, and what is listed of it.
    fn held<'d>(&self, documents: &'d [Document]) -> (&'d Document, Value) {
        let began = Instant::now();
        loop {
            let output = self.lineside(&["list", "--state", "held", "--format", "json"]);
            let mut listed: Vec<Value> = String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            if let Some(one) = listed.pop() {
                assert!(listed.is_empty(), "the others of its order wait behind it");
                return (documents.iter().find(|document| document.id == one["document_id"]).unwrap(), one);
            }
            assert!(began.elapsed() < WITHIN, "{}", String::from_utf8_lossy(&output.stderr));
        }
    }

    fn settle(&self, document: &Document, verdict: &[&str]) {
        let output = self.lineside(&[&["settle", &document.id, "--by", "R. Meier", "--reason", "seen in MB51"], verdict].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// The final outcome of a document, once it is there.
    fn outcome(&self, document: &Document) -> Outcome {
        let began = Instant::now();
        loop {
            let outcomes = outcomes(&self.test.pipeline).unwrap();
            if let Some(outcome) = outcomes.into_iter().find(|outcome| outcome.document_id == document.id && outcome.is_final) {
                return outcome;
            }
            assert!(began.elapsed() < WITHIN, "no final outcome of {}", document.id);
        }
    }

    fn shown(&self, document: &Document) -> String {
        String::from_utf8(self.lineside(&["show", &document.id]).stdout).unwrap()
    }

    fn booked(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.erp.lines().unwrap().into_iter().map(|line| if line.kind == "movement" { line.text } else { line.key }).collect();
        keys.sort();
        keys
    }
}

#[test]
fn what_the_erp_refuses_is_held_until_a_person_says_what_became_of_it() {
    let mut desk = Desk::open();
    let documents = documents(5, 3);
    feed(&desk.test.pipeline, &documents).unwrap();
    desk.test.pipeline.start_instance(CONNECTOR, Hosting::Alone(CONNECTOR), &[]).unwrap();
    let (first, listed) = desk.held(&documents);
    assert!(listed["refusal"].as_str().unwrap().contains("053"), "{listed}");
    desk.settle(first, &["--rejected"]);
    let outcome = desk.outcome(first);
    assert!(outcome.lines.iter().all(|line| line.status == "REJECTED"), "{outcome:?}");
    assert!(desk.shown(first).contains("R. Meier: seen in MB51"), "{}", desk.shown(first));
    let again = desk.lineside(&["settle", &first.id, "--not-posted", "--by", "R. Meier", "--reason", "changed my mind"]);
    assert!(!again.status.success() && String::from_utf8_lossy(&again.stderr).contains("settled already"));

    // Somebody has booked the second by hand.
    let (second, _) = desk.held(&documents);
    desk.settle(second, &["--posted", "4900001234/2026"]);
    let outcome = desk.outcome(second);
    assert!(outcome.lines.iter().all(|line| line.status == "POSTED" && line.document.as_deref() == Some("4900001234")), "{outcome:?}");

    // The period is opened again, and the third is to be sent. Until then the ERP was asked to book, and booked nothing.
    let (third, _) = desk.held(&documents);
    assert_eq!(desk.booked(), Vec::<String>::new());
    desk.erp.tell("/admin/periods", &json!({"closed_for_ms": 0})).unwrap();
    desk.settle(third, &["--not-posted"]);
    let outcome = desk.outcome(third);
    assert!(outcome.lines.iter().all(|line| line.status == "POSTED" && line.document.is_some()), "{outcome:?}");
    let mut keys: Vec<String> = third.lines().into_iter().map(|(key, _)| key).collect();
    keys.sort();
    assert_eq!(desk.booked(), keys, "that one, once");
    desk.test.stop();
}
