//! Editions of one list in the order in which they were kept; 0: not in the
//! history of entries.

use sea_orm_migration::{prelude::*, schema::integer};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("list_snapshots")
                    .add_column(integer("number").default(0))
                    .to_owned(),
            )
            .await
    }
}
