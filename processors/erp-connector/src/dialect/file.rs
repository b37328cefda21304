//! A dialect file: how one kind of ERP is spoken to. Its JSON Schema is made from these types.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How one kind of ERP is spoken to: where documents go, in which words, and what its answers mean.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "A dialect: how the ERP connector speaks to one kind of ERP")]
pub struct DialectFile {
    /// Name of the dialect.
    pub dialect: String,
    /// Version of this file.
    pub version: u32,
    /// What calls go over.
    #[serde(default)]
    pub transport: Transport,
    /// How the connector shows who it is.
    #[serde(default, with = "serde_yaml_ng::with::singleton_map")]
    #[schemars(with = "Auth")]
    pub auth: Auth,
    /// A token against cross-site request forgery that the ERP asks for, as SAP's OData services do.
    pub csrf: Option<Csrf>,
    /// Headers of each call that books something.
    #[serde(default)]
    pub headers: BTreeMap<String, Field>,
    /// Code tables: the contract's code to the ERP's.
    #[serde(default)]
    pub tables: BTreeMap<String, BTreeMap<String, String>>,
    /// Where an answer that refuses has its code and its words.
    pub error: ErrorPaths,
    /// What refusals mean. The first that fits counts; one that none fits is of the class `UNCLASSED`.
    #[serde(default)]
    pub errors: Vec<ErrorRule>,
    /// What helps against each class.
    #[serde(default)]
    pub classes: BTreeMap<String, ClassRemedy>,
    /// Confirmations of operations.
    pub confirmation: Document,
    /// Material documents.
    pub goods_movement: Document,
}

/// What calls go over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// HTTP.
    #[default]
    Http,
    /// Files in a folder, for an ERP that takes files: a document is a file, and its path is the file's name.
    File,
}

/// How the connector shows who it is. Secrets are settings, never part of this file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Auth {
    /// It does not, or by its TLS certificate alone.
    #[default]
    None,
    /// A token by `OAuth2` client credentials.
    Oauth2 {
        /// Where tokens are given: a path of the ERP, or an address.
        token: String,
        /// Scope to ask for.
        #[serde(default)]
        scope: Option<String>,
    },
    /// A key in a header.
    ApiKey {
        /// The header.
        header: String,
    },
    /// User and password.
    Basic,
}

/// How a token against cross-site request forgery is fetched.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Csrf {
    /// Path to fetch it from, with `Fetch` in the header.
    pub path: String,
    /// The header.
    #[serde(default = "csrf_header")]
    pub header: String,
}

fn csrf_header() -> String {
    "X-CSRF-Token".to_owned()
}

/// Where an answer that refuses has its code and its words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ErrorPaths {
    /// Path of the code.
    pub number: String,
    /// Path of the words.
    pub text: String,
}

/// What a refusal means.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ErrorRule {
    /// HTTP status; any where it is not given.
    pub status: Option<u16>,
    /// The ERP's code; `M7/*` for all that begin so.
    pub number: Option<String>,
    /// What the ERP's words hold.
    pub text: Option<String>,
    /// Class of the refusal.
    pub class: String,
}

/// What helps against a class of refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClassRemedy {
    /// Time: the document is sent again.
    Retry,
    /// Fewer calls: all of them wait as long as the ERP asks for, then the document is sent again.
    SlowDown,
    /// Its owner mends the cause; it is tried again now and then.
    Owner,
    /// Nothing: the document is rejected.
    Reject,
}

/// One kind of document.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The idempotency key: what the ERP stores of the document's id, and what it is found by again.
    pub key: Field,
    /// The call that books it.
    pub post: Post,
    /// The call that cancels another document of the ERP, for one whose `reverses` names it. Without it, such a document is held.
    pub cancel: Option<Post>,
    /// The call that reads it back by its key. Without it, doubt can only be settled by a person.
    pub read: Option<Read>,
    /// How a document stands in answers.
    pub shows: Shows,
    /// Several in one call.
    pub batch: Option<Batch>,
}

/// The call that books a document.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// Path and query; `{name}` is a field of the contract, `{name.part}` a part of one that is a record, `{key}` the idempotency key.
    pub path: String,
    /// Its body: the ERP's field and what it is filled with.
    pub body: BTreeMap<String, Field>,
}

/// The call that reads a document back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// Path and query; `{name}` is a field of the contract, `{key}` the idempotency key.
    pub path: String,
}

/// Several documents in one call: JSON batch of `OData` v4.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// Path of the batch.
    pub path: String,
    /// Path of one document, as seen from there.
    pub url: String,
    /// Most documents in one call.
    pub most: usize,
}

/// How a document stands in answers. Paths are names with `/` between them; `*` is every element of a list.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shows {
    /// Where the document is in the answer to the call that books it; empty for the whole answer.
    #[serde(default)]
    pub answer: String,
    /// Where the list of documents is in the answer to the call that reads back.
    #[serde(default)]
    pub reading: String,
    /// Its key. An answer with another one is about another document, and is not believed.
    pub key: String,
    /// Its lines. Without it, the document is one line.
    pub lines: Option<ShownLines>,
    /// Number of the ERP's document, as seen from the line, or from the document where there are no lines.
    pub document: String,
    /// Its year.
    pub year: Option<String>,
    /// Its item.
    pub item: Option<String>,
    /// What became of it. The first that fits counts.
    pub fates: Vec<FateRule>,
    /// The same for a document that cancels another.
    #[serde(default)]
    pub cancel_fates: Vec<FateRule>,
}

/// Where the lines of a document are.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShownLines {
    /// The list.
    pub at: String,
    /// What a line is known by, as seen from the line.
    pub id: String,
    /// What that is for a line of ours.
    pub is: String,
}

/// What became of a line.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FateRule {
    /// What the line shows; all must fit. Where a path has `*`, one element is enough.
    #[serde(default)]
    pub when: BTreeMap<String, Test>,
    /// What that means.
    pub is: ShownFate,
    /// Path of the ERP's code for it.
    pub number: Option<String>,
    /// Path of the ERP's words for it.
    pub text: Option<String>,
}

/// What became of a line, as a dialect says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShownFate {
    /// Booked.
    Posted,
    /// Taken, and not booked yet.
    Parked,
    /// Booked, and cancelled.
    Cancelled,
    /// Was parked, and will never be booked.
    Discarded,
    /// Not a line of ours, such as one that reverses another.
    Ignored,
}

/// What a place in an answer must be: a text, number or truth value, or `not` one.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[schemars(untagged)]
pub enum Test {
    /// This.
    Is(Value),
    /// Anything but this, and there.
    Not {
        /// What it must not be.
        not: Value,
    },
}

/// What a field of the ERP is filled with: the name of a field of the contract, or one of the forms below.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[schemars(untagged)]
pub enum Field {
    /// The contract's field of that name, as text, number or truth value as it is; left out where it is null.
    Name(String),
    /// The contract's field, changed.
    Of(FieldOf),
    /// Always this.
    Constant(Constant),
    /// Text with fields in it: `{document_id}/{item}`; left out where one of them is null.
    Template(Template),
    /// A list: for each element of a list of the contract, an object.
    Each(Each),
}

/// A field of the contract, changed.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldOf {
    /// The field.
    pub field: String,
    /// The code table it is translated by. A code that is not in it is an error.
    pub table: Option<String>,
    /// How it is written.
    #[serde(default)]
    pub form: Form,
    /// Only so many of its first characters.
    pub take: Option<usize>,
    /// Instead of null.
    pub or: Option<Value>,
}

/// How a field is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// As the contract has it; a decimal as text.
    #[default]
    Plain,
    /// As a JSON number, with every digit.
    Number,
    /// 32 hexadecimal digits with hyphens, as a GUID.
    Guid,
}

/// Always the same.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Constant {
    /// What.
    pub constant: Value,
}

/// Text with fields in it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// The text; `{name}` is a field of the contract, `{key}` the idempotency key, `{attempt}` the number of the attempt, `{sent_at}` its time as HTTP writes it.
    pub template: String,
}

/// A list.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Each {
    /// The contract's list. Of the list of lines only those that are open are sent.
    pub each: String,
    /// What each element becomes. Names are the element's fields, then the document's.
    pub with: BTreeMap<String, Field>,
}
