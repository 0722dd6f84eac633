//! One search: what every engine answers, page by page, and what the oracle says.

use std::collections::BTreeSet;

use super::answer::Answer;
use super::{Report, World};
use crate::engines::Reply;
use crate::queries::Question;

/// How many pages are followed at most.
const PAGES: usize = 40;

impl World {
    /// Asks every engine, follows the pages when `all_pages`, and gives the first page; an empty one when something went wrong.
    pub(super) async fn compare(&self, question: &Question, all_pages: bool, report: &mut Report) -> Answer {
        match self.try_compare(question, all_pages, report).await {
            Ok(answer) => answer,
            Err(difference) => {
                report.differences.push(difference);
                Answer::default()
            }
        }
    }

    async fn try_compare(&self, question: &Question, all_pages: bool, report: &mut Report) -> Result<Answer, String> {
        let pairs = search::url::query_pairs(question.url().split_once('?').map_or("", |(_, query)| query));
        if pairs.as_ref() != Ok(&question.params) {
            return Err(format!("the address does not say what was asked: {}", question.url()));
        }
        let reply = self.same(question, report).await?;
        if reply.status != 200 {
            report.refused += 1;
            report.refusals.insert(diagnostics(&reply.body), question.url());
            return Ok(Answer::default());
        }
        let first = Answer::read(&reply.body);
        report.found += first.matches.len() as u64;
        self.judge(question, &first, report)?;
        if all_pages {
            self.follow(question, &first, report).await?;
        }
        Ok(first)
    }

    /// The answer that all engines give.
    async fn same(&self, question: &Question, report: &mut Report) -> Result<Reply, String> {
        report.queries += 1;
        let mut replies = self.engines.search(question).await;
        if replies.iter().any(|reply| *reply != replies[0]) {
            return Err(self.difference(question).await);
        }
        Ok(replies.swap_remove(0))
    }

    /// What the oracle says to an answer that has all that was found.
    fn judge(&self, question: &Question, answer: &Answer, report: &mut Report) -> Result<(), String> {
        if let Some((first, second)) = self.oracle.disorder(question, &answer.matches, &self.data) {
            return Err(format!("seed {}: {}\nthe oracle expects {second} before {first}", self.seed, question.url()));
        }
        let is_whole = answer.next.is_none() && question.params.iter().all(|(name, value)| name != "_count" || value != "0");
        let is_shown = question.params.iter().all(|(name, value)| name != "_summary" || value != "count");
        let Some(expected) = self.oracle.expected(question, &self.data).filter(|_| is_whole && is_shown) else { return Ok(()) };
        report.judged += 1;
        let found: BTreeSet<String> = answer.matches.iter().cloned().collect();
        if found == expected {
            return Ok(());
        }
        let missing: Vec<&String> = expected.difference(&found).collect();
        let surplus: Vec<&String> = found.difference(&expected).collect();
        let of = missing.first().or(surplus.first()).and_then(|name| name.split_once('/'));
        let resource = of.and_then(|(_, id)| self.data.get(question.kind, id));
        let values = resource.map(|resource| self.oracle.values(question, resource)).unwrap_or_default();
        Err(format!(
            "seed {}: {}\nthe oracle expects {missing:?} too, and does not expect {surplus:?}; the first of them has {values:?}",
            self.seed,
            question.url()
        ))
    }

    /// Follows `next` to the end and `prev` back: no resource comes twice, together they are as many as the total, and the way back is the way there.
    async fn follow(&self, question: &Question, first: &Answer, report: &mut Report) -> Result<(), String> {
        let mut pages = vec![first.clone()];
        while let Some(params) = pages.last().and_then(|page| page.next.clone()) {
            if pages.len() == PAGES {
                return Ok(());
            }
            pages.push(self.page(question, params, report).await?);
        }
        let all: Vec<&String> = pages.iter().flat_map(|page| &page.matches).collect();
        let different: BTreeSet<&String> = all.iter().copied().collect();
        // Of contained resources those around them are counted.
        let counts_others = question.params.iter().any(|(name, _)| name == "_contained");
        let is_counted = counts_others || all.is_empty() || first.total.is_none_or(|total| total == all.len() as u64);
        if different.len() != all.len() || !is_counted {
            let (pages, all, different, total) = (pages.len(), all.len(), different.len(), first.total);
            let url = question.url();
            return Err(format!(
                "seed {}: {url}: {pages} pages hold {all} resources, {different} different ones, total {total:?}",
                self.seed
            ));
        }
        let mut at = pages.len() - 1;
        while let Some(params) = pages[at].prev.clone().filter(|_| at > 0) {
            at -= 1;
            let page = self.page(question, params, report).await?;
            if page.matches != pages[at].matches {
                let (there, back) = (&pages[at].matches, &page.matches);
                let first = there.iter().zip(back).position(|(there, back)| there != back);
                let at_first = first.map(|place| (place, &there[place], &back[place]));
                let (url, there, back) = (question.url(), there.len(), back.len());
                return Err(format!(
                    "seed {}: {url}: page {at} has {there} resources on the way there and {back} on the way back; {at_first:?}",
                    self.seed
                ));
            }
        }
        Ok(())
    }

    async fn page(&self, question: &Question, params: Vec<(String, String)>, report: &mut Report) -> Result<Answer, String> {
        let reply = self.same(&Question { params, ..question.clone() }, report).await?;
        Ok(Answer::read(&reply.body))
    }

    /// What to tell of a search to which the engines answer differently: as few of its parameters as show it.
    async fn difference(&self, question: &Question) -> String {
        let mut least = question.clone();
        let mut at = 0;
        while at < least.params.len() {
            let mut fewer = least.clone();
            fewer.params.remove(at);
            let replies = self.engines.search(&fewer).await;
            if replies.iter().any(|reply| *reply != replies[0]) {
                least = fewer;
            } else {
                at += 1;
            }
        }
        let replies = self.engines.search(&least).await;
        let mut text = format!("seed {}: the engines answer differently to {}\nand still to {}\n", self.seed, question.url(), least.url());
        for ((name, _), reply) in self.engines.servers.iter().zip(&replies) {
            let answer = Answer::read(&reply.body);
            let beginning: String = String::from_utf8_lossy(&reply.body).chars().take(300).collect();
            text.push_str(&format!(
                "{name}: status {}, total {:?}, matches {:?}, included {:?}, {beginning}\n",
                reply.status, answer.total, answer.matches, answer.included
            ));
        }
        text
    }
}

/// What a refusal says.
fn diagnostics(body: &[u8]) -> String {
    let issues = fhir::json::parse(body).ok();
    let first = issues.as_ref().and_then(|outcome| outcome.list("issue").next());
    first.and_then(|issue| issue.text("diagnostics")).unwrap_or_default().to_owned()
}
