CREATE TABLE `contact_codes` (
	`party` text PRIMARY KEY NOT NULL,
	`phone` text NOT NULL,
	`nonce` text NOT NULL,
	`expires_at` integer NOT NULL,
	`next_at` integer
);
