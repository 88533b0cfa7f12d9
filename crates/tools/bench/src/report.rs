use crate::delays::DelaySummary;
use crate::host::{Machine, is_optimised};
use serde::Serialize;
use serde_json::{Value, json};

/// What a measurement found.
pub(crate) trait Report: Serialize {
    /// Rows of a table for people: what, how much, and what it is to be compared with.
    fn rows(&self) -> Vec<Row>;

    /// # Errors
    /// A sentence, when something that must hold does not.
    fn verdict(&self) -> anyhow::Result<()> {
        Ok(())
    }
}

/// One line of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) figure: String,
    pub(crate) beside: &'static str,
}

pub(crate) fn row(what: impl Into<String>, figure: impl Into<String>, beside: &'static str) -> Row {
    Row { what: what.into(), figure: figure.into(), beside }
}

/// Prints a report, and a warning beside figures that mean nothing.
///
/// # Errors
/// When the report's own verdict is bad.
pub(crate) fn print<R: Report>(report: &R, as_json: bool) -> anyhow::Result<()> {
    let machine = Machine::this();
    if !is_optimised() {
        eprintln!("THIS IS NOT A RELEASE BUILD: these figures say nothing. Build with --release to measure.");
    }
    if as_json {
        println!("{}", to_json(report, &machine)?);
    } else {
        println!("{machine}\n{}", table(&report.rows()));
    }
    report.verdict()
}

/// The report's own keys, and the machine beside them.
fn to_json<R: Report>(report: &R, machine: &Machine) -> anyhow::Result<Value> {
    let mut value = serde_json::to_value(report)?;
    if let Value::Object(object) = &mut value {
        object.insert("machine".to_owned(), json!(machine));
    }
    Ok(value)
}

fn table(rows: &[Row]) -> String {
    let width = |of: fn(&Row) -> &str| rows.iter().map(|row| of(row).chars().count()).max().unwrap_or(0);
    let (what, figure) = (width(|row| &row.what), width(|row| &row.figure));
    let line =
        |row: &Row| format!("  {:<what$}  {:>figure$}  {}", row.what, row.figure, row.beside).trim_end().to_owned();
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// `p50 / p95 / p99` in milliseconds.
pub(crate) fn delay_text(delays: Option<&DelaySummary>) -> String {
    delays.map_or_else(|| "–".to_owned(), |d| format!("{:.1} / {:.1} / {:.1}", d.p50, d.p95, d.p99))
}

/// A number with so many decimals, or a dash where it was not measured.
pub(crate) fn number_text(number: Option<f64>, decimals: usize) -> String {
    number.map_or_else(|| "–".to_owned(), |number| format!("{number:.decimals$}"))
}

pub(crate) fn percent_text(ratio: f64) -> String {
    format!("{:.2} %", ratio * 100.0)
}

#[cfg(test)]
pub(crate) fn json_for_tests<R: Report>(report: &R) -> Value {
    to_json(report, &Machine::this()).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_line_up() {
        let rows = [row("a", "1.5", "≤ 2"), row("longer", "12", "")];
        assert_eq!(table(&rows), "  a       1.5  ≤ 2\n  longer   12");
        assert_eq!((number_text(None, 1), number_text(Some(1.25), 1)), ("–".to_owned(), "1.2".to_owned()));
        assert_eq!(percent_text(0.99987), "99.99 %");
    }
}
