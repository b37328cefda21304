//! Typed Rust equals the schemas.

use std::process::Command;

#[test]
fn records_are_what_the_generator_makes_of_the_schemas() {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "-p", "lineside-codegen", "--", "--check"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs, as it built this test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
