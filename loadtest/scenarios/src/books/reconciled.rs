//! The reconciler's books against this check: two opinions, with nothing in common, that have to agree on every amount.

use std::collections::{BTreeMap, BTreeSet};

use bigdecimal::{BigDecimal, Zero as _};

use super::facts::{Reconciled, plain};
use super::net::{BookKey, Net, OrderKey, nets, posted};
use super::{Check, Contents, Finding};

pub(super) fn check(contents: &Contents) -> Vec<Finding> {
    let (accepted, posted) = (nets(contents), posted(&contents.postings));
    // The books are those of production orders; other aggregates have no amounts.
    let production: BTreeSet<&OrderKey> = accepted.iter().filter(|(_, net)| net.completed || !net.amounts.is_empty()).map(|(order, _)| order).collect();
    let (no_net, no_postings) = (Net::default(), BTreeMap::new());
    let mut findings = Vec::new();
    for order in production.into_iter().chain(posted.keys()).collect::<BTreeSet<_>>() {
        match contents.reconciled.get(order) {
            None => findings.push(gap(format!("{order} has no books on books.v1"))),
            Some(books) => findings.extend(check_order(books, accepted.get(order).unwrap_or(&no_net), posted.get(order).unwrap_or(&no_postings))),
        }
    }
    findings
}

fn check_order(books: &Reconciled, net: &Net, posted: &BTreeMap<BookKey, BigDecimal>) -> Vec<Finding> {
    let (order, zero) = (&books.order, BigDecimal::zero());
    let mut findings = Vec::new();
    if books.status == "GAP" || books.in_flight > 0 {
        findings.push(gap(format!("{order}: the reconciler says {}, {} in flight: {:?}", books.status, books.in_flight, books.gaps)));
    }
    let lines: BTreeMap<&BookKey, _> = books.lines.iter().filter_map(|line| Some((line.key.as_ref()?, line))).collect();
    let known: BTreeSet<&BookKey> = net.amounts.keys().chain(posted.keys()).chain(lines.keys().copied()).collect();
    for key in known {
        let (accepted, booked) = (net.amounts.get(key).unwrap_or(&zero), posted.get(key).unwrap_or(&zero));
        let (theirs_accepted, theirs_booked) = lines.get(key).map_or((&zero, &zero), |line| (&line.net, &line.posted));
        if accepted != theirs_accepted || booked != theirs_booked {
            findings.push(gap(format!(
                "{order}, {key}: accepted {} and posted {} here, {} and {} by the reconciler",
                plain(accepted),
                plain(booked),
                plain(theirs_accepted),
                plain(theirs_booked)
            )));
        }
    }
    for line in &books.lines {
        let sum = line.explained.iter().fold(&line.posted + &line.gap, |sum, part| sum + part);
        if sum != line.net || !line.gap.is_zero() {
            findings.push(gap(format!("{order}: a line of the reconciler's books does not close: net {}, gap {}", plain(&line.net), plain(&line.gap))));
        }
    }
    findings
}

fn gap(message: String) -> Finding {
    Finding::new(Check::Reconciler, message)
}
