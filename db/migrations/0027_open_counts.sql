CREATE TABLE `open_counts` (
	`holder` text PRIMARY KEY NOT NULL,
	`n` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO open_counts SELECT holder, count(*) FROM complaints WHERE due IS NOT NULL AND holder IS NOT NULL GROUP BY holder;
