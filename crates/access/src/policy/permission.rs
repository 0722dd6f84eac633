//! What may be administered: accounts, clients, keys and roles are no resources, so that rules name them by permissions.

/// Something that may be administered, for the whole tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Permission {
    /// To see accounts, their roles and their sessions.
    UsersRead,
    /// To invite, change, suspend and remove accounts, end their sessions, and make links that reset passwords.
    UsersWrite,
    /// To see the apps and services that are registered.
    ClientsRead,
    /// To register, change and remove them.
    ClientsWrite,
    /// To see roles and policies, and to have one checked.
    RolesRead,
    /// To write and remove those of the tenant's own.
    RolesWrite,
    /// To see API keys. (Nobody sees their secrets.)
    KeysRead,
    /// To make keys for services, and to revoke keys.
    KeysWrite,
    /// To ask why somebody else may, or may not, do something.
    Explain,
    /// To see what looked suspicious.
    AlertsRead,
    /// To say what came of looking into it.
    AlertsWrite,
    /// To see the tenants of the server. It is of use in the first tenant alone.
    TenantsRead,
    /// To add, change, suspend and end tenants. It is of use in the first tenant alone.
    TenantsWrite,
}

impl Permission {
    /// All of them.
    pub const ALL: [Permission; 13] = [
        Self::UsersRead,
        Self::UsersWrite,
        Self::ClientsRead,
        Self::ClientsWrite,
        Self::RolesRead,
        Self::RolesWrite,
        Self::KeysRead,
        Self::KeysWrite,
        Self::Explain,
        Self::AlertsRead,
        Self::AlertsWrite,
        Self::TenantsRead,
        Self::TenantsWrite,
    ];

    /// Its code, as rules write it.
    pub fn code(self) -> &'static str {
        match self {
            Self::UsersRead => "users-read",
            Self::UsersWrite => "users-write",
            Self::ClientsRead => "clients-read",
            Self::ClientsWrite => "clients-write",
            Self::RolesRead => "roles-read",
            Self::RolesWrite => "roles-write",
            Self::KeysRead => "keys-read",
            Self::KeysWrite => "keys-write",
            Self::Explain => "explain",
            Self::AlertsRead => "alerts-read",
            Self::AlertsWrite => "alerts-write",
            Self::TenantsRead => "tenants-read",
            Self::TenantsWrite => "tenants-write",
        }
    }

    /// The permission of a code; `None` when there is none.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.code() == code)
    }
}
