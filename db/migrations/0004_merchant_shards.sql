CREATE TABLE `merchant_shards` (
	`merchant` text PRIMARY KEY NOT NULL,
	`shard` integer NOT NULL
);
