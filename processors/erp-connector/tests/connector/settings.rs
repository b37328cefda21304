//! The connector's settings: what is missing is said in words, and what is secret is not said at all.

use clap::Parser;
use lineside_erp_connector::ErpConnectorArgs;
use lineside_erp_connector::posting::Proof;
use lineside_runtime::Application as _;

const SECRET: &str = "geheim-4711";

#[derive(Debug, Parser)]
struct CommandLine {
    #[command(flatten)]
    args: ErpConnectorArgs,
}

fn parse(flags: &[&str]) -> ErpConnectorArgs {
    CommandLine::try_parse_from([&["erp-connector"], flags].concat()).unwrap().args
}

fn secret(name: &str) -> Option<String> {
    (name == "LINESIDE_ERP_SECRET").then(|| SECRET.to_owned())
}

fn refused(flags: &[&str], variable: fn(&str) -> Option<String>) -> String {
    let args = parse(flags);
    args.dialect().and_then(|dialect| args.target(&dialect, variable).map(|_| ())).unwrap_err().to_string()
}

#[test]
fn what_is_missing_or_wrong_is_said_by_its_name() {
    let url = "https://erp.example";
    assert!(refused(&[], secret).contains("erp_url must be set"));
    assert!(refused(&["--erp-url", url], secret).contains("erp_user must be set"));
    assert!(refused(&["--erp-url", url, "--erp-user", "u"], |_| None).contains("LINESIDE_ERP_SECRET or erp_secret_file"));
    assert!(refused(&["--erp-url", url, "--erp-user", "u", "--erp-certificate-file", "c.pem"], secret).contains("go together"));
    assert!(refused(&["--erp-dialect", "file"], secret).contains("erp_folder must be set"));
    assert!(refused(&["--erp-dialect", "sap"], secret).contains("none of s4hana, odoo, file"));
    for wrong in [&["--erp-calls", "0"][..], &["--erp-call-ms", "x"], &["--erp-secret", SECRET]] {
        assert!(CommandLine::try_parse_from([&["erp-connector"], wrong].concat()).is_err(), "{wrong:?}: a secret has no flag");
    }
}

#[test]
fn a_dialect_of_ones_own_is_read_and_what_is_wrong_with_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.yaml");
    let (_, text) = lineside_erp_connector::dialect::SHIPPED[1];
    std::fs::write(&path, text).unwrap();
    let args = parse(&["--erp-dialect", path.to_str().unwrap()]);
    assert_eq!(args.policy(&args.dialect().unwrap()).proof, Proof::ReadBack);
    std::fs::write(&path, text.replace("  read:\n    path: /api/v1/work_order_reports?external_ref={key}\n", "")).unwrap();
    let args = parse(&["--erp-dialect", path.to_str().unwrap()]);
    assert_eq!(args.policy(&args.dialect().unwrap()).proof, Proof::Person, "what cannot be read back is for people");
    std::fs::write(&path, text.replace("dialect: odoo", "dialct: odoo")).unwrap();
    let error = parse(&["--erp-dialect", path.to_str().unwrap()]).dialect().unwrap_err().to_string();
    assert!(error.contains("mine.yaml:") && error.contains("did you mean `dialect`?"), "{error}");
}

#[test]
fn a_secret_is_in_nothing_that_is_printed_whatever_goes_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, SECRET).unwrap();
    let path = file.to_str().unwrap();
    let mut said = vec![
        refused(&["--erp-url", "no address", "--erp-user", "u", "--erp-secret-file", path], |_| None),
        refused(&["--erp-url", &format!("https://u:{SECRET}@erp.example"), "--erp-user", "u"], secret),
        refused(&["--erp-url", "https://erp.example", "--erp-user", "u", "--erp-secret-file", path], secret),
        // The secret's file where a certificate should be.
        refused(&["--erp-url", "https://erp.example", "--erp-user", "u", "--erp-certificate-file", path, "--erp-key-file", path], secret),
        refused(&["--erp-url", "https://erp.example", "--erp-user", "u", "--erp-ca-file", path], secret),
    ];
    let args = parse(&["--erp-url", "https://erp.example", "--erp-user", "u", "--erp-secret-file", path]);
    let target = args.target(&args.dialect().unwrap(), |_| None).unwrap();
    said.extend([format!("{args:?}"), format!("{target:?}")]);
    let registry = prometheus::Registry::new();
    for collector in args.collectors() {
        registry.register(collector).unwrap();
    }
    said.push(prometheus::TextEncoder::new().encode_to_string(&registry.gather()).unwrap());
    for text in said {
        assert!(!text.contains(SECRET), "{text}");
    }
}

#[test]
fn it_counts_as_configured_when_it_is_said_where_the_erp_is() {
    assert!(!parse(&[]).is_configured());
    assert!(parse(&["--erp-url", "https://erp.example"]).is_configured());
    assert!(parse(&["--erp-folder", "/erp"]).is_configured());
}
