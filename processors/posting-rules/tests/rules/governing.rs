//! Who may publish and approve what.

use lineside_posting_rules::governance::{GovernanceError, Person, Verdict, decide, publish, state};
use lineside_posting_rules::{RuleBook, RuleSet, overlaps};
use lineside_schemas::Timestamp;
use lineside_schemas::records::RuleApproval;

const KELLER: Person<'static> = Person { name: "M. Keller", account: None };
const OKAFOR: Person<'static> = Person { name: "A. Okafor", account: None };

fn at(day: u32) -> Timestamp {
    Timestamp::from_iso(&format!("2026-03-{day:02}T00:00:00Z")).unwrap()
}

fn draft(name: &str, version: u32, day: u32, rest: &str) -> RuleSet {
    let text = format!("rule_set: {name}\nversion: {version}\neffective_from: {}\nmode: explicit-movements\n{rest}", at(day));
    RuleSet::from_yaml("f", &text).unwrap()
}

fn protected(version: u32, day: u32) -> RuleSet {
    draft("a", version, day, "protected: true\napplies_to: {plants: plant-a}\n")
}

fn published(book: &mut RuleBook, draft: RuleSet, today: u32) -> RuleSet {
    let set = publish(book, draft, KELLER, "because", false, at(today)).unwrap();
    book.insert(set.clone());
    set
}

fn in_force(book: &RuleBook, day: u32) -> &str {
    book.in_force("plant-a", None, None, at(day)).map_or("none", |rule| &rule.version)
}

#[test]
fn what_is_not_protected_is_in_force_from_its_begin() {
    let mut book = RuleBook::new();
    let set = published(&mut book, draft("a", 1, 10, "applies_to: {plants: plant-a}\n"), 1);
    assert_eq!((set.governance.published_by.as_str(), set.governance.reason.as_str(), set.governance.published_at), ("M. Keller", "because", at(1)));
    assert_eq!([in_force(&book, 9), in_force(&book, 10)], ["default/1", "a/1"]);
}

#[test]
fn what_is_protected_is_in_force_when_a_second_person_approved_it() {
    let mut book = RuleBook::new();
    let set = published(&mut book, protected(1, 10), 1);
    assert_eq!((in_force(&book, 11), state(&set)), ("default/1", "waiting for approval"));
    let own = decide(&book, "a/1", Verdict::Approve, Person { name: "m. KELLER ", account: None }, None, false, at(2)).unwrap_err();
    assert_eq!(own.to_string(), "a/1 was published by M. Keller: somebody else has to decide");
    let approved = decide(&book, "a/1", Verdict::Approve, OKAFOR, Some("as agreed"), false, at(2)).unwrap();
    assert_eq!(approved.fingerprint(), set.fingerprint(), "what was approved is what was published");
    book.insert(approved);
    assert_eq!(in_force(&book, 11), "a/1");
    let again = decide(&book, "a/1", Verdict::Approve, OKAFOR, None, false, at(3)).unwrap_err();
    assert_eq!(again.to_string(), "a/1 does not wait for approval: it is approved");
}

#[test]
fn one_account_cannot_publish_and_approve_under_two_names() {
    let book_with = |account| {
        let mut book = RuleBook::new();
        let set = publish(&book, protected(1, 10), Person { account, ..KELLER }, "because", false, at(1)).unwrap();
        book.insert(set);
        book
    };
    let approve = |book: &RuleBook, account| decide(book, "a/1", Verdict::Approve, Person { account, ..OKAFOR }, None, false, at(2));
    assert!(matches!(approve(&book_with(Some("rules")), Some("rules")), Err(GovernanceError::SameAccount { .. })));
    assert!(approve(&book_with(Some("rules")), Some("approvals")).is_ok());
}

#[test]
fn a_rejected_version_stays_out_of_force_and_its_number_is_used_up() {
    let mut book = RuleBook::new();
    published(&mut book, protected(1, 10), 1);
    let rejected = decide(&book, "a/1", Verdict::Reject, KELLER, Some("withdrawn"), false, at(2)).unwrap();
    assert_eq!(rejected.governance.approval, RuleApproval::Rejected);
    book.insert(rejected);
    assert_eq!(in_force(&book, 11), "default/1");
    assert!(publish(&book, draft("a", 1, 10, "lots: ignore\n"), KELLER, "because", false, at(3)).is_err());
    assert!(publish(&book, protected(2, 10), KELLER, "because", false, at(3)).is_ok());
}

#[test]
fn protection_cannot_be_walked_around_by_a_version_without_it() {
    let mut book = RuleBook::new();
    published(&mut book, protected(1, 10), 1);
    book.insert(decide(&book, "a/1", Verdict::Approve, OKAFOR, None, false, at(2)).unwrap());
    let open = published(&mut book, draft("a", 2, 12, "applies_to: {plants: plant-a}\n"), 3);
    assert_eq!((state(&open), in_force(&book, 13)), ("waiting for approval", "a/1"));
    book.insert(decide(&book, "a/2", Verdict::Approve, OKAFOR, None, false, at(4)).unwrap());
    assert_eq!(in_force(&book, 13), "a/2");
    let next = published(&mut book, draft("a", 3, 14, "applies_to: {plants: plant-a}\n"), 5);
    assert_eq!(state(&next), "published", "the approved version lifted the protection");
}

#[test]
fn a_version_once_published_cannot_be_changed() {
    let mut book = RuleBook::new();
    published(&mut book, draft("a", 1, 10, ""), 1);
    let refused = |draft| publish(&book, draft, KELLER, "because", false, at(2)).unwrap_err().to_string();
    assert_eq!(refused(draft("a", 1, 10, "")), "a/1 was published already, as it is");
    assert_eq!(
        refused(draft("a", 1, 10, "lots: ignore\n")),
        "a/1 was published by M. Keller on 2026-03-01T00:00:00Z and says something else: a version is never changed, raise `version` to 2"
    );
    published(&mut RuleBook::new(), draft("a", 3, 10, ""), 1);
    let mut later = book.clone();
    published(&mut later, draft("a", 3, 12, ""), 2);
    assert_eq!(
        publish(&later, draft("a", 2, 12, ""), KELLER, "because", false, at(2)).unwrap_err().to_string(),
        "a/3 was published already: the next version of it is 4"
    );
}

#[test]
fn a_default_of_ones_own_may_be_published_once() {
    let mut book = RuleBook::new();
    published(&mut book, draft("default", 1, 10, "lots: required\n"), 1);
    assert!(matches!(publish(&book, draft("default", 1, 10, "lots: ignore\n"), KELLER, "because", false, at(2)), Err(GovernanceError::VersionTaken { .. })));
}

#[test]
fn what_begins_in_the_past_needs_to_be_meant() {
    let mut book = RuleBook::new();
    assert!(matches!(publish(&book, draft("a", 1, 10, ""), KELLER, "because", false, at(11)), Err(GovernanceError::BeginsInThePast { .. })));
    let meant = publish(&book, protected(1, 10), KELLER, "because", true, at(11)).unwrap();
    assert!(meant.governance.is_retroactive);
    book.insert(meant);
    assert!(matches!(decide(&book, "a/1", Verdict::Approve, OKAFOR, None, false, at(12)), Err(GovernanceError::BeginsInThePast { .. })));
    assert!(decide(&book, "a/1", Verdict::Approve, OKAFOR, None, true, at(12)).is_ok());
}

#[test]
fn nobody_is_anonymous_and_nothing_without_a_reason() {
    let book = RuleBook::new();
    let publish = |by: &str, why: &str| publish(&book, draft("a", 1, 10, ""), Person { name: by, account: None }, why, false, at(1));
    assert_eq!(publish(" ", "because"), Err(GovernanceError::NoName));
    assert_eq!(publish("x", " "), Err(GovernanceError::NoReason));
}

#[test]
fn equally_specific_rule_sets_for_the_same_orders_are_refused() {
    let mut book = RuleBook::new();
    let of = |name: &str, version, day, rest: &str| draft(name, version, day, &format!("applies_to: {{plants: [plant-a, plant-b]}}\n{rest}"));
    published(&mut book, of("a", 1, 10, "effective_to: 2026-03-20T00:00:00Z\n"), 1);
    let overlapping = publish(&book, of("b", 1, 12, ""), KELLER, "because", false, at(1)).unwrap_err();
    assert_eq!(overlapping.to_string(), "a/1 and b/1 are equally specific and hold for the same orders from 2026-03-12T00:00:00Z on: end one of them, or narrow it");
    assert!(publish(&book, of("b", 1, 20, ""), KELLER, "because", false, at(1)).is_ok(), "after its end");
    assert!(publish(&book, draft("b", 1, 12, "applies_to: {plants: plant-c}\n"), KELLER, "because", false, at(1)).is_ok(), "other orders");
    assert!(publish(&book, draft("b", 1, 12, "applies_to: {plants: plant-a, order_types: PP01}\n"), KELLER, "because", false, at(1)).is_ok(), "more specific");
    assert!(publish(&book, draft("b", 1, 12, ""), KELLER, "because", false, at(1)).is_ok(), "the built-in gives way");
    assert!(publish(&book, of("a", 2, 12, ""), KELLER, "because", false, at(1)).is_ok(), "a version of the same name replaces it");
}

#[test]
fn an_earlier_version_ends_where_the_next_of_its_name_begins() {
    let of = |name: &str, version, day, plant: &str| draft(name, version, day, &format!("applies_to: {{plants: {plant}}}\n"));
    let sets = [of("a", 1, 1, "plant-a"), of("a", 2, 10, "plant-c"), of("b", 1, 10, "plant-a")];
    assert_eq!(overlaps(&sets), []);
    let sets = [of("a", 1, 1, "plant-a"), of("a", 2, 10, "plant-c"), of("b", 1, 9, "plant-a")];
    assert_eq!(overlaps(&sets).len(), 1);
}
