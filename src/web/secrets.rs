//! Secrets of sessions and one-time links, and the hashes of passwords.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::domain::Role;
use crate::store::{Desk, StoreError};

/// Characters the shortest password may have.
pub(super) const SHORTEST_PASSWORD: usize = 10;

/// A secret the browser keeps, and its hash, which the store keeps.
pub(super) struct Secret {
    /// 64 letters and figures.
    pub text: String,
    /// SHA-256 of the text. The text has 256 random bits, so nothing slower is needed.
    pub hash: Vec<u8>,
}

impl Secret {
    /// A new secret.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub fn new() -> Result<Self, getrandom::Error> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes)?;
        let mut text = String::with_capacity(64);
        for byte in bytes {
            let _ = write!(text, "{byte:02x}");
        }
        let hash = hash_of(&text);
        Ok(Self { text, hash })
    }
}

/// The hash of a secret.
pub(super) fn hash_of(text: &str) -> Vec<u8> {
    Sha256::digest(text).to_vec()
}

/// The argon2id hash of a password, with its salt and its parameters, about 20 ms of work.
///
/// # Errors
/// In one sentence, when the password is too short.
pub fn hash_password(password: &str) -> Result<String, String> {
    if password.chars().count() < SHORTEST_PASSWORD {
        return Err(format!("the password is too short: take at least {SHORTEST_PASSWORD} characters"));
    }
    Ok(password_auth::generate_hash(password))
}

/// Makes a one-time link for `account`; the end of its address.
///
/// # Errors
/// When the store cannot be written or the system has no random numbers.
pub fn invitation(desk: &mut Desk, account: i64) -> Result<String, StoreError> {
    let secret = Secret::new().map_err(|error| StoreError::Damaged(error.to_string()))?;
    let transaction = desk.begin(jiff::Timestamp::now())?;
    transaction.invite(account, &secret.hash)?;
    transaction.commit()?;
    Ok(format!("/welcome/{}", secret.text))
}

/// Makes the first administrator of a store without accounts, with a one-time link to set a password;
/// nothing when there are accounts.
pub(super) fn first_administrator(desk: &mut Desk) -> Result<Option<String>, StoreError> {
    let accounts = desk.accounts()?;
    let administrators = accounts.iter().filter(|account| account.may(&[Role::Administrator]));
    let mut waiting = administrators.filter(|account| account.active);
    let id = match (waiting.clone().any(|account| account.has_password), waiting.next()) {
        (true, _) => return Ok(None),
        (false, Some(account)) => account.id,
        (false, None) => {
            let transaction = desk.begin(jiff::Timestamp::now())?;
            let id = transaction.add_account("admin", "Quản trị", &[Role::Administrator], "hotich serve")?;
            transaction.commit()?;
            id
        }
    };
    invitation(desk, id).map(Some)
}

#[cfg(test)]
mod tests {
    use super::{Secret, first_administrator, hash_of, hash_password};
    use crate::store::Store;

    #[test]
    fn secrets_differ_and_only_their_hash_is_known() {
        let (one, other) = (Secret::new().unwrap(), Secret::new().unwrap());
        assert_ne!(one.text, other.text);
        assert_eq!((one.text.len(), hash_of(&one.text)), (64, one.hash));
    }

    #[test]
    fn passwords_are_hashed_with_argon2id_and_short_ones_refused() {
        let hash = hash_password("mật khẩu dài").unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        password_auth::verify_password("mật khẩu dài", &hash).unwrap();
        assert!(hash_password("ngắn").is_err());
    }

    #[test]
    fn the_first_start_makes_an_administrator_and_later_ones_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let mut desk = Store::open_desk(folder.path()).unwrap();
        let first = first_administrator(&mut desk).unwrap().unwrap();
        let second = first_administrator(&mut desk).unwrap().unwrap();
        assert_ne!(first, second, "until it is used, every start gives a new link");
        let now = jiff::Timestamp::now().as_millisecond();
        let secret = |link: &str| hash_of(link.trim_start_matches("/welcome/"));
        assert!(desk.invitation(&secret(&first), now).unwrap().is_none());
        let account = desk.invitation(&secret(&second), now).unwrap().unwrap();
        let transaction = desk.begin(jiff::Timestamp::now()).unwrap();
        transaction.set_password(account.id, "hash", "admin").unwrap();
        transaction.commit().unwrap();
        assert_eq!(first_administrator(&mut desk).unwrap(), None);
    }
}
