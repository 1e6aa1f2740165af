DROP INDEX `outbox_next`;--> statement-breakpoint
ALTER TABLE `outbox` ADD `recipient` text;--> statement-breakpoint
UPDATE `outbox` SET `recipient` = CASE `party` WHEN 'merchant' THEN (SELECT 'merchant:' || `merchant` FROM `complaints` WHERE `complaints`.`id` = `outbox`.`complaint`) ELSE `party` END WHERE `next_at` IS NOT NULL AND `party` <> 'buyer';--> statement-breakpoint
CREATE INDEX `outbox_buyers` ON `outbox` (`next_at`) WHERE next_at is not null and party = 'buyer';--> statement-breakpoint
CREATE INDEX `outbox_others` ON `outbox` (`next_at`) WHERE next_at is not null and party <> 'buyer';--> statement-breakpoint
CREATE INDEX `outbox_recipient` ON `outbox` (`recipient`,`next_at`) WHERE next_at is not null and recipient is not null;