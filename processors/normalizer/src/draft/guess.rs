//! Which of a document's values could fill a field, by their names and by what they look like.

use super::shape::Leaf;
use crate::convert::number_format::NumberFormat;
use crate::document::Kind;
use crate::mapping::Target;

/// What sources call the contracts' fields, in lower case without separators; the first are the likeliest.
const SYNONYMS: &[(&str, &[&str])] = &[
    ("event_id", &["eventid", "messageid", "documentid", "bodid", "uuid", "guid", "id", "idocnumber", "docnum"]),
    (
        "source_time",
        &[
            "occurredat",
            "eventtime",
            "sourcetime",
            "timestamp",
            "actualendtime",
            "endtime",
            "createdat",
            "creationdatetime",
            "datetime",
            "time",
            "date",
            "zeitpunkt",
            "zeitstempel",
            "gemessen",
            "gemeldet",
            "zeit",
            "datum",
        ],
    ),
    ("source_sequence", &["sequence", "sequencenumber", "seqno", "counter"]),
    ("order", &["order", "ordernumber", "productionorder", "workorder", "processorder", "aufnr", "auftrag", "orderid", "productionrequestid"]),
    ("document", &["document", "documentnumber", "purchaseorder", "delivery", "ebeln", "vbeln", "shipmentid"]),
    ("shipment", &["shipment", "shipmentid", "shipmentnumber", "delivery"]),
    ("item", &["item", "material", "itemid", "materialnumber", "matnr", "product", "article", "artikel", "sku", "gtin", "part", "partnumber", "materialdefinitionid"]),
    ("lot", &["lot", "batch", "charge", "charg", "lotid", "lotnumber", "batchnumber", "materiallotid"]),
    ("sublot", &["sublot", "handlingunit", "serial", "sublotid", "materialsublotid"]),
    ("quantity", &["quantity", "qty", "amount", "menge", "quantitystring", "erfmg"]),
    ("planned_quantity", &["plannedquantity", "targetquantity", "quantity", "qty", "menge", "bdmng"]),
    ("yield", &["yield", "yieldquantity", "goodquantity", "good", "gutmenge", "lmnga"]),
    ("scrap", &["scrap", "scrapquantity", "bad", "ausschuss", "xmnga"]),
    ("rework", &["rework", "reworkquantity", "nacharbeit", "rmnga"]),
    ("operation", &["operation", "operationid", "op", "vorgang", "vornr", "phase", "segmentid"]),
    ("work_center", &["workcenter", "machine", "resource", "equipment", "equipmentid", "arbeitsplatz", "arbpl", "maschine", "station"]),
    ("storage_location", &["storagelocation", "location", "warehouse", "lagerort", "lgort", "bin"]),
    ("location", &["location", "storagelocation", "warehouse", "lagerort", "lgort", "bin", "equipmentid"]),
    ("reservation", &["reservation", "rsnum"]),
    ("reservation_item", &["reservationitem", "rspos"]),
    ("position", &["position", "line", "lineitem", "posnr", "pos"]),
    ("reason", &["reason", "reasoncode", "grund", "comment"]),
    ("reversed_event_id", &["reverses", "reversedeventid", "cancels", "storno"]),
    ("is_final", &["final", "finalconfirmation", "aueru", "complete", "completed"]),
    ("supplier", &["supplier", "supplierid", "vendor", "lifnr"]),
    ("customer", &["customer", "customerid", "kunnr"]),
    ("subject", &["subject", "lot", "sscc", "handlingunit", "serial", "epc"]),
];

/// Names that say nothing by themselves, but under a name that does.
const GENERIC: &[&str] = &["id", "number", "no", "nr", "code", "value", "name", "key", "text", "quantity", "qty", "valuestring", "quantitystring"];
/// Names of units.
const UNITS: &[&str] = &["unit", "uom", "unitofmeasure", "einheit", "meins", "meinh", "erfme", "unitcode", "measurementunitcode", "qtyunit", "quantityunit"];

/// A name in lower case, without separators.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How well a value's name fits a field, from 0.
pub(super) fn name_score(field: &str, leaf: &Leaf<'_>) -> u32 {
    let own = plain(field);
    let known = SYNONYMS.iter().find(|(name, _)| *name == field).map_or(&[][..], |(_, words)| words);
    let [last, parent] = &leaf.plain;
    let both = format!("{parent}{last}");
    let score = |word: &str, rank: u32| {
        if last == word || both == word {
            30 - rank
        } else if parent == word && GENERIC.contains(&last.as_str()) {
            28 - rank
        } else if word.len() >= 4 && last.ends_with(word) {
            14
        } else if word.len() >= 5 && both.contains(word) {
            8
        } else {
            0
        }
    };
    let ranked = known.iter().zip(1..).map(|(word, rank)| score(word, rank));
    let best = ranked.chain([score(&own, 0)]).max().unwrap_or_default();
    // Of two that fit alike, the nearer.
    if best == 0 { 0 } else { 2 * best + 1 - u32::try_from(leaf.distance.min(1)).unwrap_or(1) }
}

/// Whether a value can stand in a field of that type.
pub(super) fn fits(target: Target, leaf: &Leaf<'_>) -> bool {
    let text = leaf.text;
    if text.is_empty() {
        return false;
    }
    match target {
        Target::Text => leaf.kind != Kind::Boolean,
        Target::Int | Target::Long => text.parse::<i64>().is_ok(),
        Target::Boolean => leaf.kind == Kind::Boolean || matches!(text, "true" | "false"),
        Target::Timestamp => is_time(text),
        Target::Date => text.parse::<jiff::civil::Date>().is_ok() || time_form(text).is_some_and(|form| !form.contains("%H")),
        Target::Decimal | Target::Quantity => leaf.is_number,
        Target::Enum(symbols) => symbols.index(text).is_some(),
        _ => false,
    }
}

/// A date and a time of day.
pub(super) fn is_time(text: &str) -> bool {
    is_iso_time(text) || time_form(text).is_some_and(|form| form.contains("%H"))
}

/// In ISO 8601, which needs no word in a mapping.
pub(super) fn is_iso_time(text: &str) -> bool {
    text.len() > 12 && (text.parse::<jiff::Timestamp>().is_ok() || text.parse::<jiff::civil::DateTime>().is_ok())
}

/// The form of a date or time that is not in ISO 8601, as a mapping writes it; of those that can mean one thing only.
pub(super) fn time_form(text: &str) -> Option<&'static str> {
    const FORMS: &[(&str, &str)] = &[("99.99.9999 99:99:99", "%d.%m.%Y %H:%M:%S"), ("99.99.9999 99:99", "%d.%m.%Y %H:%M"), ("99.99.9999", "%d.%m.%Y")];
    if text.as_bytes().get(2) != Some(&b'.') {
        return None;
    }
    let outline: String = text.chars().map(|character| if character.is_ascii_digit() { '9' } else { character }).collect();
    let form = FORMS.iter().find(|(known, _)| *known == outline).map(|(_, form)| *form)?;
    // `99.99.2026` is no date.
    let (day, month) = (text.get(..2)?.parse::<u8>().ok()?, text.get(3..5)?.parse::<u8>().ok()?);
    ((1..=31).contains(&day) && (1..=12).contains(&month)).then_some(form)
}

/// A time that needs a time zone.
pub(super) fn is_local_time(text: &str) -> bool {
    is_time(text) && text.parse::<jiff::Timestamp>().is_err()
}

/// How a sample's numbers are written, if with a decimal comma: some are so, and none has a decimal point.
pub(super) fn number_form<'t>(texts: impl Iterator<Item = &'t str>) -> Option<NumberFormat> {
    let mut format = NumberFormat { decimal: ',', ..NumberFormat::PLAIN };
    let mut has_comma = false;
    for text in texts.map(|text| text.strip_prefix('-').unwrap_or(text)).filter(|text| text.starts_with(|first: char| first.is_ascii_digit())) {
        let (whole, fraction) = match text.split_once(',') {
            Some((whole, fraction)) if !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit()) => (whole, Some(fraction)),
            Some(_) => continue,
            None => (text, None),
        };
        let groups: Vec<&str> = whole.split('.').collect();
        if !groups.iter().all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit())) {
            continue;
        }
        let is_grouped = groups.len() > 1 && groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3);
        match (groups.len(), fraction) {
            (2, None) if !is_grouped => return None,
            _ if is_grouped => format.grouping = Some('.'),
            _ => {}
        }
        has_comma |= fraction.is_some() && (groups.len() == 1 || is_grouped);
    }
    has_comma.then_some(format)
}

/// Whether a text is a number as mappings read it with that form.
pub(super) fn reads_as_number(text: &str, form: Option<NumberFormat>) -> bool {
    match form {
        Some(form) => form.rewrite(text, &mut String::new()).is_ok() && text.starts_with(|first: char| first.is_ascii_digit() || first == '-'),
        None => is_number(text),
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.chars().all(|character| character.is_ascii_digit() || character == '.')
        && digits.matches('.').count() < 2
}

/// The unit that stands beside an amount, or in an attribute of it.
pub(super) fn unit_of<'l, 'a>(amount: &Leaf<'a>, leaves: &'l [Leaf<'a>]) -> Option<&'l Leaf<'a>> {
    let is_unit = |leaf: &&Leaf<'_>| leaf.distance == amount.distance && UNITS.contains(&leaf.plain[0].as_str());
    let beside = &amount.names[..amount.names.len().saturating_sub(1)];
    let within = |leaf: &&Leaf<'_>| leaf.names.split_last().is_some_and(|(_, around)| around == amount.names);
    let next_to = |leaf: &&Leaf<'_>| leaf.names.split_last().is_some_and(|(_, around)| around == beside);
    let units = || leaves.iter().filter(is_unit);
    units().find(within).or_else(|| units().find(next_to))
}

/// How alike the name of an event and that of a document are, from 0 to 100.
pub(super) fn type_score(symbol: &str, document_type: &str) -> u32 {
    let words: Vec<String> = symbol.split('_').map(str::to_lowercase).collect();
    let document_type = plain(document_type);
    if document_type == words.concat() {
        return 100;
    }
    // By their stems, so that `consumed` and `consumption` are one.
    let found = words.iter().filter(|word| word.len() > 2 && document_type.contains(&word[..word.len().min(5)])).count();
    u32::try_from(60 * found / words.len().max(1)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf<'a>(names: &[&'a str], text: &'a str) -> Leaf<'a> {
        Leaf::new(names.join("/"), names.to_vec(), text, Kind::Text, (0, 0))
    }

    #[test]
    fn a_better_name_scores_more_and_a_strange_one_nothing() {
        let score = |names: &[&str]| name_score("item", &leaf(names, "x"));
        assert!(score(&["item"]) > score(&["Material"]) && score(&["material"]) > score(&["componentMaterial"]) && score(&["componentMaterial"]) > 0);
        assert_eq!(score(&["colour"]), 0);
        assert!(name_score("order", &leaf(&["order", "number"], "x")) > name_score("order", &leaf(&["reorderPoint"], "x")));
    }

    #[test]
    fn times_and_numbers_are_known_by_their_looks() {
        assert!(
            is_time("2026-11-20T08:00:00Z") && is_time("2026-11-20T08:00:00+01:00") && is_local_time("2026-11-20T08:00:00") && !is_local_time("2026-11-20T08:00:00Z")
        );
        assert!(!is_time("2026-11-20") && !is_time("20261120") && !is_time("x"));
        assert!(is_local_time("29.11.2026 06:15") && time_form("29.11.2026 06:15:01") == Some("%d.%m.%Y %H:%M:%S") && time_form("31.13.2026").is_none());
        assert!(fits(Target::Date, &leaf(&["d"], "29.11.2026")) && !fits(Target::Timestamp, &leaf(&["d"], "29.11.2026")));
        assert!(is_number("1.5") && is_number("-0010") && !is_number("1.2.3") && !is_number("A1") && !is_number(""));
    }

    #[test]
    fn a_decimal_comma_is_known_by_the_sample_as_a_whole() {
        let form = |texts: &[&str]| number_form(texts.iter().copied()).map(|form| form.grouping);
        assert_eq!(form(&["1.234,50", "53,1", "1200", "29.11.2026 06:15", "4711-08"]), Some(Some('.')));
        assert_eq!((form(&["53,1", "-2"]), form(&["53,1", "1.500"])), (Some(None), Some(Some('.'))));
        assert_eq!((form(&["1.5", "53,1"]), form(&["1.500", "12"]), form(&[])), (None, None, None));
        let german = number_form(["1.234,50"].into_iter());
        assert!(reads_as_number("1.234,50", german) && !reads_as_number("1.2", german) && reads_as_number("1.2", None));
    }

    #[test]
    fn the_unit_beside_an_amount_or_in_its_attribute_is_its_own() {
        let leaves = [leaf(&["a", "qty"], "1"), leaf(&["a", "uom"], "KG"), leaf(&["b", "uom"], "L"), leaf(&["q"], "2"), leaf(&["q", "unitCode"], "KGM")];
        assert_eq!(unit_of(&leaves[0], &leaves).unwrap().text, "KG");
        assert_eq!(unit_of(&leaves[3], &leaves).unwrap().text, "KGM");
    }

    #[test]
    fn events_are_known_by_the_words_of_their_names() {
        assert_eq!(type_score("MATERIAL_CONSUMED", "materialConsumed"), 100);
        assert!(type_score("MATERIAL_CONSUMED", "MaterialConsumption") > type_score("ORDER_RELEASED", "MaterialConsumption"));
    }
}
