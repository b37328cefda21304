//! Accepted = posted + carried remainder + open, for every line of every order's books.

use std::collections::{BTreeMap, BTreeSet};

use bigdecimal::{BigDecimal, Zero as _};
use lineside_schemas::unit::posting_digits;

use super::facts::plain;
use super::net::{BookKey, Net, OrderKey, nets, posted};
use super::{Check, Contents, Finding};

pub(super) fn check(contents: &Contents) -> Vec<Finding> {
    let accepted = nets(contents);
    let posted = posted(&contents.postings);
    let orders: BTreeSet<&OrderKey> = accepted.keys().chain(posted.keys()).collect();
    let (no_net, no_postings) = (Net::default(), BTreeMap::new());
    orders.into_iter().flat_map(|order| check_order(order, accepted.get(order).unwrap_or(&no_net), posted.get(order).unwrap_or(&no_postings))).collect()
}

fn check_order(order: &OrderKey, net: &Net, posted: &BTreeMap<BookKey, BigDecimal>) -> Vec<Finding> {
    let zero = BigDecimal::zero();
    let lines: BTreeSet<&BookKey> = net.amounts.keys().chain(posted.keys()).collect();
    let mut findings = Vec::new();
    for line in lines {
        let (accepted, booked) = (net.amounts.get(line).unwrap_or(&zero), posted.get(line).unwrap_or(&zero));
        // What was taken back before it was taken stands below zero until it is compensated; nothing can be posted of it.
        let rest = accepted.clone().max(zero.clone()) - booked;
        let unit = line.unit();
        let amounts = format!("{order}, {line}: accepted {} {unit}, posted {} {unit}", plain(accepted), plain(booked));
        if !net.completed && !booked.is_zero() {
            findings.push(Finding::new(Check::Quantities, format!("{amounts}, though the order is not complete")));
        }
        // Postings round to the nearest, so more than half of their last digit is no remainder.
        if net.completed && rest.abs() * 2 > last_digit(unit) {
            findings.push(Finding::new(Check::Quantities, format!("{amounts}: {} {unit} are neither posted nor a remainder", plain(&rest))));
        }
    }
    findings
}

/// One unit of the last digit that a posting in this unit carries.
pub(super) fn last_digit(unit: &str) -> BigDecimal {
    BigDecimal::new(1.into(), i64::from(posting_digits(unit)))
}
