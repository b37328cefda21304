//! What is wrong with a mapping is said at start, with its line and the nearest right name.

use crate::support;
use lineside_normalizer::Plan;

/// A change to a good mapping, and what the compiler has to say, with the line of the change as `@`.
const PLANT_A: &[(&str, &str, &str)] = &[
    ("item: order/material", "itm: order/material", "@: ORDER_RELEASED has no field `itm`; did you mean `item`?"),
    ("item: order/material\n", "\n", "nothing fills `item` of ORDER_RELEASED, which the contract requires"),
    ("type: ORDER_COMPLETED", "type: ORDER_COMPLETE", "@: the contract has no event type `ORDER_COMPLETE`; did you mean `ORDER_COMPLETED`?"),
    ("type: ORDER_COMPLETED", "type: UNKNOWN", "@: the contract has no event type `UNKNOWN`"),
    ("is_final: final", "is_final: {const: perhaps}", "@: `is_final` is true or false: `perhaps` is none"),
    ("is_final: final", "is_final: {template: \"{final}\"}", "@: `is_final` is true or false: a template makes a text"),
    ("is_final: final", "is_final: {value: final, unit: uom}", "@: `is_final` is true or false, not a quantity: `value` and `unit` do not fit it"),
    (
        "planned_quantity: {value: order/quantity, unit: order/uom}",
        "planned_quantity: order/quantity",
        "@: `planned_quantity` is a quantity: it needs `{value: ..., unit: ...}`",
    ),
    ("unit: order/uom", "unit: {const: KGS}", "@: `units` has no `KGS`; did you mean `KG`?"),
    ("unit: order/uom", "units: order/uom", "@: quantity `planned_quantity` has no key `units`; did you mean `unit`?"),
    ("table: plants", "table: plant", "@: there is no table `plant`; did you mean `plants`?"),
    ("KG: KGM", "KG: KGMM", "@: `KGMM` is no unit of the contract; did you mean `KGM`?"),
    ("KG: KGM", "KG: Stk", "@: `Stk` is no unit of the contract; did you mean `C62`?"),
    ("factor: 1000", "factor: thousand", "@: `thousand` is no positive number with at most 9 digits after the point"),
    ("factor: 1000", "factor: 0", "@: `0` is no positive number with at most 9 digits after the point"),
    ("Europe/Berlin", "Europe/Berlim", "@: `Europe/Berlim` is no IANA time zone; did you mean `Europe/Berlin`?"),
    ("on_gap: refuse", "on_gap: guess", "@: `guess` is no rule; there is `refuse`, `earlier`, `later`"),
    ("  on_gap: refuse\n", "", "`time_zone` has no `on_gap`"),
    ("{/eventId}#{#component}", "{/eventId}#{#componnt}", "@: nothing selected is named `componnt`; did you mean `component`?"),
    ("reason: reason", "reason: $component/reason", "@: nothing selected is named `component`"),
    ("source_time: /occurredAt", "source_tme: /occurredAt", "@: the envelope has no field `source_tme`; did you mean `source_time`?"),
    ("source_time: /occurredAt", "ingest_time: /occurredAt", "@: `ingest_time` is not for the mapping to fill: the normalizer does"),
    ("  event_id: /eventId\n", "", "nothing fills `event_id` of the envelope, which the contract requires"),
    ("order: /order/number\n", "", "nothing fills `order`, which the contract requires"),
    ("envelope:\n", "enveloppe:\n", "@: the mapping has no key `enveloppe`; did you mean `envelope`?"),
    ("format: json", "format: jsonl", "@: `format` cannot be `jsonl`; did you mean `json`?"),
    ("contract: ProductionEvent", "contract: ProductionEvents", "@: `contract` cannot be `ProductionEvents`; did you mean `ProductionEvent`?"),
    ("document_type: /eventType\n", "", "the mapping has no `document_type`: the path to the name of a JSON document's type"),
    ("source: plant-a.mes", "source: Plant A", "@: `Plant A` is no source: `<plant>.<name>`, in lower-case letters, digits and hyphens"),
    ("units:\n  KG", "numbers: {decimal: comma}\nunits:\n  KG", "@: `decimal` is one character that is no letter, digit or sign, not `comma`"),
    ("units:\n  KG", "numbers: {decimal: \",\", grouping: \",\"}\nunits:\n  KG", "@: `,` cannot be the decimal separator and stand between groups of digits"),
    ("units:\n  KG", "numbers: {trailing: true}\nunits:\n  KG", "@: `numbers` has no key `trailing`; did you mean `trailing_sign`?"),
    ("units:\n  KG", "numbers: {trailing_sign: maybe}\nunits:\n  KG", "@: `trailing_sign` is `true` or `false`, not `maybe`"),
    ("units:\n  KG", "time: {formats: [\"%d.%m.%y\"]}\nunits:\n  KG", "@: `%d.%m.%y`: `%y` needs a `pivot`"),
    ("units:\n  KG", "time: {formats: [\"%d.%m\"]}\nunits:\n  KG", "@: `%d.%m` makes no date"),
    ("units:\n  KG", "time: {formats: []}\nunits:\n  KG", "@: `formats` names no form of a time"),
    ("units:\n  KG", "time: {pivot: 1970}\nunits:\n  KG", "@: `time` has no `formats`"),
    ("units:\n  KG", "time: {formats: [\"%y%m%d\"], pivot: 70}\nunits:\n  KG", "@: `pivot` is the first year that two digits can mean, such as 1970, not `70`"),
    ("units:\n  KG", "time: {formats: [\"%Y%m%d\"], at: dawn}\nunits:\n  KG", "@: `at` is a time of day such as 06:00, not `dawn`"),
    ("reason: reason", "reason: {const: x, number: {decimal: \",\"}}", "@: `number` and `time` say how the text at a path or of a template is written"),
    ("reason: reason", "reason: {path: reason, with: {a: b}}", "@: `with` belongs to `cel`"),
    ("reason: reason", "reason: {path: reason, without: [a]}", "@: `without` belongs to `digest`"),
    ("reason: reason", "reason: {digest: ., without: [/a]}", "@: `/a` does not start at what the digest is of"),
    ("reason: reason", "reason: {digest: $document_type}", "@: `$document_type` is no path into the document"),
    ("is_final: final", "is_final: {digest: .}", "@: `is_final` is true or false: a digest is a text"),
    ("units:\n  KG", "prefixes: {path: [x]}\nunits:\n  KG", "@: `prefixes` has no key `path`; did you mean `paths`?"),
    ("reason: reason", "reason: {cel: a.trim()}", "@: `cel` needs `with`, names and paths of the texts that it computes with"),
    ("reason: reason", "reason: {cel: a.trm(), with: {a: reason}}", "@: there is no function of a value `trm`; did you mean `trim`?"),
    ("reason: reason", "reason: {cel: resn, with: {reason: reason}}", "@: `with` has no `resn`; did you mean `reason`?"),
    ("reason: reason", "reason: {cel: a ==, with: {a: reason}}", "@: no CEL expression: line 1, column "),
    ("reason: reason", "reason: {cel: size(a), with: {a: reason}}", "@: the expression gives a whole number, where a text should stand"),
    ("reason: reason", "reason: {cel: a, with: {a: $order/reason}}", "@: nothing selected is named `order`"),
    ("reason: reason", "reason: {cel: a, with: {1a: reason}}", "@: `1a` cannot be a name in an expression: letters, digits and `_`"),
    ("is_final: final", "is_final: {cel: a, with: {a: final}}", "@: the expression gives a text, where true or false should stand"),
    (
        "{value: quantity, unit: uom}",
        "{value: {cel: a + b, with: {a: quantity, b: scrap}}, unit: uom}",
        "@: the expression gives a text, where a decimal or a whole number should stand",
    ),
    ("    type: ORDER_COMPLETED\n", "    type: ORDER_COMPLETED\n    when: {cel: a, with: {a: site}}\n", "the expression gives a text, where true or false should stand"),
    ("    type: ORDER_COMPLETED\n", "    type: ORDER_COMPLETED\n    when: {cel: a == 'x'}\n", "`cel` needs `with`"),
    ("version: 1", "version: latest", "@: `latest` is no version: a whole number from 1"),
    ("version: 1", "version: 1\nversion: 2", "`version` stands twice in one map"),
    ("region: {path: /site, table: regions}", "region: {path: /site, const: x}", "@: `region` needs one of `path`, `const`, `template`, `first_of`, `cel` and `digest`"),
    ("source_sequence: /sequence", "source_sequence: {path: /sequence, default: first}", "@: `source_sequence` is a whole number: `first` is none"),
    ("lot: batch", "lot: \"@batch\"", "@: `@batch`: only XML has attributes"),
    ("fields:\n      reason: reason\n      posting_date: postingDate", "fields: [reason]", "@: `fields` is a list, where a map should stand"),
    ("- document: ORDER_COMPLETED\n", "- documents: ORDER_COMPLETED\n", "a rule has no `document`"),
];

/// As above, for what stands in place of `format: json`.
const FORMATS: &[(&str, &str, &str)] = &[
    ("format: json", "format: {delimiter: ';'}", "@: `format` has no `type`"),
    ("format: json", "format: {type: cvs}", "@: `format` cannot be `cvs`; did you mean `csv`?"),
    ("format: json", "format: {type: csv, delimter: ';'}", "@: `format` has no key `delimter`; did you mean `delimiter`?"),
    ("format: json", "format: {type: csv, delimiter: ab}", "@: `delimiter` is one character that is no letter and no digit; `ab` is not"),
    ("format: json", "format: {type: csv, quote: ''}", "@: `quote` is one character that is no letter and no digit; `` is not"),
    ("format: json", "format: {type: csv, encoding: windows-1225}", "@: there is no encoding `windows-1225`; did you mean `windows-1252`?"),
    ("format: json", "format: {type: csv, header: false}", "@: without a header `columns` has to name the columns"),
    ("format: json", "format: {type: csv, columns: [a, a]}", "@: a second column is named `a`"),
    ("format: json", "format: {type: csv, columns: a}", "@: `columns` is a single value, where a list should stand"),
    ("format: json", "format: {type: csv, skip_lines: few}", "@: `few` is no number of lines"),
    ("format: json", "format: {type: csv, delimiter: '#', comment: '#'}", "@: `#` cannot have two meanings"),
    ("format: json", "format: {type: x12, delimiter: '*'}", "@: `format` has no key `delimiter`; there is `type`, `encoding`"),
    ("format: json", "format: csv\nnamespaces: {default: urn:a}", "only XML has namespaces"),
    ("format: json", "format: json\nsegments: {}", "json has no segments"),
    ("format: json", "format: x12\nsegments: {loop: []}", "`segments` has no key `loop`; did you mean `loops`?"),
    ("format: json", "format: x12\nsegments: {loops: [{begin: N1}]}", "a loop has no key `begin`; there is `start`, `members`, `loops`"),
    ("format: json", "format: x12\nsegments: {loops: [{start: N1, members: [n3]}]}", "`n3` is no name of a segment: two or three capital letters or digits"),
    ("format: json", "format: x12\nsegments: {loops: [{start: N1, members: N1}]}", "`N1` starts the loop; it cannot be a member of it"),
    ("format: json", "format: x12\nsegments: {loops: [{start: N1}, {start: N1}]}", "a second loop starts with `N1`"),
    (
        "format: json",
        "format: x12\nsegments: {loops: [{start: LX, members: [AT7], loops: [{start: AT7}]}]}",
        "`AT7` is a member of the loop `LX` and starts a loop in it",
    ),
    ("format: json", "format: x12\nsegments: {hierarchy: {start: HL, id: '1', parent: '02'}}", "`1` is no number of an element: two digits, from 01"),
    ("format: json", "format: x12\nsegments: {hierarchy: {start: HL, id: '01'}}", "`hierarchy` has no `parent`"),
    (
        "format: json",
        "format: edifact\nsegments: {hierarchy: {start: CPS, id: '01', parent: '02'}, loops: [{start: CPS}]}",
        "`CPS` starts the levels of the hierarchy and stands in a loop",
    ),
];

const PLANT_B: &[(&str, &str, &str)] = &[
    ("[http://www.wbf.org/xml/B2MML-V0401, http://www.mesa.org/xml/B2MML-V0600]", "{a: b}", "@: default is a map, where a single value should stand"),
    ("[http://www.wbf.org/xml/B2MML-V0401, http://www.mesa.org/xml/B2MML-V0600]", "[]", "@: no URI stands at `default`"),
    ("[http://www.wbf.org/xml/B2MML-V0401, http://www.mesa.org/xml/B2MML-V0600]", "[urn:a, urn:a]", "@: `urn:a` stands at `default` already"),
    ("operation: $segment/ID", "operation: $segmnt/ID", "@: nothing selected is named `segmnt`; did you mean `segment`?"),
    ("item: MaterialDefinitionID", "item: b:MaterialDefinitionID", "@: `b:MaterialDefinitionID`: no namespace has the prefix `b`; there is `default`"),
    ("format: xml", "format: xml\ndocument_type: /ID", "the type of an XML document is the name of its root element"),
    ("refuse: this use", "type: ORDER_COMPLETED\n    refuse: this use", "a rule has either `type`, the event it makes, or `refuse`, the reason it gives"),
    ("{present: true}", "{present: yes}", "@: `present` is `true` or `false`, not `yes`"),
    ("MaterialUse: {none_of: [", "MaterialUse: {no_of: [", "@: a condition has no key `no_of`; did you mean `none_of`?"),
    ("[ID='Indice']", "[ID=Indice]", "@: `*[ID=Indice]`: the text of a condition stands in quotes"),
];

/// Of a mapping with several documents in a record, lists, and two contracts.
const STRUCTURED: &[(&str, &str, &str)] = &[
    ("each: epcs/*, value: .", "each: epcs/*, values: .", "@: list `epcs` has no key `values`; did you mean `value`?"),
    ("epcs: {each: epcs/*, value: .}", "epcs: epcs/*", "@: `epcs` is a list: it needs `{each: path, value: ...}`"),
    ("epc_class: class", "epc_clas: class", "@: `quantities` has no field `epc_clas`; did you mean `epc_class`?"),
    ("          epc_class: class\n", "", "nothing fills `epc_class` of `quantities`, which the contract requires"),
    ("        as: class\n", "        as: event\n", "`event` cannot be the name of a selection"),
    ("device: $sensor/device,", "device: $senser/device,", "@: nothing selected is named `senser`; did you mean `sensor`?"),
    ("codes: {NEW: ADD", "codes: {NEW: ADDED", "`action` is one of a few symbols: `ADDED` is none; did you mean `ADD`?"),
    ("{const: OTHER}", "{const: UNKNOWN}", "@: `kind` is one of a few symbols: `UNKNOWN` is none"),
    ("business_step: step", "business_stp: step", "@: `context` has no field `business_stp`; did you mean `business_step`?"),
    ("declared_at: error/at", "declared_at: {const: yesterday}", "@: `declared_at` is a time: `yesterday` is no time with an offset"),
    ("  subject: about\n", "  object: about\n", "the aggregate of no contract of this mapping has a field `object`"),
    ("    subject: name\n", "    lot: name\n", "@: a rule has no key `lot`"),
    ("contract: Routing", "contract: Rooting", "@: `contract` cannot be `Rooting`; did you mean `Routing`?"),
    ("contract: Routing\n", "contract: Routing\n    type: ROUTED\n", "`Routing` has no event types: a rule that fills it has `fields`, but no `type`"),
    ("      routing: code\n", "", "nothing fills `routing`, which the contract requires"),
    ("      version: {path", "      versions: {path", "@: Routing has no field `versions`; did you mean `version`?"),
    ("  type: type\n", "", "`documents` has no `type`"),
    ("each: {event: events/* | event}", "each: {event: $document_type}", "@: `$document_type` is no path into the document"),
    ("documents:\n", "document_type: /x\ndocuments:\n", "the type of each document is the `type` of `documents`"),
    ("ignore: it says", "fields: {}\n    ignore: it says", "a rule that ignores fills nothing"),
    ("document: Route\n", "document: [Heartbeat, Route]\n", "no document reaches this rule: the one in line"),
    (
        "  - document: Route\n",
        "  - document: Mixed\n    type: SERIAL_ASSIGNED\n    each: {part: parts/*}\n    when: {name: {present: true}}\n    envelope: {event_id: {template: '{$event/id}x'}}\n    subject: name\n    fields: {}\n  - document: Route\n",
        "",
    ),
    (
        "  - document: Route\n",
        "  - document: Mixed\n    ignore: twice\n    each: {part: parts/*}\n    when: {name: {present: false}}\n  - document: Route\n",
        "this rule is the one in line",
    ),
];

fn check(pack: &str, rows: &[(&str, &str, &str)]) {
    let mapping = std::fs::read_to_string(support::sources().join(pack).join("mapping.yaml")).expect("the mapping");
    check_text(&mapping, rows);
}

fn check_text(mapping: &str, rows: &[(&str, &str, &str)]) {
    for (from, to, expected) in rows {
        assert!(mapping.contains(from), "the mapping has no {from}");
        let line = mapping[..mapping.find(from).expect("found")].lines().count().max(1) + usize::from(mapping[..mapping.find(from).expect("found")].ends_with('\n'));
        if expected.is_empty() {
            Plan::compile("mapping.yaml", &mapping.replacen(from, to, 1)).unwrap_or_else(|errors| panic!("{errors}"));
            continue;
        }
        let errors = Plan::compile("mapping.yaml", &mapping.replacen(from, to, 1)).expect_err(to);
        let said = errors.to_string();
        let expected = if expected.starts_with('@') { format!("mapping.yaml:{}", expected.replacen('@', &line.to_string(), 1)) } else { (*expected).to_owned() };
        assert!(said.contains(&expected), "{from} -> {to}\nexpected {expected}\nsaid {said}");
        assert!(errors.0.iter().all(|error| error.file == "mapping.yaml" && error.line > 0));
    }
}

#[test]
fn errors_in_a_json_mapping_name_line_and_nearest_name() {
    check("plant-a.mes", PLANT_A);
}

#[test]
fn errors_in_formats_and_segments_name_line_and_nearest_name() {
    check("plant-a.mes", FORMATS);
}

#[test]
fn errors_in_what_a_mapping_nests_name_line_and_nearest_name() {
    check_text(include_str!("support/structured.yaml"), STRUCTURED);
}

#[test]
fn errors_in_an_xml_mapping_name_line_and_nearest_name() {
    check("plant-b.b2mml", PLANT_B);
}

#[test]
fn all_errors_are_said_at_once_and_in_order() {
    let mapping = std::fs::read_to_string(support::sources().join("plant-a.mes/mapping.yaml")).expect("the mapping");
    let broken = mapping.replacen("lot: product/batch", "lt: product/batch", 1).replace("Europe/Berlin", "Berlin/Europe").replace("is_final: final", "is_fnal: final");
    let errors = Plan::compile("m", &broken).expect_err("three errors").0;
    assert_eq!(errors.len(), 3, "{errors:?}");
    assert!(errors.is_sorted_by_key(|error| error.line));
}
