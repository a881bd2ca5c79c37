//! Deliveries that came to their end are forgotten after a while, with their
//! messages.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, column) in [
            ("webhook_deliveries_finished", "finished_at"),
            ("webhook_deliveries_message", "message_id"),
        ] {
            manager
                .create_index(
                    Index::create()
                        .name(name)
                        .table("webhook_deliveries")
                        .col(column)
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }
}
