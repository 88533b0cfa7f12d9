use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use url::Url;

const SIGNING_KEY: &str = "signing.key";
const TLS_IDENTITY: &str = "tls/self-signed.pem";
/// What makes the server the one that its invites are for.
pub(crate) const IDENTITY_FILES: [&str; 2] = [SIGNING_KEY, TLS_IDENTITY];

/// Where things are in the folder that holds everything durable.
#[derive(Clone, Debug)]
pub(crate) struct DataDir(PathBuf);

impl DataDir {
    /// Creates the folder, for its owner alone, if it is not there.
    pub(crate) fn create(path: &Path) -> anyhow::Result<Self> {
        let create = |path: &Path| fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
        create(path).and_then(|()| create(&path.join("tls"))).with_context(|| {
            format!(
                "cannot create the data folder {}: choose a folder that you may write to with --data",
                path.display()
            )
        })?;
        Ok(Self(path.to_owned()))
    }

    pub(crate) fn signing_key(&self) -> PathBuf {
        self.0.join(SIGNING_KEY)
    }

    pub(crate) fn tls_identity(&self) -> PathBuf {
        self.0.join(TLS_IDENTITY)
    }

    pub(crate) fn places(&self) -> PathBuf {
        self.0.join("places")
    }

    fn endpoint(&self) -> PathBuf {
        self.0.join("endpoint.json")
    }

    /// What the server that ran here last, or runs now, wrote about itself.
    pub(crate) fn read_endpoint(&self) -> anyhow::Result<Option<Endpoint>> {
        let path = self.endpoint();
        match fs::read(&path) {
            Ok(json) => Ok(Some(
                serde_json::from_slice(&json)
                    .with_context(|| format!("{} is not what the server writes: delete it", path.display()))?,
            )),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    pub(crate) fn write_endpoint(&self, endpoint: &Endpoint) -> anyhow::Result<()> {
        let path = self.endpoint();
        let json = serde_json::to_vec_pretty(endpoint)?;
        replace_file(&path, &json).with_context(|| format!("cannot write {}", path.display()))
    }
}

/// `DATA/endpoint.json`: how to reach the server, for commands that make links.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Endpoint {
    /// `https://HOST:PORT`.
    #[serde(with = "url_text")]
    pub(crate) url: Url,
    /// SHA-256 of the certificate's public key in base64url; none with a certificate that clients trust.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) fingerprint: Option<String>,
    /// The server's process.
    pub(crate) pid: u32,
}

mod url_text {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};
    use url::Url;

    pub(super) fn serialize<S: Serializer>(url: &Url, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(url.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
        Url::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// Reads a secret file, or creates it with what `generate` makes, readable by its owner alone. Two processes that
/// create it at the same time end up with the same content.
pub(crate) fn read_or_create_secret(
    path: &Path,
    generate: impl FnOnce() -> anyhow::Result<String>,
) -> anyhow::Result<String> {
    if let Some(secret) = read_if_present(path)? {
        return Ok(secret);
    }
    let draft = draft_path(path);
    write_private(&draft, generate()?.as_bytes()).with_context(|| format!("cannot write {}", draft.display()))?;
    // A hard link, unlike a rename, never replaces what another process has put there meanwhile.
    let linked = fs::hard_link(&draft, path);
    let _ = fs::remove_file(&draft);
    match linked {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error).with_context(|| format!("cannot write {}", path.display())),
    }
    read_if_present(path)?.with_context(|| format!("{} vanished while it was being written", path.display()))
}

fn read_if_present(path: &Path) -> anyhow::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

fn replace_file(path: &Path, content: &[u8]) -> io::Result<()> {
    let draft = draft_path(path);
    write_private(&draft, content)?;
    fs::rename(&draft, path)
}

fn draft_path(path: &Path) -> PathBuf {
    path.with_extension(format!("{}.draft", std::process::id()))
}

fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let _ = fs::remove_file(path);
    let mut file: File = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn endpoint_comes_back_and_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::create(&folder.path().join("new")).unwrap();
        assert_eq!(data.read_endpoint().unwrap(), None);
        for fingerprint in [Some("abc".to_owned()), None] {
            let endpoint = Endpoint { url: "https://10.0.0.1:7443".parse().unwrap(), fingerprint, pid: 42 };
            data.write_endpoint(&endpoint).unwrap();
            assert_eq!(data.read_endpoint().unwrap(), Some(endpoint));
        }
        assert_eq!(mode(&data.endpoint()), 0o600);
        assert_eq!(mode(&folder.path().join("new")), 0o700);
        assert_eq!(fs::read_dir(folder.path().join("new")).unwrap().count(), 2, "no drafts stay behind");
    }

    #[test]
    fn a_secret_is_made_once_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        assert_eq!(read_or_create_secret(&path, || Ok("first".into())).unwrap(), "first");
        assert_eq!(read_or_create_secret(&path, || Ok("second".into())).unwrap(), "first");
        assert_eq!(mode(&path), 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no drafts stay behind");
    }
}
