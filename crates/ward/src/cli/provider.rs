//! `ward provider`: with whom outside people sign in.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Whether assertions have to be encrypted.
const WORDS: [&str; 2] = ["wanted", "required"];

#[derive(Debug, Subcommand)]
pub enum Provider {
    /// Makes an OpenID Connect provider, and prints the address to register there.
    Add(ProviderAdd),
    /// Makes a SAML provider of its metadata, and prints what to register there.
    AddSaml(ProviderAddSaml),
    /// Takes what a SAML provider says of itself now, such as another certificate. Links stay.
    Renew {
        /// What it is called in addresses.
        slug: String,
        /// A file with its metadata.
        #[arg(long, value_name = "FILE")]
        metadata: PathBuf,
    },
    /// Says whether the assertions of a SAML provider have to be encrypted.
    Encryption {
        /// What it is called in addresses.
        slug: String,
        /// wanted: those in clear are taken, too. required: they are refused.
        #[arg(value_parser = WORDS)]
        encryption: String,
    },
    /// Replaces this server's keys towards a SAML provider, which has to read the metadata anew meanwhile.
    Rotate {
        /// What it is called in addresses.
        slug: String,
        /// For how many days the old keys go on; 0 ends them now, for when one may be known to somebody.
        #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u16).range(0..=365))]
        days: u16,
    },
    /// Lists the providers.
    List,
    /// Links a person at a provider to an account.
    Link {
        /// What the provider is called in addresses.
        slug: String,
        /// The login of the account.
        login: String,
        /// What the provider calls the person for ever: OpenID Connect's `sub`, SAML's `NameID`.
        subject: String,
    },
    /// Removes a provider. Nobody signs in by it any more; accounts and their sessions stay.
    Remove {
        /// What it is called in addresses.
        slug: String,
    },
}

#[derive(Debug, Args)]
pub struct ProviderAdd {
    /// What it is called in addresses: small letters, digits and -.
    pub slug: String,
    /// The name to show: "Sign in with NAME".
    #[arg(long)]
    pub name: String,
    /// The issuer, as the provider writes it.
    #[arg(long, value_name = "URL")]
    pub issuer: String,
    /// What the provider calls this server.
    #[arg(long, value_name = "ID")]
    pub client_id: String,
    /// Reads the secret that the provider has given from standard input.
    #[arg(long, conflicts_with = "key")]
    pub secret_stdin: bool,
    /// Signs with this server's own key, which the provider finds at /auth/jwks: RS256 or ES384 (private_key_jwt).
    #[arg(long, value_name = "ALGORITHM", value_parser = ["RS256", "ES384"])]
    pub key: Option<String>,
    /// What is asked for.
    #[arg(long, default_value = "openid profile email")]
    pub scope: String,
    /// The claim that is the login of a newcomer, and the name of a link.
    #[arg(long, value_name = "CLAIM", default_value = "preferred_username")]
    pub login_claim: String,
    #[command(flatten)]
    pub people: ProviderPeople,
}

#[derive(Debug, Args)]
pub struct ProviderAddSaml {
    /// What it is called in addresses: small letters, digits and -.
    pub slug: String,
    /// The name to show: "Sign in with NAME".
    #[arg(long)]
    pub name: String,
    /// A file with the metadata of the provider.
    #[arg(long, value_name = "FILE")]
    pub metadata: PathBuf,
    /// The attribute that is the login of a newcomer, and the name of a link; NameID for the name of the subject.
    #[arg(long, value_name = "ATTRIBUTE", default_value = "NameID")]
    pub login_attribute: String,
    /// Whether assertions have to be encrypted. wanted: those in clear are taken, too; required: they are refused.
    #[arg(long, default_value = "wanted", value_parser = WORDS)]
    pub encryption: String,
    #[command(flatten)]
    pub people: ProviderPeople,
}

/// What is believed of a provider's people, and what they get.
#[derive(Debug, Args)]
pub struct ProviderPeople {
    /// A value of acr, amr or AuthnContextClassRef by which the provider says that it has asked for a second factor.
    #[arg(long = "second-factor", value_name = "VALUE")]
    pub second_factor: Vec<String>,
    /// People without an account get one; with --newcomer-role, with roles.
    #[arg(long)]
    pub newcomers: bool,
    /// A role of newcomers, as nurse; in one facility only as nurse@Organization/3.
    #[arg(long = "newcomer-role", value_name = "ROLE[@Organization/ID][@Location/ID]", requires = "newcomers")]
    pub newcomer_roles: Vec<String>,
}
