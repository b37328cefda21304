//! The ledger over a kill of the whole program.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

const PATH: &str = "/api/v1/stock_transfers";

struct Program {
    child: Child,
    base: String,
}

impl Program {
    fn start(ledger: &std::path::Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_erp-simulator")).args(["--profile", "odoo", "--ledger"]).arg(ledger).stdout(Stdio::piped()).spawn().unwrap();
        let line = BufReader::new(child.stdout.take().unwrap()).lines().next().unwrap().unwrap();
        let line: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(line["message"], json!("serving the simulated ERP"));
        Self { child, base: format!("http://{}", line["address"].as_str().unwrap()) }
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn transfer(key: &str) -> Value {
    let line =
        json!({"line_ref": format!("{key}/1"), "move_type": "consume", "product": "RM-1", "location": null, "lot": null, "demand_ref": null, "qty": 1.5, "uom": "kg"});
    json!({"external_ref": key, "company": "p", "production": "1", "kind": "issue", "date": "2026-11-20", "moves": [line]})
}

#[tokio::test]
async fn what_was_answered_is_in_the_ledger_after_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("ledger.jsonl");
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut promised = 0;
    for round in 0..3 {
        let program = Program::start(&ledger);
        // Several at a time, so that the kill comes in the middle of some.
        let mut asked = tokio::task::JoinSet::new();
        for number in 0..20 {
            let request = http.post(format!("{}{PATH}", program.base)).header("x-api-key", "simulated").body(transfer(&format!("{round}-{number}")).to_string());
            asked.spawn(async move { request.send().await.is_ok_and(|response| response.status().is_success()) });
        }
        let mut answered = 0;
        while let Some(good) = asked.join_next().await {
            answered += usize::from(good.unwrap());
            if answered == 10 {
                break;
            }
        }
        program.kill();
        while let Some(good) = asked.join_next().await {
            answered += usize::from(good.unwrap());
        }
        promised += answered;
    }
    let program = Program::start(&ledger);
    let lines = http.get(format!("{}/admin/lines", program.base)).send().await.unwrap().text().await.unwrap();
    let entries = http.get(format!("{}/ledger", program.base)).send().await.unwrap().text().await.unwrap();
    program.kill();
    assert!(lines.lines().count() >= promised, "{} of {promised}", lines.lines().count());
    let numbers: Vec<u64> = entries.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["seq"].as_u64().unwrap()).collect();
    assert!(numbers.iter().copied().eq(1..=numbers.len() as u64));
}
