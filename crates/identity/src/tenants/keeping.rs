//! What an operator does with tenants: add, change, suspend, end.

use super::error::TenantError;
use super::tenancy::{Branding, FIRST, Standing, Tenancy};
use super::{MOST_TENANTS, REGISTER, Register, Tenants};
use crate::chronicle::{Deed, Told};
use crate::directory::{Changes, DirectoryError, Kept};
use crate::identity::TRIES;

/// A tenant to be made.
#[derive(Clone, Debug, Default)]
pub struct New {
    /// Its name in addresses.
    pub slug: String,
    /// The name to show.
    pub name: String,
    /// What else is said of it.
    pub with: Alteration,
}

/// What is to be otherwise of a tenant; `None` leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct Alteration {
    /// The name to show.
    pub name: Option<String>,
    /// The hosts that are its own, all of them.
    pub hosts: Option<Vec<String>>,
    /// Its colour; empty: none.
    pub accent: Option<String>,
    /// Its language; empty: none.
    pub locale: Option<String>,
    /// Its time zone; empty: that of the server.
    pub time_zone: Option<String>,
}

impl Alteration {
    fn applied_to(&self, tenancy: &mut Tenancy) {
        let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        if let Some(name) = &self.name {
            tenancy.name.clone_from(name);
        }
        if let Some(hosts) = &self.hosts {
            tenancy.hosts.clone_from(hosts);
        }
        if let Some(accent) = &self.accent {
            tenancy.branding = Branding { accent: some(accent) };
        }
        if let Some(locale) = &self.locale {
            tenancy.locale = some(locale);
        }
        if let Some(zone) = &self.time_zone {
            tenancy.time_zone = some(zone);
        }
    }
}

impl Tenants {
    /// Makes a tenant with the next number. It is there on every node when this returns.
    ///
    /// Fails with [`TenantError::Invalid`] for what is not written as it must be, [`TenantError::Taken`] for names of others, [`TenantError::Full`] when
    /// there are [`MOST_TENANTS`], and when the directory does.
    pub async fn add(&self, new: New) -> Result<Tenancy, TenantError> {
        let now = self.clock.now();
        let blank = Tenancy { slug: new.slug, name: new.name, created: now, updated: now, ..Tenancy::first() };
        if blank.slug == Tenancy::first().slug {
            return Err(TenantError::Taken("slug".to_owned()));
        }
        for _ in 0..TRIES {
            let register = self.register().await?;
            let number = register.as_ref().map_or(FIRST.0 + 1, |kept| kept.record.next);
            if number > MOST_TENANTS {
                return Err(TenantError::Full);
            }
            let mut made = Tenancy { number, ..blank.clone() };
            new.with.applied_to(&mut made);
            let made = made.spelled()?;
            let changes = noted(self.told("tenant is added", &made).create(&made.id(), &made), register, number + 1);
            match self.directory.apply(changes).await {
                Err(DirectoryError::Raced) => {}
                done => return Ok(done.map(|()| made)?),
            }
        }
        Err(DirectoryError::Raced.into())
    }

    /// Changes what is known of a tenant, and gives it back.
    ///
    /// Fails as [`Tenants::add`] does, and with [`TenantError::Unknown`].
    pub async fn set(&self, slug: &str, alteration: &Alteration) -> Result<Tenancy, TenantError> {
        self.change(slug, "tenant is changed", |tenancy| {
            alteration.applied_to(tenancy);
            Ok(())
        })
        .await
    }

    /// Lets nobody in to a tenant that is active, at once on every node.
    ///
    /// Fails with [`TenantError::Unknown`], with [`TenantError::Standing`] for the first and for one that is not active, and when the directory does.
    pub async fn suspend(&self, slug: &str) -> Result<Tenancy, TenantError> {
        self.stand(slug, Standing::Suspended, &[Standing::Active], "only a tenant that is active can be suspended").await
    }

    /// Lets people in again to a tenant that is suspended, or was to end.
    ///
    /// Fails as [`Tenants::suspend`] does.
    pub async fn reactivate(&self, slug: &str) -> Result<Tenancy, TenantError> {
        let from = [Standing::Suspended, Standing::Ending];
        self.stand(slug, Standing::Active, &from, "only a tenant that is suspended or ending can be active again").await
    }

    /// Lets nobody in to a tenant any more: the first step of deleting it.
    ///
    /// Fails as [`Tenants::suspend`] does.
    pub async fn end(&self, slug: &str) -> Result<Tenancy, TenantError> {
        let from = [Standing::Active, Standing::Suspended];
        self.stand(slug, Standing::Ending, &from, "only a tenant that is active or suspended can be deleted").await
    }

    /// Notes that nothing of an ending tenant is left. Its hosts are free, its slug and number are not.
    ///
    /// Fails as [`Tenants::suspend`] does.
    pub async fn forget(&self, slug: &str) -> Result<Tenancy, TenantError> {
        let left = |tenancy: &mut Tenancy| {
            tenancy.hosts.clear();
            (tenancy.branding, tenancy.locale, tenancy.time_zone) = (Branding::default(), None, None);
        };
        self.stand_with(slug, (Standing::Deleted, left), &[Standing::Ending], "only a tenant that is ending can be erased").await
    }

    async fn stand(&self, slug: &str, to: Standing, from: &[Standing], must: &'static str) -> Result<Tenancy, TenantError> {
        self.stand_with(slug, (to, |_: &mut Tenancy| {}), from, must).await
    }

    async fn stand_with(
        &self,
        slug: &str,
        (to, also): (Standing, impl Fn(&mut Tenancy)),
        from: &[Standing],
        must: &'static str,
    ) -> Result<Tenancy, TenantError> {
        self.change(slug, "tenant stands otherwise", |tenancy| {
            if tenancy.tenant() == FIRST {
                return Err(TenantError::Standing("the first tenant is always there: stop the server to keep everybody out"));
            }
            if !from.contains(&tenancy.standing) {
                return Err(TenantError::Standing(must));
            }
            tenancy.standing = to;
            also(tenancy);
            Ok(())
        })
        .await
    }

    async fn change(
        &self,
        slug: &str,
        reason: &'static str,
        change: impl Fn(&mut Tenancy) -> Result<(), TenantError>,
    ) -> Result<Tenancy, TenantError> {
        for _ in 0..TRIES {
            let register = self.register().await?;
            let kept = self.directory.find::<Tenancy>("slug", slug).await?.filter(|kept| kept.record.standing != Standing::Deleted);
            let known = kept.as_ref().map(|kept| kept.record.clone());
            let first = Tenancy::first();
            let mut changed = match known {
                Some(known) => known,
                None if slug == first.slug => Tenancy { created: self.clock.now(), ..first },
                None => return Err(TenantError::Unknown),
            };
            change(&mut changed)?;
            changed.updated = self.clock.now();
            let changed = changed.spelled()?;
            let changes = self.told(reason, &changed);
            let changes = match &kept {
                Some(kept) => changes.update(kept, &changed),
                None => changes.create(&changed.id(), &changed),
            };
            let next = register.as_ref().map_or(FIRST.0 + 1, |kept| kept.record.next);
            match self.directory.apply(noted(changes, register, next)).await {
                Err(DirectoryError::Raced) => {}
                done => return Ok(done.map(|()| changed)?),
            }
        }
        Err(DirectoryError::Raced.into())
    }

    /// Changes to a tenant, told in the first one: those who are in it may be kept out.
    fn told(&self, reason: &'static str, tenancy: &Tenancy) -> Changes {
        let deed = Deed::of_server(self.clock.now(), [FIRST], reason).about(tenancy.named());
        Changes::new(reason, Told::Errand(vec![deed])).of(tenancy.named())
    }

    async fn register(&self) -> Result<Option<Kept<Register>>, TenantError> {
        Ok(self.directory.get::<Register>(REGISTER).await?)
    }
}

/// Changes, with the register that tells of them.
fn noted(changes: Changes, register: Option<Kept<Register>>, next: u32) -> Changes {
    match register {
        Some(kept) => {
            let noted = Register { next, changes: kept.record.changes + 1 };
            changes.update(&kept, &noted)
        }
        None => changes.create(REGISTER, &Register { next, changes: 1 }),
    }
}
