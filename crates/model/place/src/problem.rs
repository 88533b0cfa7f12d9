use std::fmt;

/// One thing that is wrong in a `room.ron`, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlaceProblem {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// A sentence that says what to do.
    pub message: String,
}

impl fmt::Display for PlaceProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

/// All that is wrong in a `room.ron`, in the order of its lines; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceProblems(pub(crate) Vec<PlaceProblem>);

impl PlaceProblems {
    /// One problem alone.
    pub(crate) fn one(line: usize, column: usize, message: impl Into<String>) -> Self {
        Self(vec![PlaceProblem { line, column, message: message.into() }])
    }

    /// Each problem, in the order of its lines.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &PlaceProblem> {
        self.0.iter()
    }
}

impl fmt::Display for PlaceProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            write!(f, "{}{problem}", if index == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for PlaceProblems {}
