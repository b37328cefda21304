//! Units by the codes of each dialect, and what they are by UN/CEFACT Recommendation 20.

/// UN/CEFACT code, codes in the SAP-like dialect, names in the plain one.
const UNITS: &[(&str, &[&str], &[&str])] = &[
    ("C62", &["PC", "ST", "EA"], &["Units"]),
    ("KGM", &["KG"], &["kg"]),
    ("GRM", &["G"], &["g"]),
    ("TNE", &["TO"], &["t"]),
    ("MGM", &["MG"], &["mg"]),
    ("LTR", &["L"], &["L"]),
    ("MLT", &["ML"], &["ml"]),
    ("MTQ", &["M3"], &["m3"]),
    ("MTR", &["M"], &["m"]),
    ("MMT", &["MM"], &["mm"]),
    ("CMT", &["CM"], &["cm"]),
    ("HUR", &["H"], &["hour"]),
    ("MIN", &["MIN"], &["min"]),
    ("SEC", &["S"], &["s"]),
];

/// The UN/CEFACT code of a unit of the SAP-like dialect.
#[must_use]
pub fn of_s4(code: &str) -> Option<&'static str> {
    UNITS.iter().find(|(_, codes, _)| codes.contains(&code)).map(|(common, ..)| *common)
}

/// The UN/CEFACT code of a unit of the plain dialect.
#[must_use]
pub fn of_odoo(name: &str) -> Option<&'static str> {
    UNITS.iter().find(|(.., names)| names.contains(&name)).map(|(common, ..)| *common)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_means_one_unit_in_each_dialect() {
        let s4: Vec<&str> = UNITS.iter().flat_map(|(_, codes, _)| codes.iter().copied()).collect();
        let odoo: Vec<&str> = UNITS.iter().flat_map(|(.., names)| names.iter().copied()).collect();
        for codes in [s4, odoo] {
            assert!(codes.iter().all(|code| codes.iter().filter(|other| *other == code).count() == 1));
        }
        assert_eq!((of_s4("PC"), of_s4("kg"), of_odoo("kg"), of_odoo("PC")), (Some("C62"), None, Some("KGM"), None));
    }
}
