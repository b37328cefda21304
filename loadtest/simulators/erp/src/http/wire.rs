//! Connections that can be broken at will: closed without an answer, in the middle of one, or after it was sent twice.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// What is to happen to the next answer on a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Break {
    /// It is not sent; the connection closes.
    Drop,
    /// Only this share of it, in per cent, is sent; then the connection closes.
    Cut(u8),
    /// It is sent twice.
    Twice,
}

/// A connection, as handlers see it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wire(Arc<Mutex<Option<Break>>>);

impl Wire {
    /// Breaks the next answer.
    pub fn set(&self, how: Break) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(how);
    }

    fn take(&self) -> Option<Break> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Connected<IncomingStream<'_, WireListener>> for Wire {
    fn connect_info(stream: IncomingStream<'_, WireListener>) -> Self {
        stream.io().wire.clone()
    }
}

/// Accepts connections that can be broken.
#[derive(Debug)]
pub(crate) struct WireListener(pub TcpListener);

impl Listener for WireListener {
    type Io = WireStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (WireStream, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        // Small answers must not wait for the acknowledgement of earlier ones.
        let _ = stream.set_nodelay(true);
        (WireStream { stream, wire: Wire::default(), rest: Vec::new(), closes: false }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// A connection.
#[derive(Debug)]
pub(crate) struct WireStream {
    stream: TcpStream,
    wire: Wire,
    /// What is still to be sent of a broken answer.
    rest: Vec<u8>,
    /// Whether the connection closes after that.
    closes: bool,
}

impl WireStream {
    fn send_rest(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.rest.is_empty() {
            let sent = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.rest))?;
            self.rest.drain(..sent);
        }
        Poll::Ready(if self.closes { Err(io::ErrorKind::ConnectionReset.into()) } else { Ok(()) })
    }
}

impl AsyncRead for WireStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for WireStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.send_rest(cx))?;
        // An answer with its body comes in one piece: it is small, and writes are not vectored.
        match self.wire.take() {
            None => return Pin::new(&mut self.stream).poll_write(cx, bytes),
            Some(Break::Drop) => self.closes = true,
            Some(Break::Cut(percent)) => {
                self.rest = bytes[..bytes.len() * usize::from(percent.min(100)) / 100].to_vec();
                self.closes = true;
            }
            Some(Break::Twice) => self.rest = [bytes, bytes].concat(),
        }
        match self.send_rest(cx) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            // What is left is sent before anything else.
            Poll::Ready(Ok(())) | Poll::Pending => Poll::Ready(Ok(bytes.len())),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.send_rest(cx))?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
