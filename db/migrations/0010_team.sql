CREATE TABLE `team_assignees` (
	`complaint` integer NOT NULL,
	`team` text NOT NULL,
	`person` text NOT NULL,
	PRIMARY KEY(`complaint`, `team`)
);
--> statement-breakpoint
CREATE INDEX `team_assignees_person` ON `team_assignees` (`team`,`person`);--> statement-breakpoint
CREATE TABLE `team_notes` (
	`id` integer PRIMARY KEY NOT NULL,
	`complaint` integer NOT NULL,
	`team` text NOT NULL,
	`author` text NOT NULL,
	`text` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `team_notes_of` ON `team_notes` (`complaint`,`team`);--> statement-breakpoint
CREATE TABLE `team_texts` (
	`id` integer PRIMARY KEY NOT NULL,
	`team` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`text` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `team_texts_of` ON `team_texts` (`team`,`kind`,`name`);