use super::batch_io::{ReceiveBatch, SendBatch, Sent};
use bytes::BytesMut;
use mio::{Interest, Registry, Token};
use socket2::{Domain, Protocol, Socket, Type};
use std::io;
use std::net::{SocketAddr, UdpSocket};

/// Sockets ask for this much of the kernel's memory; it may give less.
const SOCKET_BUFFER_BYTES: usize = 8 * 1024 * 1024;

/// A shard's UDP sockets: one for each address, so that answers leave from the address that was asked.
pub(super) struct Sockets {
    sockets: Vec<OneSocket>,
    inbox: Option<Box<ReceiveBatch>>,
}

struct OneSocket {
    io: UdpSocket,
    /// Readiness is told once; until a read comes back empty there may be more.
    may_have_more: bool,
    outbox: SendBatch,
}

impl Sockets {
    /// Binds the addresses and registers socket `i` as `Token(i)`.
    ///
    /// # Errors
    /// Those of `bind`, with the address in the sentence.
    pub(super) fn bind(addresses: &[SocketAddr], registry: &Registry) -> io::Result<Self> {
        let mut sockets = Vec::with_capacity(addresses.len());
        for (index, address) in addresses.iter().enumerate() {
            let io = bind(*address)
                .map_err(|error| io::Error::new(error.kind(), format!("UDP {address} cannot be opened: {error}")))?;
            registry.register(
                &mut mio::unix::SourceFd(&std::os::fd::AsRawFd::as_raw_fd(&io)),
                Token(index),
                Interest::READABLE,
            )?;
            sockets.push(OneSocket { io, may_have_more: true, outbox: SendBatch::default() });
        }
        Ok(Self { sockets, inbox: Some(Box::new(ReceiveBatch::new())) })
    }

    pub(super) fn mark_readable(&mut self, token: Token) {
        if let Some(socket) = self.sockets.get_mut(token.0) {
            socket.may_have_more = true;
        }
    }

    pub(super) fn may_have_more(&self) -> bool {
        self.sockets.iter().any(|socket| socket.may_have_more)
    }

    pub(super) fn count(&self) -> usize {
        self.sockets.len()
    }

    /// Reads at most one batch from a socket that may have something; give the batch back afterwards.
    pub(super) fn receive(&mut self, index: usize) -> Option<Box<ReceiveBatch>> {
        let socket = self.sockets.get_mut(index).filter(|socket| socket.may_have_more)?;
        let mut inbox = self.inbox.take()?;
        match inbox.receive(&socket.io) {
            Ok(may_have_more) => socket.may_have_more = may_have_more,
            Err(error) => {
                tracing::warn!(%error, "a UDP socket cannot be read");
                socket.may_have_more = false;
            }
        }
        Some(inbox)
    }

    pub(super) fn give_back(&mut self, inbox: Box<ReceiveBatch>) {
        self.inbox = Some(inbox);
    }

    pub(super) fn queue(&mut self, socket: u8, to: SocketAddr, datagram: BytesMut) {
        if let Some(socket) = self.sockets.get_mut(usize::from(socket)) {
            socket.outbox.push(to, datagram);
        }
    }

    pub(super) fn is_batch_full(&self) -> bool {
        self.sockets.iter().any(|socket| socket.outbox.is_full())
    }

    pub(super) fn flush(&mut self) -> Sent {
        let mut total = Sent::default();
        for socket in self.sockets.iter_mut().filter(|socket| !socket.outbox.is_empty()) {
            let sent = socket.outbox.flush(&socket.io);
            total.datagrams += sent.datagrams;
            total.dropped += sent.dropped;
            total.calls += sent.calls;
        }
        total
    }
}

fn bind(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    // Best effort: the system may cap them.
    let _ = socket.set_recv_buffer_size(SOCKET_BUFFER_BYTES);
    let _ = socket.set_send_buffer_size(SOCKET_BUFFER_BYTES);
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    Ok(socket.into())
}
