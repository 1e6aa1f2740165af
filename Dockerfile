# Tousu 透诉 on Node; docs/deploy.md says how to run it. Debian slim: small, and with the glibc that most people test on.
FROM node:24-trixie-slim AS dependencies
WORKDIR /srv/tousu
COPY package.json package-lock.json ./
# No package that runs here needs its install script; better-sqlite3 brings its binaries.
RUN npm ci --omit=dev --ignore-scripts

FROM node:24-trixie-slim
WORKDIR /srv/tousu
COPY --from=dependencies /srv/tousu/node_modules node_modules
COPY package.json ./
COPY db db
COPY public public
COPY src src
# /files: for processes that share a volume of evidence files (docs/deploy/compose.yaml).
RUN install -d -o node -g node /data /files
USER node
ENV DATA_DIR=/data PORT=8787
VOLUME /data
EXPOSE 8787
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node itself, not npm: it passes no signal on, and a stop must end with the last step on disk.
CMD ["node", "src/hosts/node/main.ts"]
