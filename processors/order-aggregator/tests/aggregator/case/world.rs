//! Rules and master data as cases write them.

use std::collections::BTreeMap;

use lineside_order_aggregator::master::Master;
use lineside_posting_rules::{RuleBook, RuleSet};
use lineside_schemas::records::{Item, Quantity, ShiftCalendar, ShiftPattern, UnitConversion, UnitRatio, Weekday};
use serde::Deserialize;
use serde_yaml_ng::{Mapping, Value};

use super::event::{instant, quantity};

/// What is given before the first event.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Rule files, as `lineside rules` takes them. What is left out: rule set `case`, version 1, from 2026-01-01 on, mode explicit-movements.
    #[serde(default)]
    rules: Vec<Mapping>,
    /// Items by number.
    #[serde(default)]
    items: BTreeMap<String, ItemText>,
    /// Unit ratios.
    #[serde(default)]
    conversions: Vec<ConversionText>,
    /// Shift calendars: time zone, and times at which shifts follow one another every day.
    #[serde(default)]
    shifts: BTreeMap<String, ShiftText>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemText {
    base_unit: Option<String>,
    group: Option<String>,
    #[serde(default)]
    lots: bool,
    #[serde(default)]
    serials: bool,
}

/// `{item: RM-1, "1 XCT": 12 C62}` as item, quantity, and what it is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConversionText {
    item: String,
    quantity: String,
    is: String,
    from: Option<String>,
    until: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShiftText {
    time_zone: String,
    times: Vec<String>,
}

impl Given {
    pub fn world(&self) -> (RuleBook, Master) {
        let mut rules = RuleBook::new();
        for file in &self.rules {
            let mut file = file.clone();
            for (key, value) in [("rule_set", "case"), ("version", "1"), ("effective_from", "2026-01-01T00:00:00Z"), ("mode", "explicit-movements")] {
                file.entry(Value::from(key)).or_insert_with(|| serde_yaml_ng::from_str(value).unwrap());
            }
            let text = serde_yaml_ng::to_string(&file).unwrap();
            rules.insert(RuleSet::from_yaml("case", &text).unwrap_or_else(|errors| panic!("{errors}\n{text}")));
        }
        (rules, self.master())
    }

    fn master(&self) -> Master {
        let mut master = Master::default();
        for (number, text) in &self.items {
            let item = Item {
                item: number,
                base_unit: text.base_unit.as_deref(),
                item_group: text.group.as_deref(),
                is_lot_managed: text.lots,
                is_serial_managed: text.serials,
                ..Item::default()
            };
            master.item_changed(&format!("plant-a/{number}"), Some(&item));
        }
        let mut ratios = BTreeMap::<(&str, &str), Vec<UnitRatio<'_>>>::new();
        for text in &self.conversions {
            let (of, is): (Quantity<'_>, Quantity<'_>) = (quantity(&text.quantity), quantity(&text.is));
            let time = |text: &Option<String>| text.as_deref().map(instant);
            let ratio = UnitRatio { quantity: of.clone(), base_quantity: is, valid_from: time(&text.from), valid_to: time(&text.until) };
            ratios.entry((&text.item, of.unit)).or_default().push(ratio);
        }
        for ((item, unit), ratios) in ratios {
            let conversion = UnitConversion { item, unit, ratios, ..UnitConversion::default() };
            master.conversion_changed(&format!("plant-a/{item}/{unit}"), Some(&conversion));
        }
        for (name, text) in &self.shifts {
            let shift = |(index, weekday): (usize, Weekday)| ShiftPattern {
                shift: "S",
                weekday,
                start_time: &text.times[index],
                end_time: &text.times[(index + 1) % text.times.len()],
                ..ShiftPattern::default()
            };
            let days = [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday, Weekday::Saturday, Weekday::Sunday];
            let shifts = days.into_iter().flat_map(|day| (0..text.times.len()).map(move |index| (index, day))).map(shift).collect();
            let calendar = ShiftCalendar { calendar: name, time_zone: &text.time_zone, shifts, ..ShiftCalendar::default() };
            master.calendar_changed(&format!("plant-a/{name}"), Some(&calendar));
        }
        master
    }
}
