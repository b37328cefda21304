//! How the numbers of a source are written: `numbers` of a file, and `number` of a single value.

use crate::convert::number_format::NumberFormat;
use lineside_yaml::Errors;
use lineside_yaml::{Item, Section};

/// Characters that have a place of their own in numbers, or none.
const TAKEN: &str = "+-eE";

/// Reads `{decimal: ",", grouping: ".", trailing_sign: true}`; `what` is the key that it stands at.
pub(super) fn number_format(item: &Item, what: &str, errors: &mut Errors) -> Option<NumberFormat> {
    let mut section = Section::new(item, what, errors);
    let decimal = section.take("decimal");
    let grouping = section.take("grouping");
    let trailing_sign = section.take("trailing_sign");
    section.finish(errors);
    let decimal = match decimal {
        Some(item) => separator(item, "`decimal`", errors)?,
        None => NumberFormat::PLAIN.decimal,
    };
    let grouping = match grouping {
        Some(item) => Some(separator(item, "`grouping`", errors)?),
        None => None,
    };
    if grouping == Some(decimal) {
        errors.add(item.line, format!("`{decimal}` cannot be the decimal separator and stand between groups of digits"));
        return None;
    }
    let trailing_sign = match trailing_sign.map(|item| (item.line, item.text("`trailing_sign`", errors))) {
        None | Some((_, Some("false"))) => false,
        Some((_, Some("true"))) => true,
        Some((line, other)) => {
            errors.add(line, format!("`trailing_sign` is `true` or `false`, not `{}`", other.unwrap_or_default()));
            return None;
        }
    };
    Some(NumberFormat { decimal, grouping, trailing_sign })
}

fn separator(item: &Item, what: &str, errors: &mut Errors) -> Option<char> {
    let text = item.text(what, errors)?;
    let mut characters = text.chars();
    let found = characters.next().filter(|first| characters.as_str().is_empty() && !first.is_alphanumeric() && !first.is_control() && !TAKEN.contains(*first));
    if found.is_none() {
        errors.add(item.line, format!("{what} is one character that is no letter, digit or sign, not `{text}`"));
    }
    found
}
