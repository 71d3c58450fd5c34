//! Issuing in the very thread that asks for it: a page's own, a worker's that somebody else made, or one of Node.

use kubepki_core::Plan;
use kubepki_issuance::Pki;

use super::issue::issue;
use super::job::Job;
use super::pace::turn;
use super::progress::Progress;
use super::rsa::Rsa;

/// Issues a plan. `tell` hears how many keys and certificates are done, of how many, and the step: `keys` or
/// `signatures`.
///
/// # Errors
/// One sentence. Dropping the future gives up at once and wipes what was made.
pub async fn issue_here(plan: Plan, now: i64, tell: impl Fn(u32, u32, &'static str) + 'static) -> Result<Pki, String> {
    // Whoever gives up right away is heard before the work begins.
    turn().await;
    let progress = Progress::new(&plan, tell);
    issue(Job::new(plan, String::new(), now)?, &Rsa::of_browser(), &|_| None, &progress).await
}
