//! Numbers and counts of the envelopes: a trailer that does not agree with its header shows that something was lost, doubled or mixed up.

use crate::refusals::{Checked, Code, Fault, shown};

/// Tag of a segment, number of one of its elements, and the element's text.
type Element<'a> = (&'a str, usize, &'a str);

/// Checks that a trailer repeats its header's number. `numeric`: leading zeros mean nothing.
pub(super) fn numbers_agree(header: Element<'_>, trailer: Element<'_>, numeric: bool) -> Checked<()> {
    let significant = |text: &'_ str| -> String {
        let is_number = numeric && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { text.trim_start_matches('0').to_owned() } else { text.to_owned() }
    };
    let agree = header.2 == trailer.2 || significant(header.2) == significant(trailer.2);
    if agree && !header.2.is_empty() {
        return Ok(());
    }
    let wrong = format!("{}{:02} is {}, where {}{:02} is {}", trailer.0, trailer.1, shown(trailer.2), header.0, header.1, shown(header.2));
    Err(Fault::new(Code::ControlNumberMismatch, wrong).at(format!("{}/{:02}", trailer.0, trailer.1)))
}

/// Checks a trailer's first element, which counts `what`.
pub(super) fn count_is(tag: &str, said: &str, found: usize, what: &str) -> Checked<()> {
    let is_number = !said.is_empty() && said.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && said.parse() == Ok(found) {
        return Ok(());
    }
    Err(Fault::new(Code::ControlCountMismatch, format!("{tag}01 is {}, where there are {found} {what}", shown(said))).at(format!("{tag}/01")))
}
