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

/// Every known unit, sorted by code: what is made, moved and measured in plants. A code of the recommendation that is not here is added with its name there.
pub const UNITS: &[Unit] = &[
    unit("23", "gram per cubic centimetre", 3),
    unit("28", "kilogram per square metre", 3),
    unit("2N", "decibel", 3),
    unit("2X", "metre per minute", 3),
    unit("3B", "megajoule", 3),
    unit("4H", "micrometre (micron)", 3),
    unit("4K", "milliampere", 3),
    unit("4P", "newton per metre", 3),
    unit("59", "part per million", 3),
    unit("61", "part per billion (US)", 3),
    unit("A86", "gigahertz", 3),
    unit("A97", "hectopascal", 3),
    unit("AMH", "ampere hour", 3),
    unit("AMP", "ampere", 3),
    unit("ANN", "year", 3),
    unit("B22", "kiloampere", 3),
    unit("B45", "kilomole", 3),
    unit("B47", "kilonewton", 3),
    unit("B49", "kiloohm", 3),
    unit("B78", "megavolt", 3),
    unit("B98", "microsecond", 3),
    unit("BAR", "bar [unit of pressure]", 3),
    unit("BFT", "board foot", 3),
    unit("C16", "millimetre per second", 3),
    unit("C18", "millimole", 3),
    unit("C24", "millipascal second", 3),
    unit("C26", "millisecond", 3),
    unit("C34", "mole", 3),
    unit("C45", "nanometre", 3),
    unit("C62", "one", 0),
    unit("C65", "pascal second", 3),
    unit("C81", "radian", 3),
    unit("CDL", "candela", 3),
    unit("CEL", "degree Celsius", 3),
    unit("CEN", "hundred", 3),
    unit("CLT", "centilitre", 3),
    unit("CMK", "square centimetre", 3),
    unit("CMQ", "cubic centimetre", 3),
    unit("CMT", "centimetre", 3),
    unit("CTM", "metric carat", 3),
    unit("D10", "siemens per metre", 3),
    unit("D13", "sievert", 3),
    unit("D33", "tesla", 3),
    unit("D61", "minute [unit of angle]", 3),
    unit("D62", "second [unit of angle]", 3),
    unit("DAY", "day", 3),
    unit("DD", "degree [unit of angle]", 3),
    unit("DLT", "decilitre", 3),
    unit("DMK", "square decimetre", 3),
    unit("DMQ", "cubic decimetre", 3),
    unit("DMT", "decimetre", 3),
    unit("DTN", "decitonne", 3),
    unit("DZN", "dozen", 3),
    unit("E32", "litre per hour", 3),
    unit("E93", "kilogram per hour", 3),
    unit("F31", "kilogram per minute", 3),
    unit("FAH", "degree Fahrenheit", 3),
    unit("FAR", "farad", 3),
    unit("FOT", "foot", 3),
    unit("FTK", "square foot", 3),
    unit("FTQ", "cubic foot", 3),
    unit("G42", "microsiemens per centimetre", 3),
    unit("GJ", "gram per millilitre", 3),
    unit("GL", "gram per litre", 3),
    unit("GLI", "gallon (UK)", 3),
    unit("GLL", "gallon (US)", 3),
    unit("GM", "gram per square metre", 3),
    unit("GRM", "gram", 3),
    unit("GRO", "gross", 3),
    unit("GV", "gigajoule", 3),
    unit("H87", "piece", 0),
    unit("HGM", "hectogram", 3),
    unit("HLT", "hectolitre", 3),
    unit("HTZ", "hertz", 3),
    unit("HUR", "hour", 3),
    unit("INH", "inch", 3),
    unit("INK", "square inch", 3),
    unit("INQ", "cubic inch", 3),
    unit("JOU", "joule", 3),
    unit("KEL", "kelvin", 3),
    unit("KGM", "kilogram", 3),
    unit("KGS", "kilogram per second", 3),
    unit("KHZ", "kilohertz", 3),
    unit("KJO", "kilojoule", 3),
    unit("KMH", "kilometre per hour", 3),
    unit("KMQ", "kilogram per cubic metre", 3),
    unit("KMT", "kilometre", 3),
    unit("KPA", "kilopascal", 3),
    unit("KTN", "kilotonne", 3),
    unit("KVA", "kilovolt - ampere", 3),
    unit("KVT", "kilovolt", 3),
    unit("KWH", "kilowatt hour", 3),
    unit("KWT", "kilowatt", 3),
    unit("L2", "litre per minute", 3),
    unit("LBR", "pound", 3),
    unit("LM", "linear metre", 3),
    unit("LTN", "ton (UK) or long ton (US)", 3),
    unit("LTR", "litre", 3),
    unit("LUM", "lumen", 3),
    unit("LUX", "lux", 3),
    unit("M1", "milligram per litre", 3),
    unit("MAL", "megalitre", 3),
    unit("MAW", "megawatt", 3),
    unit("MBR", "millibar", 3),
    unit("MC", "microgram", 3),
    unit("MGM", "milligram", 3),
    unit("MHZ", "megahertz", 3),
    unit("MIL", "thousand", 3),
    unit("MIN", "minute [unit of time]", 3),
    unit("MLT", "millilitre", 3),
    unit("MMK", "square millimetre", 3),
    unit("MMQ", "cubic millimetre", 3),
    unit("MMT", "millimetre", 3),
    unit("MON", "month", 3),
    unit("MPA", "megapascal", 3),
    unit("MQH", "cubic metre per hour", 3),
    unit("MQS", "cubic metre per second", 3),
    unit("MSK", "metre per second squared", 3),
    unit("MTK", "square metre", 3),
    unit("MTQ", "cubic metre", 3),
    unit("MTR", "metre", 3),
    unit("MTS", "metre per second", 3),
    unit("MWH", "megawatt hour (1000 kW.h)", 3),
    unit("NAR", "number of articles", 0),
    unit("NEW", "newton", 3),
    unit("NMP", "number of packs", 0),
    unit("NU", "newton metre", 3),
    unit("OHM", "ohm", 3),
    unit("ONZ", "ounce (avoirdupois)", 3),
    unit("OZA", "fluid ounce (US)", 3),
    unit("OZI", "fluid ounce (UK)", 3),
    unit("P1", "percent", 3),
    unit("PAL", "pascal", 3),
    unit("PR", "pair", 0),
    unit("PTL", "liquid pint (US)", 3),
    unit("Q30", "pH (potential of Hydrogen)", 3),
    unit("QTL", "liquid quart (US)", 3),
    unit("RPM", "revolutions per minute", 3),
    unit("RPS", "revolutions per second", 3),
    unit("SEC", "second [unit of time]", 3),
    unit("SET", "set", 0),
    unit("SIE", "siemens", 3),
    unit("SMI", "mile (statute mile)", 3),
    unit("STN", "ton (US) or short ton (UK/US)", 3),
    unit("TNE", "tonne (metric ton)", 3),
    unit("VLT", "volt", 3),
    unit("WEE", "week", 3),
    unit("WHR", "watt hour", 3),
    unit("WTT", "watt", 3),
    unit("XBA", "barrel", 0),
    unit("XBE", "bundle", 0),
    unit("XBG", "bag", 0),
    unit("XBJ", "bucket", 0),
    unit("XBX", "box", 0),
    unit("XCA", "can, rectangular", 0),
    unit("XCR", "crate", 0),
    unit("XCS", "case", 0),
    unit("XCT", "carton", 0),
    unit("XCX", "can, cylindrical", 0),
    unit("XCY", "cylinder", 0),
    unit("XDR", "drum", 0),
    unit("XJR", "jar", 0),
    unit("XJY", "jerrican, cylindrical", 0),
    unit("XPA", "packet", 0),
    unit("XPK", "package", 0),
    unit("XPL", "pail", 0),
    unit("XPU", "tray", 0),
    unit("XPX", "pallet", 0),
    unit("XRL", "reel", 0),
    unit("XRO", "roll", 0),
    unit("XSA", "sack", 0),
    unit("XSH", "sachet", 0),
    unit("XTB", "tub", 0),
    unit("XTN", "tin", 0),
    unit("XTU", "tube", 0),
    unit("XVI", "vial", 0),
    unit("XWA", "intermediate bulk container", 0),
    unit("YRD", "yard", 3),
];

/// What plants and ERPs call common units, in lower case.
const SYMBOLS: &[(&str, &str)] = &[
    ("kg", "KGM"),
    ("g", "GRM"),
    ("mg", "MGM"),
    ("t", "TNE"),
    ("to", "TNE"),
    ("l", "LTR"),
    ("ml", "MLT"),
    ("m", "MTR"),
    ("cm", "CMT"),
    ("mm", "MMT"),
    ("m2", "MTK"),
    ("m3", "MTQ"),
    ("st", "C62"),
    ("stk", "C62"),
    ("pc", "C62"),
    ("pcs", "C62"),
    ("pce", "C62"),
    ("ea", "C62"),
    ("h", "HUR"),
    ("std", "HUR"),
    ("min", "MIN"),
    ("s", "SEC"),
    ("d", "DAY"),
    ("kwh", "KWH"),
];

/// The unit of that code, if it is known.
#[must_use]
pub fn unit_by_code(code: &str) -> Option<&'static Unit> {
    UNITS.binary_search_by(|unit| unit.code.cmp(code)).ok().map(|index| &UNITS[index])
}

/// The unit that a source's name for it most probably means: a code, or a symbol such as `kg` or `Stk`. A guess, for drafts and for what an error suggests.
#[must_use]
pub fn unit_by_symbol(name: &str) -> Option<&'static Unit> {
    let symbol = || SYMBOLS.iter().find(|(symbol, _)| symbol.eq_ignore_ascii_case(name)).map(|(_, code)| *code);
    unit_by_code(name).or_else(|| unit_by_code(symbol()?))
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

    #[test]
    fn symbols_lead_to_units_that_there_are() {
        assert!(SYMBOLS.iter().all(|(symbol, code)| unit_by_symbol(symbol) == unit_by_code(code) && unit_by_code(code).is_some()));
        assert_eq!(["KG", "KGM", "furlong"].map(|name| unit_by_symbol(name).map(|unit| unit.code)), [Some("KGM"), Some("KGM"), None]);
    }
}
