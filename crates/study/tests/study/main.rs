//! What is drawn, on samples: steps, labs and lessons agree with what the certificates say.

mod audit;
mod hardening;
mod labs;
mod lessons;
mod seeds;
mod steps;
mod support;
