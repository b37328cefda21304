//! docs/samples.md: what becomes of every published document, by the built-in packs.
//!
//! `LINESIDE_UPDATE_GOLDEN=1 cargo test --workspace --test normalizer samples_page` writes it anew.

use crate::support;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use lineside_normalizer::{Limits, Plan, Scratch};

/// Folders of documents, and the pack that is asked for a code where no pack knows a document by its content.
const FOLDERS: &[(&str, Option<&str>)] = &[
    ("b2mml", Some("plant-b.b2mml")),
    ("edifact", Some("plant-c.edifact")),
    ("epcis", Some("plant-f.epcis")),
    ("sap", Some("plant-c.sap-orders")),
    ("x12", Some("plant-c.x12")),
];

/// Codes of what is no JSON, or none that is read.
const NO_JSON: &[&str] = &["invalid-json", "invalid-encoding", "empty-record", "nesting-too-deep"];

const HEAD: &str = "<!-- Written by a test: processors/normalizer/tests/normalizer/samples_page.rs. -->

# Published documents, and what becomes of them

Documents that standards bodies, vendors and other projects published, read as they are. The pack is found by the content, as `lineside explain` does. A pack in brackets
was asked for a code, because no pack knows the document by its content. Events are those of the normalizer. What is understood and deliberately makes none, such as an
acknowledgement, is *ignored*, for the reason that the mapping gives. What is refused is a dead letter with [its code](errors/README.md), and the place at fault.

Not in the table: `README.md`, which says where the documents come from, and `*.expected.xml`, which is what another reader makes of the document beside it.
";

#[test]
fn every_published_document_is_in_the_table_with_what_becomes_of_it() {
    let Some(folder) = support::samples(".") else { return };
    let mut page = HEAD.to_owned();
    for (name, pack) in FOLDERS {
        table(&folder.join(name), name, *pack, &mut page);
    }
    bad_input(&folder.join("bad-input"), &mut page);
    let known: Vec<_> = FOLDERS.iter().map(|(name, _)| *name).chain(["bad-input"]).collect();
    for entry in files(&folder) {
        let name = name_of(&entry);
        assert!(known.contains(&&*name) || name == "README.md", "{name} is in no table");
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/samples.md");
    if std::env::var_os("LINESIDE_UPDATE_GOLDEN").is_some() {
        fs::write(&file, &page).expect("the page is written");
    }
    assert_eq!(fs::read_to_string(file).unwrap_or_default(), page, "LINESIDE_UPDATE_GOLDEN=1 writes it anew");
}

fn table(folder: &Path, name: &str, pack: Option<&str>, page: &mut String) {
    let _ = write!(page, "\n## {name}\n\n| document | pack | events | ignored | refused |\n|---|---|---|---|---|\n");
    let (mut documents, mut refused, mut events) = (0, 0, BTreeMap::new());
    for file in files(folder) {
        let name = name_of(&file);
        if name.ends_with(".expected.xml") {
            continue;
        }
        documents += 1;
        let bytes = fs::read(&file).expect("a document");
        let found = packs_of(&bytes);
        let (packs, outcome, ignored) = match (found.as_slice(), pack) {
            ([], None) => ("none".to_owned(), Err("no pack knows it by its content".to_owned()), BTreeMap::new()),
            ([], Some(pack)) => (format!("({pack})"), outcome(plan_of(pack), &bytes), BTreeMap::new()),
            ([plan, others @ ..], _) => {
                let others = others.iter().fold(String::new(), |all, plan| all + ", " + plan.source());
                (plan.source().to_owned() + &others, outcome(plan, &bytes), ignored(plan, &bytes))
            }
        };
        let (made, wrong) = match outcome {
            Ok(types) => {
                for (kind, count) in &types {
                    *events.entry(kind.clone()).or_insert(0) += count;
                }
                (listed(&types), String::new())
            }
            Err(wrong) => {
                refused += 1;
                (String::new(), wrong)
            }
        };
        let ignored = if wrong.is_empty() { ignored.iter().map(|(reason, count)| format!("{reason} ({count})")).collect::<Vec<_>>().join("; ") } else { String::new() };
        let _ = writeln!(page, "| {name} | {packs} | {made} | {ignored} | {wrong} |");
    }
    let _ = write!(page, "\n{documents} documents, {refused} of them refused; {} events: {}.\n", events.values().sum::<usize>(), listed(&events));
}

/// What a pack makes of a document: how many events of each type, or code and place.
fn outcome(plan: &Plan, bytes: &[u8]) -> Result<BTreeMap<String, usize>, String> {
    let mut scratch = Scratch::default();
    match plan.apply(&support::record(plan.topic(), bytes), &Limits::default(), &mut scratch) {
        Ok(events) => {
            let mut types = BTreeMap::new();
            for event in events {
                *types.entry(event.type_name.to_owned()).or_insert(0) += 1;
            }
            Ok(types)
        }
        Err(refusal) => {
            let place = refusal.path.map(|path| format!(" at `{path}`")).unwrap_or_default();
            Err(format!("[{0}](errors/{0}.md){place}", refusal.code))
        }
    }
}

/// What the pack's rules understand and make no event of, by the rules' reasons.
fn ignored(plan: &Plan, bytes: &[u8]) -> BTreeMap<String, usize> {
    let mut reasons = BTreeMap::new();
    for found in plan.ignored(&support::record(plan.topic(), bytes), &Limits::default()) {
        *reasons.entry(found.reason).or_insert(0) += 1;
    }
    reasons
}

fn packs_of(bytes: &[u8]) -> Vec<&'static Plan> {
    support::BUILT_IN.plans().iter().filter(|plan| plan.recognizes(bytes)).collect()
}

fn plan_of(source: &str) -> &'static Plan {
    support::BUILT_IN.by_topic(&format!("raw.{source}")).expect("a built-in pack")
}

fn listed(counts: &BTreeMap<String, usize>) -> String {
    if counts.is_empty() {
        return "none".to_owned();
    }
    counts.iter().map(|(kind, count)| format!("{count} {kind}")).collect::<Vec<_>>().join(", ")
}

/// The texts of `JSONTestSuite`, by what their names say of them, and a list of strings that programs stumble over.
fn bad_input(folder: &Path, page: &mut String) {
    let archive = folder.join("JSONTestSuite_test_parsing_transform.tar.gz");
    let unpacked = tempfile::tempdir().expect("a folder");
    assert!(Command::new("tar").arg("-xzf").arg(&archive).arg("-C").arg(unpacked.path()).status().expect("tar runs").success());
    let mut kinds: BTreeMap<&str, (usize, BTreeMap<String, usize>)> = BTreeMap::new();
    let mut folders = vec![unpacked.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for path in files(&folder) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let kind = match name_of(&path).split_once('_').map(|(kind, _)| kind.to_owned()).as_deref() {
                Some("y") => "y_: every reader has to take them",
                Some("n") => "n_: every reader has to refuse them",
                Some("i") => "i_: a reader may take or refuse them",
                _ => "others: readers differ in what they mean",
            };
            let (read, refused) = kinds.entry(kind).or_default();
            let code = support::apply(support::PLANT_A, &fs::read(&path).expect("a text"), |applied| applied.err().map(|refusal| refusal.code));
            match code.filter(|code| NO_JSON.contains(code) || *code == "duplicate-member") {
                Some(code) => *refused.entry(format!("[{code}](errors/{code}.md)")).or_insert(0) += 1,
                None => *read += 1,
            }
        }
    }
    page.push_str("\n## bad-input\n\nThe texts of JSONTestSuite are no documents of any source; here it counts whether they are read as JSON.\n\n");
    page.push_str("| texts | read | refused |\n|---|---|---|\n");
    for (kind, (read, refused)) in &kinds {
        let _ = writeln!(page, "| {kind} | {read} | {} |", listed(refused));
    }
    page.push_str(
        "\nTwo members of one name are read; a record is refused for them only where its mapping reads one, because readers disagree on which of them counts.\n",
    );

    let count = |kind: &str, of: &dyn Fn(&str) -> bool| {
        let (_, (read, refused)) = kinds.iter().find(|(name, _)| name.starts_with(kind)).expect("texts of every kind");
        (*read, refused.iter().filter(|(code, _)| of(code)).map(|(_, count)| count).sum::<usize>())
    };
    assert_eq!(count("y_", &|_| true), (95, 0), "texts that every reader has to take");
    assert_eq!(count("n_", &|_| true), (0, 188), "texts that every reader has to refuse");

    let strings = fs::read(folder.join("blns.json")).expect("the list of strings");
    let strings: Vec<String> = serde_json::from_slice(&strings).expect("a list of strings");
    let _ = write!(page, "\n`blns.json` is a list of {} strings that programs stumble over, not a document; no pack knows it by its content.\n", strings.len());
    assert!(packs_of(&fs::read(folder.join("blns.json")).expect("the list")).is_empty());
    let known = ["JSONTestSuite_test_parsing_transform.tar.gz", "blns.json"];
    for file in files(folder) {
        assert!(known.contains(&&*name_of(&file)), "{} is in no table", file.display());
    }
}

/// What is in a folder, by name.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())).map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

fn name_of(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}
