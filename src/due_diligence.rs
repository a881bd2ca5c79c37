//! The flow for one supplier: screening, exposure, risk. A pure function of
//! the supplier, the snapshots, the model and the day, so that a stored result
//! can be made again and compared byte for byte.
