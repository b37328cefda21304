use lineside_schemas::records::{
    ByProductReported, ComponentMovement, ConfirmationReversed, ConsumptionReversed, FinishedGoodsReported, FinishedGoodsReversed, OperationConfirmed, OperationStarted,
    OrderCancelled, OrderClosed, OrderCompleted, OrderCreated, OrderDispatched, OrderHeld, OrderRescheduled, OrderResumed, ReworkReported, ScrapReported,
};
use proptest::prelude::*;

use super::*;

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn quantity<'a>(value: &str, unit: &'a str) -> Quantity<'a> {
    Quantity { value: dec(value), unit }
}

fn amount(value: &str, unit: &str) -> Amount {
    Amount { value: dec(value), unit: unit.to_owned() }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1000)
}

fn released(value: &str) -> ProductionFact<'static> {
    ProductionFact::OrderReleased(Box::new(OrderReleased {
        item: "FG-1",
        planned_quantity: quantity(value, "C62"),
        planned_end: Some(at(9)),
        ..OrderReleased::default()
    }))
}

fn started() -> ProductionFact<'static> {
    ProductionFact::OperationStarted(OperationStarted { operation: "0010", ..OperationStarted::default() })
}

fn confirmed(scrap: Option<Quantity<'_>>) -> ProductionFact<'_> {
    ProductionFact::OperationConfirmed(Box::new(OperationConfirmed { operation: "0010", r#yield: quantity("1", "C62"), scrap, ..OperationConfirmed::default() }))
}

fn movement() -> ComponentMovement<'static> {
    ComponentMovement { operation: "0010", position: Some("0010"), item: "RM-1", quantity: quantity("1", "KGM"), ..ComponentMovement::default() }
}

fn received<'a>(value: &str, unit: &'a str) -> ProductionFact<'a> {
    ProductionFact::FinishedGoodsReported(Box::new(FinishedGoodsReported { item: "FG-1", quantity: quantity(value, unit), ..FinishedGoodsReported::default() }))
}

fn completed() -> ProductionFact<'static> {
    ProductionFact::OrderCompleted(OrderCompleted::default())
}

fn after(facts: &[ProductionFact<'_>]) -> Progress {
    let mut progress = Progress::default();
    for (index, fact) in facts.iter().enumerate() {
        progress.apply(fact, at(i64::try_from(index).unwrap())).unwrap();
    }
    progress
}

#[test]
fn an_order_goes_from_release_to_completion() {
    let mut progress = Progress::default();
    let steps = [
        (released("8"), Change::Progress, Status::Released, None),
        (started(), Change::Progress, Status::Executing, None),
        (started(), Change::AsOf, Status::Executing, None),
        (received("3", "C62"), Change::Progress, Status::Executing, Some("37.5")),
        (confirmed(Some(quantity("0.5", "C62"))), Change::Progress, Status::Executing, Some("37.5")),
        (confirmed(Some(quantity("0", "C62"))), Change::AsOf, Status::Executing, Some("37.5")),
        (received("2", "C62"), Change::Progress, Status::Executing, Some("62.5")),
        (completed(), Change::Progress, Status::Completed, Some("62.5")),
        (completed(), Change::AsOf, Status::Completed, Some("62.5")),
    ];
    for (index, (fact, change, status, percent)) in steps.iter().enumerate() {
        assert_eq!(progress.apply(fact, at(i64::try_from(index).unwrap())).unwrap(), *change, "step {index}");
        assert_eq!((progress.status, progress.completion_percent()), (*status, percent.map(dec)), "step {index}");
    }
    assert_eq!(progress.scrapped, Some(amount("0.5", "C62")));
    assert_eq!((progress.item.as_deref(), progress.planned_end, progress.as_of), (Some("FG-1"), Some(at(9)), Some(at(8))));
}

#[test]
fn each_sign_of_work_makes_a_released_order_executing() {
    for sign in [started(), confirmed(None), ProductionFact::MaterialConsumed(movement()), received("1", "C62")] {
        assert_eq!(after(&[released("8"), sign.clone()]).status, Status::Executing, "{sign:?}");
    }
    let reversal = ProductionFact::ConsumptionReversed(ConsumptionReversed { reversed_event_id: "A-1", ..ConsumptionReversed::default() });
    for none in [ProductionFact::MaterialReturned(movement()), reversal, ProductionFact::Unknown] {
        assert_eq!(after(&[released("8"), none.clone()]).status, Status::Released, "{none:?}");
    }
}

#[test]
fn types_that_say_nothing_of_progress_show_only_that_the_order_is_alive() {
    let facts = [
        ProductionFact::OrderCreated(Box::new(OrderCreated { item: "FG-2", planned_quantity: quantity("9", "C62"), ..OrderCreated::default() })),
        ProductionFact::OrderRescheduled(OrderRescheduled { planned_end: Some(at(99)), ..OrderRescheduled::default() }),
        ProductionFact::OrderDispatched(OrderDispatched::default()),
        ProductionFact::OrderHeld(OrderHeld::default()),
        ProductionFact::OrderResumed(OrderResumed::default()),
        ProductionFact::OrderClosed(OrderClosed::default()),
        ProductionFact::OrderCancelled(OrderCancelled::default()),
        ProductionFact::ConfirmationReversed(ConfirmationReversed::default()),
        ProductionFact::ByProductReported(ByProductReported { quantity: quantity("1", "KGM"), ..ByProductReported::default() }),
        ProductionFact::ScrapReported(ScrapReported { quantity: quantity("1", "C62"), ..ScrapReported::default() }),
        ProductionFact::ReworkReported(ReworkReported { quantity: quantity("1", "C62"), ..ReworkReported::default() }),
        ProductionFact::FinishedGoodsReversed(FinishedGoodsReversed::default()),
    ];
    for fact in facts {
        let mut progress = after(&[released("8"), received("3", "C62")]);
        let before = progress.clone();
        assert_eq!(progress.apply(&fact, at(50)).unwrap(), Change::AsOf, "{fact:?}");
        assert_eq!(progress.as_of, Some(at(50)), "{fact:?}");
        assert_eq!(Progress { as_of: before.as_of, ..progress }, before, "{fact:?}");
    }
}

#[test]
fn what_comes_after_completion_still_counts_but_leads_nowhere_back() {
    let progress = after(&[completed(), started(), released("4"), received("1", "C62"), confirmed(Some(quantity("2", "C62")))]);
    assert_eq!(progress.status, Status::Completed);
    assert_eq!((progress.produced.clone(), progress.scrapped.clone()), (Some(amount("1", "C62")), Some(amount("2", "C62"))));
    assert_eq!(progress.completion_percent(), Some(dec("25")));
}

#[test]
fn a_report_in_another_unit_is_refused_and_changes_nothing() {
    let mut progress = after(&[received("3", "C62")]);
    let before = progress.clone();
    let error = progress.apply(&received("3", "KGM"), at(5)).unwrap_err();
    assert_eq!(error, ProgressError::Unit { what: Sum::Produced, known: "C62".into(), reported: "KGM".into() });
    assert_eq!(error.to_string(), "produced quantity is reported in KGM, but so far in C62: no sum of the two can be shown");
    assert_eq!(progress, before);

    let mut progress = after(&[confirmed(Some(quantity("3", "C62")))]);
    let error = progress.apply(&confirmed(Some(quantity("3", "KGM"))), at(5)).unwrap_err();
    assert!(matches!(error, ProgressError::Unit { what: Sum::Scrapped, .. }), "{error:?}");
}

#[test]
fn no_percent_where_units_differ_or_the_plan_is_zero() {
    assert_eq!(after(&[released("8"), received("3", "KGM")]).completion_percent(), None);
    assert_eq!(after(&[released("0"), received("3", "C62")]).completion_percent(), None);
    assert_eq!(after(&[received("3", "C62")]).completion_percent(), None);
}

#[test]
fn percent_has_two_digits() {
    assert_eq!(after(&[released("3"), received("1", "C62")]).completion_percent(), Some(dec("33.33")));
    assert_eq!(after(&[released("3"), received("5", "C62")]).completion_percent(), Some(dec("166.67")));
}

#[test]
fn a_sum_beyond_38_digits_is_refused() {
    let huge = "99999999999999999999999999999";
    let mut progress = after(&[received(huge, "C62")]);
    assert_eq!(progress.apply(&received(huge, "C62"), at(1)), Err(ProgressError::TooLarge { what: Sum::Produced }));
    assert_eq!(progress.completion_percent(), None);
    progress.apply(&released("1"), at(2)).unwrap();
    assert_eq!(progress.completion_percent(), None, "too large to be shown in percent");
}

fn any_fact() -> impl Strategy<Value = ProductionFact<'static>> {
    prop_oneof![
        Just(started()),
        Just(ProductionFact::MaterialConsumed(movement())),
        (0..50_i64).prop_map(|value| received(&value.to_string(), "C62")),
        (0..5_i64).prop_map(|value| confirmed(Some(quantity(&value.to_string(), "C62")))),
        Just(completed()),
        Just(released("8")),
    ]
}

proptest! {
    #[test]
    fn the_order_of_events_does_not_change_where_an_order_ends(facts in prop::collection::vec((any_fact(), 0..1000_i64), 0..20).prop_shuffle(), seed in any::<u64>()) {
        let run = |facts: &[(ProductionFact<'static>, i64)]| {
            let mut progress = Progress::default();
            for (fact, time) in facts {
                let before = progress.clone();
                let change = progress.apply(fact, at(*time)).unwrap();
                prop_assert!(progress.status >= before.status, "status went back");
                prop_assert_eq!(change == Change::None, progress == before);
            }
            Ok(progress)
        };
        let straight = run(&facts)?;
        let mut shuffled = facts.clone();
        // A rotation and a reversal, drawn from the seed, reach every pair of neighbours in both orders.
        if !shuffled.is_empty() {
            let by = usize::try_from(seed % shuffled.len() as u64).unwrap();
            shuffled.rotate_left(by);
        }
        if seed & 1 == 0 {
            shuffled.reverse();
        }
        prop_assert_eq!(straight, run(&shuffled)?);
    }
}
