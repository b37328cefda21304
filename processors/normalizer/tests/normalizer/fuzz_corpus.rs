//! What the fuzzers kept, replayed: every input that once led them somewhere new, or broke something. docs/fuzzing.md tells how they are run.

#[path = "../../../../fuzz/src/targets.rs"]
mod targets;

use std::path::Path;

use proptest::prelude::*;

/// Runs a target on each file of its corpus.
fn replay(target: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("an entry of the corpus").path();
        let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        // Names the input where it does not come through.
        let outcome = std::panic::catch_unwind(|| run(&bytes));
        assert!(outcome.is_ok(), "{} {}", target, path.display());
        count += 1;
    }
    assert!(count > 0, "{} is empty", folder.display());
}

/// Every target.
const TARGETS: &[fn(&[u8])] = &[
    targets::json,
    targets::json_lines,
    targets::xml,
    targets::traced,
    targets::csv,
    targets::x12,
    targets::edifact,
    targets::mapping_yaml,
    targets::formula,
    targets::values,
    targets::engine,
];

proptest! {
    #[test]
    fn any_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in any::<String>()) {
        for target in TARGETS {
            target(&bytes);
            target(text.as_bytes());
        }
    }
}

macro_rules! replayed {
    ($($target:ident)*) => { $(#[test] fn $target() { replay(stringify!($target), targets::$target); })* };
}

replayed!(json json_lines xml traced csv x12 edifact mapping_yaml formula values engine);
