use super::tcp_stream::TcpStream;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::AbortHandle;
use webrtc::runtime::{
    AsyncInterval, AsyncTcpListener, AsyncTcpStream, AsyncUdpSocket, JoinHandle, Runtime, default_runtime,
};

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The tokio runtime, remembering the tasks of one connection so that they can be stopped where they are. The
/// library's own ways to end a connection say goodbye to the server, which then keeps no place to come back to.
#[derive(Debug)]
pub(super) struct ConnectionRuntime {
    tokio: Arc<dyn Runtime>,
    tasks: Mutex<Vec<RunningTask>>,
}

#[derive(Debug)]
struct RunningTask {
    abort: AbortHandle,
    /// Resolves when the task's future is gone.
    ended: oneshot::Receiver<()>,
}

struct TaskHandle(AbortHandle);

impl JoinHandle for TaskHandle {
    fn detach(&self) {}

    fn abort(&self) {
        self.0.abort();
    }

    fn is_finished(&self) -> bool {
        self.0.is_finished()
    }
}

impl ConnectionRuntime {
    /// `None` when the library was built without tokio.
    pub(super) fn new() -> Option<Self> {
        Some(Self { tokio: default_runtime()?, tasks: Mutex::default() })
    }

    /// Stops every task and waits until it is gone; nothing is sent any more.
    pub(super) async fn stop(&self) {
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        for task in tasks {
            task.abort.abort();
            let _ = task.ended.await;
        }
    }
}

impl Runtime for ConnectionRuntime {
    fn spawn(&self, future: Task) -> Box<dyn JoinHandle> {
        let (ends, ended) = oneshot::channel();
        let running = tokio::spawn(async move {
            let _dropped_at_the_end: oneshot::Sender<()> = ends;
            future.await;
        });
        let abort = running.abort_handle();
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.retain(|task| !task.abort.is_finished());
        tasks.push(RunningTask { abort: abort.clone(), ended });
        Box::new(TaskHandle(abort))
    }

    fn wrap_udp_socket(&self, socket: std::net::UdpSocket) -> io::Result<Arc<dyn AsyncUdpSocket>> {
        self.tokio.wrap_udp_socket(socket)
    }

    fn wrap_tcp_listener(&self, listener: std::net::TcpListener) -> io::Result<Arc<dyn AsyncTcpListener>> {
        self.tokio.wrap_tcp_listener(listener)
    }

    fn connect_tcp<'a>(
        &'a self,
        remote_addr: SocketAddr,
    ) -> Pin<Box<dyn Future<Output = io::Result<Arc<dyn AsyncTcpStream>>> + Send + 'a>> {
        Box::pin(async move { Ok(Arc::new(TcpStream::connect(remote_addr).await?) as Arc<dyn AsyncTcpStream>) })
    }

    fn resolve_host<'a>(
        &'a self,
        host: &'a str,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send + 'a>> {
        self.tokio.resolve_host(host)
    }

    fn sleep(&self, duration: Duration) -> Task {
        self.tokio.sleep(duration)
    }

    fn interval(&self, period: Duration) -> Box<dyn AsyncInterval> {
        self.tokio.interval(period)
    }

    fn block_on(&self, future: Pin<Box<dyn Future<Output = ()> + '_>>) {
        self.tokio.block_on(future);
    }

    fn yield_now(&self) -> Task {
        self.tokio.yield_now()
    }

    fn name(&self) -> &'static str {
        self.tokio.name()
    }
}
