//! The tutorial on adding a source, followed: its files are written, and what its commands print is what it shows.

use crate::support;
use std::path::Path;

/// A document in the encoding that it declares.
fn encoded(text: &str) -> Vec<u8> {
    if text.contains("encoding=\"ISO-8859-1\"") {
        text.chars().map(|character| u8::try_from(character).expect("a character of ISO 8859-1")).collect()
    } else {
        text.as_bytes().to_vec()
    }
}

#[test]
fn the_page_leads_from_a_sample_to_a_tested_pack() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/tutorials/add-a-source.md");
    let page = std::fs::read_to_string(&file).expect("the page");
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let mut expected = String::new();
    let mut commands = 0;
    // Up to the next file: commands may need those before it, and none behind it.
    for part in page.split_inclusive("\n```\n") {
        if let Some((path, text)) = part.rsplit_once("\n```").map(|(before, _)| before).and_then(created) {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
            std::fs::write(path, encoded(&text)).expect("it is written");
        }
        let (printed, blocks) = support::as_printed(part, folder.path());
        expected += &printed;
        commands += blocks;
    }
    assert!(commands >= 6, "{commands}");
    support::compare(&file, &expected);
    // What it shows is what it says.
    for words in [": 2 of 2 examples become what they should", "results[1].upper_limit.unit", "\"code\": \"missing-field\"", "topic raw.plant-k.lims"] {
        assert!(expected.contains(words), "{words}");
    }
    let report = std::fs::read_to_string(folder.path().join("mappings/plant-k.lims/examples/report.expected.json")).expect("it was blessed");
    assert!(report.contains("\"valuation\": \"REJECTED\"") && report.contains("Viskosität"), "{report}");
}

/// The file of a block that has one, and its text.
fn created(part: &str) -> Option<(&str, String)> {
    let (_, block) = part.rsplit_once("```")?;
    let (info, text) = block.split_once('\n')?;
    let (_, path) = info.split_once(' ')?;
    Some((path, format!("{text}\n")))
}
