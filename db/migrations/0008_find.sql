DROP INDEX `complaints_merchant_due`;--> statement-breakpoint
ALTER TABLE `complaints` ADD `phone` text;--> statement-breakpoint
CREATE INDEX `complaints_phone` ON `complaints` (`phone`);--> statement-breakpoint
CREATE INDEX `complaints_holder_due` ON `complaints` (folded ->> '$.holder',`due`,`id`) WHERE due is not null;--> statement-breakpoint
CREATE INDEX `complaints_merchant_holder_due` ON `complaints` (`merchant`,folded ->> 'holder',`due`,`id`) WHERE due is not null;--> statement-breakpoint
CREATE INDEX `complaints_updated` ON `complaints` (substr(chain, -6));--> statement-breakpoint
CREATE INDEX `complaints_merchant_updated` ON `complaints` (`merchant`,substr(chain, -6));