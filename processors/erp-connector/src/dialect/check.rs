//! Whether a dialect file makes sense: names against the contracts, tables and classes against each other. Gives the path in the file and what is wrong there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Kind;
use super::errors::suggestion;
use super::file::{DialectFile, Document, Each, Field, FieldOf, Template};
use super::fill::names;

const BATCH_MOST: usize = 1000;
/// Names that no contract has.
const OWN: &[&str] = &["key", "attempt", "sent_at"];

type Wrong = Vec<(Vec<String>, String)>;

/// What is wrong, each with its path.
pub(super) fn check(file: &DialectFile) -> Wrong {
    let mut wrong = Wrong::new();
    errors(file, &mut wrong);
    for (name, kind, document) in [("confirmation", Kind::Confirmation, &file.confirmation), ("goods_movement", Kind::GoodsMovement, &file.goods_movement)] {
        let mut check = Check { file, contract: ContractNames::of(kind), path: vec![name.to_owned()], wrong: &mut wrong };
        check.document(kind, document);
    }
    let both = |kind: Kind| ContractNames::of(kind).fields;
    let shared = ContractNames { fields: both(Kind::Confirmation).intersection(&both(Kind::GoodsMovement)).cloned().collect(), lists: BTreeMap::new() };
    let mut check = Check { file, contract: shared, path: vec!["headers".to_owned()], wrong: &mut wrong };
    check.fields(&file.headers, None);
    wrong
}

fn errors(file: &DialectFile, wrong: &mut Wrong) {
    for (index, rule) in file.errors.iter().enumerate() {
        let at = |part: &str| vec!["errors".to_owned(), index.to_string(), part.to_owned()];
        if !file.classes.contains_key(&rule.class) {
            wrong.push((at("class"), format!("there is no class `{}`{}", rule.class, suggestion(&rule.class, file.classes.keys().map(String::as_str)))));
        }
        let covers = |earlier: &&super::file::ErrorRule| {
            let number = match (&earlier.number, &rule.number) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(earlier), Some(rule)) => earlier.strip_suffix('*').map_or(earlier == rule, |begin| rule.starts_with(begin)),
            };
            number && (earlier.status.is_none() || earlier.status == rule.status) && (earlier.text.is_none() || earlier.text == rule.text)
        };
        if file.errors[..index].iter().any(|earlier| covers(&earlier)) {
            wrong.push((vec!["errors".to_owned(), index.to_string()], "a rule before it takes all that this one would: it is never reached".to_owned()));
        }
    }
}

/// Names of a contract's fields, and of the fields of its lists' elements.
struct ContractNames {
    fields: BTreeSet<String>,
    lists: BTreeMap<String, BTreeSet<String>>,
}

impl ContractNames {
    fn of(kind: Kind) -> Self {
        let schema: Value = serde_json::from_str(kind.contract().schema_text()).expect("the schema is part of the build and its own tests parse it");
        let fields = |record: &Value| -> BTreeSet<String> {
            let mut names = BTreeSet::new();
            for field in record["fields"].as_array().into_iter().flatten() {
                let Some(name) = field["name"].as_str() else { continue };
                names.insert(name.to_owned());
                // Parts of a record, beside null or alone.
                let kinds = field["type"].as_array().cloned().unwrap_or_else(|| vec![field["type"].clone()]);
                for part in kinds.iter().filter(|kind| kind["type"] == "record").flat_map(|kind| kind["fields"].as_array().into_iter().flatten()) {
                    names.extend(part["name"].as_str().map(|part| format!("{name}.{part}")));
                }
            }
            names
        };
        let lists = schema["fields"].as_array().into_iter().flatten().filter(|field| field["type"]["type"] == "array");
        let lists = lists.filter_map(|field| Some((field["name"].as_str()?.to_owned(), fields(&field["type"]["items"])))).collect();
        Self { fields: fields(&schema), lists }
    }
}

struct Check<'c> {
    file: &'c DialectFile,
    contract: ContractNames,
    path: Vec<String>,
    wrong: &'c mut Wrong,
}

impl Check<'_> {
    fn document(&mut self, kind: Kind, document: &Document) {
        self.within("key", |check| match &document.key {
            Field::Each(_) => check.say("a key is one value"),
            key => check.field(key, None),
        });
        self.within("post", |check| {
            check.within("path", |check| check.template(&document.post.path, None));
            check.within("body", |check| check.fields(&document.post.body, None));
        });
        if let Some(cancel) = &document.cancel {
            self.within("cancel", |check| {
                check.within("path", |check| check.template(&cancel.path, None));
                check.within("body", |check| check.fields(&cancel.body, None));
                if document.shows.cancel_fates.is_empty() {
                    check.say("`shows` needs `cancel_fates`, else no answer to it means anything");
                }
            });
        }
        if let Some(read) = &document.read {
            self.within("read", |check| {
                check.within("path", |check| {
                    check.template(&read.path, None);
                    if !read.path.contains("{key}") {
                        check.say("a document is read back by its key: `{key}` has to stand in the path");
                    }
                });
            });
        }
        self.within("shows", |check| {
            let shows = &document.shows;
            if shows.fates.is_empty() {
                check.say("without `fates` no answer means anything");
            }
            for (index, rule) in shows.fates.iter().enumerate() {
                if shows.fates[..index].iter().any(|earlier| earlier.when.iter().all(|(path, test)| rule.when.get(path) == Some(test))) {
                    check.within("fates", |check| {
                        check.within(&index.to_string(), |check| check.say("a rule before it takes all that this one would: it is never reached"));
                    });
                }
            }
            match (&shows.lines, kind.lines()) {
                (Some(_), None) => check.within("lines", |check| check.say("a confirmation is one line")),
                (None, Some(_)) => check.say("a material document has lines: `lines` says where they stand in an answer"),
                (Some(lines), Some(list)) => check.within("lines", |check| check.within("is", |check| check.template(&lines.is, Some(list)))),
                (None, None) => {}
            }
        });
        if let Some(batch) = &document.batch {
            self.within("batch", |check| {
                if batch.most == 0 || batch.most > BATCH_MOST {
                    check.within("most", |check| check.say(&format!("from 1 to {BATCH_MOST}")));
                }
            });
        }
    }

    fn within(&mut self, part: &str, check: impl FnOnce(&mut Self)) {
        self.path.push(part.to_owned());
        check(self);
        self.path.pop();
    }

    fn say(&mut self, message: &str) {
        self.wrong.push((self.path.clone(), message.to_owned()));
    }

    fn fields(&mut self, fields: &BTreeMap<String, Field>, list: Option<&str>) {
        for (name, field) in fields {
            self.within(name, |check| check.field(field, list));
        }
    }

    fn field(&mut self, field: &Field, list: Option<&str>) {
        match field {
            Field::Name(name) => self.name(name, list),
            Field::Of(FieldOf { field, table, .. }) => {
                self.within("field", |check| check.name(field, list));
                if let Some(table) = table.as_ref().filter(|table| !self.file.tables.contains_key(*table)) {
                    let near = suggestion(table, self.file.tables.keys().map(String::as_str));
                    self.within("table", |check| check.say(&format!("there is no table `{table}`{near}")));
                }
            }
            Field::Constant(_) => {}
            Field::Template(Template { template }) => self.within("template", |check| check.template(template, list)),
            Field::Each(Each { each, with }) => {
                if list.is_some() {
                    self.say("a list within a list: the contracts have none");
                } else if self.contract.lists.contains_key(each) {
                    self.within("with", |check| check.fields(with, Some(each)));
                } else {
                    let near = suggestion(each, self.contract.lists.keys().map(String::as_str));
                    self.within("each", |check| check.say(&format!("the contract has no list `{each}`{near}")));
                }
            }
        }
    }

    fn template(&mut self, template: &str, list: Option<&str>) {
        match names(template) {
            Some(names) => names.into_iter().for_each(|name| self.name(name, list)),
            None => self.say("a brace is not closed, or nothing stands in it"),
        }
    }

    fn name(&mut self, name: &str, list: Option<&str>) {
        let of_list = list.and_then(|list| self.contract.lists.get(list));
        let known = OWN.contains(&name) || of_list.is_some_and(|names| names.contains(name)) || self.contract.fields.contains(name);
        if !known {
            let names = of_list.into_iter().flatten().chain(&self.contract.fields).map(String::as_str);
            let near = suggestion(name, names);
            self.say(&format!("the contract has no field `{name}`{near}"));
        }
    }
}
