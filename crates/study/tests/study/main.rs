//! What is drawn, on samples: steps, labs and lessons agree with what the certificates say.

mod audit;
mod credential;
mod hardening;
mod lab_stories;
mod labs;
mod lessons;
mod messages;
mod seeds;
mod seen;
mod steps;
mod support;
