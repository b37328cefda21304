//! Rules that can never do anything: they stand behind one that takes all they could find, or say what another one says.

use lineside_yaml::Errors;
use lineside_yaml::{Entry, Item, Value};

/// What of a rule decides about others.
struct Shape<'i> {
    line: usize,
    documents: Vec<&'i str>,
    each: &'i [Entry],
    when: Option<&'i Item>,
    contract: Option<&'i str>,
    kind: Option<&'i Item>,
    /// `refuse` or `ignore`.
    ends: Option<&'static str>,
    event_id: Option<&'i Item>,
}

/// Reports rules that no document reaches.
pub(super) fn check(items: &[std::rc::Rc<Item>], errors: &mut Errors) {
    let shapes: Vec<Shape<'_>> = items.iter().filter_map(|item| shape(item)).collect();
    for (at, rule) in shapes.iter().enumerate() {
        let earlier = &shapes[..at];
        if let Some((before, document)) = earlier.iter().find_map(|before| Some((before, covered(before, rule)?))) {
            let does = before.ends.unwrap_or_default();
            errors.add(rule.line, format!("no document reaches this rule: the one in line {} has `{does}` for all that it could find in `{document}`", before.line));
        } else if let Some(before) = earlier.iter().find(|before| same_rule(before, rule)) {
            errors.add(rule.line, format!("this rule is the one in line {} again", before.line));
        }
    }
}

fn shape(item: &Item) -> Option<Shape<'_>> {
    let entries = item.map()?;
    let take = |key: &str| entries.iter().find(|entry| entry.key == key).map(|entry| &*entry.item);
    let documents = match &take("document")?.value {
        Value::List(items) => items.iter().filter_map(|item| item.scalar()).collect(),
        _ => take("document")?.scalar().into_iter().collect(),
    };
    Some(Shape {
        line: item.line,
        documents,
        each: take("each").and_then(Item::map).unwrap_or_default(),
        when: take("when"),
        contract: take("contract").and_then(Item::scalar),
        kind: take("type"),
        ends: ["refuse", "ignore"].into_iter().find(|key| take(key).is_some()),
        event_id: take("envelope").and_then(Item::map).and_then(|entries| entries.iter().find(|entry| entry.key == "event_id")).map(|entry| &*entry.item),
    })
}

/// A document type for which `before` takes everything that `rule` could find.
fn covered<'i>(before: &Shape<'i>, rule: &Shape<'i>) -> Option<&'i str> {
    let takes_all = before.ends.is_some() && before.when.is_none_or(|when| when.map().is_some_and(<[Entry]>::is_empty));
    let is_within = rule.each.len() >= before.each.len() && before.each.iter().zip(rule.each).all(|(a, b)| same(&a.item, &b.item));
    (takes_all && is_within).then(|| rule.documents.iter().find(|document| before.documents.contains(document)).copied()).flatten()
}

/// The same selection, conditions and type, and the same id for what they make.
fn same_rule(a: &Shape<'_>, b: &Shape<'_>) -> bool {
    a.documents.iter().any(|document| b.documents.contains(document))
        && a.each.len() == b.each.len()
        && a.each.iter().zip(b.each).all(|(a, b)| same(&a.item, &b.item))
        && same_or_none(a.when, b.when)
        && same_or_none(a.kind, b.kind)
        && (a.contract, a.ends) == (b.contract, b.ends)
        && same_or_none(a.event_id, b.event_id)
}

fn same_or_none(a: Option<&Item>, b: Option<&Item>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => same(a, b),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// Whether two parts of a file say the same, wherever they stand.
fn same(a: &Item, b: &Item) -> bool {
    match (&a.value, &b.value) {
        (Value::Scalar(a), Value::Scalar(b)) => a == b,
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Map(a), Value::Map(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.key == b.key && same(&a.item, &b.item)),
        _ => false,
    }
}
