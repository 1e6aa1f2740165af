CREATE TABLE `figures` (
	`scope` text NOT NULL,
	`listed` integer NOT NULL,
	`day` integer NOT NULL,
	`category` text NOT NULL,
	`counts` text NOT NULL,
	PRIMARY KEY(`scope`, `listed`, `day`, `category`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `merchant_names` (
	`m` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `complaints` ADD `standing` text;--> statement-breakpoint
CREATE INDEX `complaints_uncounted` ON `complaints` (`first`) WHERE standing is null;