//! Many datagrams in one system call: `recvmmsg`, and `sendmmsg` with UDP generic segmentation (GSO) where
//! neighbours have the same receiver and size. One call a datagram costs about three times as much.
//!
//! `unsafe` because there is no safe face for these calls: every pointer handed to the kernel points into a
//! buffer that outlives the call, and lengths are those of the buffers.
#![allow(unsafe_code)]

use bytes::BytesMut;
use socket2::{SockAddr, SockAddrStorage};
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::AsRawFd;

const RECEIVE_BATCH: usize = 32;
const DATAGRAM_BYTES: usize = 2_048;
const SEND_BATCH: usize = 64;
/// The kernel's limits for one segmented send.
const SEGMENTS: usize = 60;
const SEGMENTED_BYTES: usize = 60_000;

/// Buffers for one batch of received datagrams.
pub(super) struct ReceiveBatch {
    buffers: Box<[[u8; DATAGRAM_BYTES]; RECEIVE_BATCH]>,
    addresses: Vec<SockAddrStorage>,
    received: Vec<(usize, SocketAddr)>,
}

impl ReceiveBatch {
    pub(super) fn new() -> Self {
        let addresses = (0..RECEIVE_BATCH).map(|_| SockAddrStorage::zeroed()).collect();
        Self { buffers: Box::new([[0; DATAGRAM_BYTES]; RECEIVE_BATCH]), addresses, received: Vec::new() }
    }

    /// Reads what is there, at most one batch; returns whether there may be more.
    ///
    /// # Errors
    /// Those of `recvmmsg`; nothing there is not one.
    pub(super) fn receive(&mut self, socket: &UdpSocket) -> io::Result<bool> {
        self.received.clear();
        let mut vectors: [libc::iovec; RECEIVE_BATCH] = unsafe { std::mem::zeroed() };
        let mut headers: [libc::mmsghdr; RECEIVE_BATCH] = unsafe { std::mem::zeroed() };
        for index in 0..RECEIVE_BATCH {
            vectors[index].iov_base = self.buffers[index].as_mut_ptr().cast();
            vectors[index].iov_len = DATAGRAM_BYTES;
            let header = &mut headers[index].msg_hdr;
            header.msg_iov = &raw mut vectors[index];
            header.msg_iovlen = 1;
            header.msg_name = (&raw mut self.addresses[index]).cast();
            header.msg_namelen = self.addresses[index].size_of();
        }
        let count = unsafe {
            libc::recvmmsg(
                socket.as_raw_fd(),
                headers.as_mut_ptr(),
                RECEIVE_BATCH as u32,
                libc::MSG_DONTWAIT,
                std::ptr::null_mut(),
            )
        };
        if count < 0 {
            let error = io::Error::last_os_error();
            return match error.kind() {
                io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => Ok(false),
                // An ICMP answer to something that we sent; the next call reads on.
                io::ErrorKind::ConnectionRefused => Ok(true),
                _ => Err(error),
            };
        }
        for (index, header) in headers.iter().enumerate().take(count as usize) {
            let storage = std::mem::replace(&mut self.addresses[index], SockAddrStorage::zeroed());
            let address = unsafe { SockAddr::new(storage, header.msg_hdr.msg_namelen) };
            // A datagram cut short would not be whole for any protocol of ours.
            let is_cut = header.msg_hdr.msg_flags & libc::MSG_TRUNC != 0;
            let length = if is_cut { 0 } else { header.msg_len as usize };
            let from = address.as_socket().unwrap_or_else(|| SocketAddr::from(([0, 0, 0, 0], 0)));
            self.received.push((length, from));
        }
        Ok(count as usize == RECEIVE_BATCH)
    }

    /// The datagrams of the last [`Self::receive`].
    pub(super) fn datagrams(&self) -> impl Iterator<Item = (SocketAddr, &[u8])> {
        self.received.iter().zip(self.buffers.iter()).map(|((length, from), buffer)| (*from, &buffer[..*length]))
    }
}

/// Datagrams that wait to be sent on one socket.
#[derive(Default)]
pub(super) struct SendBatch {
    datagrams: Vec<(SocketAddr, BytesMut)>,
    has_no_gso: bool,
}

/// How a flush went.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sent {
    /// Datagrams that the kernel took.
    pub(super) datagrams: u64,
    /// Datagrams that it did not take; UDP may lose any.
    pub(super) dropped: u64,
    /// System calls.
    pub(super) calls: u64,
}

impl SendBatch {
    pub(super) fn push(&mut self, to: SocketAddr, datagram: BytesMut) {
        self.datagrams.push((to, datagram));
    }

    pub(super) fn is_full(&self) -> bool {
        self.datagrams.len() >= SEND_BATCH
    }

    pub(super) fn is_empty(&self) -> bool {
        self.datagrams.is_empty()
    }

    /// Sends everything.
    pub(super) fn flush(&mut self, socket: &UdpSocket) -> Sent {
        let mut sent = Sent::default();
        let mut rest: &[(SocketAddr, BytesMut)] = &self.datagrams;
        while !rest.is_empty() {
            let groups = next_groups(rest, !self.has_no_gso);
            let size: usize = groups.iter().map(|group| group.len()).sum();
            let outcome = send_groups(socket, &groups);
            sent.calls += 1;
            match outcome {
                Ok(count) => {
                    let taken: usize = groups.iter().take(count).map(|group| group.len()).sum();
                    sent.datagrams += taken as u64;
                    rest = &rest[taken..];
                }
                Err(error) if error.raw_os_error() == Some(libc::EIO) && !self.has_no_gso => {
                    // The interface cannot segment.
                    self.has_no_gso = true;
                }
                Err(error) => {
                    // One bad receiver must not hold up the others: give up its group only.
                    let first = groups.first().map_or(size, |group| group.len());
                    tracing::trace!(%error, "datagrams were not sent");
                    sent.dropped += first as u64;
                    rest = &rest[first..];
                }
            }
        }
        self.datagrams.clear();
        sent
    }
}

/// Splits the front of a queue into at most [`SEND_BATCH`] groups that one send can carry each.
fn next_groups(mut rest: &[(SocketAddr, BytesMut)], use_gso: bool) -> Vec<&[(SocketAddr, BytesMut)]> {
    let mut groups = Vec::with_capacity(SEND_BATCH);
    while groups.len() < SEND_BATCH && !rest.is_empty() {
        let length = if use_gso { group_length(rest) } else { 1 };
        let (group, others) = rest.split_at(length);
        groups.push(group);
        rest = others;
    }
    groups
}

/// How many datagrams from the front may be segments of one: same receiver, same size, the last may be shorter.
fn group_length(rest: &[(SocketAddr, BytesMut)]) -> usize {
    let Some((to, first)) = rest.first() else { return 0 };
    let mut length = 1;
    let mut bytes = first.len();
    while length < SEGMENTS.min(rest.len()) {
        let (next_to, next) = &rest[length];
        if next_to != to || next.len() > first.len() || next.is_empty() || bytes + next.len() > SEGMENTED_BYTES {
            break;
        }
        bytes += next.len();
        length += 1;
        if next.len() < first.len() {
            break;
        }
    }
    length
}

#[repr(C, align(8))]
#[derive(Clone, Copy)]
struct SegmentControl([u8; 32]);

fn send_groups(socket: &UdpSocket, groups: &[&[(SocketAddr, BytesMut)]]) -> io::Result<usize> {
    let mut vectors: Vec<libc::iovec> = groups
        .iter()
        .flat_map(|group| group.iter())
        .map(|(_, datagram)| libc::iovec { iov_base: datagram.as_ptr().cast_mut().cast(), iov_len: datagram.len() })
        .collect();
    let addresses: Vec<SockAddr> = groups.iter().map(|group| SockAddr::from(group[0].0)).collect();
    let mut controls = [SegmentControl([0; 32]); SEND_BATCH];
    let mut headers: Vec<libc::mmsghdr> = Vec::with_capacity(groups.len());
    let mut next_vector = 0;
    for (index, group) in groups.iter().enumerate() {
        let mut header: libc::mmsghdr = unsafe { std::mem::zeroed() };
        let message = &mut header.msg_hdr;
        message.msg_iov = unsafe { vectors.as_mut_ptr().add(next_vector) };
        message.msg_iovlen = group.len();
        message.msg_name = addresses[index].as_ptr().cast_mut().cast();
        message.msg_namelen = addresses[index].len();
        if group.len() > 1 {
            set_segment_size(message, &mut controls[index], group[0].1.len());
        }
        next_vector += group.len();
        headers.push(header);
    }
    let count =
        unsafe { libc::sendmmsg(socket.as_raw_fd(), headers.as_mut_ptr(), headers.len() as u32, libc::MSG_DONTWAIT) };
    if count < 0 { Err(io::Error::last_os_error()) } else { Ok(count as usize) }
}

fn set_segment_size(message: &mut libc::msghdr, control: &mut SegmentControl, size: usize) {
    message.msg_control = control.0.as_mut_ptr().cast();
    message.msg_controllen = unsafe { libc::CMSG_SPACE(2) } as usize;
    // The buffer has room for one header and two bytes, and is aligned for both.
    unsafe {
        let header = libc::CMSG_FIRSTHDR(message);
        (*header).cmsg_level = libc::SOL_UDP;
        (*header).cmsg_type = libc::UDP_SEGMENT;
        (*header).cmsg_len = libc::CMSG_LEN(2) as usize;
        std::ptr::write_unaligned(libc::CMSG_DATA(header).cast::<u16>(), size as u16);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(length: usize, fill: u8) -> BytesMut {
        BytesMut::from(&vec![fill; length][..])
    }

    #[test]
    fn groups_share_receiver_and_size() {
        let (a, b) = (SocketAddr::from(([127, 0, 0, 1], 1)), SocketAddr::from(([127, 0, 0, 1], 2)));
        let queue = vec![
            (a, bytes(100, 0)),
            (a, bytes(100, 1)),
            (a, bytes(60, 2)),
            (a, bytes(60, 3)),
            (b, bytes(60, 4)),
            (b, bytes(90, 5)),
        ];
        let lengths: Vec<usize> = next_groups(&queue, true).iter().map(|group| group.len()).collect();
        assert_eq!(lengths, [3, 1, 1, 1]);
        assert_eq!(next_groups(&queue, false).len(), 6);
    }

    #[test]
    fn everything_that_is_sent_arrives_whole() {
        let receiver = UdpSocket::bind("127.0.0.1:0").unwrap();
        receiver.set_nonblocking(true).unwrap();
        let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
        let to = receiver.local_addr().unwrap();
        let mut batch = SendBatch::default();
        let sizes: Vec<usize> = (0..100).map(|n| if n % 7 == 0 { 90 } else { 100 }).collect();
        for (index, size) in sizes.iter().enumerate() {
            batch.push(to, bytes(*size, index as u8));
        }
        let sent = batch.flush(&sender);
        assert_eq!((sent.datagrams, sent.dropped), (100, 0));
        let mut received = Vec::new();
        let mut inbox = ReceiveBatch::new();
        while received.len() < 100 {
            inbox.receive(&receiver).unwrap();
            for (from, datagram) in inbox.datagrams() {
                assert_eq!(from, sender.local_addr().unwrap());
                assert!(datagram.iter().all(|byte| *byte == datagram[0]));
                received.push(datagram.len());
            }
        }
        assert_eq!(received, sizes);
    }
}
