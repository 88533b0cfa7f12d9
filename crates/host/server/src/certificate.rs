use crate::calendar::civil_from_days;
use crate::clock;
use crate::config::TlsFiles;
use crate::data_dir::{DataDir, read_or_create_secret};
use anyhow::{Context as _, anyhow};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest as _, Sha256};
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};

/// Browsers remember an exception for a certificate, not for a key: a self-signed one has to last.
const SELF_SIGNED_DAYS: u64 = 20 * 365;

/// What HTTPS is served with.
#[derive(Clone)]
pub(crate) struct Certificate {
    /// For the TLS acceptor.
    pub(crate) tls: Arc<rustls::ServerConfig>,
    /// What links carry, so that clients need no authority to trust a self-signed certificate.
    pub(crate) fingerprint: Option<String>,
    /// The host name that the certificate is for, if it names one.
    pub(crate) host_name: Option<String>,
}

impl Certificate {
    /// Reads the given certificate, or reads or makes the self-signed one.
    pub(crate) fn load(files: Option<&TlsFiles>, data: &DataDir, addresses: &[IpAddr]) -> anyhow::Result<Self> {
        match files {
            Some(files) => Self::from_files(files),
            None => Self::self_signed(data, addresses),
        }
    }

    /// Reads a given certificate.
    pub(crate) fn from_files(files: &TlsFiles) -> anyhow::Result<Self> {
        let read = |path: &Path| std::fs::read(path).with_context(|| format!("cannot read {}", path.display()));
        let chain = read_chain(&read(&files.cert)?, &files.cert)?;
        let key = read_key(&read(&files.key)?, &files.key)?;
        let host_name = chain.first().and_then(|cert| first_host_name(cert));
        let tls = tls_config(chain, key)
            .with_context(|| format!("{} and {} do not belong together", files.cert.display(), files.key.display()))?;
        Ok(Self { tls, fingerprint: None, host_name })
    }

    fn self_signed(data: &DataDir, addresses: &[IpAddr]) -> anyhow::Result<Self> {
        let path = data.tls_identity();
        let pem = read_or_create_secret(&path, || make_self_signed(addresses))?;
        let chain = read_chain(pem.as_bytes(), &path)?;
        let key = read_key(pem.as_bytes(), &path)?;
        let fingerprint = chain.first().map(|cert| fingerprint_of(cert)).transpose()?;
        let tls = tls_config(chain, key).with_context(|| {
            format!("{} is damaged: restore it, or delete it (which ends all links)", path.display())
        })?;
        Ok(Self { tls, fingerprint, host_name: None })
    }
}

/// SHA-256 of a certificate's SubjectPublicKeyInfo in base64url, as links carry it (the pin of RFC 7469).
pub(crate) fn fingerprint_of(cert: &[u8]) -> anyhow::Result<String> {
    let (_, parsed) = X509Certificate::from_der(cert).map_err(|error| anyhow!("not an X.509 certificate: {error}"))?;
    Ok(URL_SAFE_NO_PAD.encode(Sha256::digest(parsed.public_key().raw)))
}

fn first_host_name(cert: &[u8]) -> Option<String> {
    let (_, parsed) = X509Certificate::from_der(cert).ok()?;
    let names = &parsed.subject_alternative_name().ok()??.value.general_names;
    names.iter().find_map(|name| match name {
        GeneralName::DNSName(host) if !host.contains('*') => Some((*host).to_owned()),
        _ => None,
    })
}

fn make_self_signed(addresses: &[IpAddr]) -> anyhow::Result<String> {
    let key = rcgen::KeyPair::generate()?;
    let mut names = vec!["localhost".to_owned()];
    names.extend(addresses.iter().map(IpAddr::to_string));
    let mut params = rcgen::CertificateParams::new(names)?;
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(rcgen::DnType::CommonName, "Atrium room server");
    let today = clock::now().millis() / 86_400_000;
    // A day early, for clients whose clock is behind.
    let (year, month, day) = date(today.saturating_sub(1))?;
    params.not_before = rcgen::date_time_ymd(year, month, day);
    let (year, month, day) = date(today + SELF_SIGNED_DAYS)?;
    params.not_after = rcgen::date_time_ymd(year, month, day);
    Ok(format!("{}{}", params.self_signed(&key)?.pem(), key.serialize_pem()))
}

/// Year, month and day as the certificate's library wants them.
fn date(days: u64) -> anyhow::Result<(i32, u8, u8)> {
    let (year, month, day) = civil_from_days(days);
    Ok((i32::try_from(year)?, u8::try_from(month)?, u8::try_from(day)?))
}

fn read_chain(pem: &[u8], path: &Path) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty());
    chain.with_context(|| format!("{} holds no certificate in PEM", path.display()))
}

fn read_key(pem: &[u8], path: &Path) -> anyhow::Result<PrivateKeyDer<'static>> {
    PrivateKeyDer::from_pem_slice(pem).ok().with_context(|| format!("{} holds no private key in PEM", path.display()))
}

fn tls_config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> anyhow::Result<Arc<rustls::ServerConfig>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(tls))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_is_the_hash_of_the_public_key_and_stays() {
        use rcgen::PublicKeyData as _;
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::create(folder.path()).unwrap();
        let first = Certificate::load(None, &data, &["10.0.0.1".parse().unwrap()]).unwrap();
        let pem = std::fs::read_to_string(data.tls_identity()).unwrap();
        let key = rcgen::KeyPair::from_pem(&pem[pem.find("-----BEGIN PRIVATE").unwrap()..]).unwrap();
        let expected = URL_SAFE_NO_PAD.encode(Sha256::digest(key.subject_public_key_info()));
        assert_eq!(first.fingerprint.as_deref(), Some(expected.as_str()));
        let second = Certificate::load(None, &data, &[]).unwrap();
        assert_eq!(second.fingerprint, first.fingerprint);
        assert_eq!(std::fs::read_to_string(data.tls_identity()).unwrap(), pem, "browsers keep their exception");
    }

    #[test]
    fn a_given_certificate_has_a_host_name_and_no_fingerprint() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::create(folder.path()).unwrap();
        let key = rcgen::KeyPair::generate().unwrap();
        let names = vec!["*.example.org".to_owned(), "rooms.example.org".to_owned()];
        let cert = rcgen::CertificateParams::new(names).unwrap().self_signed(&key).unwrap();
        let files = TlsFiles { cert: folder.path().join("cert.pem"), key: folder.path().join("key.pem") };
        std::fs::write(&files.cert, cert.pem()).unwrap();
        std::fs::write(&files.key, key.serialize_pem()).unwrap();
        let loaded = Certificate::load(Some(&files), &data, &[]).unwrap();
        assert_eq!(loaded.fingerprint, None);
        assert_eq!(loaded.host_name.as_deref(), Some("rooms.example.org"));

        std::fs::write(&files.key, rcgen::KeyPair::generate().unwrap().serialize_pem()).unwrap();
        let error = Certificate::load(Some(&files), &data, &[]).err().unwrap().to_string();
        assert!(error.contains("do not belong together"), "{error}");
        std::fs::remove_file(&files.cert).unwrap();
        let error = Certificate::load(Some(&files), &data, &[]).err().unwrap().to_string();
        assert!(error.contains("cannot read") && error.contains("cert.pem"), "{error}");
    }
}
