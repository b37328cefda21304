//! Whether two schemas read each other's records, judged here: for subjects whose level the registry does not (yet) hold to `FULL_TRANSITIVE`.

use lineside_schemas::compatibility::check_readable;

/// Why `schema` cannot join these versions under `FULL_TRANSITIVE`: what it cannot read of them, or they not of it. Empty when it can.
/// Versions come with their number.
#[must_use]
pub fn incompatibilities(versions: &[(u32, String)], schema: &str) -> Vec<String> {
    let mut reasons = Vec::new();
    for (version, old) in versions {
        if let Err(error) = check_readable(old, schema) {
            reasons.push(format!("it cannot read records of version {version}: {error}"));
        }
        if let Err(error) = check_readable(schema, old) {
            reasons.push(format!("version {version} cannot read its records: {error}"));
        }
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(fields: &str) -> String {
        format!(r#"{{"type":"record","name":"R","fields":[{fields}]}}"#)
    }

    const A: &str = r#"{"name":"a","type":"string"}"#;

    #[test]
    fn a_nullable_field_with_a_default_may_come() {
        let new = record(&format!(r#"{A},{{"name":"b","type":["null","string"],"default":null}}"#));
        assert_eq!(incompatibilities(&[(1, record(A))], &new), Vec::<String>::new());
    }

    #[test]
    fn a_field_without_a_default_may_not_and_is_named() {
        let new = record(&format!(r#"{A},{{"name":"b","type":"string"}}"#));
        let reasons = incompatibilities(&[(3, record(A))], &new);
        assert!(reasons.len() == 1 && reasons[0].starts_with("it cannot read records of version 3: b"), "{reasons:?}");
    }

    #[test]
    fn a_field_that_an_old_reader_needs_may_not_go() {
        let old = record(&format!(r#"{A},{{"name":"b","type":"string"}}"#));
        let reasons = incompatibilities(&[(1, old)], &record(A));
        assert!(reasons.len() == 1 && reasons[0].starts_with("version 1 cannot read its records") && reasons[0].contains(": b"), "{reasons:?}");
    }

    #[test]
    fn a_symbol_may_come_only_where_the_enum_has_a_default() {
        let with = |symbols: &str, default: &str| record(&format!(r#"{{"name":"t","type":{{"type":"enum","name":"T","symbols":[{symbols}]{default}}}}}"#));
        let default = r#","default":"UNKNOWN""#;
        assert_eq!(incompatibilities(&[(1, with(r#""UNKNOWN""#, default))], &with(r#""UNKNOWN","NEW""#, default)), Vec::<String>::new());
        let reasons = incompatibilities(&[(1, with(r#""UNKNOWN""#, ""))], &with(r#""UNKNOWN","NEW""#, ""));
        assert!(reasons.len() == 1 && reasons[0].contains("symbol"), "{reasons:?}");
    }

    #[test]
    fn a_changed_type_is_named_with_its_field() {
        let reasons = incompatibilities(&[(1, record(A))], &record(r#"{"name":"a","type":"long"}"#));
        assert!(reasons.len() == 2 && reasons[0].contains(": a: "), "{reasons:?}");
    }
}
