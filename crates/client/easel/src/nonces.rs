/// So far apart are the numbers of one easel. What is between belongs to others of the same person: to other windows, or
/// another computer with the same key.
const STEP: u64 = 1 << 12;

/// One's own numbers for operations: they rise, and end in bits that are this easel's own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Nonces {
    next: u64,
}

impl Nonces {
    /// Numbers above this one. `own` is random.
    pub(crate) fn new(above: u64, own: u64) -> Self {
        Self { next: (above | (STEP - 1)).saturating_add(1 + own % STEP) }
    }

    pub(crate) fn take(&mut self) -> u64 {
        let nonce = self.next;
        self.next = nonce.saturating_add(STEP);
        nonce
    }

    /// Only larger ones are taken from now on.
    pub(crate) fn skip(&mut self, used: u64) {
        if let Some(behind) = used.checked_sub(self.next) {
            self.next = self.next.saturating_add((behind / STEP + 1).saturating_mul(STEP));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_rise_and_two_easels_never_choose_the_same() {
        let (mut one, mut two) = (Nonces::new(1_000_000, 17), Nonces::new(1_000_000, 4_000));
        let mut last = 1_000_000;
        for _ in 0..1_000 {
            for (here, there) in [(0, 1), (1, 0)] {
                let both = [&mut one, &mut two];
                let nonce = both[here].take();
                assert!(nonce > last && nonce % STEP == [17, 4_000][here]);
                both[there].skip(nonce);
                last = nonce;
            }
        }
        one.skip(u64::MAX);
        assert_eq!((one.take(), one.take()), (u64::MAX, u64::MAX), "there is no more");
    }
}
