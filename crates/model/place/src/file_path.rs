/// Longest path of a file in a place's folder, in characters.
pub const FILE_PATH_CHARS: usize = 200;

/// Accepts only paths that stay in a place's folder and mean the same file on every system.
///
/// # Errors
/// A sentence that says what to change.
pub fn check_file_path(path: &str) -> Result<(), String> {
    if path.is_empty() {
        return Err("a file's path is empty: give the file a name".into());
    }
    if path.chars().count() > FILE_PATH_CHARS {
        return Err(format!("this path is longer than {FILE_PATH_CHARS} characters: shorten it"));
    }
    let shown = path.escape_debug();
    if path.contains('\\') {
        return Err(format!("`{shown}`: separate folders with `/`, not with a backslash"));
    }
    if path.starts_with('/') {
        return Err(format!("`{shown}`: give the path from the place's own folder, without `/` at the start"));
    }
    let is_allowed = |c: char| c.is_alphanumeric() || "/-_. ()+".contains(c);
    if let Some(other) = path.chars().find(|c| !is_allowed(*c)) {
        let other = other.escape_debug();
        return Err(format!("`{shown}`: use letters, digits, spaces and `-_.()+` in file names, not `{other}`"));
    }
    path.split('/').try_for_each(|part| check_part(part).map_err(|why| format!("`{shown}`: {why}")))
}

fn check_part(part: &str) -> Result<(), &'static str> {
    match part {
        "" => Err("a folder or file in this path has no name: remove the extra `/`"),
        "." | ".." => Err("keep to the place's own folder: `.` and `..` are not possible in a path"),
        _ if part.ends_with(['.', ' ']) || part.starts_with(' ') => {
            Err("names that start with a space or end with a dot or a space are not possible everywhere: rename it")
        }
        _ if is_windows_device(part) => Err("Windows keeps this name for a device: rename the file"),
        _ => Ok(()),
    }
}

fn is_windows_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).to_ascii_lowercase();
    let is_numbered = |prefix: &str| {
        stem.strip_prefix(prefix).is_some_and(|digit| digit.len() == 1 && digit.as_bytes()[0].is_ascii_digit())
    };
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || is_numbered("com") || is_numbered("lpt")
}
