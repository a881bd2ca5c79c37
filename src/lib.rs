//! Plimsoll: supply-chain forced-labor due diligence.

pub mod audit;
pub mod clock;
pub mod config;
pub mod country;
pub mod exposure;
pub mod identifier;
pub mod intake;
pub mod lists;
pub mod risk;
pub mod screening;
pub mod supplier;
pub mod telemetry;
