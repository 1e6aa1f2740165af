CREATE TABLE `figure_changes` (
	`n` integer PRIMARY KEY NOT NULL,
	`changes` text NOT NULL
);
