//! The bytes on the wire, kept under `golden/`. What is published is read for years: a change here is a change of the contract.
//!
//! `LINESIDE_UPDATE_GOLDEN=1 cargo test -p lineside-schemas golden` writes the files anew.

use std::fmt::Write as _;

use lineside_schemas::ContractId;
use lineside_schemas::ids::hex;
use lineside_schemas::json::JsonView;

use crate::support::{crate_root, examples, files, reencode, wire};

#[test]
fn wire_bytes_of_the_examples_are_the_golden_ones() {
    let folder = crate_root().join("golden");
    let update = std::env::var_os("LINESIDE_UPDATE_GOLDEN").is_some();
    for &id in ContractId::ALL {
        let path = folder.join(id.name()).with_extension("hex");
        let bytes = wire_bytes(id);
        if update {
            std::fs::write(&path, &bytes).unwrap();
        }
        let golden = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(bytes, golden, "{}", path.display());
    }
    assert_eq!(files(&folder).len(), ContractId::ALL.len(), "a file for each contract and no other");
}

/// A line for each valid example: its name and its bytes as the typed record writes them, under the schema id 0.
fn wire_bytes(id: ContractId) -> String {
    let view = JsonView::new(id.schema_text()).unwrap();
    let mut lines = String::new();
    for example in examples(id, "valid") {
        let datum = reencode(id, &view.encode(&example.json).unwrap()).unwrap();
        writeln!(lines, "{} {}", example.name, hex(&wire(&datum))).unwrap();
    }
    lines
}
