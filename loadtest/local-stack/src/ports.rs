//! Free ports of 127.0.0.1.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;

/// The ports of one stack, all on 127.0.0.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ports {
    pub broker: u16,
    pub controller: u16,
    pub registry: u16,
    /// Kafka's listener for clients of a secured stack.
    pub secured: u16,
}

impl Ports {
    /// Ports that were free a moment ago. Another process may take one before the servers bind them; the caller
    /// then tries again.
    pub fn free() -> std::io::Result<Self> {
        // All are held until all are known, so that they differ.
        let held = [listen(0)?, listen(0)?, listen(0)?, listen(0)?];
        let port = |at: usize| held[at].local_addr().map(|address| address.port());
        Ok(Self { broker: port(0)?, controller: port(1)?, registry: port(2)?, secured: port(3)? })
    }

    /// The ports written to `file` by an earlier stack on the same data, if all are free: its addresses stay valid.
    pub fn recall(file: &Path) -> Option<Self> {
        let ports = Self::parse(&std::fs::read_to_string(file).ok()?)?;
        let held: std::io::Result<Vec<TcpListener>> = ports.all().into_iter().map(listen).collect();
        held.is_ok().then_some(ports)
    }

    /// Writes the ports to `file` for [`Ports::recall`].
    pub fn remember(self, file: &Path) -> std::io::Result<()> {
        std::fs::write(file, format!("{} {} {} {}\n", self.broker, self.controller, self.registry, self.secured))
    }

    fn all(self) -> [u16; 4] {
        [self.broker, self.controller, self.registry, self.secured]
    }

    fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split_whitespace().map(str::parse::<u16>);
        let ports = Self { broker: numbers.next()?.ok()?, controller: numbers.next()?.ok()?, registry: numbers.next()?.ok()?, secured: numbers.next()?.ok()? };
        numbers.next().is_none().then_some(ports)
    }
}

fn listen(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_ports_differ_and_can_be_bound() {
        let ports = Ports::free().unwrap();
        let held: Vec<TcpListener> = ports.all().into_iter().map(|port| listen(port).unwrap()).collect();
        assert_eq!(held.len(), 4);
    }

    #[test]
    fn remembered_ports_are_recalled_only_while_they_are_free() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ports");
        let ports = Ports::free().unwrap();
        ports.remember(&file).unwrap();
        assert_eq!(Ports::recall(&file), Some(ports));

        let _taken = listen(ports.controller).unwrap();
        assert_eq!(Ports::recall(&file), None);
    }

    #[test]
    fn a_damaged_ports_file_is_not_recalled() {
        for text in ["", "1 2 3", "1 2 3 4 5", "1 2 3 x", "1 2 3 70000"] {
            assert_eq!(Ports::parse(text), None, "{text:?}");
        }
    }
}
