use atrium_protocol::{DeviceKey, IdentityError, JoinRequest, ResumeSecret, RoomId, join_signing_bytes};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use proptest::prelude::*;

fn signing_key() -> SigningKey {
    SigningKey::from_bytes(&[42; 32])
}

fn device_key() -> DeviceKey {
    DeviceKey(signing_key().verifying_key().to_bytes())
}

fn signed(room: &str, token_id: &str, at_ms: u64, fingerprint: &str) -> Vec<u8> {
    join_signing_bytes(&RoomId::parse(room).unwrap(), token_id, at_ms, fingerprint)
}

fn signature_of(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(signing_key().sign(bytes).to_bytes())
}

#[test]
fn the_signed_bytes_are_five_lines() {
    assert_eq!(signed("standup", "k3", 17, "AB:CD"), b"atrium-join-v1\nstandup\nk3\n17\nAB:CD");
}

#[test]
fn a_signature_covers_every_field() {
    let signature = signature_of(&signed("standup", "k3", 17, "AB:CD"));
    assert_eq!(device_key().verify(&signed("standup", "k3", 17, "AB:CD"), &signature), Ok(()));
    for other in [
        signed("standup2", "k3", 17, "AB:CD"),
        signed("standup", "k4", 17, "AB:CD"),
        signed("standup", "k3", 18, "AB:CD"),
        signed("standup", "k3", 17, "AB:CE"),
    ] {
        assert_eq!(device_key().verify(&other, &signature), Err(IdentityError::BadSignature));
    }
}

#[test]
fn the_malleable_form_of_a_signature_is_refused() {
    // The order of the group: S + L verifies where S does unless the verifier is strict (RFC 8032 §5.1.7).
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let message = signed("standup", "k3", 17, "AB:CD");
    let mut bytes = signing_key().sign(&message).to_bytes();
    let mut carry = 0_u16;
    for (byte, order) in bytes[32..].iter_mut().zip(ORDER) {
        carry += u16::from(*byte) + u16::from(order);
        *byte = carry as u8;
        carry >>= 8;
    }
    let outcome = device_key().verify(&message, &URL_SAFE_NO_PAD.encode(bytes));
    assert_eq!(outcome, Err(IdentityError::BadSignature));
}

#[test]
fn a_key_of_small_order_signs_nothing() {
    let mut neutral_element = [0; 32];
    neutral_element[0] = 1;
    let mut signature = [0; 64];
    signature[0] = 1;
    let outcome = DeviceKey(neutral_element).verify(b"anything", &URL_SAFE_NO_PAD.encode(signature));
    assert!(outcome.is_err());
}

#[test]
fn secrets_do_not_reach_logs() {
    let secret = ResumeSecret([9; 32]);
    assert_eq!(format!("{secret:?}"), "ResumeSecret(…)");
    let json = format!(
        r#"{{"protocol":1,"token":"TOKEN","name":"Ada","device_key":"{}","signed_at_ms":1,"signature":"SIGNATURE",
            "sdp":"a=ice-pwd:PASSWORD","resume":{{"participant":1,"secret":"{}"}}}}"#,
        String::from(device_key()),
        String::from(secret)
    );
    let request: JoinRequest = serde_json::from_str(&json).unwrap();
    let shown = format!("{request:?}");
    for secret in ["TOKEN", "SIGNATURE", "PASSWORD", "CQkJ"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

proptest! {
    #[test]
    fn any_signature_text_is_answered(key: [u8; 32], signature in ".{0,100}", message: Vec<u8>) {
        prop_assert!(DeviceKey(key).verify(&message, &signature).is_err());
    }

    #[test]
    fn a_changed_signature_is_refused(bit in 0_usize..512) {
        let message = signed("standup", "k3", 17, "AB:CD");
        let mut bytes = signing_key().sign(&message).to_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(device_key().verify(&message, &URL_SAFE_NO_PAD.encode(bytes)).is_err());
    }

    #[test]
    fn keys_and_secrets_survive_their_text(bytes: [u8; 32]) {
        prop_assert_eq!(DeviceKey::try_from(String::from(DeviceKey(bytes))), Ok(DeviceKey(bytes)));
        let secret = ResumeSecret::try_from(String::from(ResumeSecret(bytes))).unwrap();
        prop_assert_eq!(secret.0, bytes);
    }

    #[test]
    fn other_lengths_are_no_key(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let text = URL_SAFE_NO_PAD.encode(&bytes);
        prop_assert_eq!(DeviceKey::try_from(text.clone()).is_ok(), bytes.len() == 32);
        prop_assert_eq!(ResumeSecret::try_from(text).is_ok(), bytes.len() == 32);
    }
}
