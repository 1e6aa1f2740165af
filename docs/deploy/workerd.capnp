# workerd without Cloudflare: `node src/cli/build-edge.ts`, then `workerd serve docs/deploy/workerd.capnp` with the settings in the environment
# (docs/deploy.md). One process, one disk.
@0xc2e1d5f0a8b74936;
using Workerd = import "/workerd/workerd.capnp";
using Tousu = import "../../dist/worker/modules.capnp";

const config :Workerd.Config = (
  services = [
    (name = "tousu", worker = .tousu),
    (name = "data", disk = (path = "/var/lib/tousu-edge", writable = true)),
  ],
  # A proxy stands before it, as before Node; it serves the files of public/ as well (docs/deploy.md).
  sockets = [(name = "http", address = "127.0.0.1:8787", http = (), service = "tousu")],
);

const tousu :Workerd.Worker = (
  modules = Tousu.modules,
  # As in wrangler.toml.
  compatibilityDate = "2026-10-01",
  compatibilityFlags = ["global_fetch_strictly_public"],
  bindings = [
    (name = "TOUSU_MODE", text = "live"),
    (name = "SHARDS", text = "1"),
    (name = "BASE_URL", fromEnvironment = "BASE_URL"),
    (name = "TOUSU_ORIGIN", fromEnvironment = "TOUSU_ORIGIN"),
    (name = "TOUSU_SECRETS", fromEnvironment = "TOUSU_SECRETS"),
    (name = "TOUSU_PLATFORM_KEY", fromEnvironment = "TOUSU_PLATFORM_KEY"),
    (name = "TOUSU_OPERATOR_TOKEN", fromEnvironment = "TOUSU_OPERATOR_TOKEN"),
    # Any other of docs/settings.md likewise. FILES, an R2 bucket, is missing: a step with files is refused.
    (name = "SHARD", durableObjectNamespace = "Shard"),
    (name = "NOTES", durableObjectNamespace = "Notes"),
  ],
  durableObjectNamespaces = [
    (className = "Shard", uniqueKey = "tousu-shard", enableSql = true),
    (className = "Notes", uniqueKey = "tousu-notes", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "data"),
);
