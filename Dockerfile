# Tousu 透诉 on Node. Debian slim, since better-sqlite3 has prebuilt binaries for glibc alone; docs/deploy.md.
FROM debian:trixie-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates nodejs npm && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/tousu
COPY package.json package-lock.json ./
# The Node that runs it is a development dependency of this project (`node`, 24); it is kept, the rest goes.
RUN npm ci && cp "$(realpath node_modules/.bin/node)" /usr/local/bin/tousu-node && npm prune --omit=dev
COPY src src
COPY db db
COPY public public

FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
  && useradd --system --uid 10001 --home-dir /srv/tousu tousu \
  && mkdir -p /data && chown tousu /data
WORKDIR /srv/tousu
COPY --from=build /usr/local/bin/tousu-node /usr/local/bin/node
COPY --from=build /srv/tousu ./
COPY package.json ./
USER tousu
ENV DATA_DIR=/data PORT=8787 NODE_ENV=production
VOLUME /data
EXPOSE 8787
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/node.ts"]
