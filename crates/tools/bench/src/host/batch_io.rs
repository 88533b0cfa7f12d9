//! Many datagrams in one system call, with the time at which the kernel received each: so that a delay is that of
//! the server and the network, and not that of a generator that looks later.
//!
//! `unsafe` because there is no safe face for `recvmmsg`: every pointer handed to the kernel points into a buffer
//! that outlives the call, and lengths are those of the buffers.
#![allow(unsafe_code)]

use atrium_protocol::Micros;
use socket2::{SockAddr, SockAddrStorage};
use std::io;
use std::mem::{size_of, zeroed};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::os::fd::AsRawFd;

const BATCH: usize = 16;
const DATAGRAM_BYTES: usize = 2_048;

/// Room for one control message with a `timespec`, aligned as its header must be.
#[repr(C, align(8))]
#[derive(Clone, Copy)]
struct Control([u8; 64]);

/// A datagram as it was received.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Received<'a> {
    pub(crate) from: SocketAddr,
    /// The kernel's stamp on the wall clock, if [`stamp_received`] asked for it.
    pub(crate) at: Option<Micros>,
    pub(crate) bytes: &'a [u8],
}

/// Buffers for one batch of received datagrams.
pub(crate) struct ReceiveBatch {
    buffers: Box<[[u8; DATAGRAM_BYTES]; BATCH]>,
    addresses: Vec<SockAddrStorage>,
    controls: Box<[Control; BATCH]>,
    received: Vec<(SocketAddr, Option<Micros>, usize)>,
}

/// Has the kernel stamp what arrives at a socket.
///
/// # Errors
/// When the kernel refuses.
pub(crate) fn stamp_received(socket: &UdpSocket) -> io::Result<()> {
    let on: libc::c_int = 1;
    let outcome = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_TIMESTAMPNS,
            (&raw const on).cast(),
            size_of::<libc::c_int>() as libc::socklen_t,
        )
    };
    if outcome == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

impl ReceiveBatch {
    pub(crate) fn new() -> Self {
        Self {
            buffers: Box::new([[0; DATAGRAM_BYTES]; BATCH]),
            addresses: (0..BATCH).map(|_| SockAddrStorage::zeroed()).collect(),
            controls: Box::new([Control([0; 64]); BATCH]),
            received: Vec::with_capacity(BATCH),
        }
    }

    /// Reads what is there, at most one batch; returns whether there may be more.
    ///
    /// # Errors
    /// Those of `recvmmsg`; nothing there is not one.
    pub(crate) fn receive(&mut self, socket: &UdpSocket) -> io::Result<bool> {
        self.received.clear();
        let mut vectors: [libc::iovec; BATCH] = unsafe { zeroed() };
        let mut headers: [libc::mmsghdr; BATCH] = unsafe { zeroed() };
        for (index, header) in headers.iter_mut().enumerate() {
            vectors[index] = libc::iovec { iov_base: self.buffers[index].as_mut_ptr().cast(), iov_len: DATAGRAM_BYTES };
            let message = &mut header.msg_hdr;
            message.msg_iov = &raw mut vectors[index];
            message.msg_iovlen = 1;
            message.msg_name = (&raw mut self.addresses[index]).cast();
            message.msg_namelen = self.addresses[index].size_of();
            message.msg_control = self.controls[index].0.as_mut_ptr().cast();
            message.msg_controllen = size_of::<Control>() as _;
        }
        let count = unsafe {
            let no_timeout = std::ptr::null_mut();
            libc::recvmmsg(socket.as_raw_fd(), headers.as_mut_ptr(), BATCH as u32, libc::MSG_DONTWAIT, no_timeout)
        };
        let Ok(count) = usize::try_from(count) else { return no_datagram(io::Error::last_os_error()) };
        for (index, header) in headers.iter().enumerate().take(count) {
            let storage = std::mem::replace(&mut self.addresses[index], SockAddrStorage::zeroed());
            let from = unsafe { SockAddr::new(storage, header.msg_hdr.msg_namelen) }.as_socket();
            let from = from.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)));
            let is_cut = header.msg_hdr.msg_flags & libc::MSG_TRUNC != 0;
            let length = if is_cut { 0 } else { (header.msg_len as usize).min(DATAGRAM_BYTES) };
            self.received.push((from, unsafe { stamp_of(&header.msg_hdr) }, length));
        }
        Ok(count == BATCH)
    }

    /// The datagrams of the last [`Self::receive`].
    pub(crate) fn datagrams(&self) -> impl Iterator<Item = Received<'_>> {
        let parts = self.received.iter().zip(self.buffers.iter());
        parts.map(|((from, at, length), buffer)| Received { from: *from, at: *at, bytes: &buffer[..*length] })
    }
}

fn no_datagram(error: io::Error) -> io::Result<bool> {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => Ok(false),
        // An ICMP answer to something that was sent; the next call reads on.
        io::ErrorKind::ConnectionRefused => Ok(true),
        _ => Err(error),
    }
}

/// The time in the control messages of a received datagram; `message` must be as the kernel left it.
unsafe fn stamp_of(message: &libc::msghdr) -> Option<Micros> {
    let mut control = unsafe { libc::CMSG_FIRSTHDR(message).as_ref() };
    while let Some(header) = control {
        if header.cmsg_level == libc::SOL_SOCKET && header.cmsg_type == libc::SCM_TIMESTAMPNS {
            let stamp = unsafe { std::ptr::read_unaligned(libc::CMSG_DATA(header).cast::<libc::timespec>()) };
            let secs = u64::try_from(stamp.tv_sec).ok()?;
            return Some(Micros(secs * 1_000_000 + u64::try_from(stamp.tv_nsec).ok()? / 1_000));
        }
        control = unsafe { libc::CMSG_NXTHDR(message, header).as_ref() };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::micros_now;

    /// A receiver, a sender, and the address to send to.
    fn sockets() -> (UdpSocket, UdpSocket, SocketAddr) {
        let (receiver, sender) = (UdpSocket::bind("127.0.0.1:0").unwrap(), UdpSocket::bind("127.0.0.1:0").unwrap());
        let to = receiver.local_addr().unwrap();
        (receiver, sender, to)
    }

    #[test]
    fn everything_arrives_whole_with_its_sender() {
        let (receiver, sender, to) = sockets();
        for n in 0..40_u8 {
            sender.send_to(&vec![n; usize::from(n) + 1], to).unwrap();
        }
        let mut batch = ReceiveBatch::new();
        let mut got = Vec::new();
        let mut calls = 0;
        while got.len() < 40 {
            let may_have_more = batch.receive(&receiver).unwrap();
            calls += 1;
            for datagram in batch.datagrams() {
                assert_eq!((datagram.from, datagram.at), (sender.local_addr().unwrap(), None));
                assert!(datagram.bytes.iter().all(|byte| usize::from(*byte) + 1 == datagram.bytes.len()));
                got.push(datagram.bytes[0]);
            }
            assert_eq!(may_have_more, got.len() < 40 && got.len() % BATCH == 0);
        }
        assert_eq!((got, calls), ((0..40).collect(), 3));
        assert!(!batch.receive(&receiver).unwrap());
        assert_eq!(batch.datagrams().count(), 0);
    }

    #[test]
    fn stamps_are_of_the_arrival_and_not_of_the_reading() {
        let (receiver, sender, to) = sockets();
        stamp_received(&receiver).unwrap();
        let mut batch = ReceiveBatch::new();
        let deadline = micros_now() + std::time::Duration::from_secs(5);
        // The kernel begins to stamp on arrival a moment after the first socket asked for it; until then it stamps
        // when a datagram is read.
        loop {
            let before = micros_now();
            sender.send_to(&[1], to).unwrap();
            let sent = micros_now();
            while batch.receive(&receiver).unwrap() || batch.datagrams().count() == 0 {}
            let at = batch.datagrams().next().and_then(|datagram| datagram.at).expect("a stamp");
            assert!(at >= before && at <= micros_now(), "{at:?}");
            if at <= sent {
                return;
            }
            assert!(sent < deadline, "stamped when it was read");
        }
    }
}
