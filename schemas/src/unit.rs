//! Units of measure: the codes of UN/CEFACT Recommendation 20 that the contracts use, and how finely an ERP books them.

/// A unit that postings may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// Common code of UN/CEFACT Recommendation 20; for a package its code of Recommendation 21 behind an X, as Recommendation 20 asks.
    pub code: &'static str,
    /// Its English name in the recommendation.
    pub name: &'static str,
    /// Fractional digits that a posting in it carries. Three is what SAP quantity fields (QUAN 13,3) hold; counted things have none.
    pub posting_digits: u32,
}

const fn unit(code: &'static str, name: &'static str, posting_digits: u32) -> Unit {
    Unit { code, name, posting_digits }
}

/// Every known unit, sorted by code.
pub const UNITS: &[Unit] = &[
    unit("C62", "one", 0),
    unit("CMT", "centimetre", 3),
    unit("DAY", "day", 3),
    unit("FOT", "foot", 3),
    unit("FTQ", "cubic foot", 3),
    unit("GRM", "gram", 3),
    unit("H87", "piece", 0),
    unit("HUR", "hour", 3),
    unit("KGM", "kilogram", 3),
    unit("KWH", "kilowatt hour", 3),
    unit("LBR", "pound", 3),
    unit("LTR", "litre", 3),
    unit("MGM", "milligram", 3),
    unit("MIN", "minute", 3),
    unit("MLT", "millilitre", 3),
    unit("MMT", "millimetre", 3),
    unit("MTK", "square metre", 3),
    unit("MTQ", "cubic metre", 3),
    unit("MTR", "metre", 3),
    unit("SEC", "second", 3),
    unit("TNE", "tonne (metric ton)", 3),
    unit("XBX", "box", 0),
    unit("XCT", "carton", 0),
    unit("XPX", "pallet", 0),
];

/// The unit of that code, if it is known.
#[must_use]
pub fn unit_by_code(code: &str) -> Option<&'static Unit> {
    UNITS.binary_search_by(|unit| unit.code.cmp(code)).ok().map(|index| &UNITS[index])
}

/// Fractional digits that a posting in this unit carries; 3 for units that the table does not know.
#[must_use]
pub fn posting_digits(code: &str) -> u32 {
    unit_by_code(code).map_or(3, |unit| unit.posting_digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_sorted_and_found() {
        assert!(UNITS.windows(2).all(|pair| pair[0].code < pair[1].code));
        for unit in UNITS {
            assert_eq!(unit_by_code(unit.code), Some(unit));
        }
        assert_eq!(unit_by_code("KG"), None);
    }
}
