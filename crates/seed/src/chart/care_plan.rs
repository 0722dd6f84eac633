//! Plans for those who need care for long: Goal, CareTeam, CarePlan.

use fhir::{Value, array, object};

use super::{Chart, Visit};
use crate::coding::{Coding, words};
use crate::draft::Reference;
use crate::house::Post;
use crate::measure::Measure;
use crate::moment::period;

/// What a plan aims at: a measure, and the value it should stay at or below.
pub(crate) type Target<'a> = (&'a Measure, i64);

impl Chart<'_> {
    /// A plan made at `visit` for a condition: its title, its goal in words, the value aimed at, and what is to be done.
    pub(crate) fn care_plan(
        &mut self,
        visit: &Visit,
        condition: &Reference,
        title: &str,
        goal: &str,
        target: Target,
        acts: &[&str],
    ) -> Reference {
        let goal = self.goal(visit, condition, goal, target);
        let team = self.care_team(visit, title);
        let activity: Vec<Value> =
            acts.iter().map(|&act| object! { "detail": object! { "status": "in-progress", "description": act } }).collect();
        let draft = self
            .draft("CarePlan")
            .with("status", "active")
            .with("intent", "plan")
            .with("title", title)
            .with("subject", &self.subject)
            .with("encounter", &visit.encounter)
            .with("period", period(visit.start, None))
            .with("created", visit.start.text())
            .with("author", &visit.doctor.practitioner)
            .with("careTeam", array![&team])
            .with("addresses", array![condition])
            .with("goal", array![&goal])
            .with_list("activity", activity);
        self.add(draft)
    }

    fn goal(&mut self, visit: &Visit, condition: &Reference, text: &str, (measure, value): Target) -> Reference {
        let target = object! {
            "measure": measure.code.concept(),
            "detailRange": object! { "high": measure.quantity(value) },
            "dueDate": visit.start.plus_days(365).date(),
        };
        let draft = self
            .draft("Goal")
            .with("lifecycleStatus", "active")
            .with("description", words(text))
            .with("subject", &self.subject)
            .with("startDate", visit.start.date())
            .with("target", array![target])
            .with("expressedBy", &visit.doctor.practitioner)
            .with("addresses", array![condition]);
        self.add(draft)
    }

    fn care_team(&mut self, visit: &Visit, title: &str) -> Reference {
        let nurse = self.staff(Post::Nurse);
        let member = |role: Coding, who: &Reference| object! { "role": array![role.concept()], "member": who };
        let draft = self
            .draft("CareTeam")
            .with("status", "active")
            .with("name", format!("Care team: {title}"))
            .with("subject", &self.subject)
            .with("encounter", &visit.encounter)
            .with("period", period(visit.start, None))
            .with(
                "participant",
                array![
                    member(Coding::snomed("309343006", "Physician"), &visit.doctor.practitioner),
                    member(Coding::snomed("224535009", "Registered nurse"), &nurse.practitioner),
                    member(Coding::snomed("116154003", "Patient"), &self.subject),
                ],
            )
            .with("managingOrganization", array![&self.house.organization]);
        self.add(draft)
    }
}
