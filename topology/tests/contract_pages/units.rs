//! The page of the units.

use std::fmt::Write as _;

use lineside_schemas::unit::UNITS;

/// `docs/contracts/units.md`.
pub fn page() -> String {
    let mut page = "<!-- Written by a test from schemas/src/unit.rs: topology/tests/contract_pages. Change that. -->\n\n# Units\n\n\
         A quantity carries its unit as a common code of UN/CEFACT Recommendation 20, and a package as its code of Recommendation 21 behind an X. A mapping's `units` says which of these a source's \
         unit is; another code is an error when the mapping is loaded. A code of the recommendation that is missing here is a line in `schemas/src/unit.rs`.\n\n\
         *Digits*: fractional digits that a posting carries in the unit, where its rule does not say otherwise.\n\n| code | unit | digits |\n|---|---|---|\n"
        .to_owned();
    for unit in UNITS {
        let _ = writeln!(page, "| {} | {} | {} |", unit.code, unit.name, unit.posting_digits);
    }
    page
}
