//! MATCH: goods. What a supplier makes, where, against goods lists, priority
//! sectors and orders that name goods or regions.
