use crate::data_dir::{DataDir, read_or_create_secret};
use anyhow::Context as _;
use atrium_protocol::{InviteId, JoinRefusalCode, Micros, Role, RoomId, limits};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// How far the clock that minted a token may be off ours, in seconds.
const LEEWAY_SECS: u64 = 5;

/// What an invite's token says (RFC 7519).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    /// The invite.
    pub(crate) jti: InviteId,
    /// The room that it opens.
    pub(crate) room: RoomId,
    /// The role that it gives.
    pub(crate) role: Role,
    /// The end of its time, in seconds since the Unix epoch.
    pub(crate) exp: u64,
    /// The beginning of its time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) nbf: Option<u64>,
    /// How many people may use it; none: any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) uses: Option<u32>,
}

/// Why a token opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TokenError {
    #[error(
        "this invite link is not one of this server's, or a part of it is missing: copy the whole link, or ask for a new one"
    )]
    Bad,
    #[error("this invite link has expired: ask for a new one")]
    Expired,
    #[error("this invite link is not valid yet: come back later, and check that your clock is right")]
    NotYetValid,
}

impl TokenError {
    pub(crate) fn code(self) -> JoinRefusalCode {
        match self {
            Self::Bad => JoinRefusalCode::BadToken,
            Self::Expired => JoinRefusalCode::TokenExpired,
            Self::NotYetValid => JoinRefusalCode::TokenNotYetValid,
        }
    }
}

/// Mints and checks the tokens of this installation. Whoever has `DATA/signing.key` can do so too, with any
/// library that knows EdDSA.
#[derive(Clone)]
pub(crate) struct TokenKeys {
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl TokenKeys {
    /// Reads the key, or makes one.
    pub(crate) fn load(data: &DataDir) -> anyhow::Result<Self> {
        let path = data.signing_key();
        let pem = read_or_create_secret(&path, || {
            let mut seed = Zeroizing::new([0; 32]);
            getrandom::fill(seed.as_mut()).context("the system gives no random numbers")?;
            let pem = SigningKey::from_bytes(&seed).to_pkcs8_pem(LineEnding::LF)?;
            Ok(pem.as_str().to_owned())
        })?;
        let key = SigningKey::from_pkcs8_pem(&pem).ok().with_context(|| {
            format!(
                "{} is not an Ed25519 key in PEM: restore it, or delete it (which ends all invites)",
                path.display()
            )
        })?;
        Self::from_key(&key)
    }

    pub(crate) fn from_key(key: &SigningKey) -> anyhow::Result<Self> {
        let pkcs8 = key.to_pkcs8_der()?;
        Ok(Self {
            encoding: EncodingKey::from_ed_der(pkcs8.as_bytes()),
            decoding: DecodingKey::from_ed_der(key.verifying_key().as_bytes()),
        })
    }

    /// Signs `claims`.
    pub(crate) fn mint(&self, claims: &Claims) -> anyhow::Result<String> {
        Ok(jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), claims, &self.encoding)?)
    }

    /// Signs any bytes as if they were claims, for fuzzing and tests.
    pub(crate) fn sign_claims_of_any_shape(&self, claims: &[u8]) -> anyhow::Result<String> {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let header = serde_json::to_vec(&Header::new(Algorithm::EdDSA))?;
        let message = format!("{}.{}", encode(&header), encode(claims));
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &self.encoding, Algorithm::EdDSA)?;
        Ok(format!("{message}.{signature}"))
    }

    /// Checks signature, shape and time.
    pub(crate) fn verify(&self, token: &str, now: Micros) -> Result<Claims, TokenError> {
        let claims = self.verify_at_any_time(token)?;
        let now_secs = now.millis() / 1_000;
        if now_secs >= claims.exp.saturating_add(LEEWAY_SECS) {
            return Err(TokenError::Expired);
        }
        if claims.nbf.is_some_and(|nbf| now_secs.saturating_add(LEEWAY_SECS) < nbf) {
            return Err(TokenError::NotYetValid);
        }
        Ok(claims)
    }

    /// Checks signature and shape only.
    pub(crate) fn verify_at_any_time(&self, token: &str) -> Result<Claims, TokenError> {
        if token.len() > limits::TOKEN_BYTES {
            return Err(TokenError::Bad);
        }
        // Time is checked on the clock that the caller hands in, if at all.
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        jsonwebtoken::decode(token, &self.decoding, &validation).map(|token| token.claims).map_err(|_| TokenError::Bad)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn keys(seed: u8) -> TokenKeys {
        TokenKeys::from_key(&SigningKey::from_bytes(&[seed; 32])).unwrap()
    }

    fn claims() -> Claims {
        Claims {
            jti: InviteId::parse("abc").unwrap(),
            room: RoomId::parse("boardroom").unwrap(),
            role: Role::Guest,
            exp: 2_000,
            nbf: Some(1_000),
            uses: Some(3),
        }
    }

    fn at(secs: u64) -> Micros {
        Micros::from_millis(secs * 1_000)
    }

    #[test]
    fn a_token_comes_back_as_it_was_minted() {
        let token = keys(1).mint(&claims()).unwrap();
        assert_eq!(keys(1).verify(&token, at(1_500)), Ok(claims()));
    }

    #[test]
    fn time_has_a_small_leeway() {
        let token = keys(1).mint(&claims()).unwrap();
        let verify = |secs| keys(1).verify(&token, at(secs)).map(|_| ());
        assert_eq!(verify(994), Err(TokenError::NotYetValid));
        assert_eq!(verify(995), Ok(()));
        assert_eq!(verify(2_004), Ok(()));
        assert_eq!(verify(2_005), Err(TokenError::Expired));
    }

    #[test]
    fn other_keys_algorithms_and_shapes_are_refused() {
        let token = keys(1).mint(&claims()).unwrap();
        let refused = |token: &str| assert_eq!(keys(1).verify(token, at(1_500)), Err(TokenError::Bad), "{token}");
        refused(&keys(2).mint(&claims()).unwrap());
        refused("");
        refused("a.b.c");
        refused(&format!("{token}A"));
        refused(&token[..token.len() - 4]);
        refused(&"x".repeat(limits::TOKEN_BYTES + 1));
        let [_, body, _] = token.split('.').collect::<Vec<_>>()[..] else { panic!("three parts") };
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
        refused(&format!("{none}.{body}."));
        let public = DecodingKey::from_ed_der(SigningKey::from_bytes(&[1; 32]).verifying_key().as_bytes());
        let hmac = EncodingKey::from_secret(public.try_get_as_bytes().unwrap());
        refused(&jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims(), &hmac).unwrap());
        let sign = |json: serde_json::Value| keys(1).sign_claims_of_any_shape(json.to_string().as_bytes()).unwrap();
        let mut json = serde_json::to_value(claims()).unwrap();
        assert_eq!(keys(1).verify(&sign(json.clone()), at(1_500)), Ok(claims()));
        for (name, wrong) in [
            ("exp", serde_json::json!(null)),
            ("room", serde_json::json!("../etc")),
            ("role", serde_json::json!("emperor")),
            ("uses", serde_json::json!(-1)),
            ("jti", serde_json::json!("")),
        ] {
            let right = json[name].take();
            json[name] = wrong;
            refused(&sign(json.clone()));
            json[name] = right;
        }
    }

    #[test]
    fn the_key_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::create(folder.path()).unwrap();
        let token = TokenKeys::load(&data).unwrap().mint(&claims()).unwrap();
        assert_eq!(TokenKeys::load(&data).unwrap().verify(&token, at(1_500)), Ok(claims()));
        std::fs::write(data.signing_key(), "not a key").unwrap();
        let error = TokenKeys::load(&data).err().unwrap().to_string();
        assert!(error.contains("signing.key"), "{error}");
    }

    proptest! {
        #[test]
        fn any_text_is_safe(token in "[A-Za-z0-9_.=-]{0,300}") {
            prop_assert_eq!(keys(1).verify(&token, at(1_500)), Err(TokenError::Bad));
        }
    }
}
