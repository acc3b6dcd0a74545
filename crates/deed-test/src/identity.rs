//! Who a commit says made it.

/// A name and an e-mail, as Git writes them: free text that proves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Full name.
    pub name: String,
    /// E-mail address.
    pub email: String,
}

impl Identity {
    /// Makes an identity from a name and an e-mail.
    pub fn new(name: &str, email: &str) -> Self {
        Self { name: name.to_owned(), email: email.to_owned() }
    }
}

impl Default for Identity {
    /// Returns whoever commits when a test does not care.
    fn default() -> Self {
        Self::new("Somebody", "somebody@example.invalid")
    }
}
