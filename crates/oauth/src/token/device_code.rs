//! A device asks whether its user has decided (RFC 8628, section 3.4).

use identity::chronicle::Told;
use identity::directory::{Changes, DirectoryError, Kept};
use identity::seen::Basis;

use super::{invalid, told_of};
use crate::approval::{Approval, TWICE};
use crate::client::Client;
use crate::device::{Device, State};
use crate::params::Params;
use crate::provider::Provider;
use crate::refusal::{Fault, Refusal};
use crate::reply::Reply;
use crate::site::Site;

/// By how much the pause grows each time that a device asks too early.
const SLOWER_SECONDS: u32 = 5;

impl Provider {
    pub(super) async fn redeem_device(&self, site: &Site, client: &Kept<Client>, params: &Params) -> Result<Reply, Refusal> {
        let text = params.need("device_code")?;
        let kept = self.by_secret::<Device>(text).await?.ok_or_else(invalid)?;
        let device = &kept.record;
        if device.tenant != site.tenant.0 || device.client != *client.id {
            return Err(invalid());
        }
        if let State::Spent(given) = &device.state {
            self.end_approval(given, TWICE).await?;
            return Err(invalid());
        }
        if self.now() >= device.ends {
            return Err(Refusal::new(Fault::Expired, "The code has ended. Begin again."));
        }
        match &device.state {
            State::Waiting => self.wait(&kept).await,
            State::Refused => Err(Refusal::new(Fault::AccessDenied, "The user refused.")),
            State::Allowed(approval) => self.give_for_device(site, client, text, &kept, approval).await,
            State::Spent(_) => Err(invalid()),
        }
    }

    /// Notes that the device has asked.
    async fn wait(&self, kept: &Kept<Device>) -> Result<Reply, Refusal> {
        let now = self.now();
        let is_early = now < kept.record.asked + i64::from(kept.record.interval_seconds) * 1000;
        let interval_seconds = kept.record.interval_seconds + if is_early { SLOWER_SECONDS } else { 0 };
        let noted = Device { asked: now, interval_seconds: interval_seconds.min(600), ..kept.record.clone() };
        match self.directory.apply(Changes::new("device-asks", Told::Nothing("its user has not decided yet")).update(kept, &noted)).await {
            Ok(()) if !is_early => Err(Refusal::new(Fault::Pending, "The user has not decided yet. Ask again after the interval.")),
            Ok(()) | Err(DirectoryError::Raced) => Err(Refusal::new(Fault::SlowDown, "Wait five seconds longer between two questions.")),
            Err(error) => Err(error.into()),
        }
    }

    async fn give_for_device(
        &self,
        site: &Site,
        client: &Kept<Client>,
        text: &str,
        kept: &Kept<Device>,
        approval: &Approval,
    ) -> Result<Reply, Refusal> {
        let user = self.holder(&mut Basis::new(&self.directory), approval).await?.ok_or_else(invalid)?;
        let id = self.id("a-")?;
        let spent = Device { state: State::Spent(id.clone()), ends: approval.ends, ..kept.record.clone() };
        let changes = Changes::new("redeem-device", told_of(self.now(), client)).update(kept, &spent).create(&id, approval);
        let with_refresh = self.refreshes(&client.record, approval);
        let (made, changes) = self.make(&id, approval, &approval.scope, with_refresh, changes)?;
        let reply = self.answer(site, client, approval, &user, &approval.scope, &made, None).await?;
        match self.directory.apply(changes).await {
            Ok(()) => Ok(reply),
            Err(DirectoryError::Raced) => match self.by_secret::<Device>(text).await?.map(|device| device.record.state) {
                Some(State::Spent(given)) => {
                    self.end_approval(&given, TWICE).await?;
                    Err(invalid())
                }
                _ => Err(invalid()),
            },
            Err(error) => Err(error.into()),
        }
    }
}
