//! The time zone of a source, for times that come without an offset, and what becomes of local times that the clocks skip or repeat.

use jiff::tz::{TimeZone, TimeZoneDatabase};

use lineside_yaml::{Errors, suggestion};
use lineside_yaml::{Item, Section};

/// What to do with a local time that is no single instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resolve {
    /// Refuse the document.
    Refuse,
    /// Take the earlier of the two instants it could be.
    Earlier,
    /// Take the later one.
    Later,
}

/// A time zone and its rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ZoneRule {
    pub(crate) zone: TimeZone,
    /// For local times that the clocks skip.
    pub(crate) on_gap: Resolve,
    /// For local times that the clocks show twice.
    pub(crate) on_overlap: Resolve,
}

/// Reads `time_zone`: `{name: IANA name, on_gap: ..., on_overlap: ...}`.
pub(super) fn zone_rule(item: Option<&Item>, errors: &mut Errors) -> Option<ZoneRule> {
    let mut section = Section::new(item?, "`time_zone`", errors);
    let zone = section.need("name", errors).and_then(|item| {
        let name = item.text("`name`", errors)?;
        let zone = TimeZoneDatabase::bundled().get(name).ok();
        if zone.is_none() {
            let names: Vec<String> = TimeZoneDatabase::bundled().available().map(|name| name.to_string()).collect();
            errors.add(item.line, format!("`{name}` is no IANA time zone{}", suggestion(name, names.iter().map(String::as_str))));
        }
        zone
    });
    let on_gap = section.need("on_gap", errors).and_then(|item| resolve(item, errors));
    let on_overlap = section.need("on_overlap", errors).and_then(|item| resolve(item, errors));
    section.finish(errors);
    Some(ZoneRule { zone: zone?, on_gap: on_gap?, on_overlap: on_overlap? })
}

fn resolve(item: &Item, errors: &mut Errors) -> Option<Resolve> {
    match item.text("the rule", errors)? {
        "refuse" => Some(Resolve::Refuse),
        "earlier" => Some(Resolve::Earlier),
        "later" => Some(Resolve::Later),
        other => {
            errors.add(item.line, format!("`{other}` is no rule{}", suggestion(other, ["refuse", "earlier", "later"])));
            None
        }
    }
}
