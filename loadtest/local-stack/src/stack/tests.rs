//! Real servers on ports that another process took first.

use std::net::{Ipv4Addr, TcpListener};

use super::*;

/// Free ports, but for those that `take` replaces.
fn ports_with(take: impl FnOnce(&mut Ports)) -> Ports {
    let mut ports = Ports::free().unwrap();
    take(&mut ports);
    ports
}

#[test]
fn a_start_whose_ports_are_taken_is_tried_again_on_others() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let mut choices = [ports_with(|ports| ports.broker = port), ports_with(|ports| ports.registry = port), ports_with(|_| ())].into_iter();
    let stack = LocalStack::start_on(&StackOptions::default(), ArchiveUse::Read, || Ok(choices.next().unwrap())).unwrap();
    assert_eq!(choices.next(), None, "an attempt on a taken port came up");
    assert_ne!(stack.bootstrap(), format!("127.0.0.1:{port}"));
    stack.stop().unwrap();
}

#[test]
fn a_start_gives_up_when_every_choice_is_taken() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let mut attempts = 0;
    let result = LocalStack::start_on(&StackOptions::default(), ArchiveUse::Read, || {
        attempts += 1;
        Ok(ports_with(|ports| ports.controller = port))
    });
    assert!(matches!(result, Err(StackError::Taken { server: "kafka", .. })), "{result:?}");
    assert_eq!(attempts, START_ATTEMPTS);
}
