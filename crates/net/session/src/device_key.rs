use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Why an installation has no key.
#[derive(Debug, thiserror::Error)]
pub enum DeviceKeyError {
    /// The file is there but cannot be used.
    #[error("the device key {path} cannot be read: {reason}. Restore it, or remove it to become a new person")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A new file cannot be made.
    #[error("the device key {path} cannot be made: {reason}")]
    NotCreated {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

/// Reads the installation's Ed25519 key (PKCS #8 in PEM); makes a new one, readable by the user alone, where there
/// is none. Of several that are started for the first time together, all get the same key.
///
/// # Errors
/// [`DeviceKeyError`].
pub fn load_or_create_device_key(path: &Path) -> Result<SigningKey, DeviceKeyError> {
    if let Some(key) = load(path)? {
        return Ok(key);
    }
    let not_created = |reason: String| DeviceKeyError::NotCreated { path: path.to_owned(), reason };
    match create(path) {
        Ok(key) => Ok(key),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            load(path)?.ok_or_else(|| not_created("it comes and goes".to_owned()))
        }
        Err(error) => Err(not_created(error.to_string())),
    }
}

fn load(path: &Path) -> Result<Option<SigningKey>, DeviceKeyError> {
    let unreadable = |reason: String| DeviceKeyError::Unreadable { path: path.to_owned(), reason };
    let pem = match fs::read_to_string(path) {
        Ok(pem) => Zeroizing::new(pem),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error.to_string())),
    };
    SigningKey::from_pkcs8_pem(&pem).map(Some).map_err(|_| unreadable("it is not an Ed25519 key in PEM".to_owned()))
}

/// The file appears complete or not at all: a link to a finished file is what makes it visible.
fn create(path: &Path) -> io::Result<SigningKey> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *seed).map_err(io::Error::other)?;
    let key = SigningKey::from_bytes(&seed);
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(io::Error::other)?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let draft = path.with_extension(format!("new-{}", std::process::id()));
    let written = write_private(&draft, pem.as_bytes()).and_then(|()| fs::hard_link(&draft, path));
    let _ = fs::remove_file(&draft);
    written.map(|()| key)
}

fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_kept_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("identity/device.pem");
        let first = load_or_create_device_key(&path).unwrap();
        assert_eq!(load_or_create_device_key(&path).unwrap().to_bytes(), first.to_bytes());
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no draft is left");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let other = load_or_create_device_key(&folder.path().join("other.pem")).unwrap();
        assert_ne!(other.to_bytes(), first.to_bytes());
    }

    #[test]
    fn a_broken_key_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device.pem");
        fs::write(&path, "nonsense").unwrap();
        assert!(matches!(load_or_create_device_key(&path), Err(DeviceKeyError::Unreadable { .. })));
        assert_eq!(fs::read_to_string(&path).unwrap(), "nonsense");
    }
}
