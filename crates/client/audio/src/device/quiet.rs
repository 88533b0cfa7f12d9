//! ALSA writes several lines to the terminal with each look at a device that is not there.

/// Asks the sound system something; what it would write to the terminal goes to the log, for whoever looks for it.
#[cfg(target_os = "linux")]
pub(super) fn quietly<T>(ask: impl FnOnce() -> T) -> T {
    // Each time anew, since what is said is kept until then.
    let said = alsa::Output::local_error_handler();
    let answer = ask();
    if let Ok(said) = said {
        said.borrow().buffer_string(|said| {
            if !said.is_empty() {
                tracing::debug!(said = %String::from_utf8_lossy(said), "ALSA is not content");
            }
        });
    }
    answer
}

/// Asks the sound system something.
#[cfg(not(target_os = "linux"))]
pub(super) fn quietly<T>(ask: impl FnOnce() -> T) -> T {
    ask()
}
