use bytes::Bytes;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use tokio::sync::Notify;

/// Poses that wait to be sent; a newer one pushes the oldest out.
pub(super) struct PoseQueue {
    waiting: Mutex<VecDeque<Bytes>>,
    capacity: usize,
    arrived: Notify,
}

impl PoseQueue {
    pub(super) fn new(capacity: usize) -> Self {
        Self { waiting: Mutex::new(VecDeque::with_capacity(capacity)), capacity, arrived: Notify::new() }
    }

    /// Takes a pose; gives back how many older ones were dropped for it.
    pub(super) fn push(&self, pose: Bytes) -> usize {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let dropped = (waiting.len() + 1).saturating_sub(self.capacity);
        waiting.drain(..dropped);
        waiting.push_back(pose);
        self.arrived.notify_one();
        dropped
    }

    /// The oldest pose, as soon as there is one.
    pub(super) async fn pop(&self) -> Bytes {
        loop {
            if let Some(pose) = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front() {
                return pose;
            }
            self.arrived.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_queue_drops_the_oldest() {
        let queue = PoseQueue::new(2);
        assert_eq!(queue.push(Bytes::from_static(b"1")), 0);
        assert_eq!(queue.push(Bytes::from_static(b"2")), 0);
        assert_eq!(queue.push(Bytes::from_static(b"3")), 1);
        assert_eq!(queue.pop().await, "2");
        assert_eq!(queue.pop().await, "3");
    }
}
