//! Attempts with a list that a person brings: nobody else has its files, so
//! nobody takes one over.

use sea_orm_migration::{prelude::*, schema::boolean};

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
                    .table("list_syncs")
                    .add_column(boolean("brought").default(false))
                    .to_owned(),
            )
            .await
    }
}
