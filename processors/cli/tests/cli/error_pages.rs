//! Every error code has a page, and every page a code.

use std::collections::BTreeSet;
use std::path::Path;

/// Hyphenated texts in the sources that are no error codes.
const OTHER_WORDS: &[&str] = &[
    "by-product",
    "cooperative-sticky",
    "dead-letters",
    "epoch-ms",
    "euc-kr",
    "in-doubt",
    "in-flight",
    "instance-id",
    "iso-8859-1",
    "iso-8859-15",
    "iso-8859-2",
    "iso-8859-5",
    "iso-8859-7",
    "iso-8859-9",
    "json-lines",
    "latin-99",
    "lineside-restore",
    "lineside-tables",
    "lineside-watermarks",
    "not-begun",
    "odata-utc",
    "other-log",
    "plant-a",
    "plant-d",
    "reading-tables",
    "status-code",
    "storage-location",
    "us-ascii",
    "utf-16be",
    "utf-16le",
    "utf-8",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1257",
    "work-center",
];

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut names: BTreeSet<String> = lineside_topology::processors::PROCESSORS.iter().map(|row| row.name.to_owned()).collect();
    names.extend(OTHER_WORDS.iter().map(|word| (*word).to_owned()));

    let mut codes = BTreeSet::new();
    for processor in lineside_topology::processors::PROCESSORS {
        collect(&root.join("processors").join(processor.name).join("src"), &mut codes);
    }
    for part in ["api", "runtime"] {
        collect(&root.join("processors/framework").join(part).join("src"), &mut codes);
    }
    // The classes of gaps in the books have a page together, with a section each.
    let books = std::fs::read_to_string(root.join("docs/books.md")).unwrap();
    let classes: BTreeSet<String> = books.lines().filter_map(|line| line.strip_prefix("### ")).filter(|word| is_code(word)).map(str::to_owned).collect();
    assert!(!classes.is_empty() && classes.is_subset(&codes), "sections of classes that there are not: {:?}", classes.difference(&codes));
    names.extend(classes);
    let codes: BTreeSet<String> = codes.difference(&names).cloned().collect();

    let pages: BTreeSet<String> = std::fs::read_dir(root.join("docs/errors"))
        .unwrap()
        .map(|page| page.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|page| page != "README")
        .collect();
    assert_eq!(codes, pages);

    let index = std::fs::read_to_string(root.join("docs/errors/README.md")).unwrap();
    for code in &codes {
        assert!(index.contains(&format!("[{code}]({code}.md)")), "{code} is not in the index");
    }
}

/// Adds the texts in quotes that look like a code: lower-case words joined by hyphens, the first beginning with a letter.
fn collect(folder: &Path, codes: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, codes);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            codes.extend(text.split('"').filter(|word| is_code(word)).map(str::to_owned));
        }
    }
}

fn is_code(word: &str) -> bool {
    word.contains('-')
        && word.starts_with(|first: char| first.is_ascii_lowercase())
        && word.split('-').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}
