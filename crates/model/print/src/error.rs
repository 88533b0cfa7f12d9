/// Why a board did not become a picture or a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// The SVG cannot be read, or has more parts than the renderer takes.
    #[error("the board cannot be drawn ({0}): export it as SVG, or export a part of it")]
    Unreadable(String),
    /// No picture of this size is possible.
    #[error("a picture of this size is not possible: choose a width of 1 to 16384 pixels")]
    Size,
    /// A PDF cannot be written.
    #[error("the board cannot be written as PDF ({0}): export it as SVG or PNG")]
    Pdf(String),
    /// A PDF of nothing was asked for.
    #[error("a PDF needs at least one page: name a page of the board")]
    NoPages,
}
