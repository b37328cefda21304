//! Identifiers and numbers come through every format as they were written, or are refused: nothing is rounded, shortened or padded in silence.

use crate::support;
use std::str::FromStr;
use std::sync::LazyLock;

use bigdecimal::{BigDecimal, Zero};
use lineside_normalizer::{Limits, Plan, Scratch};
use lineside_schemas::json;
use proptest::prelude::*;
use serde_json::Value as Json;

/// Two identifiers, and a quantity with a text of its own.
struct Values<'t> {
    order: &'t str,
    reason: &'t str,
    amount: &'t str,
}

/// A format: how a mapping reads it, where its values stand, and how a document with them is written.
struct Way {
    name: &'static str,
    head: &'static str,
    /// Paths of id, order, reason and amount.
    paths: [&'static str; 4],
    write: fn(&Values<'_>) -> String,
}

const NAMES: [&str; 4] = ["id", "order", "reason", "amount"];

static WAYS: &[Way] = &[
    Way {
        name: "JSON",
        head: "format: json\ndocument_type: {const: any}",
        paths: NAMES,
        write: |values| serde_json::json!({"id": values.order, "order": values.order, "reason": values.reason, "amount": values.amount}).to_string(),
    },
    Way {
        name: "JSON lines",
        head: "format: json-lines\ndocuments: {each: {line: '*'}, type: {const: any}}",
        paths: NAMES,
        write: |values| format!("\n{}\n", serde_json::json!({"id": values.order, "order": values.order, "reason": values.reason, "amount": values.amount})),
    },
    Way {
        name: "XML",
        head: "format: xml",
        paths: ["id", "order", "@reason", "amount"],
        write: |values| format!("<any reason='{1}'><id>{0}</id><order>{0}</order><amount>{2}</amount></any>", values.order, values.reason, values.amount),
    },
    Way {
        name: "CSV",
        head: "format: csv\ndocuments: {each: {row: '*'}, type: {const: any}}",
        paths: NAMES,
        write: |values| format!("id,order,reason,amount\r\n{0},{0},\"{1}\",\"{2}\"\r\n", values.order, values.reason, values.amount),
    },
    Way {
        name: "X12",
        head: "format: x12\ndocument_type: {const: any}",
        paths: [
            "Interchange/Group/Transaction/BSN/02",
            "Interchange/Group/Transaction/BSN/02",
            "Interchange/Group/Transaction/BSN/03",
            "Interchange/Group/Transaction/BSN/04",
        ],
        write: |values| {
            let head = "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260302*0715*^*00501*000000905*0*P*>~GS*SH*A*B*20260302*0715*41*X*005010~";
            format!("{head}ST*856*0001~BSN*00*{}*{}*{}~SE*3*0001~GE*1*41~IEA*1*000000905~", values.order, values.reason, values.amount)
        },
    },
    Way {
        name: "EDIFACT",
        head: "format: edifact\ndocument_type: {const: any}",
        paths: ["Interchange/Message/BGM/01", "Interchange/Message/BGM/01", "Interchange/Message/BGM/02", "Interchange/Message/QTY/01/02"],
        write: |values| {
            // `+` separates, unless `?` stands before it.
            let amount = values.amount.replace('+', "?+");
            format!("UNB+UNOC:3+A+B+260302:0715+1'UNH+1+DESADV:D:01B:UN'BGM+{}+{}'QTY+12:{amount}'UNT+4+1'UNZ+1+1'", values.order, values.reason)
        },
    },
];

fn plan(way: &Way, numbers: &str) -> Plan {
    let [id, order, reason, amount] = way.paths;
    let mapping = format!(
        "source: plant-t.test\nversion: 1\ncontract: ProductionEvent\n{}\n{numbers}\nunits: {{KG: KGM}}\nenvelope:\n  event_id: {id}\n  plant: {{const: plant-t}}\n  \
         transaction_type: {{const: T}}\n  source_time: {{const: '2026-11-20T08:00:00Z'}}\norder: {order}\nevents:\n  - document: any\n    type: ORDER_COMPLETED\n    fields:\n      \
         reason: '{reason}'\n      completed_quantity: {{value: {amount}, unit: {{const: KG}}}}\n",
        way.head
    );
    Plan::compile(way.name, &mapping).unwrap_or_else(|errors| panic!("{errors}"))
}

/// The event's JSON, or the code of the refusal.
fn apply(plan: &Plan, document: &str) -> Result<Json, &'static str> {
    let mut scratch = Scratch::default();
    let events = plan.apply(&support::record(plan.topic(), document.as_bytes()), &Limits::default(), &mut scratch).map_err(|refusal| refusal.code)?;
    assert_eq!(events.len(), 1);
    Ok(json::to_json(events[0].contract.schema_text(), events[0].datum).expect("Avro of the contract"))
}

fn plans(numbers: &str) -> Vec<(&'static Way, Plan)> {
    WAYS.iter().map(|way| (way, plan(way, numbers))).collect()
}

fn amount_of(event: &Json) -> BigDecimal {
    let text = event["order_completed"]["completed_quantity"]["value"].as_str().expect("a quantity");
    BigDecimal::from_str(text).expect("a decimal")
}

/// What has to become of a number in plain form: itself, or the code for what keeps it out of the contract.
fn expected(text: &str) -> Result<BigDecimal, &'static str> {
    let number = BigDecimal::from_str(text).expect("a number").normalized();
    let (_, scale) = number.as_bigint_and_exponent();
    let too_large = number.abs() >= BigDecimal::from_str("1e29").expect("a number");
    match number {
        number if number.is_zero() => Ok(number),
        _ if too_large => Err("number-too-large"),
        _ if scale > 9 => Err("number-too-fine"),
        number => Ok(number),
    }
}

fn check(way: &Way, text: &str, found: Result<Json, &'static str>, wanted: &Result<BigDecimal, &'static str>) -> Result<(), TestCaseError> {
    match (found, wanted) {
        (Ok(event), Ok(wanted)) => prop_assert_eq!(&amount_of(&event), wanted, "{} {}", way.name, text),
        // A number can be both; which of them is said is no matter.
        (Err(code), Err(_)) => prop_assert!(matches!(code, "number-too-large" | "number-too-fine"), "{} {} {}", way.name, text, code),
        (found, wanted) => prop_assert!(false, "{} {}: {:?}, where {:?} is right", way.name, text, found, wanted),
    }
    Ok(())
}

/// Numbers as JSON, XML Schema and X12 write them, up to sizes that no contract holds.
fn plain_numbers() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?(0|[1-9][0-9]{0,32})([.][0-9]{1,12})?([eE][+-]?[0-9]{1,2})?",
        "-?[1-9][0-9]{28,29}([.][0-9]{1,9})?",
        "-?0[.]0{0,8}[0-9]{1,3}",
        "-?[0-9]{1,3}[eE][+-]?0{0,3}[0-9]{1,2}",
        Just("-0".to_owned()),
        Just("0.4E1".to_owned()),
        Just("0e999999999".to_owned()),
    ]
}

proptest! {
    #[test]
    fn identifiers_come_through_every_format_digit_by_digit(order in "0{0,6}[0-9]{1,30}", reason in "0{1,4}[0-9]{0,12}|[0-9]{1,3}[.]0{1,3}|0[xX][0-9]{1,4}|[0-9]{1,3}[eE][0-9]{1,3}") {
        static PLANS: LazyLock<Vec<(&Way, Plan)>> = LazyLock::new(|| plans(""));
        for (way, plan) in &*PLANS {
            let event = apply(plan, &(way.write)(&Values { order: &order, reason: &reason, amount: "1" })).unwrap_or_else(|code| panic!("{}: {code}", way.name));
            prop_assert_eq!(event["order"].as_str(), Some(&*order), "{}", way.name);
            prop_assert_eq!(event["envelope"]["event_id"].as_str(), Some(&*order), "{}", way.name);
            prop_assert_eq!(event["order_completed"]["reason"].as_str(), Some(&*reason), "{}", way.name);
        }
    }

    #[test]
    fn plain_numbers_are_exact_or_refused_in_every_format(text in plain_numbers()) {
        static PLANS: LazyLock<Vec<(&Way, Plan)>> = LazyLock::new(|| plans(""));
        let wanted = expected(&text);
        for (way, plan) in &*PLANS {
            check(way, &text, apply(plan, &(way.write)(&Values { order: "1", reason: "r", amount: &text })), &wanted)?;
        }
        // The same as a number of JSON; one with a leading zero is none.
        let number = format!(r#"{{"id":"1","order":"1","reason":"r","amount":{text}}}"#);
        match apply(&PLANS[0].1, &number) {
            Err("invalid-json") => prop_assert!(text.trim_start_matches('-').len() > 1 && text.trim_start_matches('-').starts_with('0'), "{}", text),
            found => check(PLANS[0].0, &number, found, &wanted)?,
        }
    }

    #[test]
    fn numbers_of_other_countries_are_exact_or_refused_in_every_format(whole in "[1-9][0-9]{0,30}", fraction in "[0-9]{0,11}", sign in "[-+]?", grouped in any::<bool>()) {
        static PLANS: LazyLock<Vec<(&Way, Plan)>> = LazyLock::new(|| plans("numbers: {decimal: ',', grouping: '.'}"));
        let groups: Vec<&str> = whole.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).expect("digits")).collect();
        let comma = if fraction.is_empty() { "" } else { "," };
        let text = format!("{sign}{}{comma}{fraction}", if grouped { groups.join(".") } else { whole.clone() });
        let plain = format!("{sign}{whole}.{fraction}0");
        for (way, plan) in &*PLANS {
            check(way, &text, apply(plan, &(way.write)(&Values { order: "1", reason: "r", amount: &text })), &expected(&plain))?;
        }
    }

    #[test]
    fn whatever_looks_like_a_number_is_never_read_as_another(text in "[-+]?[0-9.,]{1,12}[-+]?") {
        static PLANS: LazyLock<Vec<(&Way, Plan)>> = LazyLock::new(|| plans("numbers: {decimal: ',', grouping: '.'}"));
        let (way, plan) = &PLANS[0];
        match apply(plan, &(way.write)(&Values { order: "1", reason: "r", amount: &text })) {
            Err(code) => prop_assert!(matches!(code, "bad-number" | "number-too-large" | "number-too-fine"), "{} {}", text, code),
            Ok(event) => {
                // Only with groups of three digits, and one comma at most, can it have been read.
                let (whole, fraction) = text.split_once(',').unwrap_or((&text, ""));
                let digits = whole.trim_start_matches(['-', '+']);
                prop_assert!(!digits.contains('.') || digits.split('.').skip(1).all(|group| group.len() == 3), "{}", text);
                let plain = format!("{}{}.{fraction}0", if text.starts_with('-') { "-0" } else { "0" }, digits.replace('.', ""));
                prop_assert_eq!(amount_of(&event), BigDecimal::from_str(&plain).expect("a number"), "{}", text);
            }
        }
    }
}

#[test]
fn signs_zeros_and_long_numbers_are_as_they_should_be() {
    let (way, plan) = (&WAYS[0], plan(&WAYS[0], ""));
    let read = |text: &str| apply(&plan, &(way.write)(&Values { order: "1", reason: "r", amount: text })).map(|event| amount_of(&event).to_plain_string());
    for (text, wanted) in [
        ("0.4E1", Ok("4")),
        ("-0", Ok("0")),
        ("+5", Ok("5")),
        ("1.234,50", Err("bad-number")),
        ("1,5", Err("bad-number")),
        ("12345678901234567890123456789", Ok("12345678901234567890123456789")),
        ("123456789012345678901234567890", Err("number-too-large")),
        ("0.0000000001", Err("number-too-fine")),
        ("1e-9", Ok("0.000000001")),
        ("--5", Err("bad-number")),
        ("0x10", Err("bad-number")),
        ("NaN", Err("bad-number")),
    ] {
        assert_eq!(read(text).as_deref().map_err(|code| *code), wanted, "{text}");
    }
}
