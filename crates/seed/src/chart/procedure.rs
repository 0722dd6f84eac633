//! Procedures.

use fhir::{array, object};

use super::{Chart, Visit};
use crate::coding::Coding;
use crate::draft::Reference;
use crate::house::{Post, Staff};
use crate::moment::{Moment, period};

impl Chart<'_> {
    /// A small Procedure at a visit, done by the visit's own doctor within minutes.
    pub(crate) fn procedure(&mut self, visit: &Visit, code: Coding, reason: &Reference, at: Moment, minutes: i64) -> Reference {
        self.add_procedure(visit, code, reason, (at, at.plus_minutes(minutes)), visit.doctor, None)
    }

    /// An operation in the theatre, or a delivery, by somebody of this post.
    pub(crate) fn operation(&mut self, visit: &Visit, code: Coding, reason: &Reference, time: (Moment, Moment), post: Post) -> Reference {
        let places = &self.house.places;
        let place = if matches!(post, Post::Midwife | Post::Obstetrician) { &places.delivery_room } else { &places.theatre };
        let surgeon = self.staff(post);
        self.add_procedure(visit, code, reason, time, surgeon, Some(place))
    }

    fn add_procedure(
        &mut self,
        visit: &Visit,
        code: Coding,
        reason: &Reference,
        (start, end): (Moment, Moment),
        performer: &Staff,
        place: Option<&Reference>,
    ) -> Reference {
        let draft = self
            .draft("Procedure")
            .with("status", "completed")
            .with("code", code.concept())
            .with("subject", &self.subject)
            .with("encounter", &visit.encounter)
            .with("performedPeriod", period(start, Some(end)))
            .with("performer", array![object! { "actor": &performer.practitioner }])
            .with_some("location", place)
            .with("reasonReference", array![reason]);
        self.add(draft).shown_as(code.display)
    }
}
