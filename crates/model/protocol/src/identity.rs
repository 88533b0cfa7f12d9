use crate::RoomId;
use crate::ids::{parse_hex32, write_hex};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why an identity was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// Not 32 bytes in base64url, or not a point of the curve.
    #[error("the device key is not an Ed25519 public key in base64url")]
    BadKey,
    /// Signed by another key, or over other bytes.
    #[error("the device key did not sign this join request")]
    BadSignature,
}

/// The public half of an installation's Ed25519 key; base64url without padding on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DeviceKey(pub [u8; 32]);

impl DeviceKey {
    /// The person that this key stands for.
    pub fn person(&self) -> PersonId {
        use sha2::Digest;
        PersonId(sha2::Sha256::digest(self.0).into())
    }

    /// Checks `signature` (64 bytes in base64url) over `signed`.
    ///
    /// # Errors
    /// [`IdentityError`] when the key or the signature is not a valid one (strictly: RFC 8032 §5.1.7
    /// without the malleable forms).
    pub fn verify(&self, signed: &[u8], signature: &str) -> Result<(), IdentityError> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(&self.0).map_err(|_| IdentityError::BadKey)?;
        let bytes: [u8; 64] = URL_SAFE_NO_PAD
            .decode(signature)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(IdentityError::BadSignature)?;
        key.verify_strict(signed, &ed25519_dalek::Signature::from_bytes(&bytes))
            .map_err(|_| IdentityError::BadSignature)
    }
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl TryFrom<String> for DeviceKey {
    type Error = IdentityError;
    fn try_from(text: String) -> Result<Self, IdentityError> {
        decode32(&text).map(Self).ok_or(IdentityError::BadKey)
    }
}

impl From<DeviceKey> for String {
    fn from(key: DeviceKey) -> Self {
        URL_SAFE_NO_PAD.encode(key.0)
    }
}

/// A person: SHA-256 of their device key, in lower-case hexadecimal on the wire. Roles, bans and
/// authorship hang on it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonId(pub [u8; 32]);

impl PersonId {
    /// # Errors
    /// A sentence when `hex` is not 64 hexadecimal digits.
    pub fn parse(hex: &str) -> Result<Self, String> {
        parse_hex32(hex).map(Self).ok_or_else(|| "a person's id has 64 hexadecimal digits".into())
    }
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

impl fmt::Debug for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0[..4], f)
    }
}

impl TryFrom<String> for PersonId {
    type Error = String;
    fn try_from(hex: String) -> Result<Self, String> {
        Self::parse(&hex)
    }
}

impl From<PersonId> for String {
    fn from(person: PersonId) -> Self {
        person.to_string()
    }
}

/// The secret that brings a person back to their attendance; 32 bytes, base64url on the wire. Its
/// `Debug` shows nothing. Compare it in constant time.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ResumeSecret(pub [u8; 32]);

impl fmt::Debug for ResumeSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResumeSecret(…)")
    }
}

impl TryFrom<String> for ResumeSecret {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        decode32(&text).map(Self).ok_or_else(|| "a resume secret has 32 bytes in base64url".into())
    }
}

impl From<ResumeSecret> for String {
    fn from(secret: ResumeSecret) -> Self {
        URL_SAFE_NO_PAD.encode(secret.0)
    }
}

fn decode32(text: &str) -> Option<[u8; 32]> {
    if text.len() > 64 {
        return None;
    }
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}

/// The bytes that a join request's signature covers: five lines joined by `\n`, without one at the end:
/// `atrium-join-v1`, room, token id (`jti`), `signed_at_ms`, and the SHA-256 DTLS fingerprint as the offer's
/// `a=fingerprint` line spells it (upper-case hexadecimal pairs with colons).
pub fn join_signing_bytes(room: &RoomId, token_id: &str, signed_at_ms: u64, dtls_fingerprint: &str) -> Vec<u8> {
    format!("atrium-join-v1\n{room}\n{token_id}\n{signed_at_ms}\n{dtls_fingerprint}").into_bytes()
}

pub(crate) mod avatar_base64 {
    use super::{Engine, URL_SAFE_NO_PAD};
    use crate::AvatarBytes;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(avatar: &AvatarBytes, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&URL_SAFE_NO_PAD.encode(avatar.as_bytes()))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<AvatarBytes, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| D::Error::custom("the avatar is not base64url"))?;
        AvatarBytes::new(bytes).map_err(D::Error::custom)
    }
}
