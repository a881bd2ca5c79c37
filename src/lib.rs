//! Plimsoll: supply-chain forced-labor due diligence.

pub mod clock;
pub mod country;
pub mod exposure;
pub mod identifier;
pub mod intake;
pub mod lists;
pub mod risk;
pub mod screening;
pub mod supplier;
