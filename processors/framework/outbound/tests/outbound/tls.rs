//! A server that wants to see the client's certificate, and a client that trusts one authority alone.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use lineside_outbound::{HttpSettings, Reply};
use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::ssl::{SslAcceptor, SslMethod, SslVerifyMode};
use openssl::x509::extension::{BasicConstraints, SubjectAlternativeName};
use openssl::x509::{X509, X509Name, X509NameBuilder};

use crate::server::Server;
use crate::{body, book, make, settings};

type Identity = (X509, PKey<Private>);

fn name(common: &str) -> X509Name {
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_nid(Nid::COMMONNAME, common).unwrap();
    name.build()
}

/// A certificate with its key, signed by `authority`, or an authority itself where none is given.
fn certificate(common: &str, serial: u32, authority: Option<&Identity>) -> Identity {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    builder.set_serial_number(&BigNum::from_u32(serial).unwrap().to_asn1_integer().unwrap()).unwrap();
    builder.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::days_from_now(1).unwrap()).unwrap();
    builder.set_subject_name(&name(common)).unwrap();
    builder.set_issuer_name(authority.map_or(&*name(common), |(issuer, _)| issuer.subject_name())).unwrap();
    builder.set_pubkey(&key).unwrap();
    if authority.is_none() {
        builder.append_extension(BasicConstraints::new().critical().ca().build().unwrap()).unwrap();
    } else {
        let names = SubjectAlternativeName::new().ip("127.0.0.1").build(&builder.x509v3_context(authority.map(|(issuer, _)| &**issuer), None)).unwrap();
        builder.append_extension(names).unwrap();
    }
    builder.sign(authority.map_or(&key, |(_, key)| key), MessageDigest::sha256()).unwrap();
    (builder.build(), key)
}

/// Answers every request whose sender shows a certificate of `authority` with its common name.
fn serve(own: &Identity, authority: &X509) -> SocketAddr {
    let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls()).unwrap();
    acceptor.set_certificate(&own.0).unwrap();
    acceptor.set_private_key(&own.1).unwrap();
    acceptor.cert_store_mut().add_cert(authority.clone()).unwrap();
    acceptor.set_verify(SslVerifyMode::PEER | SslVerifyMode::FAIL_IF_NO_PEER_CERT);
    let acceptor = acceptor.build();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut tls) = acceptor.accept(stream.unwrap()) else { continue };
            let client = tls.ssl().peer_certificate().unwrap();
            let client = client.subject_name().entries().next().unwrap().data().to_string().unwrap();
            let _ = BufReader::new(&mut tls).lines().map_while(Result::ok).find(String::is_empty);
            let _ = write!(tls, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{client}", client.len());
            let _ = tls.shutdown();
        }
    });
    address
}

fn write(folder: &Path, file: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(file);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn files(folder: &Path, name: &str, (certificate, key): &Identity) -> (PathBuf, PathBuf) {
    let certificate = write(folder, &format!("{name}.pem"), &certificate.to_pem().unwrap());
    (certificate, write(folder, &format!("{name}.key"), &key.private_key_to_pem_pkcs8().unwrap()))
}

#[tokio::test]
async fn the_client_shows_its_certificate_and_trusts_the_given_authority_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, other) = (certificate("ours", 1, None), certificate("other", 2, None));
    let address = serve(&certificate("erp", 3, Some(&ours)), &ours.0);
    let (known, stranger) = (certificate("lineside", 4, Some(&ours)), certificate("stranger", 5, Some(&other)));
    let (known, stranger) = (files(folder.path(), "known", &known), files(folder.path(), "stranger", &stranger));
    let (ours, _) = files(folder.path(), "ours", &ours);
    let (other, _) = files(folder.path(), "other", &other);
    let plain = settings(&Server::start(|_| crate::server::Answer::Close));
    let with = |ca: Option<&PathBuf>, identity: Option<&(PathBuf, PathBuf)>| HttpSettings {
        address: format!("https://{address}"),
        ca_file: ca.cloned(),
        identity: identity.cloned(),
        ..plain.clone()
    };
    let reply = make(&with(Some(&ours), Some(&known)), &book()).await;
    assert_eq!(body(&reply), "lineside", "the server saw who it is");
    for (what, settings) in [
        ("no certificate", with(Some(&ours), None)),
        ("a certificate of another authority", with(Some(&ours), Some(&stranger))),
        ("a server of another authority", with(Some(&other), Some(&known))),
        ("a server that the system does not know", with(None, Some(&known))),
    ] {
        let reply = make(&settings, &book()).await;
        assert!(matches!(reply, Reply::Unsent { .. } | Reply::Lost { .. }), "{what}: {reply:?}");
    }
    // Both files have to be what they are said to be.
    let swapped = HttpSettings { identity: Some((known.1.clone(), known.0.clone())), ..with(Some(&ours), None) };
    assert!(lineside_outbound::Http::new(&swapped).unwrap_err().to_string().contains("known.key"));
}
