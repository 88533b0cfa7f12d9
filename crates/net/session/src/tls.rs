use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use x509_parser::prelude::{FromDer, X509Certificate};

/// Why TLS could not be prepared.
#[derive(Debug, thiserror::Error)]
#[error("the system's trusted certificates cannot be used: {0}")]
pub struct TlsError(Error);

/// TLS for a server whose public key has this SHA-256 fingerprint; without one, for a server whose certificate the
/// system trusts.
///
/// # Errors
/// [`TlsError`] when the system's certificates cannot be read.
pub fn client_tls_config(fingerprint: Option<&[u8; 32]>) -> Result<ClientConfig, TlsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match fingerprint {
        Some(fingerprint) => {
            Arc::new(FingerprintVerifier { fingerprint: *fingerprint, provider: Arc::clone(&provider) })
        }
        None => Arc::new(rustls_platform_verifier::Verifier::new(Arc::clone(&provider)).map_err(TlsError)?),
    };
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(TlsError)?.dangerous().with_custom_certificate_verifier(verifier);
    Ok(builder.with_no_client_auth())
}

/// Trusts one public key, whatever certificate it comes in. That the server holds the private key is checked as
/// always, by the handshake's signature.
#[derive(Debug)]
struct FingerprintVerifier {
    fingerprint: [u8; 32],
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for FingerprintVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let (_, certificate) = X509Certificate::from_der(end_entity)
            .map_err(|_| Error::InvalidCertificate(CertificateError::BadEncoding))?;
        if Sha256::digest(certificate.public_key().raw).as_slice() == self.fingerprint.as_slice() {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, KeyPair, PublicKeyData};
    use rustls::pki_types::PrivateKeyDer;
    use rustls::{ClientConnection, ServerConfig, ServerConnection};

    fn server(key: &KeyPair, signed_by: &KeyPair) -> Arc<ServerConfig> {
        let certificate = CertificateParams::new(vec!["another.name".to_owned()]).unwrap().self_signed(key).unwrap();
        let key = PrivateKeyDer::Pkcs8(signed_by.serialize_der().into());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let signing = rustls::crypto::ring::sign::any_supported_type(&key).unwrap();
        let certified = rustls::sign::CertifiedKey::new(vec![certificate.der().clone()], signing);
        let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let resolver = rustls::sign::SingleCertAndKey::from(certified);
        Arc::new(builder.with_no_client_auth().with_cert_resolver(Arc::new(resolver)))
    }

    fn handshake(server: Arc<ServerConfig>, fingerprint: &[u8; 32]) -> Result<(), Error> {
        let client = Arc::new(client_tls_config(Some(fingerprint)).unwrap());
        let mut client = ClientConnection::new(client, "localhost".try_into().unwrap()).unwrap();
        let mut server = ServerConnection::new(server).unwrap();
        while client.is_handshaking() {
            let mut wire = Vec::new();
            while client.wants_write() {
                client.write_tls(&mut wire).unwrap();
            }
            server.read_tls(&mut wire.as_slice()).unwrap();
            server.process_new_packets()?;
            let mut wire = Vec::new();
            while server.wants_write() {
                server.write_tls(&mut wire).unwrap();
            }
            client.read_tls(&mut wire.as_slice()).unwrap();
            client.process_new_packets()?;
        }
        Ok(())
    }

    fn fingerprint(key: &KeyPair) -> [u8; 32] {
        Sha256::digest(key.subject_public_key_info()).into()
    }

    #[test]
    fn the_key_of_the_link_is_trusted_and_no_other() {
        let (key, other) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        assert_eq!(handshake(server(&key, &key), &fingerprint(&key)), Ok(()));
        let refused = handshake(server(&other, &other), &fingerprint(&key));
        assert_eq!(refused, Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure)));
    }

    #[test]
    fn a_copied_certificate_is_not_enough() {
        let (key, thief) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        let refused = handshake(server(&key, &thief), &fingerprint(&key));
        assert_eq!(refused, Err(Error::InvalidCertificate(CertificateError::BadSignature)));
    }
}
