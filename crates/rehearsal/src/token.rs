//! Service-account tokens: JWTs (RFC 7519, RFC 7515) as kube-apiserver signs them.

use base64ct::{Base64UrlUnpadded, Encoding};
use kubepki_core::spec::KeyAlgorithm;
use kubepki_issuance::{KeyError, Pki, PublicKey, SecretText, Signer, Verifier};

/// Seconds that a token of a Pod is good for: a year, unless `--service-account-extend-token-expiration` is off.
const LIFE: i64 = 365 * 86_400 + 7;

/// Whom the token names: the account of a Pod that was given no other.
pub(crate) const USER: &str = "system:serviceaccount:default:default";
/// The groups of that account.
pub(crate) const GROUPS: &[&str] = &["system:serviceaccounts", "system:serviceaccounts:default"];

/// A token of the account `default` in the namespace `default`, from `now` on.
pub(crate) fn sign(pki: &Pki, key: usize, now: i64) -> Result<SecretText, KeyError> {
    let key = &pki.certs[key].key;
    let issuer = format!("https://kubernetes.default.svc.{}", pki.plan.spec.dns_domain);
    let header = format!("{{\"alg\":\"{}\",\"typ\":\"JWT\"}}", algorithm(key.algorithm()));
    let expires = now + LIFE;
    let claims = format!(
        "{{\"aud\":[\"{issuer}\"],\"exp\":{expires},\"iat\":{now},\"iss\":\"{issuer}\",\"kubernetes.io\":{{\"namespace\":\
         \"default\",\"serviceaccount\":{{\"name\":\"default\"}}}},\"nbf\":{now},\"sub\":\"{USER}\"}}"
    );
    let [header, claims] = [header, claims].map(|text| Base64UrlUnpadded::encode_string(text.as_bytes()));
    let mut token = SecretText::new(format!("{header}.{claims}"));
    let mut signature = Signer::new(key)?.sign(token.expose().as_bytes())?;
    if !key.algorithm().is_rsa() {
        let half = key.algorithm().bits() as usize / 8;
        signature = raw(&signature, half).ok_or(KeyError::Malformed { form: "ECDSA-Sig-Value" })?;
    }
    token.push_str(".");
    token.push_str(SecretText::new(Base64UrlUnpadded::encode_string(&signature)).expose());
    Ok(token)
}

/// Checks a token as kube-apiserver does: its error, in kube-apiserver's words.
pub(crate) fn check(public_key: &str, token: &str, at: i64) -> Result<(), String> {
    const WRONG: &str = "[invalid bearer token, go-jose/go-jose: error in cryptographic primitive]";
    let key = PublicKey::from_pem(public_key).map_err(|_| "invalid bearer token".to_owned())?;
    let malformed = || "invalid bearer token".to_owned();
    let (signed, signature) = token.trim().rsplit_once('.').ok_or_else(malformed)?;
    let mut signature = Base64UrlUnpadded::decode_vec(signature).map_err(|_| malformed())?;
    let header = signed.split('.').next().unwrap_or_default();
    let header = Base64UrlUnpadded::decode_vec(header).map_err(|_| malformed())?;
    let named = format!("\"alg\":\"{}\"", algorithm(key.algorithm()));
    if !String::from_utf8_lossy(&header).contains(&named) {
        return Err(WRONG.to_owned());
    }
    if !key.algorithm().is_rsa() {
        signature = der(&signature).ok_or(WRONG)?;
    }
    let verifier = Verifier::new(&key, 1).map_err(|_| malformed())?;
    if verifier.verify(signed.as_bytes(), &signature) != Some(true) {
        return Err(WRONG.to_owned());
    }
    let claims =
        signed.split('.').nth(1).and_then(|part| Base64UrlUnpadded::decode_vec(part).ok()).ok_or_else(malformed)?;
    let claims = String::from_utf8_lossy(&claims).into_owned();
    let number = |name: &str| claims.split_once(name)?.1.split([',', '}']).next()?.parse::<i64>().ok();
    if number("\"exp\":").is_some_and(|end| at > end) {
        return Err("[invalid bearer token, service account token has expired]".to_owned());
    }
    Ok(())
}

/// The name of a signature (RFC 7518 3.1).
fn algorithm(key: KeyAlgorithm) -> &'static str {
    match key {
        KeyAlgorithm::Rsa2048 | KeyAlgorithm::Rsa3072 | KeyAlgorithm::Rsa4096 => "RS256",
        KeyAlgorithm::EcdsaP256 => "ES256",
        KeyAlgorithm::EcdsaP384 => "ES384",
    }
}

/// The two numbers of an ECDSA-Sig-Value, each as long as the curve's order (RFC 7518 3.4).
fn raw(der: &[u8], half: usize) -> Option<Vec<u8>> {
    let mut rest = der.get(2..)?;
    let mut out = Vec::with_capacity(2 * half);
    for _ in 0..2 {
        let length = *rest.get(1)? as usize;
        let number = rest.get(2..2 + length)?;
        rest = &rest[2 + length..];
        let number = &number[number.len().saturating_sub(half)..];
        out.resize(out.len() + half - number.len(), 0);
        out.extend_from_slice(number);
    }
    Some(out)
}

/// The other way round.
fn der(raw: &[u8]) -> Option<Vec<u8>> {
    if raw.is_empty() || !raw.len().is_multiple_of(2) || raw.len() > 96 {
        return None;
    }
    let mut numbers = Vec::with_capacity(raw.len() + 6);
    for number in raw.chunks(raw.len() / 2) {
        let number = &number[number.iter().position(|one| *one != 0).unwrap_or(number.len() - 1)..];
        let sign = usize::from(number[0] >= 0x80);
        numbers.extend([2, (number.len() + sign) as u8]);
        numbers.resize(numbers.len() + sign, 0);
        numbers.extend_from_slice(number);
    }
    Some([&[0x30, numbers.len() as u8], &numbers[..]].concat())
}
