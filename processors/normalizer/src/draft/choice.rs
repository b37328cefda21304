//! Which event fits a sample best, from where in it, and what could fill its fields.

use super::guess::{fits, name_score, type_score, unit_of};
use super::shape::{Leaf, Scope, Shape};
use super::{DraftError, Wish};
use crate::document::Kind;
use crate::mapping::{ContractTarget, Target, TargetField, TargetGroup, suggestion};

/// An event that a mapping could make of the sample.
#[derive(Debug)]
pub(super) struct Choice<'a> {
    pub(super) contract: &'static ContractTarget,
    /// None for master data.
    pub(super) group: Option<&'static TargetGroup>,
    pub(super) scope: Scope,
    pub(super) leaves: Vec<Leaf<'a>>,
    /// Fields of the aggregate.
    pub(super) keys: Vec<Filled>,
    pub(super) fields: Vec<Filled>,
    pub(super) event_id: Fill,
    pub(super) source_time: Fill,
    /// Places of leaves that fill something.
    pub(super) used: Vec<usize>,
    score: i64,
}

/// A field and what could fill it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Filled {
    pub(super) name: &'static str,
    pub(super) target: Target,
    pub(super) fill: Fill,
}

/// What could fill a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fill {
    /// A value, by its place among the leaves.
    Leaf(usize),
    /// An amount, and a unit if one is near.
    Quantity(usize, Option<usize>),
    /// A record of fields.
    Record(Vec<Filled>),
    /// Nothing that is near enough.
    Open,
}

/// The best choice for a sample, of events of that type if one is named.
///
/// # Errors
/// [`DraftError::UnknownType`].
pub(super) fn choose<'a>(shape: &Shape<'a>, contracts: &[&'static ContractTarget], wish: &Wish<'_>, event_type: Option<&str>) -> Result<Choice<'a>, DraftError> {
    let groups = |contract: &&'static ContractTarget| {
        let contract: &'static ContractTarget = contract;
        contract.groups().map(move |group| (contract, Some(group)))
    };
    let mut kinds: Vec<_> = contracts.iter().flat_map(groups).collect();
    if let Some(wanted) = event_type {
        let known = suggestion(wanted, kinds.iter().filter_map(|(_, group)| group.map(|group| group.symbol.as_str())));
        kinds.retain(|(_, group)| group.is_some_and(|group| group.symbol == wanted));
        if kinds.is_empty() {
            return Err(DraftError::UnknownType(wanted.to_owned(), known));
        }
    }
    if let (Some(_), Some(flat)) = (wish.contract, contracts.iter().find(|contract| contract.is_flat())) {
        kinds.push((flat, None));
    }
    let likeness = |group: Option<&TargetGroup>| group.map_or(0, |group| type_score(&group.symbol, &shape.document_type));
    let most = kinds.iter().map(|(_, group)| likeness(*group)).max().unwrap_or_default();
    let scopes: Vec<_> = shape.scopes().into_iter().map(|scope| (shape.leaves(&scope), scope)).collect();
    let mut best: Option<Choice<'a>> = None;
    for (contract, group) in kinds {
        // Where the document says what it is, nothing else is looked at.
        if most >= 40 && likeness(group) < most {
            continue;
        }
        for (leaves, scope) in &scopes {
            let mut choice = Choice::of(contract, group, scope, leaves, shape.documents.levels.len());
            choice.score += 2 * i64::from(likeness(group));
            if best.as_ref().is_none_or(|best| choice.score > best.score) {
                best = Some(choice);
            }
        }
    }
    best.ok_or_else(|| DraftError::UnknownType("any".to_owned(), String::new()))
}

impl<'a> Choice<'a> {
    fn of(contract: &'static ContractTarget, group: Option<&'static TargetGroup>, scope: &Scope, leaves: &[Leaf<'a>], documents: usize) -> Self {
        let mut used = Vec::new();
        let mut needed = (0, 0);
        let mut fill_all = |fields: &mut dyn Iterator<Item = &'static TargetField>| {
            let mut filled = Vec::new();
            for field in fields {
                let found = fill(field, leaves, &mut used);
                needed.1 += i64::from(field.required());
                needed.0 += i64::from(field.required() && found.as_ref().is_some_and(|found| *found != Fill::Open));
                filled.extend(found.map(|fill| Filled { name: &field.name, target: field.target, fill }));
            }
            filled
        };
        // Times and ids first: they are the surest.
        let envelope = |name: &str| contract.envelope.iter().map(|(field, _)| field).find(|field| field.name == name);
        let mut one = |name: &str| fill_all(&mut envelope(name).into_iter()).pop().map_or(Fill::Open, |filled| filled.fill);
        let (source_time, event_id) = (one("source_time"), one("event_id"));
        let (keys, fields) = match group {
            Some(group) => (fill_all(&mut contract.fields()), fill_all(&mut group.record.fields.iter())),
            None => (Vec::new(), fill_all(&mut contract.fields())),
        };
        let nearest = used.iter().filter(|at| leaves.get(**at).is_some_and(|leaf| leaf.distance == 0)).count();
        let (many, extra) = (i64::try_from(used.len()).unwrap_or_default(), i64::try_from(scope.levels.len() - documents).unwrap_or_default());
        let near = if extra > 0 { 3 * i64::try_from(nearest).unwrap_or_default() } else { 0 };
        let worth = 60 * needed.0 / needed.1.max(1) + 2 * many + near - 4 * extra;
        Self { contract, group, scope: scope.clone(), leaves: leaves.to_vec(), keys, fields, event_id, source_time, used, score: worth }
    }
}

/// What could fill a field; none for an optional one that nothing fits.
fn fill(field: &'static TargetField, leaves: &[Leaf<'_>], used: &mut Vec<usize>) -> Option<Fill> {
    let open = || field.required().then_some(Fill::Open);
    let score = |at: usize, leaf: &Leaf<'_>| if used.contains(&at) || !fits(field.target, leaf) { 0 } else { name_score(&field.name, leaf) };
    let ranked = leaves.iter().enumerate().map(|(at, leaf)| (score(at, leaf), at)).filter(|(score, _)| *score > 0);
    match field.target {
        Target::Texts | Target::Records(_) | Target::Unsupported => None,
        Target::Record(record) => {
            let inner: Vec<Filled> =
                record.fields.iter().filter_map(|field| fill(field, leaves, used).map(|fill| Filled { name: &field.name, target: field.target, fill })).collect();
            let is_guessed = inner.iter().any(|filled| filled.fill != Fill::Open);
            (field.required() || is_guessed && inner.iter().all(|filled| filled.fill != Fill::Open)).then_some(Fill::Record(inner))
        }
        Target::Quantity => {
            let Some((_, at)) = ranked.max_by_key(|(score, at)| (*score, usize::MAX - at)) else { return open() };
            let unit = unit_of(&leaves[at], leaves).and_then(|unit| leaves.iter().position(|leaf| leaf == unit));
            if unit.is_none() && !field.required() {
                return None;
            }
            used.push(at);
            used.extend(unit);
            Some(Fill::Quantity(at, unit))
        }
        _ => {
            let Some((_, at)) = ranked.max_by_key(|(score, at)| (*score, usize::MAX - at)) else { return open() };
            used.push(at);
            Some(Fill::Leaf(at))
        }
    }
}

impl Fill {
    /// The value of a leaf as a rule takes it for a field of that type.
    pub(super) fn takes_number_as_text(target: Target, leaf: &Leaf<'_>) -> bool {
        matches!(target, Target::Text | Target::Enum(_)) && leaf.kind == Kind::Number
    }
}
