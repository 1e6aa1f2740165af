CREATE TABLE `erased_files` (
	`complaint` integer NOT NULL,
	`sha256` text NOT NULL,
	PRIMARY KEY(`complaint`, `sha256`)
);
--> statement-breakpoint
CREATE TABLE `retention_clock` (
	`id` integer PRIMARY KEY NOT NULL,
	`since` integer NOT NULL,
	`seen` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `complaints` ADD `erase_at` integer;--> statement-breakpoint
CREATE INDEX `complaints_erase` ON `complaints` (`erase_at`) WHERE erase_at is not null;--> statement-breakpoint
CREATE INDEX `alerts_complaint` ON `alerts` (`complaint`);