ALTER TABLE `complaints` ADD `side` integer;--> statement-breakpoint
CREATE INDEX `complaints_side` ON `complaints` (`side`) WHERE side is not null;