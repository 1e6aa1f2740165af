CREATE TABLE `time_stamps` (
	`origin` text NOT NULL,
	`size` integer NOT NULL,
	`at` integer NOT NULL,
	`note` text NOT NULL,
	`reply` blob NOT NULL,
	PRIMARY KEY(`origin`, `size`)
);
--> statement-breakpoint
CREATE TRIGGER time_stamps_no_update BEFORE UPDATE ON time_stamps BEGIN SELECT RAISE(ABORT, 'time_stamps are append-only'); END;
--> statement-breakpoint
CREATE TRIGGER time_stamps_no_delete BEFORE DELETE ON time_stamps BEGIN SELECT RAISE(ABORT, 'time_stamps are append-only'); END;
