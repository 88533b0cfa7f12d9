use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use webrtc::runtime::AsyncTcpStream;

/// An ICE-TCP connection that sends every packet at once. The library's own gathers small ones (Nagle), which holds
/// voice and poses up for as long as an acknowledgement takes.
#[derive(Debug)]
pub(super) struct TcpStream {
    reader: OwnedReadHalf,
    writer: OwnedWriteHalf,
}

impl TcpStream {
    pub(super) async fn connect(remote: SocketAddr) -> io::Result<Self> {
        let stream = tokio::net::TcpStream::connect(remote).await?;
        stream.set_nodelay(true)?;
        let (reader, writer) = stream.into_split();
        Ok(Self { reader, writer })
    }
}

impl AsyncTcpStream for TcpStream {
    fn read<'a, 'b>(&'a self, buffer: &'b mut [u8]) -> Pin<Box<dyn Future<Output = io::Result<usize>> + Send + 'b>>
    where
        'a: 'b,
    {
        Box::pin(async move {
            loop {
                self.reader.readable().await?;
                match self.reader.try_read(buffer) {
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    done => return done,
                }
            }
        })
    }

    fn write_all<'a, 'b>(&'a self, bytes: &'b [u8]) -> Pin<Box<dyn Future<Output = io::Result<()>> + Send + 'b>>
    where
        'a: 'b,
    {
        Box::pin(async move {
            let mut rest = bytes;
            while !rest.is_empty() {
                self.writer.writable().await?;
                match self.writer.try_write(rest) {
                    Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                    Ok(written) => rest = rest.get(written..).unwrap_or_default(),
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(())
        })
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.reader.local_addr()
    }

    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.reader.peer_addr()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_connection_sends_small_packets_at_once() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        assert!(stream.reader.as_ref().nodelay().unwrap());
    }

    #[tokio::test]
    async fn what_is_written_is_read_at_the_other_end() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let near = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (reader, writer) = listener.accept().await.unwrap().0.into_split();
        let far = TcpStream { reader, writer };
        assert_eq!(
            (near.peer_addr().unwrap(), near.local_addr().unwrap()),
            (far.local_addr().unwrap(), far.peer_addr().unwrap())
        );
        // More than the kernel's buffers hold, so that the writer has to wait.
        let sent: Vec<u8> = (0..8_000_000_u32).map(|n| n as u8).collect();
        let reading = async {
            let mut received = Vec::new();
            let mut buffer = [0; 4_096];
            while received.len() < sent.len() {
                let count = far.read(&mut buffer).await.unwrap();
                assert_ne!(count, 0, "it stays open");
                received.extend_from_slice(&buffer[..count]);
            }
            received
        };
        let (written, received) = tokio::join!(near.write_all(&sent), reading);
        written.unwrap();
        assert!(received == sent);
    }
}
