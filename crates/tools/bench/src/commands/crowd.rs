use crate::people::Plan;

/// Plans for people who come in for the first time; `observers` of them, evenly spread, look at everything.
pub(super) fn newcomers(prefix: &str, people: usize, observers: usize) -> Vec<Plan> {
    let observers = observers.min(people);
    let plan = |index: usize| Plan {
        name: format!("{prefix} {index}"),
        observes: spread(index, people, observers),
        comeback: None,
    };
    (0..people).map(plan).collect()
}

/// Whether `index` of `all` is one of `chosen` that are evenly spread.
pub(super) fn spread(index: usize, all: usize, chosen: usize) -> bool {
    (index + 1) * chosen / all.max(1) > index * chosen / all.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn observers_are_evenly_spread() {
        for (people, observers, expected) in [(300, 16, 16), (10, 16, 10), (25, 0, 0), (1, 1, 1)] {
            let plans = newcomers("a", people, observers);
            assert_eq!(plans.len(), people);
            assert_eq!(plans.iter().filter(|plan| plan.observes).count(), expected);
        }
        let gaps: Vec<usize> = (0..300).filter(|index| spread(*index, 300, 16)).collect();
        assert!(gaps.windows(2).all(|pair| (18..=19).contains(&(pair[1] - pair[0]))));
    }
}
