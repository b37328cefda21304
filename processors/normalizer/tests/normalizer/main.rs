//! The normalizer from outside: what it makes of documents, what it refuses, and what mapping files may say.

mod absent_values;
mod bad_input;
mod contracts;
mod documents_by_content;
mod drafts;
mod edi;
mod edi_packs;
mod exactness;
mod formats;
mod fuzz_corpus;
mod golden;
mod language;
mod mapping_errors;
mod master;
mod nested_lists;
mod partner;
mod refused_fields;
mod robustness;
mod samples;
mod samples_page;
mod sap_samples;
mod support;
mod values;
