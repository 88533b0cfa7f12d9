//! ICE over TCP (RFC 6544) for networks that block UDP: every packet comes behind its 16-bit length (RFC 4571).

use crate::rate::{RateLimit, TokenBucket};
use crate::shard_api::{Busy, ShardCommand, ShardHandle, TCP_WRITE_QUEUE};
use atrium_link::{StunKind, summarise_stun};
use bytes::{BufMut as _, Bytes, BytesMut};
use std::io;
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};

/// Largest packet; a datagram of the same content would not be larger.
pub(super) const MAX_FRAME_BYTES: usize = 2 * 1024;
const READ_BUFFER_BYTES: usize = 4 * MAX_FRAME_BYTES;
const FIRST_FRAME_TIMEOUT: Duration = Duration::from_secs(30);
/// ICE keeps a connection busy; one this quiet is dead.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);
/// A peer that does not read for this long is closed.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);
/// Several times what one person sends; whoever sends more is slowed down.
const FRAME_RATE: RateLimit = RateLimit { per_sec: 1_000.0, burst: 1_000.0 };
const BUSY_PAUSE: Duration = Duration::from_millis(5);
const BUSY_TRIES: u32 = 200;

/// Hands the frames of a connection to the shard that its first one names, and writes what the shard sends.
pub(super) async fn serve(
    stream: TcpStream,
    id: u64,
    shards: &[ShardHandle],
    mut stop: watch::Receiver<bool>,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (reader, writer) = stream.into_split();
    let mut reader = BufReader::with_capacity(READ_BUFFER_BYTES, reader);
    let first_frame = tokio::time::timeout(FIRST_FRAME_TIMEOUT, read_frame(&mut reader)).await??;
    let shard = named_shard(&first_frame)
        .and_then(|index| shards.get(index))
        .ok_or_else(|| io::Error::other("the first frame names no shard of this server"))?;
    let (to_peer, from_shard) = mpsc::channel(TCP_WRITE_QUEUE);
    shard.try_send(ShardCommand::TcpOpened { id, first_frame, writer: to_peer }).map_err(io::Error::other)?;
    let result = tokio::select! {
        result = forward_frames(&mut reader, id, shard) => result,
        result = write_frames(writer, from_shard) => result,
        _ = stop.wait_for(|stop| *stop) => Ok(()),
    };
    // A shard that does not hear this even so has ended.
    let _ = send_when_possible(shard, || ShardCommand::TcpClosed { id }).await;
    result
}

async fn forward_frames(reader: &mut (impl AsyncRead + Unpin), id: u64, shard: &ShardHandle) -> io::Result<()> {
    let mut bucket = TokenBucket::full(FRAME_RATE, Instant::now());
    loop {
        let bytes = tokio::time::timeout(IDLE_TIMEOUT, read_frame(reader)).await??;
        while !bucket.take(FRAME_RATE, Instant::now()) {
            tokio::time::sleep(BUSY_PAUSE).await;
        }
        if bytes.is_empty() {
            continue;
        }
        let frame = || ShardCommand::TcpFrame { id, bytes: bytes.clone() };
        send_when_possible(shard, frame).await.map_err(io::Error::other)?;
    }
}

/// Waiting here fills the peer's TCP window, so that the peer waits too.
async fn send_when_possible(shard: &ShardHandle, command: impl Fn() -> ShardCommand) -> Result<(), Busy> {
    for _ in 0..BUSY_TRIES {
        if shard.try_send(command()).is_ok() {
            return Ok(());
        }
        tokio::time::sleep(BUSY_PAUSE).await;
    }
    Err(Busy)
}

async fn write_frames(mut writer: impl AsyncWrite + Unpin, mut frames: mpsc::Receiver<Bytes>) -> io::Result<()> {
    let mut buffer = BytesMut::with_capacity(8 * MAX_FRAME_BYTES);
    while let Some(frame) = frames.recv().await {
        put_frame(&mut buffer, &frame);
        while buffer.len() < 7 * MAX_FRAME_BYTES {
            let Ok(frame) = frames.try_recv() else { break };
            put_frame(&mut buffer, &frame);
        }
        tokio::time::timeout(WRITE_TIMEOUT, writer.write_all(&buffer)).await??;
        buffer.clear();
    }
    Ok(())
}

fn put_frame(buffer: &mut BytesMut, frame: &[u8]) {
    if let Some(length) = u16::try_from(frame.len()).ok().filter(|_| frame.len() <= MAX_FRAME_BYTES) {
        buffer.put_u16(length);
        buffer.put_slice(frame);
    }
}

async fn read_frame(reader: &mut (impl AsyncRead + Unpin)) -> io::Result<Bytes> {
    let length = usize::from(reader.read_u16().await?);
    if length > MAX_FRAME_BYTES {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a frame is larger than 2 KiB"));
    }
    let mut frame = vec![0; length];
    reader.read_exact(&mut frame).await?;
    Ok(frame.into())
}

/// Our ICE user names begin with the number of their shard in two hexadecimal digits.
fn named_shard(first_frame: &[u8]) -> Option<usize> {
    let stun = summarise_stun(first_frame).filter(|stun| stun.kind == StunKind::BindingRequest)?;
    let digits = stun.local_ufrag?.get(..2).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    usize::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A STUN binding request with only a USERNAME.
    pub(crate) fn binding_request(user_name: &str) -> Vec<u8> {
        let mut attribute = vec![0, 6];
        attribute.extend(u16::try_from(user_name.len()).unwrap().to_be_bytes());
        attribute.extend(user_name.bytes());
        attribute.resize(attribute.len().next_multiple_of(4), 0);
        let mut request = vec![0, 1];
        request.extend(u16::try_from(attribute.len()).unwrap().to_be_bytes());
        request.extend([0x21, 0x12, 0xa4, 0x42]);
        request.extend([9; 12]);
        request.extend(attribute);
        request
    }

    #[test]
    fn the_user_name_names_the_shard() {
        assert_eq!(named_shard(&binding_request("0aXyZ123:peer")), Some(10));
        assert_eq!(named_shard(&binding_request("00abc:peer")), Some(0));
        for wrong in ["", "0", "+1ab:peer", "zz:peer", "é:peer"] {
            assert_eq!(named_shard(&binding_request(wrong)), None, "{wrong}");
        }
        let mut success = binding_request("00abc:peer");
        success[0] = 1;
        assert_eq!(named_shard(&success), None);
    }

    #[tokio::test]
    async fn frames_come_through_whole_and_oversized_ones_end_it() {
        let (near, mut far) = tokio::io::duplex(64 * 1024);
        let (sender, frames) = mpsc::channel(8);
        let sizes = [1, 1_200, MAX_FRAME_BYTES, MAX_FRAME_BYTES + 1, 7];
        for size in sizes {
            sender.send(Bytes::from(vec![7; size])).await.unwrap();
        }
        drop(sender);
        write_frames(near, frames).await.unwrap();
        for size in [1, 1_200, MAX_FRAME_BYTES, 7] {
            assert_eq!(read_frame(&mut far).await.unwrap().len(), size);
        }
        assert!(read_frame(&mut far).await.is_err(), "the end");
        let mut oversized: &[u8] = &[0x08, 0x01, 1, 2, 3];
        assert_eq!(read_frame(&mut oversized).await.unwrap_err().kind(), io::ErrorKind::InvalidData);
    }

    proptest! {
        #[test]
        fn any_first_frame_is_safe(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = named_shard(&bytes);
        }
    }
}
