//! From the texts of documents to the types of the contract, exactly or not at all.

pub(crate) mod number;
pub(crate) mod number_format;
pub(crate) mod quantity;
pub(crate) mod time;
mod time_fields;
pub(crate) mod time_format;
pub(crate) mod time_pattern;

/// `true` or `false`, as JSON and XML Schema write them.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}
